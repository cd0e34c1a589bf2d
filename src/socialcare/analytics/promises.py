"""Promises: the clocks of a service level policy over an export.

They are those of the domain, one conversation after the other, so that a report, a desk and a test
of the policy say the same. That is some thousands of conversations a second, much slower than the
columns that the other metrics are made of.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.engine.outcomes import Outcomes
from socialcare.analytics.engine.promised import Clocked
from socialcare.analytics.engine.waits import RESPONSE
from socialcare.analytics.table import INSTANT
from socialcare.analytics.values import messages
from socialcare.domain.changes import Assignment, Status
from socialcare.domain.conversation import Conversation
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.sla import Facts, SlaClock, SlaPolicy, sla_clocks
from socialcare.domain.sla.rules import Promised
from socialcare.domain.threading import misdated

__all__ = ["clock_frame", "clocked"]

_SCHEMA: Mapping[str, pl.DataType] = {
    "conversation_id": pl.String(),
    "target": pl.Enum([each.value for each in Promised]),
    "team_id": pl.String(),
    "opened_at": INSTANT,
    "closed_at": INSTANT,
    "state": pl.String(),
    "promised_seconds": pl.Int64(),
    "elapsed_seconds": pl.Int64(),
    "due_at": INSTANT,
    "breached_at": INSTANT,
    "entry": pl.String(),
    "hours": pl.String(),
    "policy": pl.String(),
    "policy_version": pl.String(),
    "opening_message_id": pl.String(),
}


def clock_frame(clocks: Iterable[SlaClock]) -> pl.DataFrame:
    """Clocks, one row each, in the order of conversations.

    Returns:
        ``conversation_id`` String, ``target`` Enum, ``team_id`` String (of a time in a team),
        ``opened_at`` Datetime, ``closed_at`` Datetime (null while pending), ``state`` String,
        ``promised_seconds`` Int64, ``elapsed_seconds`` Int64 (of the hours, without pauses),
        ``due_at`` Datetime, ``breached_at`` Datetime, ``entry`` String, ``hours`` String,
        ``policy`` String, ``policy_version`` String, ``opening_message_id`` String.
    """
    rows = [
        (
            clock.conversation_id,
            clock.target.value,
            clock.team,
            clock.opened_at,
            clock.closed_at,
            clock.state.value,
            int(clock.promised.total_seconds()),
            int(clock.elapsed.total_seconds()),
            clock.due_at,
            clock.breached_at,
            clock.entry,
            clock.hours,
            clock.policy,
            clock.version,
            clock.opening_message_id,
        )
        for clock in clocks
    ]
    return pl.DataFrame(rows, schema=dict(_SCHEMA), orient="row")


def clocked(
    measured: Measurement, policy: SlaPolicy, known: Mapping[str, Facts] = MappingProxyType({})
) -> Clocked:
    """The clocks of every conversation of a measurement, and the messages that they go by.

    Args:
        measured: The conversations, and the instant of the look.
        policy: What was promised.
        known: By conversation, what was known of it from when on; else what its messages say.
    """
    look = _Look(measured, policy, known)
    found = [(number, clock) for number in look.numbers for clock in look.clocks(number)]
    return Clocked(
        clocks=tuple(clock for _, clock in found),
        conversation=_ints(number for number, _ in found),
        opening=_ints(look.opening(number, clock) for number, clock in found),
        credited=_ints(look.credited(number, clock) for number, clock in found),
    )


class _Look:
    """Looks at the conversations of a measurement, one after the other."""

    def __init__(
        self, measured: Measurement, policy: SlaPolicy, known: Mapping[str, Facts]
    ) -> None:
        self._known = known
        self._measured = measured
        self._policy = policy
        threads = measured.threads
        self._bounds = np.append(threads.starts, len(threads.order))
        said = messages(measured.frame)
        self._misdated = misdated(said)
        self._said = [said[row] for row in threads.order.tolist()]
        self._ids: list[str] = measured.conversation_ids["conversation_id"].to_list()
        self._answers = measured.kind[threads.order] == RESPONSE
        self._last_response = dict(zip(*_by_number(Outcomes(measured)), strict=True))
        self._statuses = _statuses(measured)
        self._assignments = _assignments(measured)

    @property
    def numbers(self) -> range:
        """The conversations, as the threads count them."""
        return range(len(self._ids))

    def clocks(self, number: int) -> tuple[SlaClock, ...]:
        """The clocks of a conversation."""
        own = self._messages(number)
        name = self._ids[number]
        conversation = Conversation(
            id=name,
            brand=own[0].brand,
            customer_id=next((each.customer_id for each in own if each.by_customer), None),
            messages=own,
            statuses=tuple(
                Status(conversation_id=name, at=at, status=status, by=by)
                for at, status, by in self._statuses[number]
            ),
            assignments=tuple(
                Assignment(conversation_id=name, at=at, agent_id=agent, team_id=team)
                for at, agent, team in self._assignments[number]
            ),
        )
        return sla_clocks(
            conversation,
            self._policy,
            now=self._measured.as_of,
            facts=self._known.get(name),
            misdated=self._misdated,
        )

    def opening(self, number: int, clock: SlaClock) -> int:
        """The place of the message that began a clock, or else of the customer's first; or -1."""
        wanted = (clock.opening_message_id, epoch_second(clock.opened_at))
        for place, each in zip(self._places(number), self._messages(number), strict=True):
            if (each.id, each.second) == wanted:
                return place
        return int(self._measured.opening[number])

    def credited(self, number: int, clock: SlaClock) -> int:
        """The place of the response that ended a clock, or else of the last one; or -1."""
        if clock.target not in (Promised.FIRST_RESPONSE, Promised.NEXT_RESPONSE):
            return self._last_response.get(number, -1)
        if clock.closed_at is None:
            return -1
        end = epoch_second(clock.closed_at)
        ended = (
            place
            for place in self._places(number)
            if self._answers[place] and self._measured.threads.second[place] == end
        )
        return next(ended, -1)

    def _places(self, number: int) -> range:
        return range(int(self._bounds[number]), int(self._bounds[number + 1]))

    def _messages(self, number: int) -> tuple[Message, ...]:
        places = self._places(number)
        return tuple(self._said[places.start : places.stop])


def _by_number(look: Outcomes) -> tuple[list[int], list[int]]:
    return look.number.tolist(), look.last_response.tolist()


def _ints(values: Iterator[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _statuses(
    measured: Measurement,
) -> Mapping[int, list[tuple[datetime, str, str | None]]]:
    """The rows of the status table of each conversation, by its number."""
    found: defaultdict[int, list[tuple[datetime, str, str | None]]] = defaultdict(list)
    if measured.status is not None:
        rows = measured.placed(measured.status).select("conversation", "at", "status", "by")
        for number, at, status, by in rows.drop_nulls(["conversation", "at", "status"]).rows():
            found[number].append((at, status, by))
    return found


def _assignments(
    measured: Measurement,
) -> Mapping[int, list[tuple[datetime, str | None, str | None]]]:
    """The rows of the assignment table of each conversation, by its number."""
    found: defaultdict[int, list[tuple[datetime, str | None, str | None]]] = defaultdict(list)
    if measured.assignment is not None:
        rows = measured.placed(measured.assignment)
        wanted = rows.select("conversation", "at", "agent_id", "team_id")
        for number, at, agent, team in wanted.drop_nulls(["conversation", "at"]).rows():
            found[number].append((at, agent, team))
    return found
