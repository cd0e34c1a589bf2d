"""What service takes: handling time and money."""

import polars as pl

from socialcare.analytics.engine.calculations.shapes import Value, distribution
from socialcare.analytics.engine.facts import Facts


def handling_time(facts: Facts) -> Value:
    """Handling seconds of conversations."""
    return distribution(_handled(facts)["seconds"].to_numpy())


def _handled(facts: Facts) -> pl.DataFrame:
    return (
        facts.handling.group_by("conversation_id", maintain_order=True)
        .agg(pl.col("seconds").sum())
        .sort("seconds")
    )


def average_handling_time(facts: Facts) -> Value:
    """The mean of handling seconds, over all and for each agent."""
    whole = handling_time(facts)
    each = facts.handling.group_by("agent_id", "conversation_id", maintain_order=True).agg(
        pl.col("seconds").sum()
    )
    agents = each.group_by("agent_id", maintain_order=True).agg(
        value=pl.col("seconds").mean(), n=pl.len()
    )
    return {
        "unit": "s",
        "value": whole["mean"],
        "n": whole["n"],
        "by_agent": agents.sort("agent_id").to_dicts(),
    }


def total_handling_time(facts: Facts) -> Value:
    """The sum of handling seconds."""
    if "handling" not in facts.context.has:
        return {"unit": "s", "value": None}
    return {"unit": "s", "value": float(facts.handling["seconds"].sum())}


def cost_per_contact(facts: Facts) -> Value:
    """The mean cost of a conversation by the user's table."""
    paid = _costs(facts)
    value = None if paid is None or not paid.height else paid["cost"].mean()
    return {"unit": _currency(facts), "value": value, "n": 0 if paid is None else paid.height}


def cost_avoided(facts: Facts) -> Value:
    """What the alternative would have cost, less what it cost."""
    paid, costs = _costs(facts), facts.context.policy.costs
    value = None
    if paid is not None and costs is not None and costs.alternative is not None:
        value = float((costs.alternative - paid["cost"]).sum())
    return {"unit": _currency(facts), "value": value, "n": 0 if paid is None else paid.height}


def _currency(facts: Facts) -> str:
    costs = facts.context.policy.costs
    return "currency" if costs is None else costs.currency


def _costs(facts: Facts) -> pl.DataFrame | None:
    """Conversations on channels whose cost is known, each with `cost`."""
    costs = facts.context.policy.costs
    if costs is None:
        return None
    table = pl.DataFrame(
        {"channel": [*costs.per_contact], "cost": [*costs.per_contact.values()]},
        schema={"channel": pl.String, "cost": pl.Float64},
    )
    channels = facts.conversations.select(pl.col("channel").cast(pl.String))
    return channels.join(table, on="channel")
