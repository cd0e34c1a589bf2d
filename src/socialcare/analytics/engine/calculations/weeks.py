"""When customers write and somebody is there: the hour of the week, in and out of hours."""

import numpy as np
import polars as pl

from socialcare.analytics.engine.calculations.shapes import Value, times
from socialcare.analytics.engine.facts import Facts


def hour_of_week(facts: Facts) -> Value:
    """Inbound, response time and coverage by local weekday and hour."""
    local = facts.context.local
    spoken = facts.messages.filter(pl.col("inbound") | pl.col("response"))
    heard = spoken.with_columns(hour=pl.Series(local.hour_of_week(spoken["second"].to_numpy())))
    agent = pl.col("agent_id") if "agent_id" in heard.columns else pl.lit(None, pl.String)
    talk = heard.group_by("hour").agg(
        inbound=pl.col("inbound").sum(),
        responses=pl.col("response").sum(),
        agents=agent.filter(pl.col("response")).drop_nulls().n_unique(),
    )
    return {"unit": "7x24 table", "timezone": local.zone, "table": _week(talk, facts)}


def _week(talk: pl.DataFrame, facts: Facts) -> list[Value]:
    """All 168 hours, Monday first."""
    answered = facts.waits.filter(~pl.col("pending"))
    hour = pl.Series("hour", facts.context.local.hour_of_week(answered["opened"].to_numpy()))
    speed = answered.with_columns(hour).group_by("hour").agg(median=pl.col("seconds").median())
    hours = pl.DataFrame({"hour": np.arange(168)})
    table = hours.join(talk, on="hour", how="left").join(speed, on="hour", how="left").sort("hour")
    return table.select(
        weekday=pl.col("hour") // 24,
        hour=pl.col("hour") % 24,
        inbound=pl.col("inbound").fill_null(0),
        responses=pl.col("responses").fill_null(0),
        agents=pl.col("agents").fill_null(0),
        median_response_time=pl.col("median"),
    ).to_dicts()


def operating_hours(facts: Facts) -> Value:
    """First response time of conversations that began in hours and out."""
    if facts.context.clock is None:
        return {"unit": "s", "inside": None, "outside": None}
    first = facts.waits.filter("first").join(
        facts.conversations.select("conversation", "inside_hours"), on="conversation", how="left"
    )
    return {
        "unit": "s",
        "inside": times(first.filter("inside_hours"), facts),
        "outside": times(first.filter(~pl.col("inside_hours")), facts),
    }
