"""The quick way through a clean table: every field read in one pass, then checked.

The expressions are those of the careful way; the first rows say which will do.
If a single value does not fit, the answer is None and the table is read with care instead, so
that both ways give the same messages.
"""

from collections.abc import Iterable, Iterator

import attrs
import polars as pl

from socialcare.analytics.quality import EXAMPLES
from socialcare.analytics.readers.canonical import FIRST, IDS, SOON, TEXTS, WORDS, Reading
from socialcare.analytics.readers.findings import ROW, Bad, shortened
from socialcare.analytics.readers.ids import are_plain, as_text
from socialcare.analytics.readers.tables import Loaded
from socialcare.analytics.readers.times import NAIVE_REASON, by_shape, counted, shape_in
from socialcare.analytics.readers.values import SKIP, dictionary, renamed, score, worded
from socialcare.analytics.table import INSTANT, OPTIONAL, REQUIRED, WORD

_LOST = "lost "
"""Begins the name of a column that says where a value could not be read."""

_NEEDED = ("message_id", "sent_at", "direction", "visibility")


@attrs.frozen(kw_only=True)
class _Plan:
    """How each field is read, and which times name no zone."""

    fields: dict[str, pl.Expr]
    naive: tuple[str, ...]


class _Unclear(Exception):
    """The first rows don't say how a field is to be read."""


def quickly(loaded: Loaded, head: pl.DataFrame, reading: Reading) -> pl.DataFrame | None:
    """All rows as columns of the message table and `ROW`, or None if a row needs care.

    Args:
        loaded: The source's columns.
        head: The first rows of them.
        reading: How to read them; its findings are added to.
    """
    try:
        plan = _plan(loaded.frame.collect_schema(), head, reading)
    except _Unclear:
        return None
    lost = {
        _LOST + field: expression.is_null() & pl.col(reading.chosen[field]).is_not_null()
        for field, expression in plan.fields.items()
        if field in reading.chosen and field not in (*_NEEDED, *IDS, *TEXTS)
    }
    made = (_small(field, made).alias(field) for field, made in plan.fields.items())
    frame = loaded.frame.select(*made, **lost).collect(engine="streaming")
    ids = [field for field in IDS if reading.has(field)]
    if not _clean(frame, lost, reading) or not (loaded.plain or are_plain(frame, ids)):
        return None
    _flag_naive(frame, head, plan, reading)
    return frame.drop(lost).with_row_index(ROW)


def _small(field: str, expression: pl.Expr) -> pl.Expr:
    """Names that repeat as numbers, at once: as texts they would take a third of the memory."""
    return expression.cast(WORD) if OPTIONAL.get(field, REQUIRED.get(field)) == WORD else expression


def _plan(kinds: pl.Schema, head: pl.DataFrame, reading: Reading) -> _Plan:
    if ROW in kinds:
        raise _Unclear
    fields: dict[str, pl.Expr] = {}
    naive: list[str] = []
    for field, name in reading.chosen.items():
        column, kind = pl.col(name), kinds[name]
        if field in ("sent_at", "received_at"):
            fields[field], without_zone = _instant(column, kind, head[name], reading)
            naive += [field] if without_zone else []
        elif field in WORDS:
            fields[field] = _word(field, column, kind, head[name], reading)
        else:
            fields[field] = score(column) if field == "sentiment" else _text(column, kind)
    for field, value in reading.mapping.constants.items():
        fields.setdefault(field, pl.lit(value).cast(WORDS.get(field, pl.String())))
    return _Plan(fields=_completed(fields, kinds, reading), naive=tuple(naive))


def _completed(
    fields: dict[str, pl.Expr], kinds: pl.Schema, reading: Reading
) -> dict[str, pl.Expr]:
    """With what every message has, and the columns that are kept."""
    if "direction" not in fields:
        raise _Unclear
    fields.setdefault("visibility", pl.lit("public").cast(WORDS["visibility"]))
    channel = renamed(fields.get("channel", pl.lit(None, pl.String)), "channel", reading.mapping)
    fields["channel"] = channel.fill_null("unknown")
    for name in reading.mapping.keep:
        fields.setdefault(name, _text(pl.col(name), kinds[name]))
    return fields


def _text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    return column if kind == pl.String else as_text(column, kind)


def _instant(
    column: pl.Expr, kind: pl.DataType, head: pl.Series, reading: Reading
) -> tuple[pl.Expr, bool]:
    """A column of times as instants, and whether they name no zone."""
    rule = reading.mapping.time
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        return column.dt.convert_time_zone("UTC").cast(INSTANT), False
    if kind.is_numeric():
        return counted(column), False
    if kind != pl.String:
        raise _Unclear
    shape = shape_in(head, rule)
    if shape is None or (shape.naive and rule.zone not in (None, "UTC")):
        raise _Unclear
    return by_shape(column, shape, rule.zone), shape.naive and rule.zone is None


def _word(
    field: str, column: pl.Expr, kind: pl.DataType, head: pl.Series, reading: Reading
) -> pl.Expr:
    """A worded column by the values that the first rows have."""
    found = head.cast(pl.String).drop_nulls().unique().to_list()
    means = dictionary(field, reading.chosen[field], found, reading.mapping)
    if SKIP in means.values() or len(means) < len(found):
        raise _Unclear
    return worded(_text(column, kind), means, WORDS[field])


def _clean(frame: pl.DataFrame, lost: Iterable[str], reading: Reading) -> bool:
    """Whether every value of every row fits, and nothing needs to be shown."""
    if not frame.height:
        return True
    return all(frame.select(_truths(lost, reading)).row(0))


def _truths(lost: Iterable[str], reading: Reading) -> Iterator[pl.Expr]:
    for field in _NEEDED:
        yield (pl.col(field).null_count() == 0).alias(f"{field} is there")
    yield (pl.col("sent_at").min() >= FIRST).alias("none is early")
    yield (pl.col("sent_at").max() <= reading.now + SOON).alias("none is late")
    for name in lost:
        yield (~pl.col(name).any()).alias(name)


def _flag_naive(frame: pl.DataFrame, head: pl.DataFrame, plan: _Plan, reading: Reading) -> None:
    for field in plan.naive:
        name = reading.chosen[field]
        shown = head.with_row_index(ROW).select(ROW, name).drop_nulls().head(EXAMPLES)
        bads = [
            Bad(
                row=row,
                reason=f"{name} {NAIVE_REASON}".replace("{}", repr(text)),
                text="",
                found=shortened(text),
            )
            for row, text in shown.iter_rows()
        ]
        reading.findings.flag_examples("naive_time", frame[field].count(), bads)
