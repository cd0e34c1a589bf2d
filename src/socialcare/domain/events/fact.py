"""What every event has, and where it stands in the log."""

from datetime import datetime
from typing import ClassVar, TypeAlias

import attrs

from socialcare.domain.actor import Actor
from socialcare.domain.instants import instant

Key: TypeAlias = tuple[str, str]
"""A message, as channel and id."""


def _at(value: datetime) -> datetime:
    return instant(value, where="Event.at")


@attrs.frozen(kw_only=True)
class Event:
    """A fact.

    Attributes:
        conversation: The conversation that it was about, by its id at the time; None for what is
            about none.
        at: When it happened. For a message that is when it was taken in, not when it was sent.
        by: Who did it.
    """

    VERSION: ClassVar[int] = 1

    conversation: str | None
    at: datetime = attrs.field(converter=_at)
    by: Actor


@attrs.frozen(kw_only=True)
class Recorded:
    """An event in the log.

    Attributes:
        position: Where it stands among the events of its conversation; later ones are greater.
        event: The fact.
    """

    position: int
    event: Event
