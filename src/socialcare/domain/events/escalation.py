"""Events about who must see a conversation: where it was escalated to, and who took it."""

from enum import StrEnum

import attrs

from socialcare.domain.events.fact import Event, Key


class Cause(StrEnum):
    """Why a conversation goes to a team or a level."""

    MAP = "map"
    """The map says that agents must not answer it."""
    PERSON = "person"
    """Somebody said so."""
    UNANSWERED = "unanswered"
    """Agents did not answer in time."""
    UNTAKEN = "untaken"
    """Nobody took it in time where it was."""
    NOBODY_ON_DUTY = "nobody_on_duty"
    """Nobody was on duty where it was."""
    HELD = "held"
    """Somebody took it, and was not done with it in time."""
    REPEATED = "repeated"
    """Nobody took it at the last level, which is told again."""


@attrs.frozen(kw_only=True)
class Escalated(Event):
    """The conversation went to a team that must see it, or went on to the next level.

    Attributes:
        escalation: Which escalation, by an id that stays the same while it goes on.
        level, team_id: Where it is from now on.
        reason: Why somebody must see it.
        because: Why it goes there now.
        entry: The entry of the map that says so; None where somebody did without one.
        map: Name and version of that map; None where there is none.
        step: How many steps of the entry it has gone; 0 where it begins.
        told: Who was on duty there, and is told; None where there is no rota that knows.
        messages: The messages that it is about, as channel and id.
        found: The words and facts by which the entry holds.
        note: What whoever escalated it wants the others to know.
    """

    escalation: str
    level: str
    team_id: str
    reason: str
    because: Cause = attrs.field(converter=Cause)
    entry: str | None = None
    map: str | None = None
    step: int = 0
    told: tuple[str, ...] | None = None
    messages: tuple[Key, ...] = ()
    found: tuple[str, ...] = ()
    note: str | None = None


@attrs.frozen(kw_only=True)
class Taken(Event):
    """Somebody took what was escalated, and cares for it from now on."""

    escalation: str
    agent_id: str


@attrs.frozen(kw_only=True)
class Returned(Event):
    """What was escalated was handed back, and agents go on with it.

    Attributes:
        escalation: Which escalation.
        agent_id, team_id: Whose the conversation is from now on; None for nobody's.
        note: What they need to know, such as what to answer.
    """

    escalation: str
    agent_id: str | None = None
    team_id: str | None = None
    note: str | None = None
