"""The rules by which the clocks of a service level policy count.

Help desks agree that a promise has a clock, and differ in the rest: what stops it, from where it
runs for a follow-up, what a reopening does to it, and what happens when the priority changes
half-way. Each of these is a field of `SlaRules`.
"""

from collections.abc import Iterable, Sized
from functools import cached_property
from typing import Any

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.policy import (
    AgentBegan,
    Automated,
    HoursApply,
    MeasurementPolicy,
    ResponseType,
)
from socialcare.errors import InvalidPolicy

__all__ = [
    "ARCHIVED",
    "FollowUp",
    "OnChange",
    "Promised",
    "Reopening",
    "SlaPause",
    "SlaRules",
    "folded",
    "some",
]


class Promised(Choice):
    """What a clock runs for."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    TIME_IN_TEAM = "time_in_team"


class FollowUp(Choice):
    """From where the clock for a next response runs."""

    FIRST = "first"
    """From the first customer message that nobody has answered."""
    LAST = "last"
    """From the last one: every further message starts the clock again."""
    PREVIOUS_REPLY = "previous_reply"
    """From our previous response, whether the customer writes or not, until it is settled."""


class Reopening(Choice):
    """What a reopening does to the clocks that its resolution had stopped."""

    CONTINUE = "continue"
    """The clock goes on, and the time in between counts unless a pause takes it off."""
    RESTART = "restart"
    """The clock begins again at zero, and only its last run is judged."""
    NEW = "new"
    """A clock of its own begins; the first is judged by itself."""
    IGNORE = "ignore"
    """Nothing: the first resolution decided."""


class OnChange(Choice):
    """What happens where another entry fits half-way, because the priority changed, say."""

    RETARGET = "retarget"
    """The new target holds, counted from where the clock began."""
    RESTART = "restart"
    """The new target holds, counted from the change."""
    KEEP = "keep"
    """The target stays that of the beginning; only what was not known then is still taken in."""


def folded(value: Iterable[str] | str) -> frozenset[str]:
    """The words without regard to capitals; a single one may stand by itself."""
    given = (value,) if isinstance(value, str) else value
    return frozenset(each.casefold() for each in given)


def _promised(value: Iterable[str]) -> frozenset[Promised]:
    return frozenset(map(Promised, value))


def _response_types(value: Iterable[str]) -> frozenset[ResponseType]:
    return frozenset(map(ResponseType, value))


def some(instance: object, attribute: "attrs.Attribute[Any]", value: Sized) -> None:
    """Refuses an empty field."""
    if not value:
        where = f"{type(instance).__name__}.{attribute.name}"
        raise InvalidPolicy(value, where=where, right="at least one")


@attrs.frozen(kw_only=True)
class SlaPause:
    """States in which clocks stand still.

    Attributes:
        states: As in the status table; capitals do not matter.
        targets: Which clocks; all of them unless said otherwise.
    """

    states: frozenset[str] = attrs.field(converter=folded, validator=some)
    targets: frozenset[Promised] = attrs.field(
        default=frozenset(Promised), converter=_promised, validator=some
    )


def _pauses(value: Iterable[SlaPause]) -> tuple[SlaPause, ...]:
    return tuple(value)


ARCHIVED = SlaPause(states=frozenset({"archived"}))
"""Somebody put it away as needing no answer, so nobody waits."""


@attrs.frozen(kw_only=True)
class SlaRules:
    """How clocks count: everything in which help desks differ.

    Attributes:
        name: How the rules are called.
        follow_up: From where the clock for a next response runs.
        reopening: What a reopening does to the clocks of resolution and time in a team.
        on_change: What a change of priority, tier, category or team does to a running clock.
        automated: What an automated message does to a clock that waits for a response.
        agent_began: How conversations that we began count.
        responses: Which types of message are responses.
        pauses: The states in which clocks stand still.
        hours_apply: Which version of the business hours counts.

    Raises:
        InvalidPolicy: If a word is not one of the choices.
    """

    name: str = "socialcare"
    follow_up: FollowUp = attrs.field(default=FollowUp.FIRST, converter=FollowUp)
    reopening: Reopening = attrs.field(default=Reopening.CONTINUE, converter=Reopening)
    on_change: OnChange = attrs.field(default=OnChange.RETARGET, converter=OnChange)
    automated: Automated = attrs.field(default=Automated.IGNORE, converter=Automated)
    agent_began: AgentBegan = attrs.field(default=AgentBegan.NEXT, converter=AgentBegan)
    responses: frozenset[ResponseType] = attrs.field(
        default=frozenset({ResponseType.PUBLIC, ResponseType.PRIVATE}),
        converter=_response_types,
        validator=some,
    )
    pauses: tuple[SlaPause, ...] = attrs.field(default=(ARCHIVED,), converter=_pauses)
    hours_apply: HoursApply = attrs.field(default=HoursApply.EACH_MOMENT, converter=HoursApply)

    def pausing(self, target: Promised) -> frozenset[str]:
        """The states in which the clock for this target stands still."""
        return self._pausing[target]

    @cached_property
    def measurement(self) -> MeasurementPolicy:
        """The policy by which messages ask and answer."""
        return MeasurementPolicy(
            name=self.name,
            automated=self.automated,
            agent_began=self.agent_began,
            responses=self.responses,
        )

    @cached_property
    def _pausing(self) -> dict[Promised, frozenset[str]]:
        return {
            target: frozenset[str]().union(*(p.states for p in self.pauses if target in p.targets))
            for target in Promised
        }
