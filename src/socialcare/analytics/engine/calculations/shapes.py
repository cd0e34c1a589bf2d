"""The shapes that metrics have: shares, time metrics, durations and counts, as plain values."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.facts import Facts
from socialcare.analytics.engine.statistics import summarise
from socialcare.domain.statistics import Summary, wilson

Value: TypeAlias = dict[str, Any]
"""A metric as plain values: numbers, texts, None, lists and dicts of them."""


def share(k: int, n: int, **more: object) -> Value:
    """A share of k in n with its 95 % interval, and whatever else belongs to it."""
    interval = wilson(k, n)
    return {
        "unit": "share",
        "value": k / n if n else None,
        "k": k,
        "n": n,
        "interval": None if interval is None else list(interval),
        **more,
    }


def times(frame: pl.DataFrame, facts: Facts, prefix: str = "", where: str | None = None) -> Value:
    """A time metric of `seconds`, `business` and `pending`.

    Args:
        frame: Intervals.
        facts: Says whether there are business hours.
        prefix: What the names of the columns begin with.
        where: A column that is true for the intervals that count; all do if None.
    """
    chosen = True if where is None else frame[where]

    def summary(kind: str) -> Value:
        spans = frame.select(f"{prefix}{kind}", f"{prefix}pending").filter(chosen)
        return _summary(summarise(*(column.to_numpy() for column in spans)))

    business = None if facts.context.clock is None else summary("business")
    return {"unit": "s", **summary("seconds"), "business": business}


def _summary(summary: Summary) -> Value:
    return {
        "n": summary.n,
        "pending": summary.pending,
        "mean": summary.mean,
        "median": summary.median,
        "p90": summary.p90,
        "p95": summary.p95,
        "max": summary.maximum,
        "survival": {"median": summary.survival_median, "p90": summary.survival_p90},
    }


def lapse(seconds: pl.Series) -> Value:
    """A time metric of something that never waits: only what happened counts."""
    lasted = seconds.to_numpy()
    return {
        "unit": "s",
        **_summary(summarise(lasted, np.zeros(len(lasted), np.bool_))),
        "business": None,
    }


def spans(frame: pl.DataFrame) -> Value:
    """A time metric of `seconds` and `pending` that has no business seconds."""
    columns = frame.select("seconds", "pending")
    return {
        "unit": "s",
        **_summary(summarise(*(column.to_numpy() for column in columns))),
        "business": None,
    }


def distribution(seconds: npt.NDArray[np.float64]) -> Value:
    """Durations that all have ended, of parts of seconds."""
    if not len(seconds):
        return {"unit": "s", **dict.fromkeys(("n", "mean", "median", "p90", "p95", "max"))} | {
            "n": 0
        }
    median, p90, p95 = (float(q) for q in np.quantile(seconds, (0.5, 0.9, 0.95)))
    return {
        "unit": "s",
        "n": len(seconds),
        "mean": float(seconds.mean()),
        "median": median,
        "p90": p90,
        "p95": p95,
        "max": float(seconds.max()),
    }


def count(frame: pl.DataFrame, condition: pl.Expr) -> int:
    """How many rows meet a condition."""
    return int(frame.select(condition.sum()).item() or 0)


def untimed(facts: Facts) -> Value:  # noqa: ARG001 - all calculations are called alike
    """A time metric of nothing."""
    return lapse(pl.Series([], dtype=pl.Int64))
