"""The quick way and the careful way through a CSV file give the same messages."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from effort import examples
from socialcare.analytics.readers import csv_shape, csv_table, read
from socialcare.analytics.readers.csv_shape import IRREGULAR, record_lines, shape_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COLUMNS = ("message_id", "sent_at", "direction", "customer_id", "in_reply_to", "text", "extra")
SEPARATORS = (",", ";", "\t", "|")

cells = st.text(alphabet='ab1 ,;\t|"\n\r.é€', max_size=8)
ids = st.one_of(st.integers(0, 9).map(str), st.sampled_from(["1.0", " 3", "1.267e+18", "", "x"]))
times = st.sampled_from(
    ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00+01:00", "2026-03-02 09:00:00", "soon", "", "0"]
)
ways = st.sampled_from(["inbound", "outbound", "Inbound", "sideways", ""])
rows = st.lists(st.tuples(ids, times, ways, ids, ids, cells, cells), max_size=6)


def without_returns(table: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The table with no carriage return by itself, which is nothing for the quick way."""
    return [tuple(cell.replace("\r", " ") for cell in row) for row in table]


regular_rows = rows.map(without_returns)


def written(table: list[tuple[str, ...]], separator: str, feed: str) -> bytes:
    """The table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=feed)
    writer.writerow(COLUMNS)
    writer.writerows(table)
    return out.getvalue().encode()


def reading(path: Path) -> Any:
    """What reading a file gives, or the error that it ends in."""
    try:
        log = read(path, now=NOW)
    except ValueError as error:
        return type(error), str(error)
    return log.table, log.quality


@settings(
    max_examples=examples(30, many=1000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    table=rows | regular_rows,
    separator=st.sampled_from(SEPARATORS),
    feed=st.sampled_from(["\n", "\r\n"]),
    broken=st.one_of(
        st.just(b""), st.binary(max_size=12), st.sampled_from([b'"', b"\n", b"a,b\n"])
    ),
    at=st.integers(0, 400),
)
def test_both_ways_agree(
    tmp_path: Path,
    table: list[tuple[str, ...]],
    separator: str,
    feed: str,
    broken: bytes,
    at: int,
) -> None:
    """Whatever is in a file, the quick way gives what the careful way gives."""
    text = written(table, separator, feed)
    path = tmp_path / "export.csv"
    path.write_bytes(text[:at] + broken + text[at:])
    quick = reading(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_table, "shape_of", lambda *_, **__: IRREGULAR)
        slow = reading(path)

    if isinstance(quick[0], pl.DataFrame):
        assert_frame_equal(quick[0], slow[0])
        assert quick[1] == slow[1]
    else:
        assert quick == slow


good_rows = st.lists(
    st.tuples(
        st.integers(0, 99).map(lambda n: f"m{n}"),
        st.sampled_from(["2026-03-02T09:00:00Z", "2026-03-03T10:00:00Z"]),
        st.sampled_from(["inbound", "outbound"]),
        st.sampled_from(["ada", "bo", "5", ""]),
        st.sampled_from(["m1", "m2", ""]),
        cells,
        cells,
    ),
    min_size=1,
    max_size=8,
).map(without_returns)


@settings(
    max_examples=examples(20, many=500),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=good_rows, naive=st.booleans())
def test_a_clean_table_is_read_alike(
    tmp_path: Path, table: list[tuple[str, ...]], naive: bool
) -> None:
    """Without a fault in the way, one pass of the engine gives what the careful way gives."""
    path = tmp_path / "export.csv"
    text = written(table, ",", "\n")
    path.write_bytes(text.replace(b"Z,", b",") if naive else text)
    quick = reading(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_table, "shape_of", lambda *_, **__: IRREGULAR)
        slow = reading(path)

    assert_frame_equal(quick[0], slow[0])
    assert quick[1] == slow[1]


@settings(max_examples=examples(40, many=500), deadline=None)
@given(table=regular_rows, feed=st.sampled_from(["\n", "\r\n"]), each=st.booleans())
def test_a_written_file_is_regular_and_its_lines_are_found(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, ...]], feed: str, each: bool
) -> None:
    """A file that the csv module wrote is regular, and its records begin where they begin."""
    path = tmp_path_factory.mktemp("shape") / "export.csv"
    text = written(table, ",", feed)
    path.write_bytes(text)
    shape = shape_of(path, ",", len(COLUMNS), each=each)

    assert shape.regular
    assert shape.records == len(table) + 1
    begins, line = [], 1
    for row in [COLUMNS, *table]:
        begins.append(line)
        line += written([row], ",", feed).count(b"\n") - 1
    assert record_lines(path, range(len(table) + 1)) == begins


@settings(max_examples=examples(30, many=1000), deadline=None)
@given(table=rows, each=st.booleans(), broken=st.sampled_from(["", '"', "\n", "\r", "\0", ","]))
def test_halves_have_the_shape_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, ...]],
    each: bool,
    broken: str,
) -> None:
    """A large file, of which two threads look at a half each, is not judged otherwise."""
    path = tmp_path_factory.mktemp("shape") / "export.csv"
    text = written(table, ",", "\n")
    path.write_bytes(text[: len(text) // 3] + broken.encode() + text[len(text) // 3 :])
    whole = shape_of(path, ",", len(COLUMNS), each=each)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_shape, "_LARGE", 0)
        halves = shape_of(path, ",", len(COLUMNS), each=each)

    assert halves == whole


def test_a_large_file_is_mended_block_by_block(tmp_path: Path) -> None:
    """A few broken rows in megabytes of texts of several lines cost these rows and no others."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    line = 2
    broken: list[int] = []
    odd: list[int] = []
    for number in range(30_000):
        text = 'two\nlines, "quoted"' if number % 3 else "one line of text " * 5
        if number in (5_000, 17_001, 29_999):
            out.write('oops,"never closed\n')
            broken.append(line)
            line += 1
        time = "never" if number in (4_999, 17_002) else "2026-03-02T09:00:00Z"
        if time == "never":
            odd.append(line)
        writer.writerow([f"m{number}", time, "inbound", "ada", "", text, ""])
        line += 2 if number % 3 else 1
    path = tmp_path / "export.csv"
    path.write_text(out.getvalue(), newline="")
    log = read(path, now=NOW)
    aside = log.quality.set_aside

    assert [one.line for one in aside if one.code == "broken_row"] == broken
    assert [one.line for one in aside if one.code == "unreadable_time"] == odd
    assert len(log) == 30_000 - len(odd)
    assert log.table.filter(message_id="m17003")["text"].item() == 'two\nlines, "quoted"'
