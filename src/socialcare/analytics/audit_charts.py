"""The chart of a listening audit: every share with its interval, side by side."""

import polars as pl

from socialcare.analytics import formats
from socialcare.analytics.audit_findings import ListeningAudit
from socialcare.analytics.palette import LIGHT
from socialcare.errors import MissingExtra

try:
    import altair as alt
except ImportError as error:
    raise MissingExtra("analytics", module="altair") from error

__all__ = ["PARTS", "share_table", "shares"]

_NARROW = 480
PARTS = {
    "frustration": "In frustration",
    "technical_or_account": "Technical or account",
    "technical": "Technical",
    "account": "Of an account",
    "feedback": "Feedback",
    "good": "Good",
    "bad": "Bad",
    "suggestion": "A suggestion",
    "answered_by_a_link": "Answered by a link",
    "link": "Answered by a link",
    "worth_an_answer": "Worth an answer",
    "need": "Needs an answer",
    "gain": "Would gain from one",
    "never_addressed": "Never addressed",
    "unaddressed": "Never addressed",
}
"""What the questions and their parts are called in charts and tables."""


def share_table(audit: ListeningAudit) -> pl.DataFrame:
    """One row a question and part, in order.

    Returns:
        `name` and `told` (String), `whole` (Boolean: a question itself), `value`, `low` and `high`
        (Float64).
    """
    rows = [
        (_indented(name, whole=whole), whole, share.value, *(share.interval or (None, None)))
        for answer in audit.answers
        for name, whole, share in (
            (answer.name, True, answer.share),
            *((part, False, found) for part, found in answer.parts.items()),
        )
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    told = [
        f"{name.strip()}: {formats.share(value)}, {formats.interval((low, high))}"
        for name, value, low, high in frame.drop_nulls().drop("whole").iter_rows()
    ]
    return frame.drop_nulls().with_columns(pl.Series("told", told, dtype=pl.String))


_SCHEMA = {
    "name": pl.String,
    "whole": pl.Boolean,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def _indented(name: str, *, whole: bool) -> str:
    return PARTS[name] if whole else f"\N{MIDDLE DOT} {PARTS[name]}"


def shares(table: pl.DataFrame, *, width: int = 640) -> alt.LayerChart:
    """A bar for each share, with its 95 % interval across the end.

    Args:
        table: As `share_table` gives it.
        width: Of the drawing, in pixels.
    """
    base = alt.Chart(table).encode(
        y=alt.Y(
            "name:N",
            title=None,
            sort=table["name"].to_list(),
            axis=alt.Axis(labelLimit=190 if width >= _NARROW else 130, ticks=False),
        ),
        tooltip=alt.Tooltip("told:N"),
        description=alt.Description("told:N"),
    )
    bars = base.mark_bar(height=13).encode(
        x=alt.X(
            "value:Q",
            title="Share of customers' messages",
            axis=alt.Axis(format=".0%", tickCount=5 if width >= _NARROW else 3),
        ),
        color=alt.Color(
            "whole:N",
            scale=alt.Scale(domain=[True, False], range=[LIGHT["inbound"], LIGHT["soft"]]),
            legend=None,
        ),
    )
    spans = base.mark_rule(color=LIGHT["ink"], strokeWidth=1.4).encode(x="low:Q", x2="high:Q")
    return alt.LayerChart(layer=[bars, spans], width=width, height=alt.Step(22))
