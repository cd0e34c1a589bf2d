"""Charts, each a pure function from a small frame to an Altair chart.

The same functions draw for the notebook (`MessageLog.plot`, interactive) and for the report
(`socialcare.analytics.page`, static), so both show the same picture.
No chart brings a configuration of its own, so a notebook's own theme holds.
Charts can be joined with `|` and `&`; then `.resolve_scale(color="independent")` keeps Vega-Lite
from merging their colours.
Every mark carries a sentence, shown when it is pointed at.

Altair takes half a second to import, so only those who draw import this module.
"""

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from socialcare.analytics import told
from socialcare.analytics.palette import LIGHT, scale
from socialcare.analytics.series import SENTIMENTS, WEEKDAYS, bin_edges
from socialcare.errors import MissingExtra

try:
    import altair as alt
except ImportError as error:
    raise MissingExtra("analytics", module="altair") from error

NARROW = 480
"""Below this width, in pixels, a chart is drawn for a phone: fewer labels, less beside it."""

GROUPS_SHOWN = 12
"""How many groups a chart compares; a table beside it has them all."""

_TICKS = (
    {1: "1 s", 60: "1 min", 3_600: "1 h", 86_400: "1 d", 2_592_000: "30 d", 31_536_000: "1 year"},
    {10: "10 s", 600: "10 min", 21_600: "6 h", 604_800: "1 week"},
    {30: "30 s", 300: "5 min", 1_800: "30 min", 10_800: "3 h", 43_200: "12 h", 259_200: "3 d"},
)
"""Marks on an axis of durations; where there is room, those of the next line come in between."""
_CLOCK = {"hour": "%-d %b %H:%M", "day": "%-d %b", "week": "%-d %b", "month": "%b %Y"}


def volume(trend: pl.DataFrame, period: str, *, width: int = 640) -> alt.LayerChart:
    """Messages in and responses out, for each period.

    Args:
        trend: As `series.trend` gives it.
        period: `hour`, `day`, `week` or `month`.
        width: Of the drawing, in pixels.
    """
    base = alt.Chart(told.volume(trend, period)).encode(**_TOLD)
    names = {"Customers' messages": "soft", "Responses": "responses"}
    bars = base.mark_rect(stroke=LIGHT["surface"], strokeWidth=0.6).encode(
        x=_time_axis(trend, "period", period, width),
        x2="until:T",
        y=alt.Y("inbound:Q", title="Messages", axis=_counts()),
        y2=alt.datum(0),
    )
    line = base.mark_line(point=_POINT, strokeWidth=2).encode(
        x=_time_axis(trend, "middle", period, width), y="responses:Q"
    )
    return alt.LayerChart(
        layer=[_named(bars, names, "soft", width), _named(line, names, "responses", width)],
        width=width,
        height=200,
    )


def response_trend(trend: pl.DataFrame, period: str, *, width: int = 640) -> alt.Chart:
    """Median and 90th percentile of first response time, for each period, on a log axis.

    Args:
        trend: As `series.trend` gives it; periods without an answered wait leave a gap.
        period: `hour`, `day`, `week` or `month`.
        width: Of the drawing, in pixels.
    """
    names = {"median": "Median", "p90": "90 % answered within"}
    lines = told.response_trend(trend, period).unpivot(
        ["median", "p90"], index=["middle", "told"], variable_name="line", value_name="seconds"
    )
    named = lines.with_columns(pl.col("line").replace(names))
    span = extent(named, "seconds")
    colour = _colours({"Median": "inbound", "90 % answered within": "soft"})
    chart: alt.Chart = (
        alt.Chart(named, width=width, height=200)
        .mark_line(point=_POINT, strokeWidth=2)
        .encode(
            x=_time_axis(trend, "middle", period, width),
            y=alt.Y(
                "seconds:Q",
                title="First response time",
                scale=_log(span),
                axis=_durations(span, 6),
            ),
            color=alt.Color("line:N", scale=colour, legend=_legend(width)),
            **_TOLD,
        )
    )
    return chart


def response_times(histogram: pl.DataFrame, title: str, *, width: int = 640) -> alt.Chart:
    """How many waits took how long, on a log axis, the unanswered stacked on top.

    Args:
        histogram: As `series.histogram` gives it.
        title: What was waited for, as the title of the axis.
        width: Of the drawing, in pixels.
    """
    named = told.histogram(histogram)
    span = extent(histogram, "low", "high")
    colour = _colours({"Answered": "inbound", "Still waiting": "pending"})
    chart: alt.Chart = (
        alt.Chart(named, width=width, height=180)
        .mark_rect(stroke=LIGHT["surface"], strokeWidth=0.6)
        .encode(
            x=alt.X("low:Q", title=title, scale=_log(span), axis=_durations(span, _room(width))),
            x2="high:Q",
            y=alt.Y("from:Q", title="Waits", axis=_counts(_ASIDE)),
            y2="to:Q",
            color=alt.Color("state:N", scale=colour, legend=_legend(width)),
            **_TOLD,
        )
    )
    return chart


