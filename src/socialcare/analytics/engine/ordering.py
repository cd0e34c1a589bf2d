"""The order of customers and time, found with one sort.

Rows are packed into 64 bits as ``customer << 32 | second << 1 | direction`` and sorted once.
The packed key has room for 31 bits of a customer, so two customers can share one;
such clashes are found by the full hash and set right.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Hashes, Ints
from socialcare.analytics.engine.lookup import among, places_of
from socialcare.analytics.engine.traits import ANSWERS, OUTBOUND, PLACED, Traits, has

NEAR = 3
"""How many rows before a reply its parent is looked for at once."""

SMALL = 200_000
"""Up to so many rows are sorted as one part."""
_PARTS, _PART_SHIFT, _NOWHERE = 8, np.uint64(61), 255


@attrs.frozen(kw_only=True, eq=False)
class Told:
    """What sorting looks at, one entry a row of the frame."""

    names: Hashes
    second: Ints
    traits: Traits
    key: Hashes
    parent: Hashes
    frame: pl.DataFrame

    def at(self, rows: Ints) -> "Told":
        """The same of some rows."""
        return Told(
            names=self.names[rows],
            second=self.second[rows],
            traits=self.traits[rows],
            key=self.key[rows],
            parent=self.parent[rows],
            frame=self.frame,
        )


@attrs.frozen(kw_only=True, eq=False)
class Ordered:
    """Rows in order; for `order`, `group`, `what` and `near` see `Rows`.

    Attributes:
        child: Replies whose parent is not one of the three rows before, as places in `order`.
        parent: The places of what they answer, or -1 where it was not found.
    """

    order: Ints
    group: Ints
    what: Traits
    near: npt.NDArray[np.int8]
    child: Ints
    parent: Ints

    @classmethod
    def empty(cls, n: int) -> "Ordered":
        """Room for so many rows."""
        none = np.zeros(0, np.int64)
        order, group = np.empty(n, np.int64), np.empty(n, np.int64)
        what, near = np.empty(n, np.uint8), np.zeros(n, np.int8)
        return cls(order=order, group=group, what=what, near=near, child=none, parent=none)

    @property
    def far(self) -> tuple[Ints, Ints]:
        """The replies among `child` whose parent is in their own group, and these parents."""
        known = self.parent >= 0
        child, parent = self.child[known], self.parent[known]
        same = self.group[child] == self.group[parent]
        return child[same], parent[same]

    def put(self, part: slice, rows: "Ordered") -> None:
        """Writes a part of the rows into its place."""
        self.order[part] = rows.order
        self.group[part] = rows.group
        self.what[part] = rows.what
        self.near[part] = rows.near


def ordered(told: Told) -> Ordered:
    """Row numbers by (group, second, direction, id, channel), and what follows from it.

    Groups are dealt into parts by the first bits of their names, so that two threads can sort.
    """
    dealt = _dealt(told.names, has(told.traits, PLACED))
    sizes = [int(np.count_nonzero(dealt == part)) for part in range(_PARTS)]
    starts: list[int] = [*accumulate(sizes, initial=0)]
    whole = Ordered.empty(starts[-1])

    def sort(part: int) -> tuple[int, Ints, Ints]:
        if not sizes[part]:
            return 0, whole.child, whole.parent
        found, start = _sorted(told, np.flatnonzero(dealt == part)), starts[part]
        whole.put(slice(start, starts[part + 1]), found)
        parent = np.where(found.parent < 0, -1, found.parent + start)
        return int(found.group[-1]) + 1, found.child + start, parent

    with ThreadPoolExecutor(max_workers=2) as pool:
        groups, children, parents = zip(*pool.map(sort, range(_PARTS)), strict=True)
    for (start, end), before in zip(pairwise(starts), accumulate(groups, initial=0), strict=False):
        whole.group[start:end] += before
    return attrs.evolve(whole, child=np.concatenate(children), parent=np.concatenate(parents))


def _dealt(names: Hashes, placed: Flags) -> npt.NDArray[np.uint8]:
    """The part of each row: by the first bits of its group, or `_NOWHERE` if it has none."""
    few = len(names) <= SMALL
    part = np.zeros(len(names), np.uint8) if few else (names >> _PART_SHIFT).astype(np.uint8)
    part[~placed] = _NOWHERE
    return part


def _sorted(told: Told, rows: Ints) -> Ordered:
    """Some rows in order, one at least, their groups and places counted from 0."""
    # Each part is taken out of the whole once, so that what follows stays in the cache.
    own = told.at(rows)
    packed = _packed(own.names, own.second - own.second.min(), has(own.traits, OUTBOUND))
    order = np.argsort(packed)
    packed, names = packed[order], own.names[order]
    order, names, packed = _clashes_set_right(order, names, packed)
    new = np.zeros(len(order), np.bool_)
    np.not_equal(names[1:], names[:-1], out=new[1:])
    group = np.cumsum(new, dtype=np.int64)
    order = _ties_set_right(told.frame, rows, order, packed, group)
    near, child, parent = _answered(own, order, group)
    return Ordered(
        order=rows[order],
        group=group,
        what=own.traits[order],
        near=near,
        child=child,
        parent=parent,
    )


def _answered(own: Told, order: Ints, group: Ints) -> tuple[npt.NDArray[np.int8], Ints, Ints]:
    """`near`, `child` and `parent` of a part."""
    near = np.zeros(len(order), np.int8)
    asks = has(own.traits, ANSWERS)[order]
    if not asks.any():
        return near, order[:0], order[:0]
    key, parent = own.key[order], own.parent[order]
    for step in range(min(NEAR, len(near) - 1), 0, -1):
        hit = (parent[step:] == key[:-step]) & asks[step:]
        hit &= group[step:] == group[:-step]
        near[step:][hit] = step
    child = np.flatnonzero(asks & (near == 0))
    return near, child, places_of(parent[child], key)


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
    names = frame[rows[order[at]], ["message_id", "channel"]].with_columns(
        pl.all().cast(pl.String),
        pl.Series("group", group[at]),
        pl.Series("packed", packed[at]),
        pl.Series("row", order[at]),
    )
    order[at] = names.sort("group", "packed", "message_id", "channel")["row"].to_numpy()
    return order
