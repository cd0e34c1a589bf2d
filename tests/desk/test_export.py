"""The export: files that read back as what is in the log."""

import csv
import gc
import json
import tracemalloc
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, bot, note, peer
from effort import examples
from ledger import Ledger
from socialcare import Desk
from socialcare.analytics import MessageLog, read
from socialcare.analytics.readers.mapping import FIELDS
from socialcare.analytics.table import APPROVALS, ASSIGNMENT, ESCALATIONS, HANDLING, STATUS
from socialcare.cli import main
from socialcare.desk.export import export
from socialcare.desk.tables import TABLES
from socialcare.desk.walk import rows as rows_of
from socialcare.domain.actor import Actor
from socialcare.domain.events import (
    Assigned,
    Categorised,
    HandlingStarted,
    HandlingStopped,
    MessageReceived,
    Released,
    Resolved,
)
from socialcare.domain.heard import Heard
from socialcare.domain.priority import RuleBook
from socialcare.errors import InvalidValue
from socialcare.plugins.memory import MemoryStore
from socialcare.plugins.records import Commit, Logged

NOW = at(2_000_000)
ENDINGS = ("", ".csv", ".jsonl", ".parquet")
each_kind = pytest.mark.parametrize("ending", ENDINGS, ids=lambda each: each or "folder")


@pytest.fixture
def ledger() -> Ledger:
    """An empty log."""
    return Ledger()


def back(path: Path) -> MessageLog:
    """What was written, as an analyst reads it."""
    return read(path, now=NOW)


def rows(log: MessageLog) -> list[dict[str, Any]]:
    """The messages by channel and id."""
    return sorted(log.messages().to_dicts(), key=lambda row: (row["channel"], row["message_id"]))


def one(log: MessageLog) -> dict[str, Any]:
    """The only message."""
    (row,) = rows(log)
    return row


@each_kind
def test_messages_read_back_as_they_were_received(
    ledger: Ledger, tmp_path: Path, ending: str
) -> None:
    """Every column of the message table that a message has is there, in every kind of file."""
    message = asks(
        0.5,
        received_at=at(1),
        brand="north",
        account="@north",
        in_reply_to="m0",
        text='Où est "MA" commande,\nc\'est urgent?',
        category="delivery",
        subcategory="late",
        sentiment=-0.25,
        sentiment_scorer="words/1",
        language="fr",
    )
    ledger.receive(message, answers(3, team="social", visibility="private"))
    export(ledger.store, tmp_path / f"care{ending}")
    asked, answered = rows(back(tmp_path / f"care{ending}"))

    assert asked | {"author_id": None} == {
        "message_id": "m0.5",
        "sent_at": at(0.5),
        "received_at": at(1),
        "direction": "inbound",
        "customer_id": "ada",
        "author_id": None,
        "agent_id": None,
        "team_id": None,
        "brand": "north",
        "account": "@north",
        "channel": "x",
        "visibility": "public",
        "in_reply_to": "m0",
        "conversation_id": "c1",
        "author_role": "customer",
        "automated": False,
        "category": "delivery",
        "subcategory": "late",
        "sentiment": -0.25,
        "sentiment_scorer": "words/1",
        "language": "fr",
        "merits_attention": None,
        "needs_response": None,
        "indirect": None,
        "redirected": None,
        "redirect_requested": None,
        "text": 'Où est "MA" commande,\nc\'est urgent?',
    }
    assert (answered["agent_id"], answered["team_id"]) == ("anna", "social")
    assert answered["visibility"] == "private"


