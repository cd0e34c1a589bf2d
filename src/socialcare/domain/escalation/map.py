"""The map: entries in the order in which they are asked, and what they decide.

For one message the first entry that holds decides. A customer often waits with several messages,
and then the most demanding entry among those that hold for one of them is the one that counts. The
order of that is: what agents must not answer, before what they may; then what more people must
approve; then the higher level; then what stands earlier in the map. An answer answers all of the
messages, so it needs all the approvals that any of them asks for, and private words may be answered
in public only where every one of them allows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from socialcare.domain.approval.requirement import Requirement, together
from socialcare.domain.durations import duration_text
from socialcare.domain.escalation.decision import EscalationDecision
from socialcare.domain.escalation.entry import (
    CALENDAR,
    EscalationEntry,
    EscalationStep,
    Level,
    ascending,
    named,
    positive,
)
from socialcare.domain.escalation.loose_ends import refuse_loose_ends
from socialcare.domain.hours import BusinessHours
from socialcare.domain.query import Match, QuerySet, Subject
from socialcare.domain.sla.time import CALENDAR_TIME, Hours
from socialcare.errors import InvalidEscalationMap

__all__ = ["FIRST_LEVEL", "EscalationMap", "Rung"]

FIRST_LEVEL = "team_leader"
"""The level that something goes to first, unless the map says otherwise."""
SHORTEST = timedelta(minutes=5)
"""The shortest time after which somebody is told again: a desk that was down catches up on all."""
_STEPS = (EscalationStep(after=timedelta(minutes=30)),)


@attrs.frozen(kw_only=True)
class Rung:
    """A place on the ladder that something climbs while nobody takes it.

    Attributes:
        after: How long after the beginning it gets there.
        level: The level; None for agents, who are below all levels.
        team: The team; None for agents.
    """

    after: timedelta = timedelta(0)
    level: str | None
    team: str | None


def _levels(value: Iterable[Level]) -> tuple[Level, ...]:
    return tuple(value)


def _entries(value: Iterable[EscalationEntry]) -> tuple[EscalationEntry, ...]:
    return tuple(value)


def _steps(value: Iterable[EscalationStep]) -> tuple[EscalationStep, ...]:
    return tuple(value)


def _by_name(
    value: Mapping[str, BusinessHours] | Iterable[tuple[str, BusinessHours]],
) -> tuple[tuple[str, BusinessHours], ...]:
    return tuple(sorted(dict(value).items(), key=lambda pair: pair[0]))


def _held_by(
    value: Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    given = dict(value)
    return tuple((role, tuple(dict.fromkeys(given[role]))) for role in sorted(given))


def _told_apart(
    map_: "EscalationMap",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[Any]",
    value: "Sequence[Level | EscalationEntry]",
) -> None:
    names = [each.name for each in value]
    for place, name in enumerate(names):
        if name in names[:place]:
            where = f"EscalationMap.{attribute.name}[{place}].name"
            raise InvalidEscalationMap(name, where=where, right="a name that none before it has")


def _some(
    map_: "EscalationMap",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[Any]",
    value: Sequence[object],
) -> None:
    if not value:
        where = f"EscalationMap.{attribute.name}"
        raise InvalidEscalationMap(value, where=where, right="at least one")


def _some_time(
    map_: "EscalationMap",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: timedelta,
) -> None:
    if value < SHORTEST:
        where, right = f"EscalationMap.{attribute.name}", f"at least {duration_text(SHORTEST)}"
        raise InvalidEscalationMap(duration_text(value), where=where, right=right)


@attrs.frozen(kw_only=True)
class EscalationMap:
    """Which messages agents answer themselves, and who must see the others.

    Attributes:
        name: What it is called.
        version: Which state of it this is; every decision says it.
        entries: In order: the first that holds for a message decides.
        levels: From the first upwards; by default there is one, the team leader.
        steps: Where it goes on to in time, for entries that a team answers and that say nothing of
            it; by default after 30 minutes to the next level.
        hours: Business hours by name.
        standard_hours: The name of those in which steps count; `calendar` for calendar time.
        repeat: How often the last level is told again while nobody takes it.
        hold: How long somebody may have taken it before it goes on as if nobody had.
        private_in_public: Whether private words may be answered in public where no entry holds.
        roles: Who has which role, by their ids, so that a check can say whether an approval can be
            given at all.

    Raises:
        InvalidEscalationMap: If two entries have one name, hours or levels are named that are not
            there, or a step leads to nobody.

    >>> from socialcare.testing.builders import asks
    >>> map_ = EscalationMap.from_mapping(
    ...     {
    ...         "entries": [
    ...             {"name": "fire", "query": "fire OR smoke", "answered_by": "team",
    ...              "team": "safety", "reason": "somebody may be in danger"},
    ...         ]
    ...     }
    ... )
    >>> print(map_.decide([Subject(message=asks(0, text="There is SMOKE in row 3"))]))
    agents must not answer, safety does (team_leader): somebody may be in danger
      by entry 'fire' of map 1
      words: 'SMOKE'
    """

    name: str = attrs.field(default="map", validator=named)
    version: str = attrs.field(default="1", validator=named)
    entries: tuple[EscalationEntry, ...] = attrs.field(
        converter=_entries, validator=[_some, _told_apart]
    )
    levels: tuple[Level, ...] = attrs.field(
        default=(Level(name=FIRST_LEVEL),), converter=_levels, validator=[_some, _told_apart]
    )
    steps: tuple[EscalationStep, ...] = attrs.field(
        default=_STEPS, converter=_steps, validator=ascending
    )
    hours: tuple[tuple[str, BusinessHours], ...] = attrs.field(default=(), converter=_by_name)
    standard_hours: str = CALENDAR
    repeat: timedelta = attrs.field(default=timedelta(days=1), validator=[positive, _some_time])
    hold: timedelta = attrs.field(default=timedelta(days=1), validator=[positive, _some_time])
    private_in_public: bool = False
    roles: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default=(), converter=_held_by)

    def __attrs_post_init__(self) -> None:
        refuse_loose_ends(self)

    @classmethod
    def from_toml(cls, path: str | Path) -> "EscalationMap":
        """The map in a TOML file.

        Raises:
            InvalidEscalationMap: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.escalation.document import read_toml

        return read_toml(path)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "map") -> "EscalationMap":
        """The map that a mapping describes, with the keys of the reference.

        Raises:
            InvalidEscalationMap: If a key is unknown or a value is not right; the message names the
                key and what would be right.
        """
        from socialcare.domain.escalation.document import read

        return read(mapping, where=where)

    def to_mapping(self) -> dict[str, object]:
        """The map as `from_mapping` reads it, of texts, numbers, lists and dicts only.

        Queries stand there with their terms spelt out.
        """
        from socialcare.domain.escalation.document import written

        return written(self)

    @property
    def called(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its entries."""
        return tuple(entry.name for entry in self.entries)

    @property
    def level_names(self) -> tuple[str, ...]:
        """The names of its levels, from the first upwards."""
        return tuple(level.name for level in self.levels)

    @cached_property
    def teams(self) -> frozenset[str]:
        """The teams that something can go to."""
        rungs = (rung for entry in self.entries for rung in self.ladder(entry))
        named = (*(rung.team for rung in rungs), *(entry.team for entry in self.entries))
        return frozenset(team for team in named if team is not None)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that its entries look at; a flag is there with its name, as `is:new`."""
        return frozenset().union(*(entry.query.fields for entry in self.entries))

    def entry(self, name: str | None) -> EscalationEntry | None:
        """The entry of that name; None if there is none."""
        return self._by_name.get(name or "")

    # What is decided

    def decide(self, subjects: Iterable[Subject]) -> EscalationDecision:
        """What holds for what a customer waits with: who answers, and what the answer needs.

        Args:
            subjects: The messages that the customer waits with, each with what is known around it.
        """
        found = self._found(subjects)
        if not found:
            return EscalationDecision(map=self.called, private_in_public=self.private_in_public)
        entry = min((each for each, _ in found), key=self._demand)
        held = [match for each, match in found if each is entry]
        others = dict.fromkeys(each.name for each, _ in found if each is not entry)
        return EscalationDecision(
            map=self.called,
            entry=entry.name,
            answered_by=entry.answered_by,
            team=entry.team,
            level=self.level_of(entry) if entry.must_escalate else None,
            reason=entry.reason,
            approval=_needed(each for each, _ in found),
            private_in_public=all(each.private_in_public for each, _ in found),
            hits=tuple(hit for match in held for hit in match.hits),
            messages=tuple(match.subject.message.key for match in held),
            also=tuple(others),
        )

    def demands_more(self, one: str | None, other: str | None) -> bool:
        """Whether an entry demands more than another; what is none of the map demands least."""
        first, second = self.entry(one), self.entry(other)
        if first is None or second is None:
            return first is not None
        return self._demand(first) < self._demand(second)

    def _found(self, subjects: Iterable[Subject]) -> list[tuple[EscalationEntry, Match]]:
        """The entry that decides each subject that one does, with what it found."""
        firsts = (self._queries.first(subject) for subject in subjects)
        return [(self._by_name[name], match) for name, match in filter(None, firsts)]

    def _demand(self, entry: EscalationEntry) -> tuple[bool, int, int, int]:
        """How much an entry demands; the smallest demands most."""
        people = 0 if entry.approval is None else entry.approval.people
        level = self._places[self.level_of(entry)] if entry.must_escalate else -1
        return (not entry.must_escalate, -people, -level, self.entries.index(entry))

    # Where it goes

    def level_of(self, entry: EscalationEntry) -> str:
        """The level that an entry goes to first."""
        return entry.level or self.levels[0].name

    def team_of(self, level: str) -> str | None:
        """The team that stands for a level; None where the entry's own does."""
        return self.levels[self._places[level]].team

    def is_above(self, level: str | None, other: str | None) -> bool:
        """Whether one level is above another; what is none of the map's is below all."""
        return self._places.get(level or "", -1) > self._places.get(other or "", -1)

    def ladder(
        self, entry: EscalationEntry | None, *, level: str | None = None, team: str | None = None
    ) -> tuple[Rung, ...]:
        """The places that something climbs while nobody takes it, the first included.

        A step of the map that leads no higher than where it is already is left out.

        Args:
            entry: The entry that holds; None for what somebody escalated without one.
            level: At which level it begins, if not where the entry has it begin.
            team: With which team it begins, likewise.
        """
        own = None if entry is None else entry.team
        is_its_own = entry is not None and entry.steps is not None
        begins = level or (self.level_of(entry) if entry and entry.must_escalate else None)
        first = Rung(level=begins, team=team or (own if begins else None))
        rungs = [first]
        for step in self._steps_of(entry):
            above = step.level or self.above(rungs[-1].level)
            leads = step.team or self.team_of(above) or first.team or own
            if is_its_own or self.is_above(above, rungs[-1].level):
                rungs.append(Rung(after=step.after, level=above, team=leads))
        return tuple(rungs)

    def hours_of(self, entry: EscalationEntry | None) -> Hours:
        """The hours in which the steps of an entry count."""
        name = (entry.hours if entry is not None else None) or self.standard_hours
        return self._hours.get(name, CALENDAR_TIME)

    def _steps_of(self, entry: EscalationEntry | None) -> tuple[EscalationStep, ...]:
        if entry is not None and entry.steps is not None:
            return entry.steps
        return self.steps if entry is None or entry.must_escalate else ()

    def above(self, level: str | None) -> str:
        """The level above one; the highest is above itself, and the first above agents."""
        if level is None:
            return self.levels[0].name
        place = self._places.get(level, -1) + 1
        return self.levels[min(place, len(self.levels) - 1)].name

    # What it holds

    @cached_property
    def _by_name(self) -> dict[str, EscalationEntry]:
        return {entry.name: entry for entry in self.entries}

    @cached_property
    def _queries(self) -> QuerySet:
        return QuerySet({entry.name: entry.query for entry in self.entries})

    @cached_property
    def _places(self) -> dict[str, int]:
        return {level.name: place for place, level in enumerate(self.levels)}

    @cached_property
    def _hours(self) -> dict[str, BusinessHours]:
        return dict(self.hours)


def _needed(entries: Iterable[EscalationEntry]) -> tuple[Requirement, ...]:
    """The approvals that the entries ask for, each with the entry as its reason."""
    return together(
        attrs.evolve(each.approval, reason=each.name) for each in entries if each.approval
    )
