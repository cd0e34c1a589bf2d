"""What a page is written from: computed numbers, the waits behind them, and the state of the data.

Sections are pure functions of this. Nothing in `page` computes a metric.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs
import polars as pl

from socialcare.analytics.quality import Quality
from socialcare.analytics.series import Report


@attrs.frozen(kw_only=True, eq=False)
class Findings:
    """Everything that a page shows.

    Attributes:
        report: `Metrics.to_dict()` over everything.
        trend: The same by `period`.
        period: `hour`, `day`, `week` or `month`: the step of the trend.
        groups: The same by each column that was asked for and is there.
        absent: The columns that were asked for and are not there.
        waits: One row a wait, as polars: `kind`, `channel`, `calendar_seconds`, `pending`.
        quality: What reading the data found out about them.
        drawn: From when to when trends are drawn: the time that holds nearly all messages.
        first: The instant of the first message, or None.
        last: The instant of the last message, or None.
    """

    report: Report
    trend: Report
    period: str
    groups: Mapping[str, Report]
    absent: tuple[str, ...]
    waits: pl.DataFrame
    quality: Quality
    drawn: tuple[datetime, datetime] | None
    first: datetime | None
    last: datetime | None

    @property
    def metrics(self) -> Report:
        """Every metric over everything, by name."""
        metrics: Report = self.report["metrics"]
        return metrics

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the report."""
        return ZoneInfo(self.report["timezone"])

    def why_not(self, metric: str) -> str | None:
        """Why a metric was not computed, as a sentence, or None if it was."""
        reason = self.report["not_computed"].get(metric)
        return None if reason is None else f"{reason[0].upper()}{reason[1:]}.".replace("..", ".")
