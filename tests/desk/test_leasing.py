"""Who may answer a customer now."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.contending import leases, pulls
from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.events import Leased, LeaseEnded
from socialcare.domain.routing import Agent, Hold, Routing
from socialcare.domain.routing.lease import hold_of
from socialcare.domain.routing.roll import roll
from socialcare.errors import InvalidValue, NotAllowedNow
from socialcare.testing.builders import asks, at

LEAD = Actor(id="sam", roles=["lead"])
EIGHT = [f"agent-{number}" for number in range(8)]
TESTS = Path(__file__).parents[1]


@pytest.fixture
def desk() -> Desk:
    """A desk on which ada has asked something."""
    found = Desk.open()
    found.receive([asks(0)], now=at(0))
    return found


def events(desk: Desk) -> list[str]:
    """What happened after the question, by its name."""
    return [type(each.recorded.event).__name__ for each in desk.log()][1:]


def test_a_lease_is_one_persons(desk: Desk) -> None:
    """Nobody else may have it, and the refusal says who has it until when."""
    desk.lease("fake:m0", by="anna", now=at(1))

    with pytest.raises(NotAllowedNow, match="anna has it until 2026-03-02 09:16:00 UTC"):
        desk.lease("fake:m0", by="bo", now=at(2))
    assert events(desk) == ["Leased"]


def test_others_may_not_answer(desk: Desk) -> None:
    """While it holds; the holder may, and so may anybody afterwards, and machines."""
    desk.lease("fake:m0", by="anna", now=at(1), for_=timedelta(minutes=5))

    with pytest.raises(NotAllowedNow, match="can't answer: anna has it until"):
        desk.reply("fake:m0", "It is here", by="bo", now=at(5))
    desk.reply("fake:m0", "We have seen this", by="machine", now=at(5), automated=True)
    desk.reply("fake:m0", "It is here", by="anna", now=at(5))
    desk.reply("fake:m0", "Did you get it?", by="bo", now=at(6))
    assert events(desk) == ["Leased", "ReplyQueued", "ReplyQueued", "ReplyQueued"]


def test_having_it_longer(desk: Desk) -> None:
    """Whoever has it may lease it again."""
    desk.lease("fake:m0", by="anna", now=at(1))
    found = desk.lease("fake:m0", by="anna", now=at(9), for_=timedelta(hours=1))

    assert found.lease is not None
    assert (found.lease.agent_id, found.lease.until) == ("anna", at(69))


def test_a_lease_ends_by_itself(desk: Desk) -> None:
    """At its last instant another may have it, and nothing was taken from anybody."""
    desk.lease("fake:m0", by="anna", now=at(0), for_=timedelta(minutes=5))
    desk.lease("fake:m0", by="bo", now=at(5))
    event = desk.log()[-1].recorded.event

    assert isinstance(event, Leased)
    assert event.taken_from is None


def test_taking_over(desk: Desk) -> None:
    """A lead may, with a reason; others only once it is free."""
    desk.lease("fake:m0", by="anna", now=at(0))
    with pytest.raises(NotAllowedNow, match="a role out of lead may"):
        desk.take_lease("fake:m0", reason="I know him", by="bo", now=at(1))
    desk.take_lease("fake:m0", reason="on the phone with her", by=LEAD, now=at(1))
    event = desk.log()[-1].recorded.event
    late = desk.take_lease("fake:m0", reason="nobody does it", by="bo", now=at(60))

    assert isinstance(event, Leased)
    assert (event.taken_from, event.reason) == ("anna", "on the phone with her")
    assert late.lease is not None
    assert late.lease.agent_id == "bo"


def test_leads_are_whom_the_routing_names() -> None:
    """Another house calls them otherwise."""
    desk = Desk.open(routing=Routing(leads=["boss"]))
    desk.receive([asks(0)], now=at(0))
    desk.lease("fake:m0", by="anna", now=at(0))

    with pytest.raises(NotAllowedNow, match="boss"):
        desk.take_lease("fake:m0", reason="mine", by=LEAD, now=at(1))


def test_handing_on(desk: Desk) -> None:
    """The holder may, to whom they like but who is away; others may not."""
    desk.lease("fake:m0", by="anna", now=at(0))
    desk.set_presence("cy", "away", by="cy", now=at(0))

    with pytest.raises(NotAllowedNow):
        desk.hand_lease("fake:m0", "bo", by="bo", now=at(1))
    with pytest.raises(NotAllowedNow, match="cy is away"):
        desk.hand_lease("fake:m0", "cy", by="anna", now=at(1))
    found = desk.hand_lease("fake:m0", "bo", by="anna", now=at(1))
    assert found.lease is not None
    assert found.lease.agent_id == "bo"
    with pytest.raises(NotAllowedNow, match="nobody has it"):
        desk.hand_lease("fake:m0", "anna", by="anna", now=at(100))


def test_ending(desk: Desk) -> None:
    """It is free at once; ending what nobody has writes nothing."""
    desk.lease("fake:m0", by="anna", now=at(0))
    with pytest.raises(NotAllowedNow):
        desk.end_lease("fake:m0", by="bo", now=at(1))
    ended = desk.end_lease("fake:m0", by="anna", now=at(1), reason="wrong one")
    desk.end_lease("fake:m0", by="anna", now=at(1))

    assert ended.lease is None
    assert desk.card("anna").held == ()
    assert events(desk) == ["Leased", "LeaseEnded"]


def test_no_time_is_no_lease(desk: Desk) -> None:
    """It is refused."""
    with pytest.raises(InvalidValue, match="above zero"):
        desk.lease("fake:m0", by="anna", now=at(0), for_=timedelta())


def test_going_away_ends_leases(desk: Desk) -> None:
    """Wherever they are, also in what became part of another."""
    desk.receive([asks(5000), asks(1, id="b", customer_id="bea")], now=at(5000))
    for name in ("fake:m5000", "fake:b"):
        desk.lease(name, by="anna", now=at(5000))
    desk.merge("fake:m0", "fake:m5000", by="anna", now=at(5001))
    desk.set_presence("anna", "away", by="anna", now=at(5002))
    ended = [
        each.recorded.event.conversation
        for each in desk.log()
        if isinstance(each.recorded.event, LeaseEnded)
    ]

    assert sorted(map(str, ended)) == ["fake:b", "fake:m0"]
    assert desk.lease("fake:b", by="bo", now=at(5003)).lease is not None


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["lease", "take", "hand", "end", "away", "back", "answer"]),
            st.sampled_from(["anna", "bo", "cy"]),
            st.sampled_from([1, 10, 20]),
        ),
        max_size=12,
    )
)
@settings(max_examples=30, deadline=None)
def test_the_table_of_lease_states(steps: list[tuple[str, str, int]]) -> None:
    """Whatever people do, one has it, only they answer, and the cards are what the log says."""
    desk = Desk.open(rules=None)
    desk.receive([asks(0)], now=at(0))
    minute = 0
    for step, who, passed in steps:
        minute += passed
        now, before = at(minute), desk.conversation("fake:m0")
        hold, away = hold_of(before.lease, who, now), desk.card(who).is_away(now)
        try:
            match step:
                case "lease":
                    desk.lease("fake:m0", by=who, now=now)
                case "take":
                    desk.take_lease("fake:m0", reason="so", by=who, now=now)
                case "hand":
                    desk.hand_lease("fake:m0", "bo", by=who, now=now)
                case "end":
                    desk.end_lease("fake:m0", by=who, now=now)
                case "answer":
                    desk.reply("fake:m0", "Here", by=who, now=now)
                case "away":
                    desk.set_presence(who, "away", by=who, now=now)
                case "back":
                    desk.set_presence(who, "present", by=who, now=now)
        except NotAllowedNow:
            refused = hold is Hold.ANOTHERS or (step == "hand" and hold is Hold.FREE)
            assert refused or away or (step == "hand" and desk.card("bo").is_away(now))
        else:
            assert hold is not Hold.ANOTHERS or step in ("away", "back")
        after = desk.conversation("fake:m0")
        if step in ("lease", "take") and hold is not Hold.ANOTHERS and not away:
            assert hold_of(after.lease, who, now) is Hold.OWN
        if step == "away":
            assert hold_of(after.lease, who, now) is not Hold.OWN
    cards = roll(each.recorded.event for each in desk.log())
    assert {name: desk.card(name) for name in cards} == cards


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk that threads share, with as many questions as agents, on every store."""
    location = None if request.param == "memory" else str(tmp_path / "care.db")
    if request.param == "postgres":
        location = request.getfixturevalue("postgres_url")
    routing = Routing(agents=[Agent(id=name, capacity=2) for name in EIGHT])
    with Desk.open(store=location, routing=routing, random=Random(1)) as desk:
        more = [asks(0, id=f"m{number}", customer_id=f"c{number}") for number in range(12)]
        desk.receive(more, now=at(0))
        yield desk


