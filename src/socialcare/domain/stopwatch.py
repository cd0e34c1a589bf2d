"""Stopwatches: the seconds between two moments of one conversation, without its pauses.

A pause is time that the conversation spent in a state that the policy names for a target.
It is taken off calendar and business seconds alike, each in its own kind of time.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Protocol, Self

import attrs

from socialcare.domain.changes import Status, known
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.policy import HoursApply, MeasurementPolicy, Target

_SECOND = timedelta(seconds=1)


class Hours(Protocol):
    """Business hours, as far as measuring needs them."""

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The time between the two that lay inside the hours."""

    def version_at(self, at: datetime) -> str:
        """The name of the version in force."""

    def at(self, at: datetime) -> Self:
        """The version in force, for all time."""


@attrs.frozen(kw_only=True)
class Stopwatch:
    """Measures spans of one conversation.

    Attributes:
        states: Which state the conversation was in, from which second and until which.
        as_of: The second of the calculation.
        policy: Which states pause what, and which hours apply.
        hours: The business hours, or None.
    """

    states: tuple[tuple[str, int, int], ...]
    as_of: int
    policy: MeasurementPolicy
    hours: Hours | None

    @classmethod
    def of(
        cls,
        conversation_id: str,
        *,
        statuses: Iterable[Status],
        as_of: datetime,
        policy: MeasurementPolicy,
        hours: Hours | None,
    ) -> Self:
        """The stopwatch of one conversation, from the rows of the status table."""
        last = epoch_second(as_of)
        rows = known(conversation_id, statuses, as_of)
        ends = [*(epoch_second(row.at) for row in rows[1:]), last]
        states = tuple(
            (row.status, epoch_second(row.at), end) for row, end in zip(rows, ends, strict=False)
        )
        return cls(states=states, as_of=last, policy=policy, hours=hours)

    def seconds(self, target: Target, start: int, end: int) -> tuple[int, int | None]:
        """The calendar and business seconds from `start` to `end` that count for the target."""
        pauses = tuple(self._pauses(target, start, end))
        calendar = end - start - sum(until - since for since, until in pauses)
        if self.hours is None:
            return (calendar, None)
        hours = self._hours(self.hours, start)
        paused = sum(_inside(hours, since, until) for since, until in pauses)
        return (calendar, _inside(hours, start, end) - paused)

    def version_at(self, second: int) -> str | None:
        """The version of the hours in force then; None without hours."""
        return None if self.hours is None else self.hours.version_at(from_epoch_second(second))

    def _pauses(self, target: Target, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of the span in which time stands still, none overlapping another."""
        pausing = self.policy.pausing(target)
        for state, since, until in self.states:
            if state in pausing and max(since, start) < min(until, end):
                yield (max(since, start), min(until, end))

    def _hours(self, hours: Hours, start: int) -> Hours:
        if self.policy.hours_apply is HoursApply.START:
            return hours.at(from_epoch_second(start))
        return hours


def _inside(hours: Hours, start: int, end: int) -> int:
    return hours.elapsed(from_epoch_second(start), from_epoch_second(end)) // _SECOND
