"""Checks of a map before it goes live: what nobody would get, never reaches anybody, or goes round.

A map is read as soon as it makes sense by itself. Whether it works is another question: the teams
that it names must be there, and somebody of them on duty; what goes on in time must not come back
to where it was; an entry that another one always comes before does nothing; and an approval needs
people who can give it. Each finding says where, and what would be right.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.choices import Choice
from socialcare.domain.escalation.entry import CALENDAR, EscalationEntry
from socialcare.domain.escalation.map import EscalationMap, Rung
from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import instant
from socialcare.domain.priority import Rule, RuleBook
from socialcare.domain.rota import Rota
from socialcare.domain.rota.check import Problem as RotaProblem
from socialcare.domain.rota.check import check as check_rota
from socialcare.domain.rota.table import Stretch
from socialcare.domain.rule_check import check as check_rules
from socialcare.domain.tier import Priority, Tier

__all__ = ["Finding", "Problem", "check"]


class Problem(Choice):
    """What can be wrong with a map."""

    UNREACHED = "unreached"
    """The entry never decides: another one always comes first, or it asks for what can't be."""
    CONFLICT = "conflict"
    """The entry never decides, and says otherwise than the one that comes before it."""
    LOOP = "loop"
    """The steps come back to where it was before."""
    UNKNOWN_TEAM = "unknown_team"
    """The rota has no such team."""
    NOBODY_ON_DUTY = "nobody_on_duty"
    """At some time in the coming weeks nobody is on duty who would get it."""
    NOBODY_APPROVES = "nobody_approves"
    """Nobody can give the approval that it asks for."""


@attrs.frozen(kw_only=True)
class Finding:
    """Something that is wrong with a map.

    Attributes:
        problem: What kind of thing.
        where: The key, such as `entries[2].steps[0]`.
        entry: The entry that it is about; None where it concerns the whole map.
        said: What is wrong, and what would be right.
    """

    problem: Problem = attrs.field(converter=Problem)
    where: str
    entry: str | None = None
    said: str

    def __str__(self) -> str:
        """The finding in a line."""
        return f"{self.problem}: {self.where}: {self.said}"


def check(
    map_: EscalationMap, *, now: datetime, rota: Rota | None = None, weeks: int = 4
) -> tuple[Finding, ...]:
    """What is wrong with a map, entry by entry; then what is wrong with its teams.

    Args:
        map_: The map.
        now: From when on it is to hold.
        rota: Who is on duty when; without one, nothing is said of teams and of who is on duty.
        weeks: How far ahead to look.

    Raises:
        NaiveDatetime: If `now` has no time zone.

    >>> map_ = EscalationMap.from_mapping(
    ...     {
    ...         "entries": [
    ...             {"name": "late", "query": "late", "answered_by": "agents"},
    ...             {"name": "very late", "query": "late weeks", "answered_by": "agents"},
    ...         ]
    ...     }
    ... )
    >>> from socialcare.testing.builders import NINE
    >>> [(finding.problem.value, finding.where) for finding in check(map_, now=NINE)]
    [('unreached', 'entries[1].query')]
    """
    looked = _Looked(map=map_, now=instant(now, where="now"), rota=rota, weeks=weeks)
    of_entries = (
        chain(_loops(map_, place, entry), looked.of_entry(place, entry))
        for place, entry in enumerate(map_.entries)
    )
    return (*_unreached(map_, looked.now), *chain.from_iterable(of_entries), *looked.of_teams())


# What the entries ask for


def _unreached(map_: EscalationMap, now: datetime) -> Iterator[Finding]:
    """Entries that never decide; a map decides as a book of rules does."""
    places = {entry.name: place for place, entry in enumerate(map_.entries)}
    for found in check_rules(_as_rules(map_), now=now):
        entry, other = map_.entry(found.rule), map_.entry(found.other)
        problem, said = Problem.UNREACHED, found.said
        if entry is not None and other is not None and _demands(entry) != _demands(other):
            problem = Problem.CONFLICT
            said = f"{said}; {other.name!r} says {_in_words(other)}, this one {_in_words(entry)}"
        where = f"entries[{places[found.rule]}].query"
        yield Finding(problem=problem, where=where, entry=found.rule, said=said)


def _as_rules(map_: EscalationMap) -> RuleBook:
    """The entries as rules of one priority: what comes too late among these does so in the map."""
    rules = (
        Rule(name=entry.name, query=entry.query, priority=Priority(Tier.FIRST), reason=entry.reason)
        for entry in map_.entries
    )
    return RuleBook(name=map_.name, version=map_.version, rules=tuple(rules))


