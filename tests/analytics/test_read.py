"""Reading: every kind of source, recognised or told, ends in the same message table."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
import zstandard
from polars.testing import assert_frame_equal

from socialcare.analytics.log import MessageLog
from socialcare.analytics.readers import presets, read
from socialcare.analytics.table import OPTIONAL, REQUIRED
from socialcare.errors import InvalidValue, UnreadableExport

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there")

TABLE = """\
message_id,sent_at,direction,customer_id,agent_id,channel,visibility,in_reply_to,sentiment,text
1,2026-03-02T09:00:00Z,inbound,ada,,x,public,,-0.5,"Where is my parcel?
It is late."
2,2026-03-02T09:05:30Z,outbound,ada,kim,x,public,1,,On its way.
3,2026-03-02T10:05:00+01:00,inbound,ada,,email,private,,0.5,Thanks!
"""
EXPECTED = pl.DataFrame(
    {
        "message_id": ["1", "2", "3"],
        "sent_at": [
            datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
            datetime(2026, 3, 2, 9, 5, 30, tzinfo=UTC),
            datetime(2026, 3, 2, 9, 5, tzinfo=UTC),
        ],
        "direction": ["inbound", "outbound", "inbound"],
        "customer_id": ["ada", "ada", "ada"],
        "channel": ["x", "x", "email"],
        "visibility": ["public", "public", "private"],
        "agent_id": [None, "kim", None],
        "in_reply_to": [None, "1", None],
        "sentiment": [-0.5, None, 0.5],
        "text": ["Where is my parcel?\nIt is late.", "On its way.", "Thanks!"],
    }
)
EXPECTED = EXPECTED.cast(
    {k: v for k, v in {**REQUIRED, **OPTIONAL}.items() if k in EXPECTED.columns}
)


def path_with(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def codes(log: MessageLog) -> dict[str, int]:
    """How often each fault was found."""
    return {fault.code: fault.count for fault in log.quality.faults}


def rows() -> list[dict[str, Any]]:
    """The table's rows as an export in JSON has them."""
    frame = pl.read_csv(TABLE.encode(), infer_schema=False)
    return [
        {k: float(v) if k == "sentiment" else v for k, v in row.items() if v is not None}
        for row in frame.to_dicts()
    ]


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        TABLE.replace("\n", "\r\n").replace("parcel?\r\n", "parcel?\n"),
        "\ufeff" + TABLE,
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t"),
        "sep=;\n" + TABLE.replace(",", ";"),
        TABLE + "\n\n",
        TABLE.encode("utf-16"),
        gzip.compress(TABLE.encode()),
        zstandard.compress(TABLE.encode()),
    ],
    ids=["lf", "crlf", "bom", "semicolon", "tab", "sep", "blank", "utf16", "gz", "zst"],
)
def test_text_files_are_read_however_they_are_written(tmp_path: Path, content: str | bytes) -> None:
    """Separators, line ends, marks, encodings and compression are recognised by what is there."""
    log = read(path_with(tmp_path, content), now=NOW)

    assert_frame_equal(log.table, EXPECTED)
    assert log.quality.format == "messages"
    assert log.quality.faults == ()
    assert (log.quality.rows, log.quality.kept) == (3, 3)


@pytest.mark.parametrize("name", ["export.jsonl", "export.ndjson", "export.txt"])
def test_json_lines_are_read(tmp_path: Path, name: str) -> None:
    """JSON Lines are recognised by what is in them, and keys that are absent are empty."""
    text = "".join(json.dumps(row) + "\n" for row in rows())

    assert_frame_equal(read(path_with(tmp_path, text, name), now=NOW).table, EXPECTED)


def test_a_json_array_is_read(tmp_path: Path) -> None:
    """One JSON array is as good as lines."""
    log = read(path_with(tmp_path, json.dumps(rows(), indent=1), "export.json"), now=NOW)

    assert_frame_equal(log.table, EXPECTED)


def test_lines_that_are_no_json_are_set_aside(tmp_path: Path) -> None:
    """A broken line of JSON Lines is set aside with its number."""
    first, *others = (json.dumps(row) for row in rows())
    text = "\n".join([first, "{oops", "[1]", "", *others])
    log = read(path_with(tmp_path, text, "export.jsonl"), now=NOW)

    assert [(one.line, one.code) for one in log.quality.set_aside] == [
        (2, "broken_row"),
        (3, "broken_row"),
    ]
    assert (log.quality.rows, log.quality.kept) == (5, 3)


