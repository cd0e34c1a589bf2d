"""The tables of times and of shares: every number of a kind, side by side."""

from collections.abc import Callable, Iterator

from socialcare.analytics import formats
from socialcare.analytics.page.parts import Cell, Column, Missing, Part, Table, number, text
from socialcare.analytics.series import Report
from socialcare.domain.catalogue import metric

Shown = Callable[[float | None], str]

_TIMES = (
    "first_response_time",
    "average_response_time",
    "time_to_first_resolution",
    "resolution_time",
)
_IF_ANY = ("approval_wait", "time_to_escalate", "time_at_level")
_PARTS_OF_SHARES = (
    ("public_to_private", "Taken private after"),
    ("peer_answers", "Peer's answer after"),
)
_WHOLE = (("mean", "Mean"), ("median", "Median"), ("p90", "90 % within"), ("p95", "95 % within"))

TIME_COLUMNS = (
    Column(title="Answered", hint="Waits that have ended; the statistics to the right are of them"),
    Column(title="Pending", hint="Waits that have not ended"),
    *(Column(title=title) for _, title in _WHOLE),
    Column(title="Longest"),
    Column(title="Median", hint="With pending waits counted (Kaplan-Meier)"),
    Column(title="90 % within", hint="With pending waits counted (Kaplan-Meier)"),
)
"""The columns of a time metric, in the order of `time_cells`."""

TIME_SPAN = (("", 3), ("of those answered", 5), ("counting those pending", 2))
"""Headings over a name and `TIME_COLUMNS`."""


def time_cells(its: Report, shown: Shown = formats.duration) -> tuple[Cell, ...]:
    """A time metric as cells, for `TIME_COLUMNS`."""
    return (
        number(its["n"], formats.count),
        number(its["pending"], formats.count),
        *(number(its[key], shown) for key, _ in _WHOLE),
        number(its["max"], shown),
        number(its["survival"]["median"], shown),
        number(its["survival"]["p90"], shown),
    )


def times(report: Report) -> Table:
    """Every time metric in calendar time."""
    return Table(
        id="times-table",
        caption="Times, around the clock",
        columns=(Column(title="", numeric=False), *TIME_COLUMNS),
        rows=tuple((text(name), *time_cells(its)) for name, its in _time_metrics(report)),
        span=TIME_SPAN,
    )


def business(report: Report) -> Part:
    """Every time metric in business time, or why there is none."""
    if report["hours"] is None:
        why = "No business hours were given, so every time is calendar time."
        return Missing(what="No business time.", why=why)
    return Table(
        id="business-table",
        caption="Times, counted in business hours only",
        columns=(Column(title="", numeric=False), *TIME_COLUMNS),
        rows=tuple(
            (text(name), *time_cells(its["business"], formats.business_duration))
            for name, its in _time_metrics(report)
            if its["business"] is not None
        ),
        span=TIME_SPAN,
    )


def _time_metrics(report: Report) -> Iterator[tuple[str, Report]]:
    """Time metrics with their names, also those that are part of a share and were seen."""
    for name in _TIMES:
        yield metric(name).title, report["metrics"][name]
    for name in _IF_ANY:
        time = report["metrics"][name]
        if time["n"] or time["pending"]:
            yield metric(name).title, time
    for name, title in _PARTS_OF_SHARES:
        time = report["metrics"][name].get("time")
        if time is not None and time["n"] + time["pending"]:
            yield title, time


_SHARES = (
    ("response_rate", (), "Waits answered"),
    ("response_rate", ("conversations",), "Conversations answered"),
    ("sla_attainment", (), "Promises kept, all"),
    ("sla_attainment", ("first_response",), "Promises kept, first response"),
    ("sla_attainment", ("next_response",), "Promises kept, next response"),
    ("sla_attainment", ("resolution",), "Promises kept, resolution"),
    ("sla_attainment", ("time_in_team",), "Promises kept, time in a team"),
    ("first_contact_resolution", (), "Resolved at first contact"),
    ("reopen_rate", (), "Reopened"),
    ("in_channel_resolution", (), "Resolved on the channel where it began"),
    ("public_to_private", (), "Taken private"),
    ("public_close", (), "Taken private, closed in public"),
    ("redirect_rate", (), "Told to use another channel"),
    ("redirect_rate", ("requested",), "Told so after asking for it"),
    ("peer_answers", (), "Answered by a peer first"),
    ("peer_answers", ("resolved_alone",), "Resolved by peers alone"),
    ("demand_share", (), "Messages that merit attention"),
    ("demand_share", ("needs_response",), "Messages that need a response"),
    ("indirect_mentions", (), "Messages found by listening"),
    ("escalation_rate", (), "Escalated"),
)


SHARE_COLUMNS = (
    Column(title="", numeric=False),
    Column(title="Share"),
    Column(title="Count"),
    Column(title="Of"),
    Column(title="95 % interval", hint="Wilson's interval"),
)
"""What a table of shares shows of each."""


def shares(report: Report) -> Table:
    """Every share that was computed, with its count and its interval."""
    return Table(
        id="shares-table",
        caption="Shares and what they count",
        columns=SHARE_COLUMNS,
        rows=tuple(
            (
                text(title),
                number(its["value"], formats.share),
                number(its["k"], formats.count),
                number(its["n"], formats.count),
                interval(its),
            )
            for title, its in _share_metrics(report)
        ),
        sortable=True,
        note="Shares that the data do not allow are in the list of metrics below, with the reason.",
    )


def interval(its: Report) -> Cell:
    """The 95 % interval of a share as a cell, ordered by its middle."""
    bounds = its["interval"]
    middle = None if bounds is None else sum(bounds) / 2
    return Cell(text=formats.interval(bounds), order=middle, quiet=bounds is None)


def _share_metrics(report: Report) -> Iterator[tuple[str, Report]]:
    for name, path, title in _SHARES:
        its = None if name in report["not_computed"] else report["metrics"][name]
        for key in path:
            its = its and its.get(key)
        if its is not None and its["n"]:
            yield title, its
