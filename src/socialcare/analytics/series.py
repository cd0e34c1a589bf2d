"""The small frames that charts are drawn from.

They come from two places and from nowhere else: `Metrics.to_dict()`, for what is already a number,
and the frame of waits, for distributions. A chart can therefore never disagree with the table
beside it.

Polars frames in, polars frames out; seconds stay seconds.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from socialcare.analytics.engine import statistics

EVERY = {"hour": "1h", "day": "1d", "week": "1w", "month": "1mo"}
"""The periods of a trend, as polars calls their length."""

SENTIMENTS = ("negative", "neutral", "positive", "unknown")
"""The classes of sentiment, in the order in which they are shown."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_BINS_PER_DECADE = 6
_PUSH = 1e-9  # keeps 1000 s, whose logarithm is 2.9999999999999996, in its own bin
_POINTS_OF_A_CURVE = 240

Report = Mapping[str, Any]
"""What `Metrics.to_dict()` gives."""


def trend(report: Report, period: str) -> pl.DataFrame:
    """One row for each period from the first to the last, quiet ones too.

    Args:
        report: Metrics that were computed with `period`.
        period: `hour`, `day`, `week` or `month`.

    Returns:
        `period` (its start, local clock), `until` (its end) and `middle`, all Datetime in UTC so
        that no browser shifts them; `inbound` and `responses` (Int64, 0 in a quiet period);
        `n`, `pending`, `median` and `p90` (of first response time, seconds, null in a quiet
        period).
    """
    rows = [_trend_row(group) for group in report["by"] if group["period"] is not None]
    frame = pl.DataFrame(rows, schema=_TREND, orient="row", strict=False)
    return (
        _with_quiet_periods(frame, EVERY[period])
        .with_columns(
            pl.col("period").dt.offset_by(EVERY[period]).alias("until"),
            pl.col("inbound", "responses", "n", "pending").fill_null(0),
        )
        .with_columns((pl.col("period") + (pl.col("until") - pl.col("period")) / 2).alias("middle"))
    )


def _with_quiet_periods(frame: pl.DataFrame, every: str) -> pl.DataFrame:
    """Every period from the first to the last; an hour that came twice keeps both its rows."""
    if frame.is_empty():
        return frame
    first, last = frame.select(first=pl.col("period").min(), last=pl.col("period").max()).row(0)
    periods = pl.datetime_range(first, last, every, time_unit="us", time_zone="UTC", eager=True)
    return periods.alias("period").to_frame().join(frame, on="period", how="left").sort("period")


_TREND: dict[str, pl.DataType | type[pl.DataType]] = {
    "period": pl.Datetime("us", "UTC"),
    "inbound": pl.Int64,
    "responses": pl.Int64,
    "n": pl.Int64,
    "pending": pl.Int64,
    "median": pl.Float64,
    "p90": pl.Float64,
}


def _trend_row(group: Report) -> tuple[object, ...]:
    metrics = group["metrics"]
    first = metrics["first_response_time"]
    return (
        # The local clock is labelled UTC on purpose: see `trend`.
        datetime.fromisoformat(group["period"]).replace(tzinfo=None),
        metrics["inbound_volume"]["value"],
        metrics["response_volume"]["value"],
        first["n"],
        first["pending"],
        first["median"],
        first["p90"],
    )


def groups(report: Report, column: str) -> pl.DataFrame:
    """One row for each value of `column`, the busiest first.

    Args:
        report: Metrics that were computed `by` that column alone.
        column: The column.

    Returns:
        `name` (String, null for rows without a value); `inbound`, `responses`, `n`, `pending`
        (Int64); `median` and `p90` (Float64, seconds of all waits).
    """
    rows = [
        (
            group[column],
            group["metrics"]["inbound_volume"]["value"],
            group["metrics"]["response_volume"]["value"],
            *_time(group["metrics"]["average_response_time"]),
        )
        for group in report["by"]
    ]
    frame = pl.DataFrame(rows, schema=_GROUPS, orient="row", strict=False)
    return frame.sort(
        pl.col("n") + pl.col("pending"), "name", descending=[True, False], nulls_last=True
    )


