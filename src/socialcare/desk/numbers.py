"""Numbers: every metric of the log as it stands, by the engine of the analyst's door.

This is the one module of a desk that asks `socialcare.analytics`, and only inside functions: a desk
works without the extra.
What is measured is what an export of the same moment holds, so both say the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

import attrs

from socialcare.desk.tables import MESSAGES, TABLES, Cell
from socialcare.desk.walk import conversations, rows
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.query import Query
from socialcare.domain.sla import Facts, SlaPolicy
from socialcare.domain.threading import Given, ThreadingPolicy
from socialcare.plugins.protocols import Classifier, Store

if TYPE_CHECKING:
    import polars as pl

    from socialcare.analytics import MessageLog
    from socialcare.analytics import Metrics as Metrics

_BATCH = 50_000
"""Rows that are held as Python values before they become a frame."""
_PART = 10_000
"""Rows of a part of a Parquet file; the engine holds several parts at once."""

_Rows: TypeAlias = Sequence[tuple[Cell, ...]]


def _require_analytics() -> None:
    """Does nothing where the extra `analytics` is installed.

    Raises:
        MissingExtra: If it is not; that is said by the package itself.
    """
    import_module("socialcare.analytics")


def metrics(
    store: Store,
    by: str | Iterable[str] = (),
    period: str | None = None,
    hours: BusinessHours | None = None,
    policy: MeasurementPolicy | str | None = None,
    as_of: datetime | None = None,
    *,
    tz: str | None = None,
    where: Query | str | None = None,
    classifiers: Sequence[Classifier] = (),
    threading: ThreadingPolicy = ThreadingPolicy(),  # noqa: B008 - frozen
    deadlines: SlaPolicy | None = None,
) -> "Metrics":
    """Every metric that the log allows, for all of it and for each part of it.

    The other arguments are those of `socialcare.analytics.metrics`.

    Args:
        store: The log.
        by: Columns of the message table to split by.
        period: `hour`, `day`, `week` or `month`, to split by time as well.
        hours: Business hours, for business seconds beside calendar seconds.
        policy: What is counted, and how: a policy, the name of a preset, or None for ours.
        as_of: The instant at which the log is looked at; by default the latest in it.
        tz: The zone of periods and of the hour-of-week table; by default that of the hours, or
            UTC.
        where: Only conversations with a message for which this query holds.
        classifiers: What reads the texts for that.
        threading: What made the conversations.
        deadlines: What was promised: attainment is that of its clocks, by what the desk knew of
            each conversation at each moment. That takes much longer than all other metrics.

    Raises:
        MissingExtra: If the extra `analytics` is not installed.
        InvalidValue: If a column, period or zone does not exist, or `as_of` is naive.
        InvalidQuery: If the query can't be read, or asks for what no log knows.
    """
    log = message_log(store, threading=threading)
    from socialcare import analytics

    if where is not None:
        log = log.where(where, classifiers=classifiers)
    if deadlines is not None:
        log = attrs.evolve(log, known={each.id: Facts.of(each) for each in conversations(store)})
    return analytics.metrics(log, by, period, hours, policy, as_of, tz=tz, deadlines=deadlines)


def message_log(
    store: Store,
    *,
    threading: ThreadingPolicy = ThreadingPolicy(),  # noqa: B008 - frozen
) -> "MessageLog":
    """The log as an analyst has it: its messages and the tables beside them, in frames.

    Conversations are those of the desk, whatever made them.

    Raises:
        MissingExtra: If the extra `analytics` is not installed.
    """
    _require_analytics()
    import polars as pl

    from socialcare import analytics
    from socialcare.analytics.readers.mapping import Mapping
    from socialcare.analytics.readers.people import unknown_customers, with_people

    tables = _frames(store)
    frame, notes = with_people(pl.concat(tables.pop(MESSAGES)), Mapping())
    quality = analytics.Quality(
        source="desk",
        format="desk",
        rows=frame.height,
        kept=frame.height,
        faults=(unknown_customers(frame),),
        notes=notes,
    )
    sides = {name: pl.concat(found) for name, found in tables.items()}
    log = analytics.MessageLog.of(frame, quality).with_tables(**sides)
    return log.with_threading(attrs.evolve(threading, given=Given.KEEP))


def _frames(store: Store) -> dict[str, list["pl.DataFrame"]]:
    """The tables of which there is a row, and the messages anyway, each as frames."""
    found: dict[str, list[pl.DataFrame]] = {MESSAGES: [_frame(MESSAGES, ())]}
    waiting: dict[str, list[tuple[Cell, ...]]] = {}
    for table, cells in rows(store):
        own = waiting.setdefault(table, [])
        own.append(cells)
        if len(own) == _BATCH:
            found.setdefault(table, []).append(_frame(table, waiting.pop(table)))
    for table, own in waiting.items():
        found.setdefault(table, []).append(_frame(table, own))
    return found


def _frame(table: str, rows_: _Rows) -> "pl.DataFrame":
    """Rows of a table as a frame, in the types of the message table."""
    import polars as pl

    from socialcare.analytics import table as message_table

    kinds = {
        MESSAGES: {**message_table.REQUIRED, **message_table.OPTIONAL},
        **message_table.SIDE_TABLES,
    }
    columns = list(zip(*rows_, strict=True)) or [()] * len(TABLES[table])
    return pl.DataFrame(
        [
            pl.Series(name, values, dtype=kinds[table][name])
            for name, values in zip(TABLES[table], columns, strict=True)
        ]
    )


def write_parquet(messages: Iterable[tuple[Cell, ...]], path: Path) -> int:
    """Writes rows of the message table to a Parquet file; how many there were.

    Words are plain text there, since libraries disagree about any other kind.

    Raises:
        MissingExtra: If the extra `analytics` is not installed.
    """
    _require_analytics()
    import polars as pl

    count = 0
    # Parts first, since a frame can't be added to a file: the engine then streams them into one.
    with TemporaryDirectory(prefix="parts-", dir=path.parent) as folder:
        for number, batch in enumerate(_batches(messages)):
            plain = _frame(MESSAGES, batch).with_columns(
                pl.col(pl.Enum, pl.Categorical).cast(pl.String)
            )
            plain.write_parquet(Path(folder) / f"{number:09}.parquet")
            count += plain.height
        pl.scan_parquet(folder).sink_parquet(path)
    return count


def _batches(messages: Iterable[tuple[Cell, ...]]) -> Iterator[_Rows]:
    """The rows some at a time; one empty batch if there is none."""
    left = iter(messages)
    yield list(islice(left, _PART))
    while batch := list(islice(left, _PART)):
        yield batch