def test_inner_objects_are_columns_with_dots(tmp_path: Path) -> None:
    """A mapping can name a value within an object."""
    row = {"id": 7, "at": "2026-03-02T09:00:00Z", "from": {"id": "ada", "kind": "user"}}
    mapping = {
        "columns": {
            "message_id": "id",
            "sent_at": "at",
            "author_id": "from.id",
            "author_role": "from.kind",
        }
    }
    log = read(path_with(tmp_path, json.dumps(row), "a.jsonl"), mapping=mapping, now=NOW)

    assert log.table.select("message_id", "customer_id", "direction").row(0) == (
        "7",
        "ada",
        "inbound",
    )


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    """Instants, numbers and texts of a Parquet file are taken as they are."""
    path = tmp_path / "export.parquet"
    EXPECTED.with_columns(pl.col("message_id", "in_reply_to").cast(pl.Int64)).write_parquet(path)

    assert_frame_equal(read(path, now=NOW).table, EXPECTED)


def frames() -> dict[str, Any]:
    """The same messages in every kind of frame."""
    plain = EXPECTED.with_columns(pl.col("direction", "visibility").cast(pl.String))
    arrow = plain.to_arrow()
    return {
        "polars": EXPECTED,
        "lazy": EXPECTED.lazy(),
        "pandas": plain.to_pandas(),
        "pyarrow": arrow,
        "duckdb": duckdb.from_arrow(arrow),
    }


@pytest.mark.parametrize("name", ["polars", "lazy", "pandas", "pyarrow", "duckdb"])
def test_frames_are_read_and_their_kind_is_kept(name: str) -> None:
    """Any kind of frame gives the same messages, and the log knows what the user brought."""
    log = read(frames()[name], now=NOW)

    assert_frame_equal(log.table, EXPECTED)
    assert log.kind == ("polars" if name == "lazy" else name)


def test_ids_in_float_columns_of_pandas_are_ids() -> None:
    """A nullable column of whole numbers that became floats gives ids without decimals."""
    frame = pd.DataFrame(
        {
            "message_id": [1.0, 2.0, 9007199254740993.0],
            "sent_at": pd.to_datetime(["2026-03-02T09:00:00Z"] * 3),
            "direction": ["inbound", "outbound", "inbound"],
            "customer_id": [7.0, 7.0, None],
            "in_reply_to": [None, 1.0, 1.267e18],
        }
    )
    log = read(frame, now=NOW)

    assert log.table["message_id"].to_list() == ["1", "2", "9007199254740992.0#3"]
    assert log.table["in_reply_to"].to_list() == [None, "1", None]
    assert log.table["customer_id"].to_list() == ["7", "7", None]
    assert codes(log) == {"damaged_id": 2, "unknown_customer": 1}


def test_pandas_objects_are_read_value_by_value() -> None:
    """A column of mixed objects is read as what each value says."""
    frame = pd.DataFrame(
        {
            "message_id": [1, "b", 2**60],
            "sent_at": [datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02T10:00:00Z", 1772442000],
            "direction": pd.Categorical(["inbound", "outbound", "inbound"]),
            "customer_id": ["ada", None, float("nan")],
            "automated": [True, None, False],
        },
        dtype=object,
    )
    log = read(frame, now=NOW)

    assert log.table["message_id"].to_list() == ["1", "b", str(2**60)]
    assert log.table["sent_at"].dt.hour().to_list() == [9, 10, 9]
    assert log.table["customer_id"].to_list() == ["ada", None, None]
    assert log.table["automated"].to_list() == [True, False, False]


@pytest.mark.parametrize(
    "made",
    [
        lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]),
        lambda: pd.DataFrame([[1, 2]]),
        pd.DataFrame,
        pl.DataFrame,
        lambda: pl.scan_csv("nowhere.csv"),
        lambda: pl.DataFrame({"id": ["x"]}).lazy().cast(pl.Int64),
        lambda: duckdb.sql("select 1 as a"),
    ],
    ids=["twice", "numbered", "empty", "none", "absent", "failing", "duckdb"],
)
def test_frames_that_are_no_export_say_so(made: Callable[[], Any]) -> None:
    """A frame that holds no messages, or can't be computed, is unreadable."""
    frame = made()

    with pytest.raises(UnreadableExport):
        read(frame, now=NOW)


