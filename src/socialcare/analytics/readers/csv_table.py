"""A CSV file as a table: read by the frame engine, once it is sure to be well formed."""

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import attrs
import polars as pl

from socialcare.analytics.quality import SetAside
from socialcare.analytics.readers.csv_dialect import Dialect, dialect_of
from socialcare.analytics.readers.csv_lines import lines_of
from socialcare.analytics.readers.csv_mending import Mended, mend
from socialcare.analytics.readers.csv_records import Lines, Record, records
from socialcare.analytics.readers.csv_shape import IRREGULAR, Shape, record_lines, shape_of
from socialcare.analytics.readers.findings import Findings, LineNumbers, shortened
from socialcare.analytics.readers.guards import COLUMN as GUARD
from socialcare.analytics.readers.guards import is_guarded, unguarded
from socialcare.analytics.readers.plain import Workshop
from socialcare.analytics.readers.tables import HEAD, Loaded, filled

_BEGINNING = 1 << 16
LINE_REASONS = {
    "mixed_encoding": "the line is not UTF-8; read as Windows-1252",
    "nul_byte": "the line holds NUL bytes; they were left out",
}
"""What troubles a line that was read all the same."""


@attrs.frozen(kw_only=True, slots=False)
class CsvTable:
    """A CSV file in UTF-8, compressed files and other encodings made so before.

    Attributes:
        name: What the file is called.
        path: Where its text is.
        dialect: How it is written.
        workshop: Where a copy can be made.
    """

    name: str
    path: Path
    dialect: Dialect
    workshop: Workshop = attrs.field(repr=False)

    @classmethod
    def at(cls, path: Path, name: str, workshop: Workshop) -> "CsvTable":
        """The table in a file.

        Raises:
            UnreadableExport: If the file is empty or binary, or its header makes no sense.
        """
        with path.open("rb") as file:
            dialect = dialect_of(file.read(_BEGINNING), name)
        return cls(name=name, path=path, dialect=dialect, workshop=workshop)

    def head(self) -> pl.DataFrame:
        """Its first rows that have the right number of fields."""
        columns = self.dialect.columns
        with self.path.open("rb") as file:
            lines = Lines(lines_of(file))
            for _ in range(self.dialect.skip + self.dialect.header):
                lines.take()
            found = records(lines, self.dialect.separator, len(columns))
            rows = list(islice((one.fields for one in found if isinstance(one, Record)), HEAD))
        frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
        shown = frame.with_columns(filled(columns))
        return shown.with_columns(unguarded(columns)).drop(GUARD) if self._guarded else shown

    def load(self, columns: Sequence[str], *, careful: bool = False) -> Loaded:
        """The columns as texts; broken records are set aside."""
        loaded = self._loaded(columns, careful=careful)
        if not self._guarded:
            return loaded
        return attrs.evolve(
            loaded, frame=loaded.frame.with_columns(unguarded(columns)), plain=False
        )

    @property
    def _guarded(self) -> bool:
        return is_guarded(self.dialect.columns)

    def _loaded(self, columns: Sequence[str], *, careful: bool) -> Loaded:
        shape = IRREGULAR if careful else self._shape(columns)
        if not shape.regular:
            return self._mended(columns)
        scanned = self._scanned(self.path, columns)
        return Loaded(
            frame=scanned.with_columns(filled(columns)) if shape.quoted else scanned,
            lines=lambda rows: list(record_lines(self.path, [row + 1 for row in rows])),
            plain=shape.plain and not shape.quoted,
        )

    def _scanned(self, path: Path, columns: Sequence[str]) -> pl.LazyFrame:
        return pl.scan_csv(
            path,
            schema=dict.fromkeys(self.dialect.columns, pl.String),
            separator=self.dialect.separator,
            glob=False,
        ).select(columns)

    def _mended(self, columns: Sequence[str]) -> Loaded:
        target = self.workshop.new_file()
        mended = mend(self.path, self.dialect, target)
        return Loaded(
            frame=self._scanned(target, columns).with_columns(filled(columns)),
            lines=_lines_in(mended),
            findings=_found(mended),
        )

    def _shape(self, columns: Sequence[str]) -> Shape:
        dialect = self.dialect
        if dialect.skip or dialect.header > 1 or len(dialect.columns) < 2:
            return IRREGULAR
        all_ = len(set(columns)) == len(dialect.columns)
        return self._shape_of_all if all_ else self._shape_of_each

    @cached_property
    def _shape_of_all(self) -> Shape:
        return shape_of(self.path, self.dialect.separator, len(self.dialect.columns), each=False)

    @cached_property
    def _shape_of_each(self) -> Shape:
        return shape_of(self.path, self.dialect.separator, len(self.dialect.columns), each=True)


def _lines_in(mended: Mended) -> LineNumbers:
    def lines(rows: Sequence[int]) -> list[int | None]:
        return [int(line) for line in mended.lines[list(rows)]]

    return lines


def _found(mended: Mended) -> Findings:
    """What the lines of a file showed."""
    findings = Findings()
    for one in mended.broken:
        findings.lose(
            SetAside(line=one.line, reason=one.reason, code=one.code, text=shortened(one.text))
        )
    for line in mended.troubled:
        for code in line.troubles:
            findings.flag_line(code, line.number, LINE_REASONS[code], shortened(line.text))
    if mended.blank:
        findings.notes.append(f"{mended.blank:,} empty lines were passed over")
    return findings
