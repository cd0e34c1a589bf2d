"""Conversations: what one customer and one brand said to each other about one matter.

A conversation is a value: the messages in it, in order, and a name.
Which messages those are is the business of `socialcare.domain.threading`.
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialcare.domain.message import Direction, Message
from socialcare.errors import InvalidValue


def in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages by second, inbound before outbound, then by id and channel."""
    return tuple(sorted(messages, key=lambda message: message.order))


def _some(
    conversation: "Conversation",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[Message, ...]]",
    value: tuple[Message, ...],
) -> None:
    if not value:
        raise InvalidValue(
            value, where=f"Conversation.{attribute.name}", right="at least one message"
        )


@attrs.frozen(kw_only=True)
class Conversation:
    """The messages of one customer and one brand about one matter.

    Attributes:
        id: As given by the export, or `channel:message_id` of its first message that is no note.
        brand: Whose customer this is; two brands may give the same id.
        customer_id: The customer; None where nobody knows.
        messages: All of them, notes too, in order whatever the order they were given in.
        previous_id: The resolved conversation that this one comes back to, or None.

    Raises:
        InvalidValue: If it has no message.
    """

    id: str
    brand: str | None = None
    customer_id: str | None
    messages: tuple[Message, ...] = attrs.field(converter=in_order, validator=_some)
    previous_id: str | None = None

    @property
    def spoken(self) -> tuple[Message, ...]:
        """Its messages without the notes."""
        return tuple(message for message in self.messages if not message.is_note)

    @property
    def customer_messages(self) -> tuple[Message, ...]:
        """What the customer wrote: no notes, nothing automated, nothing by peers."""
        return tuple(message for message in self.messages if message.by_customer)

    @property
    def first_customer_message(self) -> Message | None:
        """The first message by the customer, or None where only others spoke."""
        return next((message for message in self.messages if message.by_customer), None)

    @property
    def last_message(self) -> Message:
        """The last message, notes included."""
        return self.messages[-1]

    @property
    def opened_at(self) -> datetime:
        """When its first message was sent, notes included, in UTC."""
        return self.messages[0].sent_at

    @property
    def began_by_customer(self) -> bool:
        """Whether its first message that is no note is inbound; not so if there are only notes."""
        return bool(self.spoken) and self.spoken[0].direction is Direction.INBOUND

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that it touched, each once, in the order in which it came to them."""
        return tuple(dict.fromkeys(message.channel for message in self.messages))
