"""`log.plot`: the charts of the report, as Altair charts for a notebook.

Each method computes what it needs and gives an `altair.Chart` or `altair.LayerChart`, which a
notebook shows, `.save("chart.html")` keeps, and `|` and `&` join with others (after which
`.resolve_scale(color="independent")` keeps each chart's colours its own).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import attrs
import polars as pl

from socialcare.analytics import charts, series
from socialcare.analytics.intervals import wait_frame
from socialcare.analytics.results import Metrics, metrics
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from socialcare.errors import InvalidValue

if TYPE_CHECKING:
    import altair as alt

    from socialcare.analytics.log import MessageLog

Kind = Literal["first", "next", "all"]
Measure = Literal["inbound", "responses", "agents", "median"]

_TITLES = {
    "first": "First response time",
    "next": "Time of further responses",
    "all": "Response time",
}
_MEASURES = {
    "inbound": "Messages",
    "responses": "Responses",
    "agents": "Agents who answered",
    "median": "Median response",
}
_CURVES = 6


@attrs.frozen
class Plots:
    """Charts of one log.

    Charts of many points are drawn from small tables, so a log of millions draws like a small one.

    Attributes:
        log: The messages.
        policy: What is counted, and how; ours by default.
        hours: Business hours; their zone is that of days and hours.
        as_of: The instant at which the log is looked at; by default the latest in the data.
        tz: The zone of days and hours, if it is not that of the hours, or UTC.
    """

    log: "MessageLog"
    policy: MeasurementPolicy | str | None = attrs.field(default=None, kw_only=True)
    hours: BusinessHours | None = attrs.field(default=None, kw_only=True)
    as_of: datetime | None = attrs.field(default=None, kw_only=True)
    tz: str | None = attrs.field(default=None, kw_only=True)

    def with_measurement(
        self,
        *,
        policy: MeasurementPolicy | str | None = None,
        hours: BusinessHours | None = None,
        as_of: datetime | None = None,
        tz: str | None = None,
    ) -> "Plots":
        """The same charts by another policy, other hours, another instant or another zone."""
        return Plots(self.log, policy=policy, hours=hours, as_of=as_of, tz=tz)

    def volume(self, period: str = "day", *, width: int = 640) -> "alt.LayerChart":
        """Messages in and responses out, for each `hour`, `day`, `week` or `month`."""
        trend = series.trend(self._metrics(period=period).to_dict(), period)
        return charts.volume(_some(trend, "messages"), period, width=width)

    def response_trend(self, period: str = "day", *, width: int = 640) -> "alt.Chart":
        """Median and 90th percentile of first response time, for each period."""
        trend = series.trend(self._metrics(period=period).to_dict(), period)
        return charts.response_trend(_some(trend, "messages"), period, width=width)

    def response_times(self, kind: Kind = "first", *, width: int = 640) -> "alt.Chart":
        """How long `first`, `next` or `all` waits took, on a log axis, the unanswered on top."""
        bins = series.histogram(_some(self._waits(kind), "waits"))
        return charts.response_times(bins, _TITLES[kind], width=width)

    def survival(
        self, by: str | None = None, *, kind: Kind = "first", width: int = 640
    ) -> "alt.LayerChart":
        """The share still waiting as time goes by, pending waits counted (Kaplan-Meier).

        Args:
            by: A column of `MessageLog.waits`, for one curve for each of its six busiest values.
            kind: `first`, `next` or `all` waits.
            width: Of the drawing, in pixels.

        Raises:
            InvalidValue: If there is no such column, or no waits.
        """
        waits = _some(self._waits(kind), "waits")
        if by is not None and by not in waits.columns:
            right = f"a column of the waits: {', '.join(waits.columns)}"
            raise InvalidValue(by, where="by", right=right)
        return charts.survival(series.curves(waits, by, _CURVES), _TITLES[kind], width=width)

    def hour_of_week(self, measure: Measure = "inbound", *, width: int = 640) -> "alt.LayerChart":
        """One square for each hour of the week, the darker the more.

        Args:
            measure: `inbound`, `responses`, `agents` (who answered) or `median` (response time).
            width: Of the drawing, in pixels.
        """
        _known(measure, _MEASURES, where="measure")
        hours = series.week(self._metrics().to_dict())
        return charts.hour_of_week(hours, measure, _MEASURES[measure], width=width)

    def by(self, column: str, *, width: int = 640) -> "alt.LayerChart":
        """Median and 90th percentile of response times for the 12 busiest values of a column.

        Raises:
            InvalidValue: If the messages have no such column.
        """
        groups = series.groups(self._metrics(by=column).to_dict(), column)
        return charts.spread(_some(groups, "messages"), _TITLES["all"], width=width)

    def sentiment(self, *, width: int = 640) -> "alt.Chart":
        """How conversations ended, for each way in which they began.

        Raises:
            InvalidValue: If the messages have no sentiment.
        """
        found = series.sentiments(self._metrics().to_dict())
        return charts.sentiment(_some(found, "scored conversations"), width=width)

    def operating_hours(self, *, width: int = 640) -> "alt.LayerChart":
        """First response time to conversations that began inside and outside business hours.

        Raises:
            InvalidValue: If no business hours were given with `with_measurement`.
        """
        its = self._metrics()["operating_hours"]
        if its["inside"] is None:
            raise InvalidValue(None, where="hours", right="business hours, for this chart")
        named = (("Inside hours", its["inside"]), ("Outside hours", its["outside"]))
        return charts.spread(series.spreads(named), _TITLES["first"], width=width)

    def _metrics(self, *, by: str | tuple[str, ...] = (), period: str | None = None) -> Metrics:
        return metrics(self.log, by, period, self.hours, self.policy, self.as_of, tz=self.tz)

    def _waits(self, kind: Kind) -> pl.DataFrame:
        _known(kind, _TITLES, where="kind")
        policy = self.policy
        if isinstance(policy, str):
            policy = MeasurementPolicy.preset(policy)
        measured = self.log.measured(policy=policy, hours=self.hours, as_of=self.as_of)
        waits = wait_frame(measured)
        return waits if kind == "all" else waits.filter(pl.col("kind") == kind)


def _known(word: str, words: Iterable[str], *, where: str) -> None:
    if word not in words:
        raise InvalidValue(word, where=where, right=f"one of {', '.join(words)}")


def _some(frame: pl.DataFrame, what: str) -> pl.DataFrame:
    """The frame, if there is anything in it to draw: an empty chart tells nothing."""
    if frame.is_empty():
        raise InvalidValue(0, where="log", right=f"at least one of its {what} to draw")
    return frame
