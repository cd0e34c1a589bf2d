"""Logs told as a conversation is: who said what, how many minutes in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from socialcare.analytics import values
from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.analytics.table import OPTIONAL
from socialcare.domain.message import Author, Message

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Monday, 09:00 in London."""


def said(who: str, minute: float, **fields: Any) -> Message:
    """A message, that many minutes after Monday 09:00.

    Args:
        who: `ada` or another customer; `anna: ada` for an agent's answer to Ada;
            `peer bo: ada` for another customer's; `bot: ada` for a machine's.
        minute: When, in minutes after `MONDAY`.
        fields: Anything else of the message; its id is made of all the above.
    """
    writer, _, customer = who.partition(": ")
    role, _, name = writer.rpartition(" ")
    role = role or ("bot" if writer == "bot" else "agent" if customer else "customer")
    given = {
        "id": f"{who}@{minute:g}",
        "sent_at": MONDAY + timedelta(minutes=minute),
        "direction": "inbound" if role in ("customer", "peer") else "outbound",
        "author": Author(id=name, role=role),
        "customer_id": customer or name,
        "channel": "x",
        "automated": role == "bot",
    }
    return Message(**{**given, **fields})


def log_of(
    messages: Iterable[Message],
    *,
    handling: pl.DataFrame | None = None,
    status: pl.DataFrame | None = None,
    assignment: pl.DataFrame | None = None,
) -> MessageLog:
    """A log of messages, as though they had been read.

    Args:
        messages: The messages; optional columns in which none has a value are left out.
        handling: The handling table, as for `MessageLog.of`.
        status: The status table.
        assignment: The assignment table.
    """
    frame = values.table(messages)
    bare = [each.name for each in frame if each.name in OPTIONAL and each.null_count() == len(each)]
    quality = Quality(source="test", format="messages", rows=frame.height, kept=0)
    return MessageLog.of(
        frame.drop(bare), quality, handling=handling, status=status, assignment=assignment
    )
