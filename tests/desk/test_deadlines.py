"""Deadlines at the desk: every warning and breach is written once, whenever somebody looks."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at
from servers import postgres_url as postgres_url
from socialcare import Desk, hookimpl
from socialcare.domain.customer import Handle
from socialcare.domain.events import DeadlineBreached, DeadlineWarned, Event, Recorded
from socialcare.domain.priority import RuleBook
from socialcare.domain.profile import Profile
from socialcare.domain.sla import ClockState, SlaPolicy
from socialcare.domain.sla.rules import Promised
from socialcare.errors import MissingDocument
from socialcare.plugins.memory import MemoryStore
from socialcare.plugins.records import Commit, Delivery
from socialcare.testing import FakeNotifier

LONG = bool(os.environ.get("SOCIALCARE_LONG"))
NAME = "x:m0"
RULES = RuleBook.from_mapping(
    {
        "name": "ours",
        "otherwise": "second/1",
        "rules": [{"name": "fire", "query": "fire", "priority": "first/1", "category": "Fire"}],
    }
)


def promising(*entries: dict[str, object], **keys: object) -> SlaPolicy:
    """A policy with these entries, which warns at a half."""
    return SlaPolicy.from_mapping(
        {"name": "shop", "warnings": [0.5], "entries": list(entries), **keys}
    )


HOUR = promising({"name": "all", "first_response": "1h", "next_response": "2h"})


def crossed(events: Iterable[Event]) -> list[tuple[str, float, datetime]]:
    """The warnings and breaches among some events: target, share and instant."""
    found = (each for each in events if isinstance(each, DeadlineWarned | DeadlineBreached))
    return [(each.target, each.share, each.crossed_at) for each in found]


def written(desk: Desk) -> list[Event]:
    """The warnings and breaches in the log."""
    every = (each.recorded.event for each in desk.log())
    return [each for each in every if isinstance(each, DeadlineWarned | DeadlineBreached)]


def test_a_warning_and_a_breach() -> None:
    """Each has the instant at which it came about, and says what promised it."""
    desk = Desk.open(deadlines=HOUR)
    desk.receive([asks(0)], now=at(0))
    early = desk.watch(now=at(30))
    [warned] = desk.watch(now=at(45))
    [breached] = desk.watch(now=at(600))
    later = desk.watch(now=at(700))

    assert (early, later) == ((), ())
    assert isinstance(warned, DeadlineWarned)
    assert (warned.target, warned.share, warned.crossed_at) == ("first_response", 0.5, at(30))
    assert isinstance(breached, DeadlineBreached)
    assert (breached.opened_at, breached.crossed_at, breached.at) == (at(0), at(60), at(600))
    assert (breached.entry, breached.policy, breached.policy_version) == ("all", "shop", "1")
    assert desk.conversation(NAME).crossed == (warned, breached)


def test_what_began_and_ended_between_two_looks() -> None:
    """A breach is one, also if somebody answered before anybody looked."""
    desk = Desk.open(deadlines=HOUR)
    desk.watch(now=at(0))
    desk.receive([asks(0)], now=at(0))
    desk.receive([answers(90)], now=at(90))
    found = desk.watch(now=at(600))

    assert crossed(found) == [("first_response", 0.5, at(30)), ("first_response", 1.0, at(60))]


def test_whoever_has_it_is_told() -> None:
    """The agent, or else the team, of the furthest that the clock has come."""
    notifier = FakeNotifier()
    desk = Desk.open(notifier, deadlines=HOUR)
    desk.receive([asks(0), asks(0, id="b", customer_id="bob")], now=at(0))
    desk.assign(NAME, "sam", by="sam", now=at(1), team_id="social")
    desk.assign("x:b", None, by="sam", now=at(1), team_id="social")
    desk.deliver(now=at(2))
    before = len(notifier.told)
    desk.watch(now=at(31))
    desk.watch(now=at(90))
    desk.deliver(now=at(90))
    told = [(each.kind, each.to) for each in notifier.told[before:]]

    assert told == [
        ("deadline", "sam"),
        ("deadline", "social"),
        ("breached", "sam"),
        ("breached", "social"),
    ]
    assert notifier.told[-2].said == (
        "the first response of the conversation x:m0 is late since 2026-03-02 10:00 UTC (all)"
    )


def test_nobody_is_told_of_what_is_long_over() -> None:
    """A log of years that gets a policy is written down, and floods nobody."""
    notifier = FakeNotifier()
    desk = Desk.open(notifier, deadlines=HOUR)
    desk.receive([asks(0)], now=at(0))
    desk.receive([answers(90)], now=at(90))
    desk.watch(now=at(60 * 72))
    desk.deliver(now=at(60 * 72))

    assert len(written(desk)) == 2
    assert notifier.told == ()


def test_a_look_is_due_when_something_comes_about() -> None:
    """A conversation of which the log has nothing new is looked at when its time comes."""
    desk = Desk.open(deadlines=HOUR)
    desk.receive([asks(0)], now=at(0))
    desk.watch(now=at(1))
    desk.watch(now=at(1))
    second = timedelta(seconds=1)

    assert desk.watch(now=at(30)) == ()
    assert crossed(desk.watch(now=at(30) + second)) == [("first_response", 0.5, at(30))]


def test_another_policy_looks_at_what_is_open(tmp_path: Path) -> None:
    """It counts from the beginning, and what was written stands."""
    path = tmp_path / "sla.toml"
    entry = '[[entries]]\nname = "all"\nfirst_response = "{}"\n'
    path.write_text('name = "shop"\nwarnings = []\n' + entry.format("5h"))
    desk = Desk.open(deadlines=path)
    desk.receive([asks(0)], now=at(0))
    desk.watch(now=at(70))
    path.write_text('name = "shop"\nversion = "2"\nwarnings = []\n' + entry.format("1h"))
    stricter = crossed(desk.watch(now=at(80)))
    path.write_text('name = "shop"\nversion = "3"\nwarnings = []\n' + entry.format("30m"))
    again = crossed(desk.watch(now=at(90)))

    assert stricter == [("first_response", 1.0, at(60))]
    assert again == []


def test_nobody_waits_in_what_is_settled() -> None:
    """The clock of a response stands still until the customer writes again."""
    desk = Desk.open(deadlines=promising({"name": "all", "first_response": "1h"}, warnings=[]))
    desk.receive([asks(0), asks(0, id="b", customer_id="bob")], now=at(0))
    desk.resolve(NAME, by="anna", now=at(20))
    desk.archive("x:b", by="anna", now=at(20))
    quiet = desk.watch(now=at(300))
    desk.receive([asks(300), asks(300, id="b2", customer_id="bob")], now=at(300))
    found = desk.watch(now=at(600))

    assert quiet == ()
    assert crossed(found) == [("first_response", 1.0, at(340))] * 2


class Tiers:
    """Knows that ada is a gold customer."""

    name = "tiers"

    def profiles(self, handles: Sequence[Handle]) -> dict[Handle, Profile]:
        """Gold for ada."""
        return {each: Profile(tier="gold") for each in handles if each.id == "ada"}

    @hookimpl
    def socialcare_directories(self) -> Sequence["Tiers"]:
        """Itself."""
        return (self,)


def test_what_is_promised_follows_what_is_known() -> None:
    """Tier, priority, category and team come from the conversation's own events."""
    policy = promising(
        {"name": "fires", "priority": "first", "category": "fire", "first_response": "10m"},
        {"name": "gold", "tier": "gold", "first_response": "20m"},
        {"name": "billing", "team": "billing", "first_response": "30m"},
        {"name": "all", "first_response": "40m"},
    )
    desk = Desk.open(Tiers(), rules=RULES, deadlines=policy)
    for who, text in (("ada", "hello"), ("bob", "fire!"), ("cy", "hello"), ("di", "hello")):
        desk.receive([asks(0, id=who, customer_id=who, text=text)], now=at(0))
    desk.assign("x:cy", None, by="anna", now=at(1), team_id="billing")
    desk.receive([asks(5, id="more", customer_id="di", text="fire!")], now=at(5))
    due = {
        who: [(each.entry, each.due_at) for each in desk.clocks(f"x:{who}", now=at(6))]
        for who in ("ada", "bob", "cy", "di")
    }

    assert due == {
        "ada": [("gold", at(20))],
        "bob": [("fires", at(10))],
        "cy": [("billing", at(30))],
        "di": [("fires", at(10))],
    }


