"""Tables as they come: a frame, a file, or a part of a directory, all read alike.

A table gives its first rows, by which it is recognised, and then the columns that are wanted, with
its rows numbered in `ROW` and a way to find their lines.
"""

from collections.abc import Sequence
from typing import Protocol

import attrs
import polars as pl

from socialcare.analytics.readers.findings import ROW, Findings, LineNumbers

HEAD = 1000
"""How many rows are looked at to recognise a table."""


@attrs.frozen(kw_only=True)
class Scan:
    """The wanted columns of a table, not read yet.

    Attributes:
        frame: The columns; texts that are empty are null.
        plain: Whether no id can have blanks around it or lost digits; False where not known.
    """

    frame: pl.LazyFrame
    plain: bool = False


@attrs.frozen(kw_only=True)
class Loaded:
    """The wanted columns of a table.

    Attributes:
        frame: The columns in whatever type they had, and `ROW`.
        rows: How many rows the source had, those set aside included.
        lines: Where rows begin.
    """

    frame: pl.DataFrame
    rows: int
    lines: LineNumbers


class Table(Protocol):
    """A table of an export."""

    @property
    def name(self) -> str:
        """What it is called, for messages."""

    def head(self) -> pl.DataFrame:
        """Its first rows, at most `HEAD`, with all its columns."""

    def scan(self, columns: Sequence[str]) -> Scan | None:
        """These columns, to be read in one pass; None where rows may be broken."""

    def line_numbers(self) -> LineNumbers:
        """Where the rows of `scan` begin."""

    def load(self, columns: Sequence[str], findings: Findings) -> Loaded:
        """These columns of all rows; rows that can't be split into columns are set aside."""


def row_numbers(rows: Sequence[int]) -> list[int | None]:
    """Rows counted from 1, for tables that have no lines."""
    return [row + 1 for row in rows]


@attrs.frozen(kw_only=True)
class FrameTable:
    """A table that the frame engine holds or can read.

    Attributes:
        name: What it is called.
        frame: Its columns in any type.
    """

    name: str
    frame: pl.LazyFrame

    def head(self) -> pl.DataFrame:
        """Its first rows."""
        return self.frame.head(HEAD).collect()

    def scan(self, columns: Sequence[str]) -> Scan:
        """These columns, empty texts as null."""
        filled = pl.when(pl.col(pl.String) != "").then(pl.col(pl.String))
        return Scan(frame=self.frame.select(columns).with_columns(filled))

    def line_numbers(self) -> LineNumbers:
        """Rows counted from 1."""
        return row_numbers

    def load(self, columns: Sequence[str], findings: Findings) -> Loaded:  # noqa: ARG002  # nothing can go wrong
        """These columns of all rows."""
        frame = self.frame.select(columns).collect().with_row_index(ROW)
        return Loaded(frame=frame, rows=frame.height, lines=row_numbers)
