"""Looks: what the passing of time does to one conversation.

A rule is a pure function of the conversation, the documents in force and the instant of the look.
What it wrote before it finds in the conversation, so it never writes it again, whoever looks and
however often. And it says when it is worth looking again if nothing happens, so that what is due is
found without looking at everything.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias

import attrs

from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Event, Reply

__all__ = ["Look", "Rule", "Told"]


@attrs.frozen(kw_only=True)
class Told:
    """What colleagues are to be told, through every notifier.

    Attributes:
        kind: What happened, as `Notice` has it.
        to: Whom it concerns: an agent or a team; None for everybody.
        said: What happened, in a sentence.
    """

    kind: str
    to: str | None
    said: str


def _events(value: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(value)


def _notices(value: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(value)


def _replies(value: Iterable[Reply]) -> tuple[Reply, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class Look:
    """What a rule found.

    Attributes:
        events: What is to be written, about this conversation.
        notices: What colleagues are to be told.
        replies: What is to be sent by itself, if the gate lets it through.
        next_at: When to look again if nothing happens; None if no time will change anything.
    """

    events: tuple[Event, ...] = attrs.field(default=(), converter=_events)
    notices: tuple[Told, ...] = attrs.field(default=(), converter=_notices)
    replies: tuple[Reply, ...] = attrs.field(default=(), converter=_replies)
    next_at: datetime | None = None


Rule: TypeAlias = Callable[[Workplace, Conversation, datetime], Look]
"""Looks at a conversation as it is at an instant; the log knows nothing that is later."""
