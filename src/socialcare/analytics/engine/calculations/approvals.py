"""How much of customers' waiting is waiting for an approval."""

import polars as pl

from socialcare.analytics.engine.calculations.shapes import Value, spans, untimed
from socialcare.analytics.engine.facts import Facts


def approval_wait(facts: Facts) -> Value:
    """Seconds of waits in which an answer waited for approval, and their share of all waiting."""
    if "approval" not in facts.waits.columns:
        return {**untimed(facts), "share": None}
    within = facts.waits.filter(pl.col("approval") > 0)
    seconds, whole = int(within["approval"].sum()), int(facts.waits["lasted"].sum())
    return {
        **spans(within.select("pending", seconds="approval")),
        "share": seconds / whole if whole else None,
    }
