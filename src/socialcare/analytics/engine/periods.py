"""Periods: local hours, days, weeks and months, named by their starts."""

import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.analytics.engine.clock import LocalTime
from socialcare.domain.choices import Choice


class Period(Choice):
    """How long a period is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    """From Monday."""
    MONTH = "month"


_EVERY = {Period.HOUR: "1h", Period.DAY: "1d", Period.WEEK: "1w", Period.MONTH: "1mo"}


def starts(second: Ints, period: Period, local: LocalTime) -> pl.Series:
    """The start of the local period of each instant, as text.

    Hours are written with their offset, since one local hour occurs twice when clocks go back.
    """
    at = pl.Series("period", local.seconds(second)).to_frame()
    start = pl.from_epoch("period", "s").dt.truncate(_EVERY[period])
    if period is not Period.HOUR:
        return at.select(start.dt.date().cast(pl.String))["period"]
    offset = pl.Series("offset", local.seconds(second) - second)
    return at.with_columns(offset).select(
        pl.concat_str(start.dt.strftime("%Y-%m-%dT%H:%M"), _written("offset")).alias("period")
    )["period"]


def _written(offset: str) -> pl.Expr:
    minutes = pl.col(offset).abs() // 60
    sign = pl.when(pl.col(offset) < 0).then(pl.lit("-")).otherwise(pl.lit("+"))
    hours = (minutes // 60).cast(pl.String).str.zfill(2)
    return pl.concat_str(sign, hours, pl.lit(":"), (minutes % 60).cast(pl.String).str.zfill(2))
