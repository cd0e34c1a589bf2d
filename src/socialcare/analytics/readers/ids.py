"""Ids as an export has them: texts, numbers, numbers with decimals, and numbers that lost digits.

A program that takes an id for a number writes 3 as ``3.0`` and 1267000000000000042 as
``1.267e+18``.
The first is still exact and read as the id; the second stands for a thousand ids.
"""

from collections.abc import Sequence

import polars as pl

EXACT = 2**53
"""From here on a floating-point number skips whole numbers."""

_DECIMAL = r"^\d+\.0$"
# Without a sign it takes decimals to tell 1.267e18 from a hexadecimal 5e12.
_POWER = r"^[+-]?\d(?:(?:[.,]\d+)?[eE]\+\d{1,3}|[.,]\d+[eE]\d{1,3})$"


def as_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A column of any type as texts; what is empty is null.

    Whole numbers that came as floating-point numbers are written without decimals while exact.
    """
    if kind == pl.String:
        return pl.when(column != "").then(column)
    if kind.is_float():
        whole = column.is_finite() & (column == column.floor()) & (column.abs() < EXACT)
        digits = column.cast(pl.Int64, strict=False).cast(pl.String)
        written = pl.when(whole).then(digits).otherwise(column.cast(pl.String))
        return pl.when(column.is_not_nan()).then(written)
    if kind.is_nested() or kind in _UNWRITTEN:
        return column.map_elements(_written, return_dtype=pl.String)
    return column.cast(pl.String)


_UNWRITTEN = (pl.Binary, pl.Duration, pl.Object)
"""Types that the frame engine has no text for."""


def _written(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value.to_list() if isinstance(value, pl.Series) else value)


def are_plain(frame: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether no id in these columns has blanks around it, decimals, or a power of ten."""
    words = [name for name in columns if frame.schema[name] == pl.Categorical]
    columns = [name for name in columns if name not in words]
    each = (frame[name].unique().cast(pl.String).to_frame() for name in words)
    if not all(are_plain(names, names.columns) for names in each):
        return False
    if not columns:
        return True
    least = frame.select(pl.col(columns).min()).row(0)
    # What begins with a letter is neither a number nor begins with a blank.
    named = [name for name, first in zip(columns, least, strict=True) if (first or "a") >= "A"]
    others = [name for name in columns if name not in named]
    closer = [name for name in others if not _are_counted(frame[name])]
    odd = [*(_ends_blank(name) for name in named), *(_is_odd(name) for name in closer)]
    if not odd:
        return True
    found = frame.select(each.any().alias(str(number)) for number, each in enumerate(odd))
    return not any(found.row(0))


def _are_counted(ids: pl.Series) -> bool:
    """Whether all of them are whole numbers, which is quicker to see than what they are not."""
    return ids.cast(pl.UInt64, strict=False).null_count() == ids.null_count()


def _ends_blank(name: str) -> pl.Expr:
    return pl.col(name).str.ends_with(" ")


def _is_odd(name: str) -> pl.Expr:
    column = pl.col(name)
    blank = column.str.starts_with(" ") | _ends_blank(name)
    return blank | column.str.ends_with(".0") | column.str.contains(_POWER)


def tidied(column: pl.Series) -> pl.Series:
    """Ids without blanks around them, and without decimals where all of them are whole numbers.

    >>> tidied(pl.Series(["3.0", None, "12"])).to_list()
    ['3', None, '12']
    >>> tidied(pl.Series(["3.0", "v2"])).to_list()
    ['3.0', 'v2']
    """
    bare = column.str.strip_chars(" ")
    bare = bare.set(bare == "", None)
    decimal = bare.str.contains(_DECIMAL)
    numbers = decimal | bare.str.contains(r"^\d+$") | damaged(bare)
    if not decimal.any() or not numbers.all():
        return bare
    exact = decimal & ~damaged(bare)
    return bare.zip_with(~exact.fill_null(value=False), bare.str.strip_suffix(".0"))


def damaged(column: pl.Series) -> pl.Series:
    """Where an id was turned into a floating-point number and has lost digits.

    >>> damaged(pl.Series(["1.267e+18", "9007199254740993.0", "3.0", "7"])).to_list()
    [True, True, False, False]
    """
    whole = column.str.extract(r"^(\d{16,})\.0$").cast(pl.UInt64, strict=False)
    long = column.str.contains(r"^\d{20,}\.0$")
    return column.str.contains(_POWER) | (whole >= EXACT).fill_null(value=False) | long