_GROUPS = {
    "name": pl.String,
    "inbound": pl.Int64,
    "responses": pl.Int64,
    "n": pl.Int64,
    "pending": pl.Int64,
    "median": pl.Float64,
    "p90": pl.Float64,
}


def _time(metric: Report) -> tuple[object, ...]:
    return (metric["n"], metric["pending"], metric["median"], metric["p90"])


def spreads(named: Iterable[tuple[str, Report]]) -> pl.DataFrame:
    """Time metrics under names of one's own, as `groups` gives them (without volumes)."""
    schema = {key: _GROUPS[key] for key in ("name", "n", "pending", "median", "p90")}
    rows = [(name, *_time(metric)) for name, metric in named]
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def week(report: Report) -> pl.DataFrame:
    """The 168 hours of the week.

    Returns:
        `weekday` (Int64, 0 is Monday), `hour` (Int64), `inbound`, `responses`, `agents` (Int64),
        `median` (Float64, seconds), all null where unknown.
    """
    rows = [
        (
            row["weekday"],
            row["hour"],
            row["inbound"],
            row["responses"],
            row.get("agents"),
            row.get("median_response_time"),
        )
        for row in report["metrics"]["hour_of_week"]["table"] or ()
    ]
    return pl.DataFrame(rows, schema=_WEEK, orient="row", strict=False).sort("weekday", "hour")


_WEEK = {
    "weekday": pl.Int64,
    "hour": pl.Int64,
    "inbound": pl.Int64,
    "responses": pl.Int64,
    "agents": pl.Int64,
    "median": pl.Float64,
}


def coverage(hours: pl.DataFrame) -> str:
    """What shows coverage in `week`: `agents` where the data name any, else `responses`."""
    return "agents" if hours["agents"].sum() else "responses"


