"""What the detector promises, on simulated channels: few false alarms, and short delays.

The channels have the rhythm of a day and of a week, and every hour and every day a level of its
own that wavers by 22 % and 10 %.
With `SOCIALCARE_LONG=1` two hundred months are watched at each volume, which takes an hour.
"""

import os
from datetime import timedelta
from random import Random

import pytest

from socialcare.domain.crisis.chance import tail
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.rehearsal import Channel, alarms, delay

MONTH = timedelta(days=30)
POLICY = CrisisPolicy(false_alarm_every=MONTH)
NEVER = timedelta(days=2)

long = pytest.mark.skipif(
    os.environ.get("SOCIALCARE_LONG") != "1", reason="SOCIALCARE_LONG=1 runs it, for an hour"
)


def delays(channel: Channel, seeds: int, *, at: timedelta = timedelta(hours=13)) -> list[timedelta]:
    """How long a threefold rise goes unseen, for each seed."""
    return [
        delay(channel, POLICY, factor=3.0, at=at, chance=Random(seed)) or NEVER
        for seed in range(seeds)
    ]


def middle(lengths: list[timedelta]) -> timedelta:
    """The median of an odd number of delays."""
    return sorted(lengths)[len(lengths) // 2]


def test_a_quiet_channel_is_quiet() -> None:
    """A policy that allows a false alarm a day keeps its promise over a week.

    Were it raising them twice as often as it may, this would fail once in a hundred runs.
    """
    policy = CrisisPolicy(false_alarm_every=timedelta(days=1), history=timedelta(days=14))
    found = alarms(Channel(per_day=300.0), policy, days=8, chance=Random(2))

    assert tail(found, 8.0) > 0.01


def test_a_rise_is_found_at_a_small_channel() -> None:
    """At 70 messages a day a threefold rise is found within three hours, in the median."""
    assert middle(delays(Channel(per_day=70.0), 5)) <= timedelta(hours=3)


def test_a_rise_is_found_at_a_large_channel() -> None:
    """At 10,000 messages a day a threefold rise is found within ten minutes."""
    assert middle(delays(Channel(per_day=10_000.0), 3)) <= timedelta(minutes=10)


def test_a_rehearsal_can_be_repeated() -> None:
    """The same seed gives the same channel."""
    channel = Channel(per_day=70.0)

    assert channel.minutes(3, Random(5)) == channel.minutes(3, Random(5))


def test_a_channel_has_its_volume() -> None:
    """As many messages come as were asked for, and as many of them are negative."""
    volume, negative = Channel(per_day=700.0, negative=0.2).minutes(70, Random(5))

    assert sum(volume) / 70 == pytest.approx(700, rel=0.1)
    assert sum(negative) / sum(volume) == pytest.approx(0.2, abs=0.01)


@long
@pytest.mark.parametrize("per_day", [70.0, 1_000.0, 10_000.0])
@pytest.mark.parametrize("hourly", [0.05, 0.1])
def test_false_alarms_are_as_rare_as_declared(per_day: float, hourly: float) -> None:
    """With four weeks of history, one false alarm a month is not exceeded in 200 months."""
    channel = Channel(per_day=per_day, hourly=hourly, daily=hourly / 5)
    found = sum(alarms(channel, POLICY, days=60, chance=Random(seed)) for seed in range(100))

    assert found <= 200


@long
def test_a_channel_that_comes_back_is_no_crisis() -> None:
    """After nine days with a third of the messages, the return is within what was declared."""
    channel, course = Channel(per_day=200.0), dict.fromkeys(range(35, 44), 1 / 3)
    found = sum(
        alarms(channel, POLICY, days=30, chance=Random(seed), course=course) for seed in range(24)
    )

    assert found <= 24


@long
@pytest.mark.parametrize("hour", [9, 13, 17])
@pytest.mark.parametrize(
    ("per_day", "goal", "seeds"),
    [(70.0, timedelta(hours=3), 101), (10_000.0, timedelta(minutes=10), 31)],
)
def test_delays_are_within_the_goals(
    per_day: float, goal: timedelta, seeds: int, hour: int
) -> None:
    """A threefold rise is found in time, in the median, whenever in the working day it begins."""
    found = delays(Channel(per_day=per_day), seeds, at=timedelta(hours=hour))

    assert middle(found) <= goal