@each_kind
def test_what_was_made_of_messages_is_there(tmp_path: Path, ending: str) -> None:
    """Whether it matters, needs a response, and was said to the brand; the category of a rule."""
    book = RuleBook.from_mapping(
        {
            "rules": [
                {"name": "a", "query": "refund", "priority": "first/1", "category": "Money / Back"},
                {"name": "b", "query": "is:indirect", "priority": "second/1"},
            ]
        }
    )
    desk = Desk.open(rules=book)
    heard = Heard(message=asks(2, id="m2", text="they are fine"), found_by=["brand"])
    desk.receive([asks(0, text="refund?"), asks(1, text="hm"), heard, answers(3)], now=at(4))
    export(desk.store, tmp_path / f"care{ending}")
    columns = ("merits_attention", "needs_response", "indirect", "category", "subcategory")
    found = [tuple(row[name] for name in columns) for row in rows(back(tmp_path / f"care{ending}"))]

    assert found == [
        (True, True, False, "Money", "Back"),
        (False, False, False, None, None),
        (True, False, True, None, None),
        (None, None, None, None, None),
    ]


@each_kind
def test_export_says_how_many_messages_it_wrote(
    ledger: Ledger, tmp_path: Path, ending: str
) -> None:
    """The answer is the number of messages, those of no conversation too."""
    ledger.receive(asks(0), answers(1), note(2))
    ledger.receive(answers(3, customer_id=None), into=None)

    assert export(ledger.store, tmp_path / f"care{ending}") == 4


@pytest.mark.parametrize("ending", ["", ".csv", ".parquet"], ids=lambda each: each or "folder")
def test_empty_log_gives_an_empty_table(ledger: Ledger, tmp_path: Path, ending: str) -> None:
    """A desk that nobody wrote to has an export without messages, which can be read."""
    export(ledger.store, tmp_path / f"care{ending}")

    assert rows(back(tmp_path / f"care{ending}")) == []


def test_reading_an_export_finds_nothing_wrong(ledger: Ledger, tmp_path: Path) -> None:
    """No column is guessed, none is left over, and nothing is a fault."""
    ledger.receive(asks(0, text="=1"), answers(1, text="fine"), bot(2, text="-"))
    export(ledger.store, tmp_path / "care")
    quality = back(tmp_path / "care").quality

    assert (quality.faults, quality.set_aside) == ((), ())
    assert not [note for note in quality.notes if "not used" in note or "passed over" in note]


def test_columns_are_those_of_the_message_table() -> None:
    """Every column is a field that readers know, and the side tables are theirs."""
    sides = {name: columns for name, columns in TABLES.items() if name != "messages"}

    assert set(TABLES["messages"]) <= set(FIELDS)
    assert sides == {
        "handling": tuple(HANDLING),
        "status": tuple(STATUS),
        "assignment": tuple(ASSIGNMENT),
        "escalations": tuple(ESCALATIONS),
        "approvals": tuple(APPROVALS),
    }


# What is in it


def test_tables_beside_the_messages_are_there_if_there_is_anything_in_them(
    ledger: Ledger, tmp_path: Path
) -> None:
    """A desk at which nobody decided anything has messages and no other file."""
    ledger.receive(asks(0), answers(1))
    export(ledger.store, tmp_path / "care")

    assert [file.name for file in (tmp_path / "care").iterdir()] == ["messages.csv"]


def test_decisions_assignments_and_handling_are_tables(ledger: Ledger, tmp_path: Path) -> None:
    """What people did is read back beside the messages."""
    ledger.receive(asks(0))
    ledger.act(Assigned, at(1), agent_id="anna", team_id="social")
    ledger.act(HandlingStarted, at(2), agent_id="anna")
    ledger.act(HandlingStopped, at(5), agent_id="anna")
    ledger.act(Resolved, at(6))
    ledger.act(Released, at(7))
    export(ledger.store, tmp_path / "care")
    log = back(tmp_path / "care")

    assert log.status_table is not None
    assert log.status_table.rows() == [("c1", at(6), "resolved", "sam")]
    assert log.assignment_table is not None
    assert log.assignment_table.rows() == [
        ("c1", at(1), "anna", "social"),
        ("c1", at(7), None, None),
    ]
    assert log.handling_table is not None
    assert log.handling_table.rows() == [("c1", "anna", at(2), at(5))]


