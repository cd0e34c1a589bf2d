"""The order of customers and time, found with one sort.

Rows are packed into 64 bits as ``customer << 32 | second << 1 | direction`` and sorted once.
The packed key has room for 31 bits of a customer, so two customers can share one;
such clashes are found by the full hash and set right.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Hashes, Ints
from socialcare.analytics.engine.links import among

NEAR = 3
"""How many rows before a reply its parent is looked for at once."""

SMALL = 200_000
"""Up to so many rows are sorted as one part."""
_PART_BITS = 4


Sorted: TypeAlias = tuple[Ints, Ints, npt.NDArray[np.int8]]


@attrs.frozen(eq=False)
class Told:
    """What sorting looks at, one entry a row of the frame."""

    names: Hashes
    second: Ints
    outbound: Flags
    key: Hashes
    parent: Hashes
    answers: Flags
    frame: pl.DataFrame

    def at(self, rows: Ints) -> "Told":
        """The same of some rows."""
        return Told(
            names=self.names[rows],
            second=self.second[rows],
            outbound=self.outbound[rows],
            key=self.key[rows],
            parent=self.parent[rows],
            answers=self.answers[rows],
            frame=self.frame,
        )


def ordered(told: Told, placed: Flags) -> Sorted:
    """Row numbers by (group, second, direction, id, channel), with `group` and `near`.

    Groups are dealt into parts by the first bits of their names, so that two threads can sort.
    """
    order, bounds = _dealt(told.names, placed)
    group, near = np.empty(len(order), np.int64), np.empty(len(order), np.int8)

    def sort(part: slice) -> int:
        order[part], group[part], near[part] = _sorted(told, order[part])
        return int(group[part][-1]) + 1 if part.stop > part.start else 0

    parts = [slice(start, end) for start, end in pairwise(bounds)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        groups = list(pool.map(sort, parts))
    for part, before in zip(parts, accumulate(groups, initial=0), strict=False):
        group[part] += before
    return order, group, near


def _dealt(names: Hashes, placed: Flags) -> tuple[Ints, list[int]]:
    """The rows that have a group, dealt into parts, and where these begin and end."""
    rows = None if placed.all() else np.flatnonzero(placed)
    part = (names >> np.uint64(64 - _PART_BITS)).astype(np.uint8)
    part = part if rows is None else part[rows]
    if len(part) <= SMALL:
        return np.arange(len(part)) if rows is None else rows, [0, len(part)]
    by_part = np.argsort(part, kind="stable")
    ends = np.cumsum(np.bincount(part, minlength=1 << _PART_BITS))
    return by_part if rows is None else rows[by_part], [0, *ends.tolist()]


def _sorted(told: Told, rows: Ints) -> Sorted:
    """Some rows in order, their groups counted from 0, and `near`."""
    if not len(rows):
        return rows, rows.copy(), np.zeros(0, np.int8)
    # Each part is taken out of the whole once, so that what follows stays in the cache.
    own = told.at(rows)
    packed = _packed(own.names, own.second - own.second.min(), own.outbound)
    order = np.argsort(packed)
    packed, names = packed[order], own.names[order]
    order, names, packed = _clashes_set_right(order, names, packed)
    new = np.zeros(len(order), np.bool_)
    np.not_equal(names[1:], names[:-1], out=new[1:])
    group = np.cumsum(new, dtype=np.int64)
    order = _ties_set_right(told.frame, rows, order, packed, group)
    return rows[order], group, _near(own, order, group)


def _near(told: Told, order: Ints, group: Ints) -> npt.NDArray[np.int8]:
    """For each row in `order`: how many rows before it its parent stands, 1 to 3, or 0."""
    near = np.zeros(len(order), np.int8)
    asks = told.answers[order]
    if not asks.any():
        return near
    key, parent = told.key[order], told.parent[order]
    for step in range(min(NEAR, len(near) - 1), 0, -1):
        hit = (parent[step:] == key[:-step]) & asks[step:]
        hit &= group[step:] == group[:-step]
        near[step:][hit] = step
    return near


def _packed(names: Hashes, since: Ints, outbound: Flags) -> Ints:
    if since.max() >= 2**31:
        raise OverflowError("a message table cannot span more than 68 years")
    return np.asarray(
        ((names >> np.uint64(33)).astype(np.int64) << 32) | (since << 1) | outbound, np.int64
    )


def _clashes_set_right(order: Ints, name: Hashes, packed: Ints) -> tuple[Ints, Hashes, Ints]:
    """The rows of customers that share their 31 bits, sorted by the full hash."""
    short = packed >> 32
    clash = (short[1:] == short[:-1]) & (name[1:] != name[:-1])
    if not clash.any():
        return order, name, packed
    at = np.flatnonzero(among(short.view(np.uint64), short[1:][clash].view(np.uint64)))
    mended = at[np.lexsort((packed[at], name[at], short[at]))]
    for column in (order, name, packed):
        column[at] = column[mended]
    return order, name, packed


def _ties_set_right(
    frame: pl.DataFrame, rows: Ints, order: Ints, packed: Ints, group: Ints
) -> Ints:
    """Rows of one group, second and direction, sorted by id and channel as text."""
    same = (packed[1:] == packed[:-1]) & (group[1:] == group[:-1])
    if not same.any():
        return order
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    at = np.flatnonzero(tied)
    names = frame.select(pl.col("message_id", "channel").cast(pl.String))[rows[order[at]]]
    names = names.with_columns(
        pl.Series("group", group[at]), pl.Series("packed", packed[at]), pl.Series("row", order[at])
    )
    order[at] = names.sort("group", "packed", "message_id", "channel")["row"].to_numpy()
    return order
