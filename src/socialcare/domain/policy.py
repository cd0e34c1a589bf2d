"""Measurement policies: the choices that make two numbers of one name differ.

"First response time" has as many meanings as there are vendors.
Each choice behind it is one field here, so that a number can be computed by the rules of the
vendor that it is compared with, and a difference can be traced to the rule that made it.
Ours are the defaults; the presets of `socialcare.domain.presets` are those of others.

A policy is also data: a mapping or a TOML file with the same names, durations as texts.
"""

import math
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs

from socialcare.domain.choices import Choice
from socialcare.errors import InvalidPolicy


class Opens(Choice):
    """Which customer message opens a wait, where several came before the response."""

    FIRST = "first"
    LAST = "last"
    EACH = "each"
    """Every one is a wait of its own, and the next response closes them all."""


class Automated(Choice):
    """What an automated message by the brand does to a wait."""

    IGNORE = "ignore"
    STOP = "stop"
    """It ends the wait, which is then neither answered nor pending: it is left out."""
    COUNT = "count"
    """It is a response like any other."""


class AgentBegan(Choice):
    """How the waits of a conversation that the brand began are counted."""

    NEXT = "next"
    """None of them is a first response."""
    FIRST = "first"
    """The first of them is a first response."""
    EXCLUDE = "exclude"
    """Such a conversation has no waits."""


class ResponseType(Choice):
    """A type of message that can be a response."""

    PUBLIC = "public"
    PRIVATE = "private"
    INTERNAL = "internal"
    """A note among colleagues."""
    PEER = "peer"
    """An answer by another customer."""


class ResolutionCloses(Choice):
    """Which resolution closes a conversation that was resolved more than once."""

    LAST = "last"
    FIRST = "first"


class HoursApply(Choice):
    """Which version of the business hours counts."""

    EACH_MOMENT = "each_moment"
    """At each moment the version in force at it."""
    START = "start"
    """Throughout the version in force when the wait opened."""


class CreditedTo(Choice):
    """Whose response it was."""

    AUTHOR = "author"
    """Who wrote it, whoever was assigned."""
    ASSIGNEE = "assignee"
    """Who was assigned when it was sent; its author where nobody was."""


