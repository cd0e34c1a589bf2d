"""Transactions: of an engine, or within one that the host has open.

Writing is done in READ COMMITTED: every row that a commit depends on is checked by its version, and
locked by the statement that writes it. Reading is done in REPEATABLE READ, so that several
statements see one moment.
Within a host's transaction neither can be chosen; what was written there is behind a savepoint, so
that a conflict takes back our part only.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import RLock
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from socialcare.errors import Conflict, InvalidValue, StoreUnusable

CONFLICTS = {
    "40001": "what was read in the same transaction",  # serialization_failure
    "40P01": "one of the rows, and waited for another,",  # deadlock_detected
    "23505": "a new row",  # unique_violation
    "55P03": "a row that is locked",  # lock_not_available
}
"""What the server says when somebody else was first."""
TOO_LONG = "54000"  # program_limit_exceeded: of a row of an index
SHORT_ENOUGH = "ids and names that are together at most 2,700 bytes, which an index can hold"


class Transactions(Protocol):
    """Where statements run.

    Attributes:
        location: What the database is called in messages: its URL without the password.
    """

    @property
    def location(self) -> str: ...  # noqa: D102 - said above

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction of which everything is written at its end, or nothing."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that writes nothing."""
        ...

    def asking(self) -> AbstractContextManager[Connection]:
        """Where one statement runs that writes nothing."""
        ...

    def close(self) -> None:
        """Lets go of what was opened here."""
        ...


class OfEngine:
    """Transactions of their own.

    Args:
        engine: Whence connections come.
        ours: Whether the engine was made here, so that it ends with the store.
    """

    def __init__(self, engine: Engine, *, ours: bool) -> None:
        self.location = location(engine)
        self._engine = engine
        self._ours = ours
        self._to_write = engine.execution_options(isolation_level="READ COMMITTED")
        self._to_read = engine.execution_options(isolation_level="REPEATABLE READ")
        self._to_ask = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction of which everything is written at its end, or nothing."""
        with _named_errors(), self._to_write.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment."""
        with _named_errors(), self._to_read.connect() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """No transaction: one statement sees one moment, and needs no beginning and no end."""
        with _named_errors(), self._to_ask.connect() as connection:
            yield connection

    def close(self) -> None:
        """Closes the connections of an engine that was made here; a host's goes on."""
        if self._ours:
            self._engine.dispose()


class WithinHost:
    """A host's own transaction, one thread at a time; when it ends is the host's business.

    Raises:
        StoreUnusable: If the connection has no transactions, since it commits by itself.
    """

    def __init__(self, connection: Connection) -> None:
        self.location = location(connection.engine)
        if getattr(connection.connection.dbapi_connection, "autocommit", False):
            raise StoreUnusable(
                self.location, "found a connection in AUTOCOMMIT, expected one with transactions"
            )
        self._connection = connection
        self._lock = RLock()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A savepoint."""
        with self._lock, _named_errors(), self._connection.begin_nested():
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The host's transaction as it is: it may see each statement at another moment."""
        with self._lock, _named_errors():
            yield self._connection

    asking = reading

    def close(self) -> None:
        """Does nothing: the connection is the host's."""


def location(engine: Engine) -> str:
    """What a database is called in messages: its URL without the password."""
    return engine.url.render_as_string(hide_password=True)


@contextmanager
def _named_errors() -> Iterator[None]:
    """Says in our own errors what is no fault of the database."""
    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state in CONFLICTS:
            raise Conflict(CONFLICTS[state]) from error
        if state == TOO_LONG:
            raise InvalidValue("a longer one", where="a name", right=SHORT_ENOUGH) from error
        raise
