"""When customers write and somebody is there: the hour of the week, in and out of hours."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.analytics.engine.calculations.shapes import Value, times
from socialcare.analytics.engine.facts import Facts

Hours: TypeAlias = npt.NDArray[np.uint8]

_HOURS = 7 * 24


def hour_of_week(facts: Facts) -> Value:
    """Inbound, response time and coverage by local weekday and hour."""
    local = facts.context.local
    table = pl.DataFrame(
        {
            "hour": np.arange(_HOURS),
            "inbound": np.bincount(_hours_of(facts, "inbound"), minlength=_HOURS),
            "responses": np.bincount(_hours_of(facts, "response"), minlength=_HOURS),
            "agents": _agents(facts),
            "median_response_time": _speed(facts),
        }
    )
    rows = table.select(
        pl.col("hour") // 24,
        pl.col("hour").mod(24).alias("of_day"),
        pl.exclude("hour"),
    ).rename({"hour": "weekday", "of_day": "hour"})
    return {"unit": "7x24 table", "timezone": local.zone, "table": rows.to_dicts()}


def _hours_of(facts: Facts, kind: str) -> Hours:
    """The hour of the week of each message of a kind."""
    return facts.messages["hour_of_week"].filter(facts.messages[kind]).to_numpy()


def _agents(facts: Facts) -> Ints:
    """How many agents answered in each hour of the week."""
    if "agent_id" not in facts.messages.columns:
        return np.zeros(_HOURS, np.int64)
    # Agents by number, so that a table of hours by agents can be ticked off; nobody is 0.
    number = (pl.col("agent_id").filter("response").to_physical() + 1).fill_null(0)
    agent = facts.messages.select(number)["agent_id"].to_numpy()
    seen = np.zeros((_HOURS, int(agent.max(initial=0)) + 1), np.bool_)
    seen[_hours_of(facts, "response"), agent] = True
    return np.asarray(seen[:, 1:].sum(axis=1))


def _speed(facts: Facts) -> pl.Series:
    """The median response time of the waits that opened in each hour of the week."""
    waits = facts.waits.select("opened", "seconds", "pending").filter(~pl.col("pending"))
    opened, seconds = waits["opened"].to_numpy(), waits["seconds"].to_numpy()
    # Sorted by hour and duration, the median of each hour stands in the middle of its run.
    room = int(seconds.max(initial=0)).bit_length()
    # An hour takes eight bits; what fits into 32 is sorted in half the time.
    kind = np.dtype(np.uint32 if room <= 24 else np.int64)
    ordered: Ints = facts.context.local.hour_of_week(opened).astype(kind) << room
    ordered |= seconds.astype(kind)
    ordered.sort()
    next_hours: Ints = np.arange(1, _HOURS + 1, dtype=kind) << room
    ends = np.searchsorted(ordered, next_hours)
    starts = np.concatenate(([0], ends[:-1]))
    known = ends > starts
    middle = np.stack((starts + (ends - starts - 1) // 2, starts + (ends - starts) // 2))
    medians = (ordered[middle[:, known]] & ((1 << room) - 1)).mean(axis=0)
    found = np.full(_HOURS, np.nan)
    found[known] = medians
    return pl.Series("median_response_time", found, nan_to_null=True)


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
