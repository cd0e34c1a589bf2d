"""Replies and what they answer, found by one join of the few that are not told by order."""

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Hashes, Ints
from socialcare.analytics.engine.lookup import among, places_of
from socialcare.analytics.engine.ordering import Ordered
from socialcare.analytics.engine.told import Told
from socialcare.analytics.engine.traits import ANSWERS, PLACED


@attrs.frozen(kw_only=True, eq=False)
class Links:
    """Replies whose parent is not one of the three rows before, as row numbers of the frame.

    Attributes:
        child: The replying rows, ascending.
        parent: The rows that they answer, or -1 where the data have none.
        second: The second of every row of the frame.
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


def links_of(told: Told, found: Ordered) -> Links:
    """The replies that the rows before do not explain, joined over the whole table.

    Args:
        told: What the rows say.
        found: Their order, and the replies that each part of it could explain.
    """
    unplaced = np.flatnonzero((told.traits & (ANSWERS | PLACED)) == ANSWERS)
    child = np.concatenate((found.order[found.child], unplaced))
    parent = np.full(len(child), -1, np.int64)
    known = np.flatnonzero(found.parent >= 0)
    parent[known] = found.order[found.parent[known]]
    unknown = np.flatnonzero(parent < 0)
    parent[unknown] = places_of(told.parent[child[unknown]], told.key)
    by_child = np.argsort(child)
    return Links(child=child[by_child], parent=parent[by_child], second=told.second)


def repeated_keys(key: Hashes) -> Ints:
    """The rows whose key another row has too."""
    # Most tables have none, and a set shows that in half the time of a sort.
    if pl.Series(key).n_unique() == len(key):
        return np.zeros(0, np.int64)
    ordered = np.sort(key)
    return np.flatnonzero(among(key, ordered[1:][ordered[1:] == ordered[:-1]]))
