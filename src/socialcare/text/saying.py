"""Saying: annotations with a confidence of three digits.

Annotations are frozen and classifiers say few that differ, so equal ones are the same one: making
them anew would be a good part of what reading a text costs.
"""

from functools import lru_cache

from socialcare.domain.annotation import Annotation, Sense, Value

__all__ = ["said", "yes_or_no"]

_REMEMBERED = 10_000


def said(sense: Sense, value: Value, *, by: str, confidence: float | None = None) -> Annotation:
    """What a classifier says; numbers to three digits."""
    shown = round(value, 3) if isinstance(value, float) else value
    return _made(sense, shown, by, None if confidence is None else min(1.0, round(confidence, 3)))


def yes_or_no(sense: Sense, share: float, *, by: str) -> Annotation:
    """Whether something is so, from the chance that it is.

    >>> yes_or_no(Sense.COMPLAINT, 0.25, by="rules 1").confidence
    0.75
    """
    return said(sense, share >= 0.5, by=by, confidence=max(share, 1 - share))


@lru_cache(_REMEMBERED)
def _made(sense: Sense, value: Value, by: str, confidence: float | None) -> Annotation:
    return Annotation(sense=sense, value=value, by=by, confidence=confidence)
