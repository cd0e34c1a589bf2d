"""What the file holds and refuses; what every store does is in the contract."""

import json
import logging
import multiprocessing
import os
import resource
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from socialcare import Actor, Desk, Handle
from socialcare.domain.events import Released, Reply
from socialcare.domain.placement import Placed
from socialcare.domain.query.needs import Needed, Needs
from socialcare.domain.summary import Summary
from socialcare.errors import Conflict, StoreUnusable
from socialcare.plugins.records import Commit, Delivery, Entry, Kept, Notice, Settlement

import socialcare_journal
from socialcare_journal import JournalStore

MONDAY = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
EVENT = Released(conversation="x:1", at=MONDAY, by=Actor(id="anna"))
FIRST = Commit(
    events=(EVENT,),
    summaries=(Kept(summary=Summary(id="x:1", tags=("late",), waiting_since=MONDAY), version=0),),
    customers={(None, "ada"): 0, ("northline", "ada"): 0},
    placed=(Placed(channel="x", id="1", conversation="x:1", customer_id="ada", second=1),),
    texts={("x", "1"): "Where is my \ud83d parcel\u2028?", ("x", "2"): None},
    links={Handle(channel="x", id="@ada"): "ada", Handle(channel="x", id="@eve"): None},
    outbox=(
        Entry(
            key="r1",
            target="channel:x",
            lane="x:1",
            what=Reply(id="r1", text="Soon.", channel="x", visibility="public", customer_id="ada"),
            conversation="x:1",
            due_at=MONDAY,
        ),
        Entry(
            key="n1",
            target="notifier:log",
            lane="n1",
            what=Notice(id="n1", kind="assigned", conversation="x:1", said="Yours.", at=MONDAY),
            conversation="x:1",
            due_at=MONDAY,
        ),
    ),
    cursors={"x": "17"},
)
SECOND = Commit(events=(EVENT,), summaries=(Kept(summary=Summary(id="x:1"), version=1),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal may be."""
    return tmp_path / "care.jsonl"


@pytest.fixture
def store(path: Path) -> Iterator[JournalStore]:
    """A store with one commit."""
    store = JournalStore(path)
    store.commit(FIRST)
    yield store
    store.close()


def reopened(store: JournalStore, path: Path) -> JournalStore:
    """The same store after its program ended."""
    store.close()
    return JournalStore(path)


@pytest.mark.usefixtures("store")
def test_a_line_is_a_commit(path: Path) -> None:
    """People can read it, with the events as every store has them."""
    header, line = path.read_text("ascii").splitlines()

    assert json.loads(header) == {"journal": "socialcare", "version": 1}
    assert json.loads(line)["commit"]["events"][0]["type"] == "released"


def test_everything_is_there_again(store: JournalStore, path: Path) -> None:
    """Opened again, it has the events, summaries, entries and names, to the microsecond."""
    before = store.log(None, 9), store.summaries(["x:1"]), store.entries(["r1", "n1"])
    again = reopened(store, path)
    needs = Needs(words=(frozenset({Needed("parcel")}),))

    assert (again.log(None, 9), again.summaries(["x:1"]), again.entries(["r1", "n1"])) == before
    assert [found.message_id for found in again.search(needs, 9)] == ["1"]
    again.close()


def test_attempts_are_there_again(store: JournalStore, path: Path) -> None:
    """A claim outlives the program, so that nobody takes a second attempt for the first."""
    lease = MONDAY + timedelta(minutes=1)
    (claimed,) = store.claim(["channel:x"], now=MONDAY, until=lease, limit=9)
    again = reopened(store, path)

    assert again.entries(["r1"]) == (claimed,)
    assert again.claim(["channel:x"], now=MONDAY, until=lease, limit=9) == ()
    again.commit(Commit(settled=(Settlement(key="r1", attempt=1, state=Delivery.SENT),)))
    again.close()


def test_what_is_refused_is_not_written(store: JournalStore, path: Path) -> None:
    """A conflict leaves the file as it was."""
    before = path.read_bytes()
    with pytest.raises(Conflict):
        store.commit(FIRST)

    assert path.read_bytes() == before


@pytest.mark.parametrize("missing", [1, 9, 90])
def test_an_unfinished_line_is_dropped(
    store: JournalStore, path: Path, missing: int, caplog: pytest.LogCaptureFixture
) -> None:
    """After a crash in the middle of a line the commits before it are there, and it goes on."""
    store.commit(SECOND)
    store.close()
    os.truncate(path, path.stat().st_size - missing)
    with caplog.at_level(logging.WARNING):
        again = JournalStore(path)

    assert "dropped an unfinished line" in caplog.text
    assert len(again.events("x:1")) == 1
    again.commit(SECOND)
    once_more = reopened(again, path)
    assert len(once_more.events("x:1")) == 2
    once_more.close()


def test_an_unfinished_header_is_written_again(path: Path) -> None:
    """A crash while the file was made leaves an empty journal."""
    path.write_text('{"journal":"soc')
    store = JournalStore(path)

    assert store.log(None, 9) == ()
    store.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{\n", "line 1 is damaged"),
        ("[]\n", "line 1 is no JSON object"),
        ('{"a": 1}\n', "line 1: found {'a': 1}, expected {'journal'"),
        ('{"journal":"socialcare","version":2}\n', "'version': 2}, expected"),
        ('{"journal":"socialcare","version":1}\n{"what":1}\n', "line 2: 'commit'"),
        ('{"journal":"socialcare","version":1}\n\x00\n{"commit":{}}\n', "line 2 is damaged"),
    ],
)
def test_what_is_no_journal_is_refused(path: Path, text: str, said: str) -> None:
    """It says which line, and stays as it is."""
    path.write_text(text)

    with pytest.raises(StoreUnusable, match=said.replace("{", r"\{")):
        JournalStore(path)
    assert path.read_text() == text


@pytest.mark.usefixtures("store")
def test_a_second_program_is_refused(path: Path) -> None:
    """A journal is for one process, and says so."""
    with pytest.raises(StoreUnusable, match="another program has it open"):
        JournalStore(path)


def test_a_forked_process_is_refused(store: JournalStore) -> None:
    """A child that took the store over by a fork can't write to the file of its parent."""
    context = multiprocessing.get_context("fork")
    said = context.Queue()
    child = context.Process(target=_refused, args=(store, said))
    child.start()

    assert "before a fork" in said.get(timeout=30)
    child.join()


def _refused(store: JournalStore, said: "multiprocessing.Queue[str]") -> None:
    try:
        store.commit(SECOND)
    except StoreUnusable as error:
        said.put(str(error))


def test_a_full_disk_stops_it(store: JournalStore, path: Path) -> None:
    """What could not be written is not shown; opened again, it goes on from the file."""
    limit = path.stat().st_size + 5000
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(StoreUnusable, match="open it again"):
            store.commit(Commit(events=(EVENT,) * 2000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    with pytest.raises(StoreUnusable):
        store.events("x:1")
    again = reopened(store, path)
    assert len(again.events("x:1")) == 1
    again.close()


def test_a_closed_store_says_so(store: JournalStore) -> None:
    """After `close` nothing is answered."""
    store.close()

    with pytest.raises(StoreUnusable, match="closed"):
        store.log(None, 1)


def test_a_desk_opens_it_by_location(path: Path) -> None:
    """The module is a plugin that knows `journal:`, and leaves other locations to others."""
    with Desk.open(f"journal:{path}", socialcare_journal):
        pass

    assert path.exists()
    assert socialcare_journal.socialcare_store("care.db") is None


def test_an_installed_package_is_found(path: Path) -> None:
    """A desk that looks for entry points knows `journal:`."""
    if not entry_points(group="socialcare", name="journal"):
        pytest.skip("the package is on the path, but not installed")
    with Desk.open(f"journal:{path}", entry_points=True):
        pass

    assert path.exists()
