"""Messages and conversations in few words, for tests that are read like a timetable.

Times are minutes after `NINE`, a Monday morning in UTC.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Author, AuthorRole, Direction, Message, Visibility

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """The instant so many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def message(minutes: float, direction: Direction, author: Author, **fields: Any) -> Message:
    """A message, by default on channel x, in public, in ada's conversation."""
    given = {
        "id": f"m{minutes:g}",
        "sent_at": at(minutes),
        "direction": direction,
        "author": author,
        "customer_id": "ada",
        "channel": "x",
    }
    return Message(**{**given, **fields})


def asks(minutes: float, **fields: Any) -> Message:
    """What the customer writes."""
    customer = fields.get("customer_id", "ada")
    author = Author(id=customer, role=AuthorRole.CUSTOMER)
    return message(minutes, Direction.INBOUND, author, **fields)


def answers(
    minutes: float, *, by: str | None = "anna", team: str | None = None, **fields: Any
) -> Message:
    """What an agent writes."""
    author = Author(id=by, role=AuthorRole.AGENT, team_id=team)
    return message(minutes, Direction.OUTBOUND, author, **fields)


def bot(minutes: float, **fields: Any) -> Message:
    """What a machine of the brand writes."""
    author = Author(role=AuthorRole.BOT)
    return message(minutes, Direction.OUTBOUND, author, **{"automated": True, **fields})


def peer(minutes: float, **fields: Any) -> Message:
    """What another customer answers."""
    author = Author(id="bo", role=AuthorRole.PEER)
    return message(minutes, Direction.INBOUND, author, **fields)


def note(minutes: float, **fields: Any) -> Message:
    """What an agent writes to colleagues."""
    return answers(minutes, **{"visibility": Visibility.INTERNAL, **fields})


def talk(*messages: Message, **fields: Any) -> Conversation:
    """A conversation of these messages."""
    return Conversation(**{"id": "c", "customer_id": "ada", "messages": messages, **fields})
