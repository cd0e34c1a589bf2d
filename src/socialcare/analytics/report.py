"""`report`: everything that a log says about the service, as one HTML page.

The page is one file that asks the network for nothing and works from a disk, on paper and by post.
Its charts are drawn by Vega-Lite before it is written, and stand in it as SVG. The other way, to
ship Vega's own scripts inside every page, costs 0.9 MB a page before the first number, draws
nothing on paper or without scripts, and holds the data in a script that must be escaped; what it
would add, pointing at a mark to read it, SVG does with titles. A page with nine charts is about
0.6 MB, and for exploring there is `MessageLog.plot`.
"""

from collections.abc import Iterable
from datetime import datetime
from os import PathLike
from pathlib import Path

import polars as pl

from socialcare.analytics.engine.periods import Period
from socialcare.analytics.intervals import wait_frame
from socialcare.analytics.log import MessageLog
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.results import Metrics, metrics
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.sla import SlaPolicy

_STEPS = ((3, Period.HOUR), (100, Period.DAY), (750, Period.WEEK))
"""Below so many days, by what a trend goes; months beyond."""

_STRETCHED = 4


def report(
    log: MessageLog,
    path: str | PathLike[str],
    *,
    by: str | Iterable[str] = ("channel", "agent_id", "category"),
    hours: BusinessHours | None = None,
    policy: MeasurementPolicy | str | None = None,
    as_of: datetime | None = None,
    tz: str | None = None,
    deadlines: SlaPolicy | None = None,
) -> Path:
    """Writes a page with headline numbers, charts, tables, faults and rules, and gives its path.

    Args:
        log: The messages.
        path: Where the page is written; a file that is there is replaced, folders are made.
        by: Columns of the message table to split by. One that the data lack is said to be missing.
        hours: Business hours, for business seconds beside calendar seconds.
        policy: What is counted, and how: a policy, the name of a preset, or None for ours.
        as_of: The instant at which the log is looked at; by default the latest in the data.
        tz: The zone of days and hours; by default that of the hours, or UTC.
        deadlines: A service level policy that attainment is measured by.

    Returns:
        The path of the page.

    Raises:
        InvalidValue: If the zone does not exist, or `as_of` is naive.
        MissingExtra: If the libraries that draw are not installed.
    """
    from socialcare.analytics.page import contents, render

    names = (by,) if isinstance(by, str) else tuple(by)
    found = gathered(
        log, by=names, hours=hours, policy=policy, as_of=as_of, tz=tz, deadlines=deadlines
    )
    written = render.html(contents.page(found))
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written, encoding="utf-8", errors="replace", newline="\n")
    return target


def gathered(
    log: MessageLog,
    *,
    by: Iterable[str] = (),
    hours: BusinessHours | None = None,
    policy: MeasurementPolicy | str | None = None,
    as_of: datetime | None = None,
    tz: str | None = None,
    deadlines: SlaPolicy | None = None,
) -> Findings:
    """Everything that the page shows, computed from the log by one policy at one instant."""
    rules = MeasurementPolicy.preset(policy) if isinstance(policy, str) else policy

    def computed(column: str | None = None, period: str | None = None) -> Metrics:
        split = () if column is None else (column,)
        return metrics(log, split, period, hours, rules, as_of, tz=tz, deadlines=deadlines)

    there = [name for name in dict.fromkeys(by) if name in log.table.columns]
    measured = log.measured(policy=rules, hours=hours, as_of=as_of)
    first, last = _span(measured.frame["sent_at"])
    drawn = busy_span(measured.frame["sent_at"])
    period = period_for(*(drawn or (None, None)))
    return Findings(
        report=computed().to_dict(),
        trend=computed(period=period).to_dict(),
        period=period,
        groups={name: computed(name).to_dict() for name in there},
        absent=tuple(name for name in dict.fromkeys(by) if name not in there),
        waits=wait_frame(measured),
        quality=log.quality,
        drawn=drawn,
        first=first,
        last=last,
    )


def _span(sent: pl.Series) -> tuple[datetime | None, datetime | None]:
    span = sent.to_frame("at").select(first=pl.col("at").min(), last=pl.col("at").max())
    first, last = span.row(0)
    return first, last


def busy_span(sent: pl.Series) -> tuple[datetime, datetime] | None:
    """From when to when a trend is worth drawing; None where there are no messages.

    That is the whole time, unless a few stray messages stretch it: where 98 of 100 messages fall
    into less than a quarter of it, the trend is drawn over those.

    Args:
        sent: When messages were sent, as Datetime.
    """
    first, last = _span(sent)
    if first is None or last is None:
        return None
    ordered = sent.sort()
    stray = len(ordered) // 100
    low, high = ordered[stray], ordered[len(ordered) - 1 - stray]
    return (low, high) if (high - low) * _STRETCHED < last - first else (first, last)


def period_for(first: datetime | None, last: datetime | None) -> Period:
    """The step of a trend that gives some dozens of points over that span.

    >>> from datetime import UTC
    >>> period_for(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 30, tzinfo=UTC))
    <Period.DAY: 'day'>
    """
    if first is None or last is None:
        return Period.DAY
    days = (last - first).days
    return next((period for most, period in _STEPS if days < most), Period.MONTH)