def survival(
    curves: pl.DataFrame,
    title: str,
    *,
    over: tuple[float, float] | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """The share still waiting as time goes by, with pending waits counted.

    Args:
        curves: As `series.curves` gives them: `group`, `seconds`, `waiting`.
        title: What was waited for, as the title of the axis.
        over: The seconds that the axis shows, where it stands below another.
        width: Of the drawing, in pixels.
    """
    named = told.survival(curves)
    several = named["group"].n_unique() > 1
    colour = alt.Color("group:N", scale=alt.Scale(range=scale("series")), legend=_legend(width))
    span = over or extent(curves.filter(pl.col("seconds") > 0), "seconds")
    seconds = alt.X("seconds:Q", title=title, scale=_log(span), axis=_durations(span, _room(width)))
    share = alt.Y(
        "waiting:Q",
        title="Still waiting",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=4, minExtent=_ASIDE),
    )
    lines = alt.Chart(named).mark_line(interpolate="step-after", strokeWidth=2.2, clip=True)
    steps = lines.encode(
        x=seconds, y=share, color=colour if several else alt.value(LIGHT["inbound"]), **_TOLD
    )
    marks = alt.Chart(told.levels()).mark_rule(stroke=LIGHT["muted"], strokeDash=[3, 3])
    return alt.LayerChart(layer=[marks.encode(y="waiting:Q"), steps], width=width, height=180)


def hour_of_week(
    week: pl.DataFrame, measure: str, title: str, *, width: int = 640
) -> alt.LayerChart:
    """One square for each hour of the week, the darker the more.

    Hours with messages from customers in which nobody answered carry a dot.

    Args:
        week: As `series.week` gives it.
        measure: `inbound`, `responses`, `agents` or `median`.
        title: What is shown, as the title of the legend.
        width: Of the drawing, in pixels.
    """
    named = told.week(week, measure)
    names = told.strengths(week, measure)
    colours = scale("cover" if measure in ("agents", "responses") else "demand")
    hours = list(range(0, 24, 6 if width < NARROW else 3))
    base = alt.Chart(named).encode(
        x=alt.X(
            "hour:O",
            title="Hour of the day",
            axis=alt.Axis(
                values=hours,
                labelExpr="pad(datum.label, 2, '0', 'left') + ':00'",
                labelAngle=0,
                labelOverlap=False,
            ),
        ),
        y=alt.Y("day:O", title=None, sort=list(WEEKDAYS), axis=alt.Axis(minExtent=30)),
        **_TOLD,
    )
    squares = base.mark_rect(stroke=LIGHT["surface"], strokeWidth=1.2).encode(
        color=alt.Color(
            "strength:O",
            scale=alt.Scale(domain=list(range(len(colours))), range=colours),
            legend=_legend(width, title=title, values=sorted(names), names=names),
        )
    )
    dots = base.mark_point(filled=True, size=16, color=LIGHT["pending"], opacity=1)
    unanswered = dots.transform_filter("datum.unanswered")
    return alt.LayerChart(layer=[squares, unanswered], width=width, height=7 * 22)


def spread(groups: pl.DataFrame, title: str, *, width: int = 640) -> alt.LayerChart:
    """Median and 90th percentile of each group, on one log axis, in the order given.

    Args:
        groups: `name`, `median` and `p90` (seconds), `n`, `pending`; the first 12 are drawn.
        title: What was waited for, as the title of the axis.
        width: Of the drawing, in pixels.
    """
    named = told.spread(groups.filter(pl.col("median").is_not_null()).head(GROUPS_SHOWN))
    labels = named["label"].to_list()
    room = 96 if width < NARROW else 210
    base = alt.Chart(named).encode(
        y=alt.Y(
            "label:N",
            title=None,
            sort=labels,
            axis=alt.Axis(
                labelLimit=room,
                minExtent=min(room, _LETTER * max(map(len, labels), default=0)),
                ticks=False,
                domain=False,
                labelPadding=8,
            ),
        ),
        **_TOLD,
    )
    span = extent(named, "median", "p90")
    seconds = alt.X("median:Q", title=title, scale=_log(span), axis=_durations(span, _room(width)))
    names = {"Median": "inbound", "90 % answered within": "soft"}
    to = base.mark_rule(strokeWidth=4, color=LIGHT["soft"]).encode(x=seconds, x2="p90:Q")
    slow = base.mark_point(filled=True, size=70, opacity=1).encode(x="p90:Q")
    middle = base.mark_point(filled=True, size=90, opacity=1).encode(x=seconds)
    return alt.LayerChart(
        layer=[to, _named(slow, names, "soft", width), _named(middle, names, "inbound", width)],
        width=width,
        height=alt.Step(26),
    )


