"""Statistics: what a list of seconds or a pair of counts can say, and how surely.

Customers who still wait are *censored* observations: they have waited at least so long.
Leaving them out makes a desk that answers nobody look good, so beside the percentiles of what was
answered stand those of the survival curve, which counts everybody.

Where there is nothing to say the answer is None; it is never NaN, infinite or a guess.

Sources:

* quantiles: R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American
  Statistician 50 (1996), type 7, the default of R, NumPy and spreadsheets;
* survival: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations",
  Journal of the American Statistical Association 53 (1958);
* intervals of shares: E. B. Wilson, "Probable inference, the law of succession, and statistical
  inference", Journal of the American Statistical Association 22 (1927);
* two survival curves: N. Mantel, "Evaluation of survival data and two new rank order statistics
  arising in its consideration", Cancer Chemotherapy Reports 50 (1966), the log-rank test;
* two shares: I. Campbell, "Chi-squared and Fisher-Irwin tests of two-by-two tables with small
  sample recommendations", Statistics in Medicine 26 (2007);
* several comparisons: S. Holm, "A simple sequentially rejective multiple test procedure",
  Scandinavian Journal of Statistics 6 (1979).
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean

import attrs

from socialcare.errors import InvalidValue

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: two-sided 95 %."""
_ROUNDING = 1e-12
"""By how much a product of shares may miss a level that it reaches on paper."""

Steps = tuple[tuple[float, float], ...]
"""A survival curve: at each time, the share that is still waiting just after it."""


@attrs.frozen(kw_only=True)
class Summary:
    """What a list of durations comes to, in the unit of the durations.

    Attributes:
        n: How many have ended.
        pending: How many have not.
        mean: Over those that ended, as are the next four; None where there are none.
        median: The middle.
        p90: Nine in ten took no longer.
        p95: Nineteen in twenty took no longer.
        maximum: The longest.
        survival_median: The time by which half have ended with the pending ones counted; None
            where fewer than half are known to.
        survival_p90: The same for nine in ten.
    """

    n: int
    pending: int
    mean: float | None
    median: float | None
    p90: float | None
    p95: float | None
    maximum: float | None
    survival_median: float | None
    survival_p90: float | None


def summarise(durations: Iterable[float], censored: Iterable[float] = ()) -> Summary:
    """What the durations come to, and the survival quantiles with the censored ones counted.

    >>> summary = summarise([60, 120, 180], censored=[600])
    >>> summary.median, summary.survival_median, summary.survival_p90
    (120.0, 120, None)
    """
    ended, pending = sorted(durations), sorted(censored)
    curve = kaplan_meier(ended, pending)
    return Summary(
        n=len(ended),
        pending=len(pending),
        mean=fmean(ended) if ended else None,
        median=quantile(ended, 0.5),
        p90=quantile(ended, 0.9),
        p95=quantile(ended, 0.95),
        maximum=ended[-1] if ended else None,
        survival_median=survival_quantile(curve, 0.5),
        survival_p90=survival_quantile(curve, 0.9),
    )


