"""Waits over a whole message table: the columnar twin of `socialcare.domain.intervals.waits`.

Only three kinds of rows matter: what a customer wrote, what answers, and what stops the clock.
Among those, a wait opens where a customer's row follows anything else,
and closes where anything else follows a customer's row.
A closing belongs to the opening just before it, and an opening that another follows stays open.
"""

from functools import cached_property
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from socialcare.analytics.engine.arrays import Flags, Ints
from socialcare.analytics.engine.rows import Rows
from socialcare.analytics.engine.threads import Threads
from socialcare.analytics.engine.traits import (
    AUTOMATED,
    EVERY,
    NOTE,
    OUTBOUND,
    PEER,
    PRIVATE,
    has,
)
from socialcare.domain.policy import AgentBegan, Automated, MeasurementPolicy, Opens

Kinds: TypeAlias = npt.NDArray[np.int8]

NEITHER, CUSTOMER, RESPONSE, STOP = 0, 1, 2, 3


@attrs.frozen(kw_only=True, eq=False)
class Waits:
    """One entry a wait, in the order of conversations and time.

    Attributes:
        conversation: The conversation.
        opened: The opening message, as a place in `Threads.order`.
        closed: The response, as a place in `Threads.order`, or -1 while pending.
        first: Whether it is a `first` wait.
    """

    conversation: Ints
    opened: Ints
    closed: Ints
    first: Flags

    @property
    def pending(self) -> Flags:
        """Waits without a response."""
        return self.closed < 0

    def where(self, kept: Flags) -> "Waits":
        """Only some of the waits."""
        at = np.flatnonzero(kept)
        return Waits(
            conversation=self.conversation[at],
            opened=self.opened[at],
            closed=self.closed[at],
            first=self.first[at],
        )


def kinds(rows: Rows, policy: MeasurementPolicy) -> Kinds:
    """For each row of the frame: a customer's, a response, a stop of the clock, or neither."""
    found = np.take(_kind_by_traits(policy), rows.traits)
    misdated = rows.links.misdated
    found[misdated[has(rows.traits[misdated], OUTBOUND)]] = NEITHER
    return found


def _kind_by_traits(policy: MeasurementPolicy) -> Kinds:
    """What a message of each of the 256 kinds does to a wait."""
    found = np.zeros(len(EVERY), np.int8)
    found[~has(EVERY, OUTBOUND | AUTOMATED | NOTE | PEER)] = CUSTOMER
    automated = has(EVERY, AUTOMATED)
    counts = has(EVERY, OUTBOUND) & _seen_as_answer(policy)
    found[counts & ~automated] = RESPONSE
    if policy.automated is not Automated.IGNORE:
        found[counts & automated] = RESPONSE if policy.automated is Automated.COUNT else STOP
    if "peer" in policy.responses:
        found[has(EVERY, PEER) & ~has(EVERY, OUTBOUND | NOTE | AUTOMATED)] = RESPONSE
    return found


def _seen_as_answer(policy: MeasurementPolicy) -> Flags:
    """Which of the 256 kinds of messages are seen by those whose answers count."""
    note, private = has(EVERY, NOTE), has(EVERY, PRIVATE)
    return (
        (note & ("internal" in policy.responses))
        | (private & ("private" in policy.responses))
        | (~(note | private) & ("public" in policy.responses))
    )


@attrs.frozen(kw_only=True, eq=False)
class Events:
    """The messages that matter to waits, in the order of conversations and time.

    Attributes:
        place: Where in `Threads.order`.
        kind: What it does: `CUSTOMER`, `RESPONSE` or `STOP`.
        conversation: In which conversation.
        second: When.
    """

    place: Ints
    kind: Kinds
    conversation: Ints
    second: Ints

    @classmethod
    def of(cls, threads: Threads, kind: Kinds) -> "Events":
        """The events of these conversations, by what `kinds` says of each row of the frame."""
        kind = kind[threads.order]
        place = np.flatnonzero(kind != NEITHER)
        return cls(
            place=place,
            kind=kind[place],
            conversation=threads.conversation[place],
            second=threads.second[place],
        )

    @cached_property
    def asked(self) -> Ints:
        """The places of what customers wrote, ascending."""
        return np.asarray(self.place[np.flatnonzero(self.kind == CUSTOMER)])

    @cached_property
    def answered(self) -> Ints:
        """The places of responses, ascending."""
        return np.asarray(self.place[np.flatnonzero(self.kind == RESPONSE)])

    def without_stops(self) -> "Events":
        """The same without what only stops a clock."""
        kept = self.kind != STOP
        if kept.all():
            return self
        return Events(
            place=self.place[kept],
            kind=self.kind[kept],
            conversation=self.conversation[kept],
            second=self.second[kept],
        )


