"""Shifts: the rules by which people are on duty, and the exceptions to them.

Every time is local: said as the clock on the wall shows it, in the zone of the rota.
"""

from collections.abc import Iterable, Sized
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from socialcare.domain.hours import BusinessHours
from socialcare.domain.rota.recurrence import Recurrence
from socialcare.errors import InvalidValue

__all__ = ["LONGEST", "Absence", "ExtraShift", "Gap", "ShiftRule", "Swap", "Team"]

_DAY = timedelta(days=1)
LONGEST = timedelta(days=31)
"""The longest shift: who is on for longer is on by several."""


def _people(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidValue(value, where="members", right="a list of people")
    return tuple(dict.fromkeys(value))


def _local(instance: object, attribute: "attrs.Attribute[datetime]", value: datetime) -> None:
    if value.tzinfo is not None:
        where = f"{type(instance).__name__}.{attribute.name}"
        right = "a local time without a zone: the rota's zone holds for all"
        raise InvalidValue(value.isoformat(), where=where, right=right)


def _later(
    instance: "Swap | Absence | Gap | ExtraShift",
    attribute: "attrs.Attribute[datetime]",
    value: datetime,
) -> None:
    _local(instance, attribute, value)
    if value <= instance.start:
        where = f"{type(instance).__name__}.{attribute.name}"
        right = f"a time after {instance.start.isoformat(' ')}"
        raise InvalidValue(value.isoformat(" "), where=where, right=right)


def _some(instance: object, attribute: "attrs.Attribute[Any]", value: Sized) -> None:
    if not value:
        where = f"{type(instance).__name__}.{attribute.name}"
        raise InvalidValue(value, where=where, right="at least one")


def _bounded(
    shift: "ShiftRule",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: timedelta,
) -> None:
    if not timedelta(0) < value <= LONGEST:
        right = f"a length above zero and of at most {LONGEST.days} days"
        raise InvalidValue(str(value), where=f"ShiftRule.{attribute.name}", right=right)


def _whole_days(
    shift: "ShiftRule",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta | None]",
    value: timedelta | None,
) -> None:
    if value is not None and (value < _DAY or value % _DAY):
        right = "a number of whole days or weeks, such as '1w'"
        raise InvalidValue(str(value), where=f"ShiftRule.{attribute.name}", right=right)


@attrs.frozen(kw_only=True)
class ShiftRule:
    """Shifts that come again.

    Attributes:
        name: How the shift is called.
        start: When the first one can begin, in local time; each begins at this time of day.
        lasts: From the start to the end on the wall: `8:00` is until 17:00 from 09:00 on, however
            long that really is.
        rule: On which days, as the value of an RRULE; every day without one.
        members: Who is on, all together or in this order.
        turns: How long one of them is on before the next one's turn comes, in whole days counted
            from the date of `start`; None where all are on together.

    Raises:
        InvalidValue: If the rule is not one, or repeats more often than daily.

    >>> early = ShiftRule(
    ...     name="early",
    ...     start=datetime(2026, 3, 2, 9),
    ...     lasts=timedelta(hours=8),
    ...     members=["anna", "sam"],
    ...     turns=timedelta(weeks=1),
    ... )
    >>> early.on(date(2026, 3, 10))
    ('sam',)
    """

    name: str = attrs.field(validator=_some)
    start: datetime = attrs.field(validator=_local)
    lasts: timedelta = attrs.field(validator=_bounded)
    rule: str = "FREQ=DAILY"
    members: tuple[str, ...] = attrs.field(converter=_people, validator=_some)
    turns: timedelta | None = attrs.field(default=None, validator=_whole_days)

    def __attrs_post_init__(self) -> None:
        self.recurrence("UTC")

    def recurrence(self, timezone: str) -> Recurrence:
        """The local times at which its shifts begin; an UNTIL in UTC is meant in that zone."""
        return Recurrence.parse(
            self.rule, start=self.start, timezone=timezone, where="ShiftRule.rule"
        )

    def on(self, day: date) -> tuple[str, ...]:
        """Who is on if a shift begins on that local date."""
        if self.turns is None:
            return self.members
        turn = (day - self.start.date()) // self.turns
        return (self.members[turn % len(self.members)],)


@attrs.frozen(kw_only=True)
class Swap:
    """One stands in for another.

    Attributes:
        start, end: From when until when, in local time.
        member: Whom the rules put on duty.
        substitute: Who is on duty instead.
        team: In which team; None for all.
    """

    start: datetime = attrs.field(validator=_local)
    end: datetime = attrs.field(validator=_later)
    member: str
    substitute: str
    team: str | None = None


@attrs.frozen(kw_only=True)
class Absence:
    """Somebody is away.

    Attributes:
        start, end: From when until when, in local time.
        member: Who.
        reason: Why, for people.
    """

    start: datetime = attrs.field(validator=_local)
    end: datetime = attrs.field(validator=_later)
    member: str
    reason: str = ""


@attrs.frozen(kw_only=True)
class Gap:
    """A team's shifts do not take place.

    Attributes:
        start, end: From when until when, in local time.
        team: Which; None for all.
        reason: Why, for people.
    """

    start: datetime = attrs.field(validator=_local)
    end: datetime = attrs.field(validator=_later)
    team: str | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class ExtraShift:
    """A single shift beside the rules.

    Attributes:
        start, end: From when until when, in local time.
        team: Of which team.
        members: Who is on.
    """

    start: datetime = attrs.field(validator=_local)
    end: datetime = attrs.field(validator=_later)
    team: str
    members: tuple[str, ...] = attrs.field(converter=_people, validator=_some)


def _shifts(value: Iterable[ShiftRule]) -> tuple[ShiftRule, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class Team:
    """A team, its shifts, and when somebody has to be there.

    Attributes:
        name: How it is called.
        shifts: In order; who is on by the first stands first.
        cover: When somebody has to be on duty; None for always.
    """

    name: str = attrs.field(validator=_some)
    shifts: tuple[ShiftRule, ...] = attrs.field(default=(), converter=_shifts)
    cover: BusinessHours | None = None
