"""Trends, distributions and the week: the sections that are drawn."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from socialcare.analytics import charts, formats, series, told
from socialcare.analytics.page import tables
from socialcare.analytics.page.figures import Drawer
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.page.parts import (
    Column,
    Figure,
    Missing,
    Part,
    Section,
    Table,
    Words,
    listing,
    number,
    text,
)
from socialcare.analytics.series import WEEKDAYS

Span = tuple[float, float]
"""The seconds that an axis shows, shared by the drawings that stand over each other."""

_AFTER = (60, 600, 3_600, 21_600, 86_400, 259_200, 604_800)
_CURVES = 6


def trends(findings: Findings, drawer: Drawer) -> Section:
    """How volume and response time went, period by period."""
    return Section(
        id="trends",
        title="Over time",
        lead=f"By {findings.period}, on the clocks of {findings.report['timezone']}.",
        parts=_trend_parts(findings, drawer),
    )


def _trend_parts(findings: Findings, drawer: Drawer) -> tuple[Part, ...]:
    period = findings.period
    if findings.drawn is None:
        return (Missing(what="No trend.", why="There are no messages."),)
    whole = series.trend(findings.trend, period)
    first, last = (_on_the_clock(at, findings.zone) for at in findings.drawn)
    trend = whole.filter(pl.col("until") > first, pl.col("period") <= last)
    busiest = trend.sort("inbound", descending=True).row(0, named=True)
    numbers = _trend_table(trend, period)
    volume = drawer.figure(
        lambda width: charts.volume(trend, period, width=width),
        id="volume",
        title=f"Messages by {period}",
        alt=f"Messages from customers and responses by {period}, "
        f"{formats.plural(trend.height, period)}. The busiest is "
        f"{told.when(busiest['period'], period)}, with {formats.count(busiest['inbound'])} in.",
        numbers=numbers,
        note=_outside(whole, trend),
    )
    return (volume, _speed(trend, period, drawer))


def _on_the_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of the zone show, labelled UTC as in `series.trend`."""
    return at.astimezone(zone).replace(tzinfo=UTC)


def _outside(whole: pl.DataFrame, drawn: pl.DataFrame) -> str:
    """How many messages a trend leaves out, in words; empty if none."""
    all_, shown = (
        sum(one["inbound"].to_list() + one["responses"].to_list()) for one in (whole, drawn)
    )
    if all_ == shown:
        return ""
    return (
        f"{formats.plural(all_ - shown, 'stray message')} long before or after the others "
        "would leave no room for them, and are not drawn here."
    )


def _speed(trend: pl.DataFrame, period: str, drawer: Drawer) -> Part:
    known = trend.filter(pl.col("median").is_not_null())
    if known.is_empty():
        return Missing(what="No response times over time.", why="No first wait was answered.")
    fastest, slowest = (
        known.sort("median", "period").row(place, named=True) for place in (0, known.height - 1)
    )
    return drawer.figure(
        lambda width: charts.response_trend(trend, period, width=width),
        id="speed",
        title=f"First response time by {period}",
        alt=f"Median and 90th percentile of first response time by {period}. The median was "
        f"lowest with {formats.duration(fastest['median'])} "
        f"({told.when(fastest['period'], period)}) and highest with "
        f"{formats.duration(slowest['median'])} ({told.when(slowest['period'], period)}).",
        note=f"Each wait belongs to the {period} in which it opened; those still waiting are not "
        "in these lines. The axis is logarithmic.",
    )


def _trend_table(trend: pl.DataFrame, period: str) -> Table:
    return Table(
        id="volume-numbers",
        caption=f"Messages and first responses by {period}",
        columns=(
            Column(title=period.capitalize(), numeric=False),
            *(Column(title=title) for title in ("In", "Out", "Answered", "Waiting")),
            *(Column(title=title) for title in ("Median", "90 % within")),
        ),
        rows=tuple(
            (
                text(told.when(row["period"], period)),
                *(number(row[key], formats.count) for key in ("inbound", "responses")),
                *(number(row[key], formats.count) for key in ("n", "pending")),
                *(number(row[key], formats.duration) for key in ("median", "p90")),
            )
            for row in trend.iter_rows(named=True)
        ),
    )


def response_times(findings: Findings, drawer: Drawer) -> Section:
    """How long customers waited, as distribution, curve and table."""
    return Section(
        id="times",
        title="How long customers wait",
        lead="Averages hide the few who wait longest; these show everyone.",
        parts=listing(
            *_distribution(findings, drawer),
            tables.times(findings.report),
            tables.business(findings.report),
        ),
    )


def _distribution(findings: Findings, drawer: Drawer) -> tuple[Part, ...]:
    first = findings.waits.filter(pl.col("kind") == "first")
    if first.is_empty():
        why = "No conversation was begun by a customer."
        return (Missing(what="No distribution of first response times.", why=why),)
    bins = series.histogram(first)
    its = findings.metrics["first_response_time"]
    histogram = drawer.figure(
        lambda width: charts.response_times(bins, "First response time", width=width),
        id="distribution",
        title="First responses, by how long they took",
        alt=f"Histogram of first response times on a logarithmic axis: "
        f"{formats.count(its['n'])} answered, half of them within "
        f"{formats.duration(its['median'])}, and {formats.count(its['pending'])} still waiting.",
        numbers=_bins_table(bins),
        note="The axis is logarithmic: each bar covers a span about 1.5 times as long as the one "
        "before it. Those still waiting stand where they have come to so far.",
    )
    over = charts.extent(bins, "low", "high")
    return (histogram, _survival(first, over, drawer), *_by_channel(first, over, drawer))


