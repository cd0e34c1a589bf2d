"""What became of it: shares, how sentiment changed, and hours inside and outside."""

from socialcare.analytics import charts, formats, series
from socialcare.analytics.page import tables
from socialcare.analytics.page.figures import Drawer
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.page.parts import (
    Cell,
    Column,
    Missing,
    Part,
    Section,
    Table,
    Words,
    number,
    text,
)
from socialcare.analytics.series import SENTIMENTS
from socialcare.domain.catalogue import metric


def shares(findings: Findings) -> Section:
    """Every share, with its interval."""
    table = tables.shares(findings.report)
    nothing = Missing(what="No shares.", why="There are no conversations to count.")
    return Section(
        id="shares",
        title="Outcomes",
        lead="The interval says how far the share could be from the truth by chance alone.",
        parts=(table if table.rows else nothing,),
    )


def sentiment(findings: Findings, drawer: Drawer) -> Section:
    """How conversations began and ended."""
    return Section(
        id="sentiment",
        title="Sentiment",
        parts=_sentiment_parts(findings, drawer),
    )


def _sentiment_parts(findings: Findings, drawer: Drawer) -> tuple[Part, ...]:
    if (reason := findings.why_not("sentiment_conversion")) is not None:
        return (Missing(what="Not computed.", why=reason),)
    table = series.sentiments(findings.report)
    if not table["conversations"].sum():
        return (Missing(what="No sentiment.", why="There are no conversations."),)
    its = findings.metrics["sentiment_conversion"]
    words = (
        f"{formats.count(its['k'])} of {formats.count(its['n'])} conversations whose first "
        "customer message was negative ended positive after at least one response: "
        f"{formats.share(its['value'])} (95 % interval {formats.interval(its['interval'])})."
    )
    figure = drawer.figure(
        lambda width: charts.sentiment(table, width=width),
        id="sentiment-chart",
        title="How conversations ended, by how they began",
        alt=f"Stacked bars of the last sentiment for each first one. {words}",
    )
    return (Words(sentences=(words,)), _sentiment_table(findings), figure)


def _sentiment_table(findings: Findings) -> Table:
    rows = findings.metrics["sentiment_conversion"]["table"]
    counted = {(row["first"], row["last"]): row["conversations"] for row in rows}
    most = max(counted.values(), default=0) or 1
    known = [one for one in SENTIMENTS if any(one in pair for pair in counted)]
    return Table(
        id="sentiment-table",
        caption="Conversations by first and last sentiment",
        columns=(
            Column(title="Began", numeric=False),
            *(Column(title=f"Ended {last}") for last in known),
            Column(title="All"),
        ),
        rows=tuple(
            (
                text(first),
                *(_heated(counted.get((first, last)), most) for last in known),
                number(sum(counted.get((first, last), 0) for last in known), formats.count),
            )
            for first in known
        ),
        note="Negative is a score of \N{MINUS SIGN}0.05 or less, positive +0.05 or more. "
        "Unknown are conversations in which no customer message has a score.",
    )


def _heated(conversations: int | None, most: int) -> Cell:
    if conversations is None:
        return Cell(text="\N{EN DASH}", quiet=True)
    return Cell(text=formats.count(conversations), order=conversations, heat=conversations / most)


def operating_hours(findings: Findings, drawer: Drawer) -> Section:
    """First response to conversations that began inside and outside business hours."""
    return Section(
        id="hours",
        title="Business hours",
        lead=metric("operating_hours").definition,
        parts=_hours_parts(findings, drawer),
    )


def _hours_parts(findings: Findings, drawer: Drawer) -> tuple[Part, ...]:
    if (reason := findings.why_not("operating_hours")) is not None:
        return (Missing(what="Not computed.", why=reason),)
    its = findings.metrics["operating_hours"]
    named = (("Inside hours", its["inside"]), ("Outside hours", its["outside"]))
    table = Table(
        id="hours-table",
        caption="First response time, around the clock",
        columns=(Column(title="Began", numeric=False), *tables.TIME_COLUMNS),
        rows=tuple((text(name), *tables.time_cells(one)) for name, one in named),
        span=tables.TIME_SPAN,
    )
    spread = series.spreads(named)
    if spread["median"].null_count():
        return (table,)
    figure = drawer.figure(
        lambda width: charts.spread(spread, "First response time", width=width),
        id="hours-chart",
        title="First response time inside and outside business hours",
        alt="Median and 90th percentile of first response time: "
        + "; ".join(f"{name}, median {formats.duration(one['median'])}" for name, one in named)
        + ".",
    )
    return (figure, table)
