"""Echoes: replies of ours that come back over the channel before we know that they were sent.

A channel takes a reply and shows it to everybody, us too, and the worker that sent it may not have
heard so yet, or may have died. Such a message is recognised by its channel, customer and text, as
long as the reply is on its way.
"""

import attrs

from socialcare.domain.events import Reply
from socialcare.domain.message import Author, AuthorRole, Direction, Message
from socialcare.plugins.protocols import Sent, Store
from socialcare.plugins.records import Delivery, Entry

_LOOKED_AT = 10_000
"""Entries; those that are on their way are few, and the first ones of the outbox."""


@attrs.define
class Echoes:
    """Replies that are on their way, each to be found once.

    The outbox is looked at when the first message asks for it, since most batches bring nothing
    that the brand wrote.
    """

    _store: Store
    _entries: "dict[tuple[str, str | None, str], list[Entry]] | None" = None

    def of(self, message: Message) -> Entry | None:
        """The entry of the outbox whose reply this is; None if it is none of ours."""
        if message.direction is not Direction.OUTBOUND or message.is_note or not message.text:
            return None
        if self._entries is None:
            self._entries = _on_their_way(self._store)
        found = self._entries.get((message.channel, message.customer_id, message.text))
        return found.pop(0) if found else None


def _on_their_way(store: Store) -> dict[tuple[str, str | None, str], list[Entry]]:
    claimed = store.outbox(Delivery.CLAIMED, _LOOKED_AT)
    tried = (each for each in store.outbox(Delivery.PENDING, _LOOKED_AT) if each.attempts)
    found: dict[tuple[str, str | None, str], list[Entry]] = {}
    for entry in (*claimed, *tried):
        if isinstance(entry.what, Reply):
            reply = entry.what
            found.setdefault((reply.channel, reply.customer_id, reply.text), []).append(entry)
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
