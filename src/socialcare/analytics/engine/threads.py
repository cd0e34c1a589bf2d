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

from socialcare.analytics.engine.rows import Flags, Ints, Rows
from socialcare.domain.threading import ThreadingPolicy


@attrs.frozen(kw_only=True, eq=False)
class Threads:
    """Rows in the order of conversations and time.

    Attributes:
        rows: The rows, as integers.
        order: Row numbers by (conversation, second, direction, id, channel).
        conversation: The conversation of each row in `order`, counted from 0 without gaps.
    """

    rows: Rows
    order: Ints
    conversation: Ints

    @classmethod
    def of(cls, rows: Rows, policy: ThreadingPolicy) -> "Threads":
        """The conversations of these rows under a policy."""
        session, spoken = _sessions(rows, policy)
        label = _joined(session, *_crossings(rows, session, spoken))
        label, moved = _with_notes(rows, label, spoken)
        order, label = _resorted(rows, label, moved | (label != session))
        new = label[1:] != label[:-1]
        conversation = np.zeros(len(label), np.int64)
        np.cumsum(new, out=conversation[1:])
        return cls(rows=rows, order=order, conversation=conversation)

    @cached_property
    def starts(self) -> Ints:
        """Where in `order` each conversation starts."""
        if not len(self.order):
            return self.order
        return np.concatenate(([0], np.flatnonzero(np.diff(self.conversation)) + 1))

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def of_row(self) -> Ints:
        """The conversation of each row of the frame, or -1."""
        placed = np.full(len(self.rows), -1, np.int64)
        placed[self.order] = self.conversation
        return placed

    def first(self, among: Flags) -> Ints:
        """For each conversation the first place in `order` that is flagged, or -1."""
        at = np.flatnonzero(among)
        found = np.full(len(self), -1, np.int64)
        found[self.conversation[at][::-1]] = at[::-1]
        return found

    def last(self, among: Flags) -> Ints:
        """For each conversation the last place in `order` that is flagged, or -1."""
        at = np.flatnonzero(among)
        found = np.full(len(self), -1, np.int64)
        found[self.conversation[at]] = at
        return found


def _sessions(rows: Rows, policy: ThreadingPolicy) -> tuple[Ints, Flags]:
    """The session of each row in `rows.order`, and which rows can start or join one.

    A note of a customer takes the session of the last message before it, else of the next.
    """
    spoken = rows.whole | ~rows.note[rows.order]
    at = np.flatnonzero(spoken)
    group, second = rows.group[at], rows.second[rows.order[at]]
    new = np.ones(len(at), np.bool_)
    late = (second[1:] - second[:-1] > int(policy.gap.total_seconds())) & ~rows.whole[at[1:]]
    new[1:] = (group[1:] != group[:-1]) | late
    if len(at) == len(rows.order):
        return np.cumsum(new) - 1, spoken
    return _notes_in(rows, at, np.cumsum(new) - 1), spoken


def _notes_in(rows: Rows, at: Ints, session: Ints) -> Ints:
    """Sessions for notes too; customers with nothing but notes get one of their own."""
    n = len(rows.order)
    before = np.full(n, -1, np.int64)
    before[at] = np.arange(len(at))
    np.maximum.accumulate(before, out=before)
    after = np.minimum(before + 1, max(len(at) - 1, 0))
    if not len(at):
        return rows.group + 0
    has_before = (before >= 0) & (rows.group[at[before]] == rows.group)
    has_after = rows.group[at[after]] == rows.group
    found = np.where(has_before, session[before], session[after])
    alone = ~(has_before | has_after)
    # Twice the number leaves room between sessions, so that labels still rise with the group.
    return _dense(rows.group, np.where(alone, -1, found))


def _dense(group: Ints, session: Ints) -> Ints:
    """Session numbers that rise with the group, whatever they were within it."""
    if not len(group):
        return group
    new = np.ones(len(group), np.bool_)
    new[1:] = (group[1:] != group[:-1]) | (session[1:] != session[:-1])
    return np.cumsum(new) - 1


def _crossings(rows: Rows, session: Ints, spoken: Flags) -> tuple[Ints, Ints]:
    """Pairs of sessions that a reply of the same customer joins."""
    place = np.full(len(rows), -1, np.int64)
    place[rows.order] = np.arange(len(rows.order))
    near = np.flatnonzero(rows.near)
    links = rows.links
    known = links.parent >= 0
    child = np.concatenate((near, place[links.child[known]]))
    parent = np.concatenate((near - rows.near[near], place[links.parent[known]]))
    if not len(child):
        return child, parent
    joins = (child >= 0) & (parent >= 0)
    joins &= rows.group[child] == rows.group[parent]
    joins &= spoken[child] & spoken[parent] & (session[child] != session[parent])
    return session[child[joins]], session[parent[joins]]


def _joined(session: Ints, one: Ints, other: Ints) -> Ints:
    """Each row's session, or the smallest session that a chain of pairs joins it to."""
    if not len(one):
        return session
    root = np.arange(int(session[-1]) + 1)
    while True:
        a, b = root[one], root[other]
        apart = a != b
        if not apart.any():
            return np.asarray(root[session])
        np.minimum.at(root, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while not np.array_equal(root, root[root]):
            root = root[root]


def _with_notes(rows: Rows, label: Ints, spoken: Flags) -> tuple[Ints, Flags]:
    """Labels with each note that answers a message moved to where that message is."""
    moved = np.zeros(len(label), np.bool_)
    loose = np.flatnonzero(~spoken & rows.replies[rows.order])
    if not len(loose):
        return label, moved
    parent = _parents(rows, loose)
    known = parent >= 0
    loose, parent = loose[known], parent[known]
    fits = (rows.group[loose] == rows.group[parent]) & spoken[parent]
    label = label.copy()
    label[loose[fits]] = label[parent[fits]]
    moved[loose[fits]] = True
    return label, moved


def _parents(rows: Rows, places: Ints) -> Ints:
    """For places in `rows.order`, the place of the message that each answers, or -1."""
    place = np.full(len(rows) + 1, -1, np.int64)
    place[rows.order] = np.arange(len(rows.order))
    parent = np.full(len(rows), -1, np.int64)
    parent[rows.links.child] = rows.links.parent
    far = place[parent[rows.order[places]]]
    near = rows.near[places]
    return np.where(near > 0, places - near, far)


def _resorted(rows: Rows, label: Ints, changed: Flags) -> tuple[Ints, Ints]:
    """Row numbers and labels by (label, time), sorting anew only the groups that changed."""
    if not changed.any():
        return rows.order, label
    stirred = np.zeros(int(rows.group[-1]) + 1, np.bool_)
    stirred[rows.group[changed]] = True
    at = np.flatnonzero(stirred[rows.group])
    mended = at[np.argsort(label[at], kind="stable")]
    order, label = rows.order.copy(), label.copy()
    order[at], label[at] = order[mended], label[mended]
    return order, label
