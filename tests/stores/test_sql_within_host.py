"""A host's rows and ours in one transaction, on a real PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from socialcare.errors import Conflict, StoreUnusable
from socialcare.plugins.records import Asked, Commit, Page, Span
from socialcare.stores.sql_store import SqlStore
from socialcare.testing.store.samples import kept, names, received, row

DESCRIBED = Commit(
    events=(received(),),
    summaries=(kept("c1", 0),),
    customers={(None, "ada"): 0},
    placed=(row("m1"),),
)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """The host's engine, to a database in which it has a table of its own."""
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE lead (name text PRIMARY KEY)"))
    SqlStore(engine).close()
    yield engine
    engine.dispose()


def add_lead(connection: Connection, name: str) -> None:
    """What the host writes."""
    connection.execute(text("INSERT INTO lead VALUES (:name)"), {"name": name})


def leads(engine: Engine) -> list[str]:
    """What of the host's is there for everybody."""
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT name FROM lead ORDER BY name")))


def test_what_the_host_commits_is_there(engine: Engine) -> None:
    """The host commits its row and ours at once, and only then are they there for others."""
    other = SqlStore(engine)
    with engine.begin() as connection:
        add_lead(connection, "ada")
        recorded = SqlStore(connection).commit(DESCRIBED)
        before = (leads(engine), other.events("c1"))

    assert before == ([], ())
    assert (leads(engine), other.events("c1")) == (["ada"], recorded)


def test_what_the_host_takes_back_is_not_there(engine: Engine) -> None:
    """The host takes its transaction back, and neither its row nor ours is there."""
    with engine.connect() as connection:
        add_lead(connection, "ada")
        SqlStore(connection).commit(DESCRIBED)
        connection.rollback()
    store = SqlStore(engine)

    assert leads(engine) == []
    assert store.events("c1") == ()
    assert store.summaries(["c1"]) == {}
    assert store.log(None, 10) == ()


def test_a_conflict_takes_back_ours_alone(engine: Engine) -> None:
    """After a conflict the host's transaction goes on, without anything of the commit."""
    with engine.begin() as connection:
        store = SqlStore(connection)
        store.commit(DESCRIBED)
        add_lead(connection, "ada")
        late = Commit(events=(received("m2"),), placed=(row("m1"),), new=frozenset({("x", "m1")}))
        with pytest.raises(Conflict, match="m1"):
            store.commit(late)
        add_lead(connection, "bo")

    assert leads(engine) == ["ada", "bo"]
    assert len(SqlStore(engine).events("c1")) == 1


def test_the_host_sees_what_it_has_written(engine: Engine) -> None:
    """Within the transaction a store answers with what was written in it."""
    with engine.begin() as connection:
        store = SqlStore(connection)
        store.commit(DESCRIBED)
        span = Span(customer=(None, "ada"), first=0, last=2**40)
        around = store.around(Asked(keys=(("x", "m1"),), spans=(span,)))

        assert names(store.page(Page())) == ["c1"]
        assert [each.key for each in around.placed] == [("x", "m1")]
        assert around.customers == {(None, "ada"): 1}


def test_closing_leaves_the_host_its_connection(engine: Engine) -> None:
    """A store on a host's connection neither ends the transaction nor closes the connection."""
    with engine.begin() as connection:
        store = SqlStore(connection)
        store.commit(DESCRIBED)
        store.close()
        add_lead(connection, "ada")

        assert connection.in_transaction()
    assert leads(engine) == ["ada"]


def test_the_tables_may_be_made_within_a_transaction(postgres_url: str) -> None:
    """On a fresh database the tables come with the host's transaction, and go with it."""
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        SqlStore(connection).commit(DESCRIBED)
        connection.rollback()
    store = SqlStore(engine)

    assert store.events("c1") == ()
    engine.dispose()


def test_a_connection_without_transactions_is_refused(engine: Engine) -> None:
    """A connection that commits by itself cannot hold both, and is refused."""
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        pytest.raises(StoreUnusable, match="AUTOCOMMIT"),
    ):
        SqlStore(connection)
