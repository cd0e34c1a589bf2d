"""How a log and its metrics show themselves in a notebook: small, escaped, at home in any theme.

A notebook's own colours hold; nothing here runs, loads or draws, so it is there at once.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs
import polars as pl

from socialcare.analytics import formats
from socialcare.analytics.page import tables
from socialcare.analytics.page.parts import Cell, Column, Table, data, number, text
from socialcare.analytics.page.render import snippet
from socialcare.analytics.series import Report
from socialcare.domain.catalogue import METRICS, metric

if TYPE_CHECKING:
    from socialcare.analytics.log import MessageLog
    from socialcare.analytics.results import Metrics

_FAULTS_SHOWN = 8
_GROUPS_SHOWN = 20


def log_html(log: "MessageLog") -> str:
    """A log in a notebook: what it holds, over which time, and what is wrong with it."""
    quality = log.quality
    return snippet(
        "log.html.jinja",
        source=formats.visible(quality.source),
        facts=_facts(log.table),
        read=f"{formats.plural(quality.rows, 'row')} read, {formats.count(quality.kept)} kept",
        faults=[
            (one.code, formats.count(one.count), formats.visible(one.meaning))
            for one in quality.faults[:_FAULTS_SHOWN]
        ],
        more=max(len(quality.faults) - _FAULTS_SHOWN, 0),
    )


def _facts(messages: pl.DataFrame) -> list[tuple[str, str]]:
    counted = {"customer_id": "customers", "channel": "channels", "agent_id": "agents"}
    facts = [("messages", formats.count(messages.height))]
    facts += [
        (title, formats.count(messages[name].drop_nulls().n_unique()))
        for name, title in counted.items()
        if name in messages.columns
    ]
    if messages.height:
        sent = messages.select(first=pl.col("sent_at").min(), last=pl.col("sent_at").max())
        first, last = (formats.moment(at) for at in sent.row(0))
        facts.append(("sent (UTC)", f"{first} to {last}"))
    return facts


def metrics_html(metrics: "Metrics") -> str:
    """Metrics in a notebook: times, shares and counts, what could not be computed, and groups."""
    report = metrics.to_dict()
    return snippet(
        "metrics.html.jinja",
        source=formats.visible(metrics.quality.source),
        as_of="no messages"
        if metrics.as_of is None
        else f"as of {formats.moment(metrics.as_of)} UTC",
        # A notebook runs no script of ours, so nothing there can sort.
        tables=[
            attrs.evolve(one, sortable=False) for one in _tables(report, metrics.by) if one.rows
        ],
        missing=[(metric(name).title, why) for name, why in report["not_computed"].items()],
    )


def _tables(report: Report, by: tuple[str, ...]) -> Iterator[Table]:
    yield tables.times(report)
    if isinstance(business := tables.business(report), Table):
        yield business
    yield tables.shares(report)
    yield _counts(report)
    if report["by"]:
        yield _groups(report, by)


def _counts(report: Report) -> Table:
    """Every metric that is one number."""
    computed = [one for one in METRICS if one.name not in report["not_computed"]]
    plain = [(one, report["metrics"][one.name]) for one in computed]
    return Table(
        id="counts",
        caption="Counts and sums",
        columns=(Column(title="", numeric=False), Column(title="Value")),
        rows=tuple(
            (text(one.title), _value(its, one.unit))
            for one, its in plain
            if "value" in its and "k" not in its
        ),
    )


def _value(its: Report, unit: str) -> Cell:
    if unit == "currency":
        return number(its["value"], lambda value: formats.money(value, its["unit"]))
    shown = {"s": formats.business_duration, "score": formats.score}.get(unit, formats.count)
    return number(its["value"], shown)


def _groups(report: Report, by: tuple[str, ...]) -> Table:
    """The first groups, with the numbers that are compared most."""
    shown = report["by"][:_GROUPS_SHOWN]
    more = len(report["by"]) - len(shown)
    return Table(
        id="groups",
        caption=f"By {' and '.join(by)}",
        columns=(
            *(Column(title=name, numeric=False) for name in by),
            *(Column(title=title) for title in ("In", "Out", "Answered", "Pending")),
            Column(title="First response, median"),
            Column(title="All responses, median"),
        ),
        rows=tuple(
            (*(data(group[name]) for name in by), *_group(group["metrics"])) for group in shown
        ),
        note=f"And {formats.plural(more, 'group')} more: see `.frame()`." if more > 0 else "",
    )


def _group(its: Report) -> tuple[Cell, ...]:
    every = its["average_response_time"]
    return (
        number(its["inbound_volume"]["value"], formats.count),
        number(its["response_volume"]["value"], formats.count),
        number(every["n"], formats.count),
        number(every["pending"], formats.count),
        number(its["first_response_time"]["median"], formats.duration),
        number(every["median"], formats.duration),
    )
