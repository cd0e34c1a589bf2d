"""Tables as they come: a frame, a file, or a part of a directory, all read alike.

A table gives its first rows, by which it is recognised, and then the columns that are wanted, with
its rows numbered in `ROW` and a way to find their lines.
"""

from collections.abc import Sequence
from typing import Protocol

import attrs
import polars as pl

from socialcare.analytics.readers.findings import Findings, LineNumbers

HEAD = 1000
"""How many rows are looked at to recognise a table."""


@attrs.frozen(kw_only=True)
class Loaded:
    """The wanted columns of a table, ready to be read in one pass.

    Attributes:
        frame: The columns, empty texts as null; with `ROW` where rows have numbers of their own.
        lines: Where rows begin.
        findings: What was wrong with rows before they had columns.
        plain: Whether no id can have blanks around it or lost digits; False where not known.
    """

    frame: pl.LazyFrame
    lines: LineNumbers
    findings: Findings = attrs.field(factory=Findings)
    plain: bool = False


class Table(Protocol):
    """A table of an export."""

    @property
    def name(self) -> str:
        """What it is called, for messages."""

    def head(self) -> pl.DataFrame:
        """Its first rows, at most `HEAD`, with all its columns."""

    def load(self, columns: Sequence[str], *, careful: bool = False) -> Loaded:
        """These columns of all rows.

        Args:
            columns: Their names.
            careful: Whether the frame engine has refused what it was given before.
        """


def row_numbers(rows: Sequence[int]) -> list[int | None]:
    """Rows counted from 1, for tables that have no lines."""
    return [row + 1 for row in rows]


def filled(columns: Sequence[str]) -> list[pl.Expr]:
    """Columns of texts with null for what is empty."""
    return [pl.when(pl.col(name) != "").then(name).alias(name) for name in columns]


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

    def load(self, columns: Sequence[str], *, careful: bool = False) -> Loaded:  # noqa: ARG002  # it always is
        """These columns of all rows."""
        texts = pl.when(pl.col(pl.String) != "").then(pl.col(pl.String))
        return Loaded(frame=self.frame.select(columns).with_columns(texts), lines=row_numbers)
