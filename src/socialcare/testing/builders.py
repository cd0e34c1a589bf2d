"""Messages in few words, for tests that are read like a timetable.

Times are minutes after `NINE`, a Monday morning in UTC; any field of a message can be given by
name.

>>> asks(3, text="Where is my parcel?").sent_at.isoformat()
'2026-03-02T09:03:00+00:00'
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from socialcare.domain.events import Reply
from socialcare.domain.message import Author, AuthorRole, Direction, Message, Visibility

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """The instant so many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def message(minutes: float, direction: Direction, author: Author, **fields: Any) -> Message:  # noqa: ANN401 - whatever a message has
    """A message, by default on the channel `fake`, in public, about what ada wants."""
    given = {
        "id": f"m{minutes:g}",
        "sent_at": at(minutes),
        "direction": direction,
        "author": author,
        "customer_id": "ada",
        "channel": "fake",
        "text": f"said at {minutes:g}",
    }
    return Message(**{**given, **fields})


def asks(minutes: float, **fields: Any) -> Message:  # noqa: ANN401 - as `message`
    """What the customer writes."""
    author = Author(id=fields.get("customer_id", "ada"), role=AuthorRole.CUSTOMER)
    return message(minutes, Direction.INBOUND, author, **fields)


def answers(minutes: float, *, by: str | None = "anna", **fields: Any) -> Message:  # noqa: ANN401 - as `message`
    """What an agent writes."""
    return message(minutes, Direction.OUTBOUND, Author(id=by, role=AuthorRole.AGENT), **fields)


def note(minutes: float, **fields: Any) -> Message:  # noqa: ANN401 - as `message`
    """What an agent writes to colleagues."""
    return answers(minutes, **{"visibility": Visibility.INTERNAL, **fields})


def reply(**fields: Any) -> Reply:  # noqa: ANN401 - whatever a reply has
    """A reply to ada on the channel `fake`."""
    given = {
        "id": "reply-1",
        "text": "It is on its way.",
        "channel": "fake",
        "visibility": Visibility.PUBLIC,
        "customer_id": "ada",
    }
    return Reply(**{**given, **fields})
