"""Service level policies: what is promised to whom, in which hours, and by which rules it counts.

A policy is a list of entries. The first whose conditions fit says what is promised: how soon the
first and each next response, how soon the resolution, how long in each team's hands.
How its clocks count is in `socialcare.domain.sla.rules`; what a policy makes of a
conversation is in `socialcare.domain.sla.clock`.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from socialcare.domain.categories import lineage
from socialcare.domain.hours import BusinessHours
from socialcare.domain.message import Visibility
from socialcare.domain.sla.rules import Promised, SlaRules, folded, some
from socialcare.errors import InvalidPolicy

__all__ = ["CALENDAR", "CONDITIONS", "SlaEntry", "SlaPolicy"]

CALENDAR = "calendar"
"""The name of the hours that are always open: calendar time."""
CONDITIONS = ("priority", "channel", "tier", "visibility", "brand", "category", "team")
"""What an entry can ask for, in the order in which it is told."""
_SECOND = timedelta(seconds=1)


def _target(
    entry: "SlaEntry",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[Any]",
    value: timedelta | None,
) -> None:
    if value is not None:
        _whole_seconds(value, f"SlaEntry.{attribute.name}")


def _whole_seconds(value: object, where: str) -> None:
    whole = isinstance(value, timedelta) and value >= _SECOND and not value % _SECOND
    if not whole:
        raise InvalidPolicy(str(value), where=where, right="a duration of whole seconds above zero")


def _by_team(
    value: Mapping[str, timedelta] | Iterable[tuple[str, timedelta]],
) -> tuple[tuple[str, timedelta], ...]:
    given = dict(value)
    for team, most in given.items():
        _whole_seconds(most, f"SlaEntry.time_in_team.{team}")
    return tuple((team.casefold(), given[team]) for team in sorted(given))


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1


def _shares(value: Iterable[float] | None) -> tuple[float, ...] | None:
    if value is None:
        return None
    given = tuple(value)
    for each in given:
        if not _is_share(each):
            right = "shares of the target between 0 and 1, such as 0.8"
            raise InvalidPolicy(each, where="SlaEntry.warnings", right=right)
    return tuple(sorted({float(each) for each in given}))


def _visible(
    entry: "SlaEntry",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[frozenset[str]]",
    value: frozenset[str],
) -> None:
    unknown = sorted(value - {each.value for each in Visibility})
    if unknown:
        right = f"one of {', '.join(Visibility)}"
        raise InvalidPolicy(unknown[0], where=f"SlaEntry.{attribute.name}", right=right)


@attrs.frozen(kw_only=True)
class SlaEntry:
    """What is promised where its conditions fit; a condition that is empty always fits.

    Attributes:
        name: How the entry is called; no other of the policy has that name.
        priority: Any of these priorities.
        channel: Any of these channels, of the message that opened the clock.
        tier: Any of these customer tiers.
        visibility: `public` or `private`, of the message that opened the clock.
        brand: Any of these brands.
        category: Any of these categories, or what is below them in the tree.
        team: In the hands of any of these teams.
        first_response: How soon the first response; None for no promise, likewise below.
        next_response: How soon each next one.
        resolution: How soon it is settled.
        time_in_team: By team how long it may be in its hands; `*` is every other team.
        hours: The business hours that count, by name; `calendar` for calendar time; None for the
            policy's standard hours.
        warnings: At which shares of a target to warn; None for the policy's.

    Raises:
        InvalidPolicy: If a target is not above zero or a share not between 0 and 1.
    """

    name: str = attrs.field(validator=some)
    priority: frozenset[str] = attrs.field(default=frozenset(), converter=folded)
    channel: frozenset[str] = attrs.field(default=frozenset(), converter=folded)
    tier: frozenset[str] = attrs.field(default=frozenset(), converter=folded)
    visibility: frozenset[str] = attrs.field(
        default=frozenset(), converter=folded, validator=_visible
    )
    brand: frozenset[str] = attrs.field(default=frozenset(), converter=folded)
    category: frozenset[str] = attrs.field(default=frozenset(), converter=folded)
    team: frozenset[str] = attrs.field(default=frozenset(), converter=folded)
    first_response: timedelta | None = attrs.field(default=None, validator=_target)
    next_response: timedelta | None = attrs.field(default=None, validator=_target)
    resolution: timedelta | None = attrs.field(default=None, validator=_target)
    time_in_team: tuple[tuple[str, timedelta], ...] = attrs.field(default=(), converter=_by_team)
    hours: str | None = None
    warnings: tuple[float, ...] | None = attrs.field(default=None, converter=_shares)

    def fits(self, circumstances: Mapping[str, str | None]) -> bool:
        """Whether every condition holds in these circumstances, by the names of `CONDITIONS`.

        >>> entry = SlaEntry(name="gold", tier={"Gold"}, category={"Billing"})
        >>> entry.fits({"tier": "gold", "category": "Billing / Refund"})
        True
        """
        for name, wanted in self._conditions:
            if not _holds(name, wanted, circumstances.get(name)):
                return False
        return True

    def because(self, circumstances: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
        """The conditions that the entry has, each with what was found."""
        return tuple((name, circumstances.get(name) or "") for name, _ in self._conditions)

    def promise(self, target: Promised, team: str | None = None) -> timedelta | None:
        """What is promised for a target, or None."""
        if target is Promised.TIME_IN_TEAM:
            most = self._time_in_team
            return most.get((team or "").casefold(), most.get("*"))
        promised: timedelta | None = getattr(self, target.value)
        return promised

    @cached_property
    def _conditions(self) -> tuple[tuple[str, frozenset[str]], ...]:
        each = ((name, getattr(self, name)) for name in CONDITIONS)
        return tuple((name, wanted) for name, wanted in each if wanted)

    @cached_property
    def _time_in_team(self) -> dict[str, timedelta]:
        return dict(self.time_in_team)


def _holds(name: str, wanted: frozenset[str], found: str | None) -> bool:
    if found is None:
        return False
    folded = found.casefold()
    if name != "category":
        return folded in wanted
    return not wanted.isdisjoint(lineage(folded))


def _by_name(
    value: Mapping[str, BusinessHours] | Iterable[tuple[str, BusinessHours]],
) -> tuple[tuple[str, BusinessHours], ...]:
    return tuple(sorted(dict(value).items(), key=lambda pair: pair[0]))


def _entries(value: Iterable[SlaEntry]) -> tuple[SlaEntry, ...]:
    return tuple(value)


def _told_apart(
    policy: "SlaPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[SlaEntry, ...]]",  # noqa: ARG001 - attrs passes it
    value: tuple[SlaEntry, ...],
) -> None:
    names = [entry.name for entry in value]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        right = "a name for each entry that no other has"
        raise InvalidPolicy(twice, where="SlaPolicy.entries", right=right)


@attrs.frozen(kw_only=True)
class SlaPolicy:
    """What is promised, to whom, and by which rules it counts.

    Attributes:
        name: How it is called.
        version: Which of that name; every clock records it.
        entries: In order: the first that fits decides.
        rules: How clocks count.
        hours: Business hours by name.
        standard_hours: The name of those that hold where an entry says nothing.
        warnings: At which shares of a target to warn.

    Raises:
        InvalidPolicy: If there is no entry, two have one name, or hours are named that are not
            there.

    >>> policy = SlaPolicy(
    ...     name="shop", entries=[SlaEntry(name="all", first_response=timedelta(hours=1))]
    ... )
    >>> policy.entry_for({}).name
    'all'
    """

    name: str = attrs.field(validator=some)
    version: str = "1"
    entries: tuple[SlaEntry, ...] = attrs.field(converter=_entries, validator=[some, _told_apart])
    rules: SlaRules = attrs.field(factory=SlaRules)
    hours: tuple[tuple[str, BusinessHours], ...] = attrs.field(default=(), converter=_by_name)
    standard_hours: str = CALENDAR
    warnings: tuple[float, ...] = attrs.field(default=(0.8,), converter=_shares)

    def __attrs_post_init__(self) -> None:
        known = (CALENDAR, *self._hours)
        named = [("SlaPolicy.standard_hours", self.standard_hours)]
        named += [
            (f"SlaPolicy.entries[{number}].hours", entry.hours)
            for number, entry in enumerate(self.entries)
            if entry.hours
        ]
        for where, name in named:
            if name not in known:
                raise InvalidPolicy(name, where=where, right=f"one of {', '.join(known)}")

    def entry_for(self, circumstances: Mapping[str, str | None]) -> SlaEntry | None:
        """The first entry that fits, or None."""
        return next((entry for entry in self.entries if entry.fits(circumstances)), None)

    @property
    def promises(self) -> frozenset[str]:
        """The words of the targets that some entry promises."""
        return frozenset(
            target.value
            for target in Promised
            for entry in self.entries
            if (
                entry.time_in_team
                if target is Promised.TIME_IN_TEAM
                else entry.promise(target) is not None
            )
        )

    def hours_of(self, entry: SlaEntry) -> str:
        """The name of the hours in which an entry counts."""
        return entry.hours or self.standard_hours

    def hours_named(self, name: str) -> BusinessHours | None:
        """The hours of that name; None for calendar time."""
        return self._hours.get(name)

    def warnings_of(self, entry: SlaEntry) -> tuple[float, ...]:
        """At which shares of its targets an entry warns."""
        return self.warnings if entry.warnings is None else entry.warnings

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "policy") -> "SlaPolicy":
        """The policy that a mapping describes, with the keys of the reference.

        Raises:
            InvalidPolicy: If a key is unknown or a value is not right; the message names the key
                and what would be right.
        """
        from socialcare.domain.sla.document import read

        return read(mapping, where=where)

    @classmethod
    def from_toml(cls, path: str | Path) -> "SlaPolicy":
        """The policy in a TOML file.

        Raises:
            InvalidPolicy: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.sla.document import read_toml

        return read_toml(path)

    def to_mapping(self) -> dict[str, object]:
        """The policy as `from_mapping` reads it, of texts, numbers, lists and dicts only."""
        from socialcare.domain.sla.document import written

        return written(self)

    @cached_property
    def _hours(self) -> dict[str, BusinessHours]:
        return dict(self.hours)
