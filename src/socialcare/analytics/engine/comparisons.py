"""Comparisons: whether a part differs from the rest by more than chance.

Response times are compared by the log-rank test, which counts those who still wait; shares by the
two-proportion test.
Each part is compared with all others together, and the p-values of one metric are adjusted after
Holm, since among twenty agents one looks different by chance alone.
"""

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.facts import Facts
from socialcare.analytics.engine.rows import Ints
from socialcare.domain.statistics import holm, two_proportions

LEVEL = 0.05
"""The level below which a difference is called more than chance."""

MOST = 1000
"""How many parts are compared at most; beyond, a list of differences says nothing."""

Comparison: TypeAlias = dict[str, Any]


def compared(whole: Facts, parts: Sequence[Facts]) -> tuple[dict[str, Comparison], ...]:
    """For each part: how its response times and response rate compare with those of the rest.

    Returns:
        For each part `average_response_time`, `first_response_time` and `response_rate`, each
        with `test`, `p_value` (adjusted; None where there is too little) and `more_than_chance`.
    """
    if not 1 < len(parts) <= MOST:
        return tuple({} for _ in parts)
    found = {
        "average_response_time": _by_log_rank(whole.waits, [part.waits for part in parts]),
        "first_response_time": _by_log_rank(
            whole.waits.filter("first"), [part.waits.filter("first") for part in parts]
        ),
        "response_rate": _by_shares(whole.waits, [part.waits for part in parts]),
    }
    return tuple({name: each[i] for name, each in found.items()} for i in range(len(parts)))


def _by_log_rank(whole: pl.DataFrame, parts: Sequence[pl.DataFrame]) -> list[Comparison]:
    everyone = _Course.of(whole)
    return _judged("log-rank", [everyone.against(part) for part in parts])


def _by_shares(whole: pl.DataFrame, parts: Sequence[pl.DataFrame]) -> list[Comparison]:
    answered, n = whole.height - int(whole["pending"].sum()), whole.height
    p_values = []
    for part in parts:
        mine = part.height - int(part["pending"].sum())
        p_values.append(two_proportions(mine, part.height, answered - mine, n - part.height))
    return _judged("two-proportion", p_values)


def _judged(test: str, p_values: Sequence[float | None]) -> list[Comparison]:
    known = holm([p for p in p_values if p is not None])
    adjusted = iter(known)
    return [
        {
            "test": test,
            "p_value": (value := None if p is None else next(adjusted)),
            "more_than_chance": None if value is None else value < LEVEL,
        }
        for p in p_values
    ]


@attrs.frozen(kw_only=True, eq=False)
class _Course:
    """When waits ended, how many did, and how many were still open."""

    times: Ints
    ended: Ints
    at_risk: Ints

    @classmethod
    def of(cls, waits: pl.DataFrame) -> "_Course":
        seconds = np.sort(waits["seconds"].to_numpy())
        times, ended = np.unique(
            waits.filter(~pl.col("pending"))["seconds"].to_numpy(), return_counts=True
        )
        return cls(times=times, ended=ended, at_risk=len(seconds) - np.searchsorted(seconds, times))

    def against(self, part: pl.DataFrame) -> float | None:
        """The p-value of the log-rank test of a part against the rest (Mantel, 1966)."""
        mine = _Course.of(part)
        if not part.height or not len(self.times) or part.height == self.at_risk[0]:
            return None
        seconds = np.sort(part["seconds"].to_numpy())
        at_risk = len(seconds) - np.searchsorted(seconds, self.times)
        share = at_risk / self.at_risk
        expected = float((self.ended * share).sum())
        left = np.maximum(self.at_risk - 1, 1)
        spread = self.ended * share * (1 - share) * (self.at_risk - self.ended) / left
        variance = float(spread.sum())
        if variance <= 0:
            return None
        chi_square = (float(mine.ended.sum()) - expected) ** 2 / variance
        return math.erfc(math.sqrt(chi_square / 2))
