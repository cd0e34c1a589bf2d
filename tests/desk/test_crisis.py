"""Crises at the desk: found from the log, decided on by people, and told to whom the plan names."""

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import attrs
import pytest

from crises import MONDAY, small_log
from socialcare.desk.desk import Desk
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.crisis.replay import Replay, replay
from socialcare.domain.crisis.states import CrisisState, Happening
from socialcare.domain.events import CrisisChanged, Event, FloodFound, IssueOpened
from socialcare.domain.message import Message
from socialcare.domain.query import Subject
from socialcare.errors import NotAllowedNow
from socialcare.plugins.records import Delivery, Notice
from socialcare.testing import FakeNotifier

KEYS: dict[str, object] = {
    "version": "7",
    "history": "14d",
    "learns_from": "14d",
    "windows": ["5m", "15m", "30m", "1h", "2h"],
    "topics": {"payments": "payments"},
    "tell": [{"to": "pager"}],
}
PLAN = CrisisPlan.from_mapping(KEYS)
DAYS = 15
PAGER = "notifier:pager"
OUTAGE = MONDAY + timedelta(days=14, hours=13)
END = MONDAY + timedelta(days=DAYS)
SOON = OUTAGE + timedelta(minutes=40)


@cache
def log() -> tuple[Message, ...]:
    """Fifteen days in order of time, with an outage on the last."""
    return small_log(DAYS, OUTAGE)


@cache
def replayed() -> Replay:
    """What a replay finds in them."""
    return replay(log(), PLAN.policy, topics=lambda each: PLAN.topics_of(Subject(message=each)))


def fed(desk: Desk, messages: Iterable[Message], *moments: datetime) -> list[Event]:
    """What `watch` writes, if the desk takes in what came and watches at these moments."""
    waiting, written = list(messages), list[Event]()
    for moment in moments:
        come = [each for each in waiting if each.sent_at < moment]
        waiting = waiting[len(come) :]
        desk.receive(come, now=moment)
        written += desk.watch(now=moment)
    return written


