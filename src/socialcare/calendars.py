"""Rotas out of calendars: an iCalendar export becomes single shifts.

Teams that keep their rota in a calendar export it as iCalendar (RFC 5545). The libraries of the
extra `rota` read it, with its rules, exceptions and moved events, for the period that is asked for;
each event in it is one shift of the team. Who is on duty is who attends, or else the summary.
What lies outside the period is not in the rota, so it is made anew as the period goes by.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from socialcare.domain.instants import instant
from socialcare.domain.rota.plan import Rota
from socialcare.domain.rota.recurrence import Recurrence
from socialcare.domain.rota.shifts import ExtraShift, Team
from socialcare.errors import InvalidValue, MissingExtra

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["rota_from_icalendar"]

MOST = 20_000
"""How many events a period may hold."""
LONGEST = timedelta(days=2 * 366)
"""The longest period."""


def rota_from_icalendar(
    text: str | bytes,
    *,
    team: str,
    timezone: str,
    since: datetime,
    until: datetime,
    name: str = "calendar",
    version: str = "1",
    where: str = "calendar",
) -> Rota:
    """The rota of one team that a calendar holds for a period.

    Args:
        text: The calendar, as iCalendar.
        team: Which team it is of.
        timezone: The zone of the rota; times without a zone and whole days are meant in it.
        since: Where the period begins.
        until: Where it ends; at most two years later.
        name: How the rota is called.
        version: Which of that name.
        where: What to call the calendar in an error.

    Raises:
        InvalidValue: If it is no calendar, an event has nobody, or there are too many.
        NaiveDatetime: If an end of the period has no time zone.
        MissingExtra: If the extra `rota` is not installed.
    """
    begin, end = instant(since, where="since"), instant(until, where="until")
    if not begin < end <= begin + LONGEST:
        right = f"an instant after {begin.isoformat()}, by at most {LONGEST.days} days"
        raise InvalidValue(end.isoformat(), where="until", right=right)
    bare = Rota(name=name, version=version, timezone=timezone, teams=[Team(name=team)])
    zone = ZoneInfo(bare.timezone)
    shifts = (_shift(event, team, zone, where) for event in _events(text, begin, end, where))
    return Rota(
        name=name,
        version=version,
        timezone=timezone,
        teams=bare.teams,
        extra=[shift for shift in shifts if shift is not None],
    )


def _events(text: str | bytes, begin: datetime, end: datetime, where: str) -> "tuple[Event, ...]":
    """The events of a calendar in a period, in the order of their starts."""
    try:
        import icalendar
        import recurring_ical_events  # type: ignore[import-untyped]  # it has no types
    except ModuleNotFoundError as error:
        raise MissingExtra("rota", module=error.name or "icalendar") from error
    try:
        calendar = icalendar.Calendar.from_ical(text)
        for event in calendar.events:
            _check(event, where)
        found = recurring_ical_events.of(calendar).between(begin, end)
    except InvalidValue:
        raise
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        right = f"a calendar in iCalendar form ({error})"
        raise InvalidValue(text[:40], where=where, right=right) from None
    if len(found) > MOST:
        raise InvalidValue(len(found), where=where, right=f"at most {MOST} events in the period")
    return tuple(sorted(found, key=lambda event: str(_local(event.start, UTC))))


def _check(event: "Event", where: str) -> None:
    """Refuses an event whose rule repeats more often than daily, or is none."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        said, at = rule.to_ical().decode(), f"{where}: {_named(event)}: RRULE"
        if Recurrence.parse(said, start=_local(event.start, UTC), where=at).never:
            raise InvalidValue(said, where=at, right="a rule that comes to pass")


def _shift(event: "Event", team: str, zone: ZoneInfo, where: str) -> ExtraShift | None:
    """The shift that an event is; None of one without length or that was cancelled."""
    start, end = _local(event.start, zone), _local(event.end, zone)
    if start >= end or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    members = tuple(_members(event))
    if not members:
        right = "attendees, or a summary that says who is on"
        raise InvalidValue(_named(event), where=f"{where}: {start}", right=right)
    return ExtraShift(team=team, start=start, end=end, members=members)


def _members(event: "Event") -> Iterator[str]:
    """The names of who attends, their addresses where they have none; or else the summary."""
    attendees = event.get("ATTENDEE", [])
    several = attendees if isinstance(attendees, list) else [attendees]
    for attendee in several:
        if str(attendee.params.get("PARTSTAT", "")).upper() != "DECLINED":
            address = str(attendee)
            bare = address[7:] if address.lower().startswith("mailto:") else address
            yield str(attendee.params.get("CN", "")).strip() or bare
    if not several and str(event.get("SUMMARY", "")).strip():
        yield str(event["SUMMARY"]).strip()


def _local(value: date, zone: tzinfo) -> datetime:
    """The time on the wall of a zone; a whole day begins at midnight."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a local one
    return value if value.tzinfo is None else value.astimezone(zone).replace(tzinfo=None)


def _named(event: "Event") -> str:
    return str(event.get("SUMMARY") or event.get("UID") or "an event")
