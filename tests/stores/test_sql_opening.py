"""Opening a PostgreSQL: what is refused, and how its tables come and grow."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest
from sqlalchemy import Engine, MetaData, Table, create_engine, text

from socialcare.domain.placed import Placed
from socialcare.errors import InvalidValue, MissingExtra, StoreUnusable
from socialcare.plugins.records import Commit
from socialcare.stores import sql
from socialcare.stores.sql_migrations import STEPS, bring_up
from socialcare.stores.sql_store import SqlStore
from socialcare.stores.sql_tables import Tables
from socialcare.testing.store.samples import kept, received

TABLES = Tables(schema=None, prefix="socialcare_")
WITHOUT_SQLALCHEMY = """
import sys
sys.modules["sqlalchemy"] = None
from socialcare.errors import MissingExtra
from socialcare.stores.sql import plugin
assert plugin.socialcare_store("care.db") is None
try:
    plugin.socialcare_store("postgresql://localhost/care")
except MissingExtra as error:
    print(error)
"""


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """An engine to a fresh database."""
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()


def run(engine: Engine, command: str) -> None:
    """Runs a command of SQL."""
    with engine.begin() as connection:
        connection.execute(text(command))


def test_tables_are_as_statements_see_them(engine: Engine) -> None:
    """The steps make exactly the tables and columns that the statements name, of the same types."""
    SqlStore(engine)
    found = MetaData()
    found.reflect(engine)

    assert found.tables.keys() == TABLES.metadata.tables.keys()
    for name, table in TABLES.metadata.tables.items():
        assert _columns(found.tables[name], engine) == _columns(table, engine)


def _columns(table: Table, engine: Engine) -> dict[str, str]:
    return {
        column.name: column.type.dialect_impl(engine.dialect)
        .compile(engine.dialect)
        .replace("VARCHAR", "TEXT")
        .replace(' COLLATE "C"', "")
        for column in table.columns
    }


def test_every_field_of_a_placed_row_has_a_column() -> None:
    """What placement keeps of a message is a column of the index of messages."""
    fields = {each.name for each in attrs.fields(Placed) if each.init}

    assert {column.name for column in TABLES.message.columns} == fields


def test_many_may_open_a_fresh_database_at_once(postgres_url: str) -> None:
    """Of eight that open a fresh database at the same time one makes the tables, and all work."""
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: SqlStore(postgres_url, schema="care"), range(8)))
    recorded = [store.commit(Commit(events=(received(),))) for store in stores]

    assert len(stores[0].events("c1")) == len(recorded)
    for store in stores:
        store.close()


def test_steps_that_are_missing_run_once(engine: Engine) -> None:
    """A database of an older version gets the steps that it lacks, in order, and keeps its data."""
    recorded = SqlStore(engine).commit(Commit(events=(received(),)))
    steps = (
        *STEPS,
        "ALTER TABLE {event} ADD COLUMN first int;\nALTER TABLE {event} ADD COLUMN other int",
        "ALTER TABLE {event} RENAME COLUMN first TO second",
    )
    for _ in range(2):
        with engine.begin() as connection:
            bring_up(connection, TABLES, steps)
    run(engine, "SELECT second, other FROM socialcare_event")
    run(engine, "UPDATE socialcare_version SET schema_version = 1")

    assert SqlStore(engine).events("c1") == recorded


def test_a_step_that_fails_leaves_what_was(engine: Engine) -> None:
    """If one step fails, none was done."""
    SqlStore(engine)
    steps = (*STEPS, "ALTER TABLE {event} ADD COLUMN more int", "ALTER TABLE {missing} RENAME TO x")
    with pytest.raises(KeyError), engine.begin() as connection:
        bring_up(connection, TABLES, steps)
    found = MetaData()
    found.reflect(engine)

    assert "more" not in found.tables["socialcare_event"].columns


def test_a_later_release_is_refused(engine: Engine) -> None:
    """Tables that a later release wrote are left alone, with a message that says so."""
    SqlStore(engine)
    run(engine, "UPDATE socialcare_version SET schema_version = 99")

    with pytest.raises(StoreUnusable, match="found tables of version 99, expected at most 1"):
        SqlStore(engine)


def test_two_prefixes_are_two_stores(engine: Engine) -> None:
    """Stores with different prefixes share a database and nothing else."""
    one, other = SqlStore(engine, prefix="one_"), SqlStore(engine, prefix="other_")
    one.commit(Commit(events=(received(),)))

    assert len(one.log(None, 10)) == 1
    assert other.log(None, 10) == ()


def test_a_restored_log_goes_on(engine: Engine) -> None:
    """After a restore on a server that counts from lower numbers, the log is whole and goes on."""
    store = SqlStore(engine)
    old = store.commit(Commit(events=(received("m1"), received("m2"))))
    run(engine, "UPDATE socialcare_event SET tick = tick + 1000000000")
    hidden = store.log(None, 10)
    restored = SqlStore(engine)
    seen = restored.log(None, 10)
    new = restored.commit(Commit(events=(received("m3"),)))

    assert hidden == ()
    assert [each.recorded for each in seen] == list(old)
    assert [each.recorded for each in restored.log(seen[-1].cursor, 10)] == list(new)
    assert [each.recorded for each in SqlStore(engine).log(None, 10)] == [*old, *new]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://h/care",
        "mariadb+pymysql://h/care",
        "sqlite:///care.db",
        "postgresql+psycopg2://h/x",
    ],
)
def test_other_databases_are_refused(url: str) -> None:
    """An URL of another database or driver is refused with what is supported."""
    with pytest.raises(StoreUnusable, match=r"expected PostgreSQL by psycopg 3"):
        SqlStore(url)


def test_an_engine_of_another_database_is_refused() -> None:
    """So is an engine of the host's."""
    with pytest.raises(StoreUnusable, match=r"sqlite.*expected PostgreSQL by psycopg 3"):
        SqlStore(create_engine("sqlite://"))


