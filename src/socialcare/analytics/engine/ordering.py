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

from socialcare.analytics.engine.arrays import Hashes, Ints
from socialcare.analytics.engine.lookup import among, places_of
from socialcare.analytics.engine.told import Records, Told, second_of, traits_in
from socialcare.analytics.engine.traits import ANSWERS, OUTBOUND, PLACED, Traits, has

NEAR = 3
"""How many rows before a reply its parent is looked for at once."""

SMALL = 200_000
"""Up to so many rows are sorted as one part."""

_PARTS, _PART_SHIFT = 64, np.uint64(58)
"""By the first six bits: parts of three million rows are sorted in the nearer caches."""


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

    Groups are dealt into parts by the first bits of their names, so that two threads can sort, and
    what they sort stays in the cache.
    """
    dealt = _dealt(told)
    by_part = np.argsort(dealt, kind="stable")
    starts = np.searchsorted(dealt[by_part], np.arange(_PARTS + 1)).tolist()
    whole = Ordered.empty(starts[-1])

    def sort(part: slice) -> tuple[int, Ints, Ints]:
        if part.start == part.stop:
            return 0, whole.child, whole.parent
        found = _sorted(told, by_part[part])
        whole.put(part, found)
        parent = np.where(found.parent < 0, -1, found.parent + part.start)
        return int(found.group[-1]) + 1, found.child + part.start, parent

    parts = [slice(*bounds) for bounds in pairwise(starts)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        groups, children, parents = zip(*pool.map(sort, parts), strict=True)
    for part, before in zip(parts, accumulate(groups, initial=0), strict=False):
        whole.group[part] += before
    return attrs.evolve(whole, child=np.concatenate(children), parent=np.concatenate(parents))


def _dealt(told: Told) -> npt.NDArray[np.uint8]:
    """The part of each row: by the first bits of its group, or `_PARTS` if it has none."""
    part = np.zeros(len(told.records), np.uint8)
    if len(part) > SMALL:
        np.right_shift(told.records["name"], _PART_SHIFT, out=part, casting="unsafe")
    part[~has(told.traits, PLACED)] = _PARTS
    return part


def _sorted(told: Told, rows: Ints) -> Ordered:
    """Some rows in order, one at least, their groups and places counted from 0."""
    own = told.records.take(rows)
    order = _by_group(own["name"], second_of(own))
    own, rows = own.take(order), rows.take(order)
    _clashes_set_right(own, rows)
    names, when = own["name"], second_of(own)
    group = np.zeros(len(rows), np.int64)
    np.cumsum(names[1:] != names[:-1], out=group[1:])
    _ties_set_right(told.frame, own, rows, when, group)
    what = traits_in(own)
    near, child, parent = _answered(own, what, group)
    return Ordered(
        order=rows, group=group, when=when, what=what, near=near, child=child, parent=parent
    )


def _by_group(names: Hashes, second: Ints) -> Ints:
    """The places of rows by the first bits of their group's hash, and in a group by time."""
    if (second[1:] >= second[:-1]).all():
        return _by_name(names)
    by_time = np.argsort(second, kind="stable")
    return by_time[_by_name(names[by_time])]


def _room(n: int) -> np.uint64:
    """How many bits the place of one of so many rows needs."""
    return np.uint64(n.bit_length())


def _by_name(names: Hashes) -> Ints:
    """The places of names by their first bits, like ones in the order in which they came."""
    places = np.uint64((1 << int(_room(len(names)))) - 1)
    packed = names & ~places
    packed |= np.arange(len(names), dtype=np.uint64)
    packed.sort()
    packed &= places
    return packed.view(np.int64)


def _clashes_set_right(own: Records, rows: Ints) -> None:
    """Sorts by the full hash the rows of groups that share all but the last bits."""
    names = own["name"]
    short = names >> _room(len(names))
    clash = (short[1:] == short[:-1]) & (names[1:] != names[:-1])
    if not clash.any():
        return
    at = np.flatnonzero(among(short, short[1:][clash]))
    mended = at[np.lexsort((names[at], short[at]))]
    own[at], rows[at] = own[mended], rows[mended]


def _ties_set_right(frame: pl.DataFrame, own: Records, rows: Ints, when: Ints, group: Ints) -> None:
    """Sorts rows of one group and second by direction, id and channel as text."""
    same = (when[1:] == when[:-1]) & (group[1:] == group[:-1])
    if not same.any():
        return
    tied = np.zeros(len(rows), np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    at = np.flatnonzero(tied)
    names = frame[rows[at], ["message_id", "channel"]].with_columns(
        pl.all().cast(pl.String),
        pl.Series("group", group[at]),
        pl.Series("when", when[at]),
        pl.Series("outbound", has(traits_in(own[at]), OUTBOUND)),
        pl.Series("place", at),
    )
    by = ("group", "when", "outbound", "message_id", "channel")
    mended = names.sort(by)["place"].to_numpy()
    own[at], rows[at] = own[mended], rows[mended]


def _answered(own: Records, what: Traits, group: Ints) -> tuple[npt.NDArray[np.int8], Ints, Ints]:
    """`near`, `child` and `parent` of a part."""
    near = np.zeros(len(own), np.int8)
    asks = has(what, ANSWERS)
    if not asks.any():
        none = np.zeros(0, np.int64)
        return near, none, none
    key, parent = own["key"].copy(), own["parent"].copy()
    for step in range(min(NEAR, len(near) - 1), 0, -1):
        hit = (parent[step:] == key[:-step]) & asks[step:]
        hit &= group[step:] == group[:-step]
        np.putmask(near[step:], hit, step)
    child = np.flatnonzero(asks & (near == 0))
    return near, child, places_of(parent[child], key)
