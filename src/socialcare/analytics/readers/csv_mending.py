"""A CSV file in which something is broken, copied without it.

Blocks of lines in which nothing is unusual are copied as they stand; the others are read record by
record, and what can be read is written again.
The copy is well formed, and so the frame engine reads it like any other.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import attrs
import numpy as np
import numpy.typing as npt

from socialcare.analytics.readers.csv_dialect import Dialect
from socialcare.analytics.readers.csv_lines import Line, blocks_of, lines_in
from socialcare.analytics.readers.csv_records import Broken, Lines, Record, records
from socialcare.analytics.readers.csv_shape import lines_of_records, shape_of_block


@attrs.frozen(kw_only=True, eq=False)
class Mended:
    """What became of a broken file.

    Attributes:
        lines: For each row of the copy the line of the file where it began.
        broken: The records that are not in the copy.
        troubled: Lines in the copy with which something was wrong.
        blank: How many lines were empty.
    """

    lines: npt.NDArray[np.int64]
    broken: tuple[Broken, ...]
    troubled: tuple[Line, ...]
    blank: int


def mend(path: Path, dialect: Dialect, target: Path) -> Mended:
    """Copies a file without what is broken in it.

    Args:
        path: The file.
        dialect: How it is written.
        target: Where the copy goes, with the same columns and separator.
    """
    with path.open("rb") as file, target.open("wb") as copy:
        copy.write(_written(dialect.columns, dialect.separator))
        mender = _Mender(file, copy, dialect)
        mender.mend()
    return Mended(
        lines=np.concatenate([np.empty(0, np.int64), *mender.places]),
        broken=tuple(mender.broken),
        troubled=tuple(mender.lines.troubled),
        blank=mender.lines.blank,
    )


def _written(fields: Sequence[str], separator: str) -> bytes:
    """A record as it reads back: where a field needs quotes, all but the empty ones get them."""
    line = separator.join(fields)
    if line.count(separator) >= len(fields) or any(mark in line for mark in '"\n\r'):
        quoted = ('"' + field.replace('"', '""') + '"' if field else "" for field in fields)
        line = separator.join(quoted)
    return (line + "\n").encode("utf-8", "replace")


class _Mender:
    """Goes through a file block by block."""

    def __init__(self, file: BinaryIO, copy: BinaryIO, dialect: Dialect) -> None:
        self._blocks = blocks_of(file)
        self._copy = copy
        self._dialect = dialect
        self._next_line = 1
        self.places: list[npt.NDArray[np.int64]] = []
        self.broken: list[Broken] = []
        self.lines = Lines(iter(()), self._further)

    def mend(self) -> None:
        for _ in range(self._dialect.skip + self._dialect.header):
            self.lines.take()
        self._read()
        for block in self._blocks:
            shape = shape_of_block(block, self._dialect.separator, len(self._dialect.columns))
            if shape.regular:
                self._keep(block)
            else:
                self.lines.source = self._lines_in(block)
                self._read()

    def _further(self) -> Iterator[Line]:
        """The lines of the next block, into which a record goes on."""
        block = next(self._blocks, None)
        return iter(()) if block is None else self._lines_in(block)

    def _lines_in(self, block: bytes) -> Iterator[Line]:
        lines = lines_in(block, self._next_line)
        self._next_line += _count_of_lines(block)
        return lines

    def _keep(self, block: bytes) -> None:
        self.places.append(lines_of_records(block, self._next_line))
        self._next_line += _count_of_lines(block)
        self._copy.write(block if block.endswith(b"\n") else block + b"\n")

    def _read(self) -> None:
        """Reads the lines at hand record by record."""
        good: list[Record] = []
        for one in records(self.lines, self._dialect.separator, len(self._dialect.columns)):
            if isinstance(one, Record):
                good.append(one)
            else:
                self.broken.append(one)
        separator = self._dialect.separator
        self._copy.write(b"".join(_written(one.fields, separator) for one in good))
        self.places.append(np.array([one.line for one in good], np.int64))


def _count_of_lines(block: bytes) -> int:
    return block.count(b"\n") + (not block.endswith(b"\n"))