def test_handling_that_goes_on_is_no_span_yet(ledger: Ledger, tmp_path: Path) -> None:
    """An agent who has not stopped is not in the table."""
    ledger.receive(asks(0))
    ledger.act(HandlingStarted, at(2), agent_id="anna")
    export(ledger.store, tmp_path / "care")

    assert back(tmp_path / "care").handling_table is None


def test_files_for_messages_leave_the_tables_out(ledger: Ledger, tmp_path: Path) -> None:
    """A single file has the messages, and nothing of what people did."""
    ledger.receive(asks(0))
    ledger.act(Resolved, at(6))
    export(ledger.store, tmp_path / "care.csv")

    assert [file.name for file in tmp_path.iterdir()] == ["care.csv"]
    assert back(tmp_path / "care.csv").status_table is None


def test_edited_messages_are_as_they_show(ledger: Ledger, tmp_path: Path) -> None:
    """The version that was edited last is in the export, once."""
    ledger.receive(message := asks(0, text="helo"))
    ledger.edit(message, at(5), text="hello")
    ledger.edit(message, at(3), text="hallo")
    export(ledger.store, tmp_path / "care")

    assert one(back(tmp_path / "care"))["text"] == "hello"


def test_deleted_messages_have_no_text(ledger: Ledger, tmp_path: Path) -> None:
    """A deleted message counts, and says nothing."""
    ledger.receive(message := asks(0, text="my number is 1234"))
    ledger.delete(message)
    export(ledger.store, tmp_path / "care.csv")

    assert "1234" not in (tmp_path / "care.csv").read_text("utf-8")
    assert one(back(tmp_path / "care.csv"))["text"] is None


def test_merged_conversations_are_one(ledger: Ledger, tmp_path: Path) -> None:
    """Messages name the conversation that they belong to now, and are there once."""
    ledger.receive(asks(0), into="c1")
    ledger.receive(asks(9), into="c2")
    ledger.merge("c1", "c2")
    export(ledger.store, tmp_path / "care")

    found = rows(back(tmp_path / "care"))
    assert [(row["message_id"], row["conversation_id"]) for row in found] == [
        ("m0", "c1"),
        ("m9", "c1"),
    ]


def test_split_conversations_are_two(ledger: Ledger, tmp_path: Path) -> None:
    """Messages that were split off name the conversation that they went to."""
    ledger.receive(asks(0), moved := asks(9), into="c1")
    ledger.split("c1", "c2", moved)
    export(ledger.store, tmp_path / "care")

    found = rows(back(tmp_path / "care"))
    assert [(row["message_id"], row["conversation_id"]) for row in found] == [
        ("m0", "c1"),
        ("m9", "c2"),
    ]


def test_conversations_without_a_message_left_are_left_out(ledger: Ledger, tmp_path: Path) -> None:
    """A conversation whose last message went elsewhere is in no row."""
    ledger.receive(moved := asks(9), into="c1")
    ledger.act(Resolved, at(10))
    ledger.split("c1", "c2", moved)
    export(ledger.store, tmp_path / "care")
    log = back(tmp_path / "care")

    assert one(log)["conversation_id"] == "c2"
    assert log.status_table is None


def test_customers_are_people_and_not_handles(ledger: Ledger, tmp_path: Path) -> None:
    """A handle that is linked to somebody is that customer, and so are older messages of it."""
    ledger.receive(asks(0, customer_id="ada@x"), into="c1")
    ledger.receive(asks(1, customer_id="bo@x"), into="c2")
    ledger.link("x", "ada@x", "ada")
    export(ledger.store, tmp_path / "care")

    assert [row["customer_id"] for row in rows(back(tmp_path / "care"))] == ["ada", "bo@x"]


