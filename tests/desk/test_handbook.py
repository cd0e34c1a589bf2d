"""The documents in force: read again when their files change, and kept when those are wrong."""

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.desk.versioned import Versioned, each_versioned
from socialcare.domain.events import DocumentChanged, DocumentRefused, Event
from socialcare.domain.priority import RuleBook
from socialcare.errors import InvalidPolicy
from socialcare.plugins.protocols import Store
from socialcare.testing import FakeNotifier
from socialcare.testing.builders import asks, at


def promising(first: str, more: str = "") -> str:
    """A policy that promises a first response within so long."""
    return f'''
name = "Northline"
version = "{first}"
{more}

[[entries]]
name = "everybody"
first_response = "{first}"
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a policy that promises two hours."""
    found = tmp_path / "sla.toml"
    found.write_text(promising("2h"))
    return found


def documents(desk: Desk) -> list[Event]:
    """What the log says of documents."""
    every = (each.recorded.event for each in desk.log())
    return [each for each in every if isinstance(each, DocumentChanged | DocumentRefused)]


def test_a_document_is_given_as_a_file(path: Path) -> None:
    """It is in force as soon as the desk is open."""
    desk = Desk.open(deadlines=path)

    assert desk.handbook.deadlines is not None
    assert desk.handbook.deadlines.version == "2h"
    assert desk.handbook.rules == RuleBook.default()


def test_a_bad_document_opens_no_desk(path: Path) -> None:
    """There is none before it that could stay."""
    path.write_text(promising("soon"))

    with pytest.raises(InvalidPolicy, match=r"sla\.toml: entries\[0\]\.first_response: found"):
        Desk.open(deadlines=str(path))


def test_a_changed_file_comes_into_force(path: Path) -> None:
    """The event says which version, and what is different."""
    desk = Desk.open(deadlines=path)
    path.write_text(promising("1h"))
    [changed] = desk.reload(by="anna", now=at(1))

    assert isinstance(changed, DocumentChanged)
    assert (changed.kind, changed.name, changed.document_version) == (
        "deadlines",
        "Northline",
        "1h",
    )
    assert changed.by.id == "anna"
    assert changed.changes == (
        "version was '2h' and is '1h'",
        "entries 'everybody': first_response was '2h' and is '1h'",
    )
    assert desk.handbook.deadlines is not None
    assert desk.handbook.deadlines.version == "1h"
    assert documents(desk) == [changed]


def test_what_says_the_same_changes_nothing(path: Path) -> None:
    """Neither a file that is as it was, nor a comment in it."""
    desk = Desk.open(deadlines=path)
    path.write_text(promising("2h", more="# as before"))

    assert desk.reload(by="anna", now=at(1)) == ()
    assert desk.reload(by="anna", now=at(2)) == ()


def test_watching_reads_the_files_again(path: Path) -> None:
    """Then it is the desk itself that does so."""
    desk = Desk.open(deadlines=path)
    path.write_text(promising("1h"))
    [changed] = desk.watch(now=at(1))

    assert isinstance(changed, DocumentChanged)
    assert changed.by.id == "socialcare"
    assert desk.watch(now=at(2)) == ()


def test_going_back_is_a_change(path: Path) -> None:
    """Each time that another content comes into force is written."""
    desk = Desk.open(deadlines=path)
    for minute, first in enumerate(("1h", "2h", "1h")):
        path.write_text(promising(first))
        desk.reload(by="anna", now=at(minute))

    assert [
        each.document_version for each in documents(desk) if isinstance(each, DocumentChanged)
    ] == ["1h", "2h", "1h"]


def test_a_bad_file_leaves_the_version_in_force(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is written, logged and told once, and the next good one comes into force."""
    notifier = FakeNotifier()
    desk = Desk.open(notifier, deadlines=path)
    path.write_text(promising("soon"))
    with caplog.at_level(logging.ERROR):
        [refused] = desk.watch(now=at(1))
        later = desk.watch(now=at(2))
    desk.deliver(now=at(3))
    [notice] = notifier.told

    assert isinstance(refused, DocumentRefused)
    assert "sla.toml: entries[0].first_response: found 'soon'" in refused.said
    assert later == ()
    assert len(caplog.records) == 1
    assert (notice.kind, notice.said) == (
        "document_refused",
        f"deadlines stays as it was: {refused.said}",
    )
    assert desk.handbook.deadlines is not None
    assert desk.handbook.deadlines.version == "2h"
    path.write_text(promising("1h"))
    assert [type(each) for each in desk.watch(now=at(4))] == [DocumentChanged]


def test_a_file_that_is_gone_is_a_bad_one(path: Path) -> None:
    """What was in force stays, and the file counts again when it is back."""
    desk = Desk.open(deadlines=path)
    path.unlink()
    [refused] = desk.reload(by="anna", now=at(1))
    path.write_text(promising("2h"))

    assert isinstance(refused, DocumentRefused)
    assert desk.reload(by="anna", now=at(2)) == ()
    assert desk.handbook.deadlines is not None


def test_a_file_that_is_being_written_is_not_a_bad_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first half is no document; the whole is in force as soon as somebody looks again."""
    desk = Desk.open(deadlines=path)
    whole = promising("1h").encode()
    shown = [whole[:20], whole[:20]]
    read = Path.read_bytes
    path.write_bytes(whole)
    monkeypatch.setattr(Path, "read_bytes", lambda own: shown.pop() if shown else read(own))
    events = [desk.reload(by="max", now=at(1)), desk.reload(by="max", now=at(2))]

    assert [[type(each) for each in found] for found in events] == [[], [DocumentChanged]]
    assert desk.handbook.deadlines is not None
    assert desk.handbook.deadlines.version == "1h"


def test_a_file_that_nests_without_end_is_a_bad_one(path: Path) -> None:
    """It is refused as any other."""
    desk = Desk.open(deadlines=path)
    path.write_text(f"entries = {'[' * 5000}{']' * 5000}")

    assert [type(each) for each in desk.reload(by="max", now=at(1))] == [DocumentRefused]


def test_a_document_that_changed_while_no_desk_was_open(path: Path) -> None:
    """Whoever opens one next writes it down; nobody knows what it said before."""
    desk = Desk.open(deadlines=path)
    desk.watch(now=at(1))
    path.write_text(promising("1h"))
    another = Desk.open(store=desk.store, deadlines=path)
    [changed] = another.watch(now=at(2))

    assert isinstance(changed, DocumentChanged)
    assert (changed.document_version, changed.changes) == ("1h", ())
    assert another.watch(now=at(3)) == ()


def test_a_desk_that_began_with_an_older_document_says_nothing_of_it(path: Path) -> None:
    """Another desk has told of the newer one before, and an older one is in force nowhere."""
    desk = Desk.open(deadlines=path)
    another = Desk.open(store=desk.store, deadlines=path)
    path.write_text(promising("1h"))
    [changed] = desk.watch(now=at(1))

    assert isinstance(changed, DocumentChanged)
    assert another.watch(now=at(2)) == ()
    assert documents(desk) == [changed]


def test_a_desk_that_began_late_takes_nothing_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it found first is not taken for the first document once another desk has told more."""
    desk = Desk.open(deadlines=path)
    late = Desk.open(store=desk.store, deadlines=path)

    def meanwhile(store: Store, names: Iterable[str]) -> Mapping[str, Versioned]:
        monkeypatch.undo()
        known = each_versioned(store, names)
        path.write_text(promising("1h"))
        desk.watch(now=at(1))
        return known

    monkeypatch.setattr("socialcare.desk.documents.each_versioned", meanwhile)
    late.watch(now=at(2))
    path.write_text(promising("2h"))
    desk.watch(now=at(3))

    told = [each for each in documents(desk) if isinstance(each, DocumentChanged)]
    assert [each.document_version for each in told] == ["1h", "2h"]


def check_once(location: str, path: Path, desks: int = 4) -> None:
    """Several desks that see a change at once write it once, and all have it."""
    opened = [Desk.open(location, deadlines=path) for _ in range(desks)]
    path.write_text(promising("1h"))
    with ThreadPoolExecutor(desks) as pool:
        written = list(pool.map(lambda desk: desk.watch(now=at(1)), opened))
    path.write_text(promising("soon"))
    with ThreadPoolExecutor(desks) as pool:
        list(pool.map(lambda desk: desk.reload(by="anna", now=at(2)), opened))

    assert [type(each) for each in documents(opened[0])] == [DocumentChanged, DocumentRefused]
    assert sum(map(len, written)) == 1
    for desk in opened:
        assert desk.handbook.deadlines is not None
        assert desk.handbook.deadlines.version == "1h"
        desk.close()


def test_many_desks_write_a_change_once_on_sqlite(tmp_path: Path, path: Path) -> None:
    """Whoever is first."""
    check_once(str(tmp_path / "care.db"), path)


def test_many_desks_write_a_change_once_on_postgres(postgres_url: str, path: Path) -> None:
    """Whoever is first."""
    check_once(postgres_url, path)


def test_rules_in_force_rank_what_comes_next(tmp_path: Path) -> None:
    """A message is ranked by the book that is in force when it comes in."""
    path = tmp_path / "rules.toml"
    rule = '[[rules]]\nname = "late"\nquery = "parcel"\npriority = "{}"\n'
    path.write_text(rule.format("second/2"))
    desk = Desk.open(rules=path)
    desk.receive([asks(0, text="My parcel?", customer_id="ada")], now=at(0))
    path.write_text(rule.format("first/1"))
    desk.reload(by="anna", now=at(1))
    desk.receive([asks(2, text="My parcel?", customer_id="bob")], now=at(2))

    assert [str(each.priority) for each in desk.queue()] == ["first/1", "second/2"]


def test_rules_write_what_they_read() -> None:
    """So that two versions can be compared."""
    rules = RuleBook.default()

    assert RuleBook.from_mapping(rules.to_mapping()) == rules
