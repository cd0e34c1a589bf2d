"""Presence: who is there, who is not, and what somebody was given last.

A card is what is known of one agent: what they said last about being there, when they were given
something last, and what they hold. Every part of it is a view of events, so it can be kept beside
them and looked up without reading the log, and `after` says what an event makes of it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.instants import instant

__all__ = ["Card", "Presence", "agent_named"]


class Presence(Choice):
    """Whether somebody can be given something."""

    PRESENT = "present"
    """They can."""
    BUSY = "busy"
    """They are there, and are given nothing new unless somebody says so or they ask for it."""
    AWAY = "away"
    """They are not there, and nobody can give them anything."""


_THEN: Mapping[Presence, Presence] = MappingProxyType(
    {
        Presence.PRESENT: Presence.AWAY,
        Presence.BUSY: Presence.PRESENT,
        Presence.AWAY: Presence.PRESENT,
    }
)
"""What somebody is once the time is over that they had named."""


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, where="Card")


def _held(
    value: Mapping[str, datetime] | Iterable[tuple[str, datetime]],
) -> tuple[tuple[str, datetime], ...]:
    return tuple(sorted(dict(value).items()))


@attrs.frozen(kw_only=True)
class Card:
    """What is known of an agent.

    Attributes:
        agent_id: Who.
        presence: What they said last; None where nobody ever said anything.
        since: Since when.
        until: Until when; None without end.
        reason: Why.
        given_at: When they were given a conversation last; None for never.
        given_then: How many they were given at that very instant.
        held: The conversations that they hold, by id, each with the end of the lease.
    """

    agent_id: str
    presence: Presence | None = attrs.field(
        default=None, converter=attrs.converters.optional(Presence)
    )
    since: datetime | None = attrs.field(default=None, converter=_moment)
    until: datetime | None = attrs.field(default=None, converter=_moment)
    reason: str | None = None
    given_at: datetime | None = attrs.field(default=None, converter=_moment)
    given_then: int = 0
    held: tuple[tuple[str, datetime], ...] = attrs.field(default=(), converter=_held)

    def at(self, now: datetime) -> Presence | None:
        """Whether they are there at an instant; None where nobody ever said anything.

        What was said until an instant is over then: who was away or busy is there again, and who
        was there is away.

        >>> from datetime import UTC
        >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        >>> card = Card(agent_id="anna", presence="away", since=noon, until=noon.replace(hour=13))
        >>> card.at(noon), card.at(noon.replace(hour=13))
        (<Presence.AWAY: 'away'>, <Presence.PRESENT: 'present'>)
        """
        if self.presence is None or self.until is None or now < self.until:
            return self.presence
        return _THEN[self.presence]

    def is_away(self, now: datetime) -> bool:
        """Whether they are known to be away."""
        return self.at(now) is Presence.AWAY

    def said(self, now: datetime) -> str:
        """Whether they are there, in words.

        >>> Card(agent_id="anna", presence="busy").said(datetime(2026, 3, 2))
        'anna is busy'
        """
        presence = self.at(now)
        if presence is None:
            return f"nobody said whether {self.agent_id} is there"
        is_over = self.until is not None and self.until <= now
        end = "" if self.until is None or is_over else f" until {_clock(self.until)}"
        why = f", {self.reason}" if self.reason and not is_over else ""
        return f"{self.agent_id} is {presence}{end}{why}"

    def with_presence(
        self, presence: Presence, *, at: datetime, until: datetime | None, reason: str | None
    ) -> "Card":
        """The card of somebody who is this from now on."""
        return attrs.evolve(self, presence=presence, since=at, until=until, reason=reason)

    def with_given(self, at: datetime) -> "Card":
        """The card of somebody who was given a conversation, whatever is told first."""
        if self.given_at is None or self.given_at < at:
            return attrs.evolve(self, given_at=at, given_then=1)
        if at < self.given_at:
            return self
        return attrs.evolve(self, given_then=self.given_then + 1)

    def with_held(self, conversation: str, until: datetime, *, now: datetime) -> "Card":
        """The card of somebody who holds a conversation; what is over is forgotten."""
        return attrs.evolve(self, held={**dict(self.holding(now)), conversation: until})

    def without_held(self, conversation: str) -> "Card":
        """The card of somebody who does not hold a conversation any more."""
        return attrs.evolve(self, held=[each for each in self.held if each[0] != conversation])

    def holding(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What they hold at an instant, each with the end of the lease."""
        return tuple(each for each in self.held if now < each[1])


def agent_named(agent_id: str, cards: Mapping[str, Card]) -> Card:
    """The card of an agent; an empty one where nothing is known."""
    return cards.get(agent_id) or Card(agent_id=agent_id)


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