def test_what_is_no_database_is_refused() -> None:
    """What is neither URL, engine nor connection is refused with what would be."""
    with pytest.raises(StoreUnusable, match="expected an URL, or an Engine or a Connection"):
        SqlStore(object())  # type: ignore[arg-type]


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    """A server that cannot be reached is an error that names it, and keeps the password."""
    with pytest.raises(StoreUnusable) as caught:
        SqlStore("postgresql://care:secret@127.0.0.1:1/care")

    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("prefix", ["Care_", "1_", "a b", "x" * 31, "a;"])
def test_a_prefix_that_begins_no_name_is_refused(prefix: str) -> None:
    """A prefix that would have to be quoted, or is too long, is refused."""
    with pytest.raises(InvalidValue, match="prefix"):
        Tables(schema=None, prefix=prefix)


def test_a_cursor_of_something_else_is_refused(engine: Engine) -> None:
    """A cursor that no log of this kind gave is refused."""
    with pytest.raises(InvalidValue, match="cursor: found 'yesterday'"):
        SqlStore(engine).log("yesterday", 10)


def test_a_name_that_no_index_can_hold_is_refused(engine: Engine) -> None:
    """An id of thousands of characters is an error that says what would be right."""
    name = "".join(chr(0x4E00 + place % 20000) for place in range(0, 2_000_000, 997))
    store = SqlStore(engine)

    with pytest.raises(InvalidValue, match="at most 2,700 bytes"):
        store.commit(Commit(summaries=(kept(name, 0),)))


def test_the_plugin_opens_an_url(postgres_url: str) -> None:
    """The plugin opens the URL of a PostgreSQL, and leaves other locations to others."""
    store = sql.plugin.socialcare_store(postgres_url)

    assert isinstance(store, sql.SqlStore)
    assert sql.plugin.socialcare_store("sqlite:///care.db") is None
    store.close()


def test_without_sqlalchemy_the_extra_is_named() -> None:
    """Where SQLAlchemy is not installed the module is there, and opening names the extra."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_SQLALCHEMY],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONPATH": ":".join(sys.path)},
        check=True,
    )

    assert "pip install 'socialcare[sql]'" in done.stdout
    assert issubclass(MissingExtra, ImportError)
