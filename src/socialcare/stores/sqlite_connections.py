"""Connections to one SQLite database: borrowed for one transaction, then given back.

A connection is never used by two threads at a time, and there are as many as were ever used at
once. Those that write take turns within a process, since SQLite has one writer and its own waiting
is a coin toss; between processes SQLite's waiting has to do.
"""

import os
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from socialcare.errors import Conflict, StoreUnusable
from socialcare.stores.names import meant
from socialcare.stores.sqlite_schema import Step, prepare

PATIENCE = 5.0
"""How many seconds to wait for another writer."""
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PRIMARY = 0xFF
"""The part of an error code that says what it is, without the details."""
_ADVICE = {
    sqlite3.SQLITE_NOTADB: "it is no SQLite database; give the path of one of ours or none",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened; is there such a folder, and may it be written?",
    sqlite3.SQLITE_READONLY: "it can't be written; its file and its folder must both be writable",
    sqlite3.SQLITE_FULL: "the disk is full; make room, nothing of the last commit was written",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup, or try the shell's `.recover`",
}
_SETTINGS = ("PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON")


class Connections:
    """The connections of this process to one database."""

    def __init__(self, location: str, steps: Sequence[Step]) -> None:
        self._location = location
        self._steps = steps
        self._closed = False
        self._inherited: list[deque[sqlite3.Connection]] = []
        self._start()
        with self.reading():
            pass  # so that a database that can't be used is refused now

    def _start(self) -> None:
        self._process = os.getpid()
        self._free: deque[sqlite3.Connection] = deque()
        self._turn = Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for one statement; what it reads is of one moment."""
        try:
            connection = self._borrowed()
            try:
                yield connection
            finally:
                self._give_back(connection)
        except sqlite3.Error as error:
            raise self._meant(error) from error

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection for several statements; what they read is of one moment."""
        with self.reading() as connection, _transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection that may write: all of it, or nothing if anything is raised."""
        with self.reading() as connection, self._turn, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    def close(self) -> None:
        """Closes what is not in use, and the rest once it is given back."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _borrowed(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreUnusable(self._location, "it was closed; open it again")
        if os.getpid() != self._process:
            # SQLite's connections must not be used after a fork, nor even be closed.
            self._inherited.append(self._free)
            self._start()
        try:
            return self._free.pop()
        except IndexError:
            return self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._location,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            connection.text_factory = _text
            for setting in _SETTINGS:
                connection.execute(setting)
            prepare(connection, self._location, self._steps)
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._closed:
            connection.close()
        else:
            self._free.append(connection)

    def _meant(self, error: sqlite3.Error) -> Conflict | StoreUnusable:
        """What SQLite's error means to whom asked."""
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if code in _BUSY:
            return Conflict(self._location)
        return StoreUnusable(self._location, _ADVICE.get(code, str(error)))


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _text(held: bytes) -> str:
    """What a column says; called for every text that is read."""
    return meant(held.decode())
