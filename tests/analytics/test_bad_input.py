"""Whatever is in a file: a clear message, or a row set aside with its line; never a traceback."""

import gzip
import random
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from effort import examples
from socialcare.analytics.log import MessageLog
from socialcare.analytics.readers import read
from socialcare.errors import InvalidValue, SocialCareError, UnreadableExport

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = "message_id,sent_at,direction,customer_id,channel,in_reply_to,text\n"
GOOD = "1,2026-03-02T09:00:00Z,inbound,ada,x,,Where is my parcel?\n"
ANSWER = "2,2026-03-02T09:05:00Z,outbound,ada,x,1,On its way.\n"

Reads = Callable[..., MessageLog]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """Writes a file and reads it."""

    def written(content: str | bytes, name: str = "export.csv", **options: object) -> MessageLog:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, now=NOW, **options)  # type: ignore[arg-type]  # options are checked there

    return written


def codes(log: MessageLog) -> dict[str, int]:
    """How often each fault was found."""
    return {fault.code: fault.count for fault in log.quality.faults}


def lines(log: MessageLog) -> list[tuple[int | None, str]]:
    """Where rows were set aside, and by which code."""
    return [(one.line, one.code) for one in log.quality.set_aside]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "  \r\n"])
def test_an_empty_file_is_unreadable(reads: Reads, content: str) -> None:
    """An empty file says that it is empty, and what would be right."""
    with pytest.raises(UnreadableExport, match="the file is empty; expected a header"):
        reads(content)


def test_a_header_alone_is_an_empty_log(reads: Reads) -> None:
    """A header alone is an export without messages, which is no fault."""
    log = reads(HEADER)

    assert len(log) == 0
    assert (log.quality.rows, log.quality.kept, log.quality.faults) == (0, 0, ())


def test_a_header_of_guessed_columns_alone_is_an_empty_log(reads: Reads) -> None:
    """A header alone is recognised by its names, since there is nothing else."""
    log = reads("id,created_at,inbound,user_id,thread_id\n")

    assert len(log) == 0
    assert codes(log) == {"guessed_column": 5}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bytes(range(256)) * 50, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(5000), "binary"),
        (b"PK\x03\x04" + bytes(5000), "Excel"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PAR1" + bytes(100), "Parquet"),
        (gzip.compress(b"\x00\x01\x02" * 4000, mtime=0), "binary"),
    ],
    ids=["bytes", "png", "zip", "pdf", "parquet", "gzip"],
)
def test_a_binary_file_is_unreadable(reads: Reads, content: bytes, says: str) -> None:
    """A file that is no text says what it is."""
    with pytest.raises(UnreadableExport, match=says):
        reads(content)


