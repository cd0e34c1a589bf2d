"""Scores: the chances of three classes as one number that falls into the likeliest."""

from socialcare.domain.sentiment import NEGATIVE_AT_MOST, POSITIVE_AT_LEAST

__all__ = ["sentiment_score"]

_NEUTRAL_SPAN = 0.98 * min(-NEGATIVE_AT_MOST, POSITIVE_AT_LEAST)


def sentiment_score(negative: float, neutral: float, positive: float) -> float:
    """From -1.0 to 1.0, in the class of `domain.sentiment` that is the likeliest.

    Within a class its chance is the size of the score. Of classes that are equally likely the
    negative one is taken first, then the positive: better looked at in vain than missed.

    >>> sentiment_score(0.75, 0.25, 0.0), sentiment_score(0.25, 0.5, 0.25)
    (-0.75, 0.0)
    """
    if negative >= max(neutral, positive):
        return min(NEGATIVE_AT_MOST, -negative)
    if positive >= neutral:
        return max(POSITIVE_AT_LEAST, positive)
    return _NEUTRAL_SPAN * (positive - negative)