class Target(Choice):
    """What a service level can be promised for."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


def _several(value: Iterable[str], *, where: str) -> Iterable[str]:
    """The words, unless it is one word, which would be taken for its letters."""
    if isinstance(value, str):
        raise InvalidPolicy(value, where=where, right="several texts, such as a set of them")
    return value


def _states(value: Iterable[str]) -> frozenset[str]:
    return frozenset(state.lower() for state in _several(value, where="Pause.states"))


def _targets(value: Iterable[str]) -> frozenset[Target]:
    return frozenset(map(Target, _several(value, where="Pause.targets")))


def _some(
    instance: object, attribute: "attrs.Attribute[frozenset[Any]]", value: frozenset[Any]
) -> None:
    if not value:
        where = f"{type(instance).__name__}.{attribute.name}"
        raise InvalidPolicy(sorted(value), where=where, right="at least one")


@attrs.frozen(kw_only=True)
class Pause:
    """Time that does not count: that which a conversation spends in these states.

    Attributes:
        states: The states, in lower case.
        targets: What stands still meanwhile.
    """

    states: frozenset[str] = attrs.field(converter=_states, validator=_some)
    targets: frozenset[Target] = attrs.field(
        default=frozenset(Target), converter=_targets, validator=_some
    )


def _above_zero(
    instance: object, attribute: "attrs.Attribute[timedelta | None]", value: object
) -> None:
    if value is not None and (not isinstance(value, timedelta) or value <= timedelta(0)):
        where = f"{type(instance).__name__}.{attribute.name}"
        raise InvalidPolicy(value, where=where, right="a timedelta of more than zero")


@attrs.frozen(kw_only=True)
class Targets:
    """What was promised, in business time where hours are given; None for no promise."""

    first_response: timedelta | None = attrs.field(default=None, validator=_above_zero)
    next_response: timedelta | None = attrs.field(default=None, validator=_above_zero)
    resolution: timedelta | None = attrs.field(default=None, validator=_above_zero)

    def of(self, target: Target) -> timedelta | None:
        """What was promised for this target, or None."""
        promised: timedelta | None = getattr(self, target.value)
        return promised


def _price(value: object, *, where: str) -> float:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        amount = float(value)
        if math.isfinite(amount) and amount >= 0:
            return amount
    raise InvalidPolicy(value, where=where, right="an amount of money, zero or more")


def _prices(value: Mapping[str, float | Decimal]) -> Mapping[str, float]:
    where = "CostTable.per_contact"
    return MappingProxyType({key: _price(value[key], where=f"{where}.{key}") for key in value})


def _alternative(value: float | None) -> float | None:
    return None if value is None else _price(value, where="CostTable.alternative")


@attrs.frozen(kw_only=True)
class CostTable:
    """What a contact costs, as the user says.

    Attributes:
        currency: As an ISO 4217 code.
        per_contact: The cost of one conversation by channel.
        alternative: What the same contact would have cost elsewhere, on the telephone say.
    """

    currency: str
    per_contact: Mapping[str, float] = attrs.field(converter=_prices, hash=False)
    alternative: float | None = attrs.field(default=None, converter=_alternative)


def _responses(value: Iterable[str]) -> frozenset[ResponseType]:
    words = _several(value, where="MeasurementPolicy.responses")
    return frozenset(map(ResponseType, words))


def _pauses(value: Iterable[Pause]) -> tuple[Pause, ...]:
    return tuple(value)


def _settle(
    policy: "MeasurementPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: object,
) -> None:
    if not isinstance(value, timedelta) or value < timedelta(0):
        where = f"MeasurementPolicy.{attribute.name}"
        raise InvalidPolicy(value, where=where, right="a timedelta of zero or more")


@attrs.frozen(kw_only=True)
class MeasurementPolicy:
    """The rules by which waits and resolutions are measured.

    Attributes:
        name: How it is called in reports.
        version: Which of that name; a report records it.
        opens: Which customer message opens a wait.
        automated: What an automated message by the brand does to a wait.
        agent_began: How conversations that the brand began count.
        responses: Which types of message are responses.
        resolution_closes: Which of several resolutions closes.
        pauses: The states in which time does not count, and for what.
        hours_apply: Which version of the business hours counts.
        credited_to: Whose response it was.
        settle: How long no customer message must come for a log without statuses to call a
            conversation resolved.
        targets: What was promised.
        costs: What a contact costs, or None.

    Raises:
        InvalidPolicy: If a word is not one of the choices or a duration is negative.

    >>> MeasurementPolicy(opens="last").opens
    <Opens.LAST: 'last'>
    >>> MeasurementPolicy.preset("zendesk").name
    'zendesk'
    """

    name: str = "socialcare"
    version: str = "1"
    opens: Opens = attrs.field(default=Opens.FIRST, converter=Opens)
    automated: Automated = attrs.field(default=Automated.IGNORE, converter=Automated)
    agent_began: AgentBegan = attrs.field(default=AgentBegan.NEXT, converter=AgentBegan)
    responses: frozenset[ResponseType] = attrs.field(
        default=frozenset({ResponseType.PUBLIC, ResponseType.PRIVATE}),
        converter=_responses,
        validator=_some,
    )
    resolution_closes: ResolutionCloses = attrs.field(
        default=ResolutionCloses.LAST, converter=ResolutionCloses
    )
    pauses: tuple[Pause, ...] = attrs.field(default=(), converter=_pauses)
    hours_apply: HoursApply = attrs.field(default=HoursApply.EACH_MOMENT, converter=HoursApply)
    credited_to: CreditedTo = attrs.field(default=CreditedTo.AUTHOR, converter=CreditedTo)
    settle: timedelta = attrs.field(default=timedelta(days=3), validator=_settle)
    targets: Targets = Targets()
    costs: CostTable | None = None

    def pausing(self, target: Target) -> frozenset[str]:
        """The states in which time does not count for this target."""
        return frozenset[str]().union(*(p.states for p in self.pauses if target in p.targets))

    @classmethod
    def preset(cls, name: str) -> "MeasurementPolicy":
        """One of the policies of `socialcare.domain.presets`.

        Raises:
            InvalidPolicy: If there is none of that name; the message lists those there are.
        """
        from socialcare.domain.presets import preset

        return preset(name)

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], *, where: str = "policy"
    ) -> "MeasurementPolicy":
        """The policy that a mapping describes; a key that is missing has our default.

        Args:
            mapping: The fields by name; durations as texts such as `3d`.
                `preset` names the policy from which the others depart.
            where: What to call the mapping in errors, such as the name of its file.

        Raises:
            InvalidPolicy: If a key is unknown or its value is not one of the choices.

        >>> policy = MeasurementPolicy.from_mapping({"preset": "zendesk", "settle": "1d"})
        >>> policy.settle
        datetime.timedelta(days=1)
        """
        from socialcare.domain.policy_mapping import read

        return read(mapping, where=where)

    @classmethod
    def from_toml(cls, path: str | Path) -> "MeasurementPolicy":
        """The policy in a TOML file.

        Raises:
            InvalidPolicy: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            OSError: If the file cannot be opened.
        """
        text = Path(path).read_bytes()
        try:
            mapping = tomllib.loads(text.decode("utf-8"))
        except ValueError as error:
            raise InvalidPolicy(str(error), where=str(path), right="a TOML file in UTF-8") from None
        return cls.from_mapping(mapping, where=str(path))

    def to_mapping(self) -> dict[str, object]:
        """The policy as `from_mapping` reads it, of texts, numbers, lists and dicts only."""
        from socialcare.domain.policy_mapping import written

        return written(self)
