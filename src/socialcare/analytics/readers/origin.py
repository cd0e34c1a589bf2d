"""What the user pointed at: a frame, a file, several, or a directory, opened as tables."""

from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import attrs
import polars as pl
from polars.exceptions import PolarsError

from socialcare.analytics.readers.csv_dialect import refuse_binary
from socialcare.analytics.readers.csv_table import CsvTable
from socialcare.analytics.readers.foreign import table_of
from socialcare.analytics.readers.json_table import JsonTable
from socialcare.analytics.readers.mapping import Mapping
from socialcare.analytics.readers.plain import Workshop, beginning_of
from socialcare.analytics.readers.tables import FrameTable, Table
from socialcare.errors import InvalidValue, UnreadableExport


@attrs.frozen(kw_only=True)
class Origin:
    """Where messages come from.

    Attributes:
        name: What it is called in the quality report.
        kind: The kind of frames to give back.
        tables: The tables that hold messages.
    """

    name: str
    kind: str
    tables: tuple[Table, ...]

    def file_of(self, table: Table) -> str | None:
        """The table's file, where there are several."""
        return table.name if len(self.tables) > 1 else None


def opened(source: Any, given: Mapping | None, workshop: Workshop) -> Origin:
    """The source as tables.

    Raises:
        UnreadableExport: If there is nothing at the path, or nothing that can be read.
        InvalidValue: If the source is of no known kind.
    """
    if isinstance(source, (str, PathLike)):
        return _at_paths([Path(source)], workshop)
    if isinstance(source, (list, tuple)):
        return _at_paths(_paths(source), workshop)
    table, kind = table_of(source)
    return Origin(name=table.name, kind=kind, tables=(table,))


def _paths(source: Sequence[object]) -> list[Path]:
    if not source or not all(isinstance(one, (str, PathLike)) for one in source):
        found = "an empty list" if not source else [type(one).__name__ for one in source]
        raise InvalidValue(found, where="source", right="a list of paths")
    return [Path(str(one)) for one in source]


def _at_paths(paths: Iterable[Path], workshop: Workshop) -> Origin:
    found = list(paths)
    tables = tuple(_table(path, workshop) for path in found)
    name = str(found[0]) if len(found) == 1 else f"{len(found)} files"
    return Origin(name=name, kind="polars", tables=tables)


def _table(path: Path, workshop: Workshop) -> Table:
    if not path.exists():
        raise UnreadableExport(str(path), "there is no such file or directory")
    plain = workshop.plain(path)
    return file_table(plain, str(path))


def file_table(path: Path, name: str) -> Table:
    """A plain file as a table, by what it holds and not by its ending.

    Raises:
        UnreadableExport: If it is empty or binary.
    """
    beginning = beginning_of(path, 1 << 16)
    if beginning.startswith(b"PAR1"):
        return _parquet(path, name)
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        refuse_binary(beginning, name)
        return JsonTable(name=name, path=path, array=text[:1] == b"[")
    return CsvTable.at(path, name)


def _parquet(path: Path, name: str) -> Table:
    try:
        frame = pl.scan_parquet(path, glob=False)
        frame.collect_schema()
    except (PolarsError, OSError) as error:
        reason = "the Parquet file is cut short or damaged; export it again"
        raise UnreadableExport(name, reason) from error
    return FrameTable(name=name, frame=frame)
