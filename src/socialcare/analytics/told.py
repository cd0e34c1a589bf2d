"""What each mark of a chart says: a sentence beside every row, as the column ``told``.

A reader sees it when pointing at a mark, and a screen reader reads it.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import polars as pl

from socialcare.analytics import formats
from socialcare.analytics.series import SENTIMENTS, WEEKDAYS

Row = dict[str, Any]

STRENGTHS = 5
"""How many strengths above nothing an hour of the week can have."""

_LIMITS = (600, 3_600, 21_600, 86_400)  # of the first four strengths of a response time, seconds
_MEASURES = {
    "inbound": "messages from customers",
    "responses": "responses",
    "agents": "agents answering",
}


def volume(trend: pl.DataFrame, period: str) -> pl.DataFrame:
    """A trend with how many messages came and went in each period."""

    def sentence(row: Row) -> str:
        inbound, out = formats.count(row["inbound"]), formats.count(row["responses"])
        return f"{when(row['period'], period)}: {inbound} in, {out} out"

    return _told(trend, sentence)


def response_trend(trend: pl.DataFrame, period: str) -> pl.DataFrame:
    """A trend with how fast first responses were; nothing is faster than a second on a log axis."""

    def sentence(row: Row) -> str:
        return (
            f"{when(row['period'], period)}: median {formats.duration(row['median'])}, "
            f"90 % within {formats.duration(row['p90'])}; "
            f"{formats.count(row['n'])} answered, {formats.count(row['pending'])} still waiting"
        )

    return _told(trend, sentence).with_columns(pl.col("median", "p90").clip(lower_bound=1.0))


def histogram(bins: pl.DataFrame) -> pl.DataFrame:
    """Bins as one row for each state, stacked: `low`, `high`, `state`, `from`, `to`, `told`."""
    answered = bins.select(
        "low", "high", "answered", "pending", state=pl.lit("Answered"), to=pl.col("answered")
    ).with_columns(pl.lit(0, dtype=pl.Int64).alias("from"))
    pending = bins.select(
        "low",
        "high",
        "answered",
        "pending",
        state=pl.lit("Still waiting"),
        to=pl.col("answered") + pl.col("pending"),
    ).with_columns(pl.col("answered").alias("from"))
    both = pl.concat([answered, pending]).filter(pl.col("to") > pl.col("from"))
    return _told(both, _bin_sentence).drop("answered", "pending")


def _bin_sentence(row: Row) -> str:
    # The first bin also holds what took no time at all: a log axis has no place for zero.
    low = formats.duration(0 if row["low"] <= 1 else row["low"])
    size = formats.count(row["to"] - row["from"])
    return f"{low} to {formats.duration(row['high'])}: {size} {row['state'].lower()}"


def survival(curves: pl.DataFrame) -> pl.DataFrame:
    """Curves with the share that waits at each step, under names fit for a legend."""
    named = curves.with_columns(_named("group"), pl.col("seconds").clip(lower_bound=1.0))
    several = named["group"].n_unique() > 1

    def sentence(row: Row) -> str:
        who = f"{row['group']}: " if several else ""
        waiting, elapsed = formats.share(row["waiting"]), formats.duration(row["seconds"])
        return f"{who}{waiting} still waiting after {elapsed}"

    return _told(named, sentence)


def levels() -> pl.DataFrame:
    """The two lines across a survival curve: half and a tenth still waiting."""
    return pl.DataFrame({"waiting": [0.5, 0.1]})


def week(hours: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Hours of the week with a `day`, a `strength` from 0 to 5, and `unanswered`."""
    days = pl.col("weekday").replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String)
    unanswered = (pl.col("inbound") > 0) & (pl.col("responses") == 0)
    return _told(hours, _week_sentence).with_columns(
        days.alias("day"),
        _strength(hours, measure).alias("strength"),
        (unanswered if measure == "inbound" else pl.lit(value=False)).alias("unanswered"),
    )


def _strength(hours: pl.DataFrame, measure: str) -> pl.Expr:
    """Counts in five equal steps up to the highest; times in steps that people think in."""
    value = pl.col(measure)
    if measure == "median":
        longer = [(value > limit).cast(pl.Int64) for limit in _LIMITS]
        return pl.when(value.is_null()).then(0).otherwise(pl.sum_horizontal(longer) + 1)
    return (value.fill_null(0) * STRENGTHS / _most(hours, measure)).ceil().cast(pl.Int64)