def test_the_queue_and_the_clocks_promise_the_same() -> None:
    """What has its turn because of a promise has it when its clock is due."""
    hours = {"office": {"timezone": "Europe/London", "weekly": {"mon-fri": "09:30-12:00"}}}
    policy = promising(
        {"name": "fires", "priority": "first", "first_response": "30m"},
        {"name": "all", "first_response": "2h30m", "next_response": "1h"},
        hours=hours,
        standard_hours="office",
    )
    desk = Desk.open(rules=RULES, deadlines=policy)
    desk.receive(
        [asks(0, id=who, customer_id=who, text=who) for who in ("fire", "rest")], now=at(0)
    )
    for turn in desk.queue():
        [clock] = desk.clocks(turn.id, now=at(1))
        decision = desk.conversation(turn.id).decision

        assert decision is not None
        assert clock.due_at == decision.due_at


def test_clocks_need_a_policy() -> None:
    """A desk without deadlines says how to open one with them."""
    desk = Desk.open()
    desk.receive([asks(0)], now=at(0))

    with pytest.raises(MissingDocument, match=r"deadlines=\.\.\."):
        desk.clocks(NAME, now=at(1))


@pytest.fixture
def busy() -> Desk:
    """A desk with one promise kept, one broken, and one that is open."""
    desk = Desk.open(deadlines=HOUR)
    desk.receive([asks(0), answers(50), asks(100)], now=at(100))
    desk.receive([asks(60, id="b", customer_id="bob")], now=at(100))
    desk.receive([answers(150, id="bb", customer_id="bob")], now=at(150))
    return desk


