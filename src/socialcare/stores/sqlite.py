"""The store that needs nothing but a path: a SQLite database.

One file, write-ahead logging, and every commit on the disk before it is acknowledged.
Several threads and several processes may use it at once: they read what was committed last, and
one of them writes at a time.
A position is the place of an event in the whole log, and is the log's cursor too: as there is one
writer, whoever reads up to a position has missed nothing before it.
"""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote

from socialcare.domain.events import Recorded
from socialcare.domain.query.needs import Needs
from socialcare.domain.summary import Summary
from socialcare.errors import InvalidValue
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.records import (
    Around,
    Asked,
    Commit,
    Delivery,
    Entry,
    Found,
    Kept,
    Logged,
    Page,
)
from socialcare.stores import sqlite_around
from socialcare.stores.names import written_or_none
from socialcare.stores.sqlite_connections import Connections
from socialcare.stores.sqlite_outbox import claim, entries, in_state
from socialcare.stores.sqlite_pages import page_query
from socialcare.stores.sqlite_rows import (
    EVENT,
    Row,
    recorded_from,
    summary_from,
)
from socialcare.stores.sqlite_schema import STEPS, Step
from socialcare.stores.sqlite_search import found_from, search_query
from socialcare.stores.sqlite_writing import write

_EVENTS = f"SELECT {EVENT} FROM event WHERE conversation IS ? ORDER BY position"  # noqa: S608
_LOG = f"SELECT conversation, {EVENT} FROM event WHERE position > ? ORDER BY position LIMIT ?"  # noqa: S608
_URL = "sqlite:///"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""What an URL begins with, and no path: one letter and a colon is a drive."""
_LAST = 2**62
"""No position will ever be as great, and SQLite can still count that far."""


@hookimpl
def socialcare_store(location: str) -> "SqliteStore | None":
    """The database at a path, or at an URL such as `sqlite:///care.db`.

    An absolute path has a slash more: `sqlite:////var/lib/care.db`.
    """
    if location.startswith(_URL):
        return SqliteStore(unquote(location.removeprefix(_URL)))
    return None if _SCHEME.match(location) else SqliteStore(location)


class SqliteStore:
    """A store in a SQLite database, which is made if there is none.

    Args:
        path: The file. Put it on a disk of this machine: a network's does not keep its promises.
        steps: The steps of the schema, for who tries out the next one.

    Raises:
        StoreUnusable: If it is somebody else's file, newer than this release, or can't be opened.
    """

    def __init__(self, path: str | os.PathLike[str], *, steps: Sequence[Step] = STEPS) -> None:
        self.connections = Connections(os.fspath(path), steps)

    def close(self) -> None:
        """Closes the file."""
        self.connections.close()

    def commit(self, commit: Commit) -> tuple[Recorded, ...]:
        """Writes all of it or nothing; the events as recorded."""
        with self.connections.writing() as connection:
            return write(connection, commit)

    def events(self, conversation: str | None) -> tuple[Recorded, ...]:
        """The events that belong to a conversation now, or to none, by position."""
        rows = self._rows(_EVENTS, (written_or_none(conversation),))
        return tuple(map(recorded_from, rows))

    def around(self, asked: Asked) -> Around:
        """What threading needs to know, all from one moment."""
        with self.connections.snapshot() as connection:
            return sqlite_around.around(connection, asked)

    def summaries(self, ids: Collection[str]) -> Mapping[str, Kept]:
        """The summaries of these conversations; unknown ones are absent."""
        with self.connections.reading() as connection:
            return sqlite_around.summaries(connection, ids)

    def page(self, page: Page) -> tuple[Summary, ...]:
        """A page of a queue, or of a customer's history."""
        return tuple(map(summary_from, self._rows(*page_query(page))))

    def log(self, after: str | None, limit: int) -> tuple[Logged, ...]:
        """Events of the whole desk from a cursor on."""
        rows = self._rows(_LOG, (_position(after), limit))
        return tuple(map(_logged, rows))

    def search(self, needs: Needs, limit: int, after: Found | None = None) -> tuple[Found, ...]:
        """The messages with a text that meet these needs, the latest first."""
        return tuple(map(found_from, self._rows(*search_query(needs, limit, after))))

    def claim(
        self, targets: Collection[str], *, now: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        """Claims entries of the outbox that are due, until the lease is over."""
        return claim(self.connections, targets, now=now, until=until, limit=limit)

    def outbox(
        self, state: Delivery, limit: int, *, target: str | None = None
    ) -> tuple[Entry, ...]:
        """Entries of the outbox in a state, in the order in which they came."""
        with self.connections.reading() as connection:
            return in_state(connection, state, limit, target)

    def entries(self, keys: Collection[str]) -> tuple[Entry, ...]:
        """The entries of the outbox with these keys, in the order in which they came."""
        with self.connections.reading() as connection:
            return entries(connection, keys)

    def _rows(self, statement: str, given: Row) -> list[Row]:
        with self.connections.reading() as connection:
            return connection.execute(statement, given).fetchall()


def _logged(row: Row) -> Logged:
    return Logged(cursor=str(row[1]), belongs_to=row[0], recorded=recorded_from(row[1:]))


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > len(str(_LAST)):
        raise InvalidValue(cursor, where="cursor", right="one that `Store.log` gave")
    return int(cursor)
