"""The SQL store itself: a transaction for each method, and what runs in it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from socialcare.domain.events import Recorded
from socialcare.domain.query.needs import Needs
from socialcare.domain.summary import Summary
from socialcare.errors import StoreUnusable
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
from socialcare.stores.sql_around import Surroundings
from socialcare.stores.sql_log import START, Log
from socialcare.stores.sql_migrations import bring_up
from socialcare.stores.sql_outbox import Outbox
from socialcare.stores.sql_search import Search
from socialcare.stores.sql_summaries import Summaries
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_transactions import OfEngine, Transactions, WithinHost, location
from socialcare.stores.sql_writing import Writing

DRIVER = "postgresql+psycopg"
SUPPORTED = f"expected PostgreSQL by psycopg 3 ({DRIVER}://...), or a path for SQLite"


class SqlStore:
    """A store in a PostgreSQL database, which many processes may share.

    Args:
        database: The URL of a database; or the host's own engine; or a connection of the host's.
            Within a connection everything is part of the transaction that the host has open, and
            nothing is there for others before the host commits it: so one transaction holds the
            host's rows and ours. A conflict there takes back our part and not the host's. The
            host's connection is for one thread, and is not closed.
        schema: The schema that the tables are in, made if need be; None for the connection's own.
        prefix: What the name of every table begins with.

    Raises:
        StoreUnusable: If it is no PostgreSQL, can't be reached, or was written by a later release.
        InvalidValue: If the prefix cannot begin a name.
    """

    def __init__(
        self,
        database: str | Engine | Connection,
        *,
        schema: str | None = None,
        prefix: str = "socialcare_",
    ) -> None:
        tables = Tables(schema=schema, prefix=prefix)
        self._transactions = _transactions(database)
        self._log = Log(tables)
        self._outbox = Outbox(tables)
        self._writing = Writing(tables, self._log, self._outbox)
        self._summaries = Summaries(tables)
        self._surroundings = Surroundings(tables, self._summaries)
        self._search = Search(tables)
        _make_ready(self._transactions, tables)

    def commit(self, commit: Commit) -> tuple[Recorded, ...]:
        """Writes all of it or nothing; the events as recorded.

        Raises:
            Conflict: If somebody changed first what it changes.
        """
        with self._transactions.writing() as connection:
            return self._writing.commit(connection, commit)

    def events(self, conversation: str | None) -> tuple[Recorded, ...]:
        """The events that belong to a conversation now, or to none, by position."""
        with self._transactions.asking() as connection:
            return self._log.of_one(connection, conversation)

    def around(self, asked: Asked) -> Around:
        """What threading needs to know, all from one moment.

        Within a host's connection it is from one moment if the host's transaction is; in any case
        a commit that rests on it finds out what changed meanwhile.
        """
        with self._transactions.reading() as connection:
            return self._surroundings.around(connection, asked)

    def summaries(self, ids: Collection[str]) -> Mapping[str, Kept]:
        """The summaries of these conversations; unknown ones are absent."""
        with self._transactions.asking() as connection:
            return self._summaries.known(connection, ids)

    def page(self, page: Page) -> tuple[Summary, ...]:
        """A page of a queue, or of a customer's history."""
        with self._transactions.asking() as connection:
            return self._summaries.page(connection, page)

    def log(self, after: str | None, limit: int) -> tuple[Logged, ...]:
        """Events of the whole desk from a cursor on, as far as they are sure to be in order.

        An event is there once no transaction on the server is open that began before its own ended.
        """
        with self._transactions.asking() as connection:
            return self._log.after(connection, START if after is None else after, limit)

    def search(self, needs: Needs, limit: int, after: Found | None = None) -> tuple[Found, ...]:
        """The messages with a text that meet these needs, the latest first."""
        with self._transactions.asking() as connection:
            return self._search.found(connection, needs, limit, after)

    def claim(
        self, targets: Collection[str], *, now: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        """Claims entries of the outbox that are due, until the lease is over."""
        with self._transactions.writing() as connection:
            return self._outbox.claim(connection, targets, now=now, until=until, limit=limit)

    def outbox(
        self, state: Delivery, limit: int, *, target: str | None = None
    ) -> tuple[Entry, ...]:
        """Entries of the outbox in a state, in the order in which they came."""
        with self._transactions.asking() as connection:
            return self._outbox.in_state(connection, state, limit, target)

    def entries(self, keys: Collection[str]) -> tuple[Entry, ...]:
        """The entries of the outbox with these keys; unknown ones are absent."""
        with self._transactions.asking() as connection:
            return self._outbox.known(connection, keys)

    def close(self) -> None:
        """Closes the connections of an URL; an engine or a connection is the host's to close."""
        self._transactions.close()


def _transactions(database: object) -> Transactions:
    match database:
        case Connection():
            _refuse_foreign(database.engine)
            return WithinHost(database)
        case Engine():
            _refuse_foreign(database)
            return OfEngine(database, ours=False)
        case str():
            return OfEngine(create_engine(_url(database), pool_pre_ping=True), ours=True)
    raise StoreUnusable(
        repr(database), "expected an URL, or an Engine or a Connection of SQLAlchemy, none async"
    )


def _url(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise StoreUnusable(given, f"this is no URL; {SUPPORTED}") from error
    if url.drivername not in ("postgresql", DRIVER):
        shown = url.render_as_string(hide_password=True)
        raise StoreUnusable(shown, f"found {url.drivername}; {SUPPORTED}")
    return url.set(drivername=DRIVER)


def _refuse_foreign(engine: Engine) -> None:
    found = f"{engine.dialect.name}+{engine.dialect.driver}"
    if found != DRIVER:
        raise StoreUnusable(location(engine), f"found {found}; {SUPPORTED}")


def _make_ready(transactions: Transactions, tables: Tables) -> None:
    """Makes the tables, or closes what was opened."""
    try:
        with transactions.writing() as connection:
            bring_up(connection, tables)
    except DBAPIError as error:
        transactions.close()
        raise StoreUnusable(transactions.location, str(error.orig).strip()) from error
    except StoreUnusable:
        transactions.close()
        raise
