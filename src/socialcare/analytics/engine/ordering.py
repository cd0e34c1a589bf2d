"""The order of customers and time, found with one sort.

Rows are taken in the order of time, which most exports are in already.
Each is packed into 64 bits, the first bits of its customer's hash and its place in time, and these
are sorted: integers by themselves are sorted several times faster than by an index.
Two customers can share their first bits, and two rows of one customer their second;
such clashes and ties are few, and set right afterwards.
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
    """Rows in order; for `order`, `group`, `when`, `what` and `near` see `Rows`.

    Attributes:
        child: Replies whose parent is not one of the three rows before, as places in `order`.
        parent: The places of what they answer, or -1 where it was not found.
    """

    order: Ints
    group: Ints
    when: Ints
    what: Traits
    near: npt.NDArray[np.int8]
    child: Ints
    parent: Ints

    @classmethod
    def empty(cls, n: int) -> "Ordered":
        """Room for so many rows."""
        order, group, when = (np.empty(n, np.int64) for _ in range(3))
        return cls(
            order=order,
            group=group,
            when=when,
            what=np.empty(n, np.uint8),
            near=np.empty(n, np.int8),
            child=order[:0],
            parent=order[:0],
        )

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
        self.when[part] = rows.when
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
    order, names = _by_group(own.names, own.second)
    when = own.second[order]
    new = np.zeros(len(order), np.bool_)
    np.not_equal(names[1:], names[:-1], out=new[1:])
    group = np.cumsum(new, dtype=np.int64)
    order = _ties_set_right(told.frame, own, rows, order, when, group)
    what = own.traits[order]
    near, child, parent = _answered(own, order, what, group)
    return Ordered(
        order=rows[order],
        group=group,
        when=when,
        what=what,
        near=near,
        child=child,
        parent=parent,
    )


def _by_group(names: Hashes, second: Ints) -> tuple[Ints, Hashes]:
    """The places of rows by the hash of their group, and in a group by time; and the hashes."""
    if (second[1:] >= second[:-1]).all():
        return _by_name(names)
    by_time = np.argsort(second, kind="stable")
    order, names = _by_name(names[by_time])
    return by_time[order], names


def _by_name(names: Hashes) -> tuple[Ints, Hashes]:
    """The places of names, equal ones together in the order in which they came; and the names."""
    room = np.uint64(len(names).bit_length())
    places = np.uint64((1 << int(room)) - 1)
    packed = names & ~places
    packed |= np.arange(len(names), dtype=np.uint64)
    packed.sort()
    packed &= places
    order = packed.view(np.int64)
    return _clashes_set_right(order, names[order], room)


def _clashes_set_right(order: Ints, names: Hashes, room: np.uint64) -> tuple[Ints, Hashes]:
    """The rows of groups that share all but the last bits, sorted by the full hash."""
    short = names >> room
    clash = (short[1:] == short[:-1]) & (names[1:] != names[:-1])
    if not clash.any():
        return order, names
    at = np.flatnonzero(among(short, short[1:][clash]))
    mended = at[np.lexsort((names[at], short[at]))]
    order[at], names[at] = order[mended], names[mended]
    return order, names


def _ties_set_right(
    frame: pl.DataFrame, own: Told, rows: Ints, order: Ints, when: Ints, group: Ints
) -> Ints:
    """Rows of one group and second, sorted by direction, id and channel as text."""
    same = (when[1:] == when[:-1]) & (group[1:] == group[:-1])
    if not same.any():
        return order
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    at = np.flatnonzero(tied)
    names = frame[rows[order[at]], ["message_id", "channel"]].with_columns(
        pl.all().cast(pl.String),
        pl.Series("group", group[at]),
        pl.Series("when", when[at]),
        pl.Series("outbound", has(own.traits[order[at]], OUTBOUND)),
        pl.Series("row", order[at]),
    )
    by = ("group", "when", "outbound", "message_id", "channel")
    order[at] = names.sort(by)["row"].to_numpy()
    return order


def _answered(
    own: Told, order: Ints, what: Traits, group: Ints
) -> tuple[npt.NDArray[np.int8], Ints, Ints]:
    """`near`, `child` and `parent` of a part."""
    near = np.zeros(len(order), np.int8)
    asks = has(what, ANSWERS)
    if not asks.any():
        return near, order[:0], order[:0]
    key, parent = own.key[order], own.parent[order]
    for step in range(min(NEAR, len(near) - 1), 0, -1):
        hit = (parent[step:] == key[:-step]) & asks[step:]
        hit &= group[step:] == group[:-step]
        np.putmask(near[step:], hit, step)
    child = np.flatnonzero(asks & (near == 0))
    return near, child, places_of(parent[child], key)
