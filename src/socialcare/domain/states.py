"""The states of a conversation, as a table.

A state follows from the messages and from what people decided, and is never set by itself.
What happens to a conversation is one of five things; the table says what each makes of each state.
What is not in the table cannot happen.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a conversation stands."""

    NEW = "new"
    """The customer wrote, and nobody has answered yet."""
    OPEN = "open"
    """The customer wrote last, after an answer or after it had been settled."""
    WAITING = "waiting"
    """We wrote last: it is the customer's turn."""
    RESOLVED = "resolved"
    """Settled."""
    ARCHIVED = "archived"
    """Put away as needing no answer."""


class Happening(StrEnum):
    """What can happen to a conversation."""

    ASKED = "asked"
    """The customer wrote, and it was no mere thanks."""
    ANSWERED = "answered"
    """The brand wrote something that counts as a response."""
    RESOLVED = "resolved"
    ARCHIVED = "archived"
    REOPENED = "reopened"


TABLE: Mapping[tuple[State, Happening], State] = MappingProxyType(
    {
        (State.NEW, Happening.ASKED): State.NEW,
        (State.NEW, Happening.ANSWERED): State.WAITING,
        (State.NEW, Happening.RESOLVED): State.RESOLVED,
        (State.NEW, Happening.ARCHIVED): State.ARCHIVED,
        (State.OPEN, Happening.ASKED): State.OPEN,
        (State.OPEN, Happening.ANSWERED): State.WAITING,
        (State.OPEN, Happening.RESOLVED): State.RESOLVED,
        (State.OPEN, Happening.ARCHIVED): State.ARCHIVED,
        (State.WAITING, Happening.ASKED): State.OPEN,
        (State.WAITING, Happening.ANSWERED): State.WAITING,
        (State.WAITING, Happening.RESOLVED): State.RESOLVED,
        (State.WAITING, Happening.ARCHIVED): State.ARCHIVED,
        (State.RESOLVED, Happening.ASKED): State.OPEN,
        (State.RESOLVED, Happening.ANSWERED): State.RESOLVED,
        (State.RESOLVED, Happening.REOPENED): State.OPEN,
        (State.ARCHIVED, Happening.ASKED): State.OPEN,
        (State.ARCHIVED, Happening.ANSWERED): State.WAITING,
        (State.ARCHIVED, Happening.RESOLVED): State.RESOLVED,
        (State.ARCHIVED, Happening.REOPENED): State.OPEN,
    }
)
"""State and happening, and the state that follows."""

SETTLED = frozenset({State.RESOLVED, State.ARCHIVED})
"""States in which nobody waits for anybody."""


def allows(state: State, happening: Happening) -> bool:
    """Whether this can happen in that state.

    >>> allows(State.OPEN, Happening.REOPENED)
    False
    """
    return (state, happening) in TABLE
