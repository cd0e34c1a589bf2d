"""Waits over a whole message table: the columnar twin of `socialcare.domain.intervals.waits`.

Only three kinds of rows matter: what a customer wrote, what answers, and what stops the clock.
Among those, a wait opens where a customer's row follows anything else,
and closes where anything else follows a customer's row.
Openings and closings alternate, so the number of openings so far names the wait that is closed.
"""

from functools import cached_property
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.rows import Flags, Ints, Rows
from socialcare.analytics.engine.threads import Threads
from socialcare.domain.policy import AgentBegan, Automated, MeasurementPolicy, Opens, ResponseType

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
        return Waits(
            conversation=self.conversation[kept],
            opened=self.opened[kept],
            closed=self.closed[kept],
            first=self.first[kept],
        )


def kinds(frame: pl.DataFrame, rows: Rows, policy: MeasurementPolicy) -> Kinds:
    """For each row of the frame: a customer's, a response, a stop of the clock, or neither."""
    found = np.zeros(len(rows), np.int8)
    found[rows.by_customer] = CUSTOMER
    counts = rows.outbound & _seen_as_answer(frame, rows.note, policy)
    found[counts & ~rows.automated] = RESPONSE
    if policy.automated is not Automated.IGNORE:
        found[counts & rows.automated] = RESPONSE if policy.automated is Automated.COUNT else STOP
    if "peer" in policy.responses:
        found[rows.peer & ~rows.outbound & ~rows.note & ~rows.automated] = RESPONSE
    misdated = rows.links.misdated
    found[misdated[rows.outbound[misdated]]] = NEITHER
    return found


def _seen_as_answer(frame: pl.DataFrame, note: Flags, policy: MeasurementPolicy) -> Flags:
    if policy.responses >= {"public", "private"} and "internal" not in policy.responses:
        return ~note
    seen = [each.value for each in policy.responses if each is not ResponseType.PEER]
    return np.asarray(frame["visibility"].cast(pl.String).is_in(seen).to_numpy())


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
        place = np.flatnonzero(kind)
        return cls(
            place=place,
            kind=kind[place],
            conversation=threads.conversation[place],
            second=threads.second[place],
        )

    @cached_property
    def asked(self) -> Ints:
        """The places of what customers wrote, ascending."""
        return np.asarray(self.place[self.kind == CUSTOMER])

    @cached_property
    def answered(self) -> Ints:
        """The places of responses, ascending."""
        return np.asarray(self.place[self.kind == RESPONSE])


def waits(threads: Threads, events: Events, began: Flags, policy: MeasurementPolicy) -> Waits:
    """Every wait of every conversation.

    Args:
        threads: The conversations.
        events: The messages that matter.
        began: Which conversations the customer began.
        policy: Which message opens a wait, and which conversations count.
    """
    found = _opened_by(_bursts(events), policy.opens)
    began = began[found.conversation]
    exclude = policy.agent_began is AgentBegan.EXCLUDE
    kept = began.copy() if exclude else np.ones(len(began), np.bool_)
    if policy.agent_began is not AgentBegan.FIRST:
        found.first[~began] = False
    if policy.automated is Automated.STOP:
        stops = np.zeros(len(threads.order) + 1, np.bool_)
        stops[events.place[events.kind == STOP]] = True
        kept &= ~stops[found.closed]
    return found if kept.all() else found.where(kept)


@attrs.frozen(kw_only=True, eq=False)
class _Bursts:
    """Runs of a customer's messages: where each begins, ends and is answered, and its members."""

    conversation: Ints
    begin: Ints
    end: Ints
    answer: Ints
    members: Ints
    burst: Ints


def _bursts(events: Events) -> _Bursts:
    place, conversation = events.place, events.conversation
    by_customer = events.kind == CUSTOMER
    follows = np.zeros(len(place), np.bool_)
    follows[1:] = by_customer[:-1] & (conversation[1:] == conversation[:-1])
    begins = by_customer & ~follows
    number = np.cumsum(begins) - 1
    answers = follows & ~by_customer
    begin = place[begins]
    answer = np.full(len(begin), -1, np.int64)
    answer[number[answers]] = place[answers]
    end = np.empty(len(begin), np.int64)
    members = place[by_customer]
    burst = number[by_customer]
    end[burst] = members
    return _Bursts(
        conversation=conversation[begins],
        begin=begin,
        end=end,
        answer=answer,
        members=members,
        burst=burst,
    )


def _opened_by(bursts: _Bursts, opens: Opens) -> Waits:
    conversation = bursts.conversation
    first = np.ones(len(conversation), np.bool_)
    first[1:] = conversation[1:] != conversation[:-1]
    if opens is Opens.EACH:
        at = bursts.burst
        leads = np.ones(len(at), np.bool_)
        leads[1:] = at[1:] != at[:-1]
        return Waits(
            conversation=conversation[at],
            opened=bursts.members,
            closed=bursts.answer[at],
            first=first[at] & leads,
        )
    opened = bursts.begin if opens is Opens.FIRST else bursts.end
    return Waits(conversation=conversation, opened=opened, closed=bursts.answer, first=first)


def began_by_customer(threads: Threads) -> Flags:
    """For each conversation whether its first message, notes aside, was inbound."""
    rows = threads.rows
    place = threads.first(np.flatnonzero(~rows.note[threads.order]))
    return np.where(place >= 0, ~rows.outbound[threads.order[place]], False)
