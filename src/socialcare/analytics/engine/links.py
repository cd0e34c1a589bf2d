"""Replies and what they answer, found by one join of the few that are not told by order."""

import attrs
import numpy as np
import numpy.typing as npt

from socialcare.analytics.engine.arrays import Flags, Hashes, Ints


@attrs.frozen(kw_only=True, eq=False)
class Links:
    """Replies whose parent is not one of the three rows before, as row numbers of the frame.

    Attributes:
        child: The replying rows.
        parent: The rows that they answer, or -1 where the data have none.
    """

    child: Ints
    parent: Ints
    second: Ints

    @property
    def orphans(self) -> Ints:
        """Rows that answer a message that is not in the data."""
        return np.asarray(self.child[self.parent < 0])

    @property
    def to_self(self) -> Ints:
        """Rows that name themselves as the one that they answer."""
        return np.asarray(self.child[self.parent == self.child])

    @property
    def misdated(self) -> Ints:
        """Rows stamped before the one that they answer."""
        known = self.parent >= 0
        child, parent = self.child[known], self.parent[known]
        return np.asarray(child[self.second[child] < self.second[parent]])


def links_of(
    key: Hashes,
    parent: Hashes,
    answers: Flags,
    order: Ints,
    near: npt.NDArray[np.int8],
    second: Ints,
) -> Links:
    """The replies that `near` does not explain, joined over the whole table."""
    far = answers.copy()
    far[order[near > 0]] = False
    child = np.flatnonzero(far)
    return Links(child=child, parent=_find(parent[child], key), second=second)


def repeated_keys(key: Hashes) -> Ints:
    """The rows whose key another row has too."""
    ordered = np.sort(key)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(among(key, twice)) if len(twice) else np.zeros(0, np.int64)


def far_links(links: Links, order: Ints, group: Ints, n: int) -> tuple[Ints, Ints]:
    """Places of far replies and of what they answer, where both are in one group."""
    known = links.parent >= 0
    child, parent = links.child[known], links.parent[known]
    wanted = np.zeros(n, np.bool_)
    wanted[child] = wanted[parent] = True
    place = np.flatnonzero(wanted[order])
    row = order[place]
    by_row = np.argsort(row)
    row, place = row[by_row], place[by_row]
    child, parent = _place_of(child, row, place), _place_of(parent, row, place)
    placed = (child >= 0) & (parent >= 0)
    child, parent = child[placed], parent[placed]
    same = group[child] == group[parent]
    by_place = np.argsort(child[same])
    return child[same][by_place], parent[same][by_place]


def _place_of(wanted: Ints, row: Ints, place: Ints) -> Ints:
    """The place of each wanted row, or -1; rows ascend."""
    if not len(row):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(row, wanted), len(row) - 1)
    return np.where(row[at] == wanted, place[at], -1)


def among(values: Hashes, few: Hashes) -> Flags:
    """Which values are one of the few: a coarse sieve, then an exact look."""
    if not len(few):
        return np.zeros(len(values), np.bool_)
    low = np.uint64((1 << 22) - 1)
    sieve = np.zeros(1 << 22, np.bool_)
    sieve[few & low] = True
    found = sieve[values & low]
    at = np.flatnonzero(found)
    found[at] = np.isin(values[at], few)
    return np.asarray(found)


def _find(wanted: Hashes, keys: Hashes) -> Ints:
    """For each wanted key the number of the row that has it, or -1."""
    rows = np.flatnonzero(among(keys, wanted))
    if not len(rows):
        return np.full(len(wanted), -1, np.int64)
    rows = rows[np.argsort(keys[rows])]
    there = keys[rows]
    at = np.minimum(np.searchsorted(there, wanted), len(rows) - 1)
    return np.where(there[at] == wanted, rows[at], -1)
