"""Every metric of the catalogue, computed from facts.

One function a metric, each of them short: facts in, plain values out.
What the data do not allow is named with the reason, and has `None` where its value would be.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import polars as pl

from socialcare.analytics.facts import Facts
from socialcare.analytics.statistics import summarise
from socialcare.domain.catalogue import INPUTS, METRICS
from socialcare.domain.policy import Target
from socialcare.domain.statistics import Summary, wilson

Value: TypeAlias = dict[str, Any]
"""A metric as plain values: numbers, texts, None, lists and dicts of them."""


def calculate(facts: Facts) -> dict[str, Value]:
    """Every metric by name, in the order of the catalogue."""
    return {one.name: _CALCULATIONS[one.name](facts) for one in METRICS}


def not_computed(has: frozenset[str]) -> dict[str, str]:
    """The metrics that the data do not allow, each with the reason.

    Args:
        has: What the data have, by the names of `catalogue.INPUTS`.
    """
    missing = {one.name: [need for need in one.needs if need not in has] for one in METRICS}
    return {
        name: f"needs {' and '.join(INPUTS[need] for need in needs)}"
        for name, needs in missing.items()
        if needs
    }


def _share(k: int, n: int, **more: Any) -> Value:
    interval = wilson(k, n)
    return {
        "unit": "share",
        "value": k / n if n else None,
        "k": k,
        "n": n,
        "interval": None if interval is None else list(interval),
        **more,
    }


def _times(frame: pl.DataFrame, facts: Facts, prefix: str = "") -> Value:
    """A time metric of `seconds`, `business` and `pending`."""
    pending = frame[f"{prefix}pending"].to_numpy()
    value = _summary(summarise(frame[f"{prefix}seconds"].to_numpy(), pending))
    business = None
    if facts.context.clock is not None:
        business = _summary(summarise(frame[f"{prefix}business"].to_numpy(), pending))
    return {"unit": "s", **value, "business": business}


def _summary(summary: Summary) -> Value:
    return {
        "n": summary.n,
        "pending": summary.pending,
        "mean": summary.mean,
        "median": summary.median,
        "p90": summary.p90,
        "p95": summary.p95,
        "max": summary.maximum,
        "survival": {"median": summary.survival_median, "p90": summary.survival_p90},
    }


def _lapse(seconds: pl.Series, facts: Facts) -> Value:
    """A time metric of something that never waits: only what happened counts."""
    done = seconds.to_frame("seconds").with_columns(
        pending=pl.lit(value=False), business=pl.lit(0, pl.Int64)
    )
    return {**_times(done, facts), "business": None}


def _count(frame: pl.DataFrame, condition: pl.Expr) -> int:
    return int(frame.select(condition.sum()).item() or 0)


def _inbound_volume(facts: Facts) -> Value:
    return _volume(facts.messages, pl.col("inbound"), pl.col("inward"))


def _response_volume(facts: Facts) -> Value:
    return _volume(facts.messages, pl.col("outbound"), ~pl.col("inward"))


def _volume(messages: pl.DataFrame, counted: pl.Expr, way: pl.Expr) -> Value:
    sums = messages.select(
        value=counted.sum(),
        automated=(way & pl.col("automated")).sum(),
        internal=(way & pl.col("note")).sum(),
    ).row(0, named=True)
    return {"unit": "messages", **sums}


def _volume_by_category(facts: Facts) -> Value:
    names = [name for name in ("category", "subcategory") if name in facts.messages.columns]
    if "category" not in names:
        return {"unit": "messages", "table": []}
    counted = facts.messages.filter("inbound").group_by(names).agg(value=pl.len())
    counted = counted.with_columns(pl.col(names).cast(pl.String))
    ordered = counted.sort("value", *names, descending=[True, *(False for _ in names)])
    return {"unit": "messages", "table": ordered.to_dicts()}


def _conversation_volume(facts: Facts) -> Value:
    reached = facts.conversations.filter("answered")
    return {
        "unit": "conversations",
        "value": facts.activity.height,
        "began": facts.conversations.height,
        "customers": facts.conversations["customer"].n_unique(),
        "customers_reached": reached["customer"].n_unique(),
    }


def _first_response_time(facts: Facts) -> Value:
    return _times(facts.waits.filter("first"), facts)


def _average_response_time(facts: Facts) -> Value:
    return _times(facts.waits, facts)


def _response_rate(facts: Facts) -> Value:
    return _share(
        _count(facts.waits, ~pl.col("pending")),
        facts.waits.height,
        conversations=_share(
            _count(facts.conversations, pl.col("answered")), facts.conversations.height
        ),
    )


def _handling_time(facts: Facts) -> Value:
    return _distribution(_handled(facts)["seconds"].to_numpy())


def _handled(facts: Facts) -> pl.DataFrame:
    return facts.handling.group_by("conversation_id").agg(pl.col("seconds").sum()).sort("seconds")


def _distribution(seconds: "np.ndarray[Any, np.dtype[np.float64]]") -> Value:
    """Durations that all have ended, of parts of seconds."""
    if not len(seconds):
        return {"unit": "s", **dict.fromkeys(("n", "mean", "median", "p90", "p95", "max"))} | {
            "n": 0
        }
    median, p90, p95 = (float(q) for q in np.quantile(seconds, (0.5, 0.9, 0.95)))
    return {
        "unit": "s",
        "n": len(seconds),
        "mean": float(seconds.mean()),
        "median": median,
        "p90": p90,
        "p95": p95,
        "max": float(seconds.max()),
    }


def _average_handling_time(facts: Facts) -> Value:
    whole = _handling_time(facts)
    each = facts.handling.group_by("agent_id", "conversation_id").agg(pl.col("seconds").sum())
    agents = each.group_by("agent_id").agg(value=pl.col("seconds").mean(), n=pl.len())
    return {
        "unit": "s",
        "value": whole["mean"],
        "n": whole["n"],
        "by_agent": agents.sort("agent_id").to_dicts(),
    }


def _total_handling_time(facts: Facts) -> Value:
    if "handling" not in facts.context.has:
        return {"unit": "s", "value": None}
    return {"unit": "s", "value": float(facts.handling["seconds"].sum())}


def _sla_attainment(facts: Facts) -> Value:
    first, following = facts.waits.filter("first"), facts.waits.filter(~pl.col("first"))
    parts = {
        Target.FIRST_RESPONSE: _attained(first, Target.FIRST_RESPONSE, facts),
        Target.NEXT_RESPONSE: _attained(following, Target.NEXT_RESPONSE, facts),
        Target.RESOLUTION: _attained(facts.resolutions, Target.RESOLUTION, facts),
    }
    known = [part for part in parts.values() if part is not None]
    return _share(
        sum(part["k"] for part in known),
        sum(part["n"] for part in known),
        undecided=sum(part["undecided"] for part in known),
        **{target.value: part for target, part in parts.items()},
    )


def _attained(frame: pl.DataFrame, target: Target, facts: Facts) -> Value | None:
    promised = facts.context.policy.targets.of(target)
    if promised is None:
        return None
    lasted = pl.col("seconds" if facts.context.clock is None else "business")
    within = lasted <= promised.total_seconds()
    met = _count(frame, within & ~pl.col("pending"))
    undecided = _count(frame, within & pl.col("pending"))
    return _share(met, frame.height - undecided, undecided=undecided)


def _resolution_time(facts: Facts) -> Value:
    return _times(facts.resolutions, facts)


def _time_to_first_resolution(facts: Facts) -> Value:
    return _times(facts.resolutions, facts, "first_")


def _reopen_rate(facts: Facts) -> Value:
    resolved = facts.resolutions.filter(~pl.col("first_pending"))
    return _share(_count(resolved, pl.col("reopened") > 0), resolved.height)


def _first_contact_resolution(facts: Facts) -> Value:
    resolved = facts.resolutions.filter(~pl.col("pending"))
    once = (pl.col("responses") == 1) & (pl.col("reopened") == 0)
    return _share(_count(resolved, once), resolved.height)


def _backlog(facts: Facts) -> Value:
    waiting = facts.waits.filter("pending")
    oldest = waiting.select(pl.col("opened").min()).item()
    return {
        "unit": "conversations",
        "value": waiting["conversation"].n_unique(),
        "oldest": None if oldest is None else facts.context.end - oldest,
    }


def _in_channel_resolution(facts: Facts) -> Value:
    resolved = facts.resolutions.filter(~pl.col("pending") & (pl.col("responses") > 0))
    return _share(_count(resolved, pl.col("in_channel")), resolved.height)


def _sentiment(facts: Facts) -> Value:
    if "sentiment" not in facts.messages.columns:
        return {"unit": "score", "value": None, "n": 0}
    scores = facts.messages.filter("by_customer")["sentiment"].drop_nulls()
    return {"unit": "score", "value": scores.mean(), "n": len(scores)}


def _sentiment_conversion(facts: Facts) -> Value:
    talks = facts.conversations
    if "converted" not in talks.columns:
        return _share(0, 0, table=[])
    negative = talks.filter(pl.col("sentiment_first") == "negative")
    return _share(
        _count(negative, pl.col("converted")), negative.height, table=_sentiment_table(talks)
    )


def _sentiment_table(talks: pl.DataFrame) -> list[Value]:
    """Conversations by first and last sentiment; those that nobody scored are unknown to both."""
    pairs_of = talks.group_by("sentiment_first", "sentiment_last").len()
    counted = {(first, last): count for first, last, count in pairs_of.rows()}
    classes = ("negative", "neutral", "positive")
    pairs = [*((first, last) for first in classes for last in classes), ("unknown", "unknown")]
    return [
        {"first": first, "last": last, "conversations": counted.get((first, last), 0)}
        for first, last in pairs
    ]


def _flagged(facts: Facts, name: str) -> Value:
    if name not in facts.messages.columns:
        return _share(0, 0)
    inbound = facts.messages.filter("inbound")
    return _share(_count(inbound, pl.col(name).fill_null(value=False)), inbound.height)


def _demand_share(facts: Facts) -> Value:
    return {
        **_flagged(facts, "merits_attention"),
        "needs_response": _flagged(facts, "needs_response"),
    }


def _indirect_mentions(facts: Facts) -> Value:
    return _flagged(facts, "indirect")


def _redirect_rate(facts: Facts) -> Value:
    talks = facts.conversations
    if "redirected" not in talks.columns:
        return _share(0, 0, requested=None)
    told = talks.filter("redirected")
    asked = None
    if "requested" in talks.columns:
        asked = _share(_count(told, pl.col("requested")), told.height)
    return _share(told.height, talks.height, requested=asked)


def _public_to_private(facts: Facts) -> Value:
    public = facts.conversations.filter("began_public")
    taken = public.filter("went_private")
    return _share(taken.height, public.height, time=_lapse(taken["to_private"], facts))


def _public_close(facts: Facts) -> Value:
    taken = facts.conversations.filter("went_private")
    return _share(_count(taken, pl.col("closed_public")), taken.height)


def _peer_answers(facts: Facts) -> Value:
    if "author_role" not in facts.context.has:
        return _share(
            0, 0, resolved_alone=_share(0, 0), time=_lapse(pl.Series([], dtype=pl.Int64), facts)
        )
    talks = facts.conversations
    first = talks.filter("peer_first")
    resolved = facts.resolutions.filter(~pl.col("pending"))
    alone = resolved.filter(pl.col("responses") == 0).join(first, on="conversation", how="semi")
    return _share(
        first.height,
        talks.height,
        resolved_alone=_share(alone.height, resolved.height),
        time=_lapse(first["to_peer"], facts),
    )


def _approval_wait(facts: Facts) -> Value:
    return _lapse(pl.Series([], dtype=pl.Int64), facts)


def _escalation_rate(facts: Facts) -> Value:  # noqa: ARG001 - all calculations are called alike
    return _share(0, 0)


def _cost_per_contact(facts: Facts) -> Value:
    paid = _costs(facts)
    value = None if paid is None or not paid.height else paid["cost"].mean()
    return {"unit": _currency(facts), "value": value, "n": 0 if paid is None else paid.height}


def _cost_avoided(facts: Facts) -> Value:
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


def _hour_of_week(facts: Facts) -> Value:
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


def _operating_hours(facts: Facts) -> Value:
    if facts.context.clock is None:
        return {"unit": "s", "inside": None, "outside": None}
    first = facts.waits.filter("first").join(
        facts.conversations.select("conversation", "inside_hours"), on="conversation", how="left"
    )
    return {
        "unit": "s",
        "inside": _times(first.filter("inside_hours"), facts),
        "outside": _times(first.filter(~pl.col("inside_hours")), facts),
    }


_CALCULATIONS: Mapping[str, Callable[[Facts], Value]] = {
    "inbound_volume": _inbound_volume,
    "response_volume": _response_volume,
    "volume_by_category": _volume_by_category,
    "conversation_volume": _conversation_volume,
    "first_response_time": _first_response_time,
    "average_response_time": _average_response_time,
    "response_rate": _response_rate,
    "sla_attainment": _sla_attainment,
    "handling_time": _handling_time,
    "average_handling_time": _average_handling_time,
    "total_handling_time": _total_handling_time,
    "resolution_time": _resolution_time,
    "time_to_first_resolution": _time_to_first_resolution,
    "reopen_rate": _reopen_rate,
    "first_contact_resolution": _first_contact_resolution,
    "backlog": _backlog,
    "in_channel_resolution": _in_channel_resolution,
    "sentiment": _sentiment,
    "sentiment_conversion": _sentiment_conversion,
    "demand_share": _demand_share,
    "indirect_mentions": _indirect_mentions,
    "redirect_rate": _redirect_rate,
    "public_to_private": _public_to_private,
    "public_close": _public_close,
    "peer_answers": _peer_answers,
    "approval_wait": _approval_wait,
    "escalation_rate": _escalation_rate,
    "time_to_escalate": _approval_wait,
    "cost_per_contact": _cost_per_contact,
    "cost_avoided": _cost_avoided,
    "hour_of_week": _hour_of_week,
    "operating_hours": _operating_hours,
}
