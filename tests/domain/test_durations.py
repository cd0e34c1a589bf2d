"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.durations import duration, duration_text
from socialcare.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(hours=24)),
        ("3d", timedelta(days=3)),
        ("1h30m", timedelta(minutes=90)),
        ("2w", timedelta(days=14)),
        (" 1 H 30 M ", timedelta(minutes=90)),
        ("0s", timedelta(0)),
        ("0.000001s", timedelta(microseconds=1)),
    ],
)
def test_a_duration_is_read(text: str, expected: timedelta) -> None:
    """Units follow their numbers; spaces and capitals do not matter."""
    assert duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "30", "m", "-3d", "30m1h", "1h1h", "1.5h", "3 days", "٣d", "9" * 5000 + "d"]
)
def test_anything_else_is_refused(text: str) -> None:
    """The message says where it stood and what would be right."""
    with pytest.raises(InvalidValue, match=r"gap: found .*, expected a duration such as"):
        duration(text, where="gap")


def test_a_duration_too_long_to_count_is_refused() -> None:
    """What no timedelta can hold is no bare OverflowError."""
    with pytest.raises(InvalidValue, match="fewer than a thousand million days"):
        duration("999999999w")


@given(st.timedeltas(timedelta(0), timedelta.max))
def test_what_is_written_reads_back(value: timedelta) -> None:
    """`duration` and `duration_text` are inverse."""
    assert duration(duration_text(value)) == value