def test_attainment(busy: Desk) -> None:
    """Met of met and breached, of the promises that began in a period."""
    found = busy.attainment(now=at(160))
    late = busy.attainment(now=at(600))
    first = busy.attainment(now=at(600), target="first_response", until=at(60))

    assert (found.met, found.breached, found.undecided) == (1, 1, 1)
    assert (late.met, late.breached, late.undecided) == (1, 2, 0)
    assert (first.met, first.breached) == (1, 0)
    assert first.share == 1.0


def test_every_clock_is_evidence(busy: Desk) -> None:
    """A number of one's own is made of the rows."""
    found = {
        (each.conversation_id, each.target): each.state for each in busy.every_clock(now=at(160))
    }

    assert found == {
        (NAME, Promised.FIRST_RESPONSE): ClockState.MET,
        (NAME, Promised.NEXT_RESPONSE): ClockState.RUNNING,
        ("x:b", Promised.FIRST_RESPONSE): ClockState.BREACHED,
    }


def test_what_if(busy: Desk) -> None:
    """The same log under another policy, and what stands otherwise."""
    stricter = promising({"name": "all", "first_response": "30m", "next_response": "30m"})
    found = busy.what_if(stricter, now=at(140))

    assert (found.before.met, found.after.met) == (1, 0)
    assert [change.conversation_id for change in found.lost] == [NAME]


# No sequence of looks changes what is written


@attrs.frozen(kw_only=True)
class Step:
    """Something that happens at a minute, and how late it comes in."""

    minute: int
    does: Callable[[Desk, int, int], object]
    late: int


def _says(brings: Callable[..., Any]) -> Callable[[Desk, int, int], object]:
    def step(desk: Desk, minute: int, late: int) -> object:
        name = f"{brings.__name__}-{minute}-{late}"
        text = "fire!" if minute % 2 else "hello"
        return desk.receive([brings(minute - late, id=name, text=text)], now=at(minute))

    return step


def _cares(care: Callable[[Desk, str, datetime], object]) -> Callable[[Desk, int, int], object]:
    def step(desk: Desk, minute: int, _: int) -> object:
        found = desk.history("ada")
        return care(desk, found[0].id, at(minute)) if found else None

    return step


def _toggles(desk: Desk, name: str, now: datetime) -> object:
    settled = desk.conversation(name).resolved_at is not None
    return (desk.reopen if settled else desk.resolve)(name, by="anna", now=now)


def _archives(desk: Desk, name: str, now: datetime) -> object:
    if desk.conversation(name).resolved_at is None:
        return desk.archive(name, by="anna", now=now)
    return None


def _bob(desk: Desk, minute: int, late: int) -> object:
    name = f"bob-{minute}-{late}"
    return desk.receive([asks(minute - late, id=name, customer_id="bob")], now=at(minute))


def _names(desk: Desk) -> list[str]:
    """The conversations that there are, the one that began first at first."""
    some = (*desk.history("ada"), *desk.history("bob"))
    return [each.id for each in sorted(some, key=lambda each: (each.opened_at or at(0), each.id))]