def _bins_table(bins: pl.DataFrame) -> Table:
    return Table(
        id="distribution-numbers",
        caption="First waits by how long they took",
        columns=(
            Column(title="From"),
            Column(title="To"),
            Column(title="Answered"),
            Column(title="Still waiting"),
        ),
        rows=tuple(
            (
                number(0 if row["low"] <= 1 else row["low"], formats.duration),
                number(row["high"], formats.duration),
                number(row["answered"], formats.count),
                number(row["pending"], formats.count),
            )
            for row in bins.iter_rows(named=True)
        ),
    )


def _survival(first: pl.DataFrame, over: Span, drawer: Drawer) -> Figure:
    curves = series.curves(first, None, 1)
    still = _waiting_after(curves)
    told_at = [f"{formats.share(still[at])} after {formats.duration(at)}" for at in (3_600, 86_400)]
    return drawer.figure(
        lambda width: charts.survival(curves, "First response time", over=over, width=width),
        id="survival",
        title="Share of customers still waiting for a first response",
        alt=f"Curve of the share still waiting, falling from 100 %: {' and '.join(told_at)}.",
        numbers=Table(
            id="survival-numbers",
            caption="Still waiting for a first response after",
            columns=(Column(title="After"), Column(title="Still waiting")),
            rows=tuple(
                (number(at, formats.duration), number(share, formats.share))
                for at, share in still.items()
            ),
        ),
        note="Kaplan-Meier: those still waiting count for as long as they have waited. "
        "The dashed lines are the median and the 90th percentile.",
    )


def _waiting_after(curve: pl.DataFrame) -> dict[int, float | None]:
    """The share still waiting at some times; None past the longest wait that is known."""
    steps = curve.select("seconds", "waiting").rows()
    longest = steps[-1][0]
    shares = {at: min(share for second, share in steps if second <= at) for at in _AFTER}
    return {at: share if at <= longest else None for at, share in shares.items()}


def _by_channel(first: pl.DataFrame, over: Span, drawer: Drawer) -> tuple[Part, ...]:
    channels = first["channel"].n_unique()
    if channels < 2:
        return ()
    curves = series.curves(first, "channel", _CURVES)
    most = f", the {_CURVES} busiest" if channels > _CURVES else ""
    return (
        drawer.figure(
            lambda width: charts.survival(curves, "First response time", over=over, width=width),
            id="survival-channel",
            title=f"The same by channel{most}",
            alt="Curves of the share still waiting for a first response, one for each channel. "
            "The table by channel holds their medians.",
        ),
    )


def week(findings: Findings, drawer: Drawer) -> Section:
    """Demand against coverage, hour by hour of the week."""
    hours = series.week(findings.report)
    return Section(
        id="week",
        title="Hours of the week",
        lead="When customers write and when they are answered, on the clocks of "
        f"{findings.report['timezone']}, added up over all weeks.",
        parts=_week_parts(hours, drawer),
    )


def _week_parts(hours: pl.DataFrame, drawer: Drawer) -> tuple[Part, ...]:
    if not (hours["inbound"].sum() or hours["responses"].sum()):
        return (Missing(what="No week to show.", why="There are no messages."),)
    measure = series.coverage(hours)
    answered = "Agents who answered" if measure == "agents" else "Responses"
    demand = drawer.figure(
        lambda width: charts.hour_of_week(hours, "inbound", "Messages", width=width),
        id="demand",
        title="Demand: messages from customers",
        alt=f"Messages from customers in each hour of the week. {_busiest(hours)}",
        note="A dot marks an hour in which customers wrote and nobody answered.",
    )
    coverage = drawer.figure(
        lambda width: charts.hour_of_week(hours, measure, answered, width=width),
        id="coverage",
        title=f"Coverage: {answered.lower()}",
        alt=f"{answered} in each hour of the week, beside the demand above.",
        numbers=_week_table(hours, measure),
        note="" if measure == "agents" else "The data name no agents, so responses stand for them.",
    )
    return (Words(sentences=_uncovered(hours)), demand, coverage)


def _busiest(hours: pl.DataFrame) -> str:
    most = hours.sort("inbound", descending=True).row(0, named=True)
    hour = f"{WEEKDAYS[most['weekday']]} {most['hour']:02}:00"
    return f"The busiest hour is {hour}, with {formats.plural(most['inbound'], 'message')}."


def _uncovered(hours: pl.DataFrame) -> tuple[str, ...]:
    gaps = hours.filter((pl.col("inbound") > 0) & (pl.col("responses") == 0))
    missed, inbound = (sum(frame["inbound"].to_list()) for frame in (gaps, hours))
    if not inbound:
        return ("No customer wrote.",)
    if not missed:
        return (f"{_busiest(hours)} In every hour in which customers wrote, somebody answered.",)
    unanswered = (
        f"{formats.share(missed / inbound)} of all messages came in the "
        f"{formats.plural(gaps.height, 'hour')} of the week in which nobody answered."
    )
    return (f"{_busiest(hours)} {unanswered}",)


def _week_table(hours: pl.DataFrame, measure: str) -> Table:
    busy = hours.filter((pl.col("inbound") > 0) | (pl.col("responses") > 0))
    counted = ("inbound", "responses", *(["agents"] if measure == "agents" else []))
    return Table(
        id="week-numbers",
        caption="Hours of the week in which anybody wrote",
        columns=(
            Column(title="Hour", numeric=False),
            *(Column(title=key.capitalize()) for key in counted),
            Column(title="Median response"),
        ),
        rows=tuple(
            (
                text(f"{WEEKDAYS[row['weekday']]} {row['hour']:02}:00"),
                *(number(row[key], formats.count) for key in counted),
                number(row["median"], formats.duration),
            )
            for row in busy.iter_rows(named=True)
        ),
    )
