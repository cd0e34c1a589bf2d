"""Rows of a SQLite database, and the values that they hold."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from socialcare.domain.customer import Handle
from socialcare.domain.events import Key, Recorded, Reply
from socialcare.domain.instants import EPOCH
from socialcare.domain.placement import Placed
from socialcare.domain.stored_form import event_from, text_of, value_from
from socialcare.domain.summary import Summary
from socialcare.domain.tier import Priority
from socialcare.plugins.records import CustomerKey, Delivery, Entry, Kept, Notice
from socialcare.stores.names import written, written_or_none

Row: TypeAlias = tuple[Any, ...]
"""What SQLite takes and gives: numbers, texts, and None."""
NO_BRAND = b""
_MICROSECOND = timedelta(microseconds=1)


# Instants


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970."""
    return (instant - EPOCH) // _MICROSECOND


def microseconds_or_none(instant: datetime | None) -> int | None:
    """Microseconds since 1970, or None for none."""
    return None if instant is None else (instant - EPOCH) // _MICROSECOND


def _instant(held: int) -> datetime:
    return EPOCH + timedelta(microseconds=held)


def _instant_or_none(held: int | None) -> datetime | None:
    return None if held is None else EPOCH + timedelta(microseconds=held)


# Lists, within one column


def listed(names: Iterable[str]) -> str:
    """Names as a JSON array, which SQLite can look into."""
    return json.dumps([written(name) for name in names])


def _names(held: str) -> tuple[str, ...]:
    return tuple(json.loads(held)) if held != "[]" else ()


# Events

EVENT = "position, CAST(body AS BLOB)"
"""The body is ASCII, so that it needs none of what texts need when they are read."""


def recorded_from(row: Row) -> Recorded:
    """The event of a row of `EVENT`."""
    return Recorded(position=row[0], event=event_from(row[1].decode("ascii", "backslashreplace")))


# Conversations

SUMMARY = (
    "id, brand, customer_id, state, channel, opened_at, last_at, waiting_since, turn_at, "
    "priority, prioritised, resolved_at, reopened, agent_id, team_id, category, subcategory, "
    "tags, messages, given, previous_id, merged_into, apart, absorbed, level"
)


def summary_row(summary: Summary) -> Row:
    """The row of `SUMMARY` for a summary."""
    return (
        written(summary.id),
        written_or_none(summary.brand),
        written_or_none(summary.customer_id),
        summary.state.value,
        written_or_none(summary.channel),
        microseconds_or_none(summary.opened_at),
        microseconds_or_none(summary.last_at),
        microseconds_or_none(summary.waiting_since),
        microseconds_or_none(summary.turn_at),
        None if summary.priority is None else str(summary.priority),
        summary.prioritised,
        microseconds_or_none(summary.resolved_at),
        summary.reopened,
        written_or_none(summary.agent_id),
        written_or_none(summary.team_id),
        written_or_none(summary.category),
        written_or_none(summary.subcategory),
        listed(summary.tags) if summary.tags else "[]",
        summary.messages,
        summary.given,
        written_or_none(summary.previous_id),
        written_or_none(summary.merged_into),
        listed(summary.apart) if summary.apart else "[]",
        listed(summary.absorbed) if summary.absorbed else "[]",
        written_or_none(summary.level),
    )


def summary_from(row: Row) -> Summary:
    """The summary of a row of `SUMMARY`."""
    return Summary(
        id=row[0],
        brand=row[1],
        customer_id=row[2],
        state=row[3],
        channel=row[4],
        opened_at=_instant_or_none(row[5]),
        last_at=_instant_or_none(row[6]),
        waiting_since=_instant_or_none(row[7]),
        turn_at=_instant_or_none(row[8]),
        priority=None if row[9] is None else Priority.of(row[9]),
        prioritised=bool(row[10]),
        resolved_at=_instant_or_none(row[11]),
        reopened=row[12],
        agent_id=row[13],
        team_id=row[14],
        category=row[15],
        subcategory=row[16],
        tags=_names(row[17]),
        messages=row[18],
        given=bool(row[19]),
        previous_id=row[20],
        merged_into=row[21],
        apart=_names(row[22]),
        absorbed=_names(row[23]),
        level=row[24],
    )


def kept_from(row: Row) -> Kept:
    """The summary and version of a row of the version and `SUMMARY`."""
    return Kept(version=row[0], summary=summary_from(row[1:]))


# Customers


def customer_row(customer: CustomerKey) -> Row:
    """Id and brand, as the table of customers has them."""
    brand, name = customer
    return (written(name), NO_BRAND if brand is None else written(brand))


# Messages

PLACED = (
    "channel, id, conversation, brand, customer_id, handle_id, second, outbound, note, private, "
    "in_reply_to, given, anchored, digest, deleted"
)


def placed_row(placed: Placed) -> Row:
    """The row of `PLACED` for a row of the index of messages."""
    return (
        written(placed.channel),
        written(placed.id),
        written_or_none(placed.conversation),
        written_or_none(placed.brand),
        written_or_none(placed.customer_id),
        written_or_none(placed.handle_id),
        placed.second,
        placed.outbound,
        placed.note,
        placed.private,
        written_or_none(placed.in_reply_to),
        written_or_none(placed.given),
        placed.anchored,
        written(placed.digest),
        placed.deleted,
    )


def placed_from(row: Row) -> Placed:
    """The row of the index of messages for a row of `PLACED`."""
    return Placed(
        channel=row[0],
        id=row[1],
        conversation=row[2],
        brand=row[3],
        customer_id=row[4],
        handle_id=row[5],
        second=row[6],
        outbound=bool(row[7]),
        note=bool(row[8]),
        private=bool(row[9]),
        in_reply_to=row[10],
        given=row[11],
        anchored=bool(row[12]),
        digest=row[13],
        deleted=bool(row[14]),
    )


def key_row(key: Key) -> Row:
    """Channel and id of a message."""
    return (written(key[0]), written(key[1]))


def handle_row(handle: Handle) -> Row:
    """Channel and id of a handle."""
    return (written(handle.channel), written(handle.id))


# The outbox

ENTRY = "key, target, lane, kind, what, conversation, due_at, state, attempts, lease_until, said"
_KINDS: dict[str, type[Reply] | type[Notice]] = {"reply": Reply, "notice": Notice}


def entry_row(entry: Entry) -> Row:
    """The row of `ENTRY` for an entry."""
    return (
        written(entry.key),
        written(entry.target),
        written(entry.lane),
        "reply" if isinstance(entry.what, Reply) else "notice",
        text_of(entry.what),
        written_or_none(entry.conversation),
        microseconds(entry.due_at),
        entry.state.value,
        entry.attempts,
        microseconds_or_none(entry.lease_until),
        written_or_none(entry.said),
    )


def entry_from(row: Row) -> Entry:
    """The entry of a row of `ENTRY`."""
    return Entry(
        key=row[0],
        target=row[1],
        lane=row[2],
        what=value_from(row[4], _KINDS[row[3]]),
        conversation=row[5],
        due_at=_instant(row[6]),
        state=Delivery(row[7]),
        attempts=row[8],
        lease_until=_instant_or_none(row[9]),
        said=row[10],
    )
