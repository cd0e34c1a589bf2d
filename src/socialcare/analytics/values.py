"""Rows of the message table as values of the domain, and back."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from socialcare.analytics.table import OPTIONAL, REQUIRED
from socialcare.domain.message import Author, AuthorRole, Direction, Message

_SAME = (
    "customer_id",
    "channel",
    "visibility",
    "received_at",
    "brand",
    "account",
    "in_reply_to",
    "conversation_id",
    "text",
    "category",
    "subcategory",
    "sentiment",
    "sentiment_scorer",
    "language",
)


def messages(table: pl.DataFrame) -> tuple[Message, ...]:
    """The rows of a message table as messages."""
    return tuple(_message(row) for row in table.iter_rows(named=True))


def _message(row: Mapping[str, Any]) -> Message:
    return Message(
        id=row["message_id"],
        sent_at=row["sent_at"],
        direction=row["direction"],
        author=_author(row),
        automated=bool(row.get("automated")),
        **{name: row[name] for name in _SAME if name in row},
    )


def _author(row: Mapping[str, Any]) -> Author:
    outbound = row["direction"] == Direction.OUTBOUND
    usual = AuthorRole.AGENT if outbound else AuthorRole.CUSTOMER
    writer = row.get("agent_id") if outbound else row.get("author_id") or row["customer_id"]
    return Author(
        id=writer,
        role=row.get("author_role") or usual,
        team_id=row.get("team_id") if outbound else None,
        inferred=bool(row.get("agent_inferred")),
    )


def table(values: Iterable[Message]) -> pl.DataFrame:
    """Messages as rows of the message table, every column present."""
    schema = {**REQUIRED, **OPTIONAL}
    rows = [_row(message) for message in values]
    return pl.DataFrame(rows, schema={name: schema[name] for name in (*_ROW, *_SAME)})


_ROW = (
    "message_id",
    "sent_at",
    "direction",
    "agent_id",
    "agent_inferred",
    "author_id",
    "team_id",
    "author_role",
    "automated",
)


def _row(message: Message) -> dict[str, Any]:
    outbound = message.direction is Direction.OUTBOUND
    return {
        "message_id": message.id,
        "sent_at": message.sent_at,
        "direction": message.direction.value,
        "agent_id": message.agent_id,
        "agent_inferred": message.author.inferred,
        "author_id": None if outbound else message.author.id,
        "team_id": message.author.team_id,
        "author_role": message.author.role.value,
        "automated": message.automated,
        **{name: getattr(message, name) for name in _SAME},
    }