def _week_sentence(row: Row) -> str:
    known = [
        f"{formats.count(row[key])} {name}"
        for key, name in _MEASURES.items()
        if row[key] is not None
    ]
    if row["median"] is not None:
        known.append(f"median response {formats.duration(row['median'])}")
    return f"{WEEKDAYS[row['weekday']]} {row['hour']:02}:00: {', '.join(known)}"


def strengths(hours: pl.DataFrame, measure: str) -> dict[int, str]:
    """What each strength of `week` stands for, such as ``{0: "0", 1: "1-4", 2: "5-8"}``."""
    if measure == "median":
        within = [f"up to {formats.duration(limit)}" for limit in _LIMITS]
        return dict(enumerate(["no wait answered", *within, "longer"]))
    most = _most(hours, measure)
    edges = [int(step * most / STRENGTHS) for step in range(STRENGTHS + 1)]
    bounds = {step: (edges[step - 1] + 1, edges[step]) for step in range(1, STRENGTHS + 1)}
    named = {step: _between(low, high) for step, (low, high) in bounds.items() if low <= high}
    return {0: "0"} | named


def _between(low: int, high: int) -> str:
    first, last = formats.count(low), formats.count(high)
    return first if low == high else f"{first}\N{EN DASH}{last}"


def _most(hours: pl.DataFrame, measure: str) -> int:
    most = hours[measure].max()
    return int(most) if isinstance(most, int | float) and most > 0 else 1


def spread(groups: pl.DataFrame) -> pl.DataFrame:
    """Groups with a `label` fit for an axis, each different from the others."""
    labelled = _distinct(groups.with_columns(_named("name").alias("label")))
    seconds = pl.col("median", "p90").clip(lower_bound=1.0)
    return _told(labelled, _spread_sentence).with_columns(seconds)


def _distinct(groups: pl.DataFrame) -> pl.DataFrame:
    """Two names that look alike once they are shortened stay two rows."""
    nth = pl.int_range(pl.len()).over("label")
    again = pl.when(nth > 0).then(pl.format(" ({})", nth + 1)).otherwise(pl.lit(""))
    return groups.with_columns(pl.col("label") + again)


def _spread_sentence(row: Row) -> str:
    return (
        f"{row['label']}: median {formats.duration(row['median'])}, "
        f"90 % within {formats.duration(row['p90'])}; "
        f"{formats.count(row['n'])} answered, {formats.count(row['pending'])} still waiting"
    )


def sentiments(table: pl.DataFrame) -> pl.DataFrame:
    """Beginnings and ends with the `place` of each in a stack, and `began` as a label."""
    all_began = pl.col("conversations").sum().over("first")
    places = {name: place for place, name in enumerate(SENTIMENTS)}

    def sentence(row: Row) -> str:
        size = formats.plural(row["conversations"], "conversation")
        return f"began {row['first']}, ended {row['last']}: {size} of {formats.count(row['all'])}"

    return (
        _told(table.with_columns(all_began.alias("all")), sentence)
        .with_columns(
            pl.col("first").alias("began"),
            pl.col("last").replace_strict(places, return_dtype=pl.Int64).alias("place"),
        )
        .filter(pl.col("all") > 0)
    )


def when(start: datetime | date, period: str) -> str:
    r"""A period in words.

    >>> when(datetime(2026, 3, 2), "week").replace("\xa0", " ")
    'week of 2 Mar 2026'
    """
    if period == "month":
        return formats.day(start).split("\N{NO-BREAK SPACE}", 1)[1]
    if period == "hour":
        return f"{formats.day(start)}, {start:%H:%M}"
    return f"week of {formats.day(start)}" if period == "week" else formats.day(start)


def _named(column: str) -> pl.Expr:
    return pl.col(column).map_elements(formats.name, return_dtype=pl.String, skip_nulls=False)


def _told(frame: pl.DataFrame, sentence: Callable[[Row], str]) -> pl.DataFrame:
    sentences = [sentence(row) for row in frame.iter_rows(named=True)]
    return frame.with_columns(pl.Series("told", sentences, dtype=pl.String))
