"""Time that counts: inside some hours and outside of pauses, and its inverse.

Two instants matter for an amount of time. It is *reached* at the first instant by which so much has
been counted, and *exceeded* from the last such instant on. They are one instant while time runs.
Where the amount is up at the close of business or at the beginning of a pause they are apart:
nothing is late before the time goes on, because nothing more of it has passed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Protocol, Self

import attrs

from socialcare.errors import InvalidHours

__all__ = ["CALENDAR_TIME", "CountedTime", "Hours", "Pause"]

Pause = tuple[datetime, datetime | None]
"""A stretch that does not count; without an end, it goes on."""


class Hours(Protocol):
    """Business hours, as far as deadlines need them."""

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The time between the two that lay inside the hours."""

    def after(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant with that much open time since `start`."""

    def is_open(self, at: datetime) -> bool:
        """Whether time counts at this instant."""

    def next_open(self, at: datetime) -> datetime:
        """The first opening later than `at`."""

    def at(self, at: datetime) -> Self:
        """The version in force, for all time."""


@attrs.frozen
class _CalendarTime:
    """Hours that never close."""

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return end - start

    def after(self, start: datetime, duration: timedelta) -> datetime:
        return start + duration

    def is_open(self, at: datetime) -> bool:  # noqa: ARG002 - as business hours have it
        return True

    def next_open(self, at: datetime) -> datetime:
        raise InvalidHours(at.isoformat(), where="calendar time", right="hours that close")

    def at(self, at: datetime) -> Self:  # noqa: ARG002 - as business hours have it
        return self


CALENDAR_TIME: Hours = _CalendarTime()
"""Hours that never close."""


def _merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The pauses in order, those that overlap or touch as one, and none without length."""
    merged: list[Pause] = []
    for begins, ends in sorted(pauses, key=lambda pause: pause[0]):
        if begins == ends:
            continue
        last = merged[-1] if merged else None
        if last is None or (last[1] is not None and last[1] < begins):
            merged.append((begins, ends))
        elif last[1] is not None:
            merged[-1] = (last[0], None if ends is None else max(last[1], ends))
    return tuple(merged)


@attrs.frozen(kw_only=True)
class CountedTime:
    """Time inside some hours and outside of pauses.

    Attributes:
        hours: The hours.
        pauses: The pauses, in order and merged.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> time = CountedTime(hours=CALENDAR_TIME, pauses=[(nine + hour, nine + 3 * hour)])
    >>> time.reached(nine, 2 * hour).hour
    13
    >>> time.reached(nine, hour).hour, time.exceeded(nine, hour).hour
    (10, 12)
    """

    hours: Hours
    pauses: tuple[Pause, ...] = attrs.field(converter=_merged)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """What counts between two instants, the later given last."""
        counted = self.hours.elapsed(start, end)
        for begins, ends in self.paused(start, end):
            counted -= self.hours.elapsed(begins, end if ends is None else ends)
        return counted

    def paused(self, start: datetime, end: datetime) -> tuple[Pause, ...]:
        """The pauses between two instants, cut to them; one that goes on at the end has none."""
        return tuple(
            (max(begins, start), None if ends is None or ends > end else ends)
            for begins, ends in self.pauses
            if begins <= end and (ends is None or start < ends)
        )

    def reached(self, start: datetime, amount: timedelta) -> datetime | None:
        """The first instant by which that much has been counted since `start`.

        None where it never is, as far as is known.
        """
        for begins, ends in self._running(start):
            counted = None if ends is None else self.hours.elapsed(begins, ends)
            if counted is None or counted >= amount:
                return self._first_with(begins, amount)
            amount -= counted
        return None

    def exceeded(self, start: datetime, amount: timedelta) -> datetime | None:
        """The last instant by which no more than that has been counted since `start`.

        None where more never is, as far as is known.
        """
        for begins, ends in self._running(start):
            counted = None if ends is None else self.hours.elapsed(begins, ends)
            if counted is None or counted > amount:
                return self._last_with(begins, amount)
            amount -= counted
        return None

    def _running(self, start: datetime) -> Iterator[Pause]:
        """The stretches between pauses from `start` on, the last of them without an end."""
        begins = start
        for pause_begins, pause_ends in self.pauses:
            if pause_ends is not None and pause_ends <= begins:
                continue
            if begins < pause_begins:
                yield begins, pause_begins
            if pause_ends is None:
                return
            begins = pause_ends
        yield begins, None

    def _first_with(self, start: datetime, amount: timedelta) -> datetime | None:
        try:
            return self.hours.after(start, amount)
        except (InvalidHours, OverflowError):
            return None

    def _last_with(self, start: datetime, amount: timedelta) -> datetime | None:
        found = self._first_with(start, amount)
        if found is None or self.hours.is_open(found):
            return found
        try:
            return self.hours.next_open(found)
        except InvalidHours:
            return None
