"""The store in a SQLite database passes the contract, and opens only what it can keep."""

import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

import attrs
import pytest

from dying import die_before
from socialcare.errors import Conflict, InvalidEvent, InvalidValue, StoreUnusable
from socialcare.plugins.records import Commit, Page
from socialcare.stores import sqlite_connections
from socialcare.stores.sqlite import SqliteStore, socialcare_store
from socialcare.stores.sqlite_pages import page_query
from socialcare.stores.sqlite_schema import FIRST, STEPS
from socialcare.testing import StoreContract
from socialcare.testing.store.place import Opener
from socialcare.testing.store.samples import ADA, intake, needing, received, row, summary


class TestSqlite(StoreContract):
    """The default."""

    @pytest.fixture
    def opener(self, tmp_path: Path) -> Opener:
        """A database in a folder of the test's own."""
        return partial(SqliteStore, tmp_path / "care.db")


# What it opens


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """A file of somebody else's is refused, and not a byte of it is changed."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE song (name TEXT)")
    before = path.read_bytes()

    with pytest.raises(StoreUnusable, match="another program; give the path"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    """A text file is named as what it is not."""
    path = tmp_path / "notes.txt"
    path.write_text("Where is my parcel? " * 100)

    with pytest.raises(StoreUnusable, match=r"notes\.txt: it is no SQLite database"):
        SqliteStore(path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A path in a folder that is not there says so."""
    with pytest.raises(StoreUnusable, match="is there such a folder"):
        SqliteStore(tmp_path / "absent" / "care.db")


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    """A file that `touch` made is as good as none."""
    path = tmp_path / "care.db"
    path.touch()
    with closing(SqliteStore(path)) as store:
        store.commit(intake())

        assert len(store.events("c1")) == 1


def test_many_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    """Whoever comes while another makes the first tables finds one of ours, or makes it."""
    together = Barrier(8, timeout=60)

    def opens(number: int) -> None:
        together.wait()
        SqliteStore(tmp_path / f"{number // 8}.db").close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        done = list(pool.map(opens, range(40 * 8)))

    assert len(done) == 320


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    """A database of a later release says that this one is too old."""
    path = tmp_path / "care.db"
    SqliteStore(path, steps=(*STEPS, ("CREATE TABLE later (id TEXT)",))).close()

    known = len(STEPS)
    with pytest.raises(StoreUnusable, match=f"version {known + 1}, and this release knows {known}"):
        SqliteStore(path)


def test_a_damaged_database_says_so(tmp_path: Path) -> None:
    """A database with a page of rubbish in it is an error of ours, with what to do."""
    path = tmp_path / "care.db"
    with closing(SqliteStore(path)) as store:
        store.commit(Commit(events=tuple(received(f"m{n}") for n in range(500))))
    whole = path.read_bytes()
    path.write_bytes(whole[:-80_000] + b"\xff" * 80_000)

    with closing(SqliteStore(path)) as store, pytest.raises(StoreUnusable, match="damaged"):
        store.log(None, 1000)


@pytest.mark.parametrize("letter", ["ff", "01", "c3a9"])
def test_a_damaged_event_says_so(tmp_path: Path, letter: str) -> None:
    """An event with a byte in it that no event has is refused, and not read as something else."""
    path = tmp_path / "care.db"
    with closing(SqliteStore(path)) as store:
        store.commit(Commit(events=(received("m1"),)))
    with closing(sqlite3.connect(path)) as connection:
        (body,) = connection.execute("SELECT body FROM event").fetchone()
        damaged = body.encode("ascii").replace(b"m1", b"m" + bytes.fromhex(letter))
        connection.execute("UPDATE event SET body = CAST(? AS TEXT)", (damaged,))
        connection.commit()

    with closing(SqliteStore(path)) as store, pytest.raises(InvalidEvent, match="this is no JSON"):
        store.log(None, 10)


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    """A store that was closed is used no more."""
    store = SqliteStore(tmp_path / "care.db")
    store.close()
    store.close()

    with pytest.raises(StoreUnusable, match="it was closed"):
        store.events("c1")


