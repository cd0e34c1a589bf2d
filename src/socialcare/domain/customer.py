"""Customers: one person, known by several handles.

A message names its customer as the channel does: that is a handle.
Until somebody says otherwise, handles with the same id are one customer, of that id; so an adapter
makes ids that are unique across channels, unless it knows that two are the same person.
A link says that a handle is a customer of another id; unlinking takes it back.
"""

from collections.abc import Iterable, Mapping

import attrs

from socialcare.domain.message import Message


@attrs.frozen(kw_only=True, order=True)
class Handle:
    """How one channel knows somebody."""

    channel: str
    id: str


def _in_order(handles: Iterable[Handle]) -> tuple[Handle, ...]:
    return tuple(sorted(handles))


@attrs.frozen(kw_only=True)
class Customer:
    """A person, and the handles that are linked to them.

    Attributes:
        id: The host's id of them, or the id of their only handle.
        handles: The handles that were linked, in order of channel and id.
    """

    id: str
    handles: tuple[Handle, ...] = attrs.field(default=(), converter=_in_order)


def handle_of(message: Message) -> Handle | None:
    """The handle of a message's customer; None where nobody knows the customer."""
    if message.customer_id is None:
        return None
    return Handle(channel=message.channel, id=message.customer_id)


def person_of(message: Message, links: Mapping[Handle, str]) -> str | None:
    """The message's customer as a person: whom the handle is linked to, or else the handle's id."""
    if not links:  # as mostly, for every message goes through here
        return message.customer_id
    handle = handle_of(message)
    return None if handle is None else links.get(handle, handle.id)
