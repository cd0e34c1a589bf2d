"""How good a classifier or a queue is, against what people said."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.evaluation import Label, evaluation, queue_quality
from socialcare.domain.statistics import wilson
from socialcare.errors import InvalidValue

LABELS = st.sampled_from(["a", "b", "c"])
PAIRS = st.lists(st.tuples(LABELS, st.none() | LABELS), max_size=30)


def of(pairs: list[tuple[Label, Label | None]], draws: int = 20) -> object:
    """An evaluation with a fixed source of chance."""
    return evaluation(pairs, chance=Random(7).random, draws=draws)


def test_precision_recall_and_f1() -> None:
    """The figures are those that one works out by hand."""
    pairs: list[tuple[Label, Label | None]] = [
        *[("bad", "bad")] * 6, *[("good", "bad")] * 2, *[("bad", "good")] * 3, ("bad", None),
    ]  # fmt: skip
    found = evaluation(pairs, chance=Random(7).random)

    assert found["bad"].precision.value == 6 / 8
    assert found["bad"].recall.value == 6 / 10
    assert found["bad"].f1.value == pytest.approx(12 / 18)
    assert found["good"].f1.value == 0
    assert found.macro_f1.value == pytest.approx(6 / 18)
    assert (found.n, found.unknown, found.correct.k) == (12, 1, 6)


def test_shares_have_wilsons_interval() -> None:
    """Precision and recall bring their intervals."""
    found = evaluation([(True, True), (True, False)], chance=Random(7).random)

    assert found[True].recall.interval == wilson(1, 2)


def test_unknown_costs_recall_only() -> None:
    """Who says nothing is not wrong, but has not found anything either."""
    found = evaluation([("a", "a"), ("a", None)], chance=Random(7).random)

    assert (found["a"].precision.value, found["a"].recall.value) == (1.0, 0.5)


def test_nothing_says_nothing() -> None:
    """Of no messages every figure is None."""
    found = evaluation([], chance=Random(7).random)

    assert found.labels == ()
    assert (found.macro_f1.value, found.macro_f1.interval, found.correct.value) == (
        None,
        None,
        None,
    )


@given(PAIRS)
def test_the_same_chance_gives_the_same_intervals(pairs: list[tuple[Label, Label | None]]) -> None:
    """An evaluation can be repeated to the last digit."""
    assert of(pairs) == of(pairs)


def test_the_interval_holds_the_value_and_narrows() -> None:
    """More messages of the same kind say more surely."""
    pairs: list[tuple[Label, Label | None]] = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")] * 10
    few = evaluation(pairs, chance=Random(7).random)
    many = evaluation(pairs * 20, chance=Random(7).random)

    assert few.macro_f1.interval is not None
    assert many.macro_f1.interval is not None
    assert few.macro_f1.value is not None
    assert few.macro_f1.interval[0] < few.macro_f1.value < few.macro_f1.interval[1]
    assert many.macro_f1.interval[1] - many.macro_f1.interval[0] < 0.1


def test_a_label_that_nobody_used_is_named() -> None:
    """Asking for it says which there are."""
    with pytest.raises(InvalidValue, match="'a'"):
        evaluation([("a", "a")], chance=Random(7).random)["b"]


def test_the_front_of_a_queue() -> None:
    """The share of the first tier among the first k, and how much of it is there."""
    found = queue_quality([True, False, True, True, False, True], 4)

    assert (found.share.k, found.share.n) == (3, 4)
    assert (found.found.k, found.found.n) == (3, 4)
    assert found.share.interval == wilson(3, 4)


def test_a_short_queue() -> None:
    """A queue with fewer than k messages is all front."""
    assert queue_quality([True], 10).share.value == 1.0
    assert queue_quality([], 10).share.value is None


@pytest.mark.parametrize("k", [0, -1])
def test_a_front_has_a_length(k: int) -> None:
    """`k` is at least one, and so is the number of draws."""
    with pytest.raises(InvalidValue, match="k"):
        queue_quality([True], k)
    with pytest.raises(InvalidValue, match="draws"):
        evaluation([], chance=Random(7).random, draws=k)
