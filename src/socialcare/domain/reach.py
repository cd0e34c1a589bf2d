"""Reach: what is known of one customer around the new messages, and the links within it.

Everything that a new message can be linked to is here; of what is further away only the nearest
message is, and that is enough to say where notes belong.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from itertools import pairwise
from typing import TypeAlias

import attrs

from socialcare.domain.events import Key
from socialcare.domain.naming import given_name
from socialcare.domain.parts import Parts, Unit
from socialcare.domain.placed import Placed
from socialcare.domain.threading import ThreadingPolicy

Link: TypeAlias = tuple[Placed, Placed]
"""A reply, and the message that it answers."""
_SECOND = timedelta(seconds=1)


def unit(row: Placed, parts: Parts) -> Unit:
    """What a row is a part of to begin with: its conversation, or itself if it is new."""
    if row.conversation is not None:
        return parts.current(row.conversation)
    if row.given is not None:
        return parts.current(given_name(row.brand, row.given))
    return row.key


@attrs.frozen(kw_only=True)
class Home:
    """Where a note belongs.

    Attributes:
        note: The note.
        beside: The message that it is in one conversation with.
        answers: Whether that is so because it answers the message, and not by its time.
    """

    note: Placed
    beside: Placed
    answers: bool


def reaches(new: Sequence[Placed], known: Iterable[Placed], parts: Parts) -> list["Reach"]:
    """What is known of each customer who has new rows without a given conversation."""
    fresh = frozenset(row.key for row in new)
    own: defaultdict[tuple[str | None, str], list[Placed]] = defaultdict(list)
    for row in new:
        parts.of(unit(row, parts))
        if row.customer_id is not None and row.given is None:
            own[row.brand, row.customer_id].append(row)
    for row in known:
        if row.customer_id is None or row.given is not None or row.second is None:
            continue
        if (row.brand, row.customer_id) in own and row.key not in fresh:
            own[row.brand, row.customer_id].append(row)
    return [Reach(rows, fresh, parts) for rows in own.values()]


class Reach:
    """One customer's messages around the new ones.

    Args:
        rows: The messages, new and known.
        new: Which ones are new.
        parts: What is joined.
    """

    def __init__(self, rows: Iterable[Placed], new: AbstractSet[Key], parts: Parts) -> None:
        ordered = sorted(rows, key=lambda row: row.order)
        self._spoken = [row for row in ordered if not row.note]
        self._notes = [row for row in ordered if row.note]
        self._by_key = {row.key: row for row in self._spoken}
        self._new = new
        self._parts = parts
        self._units = {row.key: unit(row, parts) for row in ordered}
        for each in self._units.values():
            parts.of(each)

    def link(self, policy: ThreadingPolicy) -> list[Link]:
        """Joins what new messages link; returns the links that came too late.

        Where some conversations are to stay apart not every link can hold; then what a message
        answers comes first, what was said before it next, and what was said after it last.
        """
        known = {each for each in self._units.values() if isinstance(each, str)}
        if any(self._parts.is_held(each) for each in known):
            cuts = self._link_replies(policy)
            self._link_neighbours(policy)
            return cuts
        self._link_neighbours(policy)
        return self._link_replies(policy)

    def _link_neighbours(self, policy: ThreadingPolicy) -> None:
        longest = policy.gap // _SECOND
        rows = [(row, row.order[0], row.key in self._new) for row in self._spoken]
        after = []
        for (earlier, first, is_new), (later, second, is_newer) in pairwise(rows):
            if second - first > longest:
                continue
            if is_newer:
                self._join(earlier, later)
            elif is_new:
                after.append((earlier, later))
        for earlier, later in after:
            self._join(earlier, later)

    def _link_replies(self, policy: ThreadingPolicy) -> list[Link]:
        cuts = []
        for reply in self._spoken:
            parent = self._answered(reply)
            if parent is None or not {reply.key, parent.key} & self._new:
                continue
            if self._is_too_late(reply, parent, policy.reopen_within):
                cuts.append((reply, parent))
            else:
                self._join(parent, reply)
        return cuts

    def _is_too_late(self, reply: Placed, parent: Placed, within: timedelta) -> bool:
        """Whether what the parent is in was last settled longer before the reply than that."""
        one, other = (self._parts.of(self._units[row.key]) for row in (reply, parent))
        if one is other:
            return False
        second = reply.order[0]
        ends = (end for end in self._parts.settled(other) if end <= second)
        return timedelta(seconds=second - max(ends, default=second)) > within

    def take_notes_along(self) -> None:
        """Joins conversations that had nothing but notes to what was said about the first of them.

        As long as nothing at all was said, all of a customer's notes are one conversation.
        """
        if not self._notes:
            return
        if not self._spoken:
            for note in self._notes:
                self._join(self._notes[0], note)
            return
        told = {self._units[row.key] for row in self._spoken}
        only_notes = self._by_key.keys() <= self._new
        for note in self._notes:
            own = self._units[note.key]
            if own in told or not isinstance(own, str) or self._parts.is_held(own):
                continue
            if only_notes or note.key in self._new:
                told.add(own)
                self._join(self._home(note).beside, note)

    def homes(self) -> Iterator[Home]:
        """Where notes belong: the new ones, and known ones to which something new was said."""
        for note in self._notes if self._spoken else ():
            own, home = self._units[note.key], self._home(note)
            if isinstance(own, str) and (note.anchored or self._parts.is_held(own)):
                continue
            if note.key in self._new or home.beside.key in self._new:
                yield home

    def _home(self, note: Placed) -> Home:
        parent = self._answered(note)
        if parent is not None:
            return Home(note=note, beside=parent, answers=True)
        place = bisect_right(self._spoken, note.order, key=lambda row: row.order)
        return Home(note=note, beside=self._spoken[max(place - 1, 0)], answers=False)

    def _answered(self, row: Placed) -> Placed | None:
        if row.in_reply_to is None:
            return None
        return self._by_key.get((row.channel, row.in_reply_to))

    def _join(self, one: Placed, other: Placed) -> None:
        self._parts.join(self._units[one.key], self._units[other.key])