def test_of_eight_threads_one_gets_it(shared: Desk) -> None:
    """On every store, and the log has one lease."""
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda who: leases(shared, "fake:m0", who), EIGHT))
    written = [each for each in shared.log() if isinstance(each.recorded.event, Leased)]

    assert sorted(got) == [False] * 7 + [True]
    assert len(written) == 1


def test_nobody_pulls_what_another_has(shared: Desk) -> None:
    """Each conversation goes to one agent, and no agent has more than they have room for."""
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda who: pulls(shared, who), EIGHT))
    every = [name for own in got for name in own]

    assert sorted(every) == sorted(f"fake:m{number}" for number in range(12))
    assert max(map(len, got)) <= 2
    for who, own in zip(EIGHT, got, strict=True):
        assert {shared.conversation(name).agent_id for name in own} <= {who}


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_of_several_processes_one_gets_it(
    store: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """They need not know of each other."""
    location = str(tmp_path / "care.db")
    if store == "postgres":
        location = request.getfixturevalue("postgres_url")
    with Desk.open(location) as desk:
        desk.receive([asks(0)], now=at(0))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "desk.contending", location, name],
            env={"PYTHONPATH": f"{TESTS}:{TESTS.parent / 'src'}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in EIGHT[:2]
    ]
    said = sorted(process.communicate(timeout=120)[0].strip() for process in running)

    assert said == ["False", "True"]
