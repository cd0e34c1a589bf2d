"""What is said and where: sentiment, demand, listening, channels and peers."""

import polars as pl

from socialcare.analytics.engine.calculations.shapes import Value, count, lapse, share, untimed
from socialcare.analytics.engine.facts import Facts


def sentiment(facts: Facts) -> Value:
    """The mean score of customer messages."""
    if "sentiment" not in facts.messages.columns:
        return {"unit": "score", "value": None, "n": 0}
    # In order of size, so that the order of the rows can't change the last digit of the mean.
    scores = facts.messages.filter("by_customer")["sentiment"].drop_nulls().sort()
    return {"unit": "score", "value": scores.mean(), "n": len(scores)}


def sentiment_conversion(facts: Facts) -> Value:
    """Conversations that began negative and ended positive."""
    talks = facts.conversations
    if "converted" not in talks.columns:
        return share(0, 0, table=[])
    negative = talks.filter(pl.col("sentiment_first") == "negative")
    return share(
        count(negative, pl.col("converted")), negative.height, table=_sentiment_table(talks)
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
        return share(0, 0)
    inbound = facts.messages.filter("inbound")
    return share(count(inbound, pl.col(name).fill_null(value=False)), inbound.height)


def demand_share(facts: Facts) -> Value:
    """Inbound that merits attention, and that needs a response."""
    return {
        **_flagged(facts, "merits_attention"),
        "needs_response": _flagged(facts, "needs_response"),
    }


def indirect_mentions(facts: Facts) -> Value:
    """Inbound that was not addressed to the brand."""
    return _flagged(facts, "indirect")


def redirect_rate(facts: Facts) -> Value:
    """Conversations told to use another channel, and asked to."""
    talks = facts.conversations
    if "redirected" not in talks.columns:
        return share(0, 0, requested=None)
    told = talks.filter("redirected")
    asked = None
    if "requested" in talks.columns:
        asked = share(count(told, pl.col("requested")), told.height)
    return share(told.height, talks.height, requested=asked)


def public_to_private(facts: Facts) -> Value:
    """Conversations taken private, and the time to it."""
    talks = facts.conversations
    taken = talks["to_private"].filter(talks["began_public"] & talks["went_private"])
    return share(len(taken), int(talks["began_public"].sum()), time=lapse(taken))


def public_close(facts: Facts) -> Value:
    """Private conversations that closed in public."""
    talks, taken = facts.conversations, pl.col("went_private")
    return share(count(talks, taken & pl.col("closed_public")), count(talks, taken))


def peer_answers(facts: Facts) -> Value:
    """Conversations that a peer answered first, and what came of it.

    Resolved by peers alone is what was resolved without a response, by a status, or by the
    customer's thanks to a peer before any response.
    """
    if "author_role" not in facts.context.has:
        return share(0, 0, resolved_alone=share(0, 0), time=untimed(facts))
    talks = facts.conversations
    first = talks.filter("peer_first")
    resolved = facts.resolutions.filter(~pl.col("pending"))
    unanswered = resolved.filter(pl.col("responses") == 0)["conversation"]
    thanked = first.filter("peer_thanked")["conversation"]
    alone = first.filter(pl.col("conversation").is_in([*unanswered, *thanked]))
    every = pl.concat([resolved["conversation"], thanked]).n_unique()
    return share(
        first.height,
        talks.height,
        resolved_alone=share(alone.height, every),
        time=lapse(first["to_peer"]),
    )
