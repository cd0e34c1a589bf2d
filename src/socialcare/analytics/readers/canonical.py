"""Columns as an export has them become the columns of the message table.

Each step looks at one thing, sets aside the rows that it can't read, and goes on with the rest.
A field's column of the source is called ``<field`` on the way, so that no name of an export is in
the way of ours.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import attrs
import polars as pl

from socialcare.analytics.readers.findings import KEPT, ROW, SOURCE, Findings, LineNumbers
from socialcare.analytics.readers.ids import as_text, damaged, tidied
from socialcare.analytics.readers.mapping import Mapping as ExportMapping
from socialcare.analytics.readers.times import NAIVE_REASON, Instants, instants
from socialcare.analytics.readers.values import SKIP, dictionary, renamed, score, worded
from socialcare.analytics.table import AUTHOR_ROLE, DIRECTION, OPTIONAL, REQUIRED, VISIBILITY

IDS = (
    "message_id",
    "in_reply_to",
    "conversation_id",
    "customer_id",
    "author_id",
    "agent_id",
    "team_id",
    "brand",
    "account",
)
TEXTS = ("channel", "category", "subcategory", "sentiment_scorer", "language", "text")
WORDS: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "direction": DIRECTION,
        "visibility": VISIBILITY,
        "author_role": AUTHOR_ROLE,
        "automated": pl.Boolean(),
        "merits_attention": pl.Boolean(),
        "needs_response": pl.Boolean(),
        "indirect": pl.Boolean(),
        "redirected": pl.Boolean(),
        "redirect_requested": pl.Boolean(),
    }
)
"""Fields whose values are words, and what they become."""

FIRST = datetime(1990, 1, 1, tzinfo=UTC)
"""A message from before is none: such times are zeros that some program filled in."""

SOON = timedelta(days=1)
FAR = timedelta(days=366)
_TYPED = ("sent_at", "received_at", "sentiment")


@attrs.frozen(kw_only=True)
class Reading:
    """One table on its way to the message table.

    Attributes:
        mapping: How its columns are to be read.
        chosen: For each field the column that holds it.
        findings: What was found wrong so far.
        lines: Where its rows begin.
        now: The moment of reading.
    """

    mapping: ExportMapping
    chosen: Mapping[str, str]
    findings: Findings
    lines: LineNumbers
    now: datetime

    def has(self, field: str) -> bool:
        """Whether a column holds the field."""
        return field in self.chosen

    def without(
        self, rows: pl.DataFrame, bad: pl.Series, field: str, code: str, reason: str
    ) -> pl.DataFrame:
        """The rows that are not bad; `reason` follows the name of the field's column."""
        return self.findings.without(
            rows, bad, code=code, reason=f"{self.chosen[field]} {reason}", found=SOURCE + field
        )

    def flag(self, rows: pl.DataFrame, bad: pl.Series, field: str, code: str, reason: str) -> None:
        """Counts rows that are kept; `reason` follows the name of the field's column."""
        self.findings.flag(
            rows, bad, code=code, reason=f"{self.chosen[field]} {reason}", found=SOURCE + field
        )


