"""Versions: whether a message that is known is a repeat, an edit, or another under the same id."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum, auto

import attrs

from socialcare.desk.transaction import version
from socialcare.domain.events import Event, Key, Recorded, ReplyDelivered
from socialcare.domain.instants import EPOCH
from socialcare.domain.message import Message
from socialcare.domain.placed import Placed, digest


class Verdict(Enum):
    """What a message is beside those of its id that are known."""

    REPEATED = auto()
    EDITED = auto()
    """A version that was not known; it need not be the latest."""
    REUSED = auto()
    """Another message."""


def about(log: Iterable[Recorded], key: Key) -> list[Event]:
    """The events that brought a version of the message."""
    found = (each.event for each in log)
    return [event for event in found if (own := version(event)) is not None and own.key == key]


def verdict(message: Message, events: Sequence[Event]) -> Verdict:
    """What the message is beside the versions that these events brought.

    A reply that was delivered is shown by its channel in its own way, with another author or
    instant, so whatever has its id is that reply again.
    """
    known = [own for event in events if (own := version(event)) is not None]
    if any(isinstance(event, ReplyDelivered) for event in events):
        return Verdict.REPEATED
    if digest(message) in {digest(own) for own in known}:
        return Verdict.REPEATED
    edits = {own.edited_at for own in known}
    is_edit = message.edited_at not in edits and _constant(message) == _constant(known[0])
    return Verdict.EDITED if is_edit else Verdict.REUSED


def loose_verdict(row: Placed, known: Placed) -> Verdict:
    """What a message in no conversation is beside what its row remembers.

    The row has the digests of all its versions, but not what they said; so what has its constant
    features is taken for a version of it.
    """
    if row.digest in known.digest.split():
        return Verdict.REPEATED
    bare = attrs.evolve(known, digest=row.digest, deleted=row.deleted)
    return Verdict.EDITED if bare == row else Verdict.REUSED


def shown(events: Iterable[Event]) -> Message:
    """The version that shows: the one that was edited last."""
    known = [own for event in events if (own := version(event)) is not None]
    return max(known, key=_edited)


def _edited(message: Message) -> datetime:
    return message.edited_at or EPOCH


def _constant(message: Message) -> tuple[object, ...]:
    """What no edit changes."""
    return (
        message.sent_at,
        message.direction,
        message.customer_id,
        message.author.id,
        message.author.role,
        message.visibility,
        message.in_reply_to,
        message.brand,
        message.conversation_id,
    )
