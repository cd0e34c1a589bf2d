"""The roll: what events make of the cards of agents.

A card is a view of the log: folding all events gives what a desk keeps beside them, card by card,
so that it need not.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from socialcare.domain.events import Assigned, Event, Leased, LeaseEnded, PresenceChanged
from socialcare.domain.routing.presence import Card, agent_named

__all__ = ["after", "concerned", "roll"]


def concerned(event: Event) -> tuple[str, ...]:
    """The agents whose cards an event changes."""
    match event:
        case Leased(taken_from=str(other)):
            return tuple(dict.fromkeys((event.agent_id, other)))
        case Assigned(agent_id=str(agent)):
            return (agent,)
        case PresenceChanged() | Leased() | LeaseEnded():
            return (event.agent_id,)
        case _:
            return ()


def after(card: Card, event: Event) -> Card:
    """The card of an agent after an event that concerns them."""
    where = event.conversation or ""
    match event:
        case PresenceChanged():
            return card.with_presence(
                event.presence, at=event.at, until=event.until, reason=event.reason
            )
        case Leased() if event.agent_id == card.agent_id:
            return card.with_held(where, event.until, now=event.at)
        case Leased() | LeaseEnded():
            return card.without_held(where)
        case _:
            return card.with_given(event.at)


def roll(events: Iterable[Event]) -> Mapping[str, Card]:
    """The cards that these events make, by agent; the events as they stand in the log."""
    cards: dict[str, Card] = {}
    for event in events:
        for agent_id in concerned(event):
            cards[agent_id] = after(agent_named(agent_id, cards), event)
    return MappingProxyType(cards)
