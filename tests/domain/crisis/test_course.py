"""A course: the same findings however it is fed, and whether or not it is written down between."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crises import said
from socialcare.domain.crisis.course import Course, Told
from socialcare.domain.crisis.observation import Observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.rehearsal import Channel
from socialcare.domain.crisis.states import CrisisState, Happening
from socialcare.domain.crisis.stored import course_from, past_text, recent_text

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
POLICY = CrisisPolicy(
    windows=CrisisPolicy().windows[:5], history=timedelta(days=14), learns_from=timedelta(days=14)
)
DAYS = 16
OUTAGE = MONDAY + timedelta(days=14, hours=13)


@cache
def came() -> tuple[Observation, ...]:
    """Sixteen days of a small channel, with an outage on the fifteenth."""
    chance = Random(11)
    volume, negative = Channel(per_day=100.0).minutes(DAYS, chance)
    usual = [
        said(0, f"customer {number} {minute}", at=MONDAY + timedelta(minutes=minute), negative=bad)
        for minute, count in enumerate(volume)
        for number in range(count)
        for bad in [number < negative[minute]]
    ]
    loud = [
        said(
            0,
            f"victim {each}",
            "all payments fail",
            at=OUTAGE + timedelta(minutes=each / 2),
            terms=("all", "payments", "fail"),
        )
        for each in range(120)
    ]
    return tuple(sorted((*usual, *loud), key=lambda one: one.at))


def gone(moments: Iterable[datetime], *, written: bool = False) -> tuple[Course, list[Told]]:
    """The course and its findings, if it goes on at these moments."""
    course, waiting, found = Course(policy=POLICY), list(came()), list[Told]()
    for moment in moments:
        new = [one for one in waiting if one.at < moment]
        waiting = waiting[len(new) :]
        course, told = course.with_observations(new).step(now=moment)
        found.extend(told)
        if written:
            again = course_from(recent_text(course), past_text(course), POLICY)
            assert again == course
            course = again
    return course, found


@cache
def at_once() -> tuple[Course, list[Told]]:
    """The course that goes all the way in one step."""
    return gone([MONDAY + timedelta(days=DAYS)])


def test_the_outage_is_found() -> None:
    """After two weeks of history it watches, and says what the messages have in common."""
    _, (told, *_) = at_once()

    assert told.finding.at - OUTAGE < timedelta(minutes=30)
    assert ("term", "payments") in {(each.kind, each.name) for each in told.drivers}


@given(seed=st.integers(0, 1000))
@settings(max_examples=4)
def test_any_batches_find_the_same(seed: int) -> None:
    """However often it goes on, and written down in between or not, it finds the same."""
    chance = Random(seed)
    moments = {MONDAY + timedelta(minutes=chance.randrange(DAYS * 1440)) for _ in range(6)}
    moments |= {OUTAGE + timedelta(minutes=chance.randrange(180)) for _ in range(4)}
    ends = [*sorted(moments), MONDAY + timedelta(days=DAYS)]

    assert gone(ends, written=seed % 2 == 0) == at_once()


def test_it_says_from_when_it_watches() -> None:
    """There is no detector before there is history enough, and it is known when there will be."""
    course, _ = gone([MONDAY + timedelta(days=3)])

    assert course.watch is None
    assert course.state is CrisisState.WATCHING
    assert course.watches_from is not None
    assert timedelta(0) <= course.watches_from - (MONDAY + POLICY.history) < timedelta(hours=6)


def test_history_that_comes_late_is_history() -> None:
    """An import in any order, before anything is watched, teaches the same."""
    shuffled = list(came())
    Random(3).shuffle(shuffled)
    course = Course(policy=POLICY)
    for start in range(0, len(shuffled), 500):
        course = course.with_observations(shuffled[start : start + 500])
    course, found = course.step(now=MONDAY + timedelta(days=DAYS))

    assert found == tuple(at_once()[1])


def test_people_decide() -> None:
    """A decision that changes nothing is none; one that does is kept."""
    course, _ = gone([OUTAGE])
    declared = course.decided(Happening.DECLARED, now=OUTAGE)

    assert course.decided(Happening.DISMISSED, now=OUTAGE) is course
    assert declared.state is CrisisState.DECLARED


def test_another_form_is_none() -> None:
    """What another release wrote in another form is not read."""
    course, _ = gone([MONDAY])
    other = recent_text(course).replace("socialcare.crisis/1", "socialcare.crisis/9")

    assert course_from(other, past_text(course), POLICY) is None
