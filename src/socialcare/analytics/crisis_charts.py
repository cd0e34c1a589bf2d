"""The plots of a crisis replay: what came beside what is usual, and where an alarm would begin."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from socialcare.analytics import formats
from socialcare.analytics.palette import LIGHT
from socialcare.domain.crisis.replay import Alarm, Point
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.errors import MissingExtra

try:
    import altair as alt
except ImportError as error:
    raise MissingExtra("analytics", module="altair") from error

__all__ = ["alarm_table", "counts", "days", "hours"]

_NARROW = 480
_CAME, _USUAL, _ALARM = "Messages", "Usual", "Worth an alarm"
_AT = pl.Datetime("us", "UTC")
_COLOURS = {_CAME: LIGHT["inbound"], _USUAL: LIGHT["muted"], _ALARM: LIGHT["pending"]}


def hours(points: Iterable[Point], zone: ZoneInfo) -> pl.DataFrame:
    """One row a bin and line, in order of time.

    Returns:
        `at` (Datetime, what the clocks show, labelled UTC), `line` (String: the messages, the
        usual, or what would be worth an alarm) and `value` (Float64: messages, or of a share the
        share of all).
    """
    rows = []
    for each in points:
        of = each.of
        if of == 0:
            continue
        values = (each.count, each.expected, each.threshold)
        at = _on_the_clock(each.start + (each.end - each.start) / 2, zone)
        for line, value in zip(_COLOURS, values, strict=True):
            if of is None:
                rows.append((at, line, float(value)))
            elif value <= of:
                rows.append((at, line, value / of))
    return pl.DataFrame(rows, schema=_LINES, orient="row")


def days(points: Sequence[Point], zone: ZoneInfo) -> pl.DataFrame:
    """The same for whole days, without what would be worth an alarm, which days do not have."""
    sums: dict[datetime, tuple[int, float]] = {}
    for each in points:
        day = _on_the_clock(each.start, zone).replace(hour=12, minute=0, second=0, microsecond=0)
        count, expected = sums.get(day, (0, 0.0))
        sums[day] = (count + each.count, expected + each.expected)
    rows = [
        (day, line, float(value))
        for day, values in sorted(sums.items())
        for line, value in zip((_CAME, _USUAL), values, strict=True)
    ]
    return pl.DataFrame(rows, schema=_LINES, orient="row")


_LINES: dict[str, pl.DataType | type[pl.DataType]] = {
    "at": _AT,
    "line": pl.String,
    "value": pl.Float64,
}
_ALARMS: dict[str, pl.DataType | type[pl.DataType]] = {
    "at": _AT,
    "ended": _AT,
    "told": pl.String,
}


def alarm_table(alarms: Iterable[Alarm], zone: ZoneInfo, until: datetime) -> pl.DataFrame:
    """One row an alarm: `at`, `ended` (Datetime, as the clocks show) and `told` (String)."""
    rows = [
        (
            _on_the_clock(each.at, zone),
            _on_the_clock(each.ended or until, zone),
            f"{formats.moment(each.at, zone)}: {each.reason}",
        )
        for each in alarms
    ]
    return pl.DataFrame(rows, schema=_ALARMS, orient="row")


def counts(
    lines: pl.DataFrame, alarms: pl.DataFrame, title: str, *, width: int = 640, share: bool = False
) -> alt.LayerChart:
    """What came, what is usual and what would be worth an alarm, over time.

    Args:
        lines: As `hours` or `days` give it.
        alarms: As `alarm_table` gives it.
        title: What is counted, as the title of the upright axis.
        width: Of the drawing, in pixels.
        share: Whether it is a share.
    """
    axis = alt.Axis(format=".0%" if share else ",d", tickCount=4, minExtent=44)
    value = alt.Y("value:Q", title=title, axis=axis)
    spans = (
        alt.Chart(alarms)
        .mark_rect(color=LIGHT["negative"], opacity=0.16, clip=True)
        .encode(x=alt.X("at:T"), x2="ended:T")
    )
    drawn = _drawn(lines, value, width)
    marks = (
        alt.Chart(alarms)
        .mark_rule(color=LIGHT["negative"], strokeWidth=2, clip=True)
        .encode(
            x=alt.X("at:T"), tooltip=alt.Tooltip("told:N"), description=alt.Description("told:N")
        )
    )
    return alt.LayerChart(layer=[spans, drawn, marks], width=width, height=220)


_DASHES = {_CAME: [1, 0], _USUAL: [5, 3], _ALARM: [2, 3]}


def _drawn(lines: pl.DataFrame, value: alt.Y, width: int) -> alt.Chart:
    """The lines, each in its colour and with its dashes."""
    names = [name for name in _COLOURS if name in set(lines["line"])]
    drawn: alt.Chart = (
        alt.Chart(lines)
        .mark_line(strokeWidth=1.8)
        .encode(
            x=_over_time(lines, width),
            y=value,
            color=alt.Color(
                "line:N",
                sort=names,
                scale=alt.Scale(domain=names, range=[_COLOURS[name] for name in names]),
                legend=alt.Legend(orient="top", title=None, columns=2 if width < _NARROW else 4),
            ),
            strokeDash=alt.StrokeDash(
                "line:N",
                scale=alt.Scale(domain=names, range=[_DASHES[name] for name in names]),
                legend=None,
            ),
        )
    )
    return drawn


def _over_time(lines: pl.DataFrame, width: int) -> alt.X:
    """The axis from the first moment to the last, with as many ticks as there is room for."""
    moments = lines["at"].dt.epoch("ms").to_list()
    domain = [min(moments), max(moments)]
    return alt.X(
        "at:T",
        title=None,
        scale=alt.Scale(type="utc", domain=domain, nice=False),
        axis=alt.Axis(
            format="%-d %b" if _is_long(lines) else "%-d %b %H:%M",
            tickCount=4 if width < _NARROW else 8,
            labelOverlap="greedy",
            grid=False,
        ),
    )


def _is_long(lines: pl.DataFrame) -> bool:
    first, last = lines["at"].min(), lines["at"].max()
    return (
        isinstance(first, datetime)
        and isinstance(last, datetime)
        and last - first > timedelta(days=3)
    )


def _on_the_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of the zone show, labelled UTC."""
    whole = from_epoch_second(epoch_second(at))
    return whole.astimezone(zone).replace(tzinfo=UTC)