def test_broadcasts_are_in_no_conversation(ledger: Ledger, tmp_path: Path) -> None:
    """A message to nobody in particular is there as it shows, without customer and conversation."""
    ledger.receive(message := answers(0, customer_id=None, text="We are bakc"), into=None)
    ledger.edit(message, at(2), text="We are back")
    export(ledger.store, tmp_path / "care")
    row = one(back(tmp_path / "care"))

    assert (row["customer_id"], row["conversation_id"], row["text"]) == (None, None, "We are back")


def test_deletions_of_what_never_came_are_no_messages(ledger: Ledger, tmp_path: Path) -> None:
    """A message that was deleted before it came leaves no row."""
    ledger.receive(asks(0))
    ledger.where["x", "m7"] = None
    ledger.delete(asks(7))
    export(ledger.store, tmp_path / "care")

    assert one(back(tmp_path / "care"))["message_id"] == "m0"


def test_what_somebody_said_it_is_about_goes_first(ledger: Ledger, tmp_path: Path) -> None:
    """A conversation that was categorised gives its category to all of its messages."""
    ledger.receive(asks(0, category="other"), asks(1))
    ledger.act(Categorised, at(2), category="delivery", subcategory="late")
    export(ledger.store, tmp_path / "care")

    found = [(row["category"], row["subcategory"]) for row in rows(back(tmp_path / "care"))]
    assert found == [("delivery", "late")] * 2


def test_uncategorised_messages_keep_what_came_with_them(ledger: Ledger, tmp_path: Path) -> None:
    """Where nobody said anything each message has its own category, or none."""
    ledger.receive(asks(0, category="other"), asks(1))
    export(ledger.store, tmp_path / "care")

    assert [row["category"] for row in rows(back(tmp_path / "care"))] == ["other", None]


def test_peers_are_named(ledger: Ledger, tmp_path: Path) -> None:
    """Another customer who answers is the author, in the thread of the customer who asked."""
    ledger.receive(asks(0), peer(1))
    export(ledger.store, tmp_path / "care")

    _, row = rows(back(tmp_path / "care"))
    assert (row["author_id"], row["author_role"], row["customer_id"]) == ("bo", "peer", "ada")


# Spreadsheets


def cells(path: Path) -> list[str]:
    """Every cell of a CSV below its header."""
    with path.open(newline="", encoding="utf-8") as file:
        return [cell for row in list(csv.reader(file))[1:] for cell in row]


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1")


@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_no_text_of_a_csv_is_a_formula(ledger: Ledger, tmp_path: Path, text: str) -> None:
    """A text that a spreadsheet would compute has an apostrophe before it, and reads back equal."""
    ledger.receive(asks(0, text=text))
    export(ledger.store, tmp_path / "care.csv")

    assert not [cell for cell in cells(tmp_path / "care.csv") if cell.startswith((*"=+-@\t\r",))]
    assert one(back(tmp_path / "care.csv"))["text"] == text


def test_ids_are_guarded_in_every_table(ledger: Ledger, tmp_path: Path) -> None:
    """Ids that look like formulas are safe too, and still name each other."""
    ledger.receive(
        asks(0, id="=1", customer_id="@ada@example.social"),
        answers(1, id="-2", in_reply_to="=1", by="+anna"),
        into="-c",
    )
    ledger.act(Resolved, at(2), into="-c")
    export(ledger.store, tmp_path / "care")
    files = [cell for file in (tmp_path / "care").iterdir() for cell in cells(file)]
    log = back(tmp_path / "care")

    assert not [cell for cell in files if cell.startswith((*"=+-@",))]
    assert [(row["message_id"], row["in_reply_to"]) for row in rows(log)] == [
        ("-2", "=1"),
        ("=1", None),
    ]
    assert log.status_table is not None
    assert log.status_table["conversation_id"].to_list() == ["-c"]
    assert log.waits()["agent_id"].to_list() == ["+anna"]


