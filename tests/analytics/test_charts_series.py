"""The small frames behind the charts hold every message and every wait, and nothing else."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import HOURS, service
from socialcare.analytics import series
from socialcare.analytics.engine import statistics
from socialcare.analytics.results import metrics
from spoken import log_of, said

durations = st.lists(st.tuples(st.integers(0, 40_000_000), st.booleans()), max_size=60)


def waits_of(pairs: list[tuple[int, bool]]) -> pl.DataFrame:
    """Waits that took so many seconds, some of them pending."""
    schema = {"calendar_seconds": pl.Int64, "pending": pl.Boolean}
    return pl.DataFrame(pairs, schema=schema, orient="row")


@given(durations)
def test_histogram_counts_every_wait_once(pairs: list[tuple[int, bool]]) -> None:
    """No wait is lost between the bins, and pending ones stay apart."""
    bins = series.histogram(waits_of(pairs))

    assert bins["answered"].sum() == sum(not pending for _, pending in pairs)
    assert bins["pending"].sum() == sum(pending for _, pending in pairs)


@given(durations)
def test_histogram_has_no_holes(pairs: list[tuple[int, bool]]) -> None:
    """Each bin begins where the one before it ends."""
    bins = series.histogram(waits_of(pairs))

    assert bins["low"][1:].to_list() == pytest.approx(bins["high"][:-1].to_list())


@given(st.integers(1, 40_000_000))
def test_histogram_puts_a_wait_between_the_edges_of_its_bin(seconds: int) -> None:
    """The lower edge belongs to a bin, the upper one to the next."""
    low, high, *_ = series.histogram(waits_of([(seconds, False)])).row(0)

    assert low <= seconds * (1 + 1e-6)
    assert seconds < high


def test_histogram_keeps_waits_of_no_time() -> None:
    """A log axis has no zero, so what was answered at once stands in the first bin."""
    bins = series.histogram(waits_of([(0, False), (1, False), (2, True)]))

    assert bins.row(0)[1:] == (pytest.approx(10 ** (1 / 6)), 2, 0)


@given(durations)
def test_survival_is_that_of_the_metrics(pairs: list[tuple[int, bool]]) -> None:
    """The curve goes through the quantiles that the metrics give."""
    waits = waits_of(pairs).sort("calendar_seconds")
    curve = series.survival(waits)
    median, p90 = statistics.survival_quantiles(
        waits["calendar_seconds"].to_numpy(), waits["pending"].to_numpy(), (0.5, 0.9)
    )

    assert _first(curve, 0.5) == median
    assert _first(curve, 0.1) == p90


def _first(curve: pl.DataFrame, share: float) -> float | None:
    reached = curve.filter(pl.col("waiting") <= share + 1e-12)["seconds"].to_list()
    return reached[0] if reached else None


@given(durations.filter(bool))
def test_survival_falls_from_everyone(pairs: list[tuple[int, bool]]) -> None:
    """The curve begins with all waiting, never rises, and ends with the longest wait."""
    curve = series.survival(waits_of(pairs))

    assert curve["waiting"][0] == 1.0
    assert curve["waiting"].is_sorted(descending=True)
    assert curve["seconds"].max() == max(seconds for seconds, _ in pairs)


def test_survival_of_many_is_thinned() -> None:
    """A million waits draw as a few hundred steps, and still end where they end."""
    seconds = np.random.default_rng(1).lognormal(7, 2, 50_000).astype(np.int64)
    waits = pl.DataFrame({"calendar_seconds": seconds, "pending": np.arange(50_000) % 7 == 0})
    curve = series.survival(waits)
    every = statistics.survival(
        np.sort(seconds[::1]), waits.sort("calendar_seconds")["pending"].to_numpy()
    )

    assert curve.height < 300
    assert curve["waiting"][-1] == pytest.approx(every[1][-1])


def test_curves_are_of_the_busiest() -> None:
    """Of many groups the largest are drawn, and no value has a name."""
    waits = pl.DataFrame(
        {
            "calendar_seconds": [1, 2, 3, 4, 5, 6],
            "pending": [False] * 6,
            "channel": ["a", "b", "b", None, None, None],
        }
    )

    assert series.curves(waits, "channel", 2)["group"].unique(maintain_order=True).to_list() == [
        "(none)",
        "b",
    ]


@pytest.mark.parametrize("period", ["hour", "day", "week", "month"])
def test_trend_adds_up_to_the_whole(period: str) -> None:
    """Every message and every first wait is in one period, and quiet periods are there."""
    log = service(80)
    whole = metrics(log)
    trend = series.trend(metrics(log, period=period, tz="Europe/London").to_dict(), period)

    assert trend["inbound"].sum() == whole["inbound_volume"]["value"]
    assert trend["responses"].sum() == whole["response_volume"]["value"]
    assert trend["pending"].sum() == whole["first_response_time"]["pending"]
    assert trend["until"][:-1].to_list() == trend["period"][1:].to_list()


def test_trend_shows_a_quiet_day_as_zero() -> None:
    """A day without messages has volumes of 0 and no response time."""
    log = log_of([said("ada", 0), said("ada", 3 * 1440)])
    trend = series.trend(metrics(log, period="day").to_dict(), "day")

    assert trend["inbound"].to_list() == [1, 0, 0, 1]
    assert trend["median"].to_list() == [None] * 4


def test_trend_keeps_both_hours_when_the_clocks_go_back() -> None:
    """The local hour that comes twice is two rows, and no message is lost."""
    log = log_of([said("ada", minute) for minute in (340_740 + n * 20 for n in range(12))])
    report = metrics(log, period="hour", tz="Europe/London").to_dict()
    trend = series.trend(report, "hour")

    assert trend["inbound"].sum() == 12
    assert {row["period"][-6:] for row in report["by"]} == {"+01:00", "+00:00"}


def test_groups_put_the_busiest_first() -> None:
    """The order is that of waits, and a group without a name comes with them."""
    log = log_of([said("ada", 0, category="a"), said("bo", 1), said("cy", 2)])
    groups = series.groups(metrics(log, by="category").to_dict(), "category")

    assert groups.select("name", "inbound").rows() == [(None, 2), ("a", 1)]


def test_week_has_every_hour() -> None:
    """168 rows, Monday first, even where nobody wrote."""
    week = series.week(metrics(log_of([said("ada", 0)])).to_dict())

    assert week.height == 168
    assert week.filter(pl.col("inbound") > 0).select("weekday", "hour").rows() == [(0, 9)]


def test_coverage_is_shown_by_responses_where_nobody_is_named() -> None:
    """Without agents in the data, responses stand for them."""
    named = series.week(metrics(service(30), hours=HOURS).to_dict())
    unnamed = named.with_columns(agents=0)

    assert (series.coverage(named), series.coverage(unnamed)) == ("agents", "responses")


def test_sentiments_are_those_of_the_metric() -> None:
    """The frame has the conversations of the table."""
    report: dict[str, Any] = metrics(service(60)).to_dict()
    table = report["metrics"]["sentiment_conversion"]["table"]

    assert series.sentiments(report)["conversations"].sum() == sum(
        row["conversations"] for row in table
    )