def _merges(desk: Desk, minute: int, _: int) -> object:
    """Joins two conversations, or else takes apart what was joined."""
    first, *others = _names(desk)
    if others:
        return desk.merge(first, others[0], by="anna", now=at(minute))
    absorbed = desk.conversation(first).absorbed
    return absorbed and desk.unmerge(first, absorbed[0].id, by="anna", now=at(minute))


def _splits(desk: Desk, minute: int, _: int) -> object:
    """Has the last message of a conversation be one of its own."""
    found = desk.conversation(_names(desk)[0])
    if len(found.messages) < 2:
        return None
    return desk.split(found.id, [found.messages[-1].key], by="anna", now=at(minute))


def _links(desk: Desk, minute: int, _: int) -> object:
    bob = Handle(channel="x", id="bob")
    if bob in desk.customer("ada").handles:
        return desk.unlink(bob, by="anna", now=at(minute))
    return desk.link(bob, "ada", by="anna", now=at(minute))


RESHAPING = (_bob, _merges, _splits, _links)
STEPS: tuple[Callable[[Desk, int, int], object], ...] = (
    _says(asks),
    _says(asks),
    _says(answers),
    _cares(_toggles),
    _cares(_archives),
    _cares(lambda desk, name, now: desk.assign(name, None, by="a", now=now, team_id="billing")),
    _cares(lambda desk, name, now: desk.release(name, by="anna", now=now)),
    _cares(lambda desk, name, now: desk.prioritise(name, "first/1", by="anna", now=now)),
    _cares(lambda desk, name, now: desk.categorise(name, "Billing", by="anna", now=now)),
    *RESHAPING,
)


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """What happens in a few hours, the first of it a question; some of it comes in late."""
    minutes = sorted(draw(st.lists(st.integers(1, 300), min_size=1, max_size=7)))
    late = st.sampled_from((0, 0, 1, 20, 90))
    later = (
        Step(minute=minute, does=draw(st.sampled_from(STEPS)), late=draw(late))
        for minute in minutes
    )
    return [Step(minute=0, does=STEPS[0], late=0), *later]


@st.composite
def policies(draw: st.DrawFn) -> SlaPolicy:
    """What was promised under some conditions, in business hours or not, by any of the rules."""
    amount = st.sampled_from(("10m", "25m", "1h", "3h"))
    rules = {
        "follow_up": draw(st.sampled_from(("first", "last", "previous_reply"))),
        "reopening": draw(st.sampled_from(("continue", "restart", "new", "ignore"))),
        "on_change": draw(st.sampled_from(("retarget", "restart", "keep"))),
        "pauses": draw(
            st.sampled_from(([{"states": ["archived"]}], [{"states": ["waiting", "resolved"]}], []))
        ),
    }
    condition = st.sampled_from(({"priority": "first"}, {"team": "billing"}, {"category": "Fire"}))
    targets = ("first_response", "next_response", "resolution")
    hours = {"office": {"timezone": "UTC", "weekly": {"mon-fri": ["09:20-10:00", "10:30-20:00"]}}}
    return SlaPolicy.from_mapping(
        {
            "name": "any",
            "rules": rules,
            "warnings": [0.5],
            "hours": hours,
            "standard_hours": draw(st.sampled_from(("office", "calendar"))),
            "entries": [
                {"name": "some", **draw(condition), **{each: draw(amount) for each in targets}},
                {
                    "name": "all",
                    "time_in_team": {"*": draw(amount)},
                    **{each: draw(amount) for each in targets},
                },
            ],
        }
    )


def told(
    story: Iterable[Step], looks: Iterable[float], policy: SlaPolicy, location: str | None = None
) -> list[tuple[object, ...]]:
    """What a desk has written in the end that lives through a story and is watched at times."""
    happens: list[tuple[float, int, Step | None]] = [(step.minute, 0, step) for step in story]
    happens += [(minute, 1, None) for minute in looks]
    ids = map(str, count())
    with Desk.open(store=location, rules=RULES, deadlines=policy, ids=ids.__next__) as desk:
        for minute, _, step in sorted(happens, key=lambda each: each[:2]):
            if step is None:
                desk.watch(now=at(minute))
            else:
                step.does(desk, step.minute, step.late)
        desk.watch(now=at(1000))
        found = written(desk)
    return sorted(
        (type(each).__name__, *attrs.astuple(attrs.evolve(each, at=at(0)))) for each in found
    )