def _demands(entry: EscalationEntry) -> tuple[object, ...]:
    return (entry.answered_by, entry.team, entry.level, entry.approval, entry.private_in_public)


def _in_words(entry: EscalationEntry) -> str:
    who = f"that only {entry.team} answers" if entry.must_escalate else "that agents answer"
    return who if entry.approval is None else f"{who} with the approval of {entry.approval}"


# Where it goes on to


def _loops(map_: EscalationMap, place: int, entry: EscalationEntry) -> Iterator[Finding]:
    """Steps that lead to where it was before, or down again."""
    ladder = map_.ladder(entry)
    where = "steps" if entry.steps is None else f"entries[{place}].steps"
    for number, rung in enumerate(ladder[1:]):
        said = _wrong_way(map_, ladder[: number + 1], rung)
        if said is not None:
            at_step = f"{where}[{number}]"
            yield Finding(problem=Problem.LOOP, where=at_step, entry=entry.name, said=said)


def _wrong_way(map_: EscalationMap, before: tuple[Rung, ...], rung: Rung) -> str | None:
    right = "name a higher level or another team, or leave the step out"
    if (rung.level, rung.team) in ((each.level, each.team) for each in before):
        return f"goes back to {rung.team} ({rung.level}), where it was before; {right}"
    if map_.is_above(before[-1].level, rung.level):
        return f"goes down from {before[-1].level} to {rung.level}; {right}"
    return None


# Who is there