def changes(events: Iterable[Event]) -> list[CrisisChanged]:
    """The changes of the crisis among events."""
    return [each for each in events if isinstance(each, CrisisChanged)]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a desk that has watched until the outage began."""
    path = tmp_path_factory.mktemp("quiet") / "care.db"
    with Desk.open(path, rules=None, crisis=PLAN) as desk:
        fed(desk, log(), OUTAGE)
    return path


@pytest.fixture
def path(quiet: Path, tmp_path: Path) -> Path:
    """A copy of that database."""
    return Path(shutil.copy(quiet, tmp_path / "care.db"))


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    """A desk that has taken in the outage, and not watched since it began."""
    with Desk.open(path, FakeNotifier("pager"), rules=None, crisis=PLAN) as found:
        found.receive(outage(), now=SOON)
        yield found


def outage() -> list[Message]:
    """What came since the outage began, until soon after."""
    return [each for each in log() if OUTAGE <= each.sent_at < SOON]


@pytest.mark.parametrize("seed", range(20 if os.environ.get("SOCIALCARE_LONG") == "1" else 1))
def test_the_desk_finds_what_a_replay_finds(seed: int) -> None:
    """However often it is watched, and whoever goes on from the texts, it is what a replay finds.

    Each moment is watched by another desk on the same store, as if every process were killed.
    """
    chance = Random(seed)
    moments = {MONDAY + timedelta(minutes=chance.randrange(DAYS * 1440)) for _ in range(4)}
    moments |= {OUTAGE + timedelta(minutes=chance.randrange(300)) for _ in range(3)}
    store, waiting, written = Desk.open().store, list(log()), list[Event]()
    for moment in [*sorted(moments), END]:
        with Desk.open(store=store, rules=None, crisis=PLAN) as desk:
            come = [each for each in waiting if each.sent_at < moment]
            waiting = waiting[len(come) :]
            written += fed(desk, come, moment)
    found = changes(written)
    (alarm,) = replayed().alarms

    assert [(each.happening, each.found_at) for each in found][:2] == [
        (Happening.ROSE, alarm.at),
        (Happening.SUBSIDED, alarm.ended),
    ]
    assert (found[0].reason, found[0].genuine, found[0].policy) == (
        alarm.reason,
        alarm.genuine,
        "7",
    )
    assert [(each.kind, each.name, each.count) for each in found[0].drivers] == [
        (each.kind, each.name, each.count) for each in alarm.drivers
    ]


def test_it_is_shown(desk: Desk) -> None:
    """A manager sees the state, why, what drives it, and who is affected."""
    desk.watch(now=SOON)
    standing = desk.crisis()

    assert standing.state is CrisisState.SUSPECTED
    assert standing.rise is not None
    assert "are usual; by chance that happens" in (standing.rise.reason or "")
    assert ("topic", "payments") in {(each.kind, each.name) for each in standing.drivers}
    assert len(standing.affected) >= 5
    assert standing.affected[-1].startswith("x:victim")


def test_whom_the_plan_names_is_told(desk: Desk) -> None:
    """The notice says what was found."""
    desk.watch(now=SOON)
    (told,) = [each.what for each in desk.store.outbox(Delivery.PENDING, 9, target=PAGER)]

    assert isinstance(told, Notice)
    assert (told.kind, told.to) == ("crisis", "pager")
    assert told.said.startswith("a crisis is suspected: Since ")
    assert "topic payments" in told.said


def test_nothing_is_written_twice(desk: Desk, path: Path) -> None:
    """Two processes on one database, and one that watches again, write each finding once."""
    with Desk.open(path, rules=None, crisis=PLAN) as other:
        both = [*desk.watch(now=SOON), *other.watch(now=SOON), *desk.watch(now=SOON)]

    assert [each.state for each in changes(both)] == [CrisisState.SUSPECTED]


def test_people_decide(desk: Desk) -> None:
    """Somebody declares it and says when it has ended; the detector goes by that."""
    desk.watch(now=SOON)
    declared = desk.declare_crisis(by="max", now=SOON, reason="the bank is down")
    with pytest.raises(NotAllowedNow, match="it is declared"):
        desk.declare_crisis(by="max", now=SOON)
    desk.watch(now=SOON + timedelta(minutes=2))
    during = desk.crisis().state
    desk.dismiss_crisis(by="max", now=SOON + timedelta(minutes=5), reason="all is well")
    after = desk.watch(now=SOON + timedelta(minutes=30))

    assert (declared.was, declared.state) == (CrisisState.SUSPECTED, CrisisState.DECLARED)
    assert during is CrisisState.DECLARED
    assert desk.crisis().state is CrisisState.OVER
    assert changes(after) == []


def test_a_crisis_can_be_declared_without_a_detector() -> None:
    """Before there is history, and without a plan, people still know better."""
    desk = Desk.open(rules=None)
    desk.declare_crisis(by="max", now=MONDAY)

    assert desk.crisis().state is CrisisState.DECLARED
    desk.dismiss_crisis(by="max", now=MONDAY)
    with pytest.raises(NotAllowedNow, match="it is over"):
        desk.dismiss_crisis(by="max", now=MONDAY)


def test_another_policy_looks_at_the_log_again(desk: Desk, path: Path) -> None:
    """A policy that watches something else goes through the log, and writes nothing of the past."""
    desk.watch(now=SOON)
    other = CrisisPlan.from_mapping({**KEYS, "topics": {"apps": "app"}, "version": "8"})
    with Desk.open(path, rules=None, crisis=other) as second:
        written = second.watch(now=SOON + timedelta(minutes=1))

        assert changes(written) == []
        assert second.crisis().state is CrisisState.SUSPECTED


def test_a_flood_is_no_crisis(path: Path) -> None:
    """Three accounts that write the same again and again are a flood, and shown as one."""
    with Desk.open(path, rules=None, crisis=PLAN) as desk:
        spam = [
            attrs.evolve(
                log()[number % 3],
                id=f"spam{number}",
                sent_at=OUTAGE + timedelta(seconds=20 * number),
                text="Win a phone at https://spam.example/win",
            )
            for number in range(90)
        ]
        written = fed(desk, spam, SOON)
        flood = desk.crisis().flood

        assert [type(each) for each in written if isinstance(each, CrisisChanged | FloodFound)] == [
            FloodFound
        ]
        assert flood is not None
        assert flood.authors <= 6
        assert desk.crisis().state is CrisisState.WATCHING


def test_a_declared_crisis_opens_an_issue_where_the_plan_says_so(path: Path) -> None:
    """The issue is about what drives the crisis, opened once, and groups who is affected."""
    plan = CrisisPlan.from_mapping({**KEYS, "mass_issue": {"opens": "when_declared"}})
    with Desk.open(path, rules=None, crisis=plan) as desk:
        fed(desk, outage(), SOON)
        desk.declare_crisis(by="max", now=SOON)
        for minutes in (1, 2):
            desk.watch(now=SOON + timedelta(minutes=minutes))
        (issue,) = desk.issues()
        events = (each.recorded.event for each in desk.log(limit=10_000))

        assert issue.query == "(payments)"
        assert sum(isinstance(each, IssueOpened) for each in events) == 1
        assert len(desk.affected(issue.id)) == 40