@settings(deadline=None, max_examples=1500 if LONG else 40)
@given(stories(), st.lists(st.floats(0, 700), max_size=6), policies())
def test_no_sequence_of_looks_changes_what_is_written(
    story: list[Step], looks: list[float], policy: SlaPolicy
) -> None:
    """However often and whenever somebody looks, the same is written, and nothing twice."""
    seldom = told(story, (), policy)
    often = told(story, looks, policy)

    assert often == seldom
    assert len(set(map(repr, often))) == len(often)


STORY = [
    Step(minute=minute, does=STEPS[which], late=late)
    for minute, which, late in (
        (0, 0, 0),
        (40, 5, 0),
        (70, 2, 20),
        (90, 1, 1),
        (95, 7, 0),
        (300, 3, 0),
    )
]
"""Asked, given to a team, answered by a message that comes in late, asked again, and settled."""
EXAMPLE = promising(
    {"name": "first", "priority": "first", "next_response": "30m", "resolution": "2h"},
    {"name": "all", "first_response": "1h", "resolution": "3h", "time_in_team": {"*": "1h"}},
)


def check_story(location: Callable[[str], str]) -> None:
    """What is written in this store is what is written in memory, however often one looks."""
    expected = told(STORY, (), EXAMPLE)

    assert len(expected) > 5
    assert told(STORY, (), EXAMPLE, location("seldom")) == expected
    assert told(STORY, range(0, 400, 7), EXAMPLE, location("often")) == expected


def test_a_story_on_sqlite(tmp_path: Path) -> None:
    """In a file."""
    check_story(lambda name: str(tmp_path / f"{name}.db"))


def test_a_story_on_postgres(postgres_url: str) -> None:
    """On a server."""
    assert told(STORY, range(0, 400, 7), EXAMPLE, postgres_url) == told(STORY, (), EXAMPLE)


class Killed(BaseException):
    """The process ends here."""


class Mortal(MemoryStore):
    """A store whose process ends at one of its commits, before or after it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 10**6
        self.after = False

    def commit(self, commit: Commit) -> tuple[Recorded, ...]:
        """Writes all of it, unless this is the last moment."""
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        recorded = super().commit(commit)
        if self.left == 0:
            raise Killed
        return recorded


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("left", range(1, 10))
def test_a_watcher_that_is_killed_leaves_nothing_out(left: int, after: bool) -> None:
    """Whoever watches next writes what is missing, tells of it, and repeats nothing."""
    store = Mortal()
    desk = Desk.open(FakeNotifier(), store=store, deadlines=HOUR)
    some = [asks(0, id=f"q{n}", customer_id=f"c{n}") for n in range(3)]
    desk.receive(some, now=at(0))
    desk.watch(now=at(10))
    store.left, store.after = left, after
    with suppress(Killed):
        desk.watch(now=at(70))
    store.left = 10**6
    Desk.open(FakeNotifier(), store=store, deadlines=HOUR).watch(now=at(75))

    assert sorted(crossed(written(desk))) == sorted(
        [("first_response", 0.5, at(30)), ("first_response", 1.0, at(60))] * 3
    )
    assert len(store.outbox(Delivery.PENDING, 100, target="notifier:fake")) == 3


def check_watchers(location: str, watchers: int = 4, customers: int = 5) -> None:
    """Several that watch at once write each breach once, and tell of it once."""
    desks = [Desk.open(location, FakeNotifier(), deadlines=HOUR) for _ in range(watchers)]
    some = [asks(0, id=f"q{n}", customer_id=f"c{n}") for n in range(customers)]
    desks[0].receive(some, now=at(0))
    with ThreadPoolExecutor(watchers) as pool:
        list(pool.map(lambda desk: desk.watch(now=at(40)), desks))
        list(pool.map(lambda desk: desk.watch(now=at(70)), desks))
    told_of = [
        each
        for each in desks[0].store.outbox(Delivery.PENDING, 100)
        if each.target == "notifier:fake"
    ]

    assert len(written(desks[0])) == 2 * customers
    assert len(told_of) == 2 * customers
    for desk in desks:
        desk.close()


def test_many_watchers_on_sqlite(tmp_path: Path) -> None:
    """One file."""
    check_watchers(str(tmp_path / "care.db"))


def test_many_watchers_on_postgres(postgres_url: str) -> None:
    """One server."""
    check_watchers(postgres_url)
