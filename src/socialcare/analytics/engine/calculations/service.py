"""How fast and how fully customers are answered: response times, rates, attainment, backlog."""

import polars as pl

from socialcare.analytics.engine.calculations.shapes import Value, count, share, times
from socialcare.analytics.engine.facts import Facts
from socialcare.analytics.engine.promised import UNDECIDED
from socialcare.domain.policy import Target
from socialcare.domain.sla.rules import Promised


def first_response_time(facts: Facts) -> Value:
    """Seconds of first waits."""
    return times(facts.waits, facts, where="first")


def average_response_time(facts: Facts) -> Value:
    """Seconds of all waits."""
    return times(facts.waits, facts)


def response_rate(facts: Facts) -> Value:
    """Waits closed of waits opened, and conversations answered."""
    return share(
        count(facts.waits, ~pl.col("pending")),
        facts.waits.height,
        conversations=share(
            count(facts.conversations, pl.col("answered")), facts.conversations.height
        ),
    )


def sla_attainment(facts: Facts) -> Value:
    """What met its target, of what is decided."""
    return _targets(facts) if facts.context.promises is None else _promises(facts)


def _promises(facts: Facts) -> Value:
    """By the clocks of a service level policy."""
    parts = {
        target.value: _kept(facts.clocks.filter(target=target.value))
        if target.value in (facts.context.promises or ())
        else None
        for target in Promised
    }
    whole = _kept(facts.clocks)
    return {**whole, **parts}


def _kept(clocks: pl.DataFrame) -> Value:
    met, breached, undecided = (
        count(clocks, pl.col("outcome") == each) for each in ("met", "breached", UNDECIDED)
    )
    return share(met, met + breached, undecided=undecided)


def _targets(facts: Facts) -> Value:
    """By the targets of the measurement policy."""
    first = pl.col("first")
    parts = {
        Target.FIRST_RESPONSE: _attained(facts.waits, first, Target.FIRST_RESPONSE, facts),
        Target.NEXT_RESPONSE: _attained(facts.waits, ~first, Target.NEXT_RESPONSE, facts),
        Target.RESOLUTION: _attained(facts.resolutions, pl.lit(True), Target.RESOLUTION, facts),
    }
    known = [part for part in parts.values() if part is not None]
    return share(
        sum(part["k"] for part in known),
        sum(part["n"] for part in known),
        undecided=sum(part["undecided"] for part in known),
        **{target.value: part for target, part in parts.items()},
    )


def _attained(spans: pl.DataFrame, counts: pl.Expr, target: Target, facts: Facts) -> Value | None:
    promised = facts.context.policy.targets.of(target)
    if promised is None:
        return None
    frame = spans.filter(counts)
    lasted = pl.col("seconds" if facts.context.clock is None else "business")
    within = lasted <= promised.total_seconds()
    met = count(frame, within & ~pl.col("pending"))
    undecided = count(frame, within & pl.col("pending"))
    return share(met, frame.height - undecided, undecided=undecided)


def resolution_time(facts: Facts) -> Value:
    """Seconds until the resolution that closes."""
    return times(facts.resolutions, facts)


def time_to_first_resolution(facts: Facts) -> Value:
    """Seconds until the first resolution."""
    return times(facts.resolutions, facts, "first_")


def reopen_rate(facts: Facts) -> Value:
    """Reopened conversations of resolved ones."""
    return _share_of(facts.resolutions, ~pl.col("first_pending"), pl.col("reopened") > 0)


def first_contact_resolution(facts: Facts) -> Value:
    """Resolved with one response and not reopened."""
    once = (pl.col("responses") == 1) & (pl.col("reopened") == 0)
    return _share_of(facts.resolutions, ~pl.col("pending"), once)


def in_channel_resolution(facts: Facts) -> Value:
    """Resolved on the channel where they began."""
    answered = ~pl.col("pending") & (pl.col("responses") > 0)
    return _share_of(facts.resolutions, answered, pl.col("in_channel"))


def _share_of(frame: pl.DataFrame, whole: pl.Expr, condition: pl.Expr) -> Value:
    """The share of the rows that meet a condition among those that are the whole."""
    return share(count(frame, whole & condition), count(frame, whole))


def backlog(facts: Facts) -> Value:
    """Conversations waiting at `as_of`, and the age of the oldest."""
    waiting = facts.waits.select("conversation", "opened", "pending").filter("pending")
    oldest = waiting.select(pl.col("opened").min()).item()
    return {
        "unit": "conversations",
        "value": waiting["conversation"].n_unique(),
        "oldest": None if oldest is None else facts.context.end - oldest,
    }
