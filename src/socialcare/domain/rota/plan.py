"""Rotas: who is on duty when, written down as rules and as exceptions to them.

A shift is a rule of recurrence (RFC 5545, `FREQ=WEEKLY;BYDAY=MO,TU`), a local start and a local
end, and the people who are on, all of them or in turns. Shifts are said in time on the wall: one
from 09:00 is from 09:00 on both sides of a clock change, and a night is as long as the clock makes
it. Gaps take a whole team off, absences take one person off, swaps put one in the place of another,
and extra shifts come on top.

At an instant somebody is on duty if a shift or an extra shift of the team covers it, and no gap of
the team does for the shift. A swap is about whom the rules put on duty: it is applied once, so
that two people can change places. Whoever is absent is then not on duty, for themselves or for
another.

How that is looked up is in `socialcare.domain.rota.table`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import instant
from socialcare.domain.rota.shifts import Absence, ExtraShift, Gap, ShiftRule, Swap, Team
from socialcare.domain.rota.table import Duty, Stretch, TeamTable
from socialcare.errors import InvalidValue

__all__ = ["Absence", "Duty", "ExtraShift", "Gap", "Rota", "ShiftRule", "Stretch", "Swap", "Team"]


def _teams(value: Iterable[Team]) -> tuple[Team, ...]:
    return tuple(value)


def _swaps(value: Iterable[Swap]) -> tuple[Swap, ...]:
    return tuple(value)


def _absences(value: Iterable[Absence]) -> tuple[Absence, ...]:
    return tuple(value)


def _gaps(value: Iterable[Gap]) -> tuple[Gap, ...]:
    return tuple(value)


def _extra(value: Iterable[ExtraShift]) -> tuple[ExtraShift, ...]:
    return tuple(value)


def _told_apart(
    rota: "Rota",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[Team, ...]]",  # noqa: ARG001 - attrs passes it
    value: tuple[Team, ...],
) -> None:
    if not value:
        raise InvalidValue(value, where="Rota.teams", right="at least one team")
    names = [team.name for team in value]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidValue(twice, where="Rota.teams", right="every team only once")


def _known_zone(
    rota: "Rota",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[str]",  # noqa: ARG001 - attrs passes it
    value: str,
) -> None:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, TypeError, ValueError):
        right = "a time zone such as 'Europe/London'"
        raise InvalidValue(value, where="Rota.timezone", right=right) from None


@attrs.frozen(kw_only=True)
class Rota:
    """Who is on duty when.

    Attributes:
        name: How it is called.
        version: Which of that name.
        timezone: The zone of the IANA database in which every time is meant.
        teams: The teams, each with its shifts.
        swaps, absences, gaps, extra: The exceptions.

    Raises:
        InvalidValue: If the zone is unknown, a team is there twice, or an exception names a team
            that is not there.

    >>> rota = Rota.from_mapping(
    ...     {
    ...         "timezone": "Europe/London",
    ...         "teams": {
    ...             "social": {
    ...                 "shifts": [
    ...                     {
    ...                         "name": "day",
    ...                         "start": "2026-03-02 09:00",
    ...                         "end": "17:00",
    ...                         "members": ["anna"],
    ...                     }
    ...                 ]
    ...             }
    ...         },
    ...     }
    ... )
    >>> from datetime import UTC
    >>> rota.on_duty("social", datetime(2026, 6, 1, 8, 30, tzinfo=UTC))
    ('anna',)
    """

    name: str = "rota"
    version: str = "1"
    timezone: str = attrs.field(validator=_known_zone)
    teams: tuple[Team, ...] = attrs.field(converter=_teams, validator=_told_apart)
    swaps: tuple[Swap, ...] = attrs.field(default=(), converter=_swaps)
    absences: tuple[Absence, ...] = attrs.field(default=(), converter=_absences)
    gaps: tuple[Gap, ...] = attrs.field(default=(), converter=_gaps)
    extra: tuple[ExtraShift, ...] = attrs.field(default=(), converter=_extra)

    def __attrs_post_init__(self) -> None:
        exceptions: Mapping[str, Iterable[Swap | Gap | ExtraShift]] = {
            "swaps": self.swaps,
            "gaps": self.gaps,
            "extra": self.extra,
        }
        for field, each in exceptions.items():
            for number, exception in enumerate(each):
                if exception.team is not None and exception.team not in self._by_name:
                    where = f"Rota.{field}[{number}].team"
                    right = f"one of {', '.join(self._by_name)}"
                    raise InvalidValue(exception.team, where=where, right=right)

    def team(self, name: str) -> Team:
        """The team of that name.

        Raises:
            InvalidValue: If there is none; the message lists those there are.
        """
        found = self._by_name.get(name)
        if found is None:
            right = f"one of {', '.join(self._by_name)}"
            raise InvalidValue(name, where="team", right=right)
        return found

    def members(self, team: str) -> tuple[str, ...]:
        """Who is in a team at any time, in the order of the shifts; nobody in one that is not."""
        found = self._by_name.get(team)
        shifts = () if found is None else found.shifts
        extra = (each.members for each in self.extra if each.team == team)
        every = (member for group in (*(s.members for s in shifts), *extra) for member in group)
        return tuple(dict.fromkeys(every))

    def on_duty(self, team: str, at: datetime) -> tuple[str, ...]:
        """Who is on duty at an instant, in the order of the shifts; nobody is empty.

        Raises:
            InvalidValue: If there is no such team, or the instant is not from 1970 to 2200.
            NaiveDatetime: If the instant has no time zone.
        """
        return self._table(team).on_duty(instant(at, where="at"))

    def next_on_duty(self, team: str, at: datetime) -> Duty | None:
        """The next duty that begins after an instant, of the five years after it, or None."""
        return self._table(team).next_on_duty(instant(at, where="at"))

    def next_change(self, team: str, at: datetime) -> datetime | None:
        """The next instant, in UTC, from which others are on duty, within five years, or None."""
        return self._table(team).next_change(instant(at, where="at"))

    def shifts(self, team: str, start: datetime, end: datetime) -> tuple[Duty, ...]:
        """Who is on duty from `start` to `end`, as stretches with the same people, cut to both."""
        table = self._table(team)
        return table.shifts_between(instant(start, where="start"), instant(end, where="end"))

    def uncovered(
        self, team: str, start: datetime, end: datetime, *, hours: BusinessHours | None = None
    ) -> tuple[Stretch, ...]:
        """The stretches from `start` to `end` with nobody on duty, inside the hours if given."""
        table = self._table(team)
        return table.uncovered(instant(start, where="start"), instant(end, where="end"), hours)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "rota") -> "Rota":
        """The rota that a mapping describes, with the keys of the reference.

        Raises:
            InvalidValue: If a key is unknown or a value is not right; the message names the key
                and what would be right.
        """
        from socialcare.domain.rota.document import read

        return read(mapping, where=where)

    @classmethod
    def from_toml(cls, path: str | Path) -> "Rota":
        """The rota in a TOML file.

        Raises:
            InvalidValue: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.rota.document import read_toml

        return read_toml(path)

    def to_mapping(self) -> dict[str, object]:
        """The rota as `from_mapping` reads it, of texts, lists and dicts only."""
        from socialcare.domain.rota.document import written

        return written(self)

    def _table(self, team: str) -> TeamTable:
        found = self._tables.get(team)
        if found is None:
            found = self._tables.setdefault(team, self._made(self.team(team)))
        return found

    def _made(self, team: Team) -> TeamTable:
        return TeamTable(
            zone=ZoneInfo(self.timezone),
            shifts=team.shifts,
            swaps=tuple(each for each in self.swaps if each.team in (None, team.name)),
            absences=self.absences,
            gaps=tuple(each for each in self.gaps if each.team in (None, team.name)),
            extra=tuple(each for each in self.extra if each.team == team.name),
        )

    @cached_property
    def _by_name(self) -> dict[str, Team]:
        return {team.name: team for team in self.teams}

    @cached_property
    def _tables(self) -> dict[str, TeamTable]:
        return {}
