"""Frames that the user brought, of whatever library, as tables."""

from collections.abc import Sequence
from typing import Any

import attrs
import narwhals as nw
import polars as pl
from narwhals.exceptions import NarwhalsError

from socialcare.analytics.readers.csv_dialect import unique_names
from socialcare.analytics.readers.tables import HEAD, FrameTable, Loaded, Table, row_numbers
from socialcare.errors import InvalidValue, MissingExtra, UnreadableExport

_KINDS = {
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
    if nw.dependencies.is_pandas_dataframe(source):
        return PandasTable(frame=_plainly_named(source)), "pandas"
    try:
        frame: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(source)
    except TypeError as error:
        right = "a path, a list of paths, or a frame of pandas, polars, pyarrow or DuckDB"
        raise InvalidValue(type(source).__name__, where="source", right=right) from error
    except NarwhalsError as error:
        raise UnreadableExport(type(source).__name__, str(error).splitlines()[0]) from error
    kind = _KINDS.get(frame.implementation, "polars")
    return FrameTable(name=f"{kind} frame", frame=_collected(frame).lazy()), kind


def _plainly_named(frame: Any) -> "nw.DataFrame[Any]":  # noqa: ANN401  # pandas may be absent
    """A pandas frame whose columns are called by texts, each different."""
    names = unique_names([str(name) for name in frame.columns])
    return nw.from_native(frame.set_axis(list(names), axis=1), eager_only=True)


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

    def load(self, columns: Sequence[str], *, careful: bool = False) -> Loaded:  # noqa: ARG002  # it always is
        """These columns of all rows."""
        return Loaded(frame=_converted(self.frame, columns).lazy(), lines=row_numbers)


def _converted(frame: "nw.DataFrame[Any]", columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame([_series(str(name), frame[name]) for name in columns])


def _series(name: str, column: "nw.Series[Any]") -> pl.Series:
    """A pandas column with its type, or as texts where it has none to rely on.

    Texts are taken value by value, since a column of objects can hold anything.
    """
    kind = column.dtype
    if kind.is_integer() or kind.is_float() or kind == nw.Boolean:
        return pl.Series(name, _values(column), dtype=_number(kind))
    if isinstance(kind, nw.Datetime):
        stamps = pl.Series(name, _values(column.dt.timestamp("us")), dtype=pl.Int64, strict=False)
        local = stamps.cast(pl.Datetime("us"))
        return local if kind.time_zone is None else local.dt.replace_time_zone("UTC")
    texts = [None if value is None else _written(value) for value in _values(column)]
    return pl.Series(name, texts, dtype=pl.String)


def _values(column: "nw.Series[Any]") -> list[Any]:
    """The values, with None for whatever pandas has for nothing."""
    if not column.null_count():
        return column.to_list()
    gone = column.is_null().to_list()
    return [None if lost else value for value, lost in zip(column.to_list(), gone, strict=True)]


def _number(kind: "nw.dtypes.DType") -> type[pl.DataType]:
    if kind == nw.Boolean:
        return pl.Boolean
    if kind.is_float():
        return pl.Float64
    return pl.UInt64 if kind.is_unsigned_integer() else pl.Int64


def _written(value: object) -> str | None:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text or None