def quantile(values: Iterable[float], q: float) -> float | None:
    """The value that a share `q` of the values does not exceed, interpolated (type 7).

    >>> quantile([1, 2, 3, 4], 0.5)
    2.5
    """
    _between(q, 0, 1, where="q")
    ranked = sorted(values)
    if not ranked:
        return None
    place = q * (len(ranked) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def kaplan_meier(durations: Iterable[float], censored: Iterable[float] = ()) -> Steps:
    """The share that still waits after each time at which something ended.

    An observation that is censored at a time at which another ended was at risk then.

    Returns:
        (time, survival) in order of time; the share is 1 before the first.

    >>> kaplan_meier([1, 3], censored=[2, 3])
    ((1, 0.75), (3, 0.375))
    """
    ended = Counter(durations)
    at_risk = sorted([*ended.elements(), *censored])
    survival = 1.0
    steps = []
    for time in sorted(ended):
        survival *= 1 - ended[time] / (len(at_risk) - bisect_left(at_risk, time))
        steps.append((time, survival))
    return tuple(steps)


def survival_quantile(curve: Iterable[tuple[float, float]], q: float) -> float | None:
    """The first time at which a share `q` has ended; None where the curve never falls so far.

    >>> survival_quantile(kaplan_meier([1, 3], censored=[2, 3]), 0.5)
    3
    """
    _between(q, 0, 1, where="q")
    return next((time for time, survival in curve if survival <= 1 - q + _ROUNDING), None)


def wilson(k: int, n: int) -> tuple[float, float] | None:
    """The 95 % interval of a share of `k` in `n`; None of none.

    Raises:
        InvalidValue: If `k` is not between 0 and `n`.

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    _between(k, 0, n, where="k")
    if n == 0:
        return None
    share, z2 = k / n, Z_95 * Z_95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = Z_95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if k == 0 else max(0.0, centre - reach)
    high = 1.0 if k == n else min(1.0, centre + reach)
    return (low, high)


@attrs.frozen(kw_only=True)
class Share:
    """So many out of so many.

    Attributes:
        k: How many there are of the kind.
        n: Out of how many.
    """

    k: int
    n: int

    @property
    def value(self) -> float | None:
        """The share; None of none."""
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval, by Wilson; None of none."""
        return wilson(self.k, self.n)


def log_rank(
    a: Iterable[float],
    a_censored: Iterable[float],
    b: Iterable[float],
    b_censored: Iterable[float],
) -> float | None:
    """How likely two groups with one survival curve differ at least so much: a p value.

    The log-rank test of Mantel, two-sided, against chi-squared with one degree of freedom.

    Returns:
        From 0 to 1; None where nothing ended while both groups were at risk.
    """
    ended_a, ended_b = Counter(a), Counter(b)
    risk_a = sorted([*ended_a.elements(), *a_censored])
    risk_b = sorted([*ended_b.elements(), *b_censored])
    surplus = variance = 0.0
    for time in sorted(ended_a.keys() | ended_b.keys()):
        n_a = len(risk_a) - bisect_left(risk_a, time)
        n = n_a + len(risk_b) - bisect_left(risk_b, time)
        ended = ended_a[time] + ended_b[time]
        surplus += ended_a[time] - ended * n_a / n
        if n > 1:
            variance += ended * (n_a / n) * (1 - n_a / n) * (n - ended) / (n - 1)
    return _p_of_chi_squared(surplus * surplus / variance) if variance > 0 else None


def two_proportions(k1: int, n1: int, k2: int, n2: int) -> float | None:
    """How likely two groups with one share differ at least so much: a p value.

    After Campbell: the "N - 1" chi-squared test where every expected count is at least one, else
    the exact test of Fisher with Irwin's rule for both sides.

    Returns:
        From 0 to 1; None where a group is empty.

    Raises:
        InvalidValue: If a count is not between 0 and its group's size.

    >>> round(two_proportions(15, 20, 5, 20), 4)
    0.0018
    """
    _between(k1, 0, n1, where="k1")
    _between(k2, 0, n2, where="k2")
    if n1 == 0 or n2 == 0:
        return None
    n, k = n1 + n2, k1 + k2
    if min(n1, n2) * min(k, n - k) < n:
        return _fisher_irwin(k1, n1, k, n)
    gap = k1 * (n2 - k2) - k2 * (n1 - k1)
    return _p_of_chi_squared(gap * gap * (n - 1) / (n1 * n2 * k * (n - k)))


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """The p values, adjusted for being several, in their order.

    One that is None stays so, and does not count as a comparison.

    >>> holm([0.01, None, 0.04, 0.03])
    (0.03, None, 0.06, 0.06)
    """
    adjusted: list[float | None] = [None] * len(p_values)
    ranked = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    highest = 0.0
    for rank, (p, place) in enumerate(ranked):
        highest = max(highest, min(1.0, p * (len(ranked) - rank)))
        adjusted[place] = highest
    return tuple(adjusted)


def _p_of_chi_squared(value: float) -> float:
    """The chance of at least this much under chi-squared with one degree of freedom."""
    return math.erfc(math.sqrt(value / 2))


def _fisher_irwin(k1: int, n1: int, k: int, n: int) -> float:
    """The chance, with the margins given, of a table no likelier than this one."""
    possible = range(max(0, k - (n - n1)), min(n1, k) + 1)
    chances = {x: _log_choose(n1, x) + _log_choose(n - n1, k - x) for x in possible}
    total = math.fsum(math.exp(chance - _log_choose(n, k)) for chance in chances.values())
    as_rare = [chance for chance in chances.values() if chance <= chances[k1] + 1e-7]
    return min(1.0, math.fsum(math.exp(c - _log_choose(n, k)) for c in as_rare) / total)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _between(value: float, low: float, high: float, *, where: str) -> None:
    if not low <= value <= high:
        raise InvalidValue(value, where=where, right=f"a number from {low} to {high}")
