"""Events about replies: written, sent, failed, tried again."""

import attrs

from socialcare.domain.events.fact import Event
from socialcare.domain.message import Attachment, Message, Visibility, attached


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
        attachments: What comes with it; a channel that can't carry them refuses the reply.
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
    attachments: tuple[Attachment, ...] = attrs.field(default=(), converter=attached)


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
