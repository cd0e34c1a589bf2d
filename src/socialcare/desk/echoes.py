"""Echoes: replies of ours that come back over the channel before we know that they were sent.

A channel takes a reply and shows it to everybody, us too, and the worker that sent it may not have
heard so yet, or may have died. Such a message is recognised by its channel, customer and text, as
long as the reply is on its way.
"""

from typing import TypeAlias

import attrs

from socialcare.domain.events import Reply
from socialcare.domain.message import Author, AuthorRole, Direction, Message
from socialcare.plugins.protocols import Sent, Store
from socialcare.plugins.records import Delivery, Entry

_LOOKED_AT = 10_000
"""Entries; those that are on their way are few, and the first ones of the outbox."""


_Replies: TypeAlias = dict[tuple[str | None, str], list[Entry]]
"""Entries by the customer and the text of their reply."""


@attrs.define
class Echoes:
    """Replies that are on their way, each to be found once.

    The outbox of a channel is looked at when the first message asks for it, since most batches
    bring nothing that the brand wrote.
    """

    _store: Store
    _replies: dict[str, _Replies] = attrs.field(factory=dict)

    def of(self, message: Message) -> Entry | None:
        """The entry of the outbox whose reply this is; None if it is none of ours."""
        if message.direction is not Direction.OUTBOUND or message.is_note or not message.text:
            return None
        channel = message.channel
        if channel not in self._replies:
            self._replies[channel] = _on_their_way(self._store, channel)
        found = self._replies[channel].get((message.customer_id, message.text))
        return found.pop(0) if found else None


def _on_their_way(store: Store, channel: str) -> _Replies:
    target = f"channel:{channel}"
    claimed = store.outbox(Delivery.CLAIMED, _LOOKED_AT, target=target)
    pending = store.outbox(Delivery.PENDING, _LOOKED_AT, target=target)
    found: _Replies = {}
    for entry in (*claimed, *(each for each in pending if each.attempts)):
        if isinstance(entry.what, Reply):
            key = (entry.what.customer_id, entry.what.text)
            found.setdefault(key, []).append(entry)
    return found


def delivered_message(reply: Reply, sent: Sent, *, given: str | None) -> Message:
    """What a reply became on its channel.

    Args:
        reply: The reply.
        sent: Under which id, and when.
        given: The id of the conversation, where the channel gave it.
    """
    role = AuthorRole.BOT if reply.automated else AuthorRole.AGENT
    return Message(
        id=sent.message_id,
        sent_at=sent.sent_at,
        direction=Direction.OUTBOUND,
        author=Author(id=reply.agent_id, role=role, team_id=reply.team_id),
        customer_id=reply.customer_id,
        channel=reply.channel,
        visibility=reply.visibility,
        brand=reply.brand,
        account=reply.account,
        in_reply_to=reply.in_reply_to,
        conversation_id=given,
        automated=reply.automated,
        text=reply.text,
        attachments=reply.attachments,
    )
