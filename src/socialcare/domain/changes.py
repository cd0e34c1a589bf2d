"""Changes: when a conversation came into a state, into whose hands, and when what was known of it.

The first two are the rows of the status and the assignment table.
Each holds until the next row of the same conversation.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import attrs

from socialcare.domain.instants import epoch_second, instant


def _lower(value: str) -> str:
    return value.lower()


def _at(value: datetime) -> datetime:
    return instant(value, where="at")


@attrs.frozen(kw_only=True)
class Status:
    """A conversation came into a state, and stays in it until the next row.

    Attributes:
        conversation_id: The conversation.
        at: When.
        status: The state, kept in lower case.
        by: Who set it, or None.
    """

    conversation_id: str
    at: datetime = attrs.field(converter=_at)
    status: str = attrs.field(converter=_lower)
    by: str | None = None

    @property
    def order(self) -> tuple[int, str, str]:
        """Its place among the rows of its conversation: second, then state, then who."""
        return (epoch_second(self.at), self.status, self.by or "")


@attrs.frozen(kw_only=True)
class Assignment:
    """A conversation was given to an agent, until the next row.

    Attributes:
        conversation_id: The conversation.
        at: When.
        agent_id: Whose it became; None where it was taken from everybody.
        team_id: The team, or None.
    """

    conversation_id: str
    at: datetime = attrs.field(converter=_at)
    agent_id: str | None
    team_id: str | None = None

    @property
    def order(self) -> tuple[int, str, str]:
        """Its place among the rows of its conversation: second, then agent, then team."""
        return (epoch_second(self.at), self.agent_id or "", self.team_id or "")


class Kind(StrEnum):
    """What can become known of a conversation."""

    PRIORITY = "priority"
    """How much it matters, as the word of its tier."""
    TIER = "tier"
    """What kind of customer it is."""
    CATEGORY = "category"
    """What it is about, as a path such as `Delivery / Late`."""
    STATE = "state"
    """Where it stands, as `State` has it."""


@attrs.frozen(kw_only=True)
class Learnt:
    """Something is known of a conversation from an instant on, until the next row of its kind.

    Attributes:
        at: From when on.
        kind: What is known.
        value: What it is.
    """

    at: datetime
    kind: Kind
    value: str


_Row = TypeVar("_Row", Status, Assignment)


def by_conversation(rows: Iterable[_Row]) -> dict[str, tuple[_Row, ...]]:
    """The rows of each conversation, by its id."""
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.conversation_id].append(row)
    return {conversation_id: tuple(own) for conversation_id, own in found.items()}


def known(conversation_id: str, statuses: Iterable[Status], as_of: datetime) -> tuple[Status, ...]:
    """The status rows of one conversation no later than the second of `as_of`, in order."""
    last = epoch_second(as_of)
    own = (row for row in statuses if row.conversation_id == conversation_id)
    rows = (row for row in own if epoch_second(row.at) <= last)
    return tuple(sorted(rows, key=lambda row: row.order))
