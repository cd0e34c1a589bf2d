"""Side tables from files of their own: handling, changes of status, approvals and so on.

Each is a CSV with a header. A value that can't be read is a fault of the log, never a silent gap.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import polars as pl

from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import EXAMPLES, Fault
from socialcare.analytics.readers.mapping import TimeRule
from socialcare.analytics.readers.times import Instants, instants
from socialcare.analytics.table import INSTANT, SIDE_TABLES
from socialcare.errors import UnreadableExport

_OPTIONAL = frozenset(
    {"by", "team_id", "reason", "entry", "taken_at", "returned_at"}
    | {"decided_at", "decision", "message_id"}
)
_FIRST_LINE = 2
"""The line of a file that holds its first row, below the header."""
_MEANINGS = {
    "missing_value": "A row of a side table lacks a value; it was left out.",
    "unreadable_time": "A time of a side table can't be read as one; its row was left out.",
    "naive_time": "A time of a side table names no zone; it was read as UTC.",
}


def with_side_tables(log: MessageLog, paths: Mapping[str, Path]) -> MessageLog:
    """The log with the side tables in these files, and with the faults that they have.

    Args:
        log: The messages.
        paths: A CSV for each of `SIDE_TABLES` that there is.

    Raises:
        UnreadableExport: If a file is no CSV, or lacks a column.
    """
    faults: list[Fault] = []
    tables = {name: _table(path, name, faults) for name, path in paths.items()}
    log = log.with_tables(**tables)
    return attrs.evolve(log, quality=log.quality.with_faults(*faults))


def _table(path: Path, name: str, faults: list[Fault]) -> pl.DataFrame:
    columns = SIDE_TABLES[name]
    frame = _read(path, columns)
    needed = [column for column in columns if column in frame.columns and column not in _OPTIONAL]
    lacking = frame.select(pl.any_horizontal(pl.col(needed).is_null())).to_series()
    faults.append(_fault("missing_value", path, frame["conversation_id"], lacking))
    moments = (column for column, kind in columns.items() if kind == INSTANT)
    for moment in (column for column in moments if column in frame.columns):
        read = instants(frame[moment], TimeRule(), name=moment)
        faults.extend(_time_faults(path, frame[moment], read))
        frame = frame.with_columns(read.values.alias(moment))
    return frame.drop_nulls(needed)


def _read(path: Path, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    try:
        # Bytes and not the path, in which polars would see patterns such as `[2026]`.
        frame = pl.read_csv(path.read_bytes(), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0] if str(error) else "nothing in it can be read"
        raise UnreadableExport(str(path), f"{reason}; expected a CSV with a header") from None
    missing = [name for name in columns if name not in frame.columns and name not in _OPTIONAL]
    if missing:
        found = ", ".join(frame.columns)
        reason = f"found the columns {found}; expected {', '.join(missing)} as well"
        raise UnreadableExport(str(path), reason)
    return frame


def _time_faults(path: Path, texts: pl.Series, read: Instants) -> Iterator[Fault]:
    unreadable = texts.is_not_null() & read.values.is_null()
    yield _fault("unreadable_time", path, texts, unreadable)
    if read.naive is not None:
        yield _fault("naive_time", path, texts, read.naive.fill_null(value=False))


def _fault(code: str, path: Path, texts: pl.Series, wrong: pl.Series) -> Fault:
    places = wrong.arg_true().to_list()
    examples = tuple(
        {"file": path.name, "line": place + _FIRST_LINE, "found": texts[place]}
        for place in places[:EXAMPLES]
    )
    return Fault(code=code, count=len(places), meaning=_MEANINGS[code], examples=examples)
