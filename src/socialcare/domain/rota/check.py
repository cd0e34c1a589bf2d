"""Checks of a rota before it is needed: when nobody will be on duty, and what makes no sense.

The check looks some weeks ahead and says what it finds in words, so that it can be mended in time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import instant
from socialcare.domain.rota.plan import Rota
from socialcare.domain.rota.shifts import Absence, Swap, Team
from socialcare.domain.rota.table import Stretch

__all__ = ["Finding", "Problem", "check"]


class Problem(StrEnum):
    """What can be wrong with a rota."""

    NOBODY = "nobody"
    """Nobody is on duty where somebody has to be."""
    IDLE_SHIFT = "idle_shift"
    """A shift never takes place in the time that was looked at."""
    IDLE_SWAP = "idle_swap"
    """A swap changes nothing: who is to be replaced is not on duty then."""
    ABSENT_SUBSTITUTE = "absent_substitute"
    """Who stands in is away at the same time."""


@attrs.frozen(kw_only=True)
class Finding:
    """Something that is wrong with a rota.

    Attributes:
        problem: What kind of thing.
        team: In which team; None where it concerns all.
        start, end: From when until when, in UTC.
        text: In words, with local times.
    """

    problem: Problem
    team: str | None
    start: datetime
    end: datetime
    text: str


def check(
    rota: Rota, *, now: datetime, weeks: int = 4, hours: BusinessHours | None = None
) -> tuple[Finding, ...]:
    """What is wrong with a rota in the coming weeks, team by team.

    Args:
        rota: The rota.
        now: From when on.
        weeks: How far ahead.
        hours: When somebody has to be on duty in teams that say nothing of it; always by default.

    Raises:
        NaiveDatetime: If `now` has no time zone.
    """
    start = instant(now, where="now")
    looked = _Looked(rota=rota, start=start, end=start + timedelta(weeks=weeks), hours=hours)
    return (
        *(finding for team in rota.teams for finding in looked.of_team(team)),
        *looked.of_swaps(),
    )


@attrs.frozen(kw_only=True)
class _Looked:
    """A rota, and the stretch that is looked at."""

    rota: Rota
    start: datetime
    end: datetime
    hours: BusinessHours | None

    def of_team(self, team: Team) -> Iterator[Finding]:
        """When nobody is on duty in a team, and shifts of it that never are."""
        hours = team.cover or self.hours
        for stretch in self.rota.uncovered(team.name, self.start, self.end, hours=hours):
            yield self._finding(Problem.NOBODY, team.name, stretch, "nobody is on duty")
        for shift in team.shifts:
            alone = Rota(timezone=self.rota.timezone, teams=[Team(name=team.name, shifts=[shift])])
            if not alone.shifts(team.name, self.start, self.end):
                whole = Stretch(start=self.start, end=self.end)
                words = f"the shift {shift.name!r} never takes place"
                yield self._finding(Problem.IDLE_SHIFT, team.name, whole, words)

    def of_swaps(self) -> Iterator[Finding]:
        """Swaps that change nothing, and those by somebody who is away."""
        for swap in self.rota.swaps:
            stretch = self._stretch(swap)
            if stretch is None:
                continue
            away = next((each for each in self.rota.absences if _meet(swap, each)), None)
            if away is not None:
                words = f"{swap.substitute} stands in for {swap.member}, and is away"
                yield self._finding(Problem.ABSENT_SUBSTITUTE, swap.team, stretch, words)
            if not self._replaces(swap, stretch):
                words = f"{swap.substitute} stands in for {swap.member}, who is not on duty"
                yield self._finding(Problem.IDLE_SWAP, swap.team, stretch, words)

    def _replaces(self, swap: Swap, stretch: Stretch) -> bool:
        """Whether the rules put the one who is replaced on duty then."""
        bare = attrs.evolve(self.rota, swaps=(), absences=(), extra=())
        teams = [team.name for team in self.rota.teams if swap.team in (None, team.name)]
        return any(
            swap.member in duty.members
            for team in teams
            for duty in bare.shifts(team, stretch.start, stretch.end)
        )

    def _stretch(self, swap: Swap) -> Stretch | None:
        """The part of a swap that is looked at."""
        zone = ZoneInfo(self.rota.timezone)
        start = max(instant(swap.start.replace(tzinfo=zone)), self.start)
        end = min(instant(swap.end.replace(tzinfo=zone)), self.end)
        return Stretch(start=start, end=end) if start < end else None

    def _finding(self, problem: Problem, team: str | None, stretch: Stretch, words: str) -> Finding:
        zone = ZoneInfo(self.rota.timezone)
        first, last = (
            f"{at.astimezone(zone):%a %d %b %Y %H:%M}" for at in (stretch.start, stretch.end)
        )
        whose = "all teams" if team is None else team
        return Finding(
            problem=problem,
            team=team,
            start=stretch.start,
            end=stretch.end,
            text=f"{whose}: {words} from {first} to {last} ({self.rota.timezone})",
        )


def _meet(swap: Swap, absence: Absence) -> bool:
    """Whether the substitute is away during the swap."""
    apart = absence.end <= swap.start or swap.end <= absence.start
    return absence.member == swap.substitute and not apart
