"""The pieces of a clock: stretches in which one target holds, counted from one instant.

A piece ends where the terms change, where the clock is closed for a while, and where it begins to
count anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

import attrs

from socialcare.domain.sla.facts import Terms
from socialcare.domain.sla.promises import Promise
from socialcare.domain.sla.rules import OnChange

__all__ = ["Piece", "pieces"]


@attrs.frozen(kw_only=True)
class Piece:
    """A stretch of a clock in which one target holds, counted from one instant.

    Attributes:
        begins: Its first instant.
        ends: The first after it; None for the last piece of a clock that is not over.
        since: From when the time counts.
        terms: What is promised; None where nothing is.
        runs: Whether the clock runs, and is not closed in between.
    """

    begins: datetime
    ends: datetime | None
    since: datetime
    terms: Terms | None
    runs: bool


def pieces(
    promise: Promise, terms: Sequence[tuple[datetime, Terms | None]], on_change: OnChange
) -> Iterator[Piece]:
    """The pieces of a clock, in order; the last may be without length."""
    marks = {promise.opened_at, *promise.anew, *(at for at, _ in terms)}
    marks |= {edge for stretch in promise.settled for edge in stretch}
    ordered = sorted(marks)
    since, holding = promise.opened_at, terms[0][1]
    changed: Mapping[datetime, Terms | None] = dict(terms)
    for begins, ends in pairwise((*ordered, promise.closed_at)):
        if begins is None:
            continue
        if begins in changed:
            restarts = on_change is OnChange.RESTART and begins != promise.opened_at
            since = begins if restarts and holding is not None else since
            holding = changed[begins]
        since = begins if begins in promise.anew else since
        closed = any(first <= begins < last for first, last in promise.settled)
        yield Piece(begins=begins, ends=ends, since=since, terms=holding, runs=not closed)
