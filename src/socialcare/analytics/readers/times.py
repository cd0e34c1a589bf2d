"""Columns of written times, read as instants in UTC.

The commonest shape of a column is read by the frame engine with an exact format.
Only what is left over is looked at value by value, and only so many of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs
import polars as pl

from socialcare.analytics.readers.mapping import TimeRule
from socialcare.analytics.readers.shapes import EPOCH, Shape, read_alone, shapes_of
from socialcare.analytics.table import INSTANT

NAIVE_REASON = "{} names no zone; read as UTC"
LOCAL = pl.Datetime("us")
_SAMPLE = 1000
_MAX_ALONE = 20_000
"""How many odd values of one column are tried with the slow libraries."""

_FEW = 3
"""How many of the values that look alike are tried before the rest of them."""


@attrs.frozen(kw_only=True)
class Instants:
    """A column of instants, and what was wrong with it.

    Attributes:
        values: Instants in UTC; null where there was none or it can't be read.
        naive: Where a time named no zone; None if all did.
        ambiguous: Where a local time occurred twice or never; None if nowhere.
        notes: How it was read, in words, where something was chosen.
    """

    values: pl.Series
    naive: pl.Series | None = None
    ambiguous: pl.Series | None = None
    notes: tuple[str, ...] = ()


def shape_in(sample: pl.Series, rule: TimeRule) -> Shape | None:
    """The shape of a whole column by a sample of it, or None if it is not one clear shape."""
    if rule.format:
        return _given(rule)[0] if len(rule.format) == 1 else None
    found = {shapes_of(text.strip()) for text in sample.drop_nulls().unique().to_list()}
    shapes = next(iter(found)) if len(found) == 1 else ()
    return shapes[0] if len(shapes) == 1 else None


def by_shape(column: pl.Expr, shape: Shape, zone: str | None) -> pl.Expr:
    """The expression that reads a column of texts by one shape; null where it does not fit."""
    if shape.format == EPOCH:
        return counted(column.cast(pl.Float64, strict=False))
    if shape.naive and zone not in (None, "UTC"):
        return in_zone(_parsed(column, shape.format, None), zone)
    return _parsed(column, shape.format, "UTC")


def _parsed(column: pl.Expr, pattern: str, zone: str | None) -> pl.Expr:
    # Times hardly repeat, and a cache of them costs more than it saves.
    return column.str.to_datetime(
        pattern, time_unit="us", time_zone=zone, strict=False, cache=False
    )


def in_zone(local: pl.Expr, zone: str | None) -> pl.Expr:
    """Local times as instants: the earlier of two; one that never was, by the offset before."""
    name = zone or "UTC"
    there = local.dt.replace_time_zone(name, ambiguous="earliest", non_existent="null")
    before = (local - pl.duration(hours=3)).dt.replace_time_zone(
        name, ambiguous="earliest", non_existent="null"
    ) + pl.duration(hours=3)
    return pl.coalesce(there, before).dt.convert_time_zone("UTC").cast(INSTANT)


def unclear(local: pl.Expr, zone: str | None) -> pl.Expr:
    """Where a local time occurred twice, or never."""
    once = local.dt.replace_time_zone(zone or "UTC", ambiguous="null", non_existent="null")
    return local.is_not_null() & once.is_null()


def instants(column: pl.Series, rule: TimeRule, *, name: str) -> Instants:
    """A column of any type as instants.

    Args:
        column: Texts, numbers since 1970, dates or datetimes.
        rule: How the mapping says that times are written.
        name: The column's name, for notes.
    """
    kind = column.dtype
    if kind == pl.Datetime or kind == pl.Date:
        return _typed(column, rule)
    if kind.is_numeric():
        return Instants(values=column.to_frame("t").select(counted(pl.col("t"))).to_series())
    return _texts(column.cast(pl.String).str.strip_chars(), rule, name)


def _typed(column: pl.Series, rule: TimeRule) -> Instants:
    kind = column.dtype
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        return Instants(values=column.dt.convert_time_zone("UTC").cast(INSTANT))
    local = column.cast(LOCAL)
    return _naive(local, rule.zone, pl.Series([True]).new_from_index(0, len(local)))


def _naive(local: pl.Series, zone: str | None, naive: pl.Series) -> Instants:
    frame = local.rename("t").to_frame()
    read = frame.select(
        at=in_zone(pl.col("t"), zone),
        unclear=unclear(pl.col("t"), zone),
    )
    twice = read["unclear"]
    return Instants(
        values=read["at"],
        naive=naive & local.is_not_null(),
        ambiguous=twice if twice.any() else None,
    )


def counted(column: pl.Expr) -> pl.Expr:
    """Counts since 1970 by their size: seconds, milli-, micro- or nanoseconds."""
    number = column.cast(pl.Float64).fill_nan(None)
    size = number.abs()
    unit = (
        pl.when(size < 1e11)
        .then(1e6)
        .when(size < 1e14)
        .then(1e3)
        .when(size < 1e17)
        .then(1.0)
        .otherwise(1e-3)
    )
    return (number * unit).round(0).cast(pl.Int64, strict=False).cast(INSTANT)


_ZONED = ("%z", "%:z", "%#z", "%s", "Z", "UTC", "GMT")
"""What in a format says the zone."""


def _given(rule: TimeRule) -> tuple[Shape, ...]:
    return tuple(
        Shape(format=text, naive=not any(mark in text for mark in _ZONED)) for text in rule.format
    )


def _texts(column: pl.Series, rule: TimeRule, name: str) -> Instants:
    """Texts by the shapes that they show, the commonest first."""
    if rule.format:
        return _by_shapes(column, _given(rule), rule)
    usual = shape_in(column.head(_SAMPLE), rule)
    first = () if usual is None else (usual,)
    read = _by_shapes(column, first, rule)
    left = column.set(read.values.is_not_null(), None)
    if left.null_count() != len(left):
        shapes, notes = _chosen(left, rule, name)
        read = attrs.evolve(_by_shapes(column, (*first, *shapes), rule), notes=notes)
    return _alone(column, read, rule)


def _chosen(
    column: pl.Series, rule: TimeRule, name: str
) -> tuple[tuple[Shape, ...], tuple[str, ...]]:
    """The shapes of a column, and how day and month were told apart."""
    seen = list(dict.fromkeys(shapes_of(text) for text in _one_of_each(column)))
    clear = [shapes[0] for shapes in seen if len(shapes) == 1]
    swapped = [shapes for shapes in seen if len(shapes) == 2]
    if not swapped:
        return tuple(clear), ()
    order, why = _order(column, rule, name)
    chosen = [shape for shapes in swapped for shape in shapes if shape.order == order]
    return (*clear, *chosen), (why,)


def _one_of_each(column: pl.Series) -> Iterator[str]:
    """One value for each look of the column: digits as 0, letters as a."""
    frame = column.drop_nulls().rename("t").to_frame()
    looks = frame.group_by(_look(pl.col("t")).alias("look")).agg(
        pl.col("t").min(), pl.len().alias("n")
    )
    yield from looks.sort(["n", "look"], descending=[True, False])["t"].head(1000)


def _look(text: pl.Expr) -> pl.Expr:
    """What texts look like: digits as 0, letters as a."""
    return text.str.replace_all(r"[0-9]", "0").str.replace_all(r"[A-Za-z]", "a")


def _order(column: pl.Series, rule: TimeRule, name: str) -> tuple[str | None, str]:
    """Whether the day or the month comes first, by the mapping or the column itself."""
    if rule.day_first is not None:
        order = "dm" if rule.day_first else "md"
        return order, f"{name}: {_ORDERS[order]} comes first, as the mapping says"
    parts = column.to_frame("t").select(
        pl.col("t").str.extract(r"^(\d{1,2})[-/.]\d{1,2}[-/.]").cast(pl.Int32).max().alias("one"),
        pl.col("t").str.extract(r"^\d{1,2}[-/.](\d{1,2})[-/.]").cast(pl.Int32).max().alias("two"),
    )
    one, two = parts.row(0)
    if (one > 12) == (two > 12):
        told = "both occur" if one > 12 else "no value tells"
        return None, (
            f"{name}: day and month can't be told apart ({told}); "
            "say day_first = true or false under [time] in a mapping"
        )
    order = "dm" if one > 12 else "md"
    return order, f"{name}: {_ORDERS[order]} comes first, since values up to {max(one, two)} occur"


_ORDERS = {"dm": "the day", "md": "the month"}


def _by_shapes(column: pl.Series, shapes: Iterable[Shape], rule: TimeRule) -> Instants:
    """Each value by the first shape that fits it."""
    text = pl.col("t")
    frame = column.rename("t").to_frame()
    values = pl.Series("t", [None], dtype=INSTANT).new_from_index(0, len(column))
    naive = pl.Series([False]).new_from_index(0, len(column))
    ambiguous = naive
    for shape in shapes:
        open_ = values.is_null() & column.is_not_null()
        if not open_.any():
            break
        read = frame.select(
            at=by_shape(pl.when(open_).then(text), shape, rule.zone),
            unclear=_unclear(pl.when(open_).then(text), shape, rule.zone),
        )
        naive = naive | (read["at"].is_not_null() & shape.naive)
        ambiguous = ambiguous | read["unclear"].fill_null(value=False)
        values = values.zip_with(values.is_not_null(), read["at"])
    return Instants(
        values=values,
        naive=naive if naive.any() else None,
        ambiguous=ambiguous if ambiguous.any() else None,
    )


def _unclear(column: pl.Expr, shape: Shape, zone: str | None) -> pl.Expr:
    if not shape.naive or zone in (None, "UTC") or shape.format == EPOCH:
        return pl.lit(value=False)
    return unclear(_parsed(column, shape.format, None), zone)


def _alone(column: pl.Series, read: Instants, rule: TimeRule) -> Instants:
    """The same with what was left over read value by value."""
    left = column.is_not_null() & read.values.is_null()
    found = _found_alone(column.filter(left).unique(), rule)
    if not found:
        return read
    aware = {text: at for text, at in found.items() if at.tzinfo is not None}
    naive = {text: at for text, at in found.items() if at.tzinfo is None}
    texts = pl.when(left).then(pl.col("t"))
    more = (
        column.rename("t")
        .to_frame()
        .select(
            aware=_looked_up(texts, aware, INSTANT),
            naive=in_zone(_looked_up(texts, naive, LOCAL), rule.zone),
        )
    )
    local = more["naive"].is_not_null()
    return attrs.evolve(
        read,
        values=read.values.zip_with(~left, more["aware"].zip_with(~local, more["naive"])),
        naive=(local if read.naive is None else read.naive | local) if local.any() else read.naive,
    )


def _found_alone(odd: pl.Series, rule: TimeRule) -> dict[str, datetime]:
    """The odd values that are times after all.

    Values that look alike stand or fall together: where the first few are no times, none is.
    """
    frame = odd.rename("t").to_frame().with_columns(_look(pl.col("t")).alias("look"))
    looks = frame.group_by("look").agg(pl.col("t").sort()).sort(pl.col("t").list.len(), "look")
    found: dict[str, datetime] = {}
    budget = _MAX_ALONE
    for texts in looks["t"].to_list():
        few = _times_in(texts[: min(_FEW, budget)], rule)
        more = texts[_FEW : max(budget, _FEW)] if few else []
        found |= few | _times_in(more, rule)
        budget -= min(_FEW, len(texts)) + len(more)
    return found


def _times_in(texts: Iterable[str], rule: TimeRule) -> dict[str, datetime]:
    read = ((text, read_alone(text, day_first=rule.day_first)) for text in texts)
    return {text: at for text, at in read if at is not None}


def _looked_up(texts: pl.Expr, found: Mapping[str, object], kind: pl.DataType) -> pl.Expr:
    values = pl.Series(list(found.values()), dtype=kind)
    keys = pl.Series(list(found), dtype=pl.String)
    return texts.replace_strict(keys, values, default=None, return_dtype=kind)
