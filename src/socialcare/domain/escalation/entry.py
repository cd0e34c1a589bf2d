"""What an entry of an escalation map says: who answers, who must see it, who must approve.

An entry is a query with what holds for a message that it finds. Agents may answer it themselves, or
a team must; somebody may have to approve the answer; and over time it goes on, step by step.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import attrs

from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.choices import Choice
from socialcare.domain.query import Query
from socialcare.errors import InvalidEscalationMap

__all__ = [
    "CALENDAR",
    "AnsweredBy",
    "EscalationEntry",
    "EscalationStep",
    "Level",
    "named",
    "positive",
]

CALENDAR = "calendar"
"""The name of the hours that never close."""
_SECOND = timedelta(seconds=1)


def named(
    instance: object,
    attribute: "attrs.Attribute[str]",
    value: str,
) -> None:
    """Refuses a text that says nothing."""
    if not value.strip():
        where = f"{type(instance).__name__}.{attribute.name}"
        raise InvalidEscalationMap(value, where=where, right="a text that is not empty")


def _maybe_named(
    instance: object, attribute: "attrs.Attribute[str | None]", value: str | None
) -> None:
    if value is not None and not value.strip():
        where = f"{type(instance).__name__}.{attribute.name}"
        raise InvalidEscalationMap(value, where=where, right="a text that is not empty")


def positive(instance: object, attribute: "attrs.Attribute[timedelta]", value: timedelta) -> None:
    """Refuses a duration that is not one of whole seconds above zero."""
    if value < _SECOND or value % _SECOND:
        where = f"{type(instance).__name__}.{attribute.name}"
        right = "a duration of whole seconds above zero, such as 30m"
        raise InvalidEscalationMap(str(value), where=where, right=right)


class AnsweredBy(Choice):
    """Who answers what an entry finds."""

    AGENTS = "agents"
    """Whoever has the conversation."""
    TEAM = "team"
    """Only the team responsible; agents must not."""


@attrs.frozen(kw_only=True)
class Level:
    """A level that something can be escalated to.

    Attributes:
        name: How it is called.
        team: Who stands for it, whichever entry it is; None where the entry's own team does.
    """

    name: str = attrs.field(validator=named)
    team: str | None = attrs.field(default=None, validator=_maybe_named)


@attrs.frozen(kw_only=True)
class EscalationStep:
    """Where something goes on to that nobody took in time.

    Attributes:
        after: How long after the escalation, or for what agents answer themselves after the
            customer began to wait.
        level: To which level; None for the one above the level before.
        team: To which team; None for that of the level, or else of the entry.
    """

    after: timedelta = attrs.field(validator=positive)
    level: str | None = attrs.field(default=None, validator=_maybe_named)
    team: str | None = attrs.field(default=None, validator=_maybe_named)


def _steps(value: Iterable[EscalationStep] | None) -> tuple[EscalationStep, ...] | None:
    return None if value is None else tuple(value)


def ascending(
    instance: object,
    attribute: "attrs.Attribute[Any]",
    value: tuple[EscalationStep, ...] | None,
) -> None:
    """Refuses steps of which one does not come later than the one before."""
    steps = value or ()
    for place in range(1, len(steps)):
        if steps[place].after <= steps[place - 1].after:
            where = f"{type(instance).__name__}.{attribute.name}[{place}].after"
            right = f"more than the {steps[place - 1].after} of the step before"
            raise InvalidEscalationMap(str(steps[place].after), where=where, right=right)


@attrs.frozen(kw_only=True)
class EscalationEntry:
    """A query, and what holds for the messages that it finds.

    Attributes:
        name: Unique in its map.
        query: When it holds.
        answered_by: Whether agents answer themselves, or only the team.
        team: The team responsible; None only where agents answer.
        level: To which level it goes first; None for the map's first.
        reason: Why, for those who get it.
        approval: Whose approval an answer needs; None where it needs none.
        private_in_public: Whether what was written in private may be answered in public at all.
        steps: Where it goes on to in time; None for the map's steps, or for none where agents
            answer.
        hours: The name of the hours in which its steps count; None for the map's.

    Raises:
        InvalidEscalationMap: If a text is empty, a team must answer and none is named, or a step
            comes no later than the one before.
    """

    name: str = attrs.field(validator=named)
    query: Query
    answered_by: AnsweredBy = attrs.field(converter=AnsweredBy)
    team: str | None = attrs.field(default=None, validator=_maybe_named)
    level: str | None = attrs.field(default=None, validator=_maybe_named)
    reason: str = attrs.field(validator=named)
    approval: Requirement | None = None
    private_in_public: bool = False
    steps: tuple[EscalationStep, ...] | None = attrs.field(
        default=None, converter=_steps, validator=ascending
    )
    hours: str | None = attrs.field(default=None, validator=_maybe_named)

    def __attrs_post_init__(self) -> None:
        if self.answered_by is AnsweredBy.TEAM and self.team is None:
            right = "the team that must answer"
            raise InvalidEscalationMap(None, where="EscalationEntry.team", right=right)

    @property
    def must_escalate(self) -> bool:
        """Whether agents must not answer it."""
        return self.answered_by is AnsweredBy.TEAM
