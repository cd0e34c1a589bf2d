"""Volumes: messages, conversations and categories."""

import polars as pl

from socialcare.analytics.engine.calculations.shapes import Value
from socialcare.analytics.engine.facts import Facts


def inbound_volume(facts: Facts) -> Value:
    """Messages from customers and the public."""
    return _volume(facts.messages, pl.col("inbound"), pl.col("inward"))


def response_volume(facts: Facts) -> Value:
    """Messages from the brand."""
    return _volume(facts.messages, pl.col("outbound"), ~pl.col("inward"))


def _volume(messages: pl.DataFrame, counted: pl.Expr, way: pl.Expr) -> Value:
    sums = messages.select(
        value=counted.sum(),
        automated=(way & pl.col("automated")).sum(),
        internal=(way & pl.col("note")).sum(),
    ).row(0, named=True)
    return {"unit": "messages", **sums}


def volume_by_category(facts: Facts) -> Value:
    """Inbound messages by category and subcategory, most first."""
    names = [name for name in ("category", "subcategory") if name in facts.messages.columns]
    if "category" not in names:
        return {"unit": "messages", "table": []}
    inbound = facts.messages.select(*names, "inbound").filter("inbound")
    counted = inbound.group_by(names).agg(value=pl.len())
    counted = counted.with_columns(pl.col(names).cast(pl.String))
    ordered = counted.sort("value", *names, descending=[True, *(False for _ in names)])
    return {"unit": "messages", "table": ordered.to_dicts()}


def conversation_volume(facts: Facts) -> Value:
    """Conversations in which a customer wrote, and customers reached."""
    reached = facts.conversations.select("customer", "answered").filter("answered")
    return {
        "unit": "conversations",
        "value": facts.activity.height,
        "began": facts.conversations.height,
        "customers": facts.conversations["customer"].n_unique(),
        "customers_reached": reached["customer"].n_unique(),
    }
