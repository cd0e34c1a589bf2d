"""Writing a commit into a SQLite database, within a transaction that somebody else ends.

The rows of a kind go in together. What must not have changed is part of the statement that writes,
so that it is enough to count how many rows were written.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from socialcare.domain.customer import Handle
from socialcare.domain.events import Event, Key, Recorded
from socialcare.domain.placement import Placed
from socialcare.domain.stored_form import event_text
from socialcare.domain.words import words
from socialcare.errors import Conflict
from socialcare.plugins.records import Commit, CustomerKey, Kept, Move, Settlement
from socialcare.stores.names import written, written_or_none
from socialcare.stores.sqlite_rows import (
    ENTRY,
    PLACED,
    SUMMARY,
    Row,
    customer_row,
    entry_row,
    handle_row,
    key_row,
    microseconds_or_none,
    placed_row,
    summary_row,
)


def _marks(columns: str) -> str:
    return ", ".join("?" for _ in columns.split(","))


def _from_new(columns: str) -> str:
    return ", ".join(f"{name} = excluded.{name}" for name in columns.split(", "))


# Statements that are put together are so from constants of ours alone.
_BEGIN_CONVERSATION = (
    f"INSERT OR IGNORE INTO conversation ({SUMMARY}, version) "  # noqa: S608 - so are all of these
    f"VALUES ({_marks(SUMMARY)}, 1)"
)
_CHANGE_CONVERSATION = (
    f"UPDATE conversation SET ({SUMMARY}) = ({_marks(SUMMARY)}), version = version + 1 "  # noqa: S608
    "WHERE id = ? AND version = ?"
)
_BEGIN_CUSTOMER = "INSERT OR IGNORE INTO customer (id, brand, version) VALUES (?, ?, 1)"
_CHANGE_CUSTOMER = """
    UPDATE customer SET version = version + 1 WHERE id = ? AND brand = ? AND version = ?
"""
_MOVE_ALL = "UPDATE event SET conversation = ? WHERE conversation = ?"
_MOVE_SOME = "UPDATE event SET conversation = ? WHERE conversation = ? AND position = ?"
_LAST_POSITION = "SELECT coalesce(max(position), 0) FROM event"
_ADD_EVENT = "INSERT INTO event (position, conversation, body) VALUES (?, ?, ?)"
_PLACE_NEW = f"INSERT OR IGNORE INTO message ({PLACED}) VALUES ({_marks(PLACED)})"  # noqa: S608
_PLACE = (
    f"INSERT INTO message ({PLACED}) VALUES ({_marks(PLACED)}) "  # noqa: S608
    f"ON CONFLICT (id, channel) DO UPDATE SET {_from_new(PLACED)}"
)
_SEARCH_FOR = """
    INSERT INTO searched (message, words)
    SELECT number, ? FROM message WHERE channel = ? AND id = ?
    ON CONFLICT (message) DO UPDATE SET words = excluded.words WHERE words <> excluded.words
"""
_SEARCH_NO_MORE = """
    DELETE FROM searched
    WHERE message = (SELECT number FROM message WHERE channel = ? AND id = ?)
"""
_LINK = "INSERT OR REPLACE INTO link (channel, handle_id, customer_id) VALUES (?, ?, ?)"
_UNLINK = "DELETE FROM link WHERE channel = ? AND handle_id = ?"
_PUT_OUT = f"INSERT OR IGNORE INTO outbox ({ENTRY}) VALUES ({_marks(ENTRY)})"  # noqa: S608
_SETTLE = """
    UPDATE outbox SET state = ?, due_at = coalesce(?, due_at), said = ?, lease_until = NULL
    WHERE key = ?
