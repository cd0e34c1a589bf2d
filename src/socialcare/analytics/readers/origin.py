"""What the user pointed at: a frame, a file, several, or a directory, opened as tables."""

from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path

import attrs
import polars as pl
from polars.exceptions import PanicException, PolarsError

from socialcare.analytics.readers import intercom, zendesk
from socialcare.analytics.readers.csv_dialect import refuse_binary
from socialcare.analytics.readers.csv_table import CsvTable
from socialcare.analytics.readers.directory import (
    Directory,
    messages,
    side_tables,
    table_name,
)
from socialcare.analytics.readers.export import Export
from socialcare.analytics.readers.foreign import table_of
from socialcare.analytics.readers.json_table import JsonTable
from socialcare.analytics.readers.mapping import SIDE_TABLES, Mapping, SideTable
from socialcare.analytics.readers.plain import Workshop, beginning_of
from socialcare.analytics.readers.recognition import presets, recognised
from socialcare.analytics.readers.tables import FrameTable, Table
from socialcare.errors import InvalidValue, SocialCareError, UnreadableExport

_ENDINGS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".gz", ".zst")
_DEEPEST = 3
"""How many folders deep a directory is searched."""


@attrs.frozen(kw_only=True)
class Origin:
    """Where messages come from.

    Attributes:
        name: What it is called in the quality report.
        kind: The kind of frames to give back.
        exports: What was found there.
    """

    name: str
    kind: str
    exports: tuple[Export, ...]

    def file_of(self, table: Table) -> str | None:
        """The table's file, where there are several."""
        return table.name if sum(len(one.tables) for one in self.exports) > 1 else None


def opened(source: object, given: Mapping | None, workshop: Workshop) -> Origin:
    """The source as tables.

    Raises:
        UnreadableExport: If there is nothing at the path, or nothing that can be read.
        InvalidValue: If the source is of no known kind.
    """
    if isinstance(source, (str, PathLike)):
        return _at_paths([Path(source)], given, workshop)
    if isinstance(source, (list, tuple)):
        return _at_paths(_paths(source), given, workshop)
    table, kind = table_of(source)
    return Origin(name=table.name, kind=kind, exports=(Export(tables=(table,), mapping=given),))


def _paths(source: Sequence[object]) -> list[Path]:
    if not source or not all(isinstance(one, (str, PathLike)) for one in source):
        found = "an empty list" if not source else [type(one).__name__ for one in source]
        raise InvalidValue(found, where="source", right="a list of paths")
    return [Path(str(one)) for one in source]


def _at_paths(paths: Sequence[Path], given: Mapping | None, workshop: Workshop) -> Origin:
    exports = tuple(_export(path, given, workshop) for path in paths)
    name = str(paths[0]) if len(paths) == 1 else f"{len(paths)} sources"
    return Origin(name=name, kind="polars", exports=exports)


def _export(path: Path, given: Mapping | None, workshop: Workshop) -> Export:
    if not path.exists():
        raise UnreadableExport(str(path), "there is no such file or directory")
    if path.is_dir():
        return _in_directory(path, given, workshop)
    table = file_table(workshop.plain(path), str(path), workshop)
    if given is not None and given.logic != "messages":
        right = f"a directory with its tables ({', '.join(given.table[:1])}, ...)"
        raise UnreadableExport(str(path), f"format {given.name} reads {right}; found a file")
    return Export(tables=(table,), mapping=given)


def _in_directory(path: Path, given: Mapping | None, workshop: Workshop) -> Export:
    """The tables of a directory: those of a help desk, or files of messages."""
    tables, notes = _tables(path, workshop)
    directory = Directory(name=str(path), tables=tables)
    described = given or next((p for p in presets().values() if directory.holds(p)), None)
    if described is not None and described.table:
        export = _described(directory, described)
    else:
        export = _loose(directory, given)
    return attrs.evolve(export, notes=(*notes, *export.notes))


def _described(directory: Directory, mapping: Mapping) -> Export:
    if mapping.logic == "zendesk":
        return zendesk.export(directory, mapping)
    if mapping.logic == "intercom":
        return intercom.export(directory, mapping)
    sides, faults = side_tables(directory, mapping)
    return Export(
        tables=(messages(directory, mapping),), mapping=mapping, sides=sides, faults=faults
    )


def _loose(directory: Directory, given: Mapping | None) -> Export:
    """Files of messages, beside files called after the side tables."""
    own = {
        name: (SideTable(table=(name,), columns={column: (column,) for column in columns}),)
        for name, columns in SIDE_TABLES.items()
    }
    mapping = given or Mapping()
    sides, faults = side_tables(directory, attrs.evolve(mapping, side=own))
    tables, notes = _of_messages(directory, given, without=own)
    if not tables:
        reason = "no file of messages is in it; CSV, JSON Lines or Parquet would be right"
        raise UnreadableExport(directory.name, "; ".join((reason, *notes)))
    return Export(tables=tables, mapping=given, sides=sides, faults=faults, notes=notes)


def _of_messages(
    directory: Directory, given: Mapping | None, *, without: Iterable[str]
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """The tables of a directory that can be recognised as messages, and why others can't."""
    found: list[Table] = []
    notes: list[str] = []
    for table in (table for name, table in directory.tables.items() if name not in without):
        try:
            recognised(directory.head(table), given, source=table.name, own=False)
        except SocialCareError as error:
            notes.append(f"passed over: {error}")
        else:
            found.append(table)
    return tuple(found), tuple(notes)


def _tables(path: Path, workshop: Workshop) -> tuple[dict[str, Table], tuple[str, ...]]:
    """The files of a directory as tables by their names, and which were passed over."""
    found: dict[str, Table] = {}
    notes: list[str] = []
    for file in _files(path):
        name = table_name(file)
        try:
            table = file_table(workshop.plain(file), str(file), workshop)
        except SocialCareError as error:
            notes.append(f"passed over: {error}")
            continue
        if name in found:
            notes.append(f"passed over: {file}, since {found[name].name} is called the same")
            continue
        found[name] = table
    return found, tuple(notes)


def _files(path: Path) -> list[Path]:
    """The files of a directory and those below it, by their names."""
    depth = len(path.parts)
    return [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and file.suffix.lower() in _ENDINGS
        and len(file.parts) - depth <= _DEEPEST
        and not any(part.startswith(".") for part in file.parts[depth:])
    ]


def file_table(path: Path, name: str, workshop: Workshop) -> Table:
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
    return CsvTable.at(path, name, workshop)


def _parquet(path: Path, name: str) -> Table:
    try:
        frame = pl.scan_parquet(path, glob=False)
        frame.collect_schema()
    except (PolarsError, PanicException, OSError) as error:
        reason = "the Parquet file is cut short or damaged; export it again"
        raise UnreadableExport(name, reason) from error
    return FrameTable(name=name, frame=frame)
