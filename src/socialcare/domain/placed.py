"""The index of messages: one row each, with what threading needs to know."""

from collections.abc import Iterable
from hashlib import blake2b

import attrs

from socialcare.domain.events import Key
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.naming import given_name
from socialcare.domain.stored_form import encoded, fields_of
from socialcare.domain.threading import Given


@attrs.frozen(kw_only=True)
class Placed:
    """A row of the index of messages: what threading needs to know of one.

    Attributes:
        channel, id: Which message.
        conversation: Where it was put; that may have become part of another since. None for one
            that is in none, and for one that was deleted before it came.
        brand, customer_id: Whose it is, the customer as a person.
        handle_id: The customer's id on the channel.
        second: When it was sent, whole seconds since 1970; None before it came.
        outbound, note, private: What kind of message it is.
        in_reply_to: The message on the channel that it answers.
        given: The conversation's id that the channel gave, where such ids are kept.
        anchored: Whether it is a note that is where it is because of the message that it answers.
        digest: Tells another message of the same id from a repeat.
        deleted: Whether it was deleted on its channel.
        key: Channel and id.
    """

    channel: str
    id: str
    conversation: str | None
    brand: str | None = None
    customer_id: str | None = None
    handle_id: str | None = None
    second: int | None = None
    outbound: bool = False
    note: bool = False
    private: bool = False
    in_reply_to: str | None = None
    given: str | None = None
    anchored: bool = False
    digest: str = ""
    deleted: bool = False
    key: Key = attrs.field(init=False, eq=False, repr=False)

    @key.default
    def _its_key(self) -> Key:
        return (self.channel, self.id)

    @property
    def order(self) -> tuple[int, bool, str, str]:
        """Its place among the messages of its customer, as `Message.order`."""
        return (self.second or 0, self.outbound, self.id, self.channel)

    def with_conversation(self, conversation: str, *, anchored: bool = False) -> "Placed":
        """The row in a conversation; written out, since every message goes through here."""
        return Placed(
            channel=self.channel,
            id=self.id,
            conversation=conversation,
            brand=self.brand,
            customer_id=self.customer_id,
            handle_id=self.handle_id,
            second=self.second,
            outbound=self.outbound,
            note=self.note,
            private=self.private,
            in_reply_to=self.in_reply_to,
            given=self.given,
            anchored=anchored,
            digest=self.digest,
            deleted=self.deleted,
        )


def digest(message: Message) -> str:
    """Tells versions of a message apart: the same for repeats, whenever each was received."""
    fields = fields_of(message)
    fields.pop("received_at", None)
    return blake2b(encoded(fields).encode("ascii"), digest_size=16).hexdigest()


def placed_row(message: Message, *, person: str | None, given: Given = Given.KEEP) -> Placed:
    """The row of a message that is in no conversation yet.

    Args:
        message: The message.
        person: The customer that its handle is linked to, or else the handle's id.
        given: Whether conversation ids that the channel gave are kept, as the policy has it.
    """
    return Placed(
        channel=message.channel,
        id=message.id,
        conversation=None,
        brand=message.brand or None,
        customer_id=person,
        handle_id=message.customer_id,
        second=message.second,
        outbound=message.direction is Direction.OUTBOUND,
        note=message.visibility is Visibility.INTERNAL,
        private=message.visibility is Visibility.PRIVATE,
        in_reply_to=message.in_reply_to,
        given=message.conversation_id if given is Given.KEEP else None,
        digest=digest(message),
    )


def given_names(rows: Iterable[Placed]) -> tuple[str, ...]:
    """The conversations that the channel gave for these rows, whose summaries `place` wants."""
    names = (given_name(row.brand, row.given) for row in rows if row.given is not None)
    return tuple(dict.fromkeys(names))