"""
_SETTLE_ATTEMPT = f"{_SETTLE} AND state = 'claimed' AND attempts = ?"
_READ_UP_TO = "INSERT OR REPLACE INTO cursor (channel, cursor) VALUES (?, ?)"


def write(connection: sqlite3.Connection, commit: Commit) -> tuple[Recorded, ...]:
    """Writes all parts of a commit; the events as recorded.

    Raises:
        Conflict: If something of it changed since it was read.
    """
    _write_conversations(connection, commit.summaries)
    _write_customers(connection, commit.customers)
    for move in commit.moves:
        _move(connection, move)
    recorded = _add_events(connection, commit.events)
    _place(connection, commit.placed, commit.new)
    _write_texts(connection, commit.texts)
    _write_links(connection, commit.links)
    _write_all(connection, _PUT_OUT, map(entry_row, commit.outbox))
    for settlement in commit.settled:
        _settle(connection, settlement)
    cursors = ((written(name), written(cursor)) for name, cursor in commit.cursors.items())
    _write_all(connection, _READ_UP_TO, cursors)
    return recorded


def _write_all(connection: sqlite3.Connection, statement: str, rows: Iterable[Row]) -> int:
    """Runs a statement for each row; how many rows were written."""
    many = list(rows)
    return connection.executemany(statement, many).rowcount if many else 0


def _write_each(
    connection: sqlite3.Connection, statement: str, rows: Mapping[object, Row], kind: str
) -> None:
    """Runs a statement that must write one row for each, by what it is called."""
    if _write_all(connection, statement, rows.values()) != len(rows):
        (name, *others) = rows
        raise Conflict(f"one of {len(rows)} {kind}s" if others else f"{kind} {name}")


def _write_conversations(connection: sqlite3.Connection, summaries: Sequence[Kept]) -> None:
    new: dict[object, Row] = {}
    known: dict[object, Row] = {}
    for kept in summaries:
        row = summary_row(kept.summary)
        if kept.version == 0:
            new[kept.summary.id] = row
        else:
            known[kept.summary.id] = (*row, row[0], kept.version)
    _write_each(connection, _BEGIN_CONVERSATION, new, "conversation")
    _write_each(connection, _CHANGE_CONVERSATION, known, "conversation")


def _write_customers(connection: sqlite3.Connection, customers: Mapping[CustomerKey, int]) -> None:
    new: dict[object, Row] = {}
    known: dict[object, Row] = {}
    for customer, version in customers.items():
        row = customer_row(customer)
        if version == 0:
            new[customer] = row
        else:
            known[customer] = (*row, version)
    _write_each(connection, _BEGIN_CUSTOMER, new, "customer")
    _write_each(connection, _CHANGE_CUSTOMER, known, "customer")


def _move(connection: sqlite3.Connection, move: Move) -> None:
    ends = (written(move.target), written(move.source))
    if move.positions is None:
        connection.execute(_MOVE_ALL, ends)
    else:
        _write_all(connection, _MOVE_SOME, ((*ends, position) for position in move.positions))


def _add_events(connection: sqlite3.Connection, events: Sequence[Event]) -> tuple[Recorded, ...]:
    if not events:
        return ()
    (last,) = connection.execute(_LAST_POSITION).fetchone()
    recorded = tuple(
        Recorded(position=position, event=event) for position, event in enumerate(events, last + 1)
    )
    _write_all(connection, _ADD_EVENT, map(_event_row, recorded))
    return recorded


def _event_row(recorded: Recorded) -> Row:
    event = recorded.event
    return (recorded.position, written_or_none(event.conversation), event_text(event))


def _place(
    connection: sqlite3.Connection, placed: Sequence[Placed], unknown: frozenset[Key]
) -> None:
    rows = {each.key: placed_row(each) for each in placed}
    new: dict[object, Row] = {key: row for key, row in rows.items() if key in unknown}
    _write_each(connection, _PLACE_NEW, new, "message")
    _write_all(connection, _PLACE, (row for key, row in rows.items() if key not in unknown))


def _write_texts(connection: sqlite3.Connection, texts: Mapping[Key, str | None]) -> None:
    # Each word once: where it stands and how often are nothing that anybody asks for.
    found = ((_each_once(text), *key_row(key)) for key, text in texts.items() if text is not None)
    gone = (key_row(key) for key, text in texts.items() if text is None)
    _write_all(connection, _SEARCH_FOR, found)
    _write_all(connection, _SEARCH_NO_MORE, gone)


def _each_once(text: str) -> str:
    return " ".join(dict.fromkeys(words(text)))


def _write_links(connection: sqlite3.Connection, links: Mapping[Handle, str | None]) -> None:
    linked = ((*handle_row(each), written(to)) for each, to in links.items() if to is not None)
    unlinked = (handle_row(each) for each, to in links.items() if to is None)
    _write_all(connection, _LINK, linked)
    _write_all(connection, _UNLINK, unlinked)


def _settle(connection: sqlite3.Connection, settlement: Settlement) -> None:
    due = microseconds_or_none(settlement.due_at)
    said = written_or_none(settlement.said)
    row: Row = (settlement.state.value, due, said, written(settlement.key))
    if settlement.attempt is None:
        done = connection.execute(_SETTLE, row)
    else:
        done = connection.execute(_SETTLE_ATTEMPT, (*row, settlement.attempt))
    if done.rowcount != 1:
        raise Conflict(f"outbox entry {settlement.key!r}")
