"""Tables: a conversation as rows of the message table and of the tables beside it.

The columns are those of the reference; what a desk knows of every message is always there, so
that the same numbers can be computed whatever was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from socialcare.domain.assessment import UNREAD, Assessment
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Handle, person_of
from socialcare.domain.events import Categorised, Recorded
from socialcare.domain.message import Direction, Message
from socialcare.domain.playbook.redirects import is_asking_elsewhere, is_redirected
from socialcare.domain.responses import is_automated

Cell: TypeAlias = str | datetime | bool | float | None
Row: TypeAlias = tuple[str, tuple[Cell, ...]]
"""The name of a table, and the cells of one row of it."""

MESSAGES = "messages"
_TELLING: Mapping[str, int] = MappingProxyType({"escalations": 3, "approvals": 3})
"""How many cells tell a row from others, where it may end later: a stay at a level by conversation,
instant and level, a round of a draft by conversation, draft and instant."""
TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        MESSAGES: (
            "message_id",
            "sent_at",
            "received_at",
            "direction",
            "customer_id",
            "author_id",
            "agent_id",
            "team_id",
            "brand",
            "account",
            "channel",
            "visibility",
            "in_reply_to",
            "conversation_id",
            "author_role",
            "automated",
            "category",
            "subcategory",
            "sentiment",
            "sentiment_scorer",
            "language",
            "merits_attention",
            "needs_response",
            "indirect",
            "redirected",
            "redirect_requested",
            "text",
        ),
        "handling": ("conversation_id", "agent_id", "started_at", "ended_at"),
        "status": ("conversation_id", "at", "status", "by"),
        "assignment": ("conversation_id", "at", "agent_id", "team_id"),
        "approvals": (
            "conversation_id",
            "draft",
            "asked_at",
            "decided_at",
            "decision",
            "by",
            "message_id",
        ),
        "escalations": (
            "conversation_id",
            "at",
            "level",
            "team_id",
            "reason",
            "entry",
            "taken_at",
            "returned_at",
        ),
    }
)
"""The columns of each table, in the order of the cells of its rows."""


def messages_in(
    conversation: Conversation, recorded: Sequence[Recorded], people: Mapping[Handle, str]
) -> Iterator[tuple[Message, Row]]:
    """The messages of a conversation, each with its row.

    What somebody said that the conversation is about goes before what its messages say.

    Args:
        conversation: The conversation.
        recorded: Its events.
        people: The customers that handles are linked to.
    """
    about = _about(recorded)
    for message in conversation.messages:
        read = conversation.assessments.get(message.key, UNREAD)
        yield message, message_row(message, conversation.id, people, about, read)


def _about(recorded: Sequence[Recorded]) -> Categorised | None:
    said = (each.event for each in reversed(recorded))
    return next((event for event in said if isinstance(event, Categorised)), None)


def message_row(
    message: Message,
    conversation_id: str | None,
    people: Mapping[Handle, str],
    about: Categorised | None = None,
    read: Assessment = UNREAD,
) -> Row:
    """One message as a row; its customer is the person, however the channel knows them."""
    outbound = message.direction is Direction.OUTBOUND
    category, subcategory = _category(message, about, read)
    theirs = message.by_customer
    cells = (
        message.id,
        message.sent_at,
        message.received_at,
        message.direction.value,
        person_of(message, people),
        None if outbound else message.author.id,
        message.agent_id,
        message.author.team_id if outbound else None,
        message.brand or None,
        message.account,
        message.channel,
        message.visibility.value,
        message.in_reply_to,
        conversation_id,
        message.author.role.value,
        is_automated(message),
        category,
        subcategory,
        message.sentiment,
        message.sentiment_scorer,
        message.language,
        read.merits_attention if theirs else None,
        read.needs_response if theirs else None,
        read.indirect if theirs and read is not UNREAD else None,
        _redirected(message),
        is_asking_elsewhere(message.text) if theirs and message.text else None,
        message.text or None,
    )
    return (MESSAGES, cells)


def _redirected(message: Message) -> bool | None:
    """Whether an answer told the customer to use another channel, by its words."""
    answers = message.direction is Direction.OUTBOUND and not message.is_note
    return is_redirected(message.text) if answers and message.text else None


def _category(
    message: Message, about: Categorised | None, read: Assessment
) -> tuple[str | None, str | None]:
    """What somebody said that it is about, or else its channel, or else rules and classifiers."""
    if about is not None:
        return about.category, about.subcategory
    if message.category is None and read.category is not None:
        return read.categories
    return message.category, message.subcategory


def identity(row: Row) -> str:
    """What tells a row from all others, also from what it was before: a stay may have ended since.

    >>> stay = ("c1", 1, "team_leader", "legal", "law", None, None, None)
    >>> identity(("escalations", stay)) == identity(("escalations", (*stay[:-1], 9)))
    True
    """
    table, cells = row
    return repr((table, cells[: _TELLING.get(table)]))


def beside(conversation: Conversation) -> Iterator[Row]:
    """The rows of a conversation in the tables beside the messages.

    Handling that has not stopped yet is no span so far, and in no row.
    """
    own = conversation.id
    for span in conversation.handling:
        yield ("handling", (own, span.agent_id, span.started_at, span.ended_at))
    for change in conversation.statuses:
        yield ("status", (own, change.at, change.status, change.by))
    for given in conversation.assignments:
        yield ("assignment", (own, given.at, given.agent_id, given.team_id))
    for stay in (stay for each in conversation.escalations for stay in each.stays):
        where = (stay.level, stay.team_id, stay.reason, stay.entry)
        yield ("escalations", (own, stay.at, *where, stay.taken_at, stay.returned_at))
    for each in (each for draft in conversation.drafts for each in draft.rounds):
        ended = (each.decided_at, each.decision, each.by, each.message_id)
        yield ("approvals", (own, each.draft_id, each.asked_at, *ended))
