"""Sentiment classes: where a score stops being neutral."""

NEGATIVE_AT_MOST = -0.05
"""A score at or below is negative; the threshold that VADER's authors recommend."""

POSITIVE_AT_LEAST = 0.05
"""A score at or above is positive; the threshold that VADER's authors recommend."""


def sentiment_class(score: float | None) -> str:
    """`negative`, `neutral` or `positive`; `unknown` for a message that nobody scored.

    >>> sentiment_class(-0.6), sentiment_class(0.0), sentiment_class(0.05), sentiment_class(None)
    ('negative', 'neutral', 'positive', 'unknown')
    """
    if score is None:
        return "unknown"
    if score <= NEGATIVE_AT_MOST:
        return "negative"
    return "positive" if score >= POSITIVE_AT_LEAST else "neutral"
