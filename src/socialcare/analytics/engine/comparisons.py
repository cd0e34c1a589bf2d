"""Comparisons: whether a part differs from the rest by more than chance.

Response times are compared by the log-rank test, which counts those who still wait; shares by the
two-proportion test.
Each part is compared with all others together, and the p-values of one metric are adjusted after
Holm, since among twenty agents one looks different by chance alone.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.analytics.engine.facts import CREDITED, Facts
from socialcare.domain.statistics import holm, two_proportions

LEVEL = 0.05
"""The level below which a difference is called more than chance."""

FEWEST = 5
"""How many answers are to be expected at least, in a part and in the rest, to say anything."""

MOST = 1000
"""How many parts are compared at most; beyond, a list of differences says nothing."""

Comparison: TypeAlias = dict[str, Any]


def compared(
    whole: Facts, parts: Sequence[tuple[Mapping[str, object], Facts]]
) -> tuple[dict[str, Comparison], ...]:
    """For each part: how its response times and response rate compare with those of the rest.

    An agent is compared with other agents: nobody is credited with a wait that is pending, so
    such waits are left out where agents or teams are told apart.

    Args:
        whole: All of it.
        parts: Its parts, each with its keys.

    Returns:
        For each part `average_response_time`, `first_response_time` and `response_rate`, each
        with `test`, `p_value` (adjusted; None where there is too little) and `more_than_chance`.
        Empty where there is nothing to compare a part with.
    """
    credited = {f"by_{name}" for name in CREDITED}
    named = [all(keys[name] is not None for name in keys if name in credited) for keys, _ in parts]
    compared_ones = [part for (_, part), known in zip(parts, named, strict=True) if known]
    if not 1 < len(compared_ones) <= MOST:
        return tuple({} for _ in parts)
    by_credit = [name for name in whole.waits.columns if name in credited]
    everyone = whole.waits.drop_nulls(by_credit) if by_credit else whole.waits
    found = _tests(everyone, [part.waits for part in compared_ones], rates=not by_credit)
    each = iter(found)
    return tuple(next(each) if known else {} for known in named)


def _tests(
    whole: pl.DataFrame, parts: Sequence[pl.DataFrame], *, rates: bool
) -> list[dict[str, Comparison]]:
    found = {
        "average_response_time": _by_log_rank(whole, parts),
        "first_response_time": _by_log_rank(
            whole.filter("first"), [part.filter("first") for part in parts]
        ),
    }
    if rates:
        found["response_rate"] = _by_shares(whole, parts)
    return [{name: each[i] for name, each in found.items()} for i in range(len(parts))]


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
        # The test leans on the normal distribution, which few events do not have.
        if variance <= 0 or min(expected, float(self.ended.sum()) - expected) < FEWEST:
            return None
        chi_square = (float(mine.ended.sum()) - expected) ** 2 / variance
        return math.erfc(math.sqrt(chi_square / 2))