@pytest.mark.parametrize("cursor", ["yesterday", "", "-1", "9" * 30])
def test_a_cursor_of_something_else_is_refused(tmp_path: Path, cursor: str) -> None:
    """A cursor that this store did not give is an error that says so."""
    with closing(SqliteStore(tmp_path / "care.db")) as store, pytest.raises(InvalidValue):
        store.log(cursor, 10)


@pytest.mark.parametrize("before", ["", "sqlite:///"])
def test_the_location_of_a_database(tmp_path: Path, before: str) -> None:
    """A path is a database, and so is an URL of SQLite with one."""
    path = tmp_path / "my care.db"
    store = socialcare_store(f"{before}{path}".replace(" ", "%20" if before else " "))

    assert isinstance(store, SqliteStore)
    store.close()
    assert path.exists()


@pytest.mark.parametrize("location", ["memory:", "postgresql://host/care", "postgresql+psycopg:x"])
def test_other_locations_are_for_others(location: str) -> None:
    """What has another scheme is for another plugin."""
    assert socialcare_store(location) is None


# What it promises of its file


def test_commits_are_on_the_disk(tmp_path: Path) -> None:
    """The log is written ahead, and every commit is synchronous; foreign keys are checked."""
    with closing(SqliteStore(tmp_path / "care.db")) as store, store.connections.reading() as own:
        found = [
            own.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]

    assert found == ["wal", 2, 1, 5000]


def test_every_page_walks_an_index(tmp_path: Path) -> None:
    """No page of a queue or a history sorts: SQLite reads the rows in their order."""
    pages = [
        Page(),
        Page(brand="x"),
        Page(channel="x"),
        Page(agent_id="x"),
        Page(team_id="x"),
        Page(category="x"),
        Page(tag="x"),
        Page(unassigned=True),
        Page(customer=ADA),
        Page(customer=("north", "bo")),
    ]
    pages += [attrs.evolve(page, after=summary()) for page in pages]
    with closing(SqliteStore(tmp_path / "care.db")) as store, store.connections.reading() as own:
        for page in pages:
            statement, given = page_query(page)
            plan = [row[3] for row in own.execute(f"EXPLAIN QUERY PLAN {statement}", given)]

            assert "USING INDEX" in plan[0]
            assert not [step for step in plan if "TEMP B-TREE" in step]


def test_somebody_who_writes_for_long_is_a_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has waited for another process's commit in vain may try again; reading goes on."""
    monkeypatch.setattr(sqlite_connections, "PATIENCE", 0.05)
    path = tmp_path / "care.db"
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path)) as other:
        store.commit(intake())
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Conflict):
            store.commit(intake("m2", conversation="c2"))
        seen = store.events("c1")
        other.execute("ROLLBACK")
        store.commit(intake("m2", conversation="c2"))

        assert len(seen) == 1
        assert len(store.log(None, 10)) == 2


def test_a_text_that_is_gone_leaves_no_word_in_the_file(tmp_path: Path) -> None:
    """A text that was taken out of the search is not in its index either, once that is merged."""
    path = tmp_path / "care.db"
    with closing(SqliteStore(path)) as store:
        store.commit(Commit(placed=(row(),), texts={("x", "m1"): "xylophone"}))
        store.commit(Commit(texts={("x", "m1"): None}))
        with store.connections.writing() as own:
            own.execute("INSERT INTO word (word) VALUES ('optimize')")
            own.execute("INSERT INTO word (word) VALUES ('integrity-check')")
            left = own.execute("SELECT count(*) FROM searched").fetchone()

    assert left == (0,)