def test_files_of_others_keep_their_apostrophes(tmp_path: Path) -> None:
    """Only a CSV with the column `formula_guard` loses an apostrophe when it is read."""
    lines = (
        "message_id,sent_at,direction,customer_id,text",
        "1,2026-03-02T09:00:00Z,inbound,ada,'@shop help' she said",
    )
    (tmp_path / "other.csv").write_text("\n".join(lines), "utf-8")

    assert one(back(tmp_path / "other.csv"))["text"] == "'@shop help' she said"


TEXTS = st.text(
    st.one_of(
        st.sampled_from("'=+-@\t\r\n\",; a"), st.characters(codec="utf-8", exclude_characters="\0")
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=examples(20, many=500))
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), ending=st.sampled_from(ENDINGS))
def test_texts_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], ending: str
) -> None:
    """Whatever a customer writes is read back as it was, from every kind of file."""
    ledger, path = Ledger(), tmp_path_factory.mktemp("texts") / f"care{ending}"
    ledger.receive(*(asks(place, text=text) for place, text in enumerate(texts)))
    export(ledger.store, path)

    assert [row["text"] for row in rows(back(path))] == texts


# Files


def test_json_lines_are_one_message_each(ledger: Ledger, tmp_path: Path) -> None:
    """Each line is an object with every column, instants in ISO 8601."""
    ledger.receive(asks(0.5), bot(1))
    export(ledger.store, tmp_path / "care.jsonl")
    lines = (tmp_path / "care.jsonl").read_text("utf-8").splitlines()
    first, second = map(json.loads, lines)

    assert tuple(first) == TABLES["messages"]
    assert (first["sent_at"], second["automated"]) == ("2026-03-02T09:00:30.000000Z", True)


def test_parquet_has_types(ledger: Ledger, tmp_path: Path) -> None:
    """Instants are instants, and words plain text, whichever library reads them."""
    ledger.receive(asks(0))
    export(ledger.store, tmp_path / "care.parquet")
    schema = pl.read_parquet_schema(tmp_path / "care.parquet")

    assert tuple(schema) == TABLES["messages"]
    assert schema["sent_at"] == pl.Datetime("us", "UTC")
    assert {schema["direction"], schema["channel"]} == {pl.String()}


@each_kind
def test_exports_replace_earlier_ones(ledger: Ledger, tmp_path: Path, ending: str) -> None:
    """An export in the place of an older one leaves nothing of that behind."""
    path = tmp_path / f"care{ending}"
    ledger.receive(asks(0))
    ledger.act(Resolved, at(2))
    export(ledger.store, path)
    newer = Ledger()
    newer.receive(asks(1), answers(2))
    export(newer.store, path)
    log = back(path)

    assert [row["message_id"] for row in rows(log)] == ["m1", "m2"]
    assert log.status_table is None
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


class Breaking(MemoryStore):
    """A store that breaks in the middle of an export."""

    def events(self, conversation: str | None) -> Any:
        """Nothing but trouble."""
        raise OSError(conversation)


