"""How much goes to those who must see it, how soon, and how long it stays at each level."""

from collections.abc import Callable, Iterator

import polars as pl

from socialcare.analytics.engine.calculations.shapes import Value, lapse, share, spans
from socialcare.analytics.engine.facts import Facts


def escalation_rate(facts: Facts) -> Value:
    """Conversations escalated of all, and by level and reason."""
    whole = facts.conversations.height

    def rate(stays: pl.DataFrame) -> Value:
        return share(stays["conversation"].n_unique(), whole)

    return {**rate(facts.escalations), "table": _table(facts.escalations, rate)}


def time_to_escalate(facts: Facts) -> Value:
    """Seconds from the opening of a conversation to its first stay at a level."""
    return {**_time_to(facts.escalations), "table": _table(facts.escalations, _time_to)}


def time_at_level(facts: Facts) -> Value:
    """Seconds of stays at a level."""
    return {**_time_at(facts.escalations), "table": _table(facts.escalations, _time_at)}


def _time_to(stays: pl.DataFrame) -> Value:
    first = stays.unique("conversation", keep="first", maintain_order=True)
    return lapse(first.filter(pl.col("since_opened") >= 0)["since_opened"])


def _time_at(stays: pl.DataFrame) -> Value:
    return spans(stays.filter(pl.col("seconds") >= 0))


def _table(stays: pl.DataFrame, measure: Callable[[pl.DataFrame], Value]) -> list[Value]:
    return [
        {"level": level, "reason": reason, **measure(own)} for level, reason, own in _places(stays)
    ]


def _places(stays: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    parts = stays.partition_by("level", "reason", as_dict=True, maintain_order=True)
    for level, reason in sorted(parts):
        yield level, reason, parts[level, reason]
