"""Frames that the user brought, of whatever library, as tables."""

from collections.abc import Sequence
from typing import Any

import attrs
import narwhals as nw
import polars as pl

from socialcare.analytics.readers.findings import ROW, Findings, LineNumbers
from socialcare.analytics.readers.tables import HEAD, FrameTable, Loaded, Table, row_numbers
from socialcare.errors import InvalidValue, MissingExtra

_KINDS = {
    nw.Implementation.PANDAS: "pandas",
    nw.Implementation.POLARS: "polars",
    nw.Implementation.PYARROW: "pyarrow",
    nw.Implementation.DUCKDB: "duckdb",
}


def table_of(source: object) -> tuple[Table, str]:
    """The user's frame as a table, and the kind of frames to give back.

    Raises:
        InvalidValue: If it is no frame.
        MissingExtra: If a library that the frame needs is not installed.
    """
    if isinstance(source, (pl.DataFrame, pl.LazyFrame)):
        return FrameTable(name="polars frame", frame=source.lazy()), "polars"
    try:
        frame: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(source)
    except TypeError as error:
        right = "a path, a list of paths, or a frame of pandas, polars, pyarrow or DuckDB"
        raise InvalidValue(type(source).__name__, where="source", right=right) from error
    kind = _KINDS.get(frame.implementation, "polars")
    if kind == "pandas" and isinstance(frame, nw.DataFrame):
        return PandasTable(frame=frame), kind
    return FrameTable(name=f"{kind} frame", frame=_collected(frame).lazy()), kind


def _collected(frame: "nw.DataFrame[Any] | nw.LazyFrame[Any]") -> pl.DataFrame:
    try:
        found = frame.lazy().collect("polars").to_native()
    except ImportError as error:
        raise MissingExtra("analytics", module=error.name or "pyarrow") from error
    if not isinstance(found, pl.DataFrame):
        raise InvalidValue(type(found).__name__, where="source", right="a frame")
    return found


@attrs.frozen(kw_only=True)
class PandasTable:
    """A pandas frame; only the columns that are wanted are converted."""

    frame: "nw.DataFrame[Any]"
    name: str = "pandas frame"

    def head(self) -> pl.DataFrame:
        """Its first rows."""
        return _converted(self.frame.head(HEAD), self.frame.columns)

    def scan(self, columns: Sequence[str]) -> pl.LazyFrame:
        """These columns, empty texts as null."""
        return _converted(self.frame, columns).lazy()

    def line_numbers(self) -> LineNumbers:
        """Rows counted from 1."""
        return row_numbers

    def load(self, columns: Sequence[str], findings: Findings) -> Loaded:  # noqa: ARG002  # nothing can go wrong
        """These columns of all rows."""
        frame = _converted(self.frame, columns).with_row_index(ROW)
        return Loaded(frame=frame, rows=frame.height, lines=row_numbers)


def _converted(frame: "nw.DataFrame[Any]", columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame([_series(str(name), frame[name]) for name in columns])


def _series(name: str, column: "nw.Series[Any]") -> pl.Series:
    """A pandas column with its type, or as texts where it has none to rely on.

    Texts are taken value by value, since a column of objects can hold anything.
    """
    kind = column.dtype
    if kind.is_integer() or kind.is_float() or kind == nw.Boolean:
        return pl.Series(name, column.to_list(), dtype=_number(kind), strict=False)
    if isinstance(kind, nw.Datetime):
        stamps = pl.Series(name, column.dt.timestamp("us").to_list(), dtype=pl.Int64, strict=False)
        local = stamps.cast(pl.Datetime("us"))
        return local if kind.time_zone is None else local.dt.replace_time_zone("UTC")
    gone = column.is_null().to_list()
    values = column.to_list()
    return pl.Series(
        name,
        [None if lost else _written(value) for value, lost in zip(values, gone, strict=True)],
        dtype=pl.String,
    )


def _number(kind: "nw.dtypes.DType") -> type[pl.DataType]:
    if kind == nw.Boolean:
        return pl.Boolean
    return pl.Float64 if kind.is_float() else pl.Int64


def _written(value: object) -> str | None:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text or None
