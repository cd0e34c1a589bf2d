"""What a list of seconds or a pair of counts can say."""

import math
import statistics

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from socialcare.domain.statistics import (
    holm,
    kaplan_meier,
    log_rank,
    quantile,
    summarise,
    survival_quantile,
    two_proportions,
    wilson,
)
from socialcare.errors import InvalidValue

SECONDS = st.lists(st.integers(0, 1000), max_size=40)
SOME_SECONDS = st.lists(st.integers(0, 1000), min_size=2, max_size=40)
COUNTS = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))

# Remission of leukaemia in weeks, under 6-mercaptopurine and under placebo: Freireich and others,
# "The effect of 6-mercaptopurine on the duration of steroid-induced remissions in acute
# leukemia", Blood 21 (1963), the common example of survival analysis.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
TREATED_ON = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_nothing_says_nothing() -> None:
    """Of no durations there is a count of zero and no value."""
    summary = summarise([])

    assert (summary.n, summary.pending) == (0, 0)
    assert {summary.mean, summary.median, summary.p95, summary.maximum} == {None}
    assert {summary.survival_median, summary.survival_p90} == {None}


def test_a_summary() -> None:
    """Percentiles over what ended, survival over everybody."""
    summary = summarise([40, 10, 30, 20], censored=[100, 5])

    assert (summary.n, summary.pending, summary.mean) == (4, 2, 25.0)
    assert (summary.median, summary.p90, summary.maximum) == (25.0, 37.0, 40)
    assert summary.survival_median == 30


def test_the_pending_push_the_median_up() -> None:
    """Customers who were never answered count against the desk."""
    answered = summarise([60, 60])
    with_pending = summarise([60, 60], censored=[900, 900, 900])

    assert answered.survival_median == 60
    assert with_pending.median == 60
    assert with_pending.survival_median is None


@given(SOME_SECONDS)
def test_quantiles_are_those_of_the_standard_library(values: list[int]) -> None:
    """Type 7 is what Python calls inclusive."""
    for place, cut in enumerate(statistics.quantiles(values, n=20, method="inclusive"), start=1):
        assert quantile(values, place / 20) == pytest.approx(cut)


@given(st.lists(st.floats(0, 1e9), min_size=1), st.floats(0, 1))
def test_a_quantile_lies_within(values: list[float], q: float) -> None:
    """It is between the least and the greatest, which it reaches at 0 and 1."""
    found = quantile(values, q)

    assert found is not None
    assert min(values) <= found <= max(values) * (1 + 1e-12)
    assert (quantile(values, 0), quantile(values, 1)) == (min(values), max(values))


def test_kaplan_meier_is_as_published() -> None:
    """The curve of the treated patients, as in the textbooks."""
    curve = dict(kaplan_meier(TREATED, TREATED_ON))

    assert {time: round(share, 3) for time, share in curve.items()} == {
        6: 0.857,
        7: 0.807,
        10: 0.753,
        13: 0.69,
        16: 0.627,
        22: 0.538,
        23: 0.448,
    }
    assert survival_quantile(kaplan_meier(TREATED, TREATED_ON), 0.5) == 23


@given(st.lists(st.integers(0, 1000), min_size=1), st.sampled_from((0.5, 0.9, 0.25)))
def test_without_pending_survival_is_the_empirical_quantile(values: list[int], q: float) -> None:
    """The least value that a share of at least q does not exceed."""
    least = sorted(values)[math.ceil(q * len(values) - 1e-9) - 1]

    assert survival_quantile(kaplan_meier(values), q) == least


@given(SECONDS, SECONDS)
def test_survival_falls_from_one_to_no_less_than_zero(ended: list[int], on: list[int]) -> None:
    """It never rises, and reaches zero only if nobody waits longer than the last who ended."""
    shares = [share for _, share in kaplan_meier(ended, on)]

    assert shares == sorted(shares, reverse=True)
    assert all(-1e-12 <= share <= 1 for share in shares)


@given(SECONDS, SECONDS, st.integers(0, 1000))
def test_a_longer_wait_never_lowers_the_median(ended: list[int], on: list[int], more: int) -> None:
    """One more who still waits, longer than anybody, leaves or raises it."""
    before = survival_quantile(kaplan_meier(ended, on), 0.5)
    after = survival_quantile(kaplan_meier(ended, [*on, 1000 + more]), 0.5)

    assert before is None or after is None or after >= before


def test_wilson_is_as_published() -> None:
    """Two shares from Newcombe, Statistics in Medicine 17 (1998), table I."""
    low, high = wilson(81, 263) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)

    low, high = wilson(0, 20) or (0, 0)
    assert (low, round(high, 4)) == (0, 0.1611)