def test_texts_of_any_type_are_texts() -> None:
    """Lists, bytes and durations in a column of texts are read as what they say."""
    for values in ([["a", "b"]] * 3, [b"ab\xff"] * 3, [{"a": 1}] * 3, [NOW - NOW] * 3):
        log = read(EXPECTED.with_columns(pl.Series("text", values)), now=NOW)

        assert log.table["text"].dtype == pl.String
        assert log.table["text"].null_count() == 0


def test_whole_numbers_of_pandas_stay_exact() -> None:
    """Large ids in a nullable column of pandas keep every digit."""
    ids = pd.array([2**60 + 1, 2**60 + 2, None], dtype="Int64")
    log = read(EXPECTED.to_pandas().assign(message_id=ids), now=NOW)

    assert log.table["message_id"].to_list() == [str(2**60 + 1), str(2**60 + 2)]
    assert codes(log) == {"missing_value": 1, "orphan": 1}


def test_several_files_are_one_log(tmp_path: Path) -> None:
    """A list of paths is read as one export, and places name their file."""
    head, *body = TABLE.splitlines(keepends=True)
    one = path_with(tmp_path, head + "".join(body[:2]), "one.csv")
    two = path_with(tmp_path, head + "".join(body[2:]) + "oops\n", "two.csv")
    log = read([one, str(two)], now=NOW)

    assert_frame_equal(log.table, EXPECTED)
    assert [(a.file, a.line) for a in log.quality.set_aside] == [(str(two), 4)]
    assert log.quality.faults[0].examples[0]["file"] == str(two)


def test_a_directory_is_its_files(tmp_path: Path) -> None:
    """Files of messages in a directory are one log; side tables lie beside them."""
    path_with(tmp_path, TABLE, "march.csv")
    path_with(
        tmp_path,
        "conversation_id,agent_id,started_at,ended_at\nx:1,kim,2026-03-02T09:00:00Z,"
        "2026-03-02T09:05:00Z\n",
        "handling.csv",
    )
    path_with(tmp_path, '{"about": "nothing of ours"}', "about.json")
    path_with(tmp_path, b"\x00\x01" * 100, "picture.csv")
    log = read(tmp_path, now=NOW)

    assert_frame_equal(log.table, EXPECTED)
    assert log.handling_table is not None
    assert log.handling_table["agent_id"].to_list() == ["kim"]
    assert sum("passed over" in note for note in log.quality.notes) == 2


def test_a_directory_without_messages_is_unreadable(tmp_path: Path) -> None:
    """A directory in which nothing is an export says what was looked at."""
    path_with(tmp_path, "a,b\n1,2\n", "colours.csv")

    with pytest.raises(UnreadableExport, match="no file of messages is in it"):
        read(tmp_path, now=NOW)


def test_repeats_are_removed_and_counted(tmp_path: Path) -> None:
    """A repeated row is the same message once, and rows less kept says so."""
    log = read(path_with(tmp_path, TABLE + TABLE.splitlines()[-1] + "\n"), now=NOW)

    assert len(log) == 3
    assert codes(log) == {"repeated_id": 1}
    assert (log.quality.rows, log.quality.kept) == (4, 3)


def test_columns_that_are_not_used_are_named(tmp_path: Path) -> None:
    """A column that is no field is left, and the notes say so."""
    text = TABLE.replace("text\n", "text,colour\n").replace("late.", "late.", 1)
    lines = [line if n == 1 else f"{line},red" for n, line in enumerate(text.splitlines()[1:], 1)]
    log = read(path_with(tmp_path, "\n".join([text.splitlines()[0], *lines])), now=NOW)

    assert "columns not used: colour" in log.quality.notes


