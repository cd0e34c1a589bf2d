"""`read`: from an export to a `MessageLog`, whatever the export is."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AbstractMapping
from datetime import UTC, datetime
from html import unescape
from os import PathLike
from pathlib import Path
from typing import Any

import attrs
import polars as pl
from polars.exceptions import PanicException, PolarsError

from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import MEANINGS, Fault, Quality, SetAside
from socialcare.analytics.readers.canonical import Reading, canonical
from socialcare.analytics.readers.findings import ROW, Findings
from socialcare.analytics.readers.mapping import Mapping
from socialcare.analytics.readers.origin import Origin, opened
from socialcare.analytics.readers.people import unknown_customers, with_people
from socialcare.analytics.readers.plain import Workshop
from socialcare.analytics.readers.quick import quickly
from socialcare.analytics.readers.recognition import Recognised, preset, recognised
from socialcare.analytics.readers.tables import Loaded, Table
from socialcare.analytics.readers.zones import shifted
from socialcare.analytics.table import OPTIONAL, REQUIRED, WORD
from socialcare.domain.instants import instant
from socialcare.errors import InvalidMapping, UnreadableExport


@attrs.frozen(kw_only=True)
class Part:
    """One table of an export, read.

    Attributes:
        frame: Its messages, people not yet told.
        mapping: How it was read.
        faults: What is wrong with it.
        set_aside: Its rows that could not be read.
        notes: How it was read, in words.
    """

    frame: pl.DataFrame
    mapping: Mapping
    faults: tuple[Fault, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it had, those that are no messages left out."""
        return self.frame.height + len(self.set_aside)


def read(
    source: object,
    format: str = "auto",  # noqa: A002  # the word that users know
    mapping: "str | PathLike[str] | AbstractMapping[str, Any] | Mapping | None" = None,
    *,
    now: datetime | None = None,
) -> MessageLog:
    """The messages in an export, and what is wrong with it.

    Args:
        source: The path of a CSV, JSON Lines or Parquet file, of a directory of exports, a list
            of paths, or a frame of pandas, polars, pyarrow or DuckDB.
        format: The name of a preset, or `auto` to recognise the export by its columns.
        mapping: How the columns become the message table: the path of a TOML file, a mapping of
            plain values, or a `Mapping`. It goes before `format`.
        now: The moment of reading, by which times in the future are told; the clock if None.

    Raises:
        UnreadableExport: If nothing can be read: an empty or binary file, a missing column.
        InvalidMapping: If the mapping makes no sense, or names columns that are not there.
        InvalidValue: If there is no preset of that name, or the source is of no known kind.
        MissingExtra: If a library that the source needs is not installed.
    """
    at = datetime.now(UTC) if now is None else instant(now, where="now")
    given = _given(format, mapping)
    with Workshop() as workshop:
        origin = opened(source, given, workshop)
        parts = [
            _part(table, export.mapping, own=mapping is not None, origin=origin, now=at)
            for export in origin.exports
            for table in export.tables
        ]
    return _log(origin, parts)


def _given(
    format: str,  # noqa: A002  # the word that users know
    mapping: "str | PathLike[str] | AbstractMapping[str, Any] | Mapping | None",
) -> Mapping | None:
    """The mapping that the user gave or named, if any."""
    if mapping is None:
        return None if format == "auto" else preset(format)
    if isinstance(mapping, Mapping):
        return mapping
    if isinstance(mapping, AbstractMapping):
        return Mapping.from_mapping(mapping)
    if isinstance(mapping, (str, PathLike)):
        return Mapping.from_toml(Path(mapping))
    right = "the path of a TOML file, a mapping of plain values, or a Mapping"
    raise InvalidMapping(type(mapping).__name__, where="mapping", right=right)


def _part(table: Table, given: Mapping | None, *, own: bool, origin: Origin, now: datetime) -> Part:
    """One table, read; with more care if the frame engine refuses it.

    Raises:
        UnreadableExport: If the frame engine can't get at it.
    """
    try:
        return _read_part(table, given, own=own, origin=origin, now=now, careful=False)
    except (PolarsError, PanicException, OSError):
        # Its refusals can be stricter than our shape of a file; a mended copy leaves no doubt.
        pass
    try:
        return _read_part(table, given, own=own, origin=origin, now=now, careful=True)
    except (PolarsError, PanicException, OSError) as error:
        told = str(error).splitlines()
        reason = f"the frame engine can't read it ({told[0] if told else type(error).__name__})"
        raise UnreadableExport(table.name, reason) from error


def _read_part(
    table: Table,
    given: Mapping | None,
    *,
    own: bool,
    origin: Origin,
    now: datetime,
    careful: bool,
) -> Part:
    head = table.head()
    found = recognised(head, given, source=table.name, own=own)
    kept = [name for name in found.mapping.keep if name in head.columns]
    columns = list(dict.fromkeys((*found.chosen.values(), *kept)))
    loaded = table.load(columns, careful=careful)
    findings = Findings()
    findings.take(loaded.findings)
    reading = Reading(
        mapping=found.mapping,
        chosen=found.chosen,
        findings=findings,
        lines=loaded.lines,
        now=now,
    )
    frame = _rows(loaded, head, reading)
    _flag_empty(frame, reading)
    faults, aside = findings.settled(loaded.lines, file=origin.file_of(table))
    return Part(
        frame=frame.drop(ROW),
        mapping=found.mapping,
        faults=(*faults, shifted(frame, loaded.lines), *_guesses(found)),
        set_aside=aside,
        notes=(*_told(found, head.columns, table, origin), *findings.notes),
    )