def test_a_share_of_nothing_has_no_interval() -> None:
    """None, and neither zero nor everything."""
    assert wilson(0, 0) is None


@given(COUNTS)
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    """It lies between 0 and 1 and around k/n."""
    k, n = counts
    assume(n > 0)
    low, high = wilson(k, n) or (1, 0)

    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1


@pytest.mark.parametrize("counts", [(-1, 5), (6, 5)])
def test_impossible_counts_are_refused(counts: tuple[int, int]) -> None:
    """More than all, or less than none, is an error and not a share."""
    with pytest.raises(InvalidValue, match="k: found"):
        wilson(*counts)
    with pytest.raises(InvalidValue, match="k2: found"):
        two_proportions(1, 5, *counts)


def test_the_log_rank_test_is_as_published() -> None:
    """Chi-squared 16.79 for the two groups of patients."""
    p = log_rank(TREATED, TREATED_ON, PLACEBO, [])

    assert p == pytest.approx(math.erfc(math.sqrt(16.793 / 2)), rel=1e-3)


@given(SECONDS, SECONDS, SECONDS, SECONDS)
def test_log_rank_is_a_probability_and_takes_no_side(
    a: list[int], a_on: list[int], b: list[int], b_on: list[int]
) -> None:
    """From 0 to 1 or None, the same with the groups exchanged."""
    p, mirrored = log_rank(a, a_on, b, b_on), log_rank(b, b_on, a, a_on)

    assert p is None or 0 <= p <= 1
    assert p == pytest.approx(mirrored) if p is not None else mirrored is None


@given(SECONDS, SECONDS)
def test_log_rank_of_equals_sees_no_difference(ended: list[int], on: list[int]) -> None:
    """A group against itself has p = 1, or nothing to say."""
    p = log_rank(ended, on, ended, on)

    assert p is None or p == pytest.approx(1)


def test_log_rank_without_ends_says_nothing() -> None:
    """Where nobody was answered, or one group is empty, there is nothing to compare."""
    assert log_rank([], [1, 2], [], [3]) is None
    assert log_rank([1, 2], [], [], []) is None


def test_large_counts_are_tested_by_chi_squared() -> None:
    """The N - 1 test: 10 (N - 1)/N of Pearson's 10 for 15 in 20 against 5 in 20."""
    p = two_proportions(15, 20, 5, 20)

    assert p == pytest.approx(math.erfc(math.sqrt(10 * 39 / 40 / 2)))


def test_small_counts_are_tested_exactly() -> None:
    """Three of three against none of seventeen is one table in 1140."""
    assert two_proportions(3, 3, 0, 17) == pytest.approx(1 / 1140)


def test_equal_shares_do_not_differ() -> None:
    """None of either, all of both, the same of each."""
    assert two_proportions(0, 5, 0, 9) == pytest.approx(1)
    assert two_proportions(5, 5, 9, 9) == pytest.approx(1)
    assert two_proportions(10, 20, 20, 40) == pytest.approx(1)


def test_an_empty_group_says_nothing() -> None:
    """There is no share to compare with."""
    assert two_proportions(0, 0, 3, 5) is None


@given(COUNTS, COUNTS)
def test_two_proportions_is_a_probability_and_takes_no_side(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    """From 0 to 1 or None, the same with the groups exchanged and the count inverted."""
    p = two_proportions(*one, *other)
    (k1, n1), (k2, n2) = one, other

    assert p is None or 0 <= p <= 1
    assert (p is None) == (n1 == 0 or n2 == 0)
    if p is not None:
        assert p == pytest.approx(two_proportions(k2, n2, k1, n1))
        assert p == pytest.approx(two_proportions(n1 - k1, n1, n2 - k2, n2))


def test_large_groups_are_tested_fast() -> None:
    """Millions with a rare event take the exact test and still end."""
    p = two_proportions(1, 3_000_000, 0, 10)

    assert p == pytest.approx(1)


def test_holm_is_as_published() -> None:
    """Each p times the number of those not smaller, never less than the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


@given(st.lists(st.one_of(st.none(), st.floats(0, 1))))
def test_holm_only_raises(p_values: list[float | None]) -> None:
    """Adjusted values are no smaller, at most 1, in the same order, None where there was none."""
    adjusted = holm(p_values)
    both = zip(p_values, adjusted, strict=True)
    pairs = sorted((p, a) for p, a in both if p is not None and a is not None)

    assert [p is None for p in p_values] == [a is None for a in adjusted]
    assert all(p <= a <= 1 for p, a in pairs)
    assert [a for _, a in pairs] == sorted(a for _, a in pairs)
