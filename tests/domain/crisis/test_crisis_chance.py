"""How often chance brings so many: the tails, and the rates of windows."""

from math import exp, factorial, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare.domain.crisis.chance import Spread, lower_tail, rate_of_chance, tail

means = st.floats(0.01, 200.0)
counts = st.integers(1, 400)
few = settings(max_examples=40)


def test_the_tail_is_poissons() -> None:
    """Without excess it is one minus the chances of fewer."""
    fewer = sum(exp(-3.0) * 3.0**count / factorial(count) for count in range(7))

    assert tail(7, 3.0) == pytest.approx(1 - fewer)


def test_the_tail_is_negative_binomial() -> None:
    """With an excess it is that law with the same mean and variance: here a geometric one."""
    mean = 4.0  # a geometric law of that mean has the variance 4 + 16
    share = mean / (mean + 1)

    assert tail(10, mean, excess=16.0) == pytest.approx(share**10)


@few
@given(count=counts, mean=means, excess=st.floats(0.0, 500.0))
def test_tails_meet(count: int, mean: float, excess: float) -> None:
    """So many or more, and fewer than so many, are all there is."""
    assert tail(count, mean, excess) + lower_tail(count - 1, mean, excess) == pytest.approx(1.0)


@few
@given(count=counts, mean=means)
def test_more_is_rarer(count: int, mean: float) -> None:
    """A larger count is never more likely."""
    assert tail(count + 1, mean) <= tail(count, mean) + 1e-9


@few
@given(count=counts, mean=st.floats(0.1, 50.0))
def test_excess_makes_large_counts_likelier(count: int, mean: float) -> None:
    """Where counts waver, a far larger one says less."""
    far = int(3 * mean) + count + 5

    assert tail(far, mean, excess=mean) >= tail(far, mean)


def test_a_tiny_excess_is_none() -> None:
    """The two laws go over into each other."""
    assert isclose(tail(30, 12.0, excess=1e-3), tail(30, 12.0), rel_tol=1e-2)


def test_the_rate_is_bounded_by_the_looks() -> None:
    """What is looked at ten times an hour is found ten times an hour at most."""
    assert rate_of_chance(1, 50.0, 0.0, coming=50.0, looks=10.0) <= 10.0


def test_doubt_widens_the_spread() -> None:
    """An expected count that is itself uncertain allows for more."""
    assert Spread().excess(10.0, doubt=0.01) == pytest.approx(1.0)
