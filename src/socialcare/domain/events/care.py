"""Events about what people and rules make of a conversation, and do with it."""

from datetime import timedelta
from typing import ClassVar

import attrs

from socialcare.domain.assessment import Assessment
from socialcare.domain.events.fact import Event
from socialcare.domain.tier import Priority


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

    VERSION: ClassVar[int] = 2

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