def sentiment(table: pl.DataFrame, *, width: int = 640) -> alt.Chart:
    """How conversations ended, for each way in which they began.

    Args:
        table: As `series.sentiments` gives it.
        width: Of the drawing, in pixels.
    """
    named = told.sentiments(table)
    colour = _colours({one: one for one in SENTIMENTS})
    chart: alt.Chart = (
        alt.Chart(named, width=width, height=alt.Step(30))
        .mark_bar(stroke=LIGHT["surface"], strokeWidth=1)
        .encode(
            y=alt.Y(
                "began:N", title=None, sort=list(SENTIMENTS), axis=alt.Axis(minExtent=_ASIDE + 26)
            ),
            x=alt.X(
                "conversations:Q",
                stack="normalize",
                title="Share of conversations",
                axis=alt.Axis(format=".0%", tickCount=4),
            ),
            color=alt.Color(
                "last:N", scale=colour, sort=list(SENTIMENTS), legend=_legend(width, title="Ended")
            ),
            order="place:Q",
            **_TOLD,
        )
    )
    return chart


_LETTER = 7.5
"""How wide a letter of a label can be, since fonts on other machines are wider than ours."""

_ASIDE = 44
"""Room for the labels of the upright axis where two charts stand over each other."""

_POINT = alt.OverlayMarkDef(size=22, filled=True)
_TOLD: dict[str, Any] = {
    # One field and not a list of fields makes the tooltip plain words.
    "tooltip": alt.Tooltip("told:N"),
    "description": alt.Description("told:N"),
}


def _colours(names: dict[str, str]) -> alt.Scale:
    return alt.Scale(domain=list(names), range=[LIGHT[colour] for colour in names.values()])


def _named(chart: alt.Chart, names: dict[str, str], colour: str, width: int) -> alt.Chart:
    """The chart in one colour, which still has its entry in the legend; names are ours."""
    name = next(name for name, its in names.items() if its == colour)
    return chart.transform_calculate(line=f'"{name}"').encode(
        color=alt.Color("line:N", scale=_colours(names), legend=_legend(width))
    )


def _legend(
    width: int,
    *,
    title: str | None = None,
    values: Sequence[int] | None = None,
    names: dict[int, str] | None = None,
) -> alt.Legend:
    options: dict[str, Any] = {
        "orient": "top",
        "title": title,
        "columns": 2 if width < NARROW else 6,
    }
    if values is not None and names is not None:
        options |= {"values": list(values), "labelExpr": _looked_up(names, "datum.value")}
        options["columns"] = 3 if width < NARROW else 6
    return alt.Legend(**options)


def _looked_up(names: dict[int, str], key: str) -> str:
    """A Vega expression that turns a value into its name; names are ours, never from the data."""
    pairs = ", ".join(f"'{value}': '{name}'" for value, name in names.items())
    return f"({{{pairs}}})[{key}]"


def _counts(room: int = 0) -> alt.Axis:
    return alt.Axis(format=",d", tickMinStep=1, tickCount=4, minExtent=room)


def _time_axis(trend: pl.DataFrame, field: str, period: str, width: int) -> alt.X:
    starts = trend["period"].dt.epoch("ms").to_list()
    ends = trend["until"].dt.epoch("ms").to_list()
    stride = max(1, math.ceil(len(starts) / (4 if width < NARROW else 9)))
    return alt.X(
        f"{field}:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[starts[0], ends[-1]], nice=False),
        axis=alt.Axis(
            values=starts[::stride], format=_CLOCK[period], labelOverlap="greedy", grid=False
        ),
    )


def extent(frame: pl.DataFrame, *columns: str) -> tuple[float, float]:
    """The seconds that a log axis shows, out to the edges of bins, and a decade at least."""
    values = pl.concat([frame[column].cast(pl.Float64) for column in columns]).drop_nulls()
    known = [max(one, 1.0) for one in values.to_list()] or [60.0, 86_400.0]
    low, high = bin_edges(min(known), max(known))
    return (low, max(high, low * 10))


def _log(reach: tuple[float, float]) -> alt.Scale:
    return alt.Scale(type="log", domain=list(reach), nice=False, clamp=True)


def _durations(reach: tuple[float, float], most: int) -> alt.Axis:
    """Marks on a log axis of seconds, named as durations, at most so many."""
    ticks: dict[int, str] = {}
    for line in _TICKS:
        more = ticks | {at: name for at, name in line.items() if reach[0] <= at <= reach[1]}
        ticks = more if len(more) <= most or not ticks else ticks
    return alt.Axis(
        values=sorted(ticks),
        labelExpr=_looked_up(ticks, "datum.value"),
        labelOverlap="greedy",
    )


def _room(width: int) -> int:
    """How many durations fit along an axis of that width."""
    return 5 if width < NARROW else 10
