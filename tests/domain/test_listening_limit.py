"""Limits: an allowance stays small, and never lets through what it can't tell."""

from datetime import timedelta

import pytest

from builders import NINE
from socialcare.domain.listening_limit import Allowance, Limit
from socialcare.errors import InvalidValue

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("step", [1, -1])
def test_a_long_stream_goes_on_from_either_end(step: int) -> None:
    """Far beyond what is remembered, messages that fit are let through, forwards and backwards."""
    allowance = Allowance(Limit(messages=2))
    let = [allowance.lets(NINE + step * at * MINUTE) for at in range(25_000)]

    assert all(let)


def test_what_was_forgotten_can_not_be_told() -> None:
    """A message that is older than what is remembered is held back, though it might have fitted."""
    allowance = Allowance(Limit(messages=1))
    for at in range(20_000):
        allowance.lets(NINE + at * MINUTE)

    assert not allowance.lets(NINE + 30 * timedelta(seconds=1))
    assert allowance.lets(NINE + 20_000 * MINUTE)


@pytest.mark.parametrize("messages", [0, -1])
def test_a_limit_lets_something_through(messages: int) -> None:
    """To hear nothing one removes the query."""
    with pytest.raises(InvalidValue, match="at least one message"):
        Limit(messages=messages)


def test_a_limit_has_a_length() -> None:
    """So many in no time is no limit."""
    with pytest.raises(InvalidValue, match="some time"):
        Limit(messages=1, within=timedelta())
