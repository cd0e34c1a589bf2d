"""Frames in the kind that the user brought."""

from typing import Any, TypeAlias

import polars as pl

from socialcare.domain.choices import Choice
from socialcare.errors import MissingExtra


class Kind(Choice):
    """A library for frames."""

    POLARS = "polars"
    PANDAS = "pandas"
    PYARROW = "pyarrow"
    DUCKDB = "duckdb"


Frame: TypeAlias = Any
"""A polars or pandas DataFrame, a pyarrow Table or a DuckDB relation."""


def to_kind(frame: pl.DataFrame, kind: Kind) -> Frame:
    """The same rows and columns as a frame of that kind.

    Words of a fixed set become plain text outside polars, since libraries disagree about them.
    """
    if kind is Kind.POLARS:
        return frame
    plain = frame.with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String))
    if kind is Kind.PYARROW:
        return plain.to_arrow()
    if kind is Kind.PANDAS:
        return plain.to_pandas(use_pyarrow_extension_array=False)
    return _relation(plain)


def _relation(frame: pl.DataFrame) -> Frame:
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtra("analytics", module="duckdb") from error
    return duckdb.from_arrow(frame.to_arrow())
