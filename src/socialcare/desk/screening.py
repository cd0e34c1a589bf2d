"""Screening: what is wrong with something that was brought, as far as it shows by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from operator import attrgetter

import attrs

from socialcare.domain.events import Refusal
from socialcare.domain.message import Message
from socialcare.domain.placed import Placed
from socialcare.plugins.protocols import Deletion

EARLY = timedelta(minutes=5)
"""How far a channel's clock may be ahead of ours."""
LONGEST_NAME = 500
"""Characters of an id or another name: more than any channel gives, and fewer than indexes hold."""
_NAMES = ("id", "channel", "customer_id", "in_reply_to", "conversation_id", "brand", "account")
_names = attrgetter(*_NAMES)
EXCERPT = 10_000
"""Characters of a refused message that are kept."""


@attrs.frozen(kw_only=True)
class Refused:
    """Why something is not taken in.

    Attributes:
        refusal: In one word.
        said: What was found, and what would be right.
    """

    refusal: Refusal
    said: str


def refused(
    brought: object, *, now: datetime, channels: Mapping[str, object], max_text: int
) -> Refused | None:
    """What is wrong with it; None if nothing is, as far as it shows without the log."""
    if not isinstance(brought, Message | Deletion):
        found = type(brought).__name__
        return Refused(
            refusal=Refusal.INVALID, said=f"found a {found}, expected a Message or a Deletion"
        )
    if channels and brought.channel not in channels:
        there = ", ".join(sorted(channels))
        said = f"no plugin brings the channel {brought.channel!r}; there are: {there}"
        return Refused(refusal=Refusal.UNKNOWN_CHANNEL, said=said)
    return _about_message(brought, now, max_text) if isinstance(brought, Message) else None


def _about_message(message: Message, now: datetime, max_text: int) -> Refused | None:
    if message.sent_at - now > EARLY:
        said = f"sent at {message.sent_at.isoformat()}, which is after {now.isoformat()}"
        return Refused(refusal=Refusal.FUTURE, said=f"{said}; check the channel's clock and ours")
    for field, name in zip(_NAMES, _names(message), strict=True):
        if name is not None and len(name) > LONGEST_NAME:
            said = f"{field} has {len(name)} characters; at most {LONGEST_NAME} are taken in"
            return Refused(refusal=Refusal.TOO_LONG, said=said)
    length = len(message.text or "")
    if length > max_text:
        said = f"a text of {length} characters; at most {max_text} are taken in"
        return Refused(refusal=Refusal.TOO_LONG, said=said)
    return None


def excerpt(brought: object) -> str | None:
    """The beginning of its text, as much as is kept of what is refused."""
    text = getattr(brought, "text", None)
    return text[:EXCERPT] if isinstance(text, str) else None


def named(brought: object) -> tuple[str, str]:
    """Channel and id of whatever was brought, empty where it has none."""
    found = (getattr(brought, "channel", None), getattr(brought, "id", None))
    channel, name = (each if isinstance(each, str) else "" for each in found)
    return channel, name


def foreign_private(parent: Placed, message: Placed) -> Refused | None:
    """What is wrong if the message answers what another customer wrote in private."""
    is_foreign = parent.private and None not in (parent.customer_id, message.customer_id)
    same_case = message.given is not None and parent.given == message.given
    if not is_foreign or same_case or parent.customer_id == message.customer_id:
        return None
    said = f"it answers {parent.channel}:{parent.id}, a private message of another customer"
    return Refused(refusal=Refusal.FOREIGN_PRIVATE, said=said)