def test_well_known_names_are_guessed_and_said(tmp_path: Path) -> None:
    """Columns with other well-known names are recognised, and each guess is named."""
    text = (
        "Id,Created At,Incoming,User ID,Ticket ID,Body,Lang,Reason\n"
        "1,2026-03-02 09:00:00 +0100,yes,ada,T1,Where?,en,delay\n"
        "2,2026-03-02 09:10:00 +0100,no,kim,T1,Here!,en,\n"
        "3,2026-03-02 09:11:00 +0100,yes,bo,T1,Same here!,en,\n"
    )
    log = read(path_with(tmp_path, text), now=NOW)

    assert log.quality.format == "guessed"
    assert codes(log) == {"guessed_column": 8}
    assert "direction: guessed from the column Incoming" in log.quality.notes
    assert log.table["conversation_id"].to_list() == ["T1"] * 3
    assert log.table["customer_id"].to_list() == ["ada"] * 3
    assert log.table["agent_id"].to_list() == [None, "kim", None]
    assert log.table["author_role"].to_list() == ["customer", "agent", "peer"]
    assert log.table["author_id"].to_list() == ["ada", "kim", "bo"]
    assert log.table["category"].to_list() == ["delay", None, None]
    assert log.table["sent_at"].dt.hour().to_list() == [8, 8, 8]


def test_a_guess_is_only_made_where_the_values_fit(tmp_path: Path) -> None:
    """A column with a telling name but other values is not taken for the field."""
    text = (
        "id,date,sent_at,message_type,direction_,inbound,customer\n"
        "1,Monday,2026-03-02T09:00:00Z,7,north,true,ada\n"
    )
    log = read(path_with(tmp_path, text), now=NOW)

    assert log.table.select("direction", "customer_id").row(0) == ("inbound", "ada")


def test_a_format_can_be_named(tmp_path: Path) -> None:
    """A preset can be asked for by name; one that does not fit says what is missing."""
    path = path_with(tmp_path, TABLE)

    assert read(path, "messages", now=NOW).quality.format == "messages"
    with pytest.raises(UnreadableExport, match="no column gives message_id"):
        read(path, "twcs", now=NOW)
    with pytest.raises(UnreadableExport, match="reads a directory"):
        read(path, "zendesk", now=NOW)
    with pytest.raises(InvalidValue, match="auto, or a preset: chatwoot, intercom, messages"):
        read(path, "vhs", now=NOW)
    assert set(presets()) == {"chatwoot", "intercom", "messages", "twcs", "zendesk"}


def test_the_clock_is_read_once_if_now_is_not_given(tmp_path: Path) -> None:
    """Without `now` the moment of reading is the clock's."""
    late = TABLE.replace("2026-03", f"{datetime.now(UTC).year + 3}-03")

    with pytest.raises(UnreadableExport, match="none of its 3 rows"):
        read(path_with(tmp_path, late))


@needs_shared
def test_customer_support_on_twitter_just_works() -> None:
    """The first rows of a well-known data set are read with the figures known from elsewhere."""
    log = read(SHARED / "twcs_5000.csv", now=NOW)
    table, quality = log.table, log.quality

    assert (quality.format, quality.rows, quality.kept) == ("twcs", 5001, 5000)
    assert table["direction"].value_counts(sort=True)["count"].to_list() == [2778, 2222]
    assert table["channel"].unique().to_list() == ["x"]
    assert [(one.line, one.code) for one in quality.set_aside] == [(2590, "blank_row")]
    assert table["brand"].null_count() == 0
    assert table.filter(pl.col("customer_id").is_null()).height == quality.count("unknown_customer")
    assert quality.count("unknown_customer") < 25
    assert table.filter(message_id="1").select("in_reply_to", "customer_id", "brand").row(0) == (
        "3",
        "115712",
        "sprintcare",
    )
    assert table.filter(message_id="11").select("agent_id", "agent_inferred").row(0) == (
        "sprintcare/KC",
        True,
    )
    assert not table["text"].str.contains("&amp;").any()


@needs_shared
def test_a_forum_is_recognised_by_its_columns() -> None:
    """A week of a forum is read with no mapping, and what was guessed is said."""
    log = read(SHARED / "forum_week.csv", now=NOW)
    table = log.table

    assert (log.quality.rows, log.quality.kept) == (812, 812)
    assert codes(log) == {"guessed_column": 6}
    assert table["direction"].value_counts(sort=True)["count"].to_list() == [415, 397]
    assert table["conversation_id"].n_unique() == 283
    assert table.filter(pl.col("direction") == "outbound")["agent_id"].null_count() == 0
    assert table["customer_id"].null_count() == 0
