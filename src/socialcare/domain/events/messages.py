"""Events about messages: what came, changed, was deleted or refused, and notes."""

from enum import StrEnum
from typing import ClassVar

import attrs

from socialcare.domain.assessment import Assessment
from socialcare.domain.events.fact import Event
from socialcare.domain.message import Message


@attrs.frozen(kw_only=True)
class MessageReceived(Event):
    """A message came over a channel, by the customer, a peer, or the brand elsewhere.

    Attributes:
        previous_id: The settled conversation that the message comes back to, where it began a new
            one because that was too long ago.
        assessment: What was made of it; None for what is not a customer's.
    """

    VERSION: ClassVar[int] = 2

    message: Message
    previous_id: str | None = None
    assessment: Assessment | None = None


@attrs.frozen(kw_only=True)
class MessageEdited(Event):
    """A channel brought another version of a message; the one with the latest `edited_at` shows.

    Attributes:
        assessment: What was made of this version; None for what is not a customer's.
    """

    VERSION: ClassVar[int] = 2

    message: Message
    assessment: Assessment | None = None


@attrs.frozen(kw_only=True)
class MessageDeleted(Event):
    """A message was deleted on its channel; its text is kept for the record only."""

    channel: str
    message_id: str


class Refusal(StrEnum):
    """Why a message was not taken in."""

    FUTURE = "future"
    ID_REUSED = "id_reused"
    TOO_LONG = "too_long"
    UNKNOWN_CHANNEL = "unknown_channel"
    FOREIGN_PRIVATE = "foreign_private"
    """It answers a private message of another customer."""
    INVALID = "invalid"


@attrs.frozen(kw_only=True)
class MessageRefused(Event):
    """A message was not taken in, and this is what is kept of it.

    Attributes:
        channel, message_id: Which one.
        refusal: Why not.
        said: What was found, and what would be right.
        excerpt: The beginning of its text.
    """

    channel: str
    message_id: str
    refusal: Refusal
    said: str
    excerpt: str | None = None


@attrs.frozen(kw_only=True)
class NoteWritten(Event):
    """Somebody left a note for colleagues: a message with visibility `internal`."""

    message: Message
