"""What is usual: learnt from history, with a past crisis or an outage in it or not."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

import pytest

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.learning import learnt
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.rehearsal import Channel
from socialcare.domain.crisis.week import LocalWeek
from socialcare.errors import InvalidPolicy

MONDAY = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
POLICY = CrisisPolicy()
CHANNEL = Channel(per_day=400.0)
HOUR, DAY = 12, 288
"""In steps of five minutes."""


@cache
def history(*, seed: int = 1, days: int = 28) -> tuple[int, ...]:
    """Messages in each five minutes of a channel, from a Monday on."""
    minutes, _ = CHANNEL.minutes(days, Random(seed))
    return tuple(sum(minutes[at : at + 5]) for at in range(0, len(minutes), 5))


def known(counts: tuple[int, ...], *, policy: CrisisPolicy = POLICY) -> Baseline:
    """What these counts teach."""
    return learnt("volume", counts, start=MONDAY, policy=policy)


def of_a_week(baseline: Baseline) -> float:
    """Messages that are expected in a week."""
    return sum(baseline.rate(MONDAY + 1800 + 3600 * hour) for hour in range(168))


def changed(begin: int, end: int, factor: float) -> tuple[int, ...]:
    """The history with so many times as many between two steps."""
    return tuple(
        round(count * factor) if begin <= step < end else count
        for step, count in enumerate(history())
    )


def test_the_rhythm_is_learnt() -> None:
    """Noon is expected to be busier than the night, and a Monday than a Sunday."""
    baseline = known(history())
    noon, night = (baseline.rate(MONDAY + 3600 * hour) for hour in (12, 3))
    sunday = baseline.rate(MONDAY + 6 * 86_400 + 12 * 3600)

    assert noon == pytest.approx(400 / 24 * 1.6 / 0.98 * 1.1, rel=0.15)
    assert noon > 8 * night
    assert noon > 1.15 * sunday


def test_the_level_is_right() -> None:
    """The expected week has as many messages as the weeks had."""
    assert of_a_week(known(history())) == pytest.approx(sum(history()) / 4, rel=0.05)


@pytest.mark.parametrize(
    ("begin", "end", "factor"),
    [
        (15 * DAY + 12 * HOUR, 15 * DAY + 18 * HOUR, 10.0),
        (14 * DAY, 17 * DAY, 8.0),
        (14 * DAY, 18 * DAY, 0.0),
        (8 * DAY + 9 * HOUR, 8 * DAY + 15 * HOUR, 0.0),
    ],
    ids=["a crisis of hours", "a crisis of days", "an outage of days", "an outage of hours"],
)
def test_what_was_not_usual_is_left_out(begin: int, end: int, factor: float) -> None:
    """A past crisis and a past outage leave the baseline as it would be without."""
    clean, poisoned = known(history()), known(changed(begin, end, factor))

    assert of_a_week(poisoned) == pytest.approx(of_a_week(clean), rel=0.08)
    assert poisoned.spreads[3600].wavering < clean.spreads[3600].wavering + 0.1


def test_the_spread_is_estimated() -> None:
    """The wavering of hours is found, somewhat on the safe side."""
    wavering = known(history()).spreads[3600].wavering

    assert 0.03 < wavering < 0.15


def test_longer_windows_waver_less() -> None:
    """What hours of their own do evens out over more of them."""
    spreads = known(history()).spreads
    waverings = [spreads[seconds].wavering for seconds in sorted(spreads)]

    assert waverings == sorted(waverings, reverse=True)


def test_little_history_is_no_error() -> None:
    """A handful of messages teaches a level and nothing of hours and days."""
    counts = tuple(1 if step % 1000 == 7 else 0 for step in range(28 * DAY))
    baseline = known(counts)

    assert len(set(baseline.profile)) == 1
    assert of_a_week(baseline) == pytest.approx(9.5 / 4, rel=0.05)


def test_a_rare_topic_is_expected_rarely() -> None:
    """Where most days have none, the few that have one still teach how many to expect."""
    chance = Random(3)
    counts = tuple(int(chance.random() < 0.7 / DAY) for _ in range(91 * DAY))

    assert of_a_week(known(counts)) == pytest.approx(7 * 0.7, rel=0.5)


def test_no_history_expects_next_to_nothing() -> None:
    """A topic that was never there is expected almost never, but not never."""
    rate = known((0,) * (28 * DAY)).rate(MONDAY)

    assert 0 < rate < 0.01


def test_growth_is_followed() -> None:
    """The level is that of the end of the history, not of its middle."""
    grown = tuple(
        count + (count * (step // (7 * DAY)) + 2) // 4 for step, count in enumerate(history())
    )
    last = sum(grown[-7 * DAY :])

    assert of_a_week(known(grown)) == pytest.approx(last, rel=0.2)


@pytest.mark.parametrize(("seen", "moved"), [(0.0, 0.96), (1.0, 1.0), (50.0, 1.04)])
def test_one_day_moves_the_level_little(seen: float, moved: float) -> None:
    """Neither an outage nor a crisis of a day drags the level along."""
    baseline = known(history())
    usual = 400.0 / baseline.level
    after = baseline.with_day(seen * 400.0, usual)

    assert after.level / baseline.level == pytest.approx(moved, abs=0.02)


def test_a_level_that_was_known_is_expected() -> None:
    """After days with a third of the messages, as many as before are still expected."""
    before = known(history())
    after = before
    for _ in range(9):
        after = after.with_day(400.0 / 3, 400.0 / before.level)

    assert after.level < 0.75 * before.level
    assert after.expected_level > 0.85 * before.level


def test_a_share_is_learnt() -> None:
    """Of a share it is learnt which part of the messages to expect, hour by hour."""
    volume, negative = Channel(per_day=2000.0, negative=0.2).minutes(28, Random(4))
    of, bad = (
        [sum(each[at : at + 5]) for at in range(0, len(each), 5)] for each in (volume, negative)
    )
    share = learnt("negative share", bad, start=MONDAY, policy=POLICY, of=of)
    rates = [share.rate(MONDAY + 1800 + 3600 * hour) for hour in range(168)]

    assert sum(rates) / 168 == pytest.approx(0.2, rel=0.05)
    assert all(0.1 < rate < 0.4 for rate in rates)


def test_a_share_of_a_small_channel_is_learnt() -> None:
    """At hours at which nobody ever writes, a share is what it is over all."""
    volume, negative = Channel(per_day=40.0, hours=(*[0.0] * 8, *[1.0] * 16)).minutes(28, Random(4))
    of, bad = (
        [sum(each[at : at + 5]) for at in range(0, len(each), 5)] for each in (volume, negative)
    )
    share = learnt("negative share", bad, start=MONDAY, policy=POLICY, of=of)

    assert 0.15 < min(share.profile) <= max(share.profile) < 0.6
    assert share.level == pytest.approx(1.0, abs=0.3)


def test_a_new_level_can_be_given() -> None:
    """Somebody who adds a channel can say so."""
    baseline = known(history())

    assert baseline.with_level(2 * baseline.level).rate(MONDAY) == 2 * baseline.rate(MONDAY)


def test_the_hours_are_local() -> None:
    """When clocks change, the busy hours change with them."""
    week = LocalWeek(timezone="Europe/Berlin")
    before = int(datetime(2026, 3, 27, 8, tzinfo=UTC).timestamp())
    after = int(datetime(2026, 3, 30, 8, tzinfo=UTC).timestamp())

    assert week.hour(before) == 4 * 24 + 9
    assert week.hour(after) == 10


def test_a_repeated_hour_is_expected_twice() -> None:
    """In the night in which clocks go back, both hours from two to three have their messages."""
    week = LocalWeek(timezone="Europe/Berlin")
    first = int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp())

    assert week.hour(first) == week.hour(first + 3600) == 6 * 24 + 2


def test_zones_of_half_hours_have_their_hours() -> None:
    """In Kolkata an hour begins at half past of UTC."""
    week = LocalWeek(timezone="Asia/Kolkata")
    half_past = MONDAY + 1800

    assert week.hour(half_past) == week.hour(half_past - 1) + 1
    assert week.into_hour(half_past) == 0


def test_holidays_are_like_sundays() -> None:
    """A Wednesday in the list has the hours of a Sunday."""
    week = LocalWeek(timezone="UTC", holidays=frozenset({date(2026, 1, 7)}))

    assert week.hour(MONDAY + 2 * 86_400) == 6 * 24


def test_expected_counts_go_over_evenly() -> None:
    """Nothing jumps at a full hour."""
    baseline = known(history())
    hour = MONDAY + 8 * 3600

    assert baseline.rate(hour) == pytest.approx(baseline.rate(hour - 1), rel=0.01)


def test_a_baseline_reads_back_equal() -> None:
    """What was written to JSON is what is read."""
    baseline = known(history(), policy=CrisisPolicy(holidays=[date(2026, 1, 7)]))

    assert Baseline.from_mapping(baseline.to_mapping()) == baseline


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("profile", [1.0], "stored: profile: found 1, expected 168 numbers, none below zero"),
        ("seen", -1, "stored: seen: found -1, expected a number, zero or more"),
        ("spreads", [{"seconds": 300, "clumps": 0, "wavering": 0}], "spreads[0].clumps: found 0"),
        ("sen", 1, "found 'sen', expected a key out of seen"),
        ("half_life", 7, "stored: half_life: found 7, expected a duration"),
    ],
)
def test_a_damaged_baseline_is_refused(key: str, value: object, said: str) -> None:
    """What is wrong in a stored baseline is told with its place."""
    mapping = {**known(history()).to_mapping(), key: value}

    with pytest.raises(InvalidPolicy) as wrong:
        Baseline.from_mapping(mapping, where="stored")
    assert said in str(wrong.value)


def test_learning_starts_anywhere() -> None:
    """A history that begins within an hour teaches the same rhythm."""
    whole = known(history())
    cut = learnt("volume", history()[7:], start=MONDAY + 7 * 300, policy=POLICY)

    assert of_a_week(cut) == pytest.approx(of_a_week(whole), rel=0.02)


def test_half_lives_are_those_of_the_policy() -> None:
    """A policy that adapts faster moves its level further in a day."""
    fast = known(history(), policy=CrisisPolicy(adapts_in=timedelta(days=2)))
    slow = known(history())

    assert fast.with_day(500.0, 400.0).level > slow.with_day(500.0, 400.0).level