@attrs.frozen(kw_only=True)
class _Looked:
    """A map, and the stretch in which its teams are looked at."""

    map: EscalationMap
    now: datetime
    rota: Rota | None
    weeks: int

    @property
    def until(self) -> datetime:
        """The end of the stretch."""
        return self.now + timedelta(weeks=self.weeks)

    @property
    def known(self) -> tuple[str, ...]:
        """The teams of the rota."""
        return () if self.rota is None else tuple(team.name for team in self.rota.teams)

    def of_entry(self, place: int, entry: EscalationEntry) -> Iterator[Finding]:
        """What is wrong with the teams and the people of one entry."""
        at = f"entries[{place}]"
        if self.rota is not None:
            yield from self._unknown(at, entry.name, self._named_in(entry))
            yield from self._alone(at, entry)
        if entry.approval is not None:
            yield from self._unapproved(at, entry, entry.approval)

    def of_teams(self) -> Iterator[Finding]:
        """What is wrong with the teams that the map names, whichever entry it is."""
        if self.rota is None:
            return
        levels = [(f"levels[{n}].team", each.team) for n, each in enumerate(self.map.levels)]
        steps = [(f"steps[{n}].team", each.team) for n, each in enumerate(self.map.steps)]
        yield from self._unknown("", None, [*levels, *steps])
        yield from self._uncovered(self.rota)

    def _named_in(self, entry: EscalationEntry) -> list[tuple[str, str | None]]:
        steps = [(f".steps[{n}].team", step.team) for n, step in enumerate(entry.steps or ())]
        return [(".team", entry.team), *steps]

    def _unknown(
        self, at: str, entry: str | None, named: Iterable[tuple[str, str | None]]
    ) -> Iterator[Finding]:
        for key, team in named:
            if team is not None and team not in self.known:
                said = f"the rota has no team {team!r}; name one of {', '.join(self.known)}"
                where = f"{at}{key}"
                yield Finding(problem=Problem.UNKNOWN_TEAM, where=where, entry=entry, said=said)

    def _uncovered(self, rota: Rota) -> Iterator[Finding]:
        """Teams of the map for which the rota says when somebody must be there, and nobody is."""
        used = {rung.team for entry in self.map.entries for rung in self.map.ladder(entry)}
        told = {team.name for team in rota.teams if team.cover is not None and team.name in used}
        found = [
            each
            for each in check_rota(rota, now=self.now, weeks=self.weeks)
            if each.problem is RotaProblem.NOBODY and each.team in told
        ]
        for team in dict.fromkeys(each.team for each in found):
            own = [each for each in found if each.team == team]
            more = f", and {len(own) - 1} times more in {self.weeks} weeks" if own[1:] else ""
            said = f"{own[0].text}{more}; put somebody on duty there, or change its cover"
            yield Finding(problem=Problem.NOBODY_ON_DUTY, where=f"team {team!r}", said=said)

    def _alone(self, at: str, entry: EscalationEntry) -> Iterator[Finding]:
        """When none of those is on duty who would get it, while its steps count."""
        teams = _teams(self.map.ladder(entry))
        if self.rota is None or not teams or not set(teams) <= set(self.known):
            return
        stretches = self._nobody(self.rota, teams, self._hours(entry))
        if not stretches:
            return
        first, last = (_local(at, self.rota) for at in (stretches[0].start, stretches[0].end))
        more = f", and {len(stretches) - 1} times more" if stretches[1:] else ""
        said = (
            f"nobody of {', '.join(teams)} is on duty from {first} to {last} "
            f"({self.rota.timezone}){more}; add a step to a team that is, or give it `hours`"
        )
        yield Finding(problem=Problem.NOBODY_ON_DUTY, where=at, entry=entry.name, said=said)

    def _hours(self, entry: EscalationEntry) -> BusinessHours | None:
        name = entry.hours or self.map.standard_hours
        return None if name == CALENDAR else dict(self.map.hours)[name]

    def _nobody(
        self, rota: Rota, teams: tuple[str, ...], hours: BusinessHours | None
    ) -> list[Stretch]:
        """The stretches in which nobody of any of the teams is on duty."""
        first, *others = teams
        found = list(rota.uncovered(first, self.now, self.until, hours=hours))
        for team in others:
            found = [
                rest
                for stretch in found
                for rest in rota.uncovered(team, stretch.start, stretch.end, hours=hours)
            ]
        return found

    # Who approves

    def _unapproved(
        self, at: str, entry: EscalationEntry, approval: Requirement
    ) -> Iterator[Finding]:
        """That too few people can approve; nothing where nobody knows who has the roles."""
        held = {role: self._people(role) for role in approval.roles}
        known = {role: people for role, people in held.items() if people is not None}
        if not self._tells_roles:
            return
        where = f"{at}.approval"
        for role in held.keys() - known.keys():
            said = f"nobody is known to have the role {role!r}; name them under `roles`"
            problem = Problem.NOBODY_APPROVES
            yield Finding(problem=problem, where=where, entry=entry.name, said=said)
        if len(known) == len(held):
            yield from self._too_few(where, entry, approval, known)

    def _too_few(
        self,
        where: str,
        entry: EscalationEntry,
        approval: Requirement,
        held: dict[str, tuple[str, ...]],
    ) -> Iterator[Finding]:
        roles_of: dict[str, list[str]] = {}
        for role, people in held.items():
            for person in people:
                roles_of.setdefault(person, []).append(role)
        if not approval.suffice(roles_of):
            said = f"asks for {approval}, and there are only {', '.join(roles_of) or 'none'}"
            right = "; give the role to more people"
        elif authors := self._who_could_not(entry, approval, roles_of):
            said = f"is answered by {', '.join(authors)}, without whom {approval} can't be had"
            right = ", and nobody approves their own answer; give the role to more people"
        else:
            return
        problem = Problem.NOBODY_APPROVES
        yield Finding(problem=problem, where=where, entry=entry.name, said=said + right)

    def _who_could_not(
        self, entry: EscalationEntry, approval: Requirement, roles_of: dict[str, list[str]]
    ) -> list[str]:
        """Those of the answering team without whom an approval can't be had, if that is all."""
        authors = self._members(entry.team) if entry.must_escalate else ()
        stuck = [
            author
            for author in authors
            if not approval.suffice(
                {who: roles for who, roles in roles_of.items() if who != author}
            )
        ]
        return stuck if authors and len(stuck) == len(authors) else []

    @property
    def _tells_roles(self) -> bool:
        return bool(self.map.roles) or self.rota is not None

    def _people(self, role: str) -> tuple[str, ...] | None:
        """Who has a role: those whom the map names, or the team of the rota of that name."""
        given = dict(self.map.roles).get(role)
        if given is not None:
            return given
        return self._members(role) if role in self.known else None

    def _members(self, team: str | None) -> tuple[str, ...]:
        """Who is in a team at any time."""
        return () if self.rota is None or team is None else self.rota.members(team)


def _teams(ladder: Iterable[Rung]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rung.team for rung in ladder if rung.team is not None))


def _local(at: datetime, rota: Rota) -> str:
    return f"{at.astimezone(ZoneInfo(rota.timezone)):%a %d %b %Y %H:%M}"