@each_kind
def test_exports_that_fail_leave_what_was_there(
    ledger: Ledger, tmp_path: Path, ending: str
) -> None:
    """Nothing is replaced, and nothing left behind, unless all of it was written."""
    path = tmp_path / f"care{ending}"
    ledger.receive(asks(0))
    export(ledger.store, path)
    broken = Breaking()
    broken.commit(Commit(events=tuple(each.recorded.event for each in ledger.store.log(None, 9))))

    with pytest.raises(OSError, match="c1"):
        export(broken, path)
    assert [row["message_id"] for row in rows(back(path))] == ["m0"]
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_folders_with_anything_else_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    """A folder in which other things lie is never replaced."""
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "thesis.txt").write_text("years of work")

    with pytest.raises(InvalidValue, match="only holds an earlier export"):
        export(ledger.store, tmp_path / "care")
    assert (tmp_path / "care" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("name", ["care.json", "care.xlsx", "care.csv.gz", "missing/care.csv"])
def test_paths_that_make_no_sense_are_refused(ledger: Ledger, tmp_path: Path, name: str) -> None:
    """Other kinds of files, and folders that are not there, are named with what would be right."""
    with pytest.raises(InvalidValue, match="export"):
        export(ledger.store, tmp_path / name)


def test_folders_in_the_place_of_a_file_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    """A folder whose name ends like a file's is not replaced by one."""
    (tmp_path / "care.csv").mkdir()

    with pytest.raises(InvalidValue, match="a file, not a folder"):
        export(ledger.store, tmp_path / "care.csv")


def test_reports_are_made_of_exports(ledger: Ledger, tmp_path: Path) -> None:
    """`socialcare report` takes the folder as it is."""
    ledger.receive(asks(0, text="=1"), answers(7))
    ledger.act(Resolved, at(8))
    export(ledger.store, tmp_path / "care")
    with pytest.raises(SystemExit) as ended:
        main(("report", str(tmp_path / "care"), "--json", str(tmp_path / "numbers.json")))
    numbers = json.loads((tmp_path / "numbers.json").read_text("utf-8"))["metrics"]

    assert ended.value.code in (None, 0)
    assert numbers["first_response_time"]["median"] == 420
    assert numbers["resolution_time"]["n"] == 1


# While others write


class Busy(MemoryStore):
    """A store to which somebody else writes whenever a page of the log was read."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Any] = []

    def log(self, after: str | None, limit: int) -> tuple[Logged, ...]:
        """A page of one event, after which something else happens."""
        found = super().log(after, min(limit, 1))
        if found and self.meanwhile:
            self.meanwhile.pop(0)()
        return found


def test_conversations_that_merge_meanwhile_lose_no_message(tmp_path: Path) -> None:
    """Each message is written once, whatever becomes of its conversation on the way."""
    ledger = Ledger(Busy())
    ledger.receive(asks(0), into="c1")
    ledger.receive(asks(1), into="c2")
    ledger.receive(asks(2), into="c3")
    assert isinstance(ledger.store, Busy)
    ledger.store.meanwhile = [
        lambda: None,
        lambda: ledger.merge("c1", "c3"),
        lambda: ledger.merge("c1", "c2"),
        lambda: ledger.receive(asks(3), into="c1"),
    ]

    assert export(ledger.store, tmp_path / "care") == 4
    assert [row["message_id"] for row in rows(back(tmp_path / "care"))] == ["m0", "m1", "m2", "m3"]


# Memory


def test_each_conversation_is_read_once(tmp_path: Path) -> None:
    """However a conversation's events lie in the log, it is asked for once."""

    class Counting(MemoryStore):
        asked = 0

        def events(self, conversation: str | None) -> Any:
            self.asked += 1
            return super().events(conversation)

    ledger = Ledger()
    for minute in range(30):
        ledger.receive(asks(minute), into=f"c{minute % 3}")
    store = Counting()
    store.commit(Commit(events=tuple(each.recorded.event for each in ledger.store.log(None, 99))))
    export(store, tmp_path / "care")

    assert store.asked == 3


def peak(size: int) -> int:
    """The most memory that the rows of a log with so many conversations take, in bytes."""
    store, channel = MemoryStore(), Actor(id="channel:x")
    for number in range(size):
        into, message = f"c{number}", asks(number, customer_id=f"customer {number}")
        event = MessageReceived(conversation=into, at=NOW, by=channel, message=message)
        store.commit(Commit(events=(event,)))
    gc.collect()
    tracemalloc.start()
    count = sum(1 for _ in rows_of(store))
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == size
    return found


def test_memory_is_flat_in_the_size_of_the_log() -> None:
    """A log three times as long takes no more memory while it is written, but for some chance."""
    peak(3_000)  # what a process remembers of values that come again is in neither figure

    assert peak(3_000) < 1.5 * peak(1_000)