def sentiments(report: Report) -> pl.DataFrame:
    """How conversations began and how they ended.

    Returns:
        `first` and `last` (String, one of `SENTIMENTS`), `conversations` (Int64).
    """
    table = report["metrics"]["sentiment_conversion"].get("table") or ()
    rows = [(row["first"], row["last"], row["conversations"]) for row in table]
    schema = {"first": pl.String, "last": pl.String, "conversations": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def histogram(waits: pl.DataFrame, seconds: str = "calendar_seconds") -> pl.DataFrame:
    """Waits counted in bins that widen with their length.

    Args:
        waits: With the column `seconds` and `pending` (Boolean).
        seconds: The column that holds how long each took, or has taken so far.

    Returns:
        `low` and `high` (Float64, seconds; the first bin holds everything under one second too),
        `answered` and `pending` (Int64). Empty bins between the first and the last are there.
    """
    known = waits.filter(pl.col(seconds).is_not_null())
    at_least_a_second = pl.col(seconds).cast(pl.Float64).clip(lower_bound=1.0)
    bin_of = (at_least_a_second.log10() * _BINS_PER_DECADE + _PUSH).floor().cast(pl.Int64)
    counted = (
        known.group_by(bin_of.alias("bin"))
        .agg((~pl.col("pending")).sum().alias("answered"), pl.col("pending").sum())
        .sort("bin")
    )
    return _with_empty_bins(counted).select(
        _edge(pl.col("bin")).alias("low"),
        _edge(pl.col("bin") + 1).alias("high"),
        pl.col("answered", "pending").fill_null(0).cast(pl.Int64),
    )


def _with_empty_bins(counted: pl.DataFrame) -> pl.DataFrame:
    if counted.is_empty():
        return counted
    low, high = counted["bin"][0], counted["bin"][-1]
    every = pl.DataFrame({"bin": pl.int_range(low, high + 1, dtype=pl.Int64, eager=True)})
    return every.join(counted, on="bin", how="left").sort("bin")


def _edge(bin_number: pl.Expr) -> pl.Expr:
    return pl.lit(10.0).pow(bin_number / _BINS_PER_DECADE)


def bin_edges(low: float, high: float) -> tuple[float, float]:
    """The edges of `histogram`'s bins around a range of seconds, both at least 1.

    >>> bin_edges(1.2, 999)
    (1.0, 1000.0)
    """
    first = math.floor(math.log10(low) * _BINS_PER_DECADE + _PUSH)
    last = math.ceil(math.log10(high) * _BINS_PER_DECADE - _PUSH)
    return (10 ** (first / _BINS_PER_DECADE), 10 ** (last / _BINS_PER_DECADE))


def survival(waits: pl.DataFrame, seconds: str = "calendar_seconds") -> pl.DataFrame:
    """The share still waiting after so many seconds, with pending waits counted (Kaplan-Meier).

    Args:
        waits: With the column `seconds` and `pending` (Boolean).
        seconds: The column that holds how long each took, or has taken so far.

    Returns:
        `seconds` (Float64, rising) and `waiting` (Float64, falling from 1.0), at most 242 rows: the
        start, the steps, and how long the longest has lasted. Empty for no waits.

    >>> survival(pl.DataFrame({"calendar_seconds": [10, 20, 30], "pending": [False, False, True]}))
    ... # doctest: +NORMALIZE_WHITESPACE
    shape: (4, 2)
    ┌─────────┬──────────┐
    │ seconds ┆ waiting  │
    │ ---     ┆ ---      │
    │ f64     ┆ f64      │
    ╞═════════╪══════════╡
    │ 0.0     ┆ 1.0      │
    │ 10.0    ┆ 0.666667 │
    │ 20.0    ┆ 0.333333 │
    │ 30.0    ┆ 0.333333 │
    └─────────┴──────────┘
    """
    known = waits.filter(pl.col(seconds).is_not_null()).sort(seconds)
    lasted = known[seconds].cast(pl.Int64).to_numpy()
    if not len(lasted):
        return pl.DataFrame(schema=_CURVE)
    times, waiting = statistics.survival(lasted, known["pending"].to_numpy())
    steps = _thinned(pl.DataFrame({"seconds": times, "waiting": waiting}).cast(_CURVE))
    ends = steps["waiting"][-1] if steps.height else 1.0
    first = pl.DataFrame({"seconds": [0.0], "waiting": [1.0]})
    last = pl.DataFrame({"seconds": [float(lasted[-1])], "waiting": [ends]})
    return pl.concat([first, steps, last.cast(_CURVE)]).unique(maintain_order=True)


_CURVE = pl.Schema({"seconds": pl.Float64, "waiting": pl.Float64})


def _thinned(steps: pl.DataFrame) -> pl.DataFrame:
    """The last step of each of a few hundred stretches of equal width on a log axis."""
    if steps.height <= _POINTS_OF_A_CURVE:
        return steps
    place = pl.col("seconds").clip(lower_bound=1.0).log10()
    span = place.max() - place.min()
    stretch = ((place - place.min()) / span * (_POINTS_OF_A_CURVE - 1)).floor()
    return (
        steps.group_by(stretch.alias("stretch"))
        .agg(pl.col("seconds").max(), pl.col("waiting").min())
        .sort("seconds")
        .select("seconds", "waiting")
    )


def curves(waits: pl.DataFrame, by: str | None, most: int) -> pl.DataFrame:
    """`survival` for each of the `most` frequent values of `by`, named in `group`."""
    if by is None:
        return survival(waits).select(pl.lit("all").alias("group"), "seconds", "waiting")
    named = waits.with_columns(pl.col(by).cast(pl.String).fill_null("(none)").alias("group"))
    largest = (
        named["group"].value_counts(sort=True).sort(["count", "group"], descending=[True, False])
    )
    parts = [
        survival(named.filter(pl.col("group") == name)).select(
            pl.lit(name).alias("group"), "seconds", "waiting"
        )
        for name in largest["group"].head(most)
    ]
    return pl.concat(parts) if parts else survival(waits).with_columns(pl.lit("").alias("group"))
