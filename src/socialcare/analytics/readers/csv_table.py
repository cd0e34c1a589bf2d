"""A CSV file as a table: read by the frame engine if it is well formed, else with care."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import attrs
import polars as pl
from polars.exceptions import PolarsError

from socialcare.analytics.quality import SetAside
from socialcare.analytics.readers.csv_dialect import Dialect, dialect_of
from socialcare.analytics.readers.csv_lines import lines_of
from socialcare.analytics.readers.csv_records import Broken, Lines, Record, records
from socialcare.analytics.readers.csv_shape import IRREGULAR, Shape, record_lines, shape_of
from socialcare.analytics.readers.findings import ROW, Findings, LineNumbers, shortened
from socialcare.analytics.readers.tables import HEAD, Loaded, Scan

_BATCH = 20_000
_BEGINNING = 1 << 16


@attrs.frozen(kw_only=True, slots=False)
class CsvTable:
    """A CSV file in UTF-8, compressed files and other encodings made so before.

    Attributes:
        name: What the file is called.
        path: Where its text is.
        dialect: How it is written.
    """

    name: str
    path: Path
    dialect: Dialect

    @classmethod
    def at(cls, path: Path, name: str) -> "CsvTable":
        """The table in a file.

        Raises:
            UnreadableExport: If the file is empty or binary, or its header makes no sense.
        """
        with path.open("rb") as file:
            return cls(name=name, path=path, dialect=dialect_of(file.read(_BEGINNING), name))

    def head(self) -> pl.DataFrame:
        """Its first rows that have the right number of fields."""
        with self.path.open("rb") as file:
            good = (r for r in self._records(Lines(lines_of(file))) if isinstance(r, Record))
            first = list(islice(good, HEAD))
        return self._frame(first, self.dialect.columns).drop(ROW)

    def scan(self, columns: Sequence[str]) -> Scan | None:
        """The columns as texts, to be read by the frame engine; None if it would misread them."""
        shape = self._shape(columns)
        if not shape.regular:
            return None
        scanned = pl.scan_csv(
            self.path,
            schema=dict.fromkeys(self.dialect.columns, pl.String),
            separator=self.dialect.separator,
            glob=False,
        ).select(columns)
        if not shape.quoted:
            return Scan(frame=scanned, plain=shape.plain)
        filled = (pl.when(pl.col(name) != "").then(name).alias(name) for name in columns)
        return Scan(frame=scanned.with_columns(filled))

    def load(self, columns: Sequence[str], findings: Findings) -> Loaded:
        """The columns as texts; broken records are set aside."""
        try:
            scanned = self.scan(columns)
            if scanned is not None:
                frame = scanned.frame.collect(engine="streaming").with_row_index(ROW)
                return Loaded(frame=frame, rows=frame.height, lines=self.line_numbers())
        except PolarsError:
            # The shape is stricter than the engine; what it still refuses is read with care.
            pass
        return self._load_with_care(columns, findings)

    def line_numbers(self) -> LineNumbers:
        """Where the rows of a well-formed file begin."""
        return lambda rows: list(record_lines(self.path, [row + 1 for row in rows]))

    def _shape(self, columns: Sequence[str]) -> Shape:
        if self.dialect.skip or self.dialect.header > 1 or len(self.dialect.columns) < 2:
            return IRREGULAR
        return (
            self._shape_of_all
            if len(set(columns)) == len(self.dialect.columns)
            else self._shape_of_each
        )

    @cached_property
    def _shape_of_all(self) -> Shape:
        return shape_of(self.path, self.dialect.separator, len(self.dialect.columns), each=False)

    @cached_property
    def _shape_of_each(self) -> Shape:
        return shape_of(self.path, self.dialect.separator, len(self.dialect.columns), each=True)

    def _records(self, lines: Lines) -> Iterator[Record | Broken]:
        for _ in range(self.dialect.skip + self.dialect.header):
            lines.take()
        return records(lines, self.dialect.separator, len(self.dialect.columns))

    def _load_with_care(self, columns: Sequence[str], findings: Findings) -> Loaded:
        frames: list[pl.DataFrame] = []
        broken: list[Broken] = []
        with self.path.open("rb") as file:
            lines = Lines(lines_of(file))
            found = self._records(lines)
            while batch := list(islice(found, _BATCH)):
                broken.extend(one for one in batch if isinstance(one, Broken))
                good = [one for one in batch if isinstance(one, Record)]
                frames.append(self._frame(good, columns))
        frame = pl.concat(frames) if frames else self._frame([], columns)
        at = frame[ROW].rename("line")
        _report(lines, broken, findings)
        return Loaded(
            frame=frame.drop(ROW).with_row_index(ROW),
            rows=frame.height + len(broken),
            lines=lambda rows: at.gather(list(rows)).to_list(),
        )

    def _frame(self, found: Sequence[Record], columns: Sequence[str]) -> pl.DataFrame:
        """The records' columns, and their lines as `ROW`."""
        width = len(self.dialect.columns)
        values = list(zip(*(one.fields for one in found), strict=True)) or [()] * width
        place = {name: at for at, name in enumerate(self.dialect.columns)}
        texts = {name: pl.Series(name, values[place[name]], dtype=pl.String) for name in columns}
        lines = pl.Series(ROW, [one.line for one in found], dtype=pl.UInt32)
        return pl.DataFrame([*texts.values(), lines]).with_columns(
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns
        )


LINE_REASONS = {
    "mixed_encoding": "the line is not UTF-8; read as Windows-1252",
    "nul_byte": "the line holds NUL bytes; they were left out",
}


def _report(lines: Lines, broken: Sequence[Broken], findings: Findings) -> None:
    """Adds what the lines of a file showed to the findings."""
    for one in broken:
        findings.lose(
            SetAside(line=one.line, reason=one.reason, code=one.code, text=shortened(one.text))
        )
    for line in lines.troubled:
        for code in line.troubles:
            findings.flag_line(code, line.number, LINE_REASONS[code], shortened(line.text))
    if lines.blank:
        findings.notes.append(f"{lines.blank:,} empty lines were passed over")