def waits(threads: Threads, bursts: "Bursts", began: Flags, policy: MeasurementPolicy) -> Waits:
    """Every wait of every conversation.

    Args:
        threads: The conversations.
        bursts: What customers wrote in a row.
        began: Which conversations the customer began.
        policy: Which message opens a wait, and which conversations count.
    """
    found = _opened_by(bursts, policy.opens)
    began = began[found.conversation]
    exclude = policy.agent_began is AgentBegan.EXCLUDE
    kept = began.copy() if exclude else np.ones(len(began), np.bool_)
    if policy.agent_began is not AgentBegan.FIRST:
        found.first[~began] = False
    if policy.automated is Automated.STOP:
        stops = np.zeros(len(threads.order) + 1, np.bool_)
        stops[bursts.events.place[bursts.events.kind == STOP]] = True
        kept &= ~stops[found.closed]
    return found if kept.all() else found.where(kept)


@attrs.frozen(kw_only=True, eq=False)
class Bursts:
    """Runs of a customer's messages that nothing interrupts.

    Attributes:
        events: The messages that matter.
        begins: Which events begin a burst.
        answers: The event that ended each burst, as its number, or -1.
    """

    events: Events
    begins: Ints
    answers: Ints

    @classmethod
    def of(cls, events: Events) -> "Bursts":
        """The bursts among these events."""
        by_customer, conversation = events.kind == CUSTOMER, events.conversation
        follows = np.zeros(len(by_customer), np.bool_)
        follows[1:] = by_customer[:-1] & (conversation[1:] == conversation[:-1])
        # Either begins a burst or ends one; an end belongs to the beginning just before it.
        turns = np.flatnonzero(by_customer ^ follows)
        begins = np.flatnonzero(by_customer[turns])
        ends = np.append(turns, -1)
        ends[begins] = -1
        return cls(events=events, begins=turns[begins], answers=ends[begins + 1])

    @cached_property
    def conversation(self) -> Ints:
        """The conversation of each burst."""
        return self.events.conversation[self.begins]

    @cached_property
    def opened_at(self) -> Ints:
        """The place of the first message of each burst."""
        return self.events.place[self.begins]

    @property
    def answered_at(self) -> Ints:
        """The place of what ended each burst, or -1."""
        return np.append(self.events.place, -1)[self.answers]

    @cached_property
    def members(self) -> tuple[Ints, Ints]:
        """The places of all customers' messages, and the burst of each."""
        asked = np.flatnonzero(self.events.kind == CUSTOMER)
        return self.events.place[asked], np.searchsorted(self.begins, asked, side="right") - 1


def _opened_by(bursts: Bursts, opens: Opens) -> Waits:
    conversation, closed = bursts.conversation, bursts.answered_at
    first = np.ones(len(conversation), np.bool_)
    first[1:] = conversation[1:] != conversation[:-1]
    if opens is Opens.FIRST:
        opened = bursts.opened_at
        return Waits(conversation=conversation, opened=opened, closed=closed, first=first)
    members, burst = bursts.members
    if opens is Opens.LAST:
        last = np.empty(len(conversation), np.int64)
        last[burst] = members
        return Waits(conversation=conversation, opened=last, closed=closed, first=first)
    leads = np.ones(len(burst), np.bool_)
    leads[1:] = burst[1:] != burst[:-1]
    return Waits(
        conversation=conversation[burst],
        opened=members,
        closed=closed[burst],
        first=first[burst] & leads,
    )


def began_by_customer(threads: Threads) -> Flags:
    """For each conversation whether its first message, notes aside, was inbound."""
    first = threads.traits[threads.starts]
    if has(first, NOTE).any():
        place = threads.first(threads.lacking(NOTE))
        return (place >= 0) & ~has(threads.traits[place], OUTBOUND)
    return ~has(first, OUTBOUND)
