"""Conversations over a whole message table: the columnar twin of `socialcare.domain.threading`.

Sessions first, graph last.
A customer's rows lie together in order of time, so a cut wherever the gap is exceeded gives
sessions; only replies that cross from one session to another need a graph, and they are few.
The parts of that graph are found by hooking each session to the smallest that it is linked to
and doubling the pointers, and only the customers concerned are sorted anew.
"""

from functools import cached_property

import attrs
import numpy as np

from socialcare.analytics.engine.arrays import Flags, Ints
from socialcare.analytics.engine.ordering import NEAR
from socialcare.analytics.engine.rows import Rows
from socialcare.analytics.engine.traits import GIVEN, NOTE, Traits, has
from socialcare.domain.threading import ThreadingPolicy


@attrs.frozen(kw_only=True, eq=False)
class Threads:
    """Rows in the order of conversations and time.

    Attributes:
        rows: The rows, as integers.
        order: Row numbers by (conversation, second, direction, id, channel).
        conversation: The conversation of each row in `order`, counted from 0 without gaps.
        second: The second of each row in `order`.
        traits: The traits of each row in `order`.
    """

    rows: Rows
    order: Ints
    conversation: Ints
    second: Ints
    traits: Traits

    @classmethod
    def of(cls, rows: Rows, policy: ThreadingPolicy) -> "Threads":
        """The conversations of these rows under a policy."""
        session, spoken = _sessions(rows, policy)
        label = _joined(session, *_crossings(rows, session, spoken))
        label = _with_notes(rows, label, spoken)
        order, label, second, traits = _resorted(rows, label, session)
        new = label[1:] != label[:-1]
        conversation = np.zeros(len(label), np.int64)
        np.cumsum(new, out=conversation[1:])
        return cls(rows=rows, order=order, conversation=conversation, second=second, traits=traits)

    @cached_property
    def starts(self) -> Ints:
        """Where in `order` each conversation starts."""
        if not len(self.order):
            return self.order
        changes = np.flatnonzero(self.conversation[1:] != self.conversation[:-1])
        return np.concatenate(([0], changes + 1))

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def of_row(self) -> Ints:
        """The conversation of each row of the frame, or -1."""
        placed = np.full(len(self.rows), -1, np.int64)
        placed[self.order] = self.conversation
        return placed

    def having(self, traits: int) -> Ints:
        """The places in `order` of the rows that have one of these traits, ascending."""
        return np.flatnonzero(has(self.traits, traits))

    def lacking(self, traits: int) -> Ints:
        """The places in `order` of the rows that have none of these traits, ascending."""
        return np.flatnonzero(~has(self.traits, traits))

    def first(self, places: Ints) -> Ints:
        """For each conversation the first of some places in `order`, or -1; they ascend."""
        found = np.full(len(self), -1, np.int64)
        found[self.conversation[places][::-1]] = places[::-1]
        return found

    def last(self, places: Ints) -> Ints:
        """For each conversation the last of some places in `order`, or -1; they ascend."""
        found = np.full(len(self), -1, np.int64)
        found[self.conversation[places]] = places
        return found


def _sessions(rows: Rows, policy: ThreadingPolicy) -> tuple[Ints, Flags]:
    """The session of each row in `rows.order`, and which rows can start or join one.

    A note of a customer takes the session of the last message before it, else of the next.
    """
    given = has(rows.what, GIVEN)
    spoken = given | ~has(rows.what, NOTE)
    since = _last_spoken(rows, spoken)
    late = rows.when[1:] - since[:-1] > int(policy.gap.total_seconds())
    late &= spoken[1:] & ~given[1:]
    # What a group begins with opens its first session, be it a note.
    opens = np.zeros(len(spoken), np.int64)
    opens[1:] = late | (rows.group[1:] != rows.group[:-1])
    return np.cumsum(opens), spoken


def _last_spoken(rows: Rows, spoken: Flags) -> Ints:
    """For each row the second of the last message of its group up to it, notes aside.

    Where there was none it is the latest of all seconds, after which nothing is late.
    """
    if spoken.all():
        return rows.when
    since, notes = rows.when.copy(), np.flatnonzero(~spoken)
    last = np.maximum.accumulate(np.where(spoken, np.arange(len(spoken)), 0))[notes]
    there = spoken[last] & (rows.group[last] == rows.group[notes])
    since[notes] = np.where(there, rows.when[last], rows.when.max())
    return since


def _crossings(rows: Rows, session: Ints, spoken: Flags) -> tuple[Ints, Ints]:
    """Pairs of sessions that a reply of the same customer joins."""
    near_child, near_parent = _near_crossings(rows, session)
    child = np.concatenate((near_child, rows.far[0]))
    parent = np.concatenate((near_parent, rows.far[1]))
    joins = spoken[child] & spoken[parent]
    return session[child[joins]], session[parent[joins]]


def _near_crossings(rows: Rows, session: Ints) -> tuple[Ints, Ints]:
    """Places of replies to one of the three rows before them, across the start of a session."""
    starts = np.flatnonzero(session[1:] != session[:-1]) + 1
    children = [starts[:0]]
    for into in range(NEAR):
        child = starts[starts < len(session) - into] + into
        children.append(child[rows.near[child] > into])
    child = np.concatenate(children)
    return child, child - rows.near[child]


def _joined(session: Ints, one: Ints, other: Ints) -> Ints:
    """Each row's session, or the smallest session that a chain of pairs joins it to."""
    if not len(one):
        return session
    root = np.arange(int(session[-1]) + 1)
    while True:
        a, b = root[one], root[other]
        apart = a != b
        if not apart.any():
            return root[session]
        np.minimum.at(root, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while not np.array_equal(root, root[root]):
            root = root[root]


def _with_notes(rows: Rows, label: Ints, spoken: Flags) -> Ints:
    """Labels with each note that answers a message moved to where that message is."""
    loose = np.flatnonzero(~spoken)
    parent = _parents(rows, loose)
    known = np.flatnonzero(parent >= 0)
    loose, parent = loose[known], parent[known]
    fits = np.flatnonzero(spoken[parent])
    if not len(fits):
        return label
    label = label.copy()
    label[loose[fits]] = label[parent[fits]]
    return label


def _parents(rows: Rows, places: Ints) -> Ints:
    """For places in `rows.order`, the place of what each answers in its group, or -1."""
    near = rows.near[places]
    child, parent = rows.far
    if not len(child):
        return np.where(near > 0, places - near, -1)
    at = np.minimum(np.searchsorted(child, places), len(child) - 1)
    far = np.where(child[at] == places, parent[at], -1)
    return np.where(near > 0, places - near, far)


def _resorted(rows: Rows, label: Ints, session: Ints) -> tuple[Ints, Ints, Ints, Traits]:
    """Row numbers, labels, seconds, traits by (label, time); only changed groups are sorted."""
    changed = label != session
    if not changed.any():
        return rows.order, label, rows.when, rows.what
    group = rows.group - rows.group[0]
    stirred = np.zeros(int(group[-1]) + 1, np.bool_)
    stirred[group[changed]] = True
    at = np.flatnonzero(stirred[group])
    mended = at[np.argsort(label[at], kind="stable")]
    columns = (rows.order.copy(), label.copy(), rows.when.copy(), rows.what.copy())
    for column in columns:
        column[at] = column[mended]
    return columns
