"""Events: the facts of a desk, one frozen class each.

What happened is an event, and a conversation is the fold of its events.
An event names its conversation as it was called when it happened, says when it happened and who
did it, and never changes; what it belongs to after a merge or a split is the log's business.

`VERSION` is the version of a class's stored form, and goes up when that changes.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, TypeAlias

import attrs

from socialcare.domain.actor import Actor
from socialcare.domain.assessment import Assessment
from socialcare.domain.customer import Handle
from socialcare.domain.instants import instant
from socialcare.domain.message import Message, Visibility
from socialcare.domain.tier import Priority

Key: TypeAlias = tuple[str, str]
"""A message, as channel and id."""


def _at(value: datetime) -> datetime:
    return instant(value, where="Event.at")


@attrs.frozen(kw_only=True)
class Event:
    """A fact.

    Attributes:
        conversation: The conversation that it was about, by its id at the time; None for what is
            about none.
        at: When it happened. For a message that is when it was taken in, not when it was sent.
        by: Who did it.
    """

    VERSION: ClassVar[int] = 1

    conversation: str | None
    at: datetime = attrs.field(converter=_at)
    by: Actor


# Messages


@attrs.frozen(kw_only=True)
class MessageReceived(Event):
    """A message came over a channel, by the customer, a peer, or the brand elsewhere.

    Attributes:
        previous_id: The settled conversation that the message comes back to, where it began a new
            one because that was too long ago.
        assessment: What was made of it; None for what is not a customer's.
    """

    message: Message
    previous_id: str | None = None
    assessment: Assessment | None = None


@attrs.frozen(kw_only=True)
class MessageEdited(Event):
    """A channel brought another version of a message; the one with the latest `edited_at` shows.

    Attributes:
        assessment: What was made of this version; None for what is not a customer's.
    """

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


# Replies


@attrs.frozen(kw_only=True)
class Reply:
    """What is to be sent to a customer.

    Attributes:
        id: Also the idempotency key under which the channel gets it.
        text: What it says.
        channel: Where it goes.
        visibility: Public or private.
        customer_id: To whom, as the channel knows them; None for a broadcast.
        in_reply_to: The message on that channel that it answers, or None.
        brand, account: On whose behalf, and from which account.
        agent_id, team_id: Who is credited with it.
        automated: Whether a machine wrote it.
    """

    id: str
    text: str
    channel: str
    visibility: Visibility = attrs.field(converter=Visibility)
    customer_id: str | None
    in_reply_to: str | None = None
    brand: str | None = None
    account: str | None = None
    agent_id: str | None = None
    team_id: str | None = None
    automated: bool = False


@attrs.frozen(kw_only=True)
class ReplyQueued(Event):
    """An answer was written, and is to be sent."""

    reply: Reply


@attrs.frozen(kw_only=True)
class ReplyDelivered(Event):
    """The channel took the reply; `message` is what it became there."""

    reply_id: str
    message: Message


@attrs.frozen(kw_only=True)
class ReplyFailed(Event):
    """The channel will not take the reply, or did not for too long; it waits among the dead."""

    reply_id: str
    said: str


@attrs.frozen(kw_only=True)
class ReplyRetried(Event):
    """Somebody had a failed reply sent again."""

    reply_id: str


# Care


@attrs.frozen(kw_only=True)
class Assigned(Event):
    """The conversation was given to somebody."""

    agent_id: str | None
    team_id: str | None = None


@attrs.frozen(kw_only=True)
class Released(Event):
    """The conversation was taken from everybody."""


@attrs.frozen(kw_only=True)
class Categorised(Event):
    """Somebody said what the conversation is about."""

    category: str | None
    subcategory: str | None = None


@attrs.frozen(kw_only=True)
class Tagged(Event):
    """A tag was put on the conversation."""

    tag: str


@attrs.frozen(kw_only=True)
class Untagged(Event):
    """A tag was taken off the conversation."""

    tag: str


@attrs.frozen(kw_only=True)
class SentimentMarked(Event):
    """Somebody or something scored how a message sounds, from -1.0 to 1.0.

    Attributes:
        scorer: Name and version of what scored it, or the person.
    """

    channel: str
    message_id: str
    score: float = attrs.field(
        validator=attrs.validators.and_(attrs.validators.ge(-1.0), attrs.validators.le(1.0))
    )
    scorer: str


@attrs.frozen(kw_only=True)
class Assessed(Event):
    """A message was looked at again: by a person who corrects, or by other rules.

    Attributes:
        assessment: What is made of it from now on.
    """

    channel: str
    message_id: str
    assessment: Assessment


@attrs.frozen(kw_only=True)
class Prioritised(Event):
    """Somebody said how much the conversation matters, until it is settled.

    Attributes:
        priority: That much; None to go by the rules again.
        allowance: How much later than the moment of asking its turn comes; None for no turn.
        reason: Why.
    """

    priority: Priority | None
    allowance: timedelta | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class HandlingStarted(Event):
    """An agent began to work on the conversation."""

    agent_id: str


@attrs.frozen(kw_only=True)
class HandlingStopped(Event):
    """An agent stopped working on the conversation."""

    agent_id: str


@attrs.frozen(kw_only=True)
class Resolved(Event):
    """The conversation was settled."""


@attrs.frozen(kw_only=True)
class Reopened(Event):
    """Somebody took a settled conversation up again; a customer's message does so by itself."""


@attrs.frozen(kw_only=True)
class Archived(Event):
    """The conversation needs no answer."""

    reason: str | None = None


# Which conversation is which


class Because(StrEnum):
    """Why conversations were merged or split."""

    MESSAGE = "message"
    """A late message, or an answer, joins them."""
    LINK = "link"
    """Two handles turned out to be one person, or not to be."""
    PERSON = "person"
    """Somebody said so."""


@attrs.frozen(kw_only=True)
class Merged(Event):
    """Another conversation became part of this one: all of its events now belong here."""

    other: str
    because: Because


@attrs.frozen(kw_only=True)
class Split(Event):
    """Messages went from this conversation to another, and are kept apart from now on.

    Attributes:
        into: The conversation that they went to.
        messages: Which ones, as channel and id.
        whole: Whether `into` is a conversation that was merged into this one and gets back all of
            its own events.
    """

    into: str
    messages: tuple[Key, ...]
    whole: bool = False
    because: Because


@attrs.frozen(kw_only=True)
class SplitOff(Event):
    """This conversation was split off another."""

    origin: str
    because: Because


@attrs.frozen(kw_only=True)
class NotesMoved(Event):
    """Notes went to the conversation that, as is now known, was going on when they were written."""

    into: str
    messages: tuple[Key, ...]


@attrs.frozen(kw_only=True)
class HandleLinked(Event):
    """A handle turned out to be this customer's."""

    handle: Handle
    customer_id: str


@attrs.frozen(kw_only=True)
class HandleUnlinked(Event):
    """A handle turned out to be nobody else's."""

    handle: Handle


@attrs.frozen(kw_only=True)
class Recorded:
    """An event in the log.

    Attributes:
        position: Where it stands among the events of its conversation; later ones are greater.
        event: The fact.
    """

    position: int
    event: Event
