"""Volume: how many times as much is said as usual, one message at a time and in columns."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builders import answers, asks
from socialcare.analytics.volume import times_usual
from socialcare.domain.volume import HOUR, WEEK, Volume

seconds = st.lists(
    st.builds(
        lambda week, hour, second: week * WEEK + hour * HOUR + second,
        st.integers(0, 10),
        st.integers(0, 3),
        st.integers(0, HOUR),
    ),
    min_size=1,
    max_size=60,
    unique=True,
)


@given(seconds)
def test_one_at_a_time_is_as_in_columns(sent: list[int]) -> None:
    """Fed in the order of time it says of each message what the columns say of all."""
    volume, found = Volume(), []
    for second in sorted(sent):
        message = asks(second / 60, id=str(second))
        found.append(volume.times_usual(message))
        volume.add(message)
    ordered = np.array(sorted(sent))
    since = np.full(len(ordered), ordered[0])
    expected = times_usual(ordered * 0, ordered, since)

    ours = [np.nan if each is None else each for each in found]
    assert np.allclose(ours, expected, equal_nan=True)


def test_nobody_knows_in_the_first_week() -> None:
    """Before a week has passed nothing is usual."""
    volume = Volume()
    volume.add(asks(0))

    assert volume.times_usual(asks(60)) is None


def test_topics_are_apart() -> None:
    """A category is counted by itself, and in its brand; brands are apart."""
    volume, week = Volume(), WEEK / 60
    for minutes in range(60):
        volume.add(asks(minutes, category="delivery"))
    now = 60 + week

    assert volume.times_usual(asks(now, category="delivery")) == (1 + 5) / (59 + 5)
    assert volume.times_usual(asks(now)) == (1 + 5) / (59 + 5)
    assert volume.times_usual(asks(now, category="price")) == (1 + 5) / (0 + 5)
    assert volume.times_usual(asks(now, brand="north")) is None


def test_only_what_customers_say_counts() -> None:
    """An answer is nothing that was said about the brand."""
    volume, week = Volume(), WEEK / 60
    volume.add(asks(0))
    for minutes in range(1, 60):
        volume.add(answers(minutes))

    assert volume.times_usual(asks(60 + week)) == (1 + 5) / (0 + 5)


def test_old_messages_are_let_go_of() -> None:
    """What is older than nine weeks is not kept, however much comes."""
    volume = Volume()
    for number in range(20_001):
        volume.add(asks(number * 10))
    kept = sum(len(seconds) for seconds in volume._topics.values())

    assert kept < 20_001