def test_the_index_of_words_agrees_with_the_texts(tmp_path: Path) -> None:
    """After texts came, changed and went, SQLite finds its index whole."""
    with closing(SqliteStore(tmp_path / "care.db")) as store:
        for text in ("my parcel", "my \u00e9t\u00e9 parcel", "", "a" * 5000, None, "again"):
            store.commit(Commit(placed=(row(),), texts={("x", "m1"): text}))
        with store.connections.writing() as own:
            own.execute("INSERT INTO word (word) VALUES ('integrity-check')")

        assert [each.message_id for each in store.search(needing("again"), 9)] == ["m1"]


def test_a_store_goes_on_in_a_forked_process(tmp_path: Path) -> None:
    """A server that forks its workers after opening the store may use it in each of them."""
    with closing(SqliteStore(tmp_path / "care.db")) as store:
        store.commit(intake())
        child = get_context("fork").Process(target=_commit_another, args=(store,))
        child.start()
        child.join(timeout=60)

        assert child.exitcode == 0
        assert len(store.log(None, 10)) == 2


def _commit_another(store: SqliteStore) -> None:
    store.commit(intake("m2", conversation="c2"))


# Crashes


@pytest.mark.parametrize(
    "statement",
    [
        "BEGIN",
        "INTO conversation",
        "max(position)",
        "INTO event",
        "INTO message",
        "INTO searched",
        "INTO outbox",
        "COMMIT",
    ],
)
def test_killed_before_any_statement_of_a_commit(tmp_path: Path, statement: str) -> None:
    """Killed between any two statements of a commit it leaves nothing of it, and opens again."""
    path = tmp_path / "care.db"
    SqliteStore(path).close()
    child = get_context("spawn").Process(target=die_before, args=(path, statement))
    child.start()
    child.join(timeout=60)

    assert child.exitcode == -signal.SIGKILL
    with closing(SqliteStore(path)) as store:
        assert store.log(None, 10) == ()
        assert store.summaries(["c1"]) == {}
        store.commit(intake())


# From one version to the next


def test_a_database_of_version_1_becomes_one_of_each_later_version(tmp_path: Path) -> None:
    """A database of the first schema, as it was released, is brought up and keeps what it has."""
    path = tmp_path / "care.db"
    with closing(sqlite3.connect(path)) as first:
        first.executescript(Path(__file__).with_name("sqlite_version_1.sql").read_text("utf-8"))
    with closing(SqliteStore(path)) as store:
        (before,) = store.log(None, 10)
        assert store.summaries(["c1"])["c1"].summary.level is None
    later = ("ALTER TABLE customer ADD COLUMN since INTEGER", "UPDATE customer SET since = 7")
    with closing(SqliteStore(path, steps=(*STEPS, later))) as store:
        with store.connections.reading() as own:
            version = own.execute("PRAGMA user_version").fetchone()
            since = own.execute("SELECT since FROM customer").fetchall()

        assert (version, since) == ((len(STEPS) + 1,), [(7,)])
        assert store.log(None, 10) == (before,)
        assert store.events("c1") == (before.recorded,)
        assert store.search(needing("parcel"), 10)[0].conversation == "c1"


def test_the_first_schema_is_as_it_was_released(tmp_path: Path) -> None:
    """A released step is never changed: what it makes is what the file of version 1 makes."""
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    with closing(sqlite3.connect(old)) as first:
        first.executescript(Path(__file__).with_name("sqlite_version_1.sql").read_text("utf-8"))
    SqliteStore(new, steps=(FIRST,)).close()

    assert _schema(old) == _schema(new)


def _schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as own:
        rows = own.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
        return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows]


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    """A migration that fails half-way leaves the version that was there."""
    path = tmp_path / "care.db"
    with closing(SqliteStore(path)) as store:
        store.commit(intake())
    wrong = ("CREATE TABLE half (id TEXT)", "INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreUnusable, match="nowhere"):
        SqliteStore(path, steps=(*STEPS, wrong))
    with closing(SqliteStore(path)) as store:
        assert len(store.events("c1")) == 1
    assert "half" not in [name for _, name, _ in _schema(path)]
