"""Messages: who said what, to whom, where, and when.

One `Message` is one utterance, and one row of the message table.
Everything that socialcare knows about a customer's wait is computed from these.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import attrs

from socialcare.domain.instants import epoch_second, instant
from socialcare.domain.validators import not_empty
from socialcare.errors import InvalidValue


class Direction(StrEnum):
    """Which way a message went."""

    INBOUND = "inbound"
    """By the customer, or by a member of the public."""
    OUTBOUND = "outbound"
    """By the brand."""


class Visibility(StrEnum):
    """Who can see a message."""

    PUBLIC = "public"
    PRIVATE = "private"
    INTERNAL = "internal"
    """A note among colleagues: never a response, and it never leaves."""


class AuthorRole(StrEnum):
    """In what role somebody wrote."""

    CUSTOMER = "customer"
    AGENT = "agent"
    PEER = "peer"
    """Another customer, who answers: no response unless a policy counts it."""
    BOT = "bot"


# Python 3.11 takes long to find a member in its class, and every message asks for these.
_INBOUND, _OUTBOUND = Direction.INBOUND, Direction.OUTBOUND
_INTERNAL = Visibility.INTERNAL
_PEER = AuthorRole.PEER
_NO_CUSTOMERS = frozenset({AuthorRole.PEER, AuthorRole.BOT})
_ID = not_empty("an id that is not empty")
_ID_OR_NONE = not_empty("an id that is not empty", or_none=True)
_DIRECTIONS = {each.value: each for each in Direction}
_VISIBILITIES = {each.value: each for each in Visibility}


def _direction(value: str) -> Direction:
    """The direction; by a look-up, since every message goes through here."""
    return _DIRECTIONS.get(value) or Direction(value)


def _visibility(value: str) -> Visibility:
    return _VISIBILITIES.get(value) or Visibility(value)


@attrs.frozen(kw_only=True)
class Author:
    """Who wrote a message.

    Attributes:
        id: The author's id on the channel, or the agent's in the help desk; None where unknown.
        role: In what role they wrote.
        name: How they are shown.
        team_id: The team of an agent.
        inferred: True where the id was read from a sign-off in the text and not from a column.
    """

    id: str | None = None
    role: AuthorRole = attrs.field(converter=AuthorRole)
    name: str | None = None
    team_id: str | None = None
    inferred: bool = False


@attrs.frozen(kw_only=True)
class Attachment:
    """A file, picture or link card that came with a message."""

    url: str
    media_type: str | None = None
    description: str | None = None


def attached(value: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Attachments as a message keeps them."""
    return value if isinstance(value, tuple) else tuple(value)


def _between_minus_one_and_one(
    message: "Message",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[float | None]",  # noqa: ARG001 - attrs passes it
    value: float | None,
) -> None:
    if value is not None and not -1.0 <= value <= 1.0:
        raise InvalidValue(value, where="Message.sentiment", right="a score from -1.0 to 1.0")


def _sent_at(value: datetime) -> datetime:
    return instant(value, where="Message.sent_at")


def _received_at(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, where="Message.received_at")


def _edited_at(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, where="Message.edited_at")


def _deleted_at(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, where="Message.deleted_at")


@attrs.frozen(kw_only=True)
class Message:
    """One utterance, by the customer or by the brand.

    Attributes:
        id: Unique within `channel`; a repeated one is the same message, not a second one.
        sent_at: When the channel says that it was written, as an aware datetime, kept in UTC.
        direction: Which way it went.
        author: Who wrote it.
        customer_id: The customer whose issue it is, in both directions; None for a broadcast.
        channel: Where it was written: `x`, `mastodon`, `email`, ...
        visibility: Who can see it.
        received_at: When it reached us.
        brand: Whose customer this is; conversations never cross from one brand to another.
        account: The brand's account that it went to or came from.
        in_reply_to: The id, on the same channel, of the message that it answers.
        conversation_id: The conversation, where the export already threads.
        automated: Written by a bot, an autoresponder, a survey or a rule.
        text: What was said; metrics that need no text work without it.
        category: What it is about.
        subcategory: What it is about, more closely.
        sentiment: How it sounds, from -1.0 (bad) to 1.0 (good).
        sentiment_scorer: Name and version of what scored it.
        language: As a BCP 47 tag.
        attachments: What came with it.
        edited_at: When its author last changed it; None for what was never changed. Of two
            versions of a message the later one shows.
        deleted_at: When it was deleted on its channel; it has no text and no attachments then.

    Raises:
        NaiveDatetime: If an instant has no time zone.
        InvalidValue: If an id is empty or a sentiment out of range.

    >>> from datetime import UTC
    >>> Message(
    ...     id="1",
    ...     text="Where is my parcel?",
    ...     sent_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    ...     direction="inbound",
    ...     author=Author(id="ada", role="customer"),
    ...     customer_id="ada",
    ...     channel="x",
    ... ).by_customer
    True
    """

    id: str = attrs.field(validator=_ID)
    sent_at: datetime = attrs.field(converter=_sent_at)
    direction: Direction = attrs.field(converter=_direction)
    author: Author
    customer_id: str | None = attrs.field(validator=_ID_OR_NONE)
    channel: str = attrs.field(validator=_ID)
    visibility: Visibility = attrs.field(default=Visibility.PUBLIC, converter=_visibility)
    received_at: datetime | None = attrs.field(default=None, converter=_received_at)
    brand: str | None = None
    account: str | None = None
    in_reply_to: str | None = None
    conversation_id: str | None = None
    automated: bool = False
    text: str | None = None
    category: str | None = None
    subcategory: str | None = None
    sentiment: float | None = attrs.field(default=None, validator=_between_minus_one_and_one)
    sentiment_scorer: str | None = None
    language: str | None = None
    attachments: tuple[Attachment, ...] = attrs.field(default=(), converter=attached)
    edited_at: datetime | None = attrs.field(default=None, converter=_edited_at)
    deleted_at: datetime | None = attrs.field(default=None, converter=_deleted_at)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it this message and no other: channel and id."""
        return (self.channel, self.id)

    @property
    def second(self) -> int:
        """When it was sent, in whole seconds since 1970 in UTC."""
        return epoch_second(self.sent_at)

    @property
    def order(self) -> tuple[int, bool, str, str]:
        """Its place in a conversation: second, inbound first, id, channel."""
        return (self.second, self.direction is _OUTBOUND, self.id, self.channel)

    @property
    def is_note(self) -> bool:
        """Whether it is an internal note."""
        return self.visibility is _INTERNAL

    @property
    def by_customer(self) -> bool:
        """Whether the customer wrote it: inbound, by no machine, no peer, and no note."""
        return (
            self.direction is _INBOUND
            and not self.automated
            and self.visibility is not _INTERNAL
            and self.author.role not in _NO_CUSTOMERS
        )

    @property
    def by_peer(self) -> bool:
        """Whether another customer wrote it."""
        return self.author.role is _PEER and not self.is_note

    @property
    def agent_id(self) -> str | None:
        """Who wrote it for the brand, or None."""
        return self.author.id if self.direction is _OUTBOUND else None
