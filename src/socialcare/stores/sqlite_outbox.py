"""The outbox of a SQLite database: what is due, and what became of it."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from socialcare.plugins.records import Delivery, Entry
from socialcare.stores.sqlite_connections import Connections
from socialcare.stores.sqlite_rows import ENTRY, entry_from, listed, microseconds

# As in the indexes: those that are still to go out, and since when each may be claimed.
_LIVE = "state IN ('pending', 'claimed')"
_DUE = f"""
    SELECT number FROM outbox
    WHERE {_LIVE} AND coalesce(lease_until, due_at) <= ?
    AND target IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS earlier
        WHERE earlier.state IN ('pending', 'claimed')
        AND earlier.lane = outbox.lane AND earlier.number < outbox.number
    )
    ORDER BY coalesce(lease_until, due_at), number LIMIT ?
"""  # noqa: S608 - constants of ours
_CLAIM = """
    UPDATE outbox SET state = 'claimed', attempts = attempts + 1, lease_until = ? WHERE number = ?
"""
_BY_NUMBER = f"SELECT {ENTRY} FROM outbox WHERE number = ?"  # noqa: S608 - constants of ours
_BY_KEY = f"""
    SELECT {ENTRY} FROM outbox WHERE key IN (SELECT value FROM json_each(?)) ORDER BY number
"""  # noqa: S608 - constants of ours
# A state stands in the text of its statement, so that the index that leaves out one can be used.
_IN_STATE = {
    state: f"""
        SELECT {ENTRY} FROM outbox
        WHERE state = '{state.value}' AND target = coalesce(?, target) ORDER BY number LIMIT ?
    """  # noqa: S608 - constants of ours
    for state in Delivery
}


def claim(
    connections: Connections,
    targets: Collection[str],
    *,
    now: datetime,
    until: datetime,
    limit: int,
) -> tuple[Entry, ...]:
    """Claims entries that are due, until the lease is over."""
    wanted = (microseconds(now), listed(targets), limit)
    with connections.reading() as connection:
        if not connection.execute(_DUE, wanted).fetchall():
            return ()  # those who only look are in nobody's way
    with connections.writing() as connection:
        numbers = connection.execute(_DUE, wanted).fetchall()
        connection.executemany(_CLAIM, [(microseconds(until), *number) for number in numbers])
        rows = [connection.execute(_BY_NUMBER, number).fetchone() for number in numbers]
        return tuple(map(entry_from, rows))


def in_state(
    connection: sqlite3.Connection, state: Delivery, limit: int, target: str | None
) -> tuple[Entry, ...]:
    """Entries in a state, for one target or any, in the order in which they came."""
    return tuple(map(entry_from, connection.execute(_IN_STATE[state], (target, limit))))


def entries(connection: sqlite3.Connection, keys: Collection[str]) -> tuple[Entry, ...]:
    """The entries with these keys, in the order in which they came."""
    return tuple(map(entry_from, connection.execute(_BY_KEY, (listed(keys),))))