def test_a_cut_archive_is_unreadable(reads: Reads) -> None:
    """A compressed file that is cut short says so."""
    packed = gzip.compress((HEADER + GOOD * 1000).encode())

    with pytest.raises(UnreadableExport, match="cut short"):
        reads(packed[: len(packed) // 2], name="export.csv.gz")


def test_a_cut_parquet_file_is_unreadable(tmp_path: Path) -> None:
    """A Parquet file that is cut short says so."""
    path = tmp_path / "export.parquet"
    pl.DataFrame({"message_id": ["1"] * 1000}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:200])

    with pytest.raises(UnreadableExport, match="Parquet"):
        read(path, now=NOW)


def test_nothing_at_the_path_is_unreadable(tmp_path: Path) -> None:
    """A path that leads nowhere says so."""
    with pytest.raises(UnreadableExport, match="no such file"):
        read(tmp_path / "nowhere.csv", now=NOW)


@pytest.mark.parametrize("source", [None, 7, object(), [], [1], {"a": 1}])
def test_what_is_no_source_is_refused(source: object) -> None:
    """Something that is neither path nor frame is refused by its type."""
    with pytest.raises(InvalidValue, match="expected"):
        read(source, now=NOW)


@pytest.mark.parametrize("missing", ["message_id", "sent_at", "direction", "customer_id"])
def test_a_missing_column_is_named(reads: Reads, missing: str) -> None:
    """The message says which column is missing, what was there, and what would be right."""
    header = HEADER.replace(missing, "colour")

    with pytest.raises(UnreadableExport) as caught:
        reads(header + GOOD)

    assert f"no column gives {missing}" in str(caught.value)
    assert "found the columns" in str(caught.value)
    assert "colour" in str(caught.value)
    assert f'[columns] {missing} = "..."' in str(caught.value)


def test_lines_that_are_not_utf8_are_read_as_windows_1252(reads: Reads) -> None:
    """A line in another encoding is read and its line named."""
    odd = "3,2026-03-02T10:00:00Z,inbound,bo,x,,Caf\u00e9 \u20ac\n".encode("cp1252")
    log = reads(HEADER.encode() + GOOD.encode() + odd + ANSWER.encode())

    assert log.table["text"].to_list() == ["Where is my parcel?", "Café €", "On its way."]
    assert codes(log) == {"mixed_encoding": 1}
    assert log.quality.faults[0].examples[0]["line"] == 3


def test_utf16_with_and_without_a_mark_is_read(reads: Reads) -> None:
    """UTF-16 is recognised by its mark, or by its many zero bytes."""
    text = HEADER + GOOD * 1 + ANSWER
    for encoded in (text.encode("utf-16"), text.encode("utf-16-le"), text.encode("utf-16-be")):
        assert len(reads(encoded)) == 2


def test_a_line_of_200_mb_is_set_aside_in_bounded_memory(tmp_path: Path) -> None:
    """A line of 200 MB is passed over without being held."""
    path = tmp_path / "export.csv"
    with path.open("wb") as file:
        file.write((HEADER + GOOD).encode())
        file.write(b"9,2026-03-02T09:00:00Z,inbound,ada,x,,")
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(("\n" + ANSWER).encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    log = read(path, now=NOW)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    assert log.table["message_id"].to_list() == ["1", "2"]
    assert lines(log) == [(3, "line_too_long")]
    assert log.quality.rows == 3
    assert len(log.quality.set_aside[0].text) <= 120
    assert grown < 100


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_field_over_a_megabyte_is_set_aside(reads: Reads, quote: str) -> None:
    """A field over 1 MB is set aside, quoted or not, and the rest is read."""
    long = f"9,2026-03-02T09:00:00Z,inbound,ada,x,,{quote}{'x' * 1_500_000}{quote}\n"
    log = reads(HEADER + GOOD + long + ANSWER)

    assert lines(log) == [(3, "line_too_long")]
    assert len(log) == 2


def test_broken_rows_are_set_aside_by_their_lines(reads: Reads) -> None:
    """Each way in which a row can be broken is named with its line."""
    log = reads(
        HEADER
        + GOOD
        + "3,2026-03-02T09:00:00Z,inbound\n"
        + "4,2026-03-02T09:00:00Z,inbound,ada,x,,hello,there\n"
        + "5,yesterday-ish,inbound,ada,x,,hello\n"
        + ",2026-03-02T09:00:00Z,inbound,ada,x,,hello\n"
        + "7,,inbound,ada,x,,hello\n"
        + "8,2026-03-02T09:00:00Z,sideways,ada,x,,hello\n"
        + '9,2026-03-02T09:00:00Z,inbound,ada,x,,"never closed\n'
        + ",,,,,,\n"
        + ANSWER
    )

    assert log.table["message_id"].to_list() == ["1", "2"]
    assert lines(log) == [
        (3, "broken_row"),
        (4, "broken_row"),
        (5, "unreadable_time"),
        (6, "missing_value"),
        (7, "missing_value"),
        (8, "unknown_direction"),
        (9, "broken_row"),
        (10, "blank_row"),
    ]
    assert [one.reason for one in log.quality.set_aside] == [
        "found 3 fields, expected 7",
        "found 8 fields, expected 7",
        "sent_at 'yesterday-ish' can't be read as a time",
        "message_id is empty",
        "sent_at is empty",
        "direction is 'sideways', neither inbound nor outbound",
        "a quote is opened and never closed",
        "the row is empty",
    ]
    assert log.quality.rows == 10
    assert log.quality.rows - log.quality.kept == len(log.quality.set_aside)


def test_lines_count_the_lines_within_texts(reads: Reads) -> None:
    """A text of several lines moves the lines after it, whichever way the file is read."""
    tall = '3,2026-03-02T09:00:00Z,inbound,ada,x,,"one\ntwo\n""three"""\n'
    late = "4,never,inbound,ada,x,,hello\n"
    clean = reads(HEADER + tall + GOOD + late)
    uneven = reads(HEADER + "oops\n" + tall + GOOD + late)

    assert lines(clean) == [(6, "unreadable_time")]
    assert lines(uneven) == [(2, "broken_row"), (7, "unreadable_time")]
    assert clean.table["text"].to_list()[0] == 'one\ntwo\n"three"'


def test_a_tenth_of_broken_rows_costs_a_tenth(tmp_path: Path) -> None:
    """Of ten thousand rows with a tenth broken all others are kept, and each broken one named."""
    random.seed(7)
    good = "{},2026-03-02T09:00:00Z,inbound,c{},x,,hello\n"
    spoilt = [
        "{},2026-03-02T09:00:00Z,inb\n",
        "{},garbage,inbound,ada,x,,hi\n",
        ",2026-03-02T09:00:00Z,inbound,ada,x,,hi {}\n",
        "{},2026-03-02T09:00:00Z,inbound,ada,x,,hi,ho,he\n",
        '{},2026-03-02T09:00:00Z,inbound,ada,x,,"hi\n',
    ]
    rows, bad = [], []
    for number in range(10_000):
        broken = random.random() < 0.1
        rows.append((random.choice(spoilt) if broken else good).format(number, number % 99))
        if broken:
            bad.append(number + 2)
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "".join(rows))
    log = read(path, now=NOW)

    assert [one.line for one in log.quality.set_aside] == bad
    assert len(log) == 10_000 - len(bad)


def test_nul_bytes_are_left_out_and_their_line_named(reads: Reads) -> None:
    """A NUL byte in a text is left out, and said so."""
    log = reads(HEADER + GOOD + ANSWER.replace("way", "w\0ay"))

    assert log.table["text"].to_list() == ["Where is my parcel?", "On its way."]
    assert codes(log) == {"nul_byte": 1}
    assert log.quality.faults[0].examples[0]["line"] == 3


def test_times_without_a_zone_are_counted(reads: Reads) -> None:
    """A naive time is read as UTC, and said so; with a declared zone it is no fault."""
    text = HEADER + GOOD + ANSWER.replace("Z,", ",")
    log = reads(text)
    columns = {name: name for name in HEADER.strip().split(",")}
    mapping = {"columns": columns, "time": {"zone": "Europe/Berlin"}}

    assert codes(log) == {"naive_time": 1}
    assert log.quality.faults[0].examples[0]["line"] == 3
    assert log.table["sent_at"].max() == datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    told = reads(text, mapping=mapping)
    assert codes(told) == {"reply_before_question": 1}
    assert told.table["sent_at"].min() == datetime(2026, 3, 2, 8, 5, tzinfo=UTC)


def test_future_times_are_flagged_and_absurd_ones_set_aside(reads: Reads) -> None:
    """A time a little in the future is kept; one a year later, or before 1990, is no time."""
    log = reads(
        HEADER
        + GOOD
        + "3,2026-06-03T00:00:00Z,inbound,ada,x,,soon\n"
        + "4,2029-01-01T00:00:00Z,inbound,ada,x,,far\n"
        + "5,1970-01-01T00:00:00Z,inbound,ada,x,,zero\n"
    )

    assert log.table["message_id"].to_list() == ["1", "3"]
    assert codes(log) == {"future_time": 2, "unreadable_time": 1}
    assert lines(log) == [(4, "future_time"), (5, "unreadable_time")]


def test_ids_that_lost_digits_are_flagged_and_link_nothing(reads: Reads) -> None:
    """A damaged id is told apart by its line; a damaged parent answers nothing."""
    log = reads(
        HEADER
        + "1.267e+18,2026-03-02T09:00:00Z,inbound,ada,x,,hello\n"
        + "1.267E+18,2026-03-02T09:01:00Z,inbound,bo,x,,hello\n"
        + "3,2026-03-02T09:02:00Z,outbound,ada,x,1.267e+18,hello\n"
    )

    assert log.table["message_id"].to_list() == ["1.267e+18#2", "1.267E+18#3", "3"]
    assert log.table["in_reply_to"].to_list() == [None, None, None]
    assert codes(log) == {"damaged_id": 3}


def test_formulas_in_texts_stay_as_they_are(reads: Reads) -> None:
    """A text that a spreadsheet would run is text."""
    log = reads(HEADER + GOOD.replace("Where", "=HYPERLINK(A1)"))

    assert log.table["text"].to_list() == ["=HYPERLINK(A1) is my parcel?"]


def test_unknown_words_and_numbers_are_counted(reads: Reads) -> None:
    """Values that a column does not know are left out or set aside, and named."""
    header = HEADER.replace("text", "visibility,automated,sentiment,author_role,text")
    row = "{},2026-03-02T09:00:00Z,inbound,ada,x,,{},{},{},{},{}\n"
    log = reads(
        header
        + row.format(1, "public", "false", "0.5", "customer", "hello")
        + row.format(2, "", "perhaps", "1.5", "wizard", "")
        + row.format(3, "secret", "true", "nan", "agent", "hello")
        + row.format(4, "internal", "true", "high", "agent", "  ")
    )

    assert codes(log) == {
        "unknown_visibility": 2,
        "unknown_value": 2,
        "bad_number": 2,
        "empty_text": 2,
    }
    assert log.table["visibility"].to_list() == ["public", "public", "internal"]
    assert log.table["sentiment"].to_list() == [0.5, None, None]
    assert lines(log) == [(4, "unknown_visibility")]


def test_where_no_row_can_be_read_nothing_can(reads: Reads) -> None:
    """An export of which no row can be read says why its first row can't."""
    with pytest.raises(UnreadableExport, match="none of its 2 rows can be read; the first, line 2"):
        reads(HEADER + GOOD.replace("2026-03-02", "never") + ANSWER.replace("2026-03-02", "never"))


@settings(
    max_examples=examples(60, many=2000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=100).map(lambda rest: HEADER.encode() + GOOD.encode() + rest),
        st.text(alphabet='a1,;"\n\r\0é{}[]:', max_size=120).map(str.encode),
        st.text(alphabet='a1,;"\n\r\0é', max_size=120).map(lambda rest: (HEADER + rest).encode()),
    ),
    st.sampled_from(["export.csv", "export.jsonl", "export.parquet", "export.csv.gz"]),
)
def test_nothing_ends_in_a_traceback(tmp_path: Path, content: bytes, name: str) -> None:
    """Any bytes at all give a log or one of our own errors."""
    path = tmp_path / name
    path.write_bytes(content)
    log, said = read_or_say(path)

    if log is None:
        assert str(path) in said
        assert name.endswith("parquet") or "frame engine" not in said
    else:
        quality = log.quality
        lost = len(quality.set_aside) + quality.count("repeated_id")
        assert quality.rows - quality.kept == lost


def read_or_say(path: Path) -> tuple[MessageLog | None, str]:
    """The log of a file, or what is said about why there is none."""
    try:
        return read(path, now=NOW), ""
    except SocialCareError as error:
        return None, str(error)
