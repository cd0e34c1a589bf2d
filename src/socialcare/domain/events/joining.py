"""Events about which conversation is which, and whose handle is whose."""

from enum import StrEnum

import attrs

from socialcare.domain.customer import Handle
from socialcare.domain.events.fact import Event, Key


class Because(StrEnum):
    """Why conversations were merged or split."""

    MESSAGE = "message"
    """A late message, or an answer, joins them."""
    LINK = "link"
    """Two handles turned out to be one person, or not to be."""
    PERSON = "person"
    """Somebody said so."""


@attrs.frozen(kw_only=True)
class Merged(Event):
    """Another conversation became part of this one: all of its events now belong here."""

    other: str
    because: Because


@attrs.frozen(kw_only=True)
class Split(Event):
    """Messages went from this conversation to another, and are kept apart from now on.

    Attributes:
        into: The conversation that they went to.
        messages: Which ones, as channel and id.
        whole: Whether `into` is a conversation that was merged into this one and gets back all of
            its own events.
    """

    into: str
    messages: tuple[Key, ...]
    whole: bool = False
    because: Because


@attrs.frozen(kw_only=True)
class SplitOff(Event):
    """This conversation was split off another."""

    origin: str
    because: Because


@attrs.frozen(kw_only=True)
class NotesMoved(Event):
    """Notes went to the conversation that, as is now known, was going on when they were written."""

    into: str
    messages: tuple[Key, ...]


@attrs.frozen(kw_only=True)
class HandleLinked(Event):
    """A handle turned out to be this customer's."""

    handle: Handle
    customer_id: str


@attrs.frozen(kw_only=True)
class HandleUnlinked(Event):
    """A handle turned out to be nobody else's."""

    handle: Handle