def _rows(loaded: Loaded, head: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """The messages of a table, by the quick way if it is clean, else with care."""
    frame = quickly(loaded, head, reading)
    if frame is None:
        raw = loaded.frame.collect()
        rows = canonical(raw if ROW in raw.columns else raw.with_row_index(ROW), reading)
        frame = rows.with_columns(pl.col(name).cast(WORD) for name in _words(rows))
    return _unescaped(frame) if reading.mapping.entities else frame


def _words(frame: pl.DataFrame) -> list[str]:
    """The columns whose names repeat; both ways give them as numbers."""
    kinds = {**REQUIRED, **OPTIONAL}
    return [name for name in frame.columns if kinds.get(name) == WORD]


def _unescaped(frame: pl.DataFrame) -> pl.DataFrame:
    """With the HTML entities in texts as the characters that they stand for."""
    if "text" not in frame.columns:
        return frame
    escaped = frame["text"].str.contains("&", literal=True).fill_null(value=False)
    at = escaped.arg_true()
    plain = [unescape(text) for text in frame["text"].gather(at)]
    return frame.with_columns(frame["text"].scatter(at, plain).alias("text"))


def _flag_empty(frame: pl.DataFrame, reading: Reading) -> None:
    if "text" not in frame.columns:
        return
    text = frame["text"]
    empty = text.is_null() | (text.str.len_bytes() < 9) & (text.str.strip_chars() == "")
    reading.findings.flag(
        frame,
        empty.fill_null(value=True),
        code="empty_text",
        reason=f"{reading.chosen.get('text', 'text')} is empty",
        found="message_id",
    )


def _guesses(found: Recognised) -> Iterable[Fault]:
    yield Fault(
        code="guessed_column",
        count=len(found.guessed),
        meaning=MEANINGS["guessed_column"],
        examples=tuple({"found": name, "field": field} for name, field in found.guessed),
    )


def _told(found: Recognised, columns: Sequence[str], table: Table, origin: Origin) -> Iterable[str]:
    where = f"{table.name}: " if origin.file_of(table) else ""
    title = f" ({found.mapping.title})" if found.mapping.title else ""
    yield f"{where}read as {found.mapping.name}{title}"
    for name, field in found.guessed:
        yield f"{where}{field}: guessed from the column {name}"
    used = {*found.chosen.values(), *found.mapping.keep}
    unused = [name for name in columns if name not in used]
    # A help desk's tables have dozens of columns, and their preset knows which count.
    if unused and not found.mapping.table:
        yield f"{where}columns not used: {', '.join(unused[:20])}"


def _log(origin: Origin, parts: Sequence[Part]) -> MessageLog:
    frame, notes = _together(parts)
    rows = sum(part.rows for part in parts)
    aside = tuple(one for part in parts for one in part.set_aside)
    if rows and not frame.height:
        raise UnreadableExport(origin.name, _nothing(rows, aside))
    quality = Quality(
        source=origin.name,
        format=", ".join(dict.fromkeys(part.mapping.name for part in parts)),
        rows=rows,
        kept=frame.height,
        faults=(
            *(fault for export in origin.exports for fault in export.faults),
            *(fault for part in parts for fault in part.faults),
            unknown_customers(frame),
        ),
        notes=(
            *(note for export in origin.exports for note in export.notes),
            *(note for part in parts for note in part.notes),
            *notes,
        ),
        set_aside=aside,
    )
    return MessageLog.of(frame, quality, kind=origin.kind, **_sides(origin))


def _sides(origin: Origin) -> dict[str, pl.DataFrame]:
    """The side tables of all exports, by name."""
    names = dict.fromkeys(name for export in origin.exports for name in export.sides)
    return {
        name: pl.concat([one.sides[name] for one in origin.exports if name in one.sides])
        for name in names
    }


def _nothing(rows: int, aside: Sequence[SetAside]) -> str:
    first = f"; the first, line {aside[0].line}: {aside[0].reason}" if aside else ""
    return f"none of its {rows:,} rows can be read{first}"


def _together(parts: Sequence[Part]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """All messages with their people; tables that are read alike are seen together."""
    groups: list[tuple[Mapping, list[pl.DataFrame]]] = []
    for part in parts:
        alike = next((frames for mapping, frames in groups if mapping == part.mapping), None)
        if alike is None:
            groups.append((part.mapping, alike := []))
        alike.append(part.frame)
    told = [with_people(_stacked(frames), mapping) for mapping, frames in groups]
    notes = tuple(note for _, found in told for note in found)
    return _ordered(_stacked([frame for frame, _ in told])), notes


def _stacked(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal")


def _ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """With the columns in the order of the message table; kept ones at the end."""
    known = [name for name in (*REQUIRED, *OPTIONAL) if name in frame.columns]
    return frame.select(*known, *(name for name in frame.columns if name not in known))