def canonical(raw: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """The rows that can be read, as columns of the message table and `ROW`.

    Args:
        raw: The source's columns in any type, and `ROW`.
        reading: How to read them; its findings are added to.
    """
    rows = _without_blank(_laid_out(raw, reading), reading)
    rows = _with_received(_with_sent(rows, reading), reading)
    for field in WORDS:
        rows = _with_word(rows, field, reading) if reading.has(field) else rows
    rows = _with_visibility(_with_direction(rows, reading), reading)
    rows = _with_scores(rows, reading)
    return with_ids(named(rows, reading), reading)


def _laid_out(raw: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """The source's columns as ``<field``, all but times and scores as texts."""
    kinds = raw.schema
    fields = (
        _as_given(pl.col(name), kinds[name], field).alias(SOURCE + field)
        for field, name in reading.chosen.items()
    )
    kept = (
        as_text(pl.col(name), kinds[name]).alias(KEPT + name)
        for name in reading.mapping.keep
        if name in kinds
    )
    return raw.select(ROW, *fields, *kept)


def _as_given(column: pl.Expr, kind: pl.DataType, field: str) -> pl.Expr:
    return column if field in _TYPED and kind != pl.String else as_text(column, kind)


def _is_empty(column: pl.Series) -> pl.Series:
    if column.dtype != pl.String:
        return column.is_null()
    return (column.str.strip_chars() == "").fill_null(value=True)


def _without_blank(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Without the rows that hold nothing but perhaps an id, and those without an id."""
    identity = SOURCE + "message_id"
    others = [pl.col(name).is_null() for name in rows.columns if name not in (ROW, identity)]
    blank = rows.select(pl.all_horizontal(others)).to_series()
    rows = reading.findings.without(
        rows, blank, code="blank_row", reason="the row is empty", found=identity
    )
    missing = (rows[identity].str.strip_chars(" ") == "").fill_null(value=True)
    return reading.without(rows, missing, "message_id", "missing_value", "is empty")


def _with_sent(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """With `sent_at`; rows without a time that can be read and believed are set aside."""
    rows = reading.without(
        rows, _is_empty(rows[SOURCE + "sent_at"]), "sent_at", "missing_value", "is empty"
    )
    read = _instants(rows, "sent_at", reading)
    rows = rows.with_columns(read.values.alias("sent_at"))
    _flag_zones(rows, read, "sent_at", reading)
    rows = reading.without(
        rows,
        rows["sent_at"].is_null(),
        "sent_at",
        "unreadable_time",
        "{} can't be read as a time",
    )
    return within_time(rows, reading)


def within_time(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Without the rows whose `sent_at` can't be; those a little in the future are flagged."""
    at, now = rows["sent_at"], reading.now
    rows = reading.without(rows, at < FIRST, "sent_at", "unreadable_time", "{} is before 1990")
    reason = "{} is over a year later than the reading"
    rows = reading.without(rows, rows["sent_at"] > now + FAR, "sent_at", "future_time", reason)
    reason = "{} is later than the reading"
    reading.flag(rows, rows["sent_at"] > now + SOON, "sent_at", "future_time", reason)
    return rows


def _instants(rows: pl.DataFrame, field: str, reading: Reading) -> Instants:
    name = reading.chosen[field]
    read = instants(rows[SOURCE + field], reading.mapping.time, name=name)
    reading.findings.notes.extend(read.notes)
    return read


def _flag_zones(rows: pl.DataFrame, read: Instants, field: str, reading: Reading) -> None:
    zone = reading.mapping.time.zone
    if read.naive is not None and zone is None:
        reading.flag(rows, read.naive, field, "naive_time", NAIVE_REASON)
    if read.ambiguous is not None:
        reason = f"{{}} occurred twice or never in {zone}"
        reading.flag(rows, read.ambiguous, field, "ambiguous_time", reason)


def _with_received(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    if not reading.has("received_at"):
        return rows
    read = _instants(rows, "received_at", reading)
    _flag_zones(rows, read, "received_at", reading)
    lost = read.values.is_null() & ~_is_empty(rows[SOURCE + "received_at"])
    reason = "{} can't be read as a time"
    reading.flag(rows, lost, "received_at", "unreadable_time", reason)
    return rows.with_columns(read.values.alias("received_at"))


def _with_word(rows: pl.DataFrame, field: str, reading: Reading) -> pl.DataFrame:
    """With a field by what its words mean; what is not known is set aside or flagged."""
    source = SOURCE + field
    found = rows[source].drop_nulls().unique().to_list()
    means = dictionary(field, reading.chosen[field], found, reading.mapping)
    rows = _without_skipped(rows, field, means, reading)
    known = {text: value for text, value in means.items() if value != SKIP}
    rows = rows.with_columns(worded(pl.col(source), known, WORDS[field]).alias(field))
    unknown = rows[field].is_null()
    if field == "direction":
        reason = "is {}, neither inbound nor outbound"
        return reading.without(rows, unknown, field, "unknown_direction", reason)
    unknown &= ~_is_empty(rows[source])
    if field == "visibility":
        reason = "is {}, none of public, private, internal"
        return reading.without(rows, unknown, field, "unknown_visibility", reason)
    reading.flag(rows, unknown, field, "unknown_value", f"{{}} is not known for {field}")
    return rows


def _without_skipped(
    rows: pl.DataFrame, field: str, means: Mapping[str, str], reading: Reading
) -> pl.DataFrame:
    """Without the rows that the mapping says are no messages; they are counted in a note."""
    skipped = [text for text, value in means.items() if value == SKIP]
    if not skipped:
        return rows
    out = rows[SOURCE + field].is_in(skipped).fill_null(value=False)
    reading.findings.leave_out(int(out.sum()), f"by {reading.chosen[field]} no messages")
    return rows.filter(~out)


def _with_direction(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """With `direction`: from its column, from who the brand is, from roles, or constant."""
    if "direction" in rows.columns:
        return rows
    rows = rows.with_columns(_outbound(rows, reading).alias("direction"))
    return reading.findings.without(
        rows,
        rows["direction"].is_null(),
        code="unknown_direction",
        reason="nothing says who wrote it",
        found=None,
    )


def _outbound(rows: pl.DataFrame, reading: Reading) -> pl.Expr:
    """The direction by who wrote it; null where that is not known."""
    rule = reading.mapping.brand
    if rule:
        author = pl.col(SOURCE + "author_id")
        fits = author.str.contains(rule.pattern) if rule.pattern else pl.lit(value=False)
        outbound = author.is_in(list(rule.authors)) | fits
    elif "author_role" in rows.columns:
        outbound = pl.col("author_role").cast(pl.String).is_in(["agent", "bot"])
    else:
        return pl.lit(reading.mapping.constants.get("direction"), dtype=DIRECTION)
    way = pl.when(outbound).then(pl.lit("outbound")).when(~outbound).then(pl.lit("inbound"))
    return way.cast(DIRECTION)


def _with_visibility(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """With `visibility`; what a column leaves empty is public, and said so."""
    if "visibility" not in rows.columns:
        constant = reading.mapping.constants.get("visibility", "public")
        return rows.with_columns(visibility=pl.lit(constant, dtype=VISIBILITY))
    empty = rows["visibility"].is_null()
    reading.flag(rows, empty, "visibility", "unknown_visibility", "is empty; read as public")
    return rows.with_columns(pl.col("visibility").fill_null("public"))


def _with_scores(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    if not reading.has("sentiment"):
        return rows
    rows = rows.with_columns(score(pl.col(SOURCE + "sentiment")).alias("sentiment"))
    bad = rows["sentiment"].is_null() & ~_is_empty(rows[SOURCE + "sentiment"])
    reading.flag(rows, bad, "sentiment", "bad_number", "{} is no score from -1 to 1")
    return rows


def named(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Only `ROW`, the message table's columns, and the kept ones by their own names."""
    made = [name for name in (*REQUIRED, *OPTIONAL) if name in rows.columns]
    plain = [field for field in (*IDS, *TEXTS) if reading.has(field)]
    constants = {
        field: value
        for field, value in reading.mapping.constants.items()
        if field not in (*plain, *made)
    }
    fields = {ROW, *made, *plain, *constants}
    kept = [n for n in rows.columns if n.startswith(KEPT) and n[len(KEPT) :] not in fields]
    shown = rows.select(
        ROW,
        *made,
        *(renamed(pl.col(SOURCE + f), f, reading.mapping).alias(f) for f in plain),
        *(pl.lit(value).alias(field) for field, value in constants.items()),
        *(pl.col(name).alias(name[len(KEPT) :]) for name in kept),
    )
    channel = pl.col("channel").fill_null("unknown") if "channel" in fields else pl.lit("unknown")
    return shown.with_columns(channel.alias("channel"))


def with_ids(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """With ids tidied; those that lost digits link nothing."""
    for field in (name for name in IDS if name in rows.columns):
        column = tidied(rows[field])
        lost = damaged(column).fill_null(value=False)
        reading.findings.flag(
            rows, lost, code="damaged_id", reason=f"{field} {{}} lost digits", found=field
        )
        rows = rows.with_columns(_mended(column, lost, rows, reading).alias(field))
    return rows


def _mended(column: pl.Series, lost: pl.Series, rows: pl.DataFrame, reading: Reading) -> pl.Series:
    """Without the ids that lost digits; a message's own id is told apart by its line."""
    if not lost.any():
        return column
    if column.name != "message_id":
        return column.set(lost, None)
    at = rows.filter(lost)[ROW].to_list()
    marks = [f"#{line}" for line in reading.lines(at)]
    return column + rows[ROW].replace_strict(at, marks, default="", return_dtype=pl.String)
