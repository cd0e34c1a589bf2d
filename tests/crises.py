"""Observations and baselines in few words, for tests of the crisis detector.

A quiet channel has six messages an hour around the clock, two of them negative.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import attrs

from builders import at
from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.chance import Spread
from socialcare.domain.crisis.detector import Change, CrisisWatch, Finding, Flood, step
from socialcare.domain.crisis.observation import Observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.rehearsal import Channel
from socialcare.domain.crisis.windows import Rise
from socialcare.domain.fingerprint import fingerprint
from socialcare.domain.message import Author, AuthorRole, Direction, Message

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
OUTAGE = MONDAY + timedelta(days=16, hours=13)
_WORDS = ("parcel", "order", "card", "app", "phone", "agent", "refund", "delivery", "late", "store")
HOURLY = {"volume": 6.0, "negative": 2.0, "negative share": 1 / 3}
POLICY = CrisisPolicy()


def flat(series: str, *, policy: CrisisPolicy = POLICY, hourly: float | None = None) -> Baseline:
    """A baseline that is the same at every hour."""
    rate = HOURLY.get(series, 0.1) if hourly is None else hourly
    return Baseline(
        series=series,
        week=policy.week,
        profile=(rate,) * 168,
        doubts=(0.0,) * 168,
        spreads={
            window // timedelta(seconds=1): Spread(clumps=1.2, wavering=0.05)
            for window in policy.windows
        },
        seen=1000.0,
        usual=1000.0,
        half_life=policy.adapts_in,
    )


def quiet(policy: CrisisPolicy = POLICY, *, minutes: float = 0) -> CrisisWatch:
    """A detector of a quiet channel, so many minutes after nine."""
    baselines = {name: flat(name, policy=policy) for name in policy.series}
    return CrisisWatch.begun(policy, baselines, now=at(minutes))


def said(minutes: float, author: str, text: str = "", **fields: Any) -> Observation:
    """One message, so many minutes after nine."""
    words = text or f"{author} waits for a parcel since {minutes:.2f} and nobody says {author} why"
    given = {
        "id": f"{author} {minutes:.4f}",
        "at": at(minutes),
        "author": author,
        "fingerprint": fingerprint(words),
    }
    return Observation(**{**given, **fields})


def crowd(count: int, *, start: float, over: float, **fields: Any) -> list[Observation]:
    """As many people, who say one thing each, evenly over so many minutes."""
    return [
        said(start + over * number / count, f"person {start} {number}", **fields)
        for number in range(count)
    ]


def ticked(
    watch: CrisisWatch, observations: Iterable[Observation], *, until: float, every: float = 1
) -> tuple[CrisisWatch, list[Finding]]:
    """The detector and its findings if it is asked every so many minutes after nine."""
    waiting = sorted(observations, key=lambda one: one.at)
    found: list[Finding] = []
    asked = 0.0
    while asked < until:
        asked += every
        come = [one for one in waiting if one.at < at(asked)]
        waiting = waiting[len(come) :]
        after = step(watch, come, now=at(asked))
        watch = after.watch
        found.extend(after.findings)
    return watch, found


def changes(findings: Iterable[Finding]) -> list[Change]:
    """The changes of state among the findings."""
    return [each for each in findings if isinstance(each, Change)]


def floods(findings: Iterable[Finding]) -> list[Flood]:
    """The floods among the findings."""
    return [each for each in findings if isinstance(each, Flood)]


def risen(findings: Iterable[Finding]) -> list[Rise]:
    """The counts that changed the state."""
    return [each.rise for each in changes(findings) if each.rise is not None]


def states(findings: Iterable[Finding]) -> list[str]:
    """The states that were entered."""
    return [each.state.value for each in changes(findings)]


def times(findings: Iterable[Finding]) -> list[datetime]:
    """When something was found."""
    return [each.at for each in findings]


def with_policy(**fields: Any) -> CrisisPolicy:
    """The policy of the tests, changed."""
    return attrs.evolve(POLICY, **fields)


def wrote(number: int, at: datetime, text: str, *, by: str, sentiment: float = 0.0) -> Message:
    """A message by a customer."""
    author = Author(id=by, role=AuthorRole.CUSTOMER)
    return Message(
        id=str(number),
        sent_at=at,
        direction=Direction.INBOUND,
        author=author,
        customer_id=by,
        channel="x",
        text=text,
        sentiment=sentiment,
    )


@cache
def outage_log() -> tuple[Message, ...]:
    """Eighteen days of a channel, with an outage of an hour and a half on the seventeenth."""
    chance = Random(7)
    minutes, _ = Channel(per_day=150.0).minutes(18, chance)
    messages = [
        wrote(
            len(_WORDS) * minute + number,
            MONDAY + timedelta(minutes=minute),
            " ".join(chance.sample(_WORDS, 6)),
            by=f"customer {chance.randrange(3000)}",
            sentiment=chance.choice((-0.5, 0.0, 0.5)),
        )
        for minute, count in enumerate(minutes)
        for number in range(count)
    ]
    outage = [
        wrote(
            10_000_000 + number,
            OUTAGE + timedelta(minutes=number),
            "RT @news: all payments are failing since one",
            by=f"victim {number}",
            sentiment=-0.8,
        )
        for number in range(90)
    ]
    return (*messages, *outage)


def small_log(days: int, outage: datetime) -> tuple[Message, ...]:
    """Days of a small channel in order of time, forty messages a day, with an outage of an hour."""
    chance = Random(3)
    minutes, _ = Channel(per_day=40.0).minutes(days, chance)
    usual = [
        wrote(
            10 * minute + number,
            MONDAY + timedelta(minutes=minute),
            " ".join(chance.sample(_WORDS, 6)),
            by=f"customer {10 * minute + number}",
        )
        for minute, count in enumerate(minutes)
        for number in range(count)
    ]
    loud = [
        attrs.evolve(
            wrote(
                number,
                outage + timedelta(minutes=number),
                "All payments are failing",
                by=f"victim {number}",
                sentiment=-0.8,
            ),
            id=f"victim{number:02}",
        )
        for number in range(60)
    ]
    return tuple(sorted((*usual, *loud), key=lambda each: (each.sent_at, each.id)))
