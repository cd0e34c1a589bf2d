"""Seals: what an approval is bound to.

A seal is a SHA-256 over the words, what is attached, who will see them and where, and over
everything that the customer said in the conversation. So whatever changes one of these, be it an
edit of the draft, a new message of the customer or an edit of an old one, changes the seal, and an
approval of the old one is worth nothing.
Who is credited with the answer, and under which id it goes out, is no part of it.
"""

from collections.abc import Iterable
from hashlib import sha256

from socialcare.domain.events import Reply
from socialcare.domain.message import Message
from socialcare.domain.stored_form import encoded, fields_of

_CONTENT = (
    "text",
    "attachments",
    "visibility",
    "channel",
    "customer_id",
    "in_reply_to",
    "brand",
    "account",
    "automated",
)


def seal(reply: Reply, heard: Iterable[Message]) -> str:
    """The SHA-256, in hexadecimal, of an answer together with what it answers.

    Args:
        reply: The answer as it would be sent.
        heard: What the customer said, in any order.
    """
    own = fields_of(reply)
    content = [own.get(name) for name in _CONTENT]
    versions = sorted(map(_version, heard))
    return sha256(encoded([content, versions]).encode("ascii")).hexdigest()


def _version(message: Message) -> list[str]:
    """A message and what its author made of it last; not what anybody says of it."""
    own = fields_of(message)
    shown = [own.get(name) for name in ("text", "attachments", "edited_at", "deleted_at")]
    return [message.channel, message.id, encoded(shown)]
