"""Who gets a conversation, and what becomes of it when they go away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.events import Assigned, LeaseEnded, Released
from socialcare.domain.routing import Routing
from socialcare.domain.routing.roll import roll
from socialcare.errors import InvalidValue, NotAllowedNow
from socialcare.testing import FakeNotifier
from socialcare.testing.builders import answers, asks, at

DOCUMENT = {
    "name": "northline",
    "agents": [
        {"id": "anna", "teams": ["social"], "languages": ["en", "de"], "skills": ["refunds"]},
        {"id": "bo", "teams": ["social"], "languages": ["en"], "capacity": 2},
    ],
    "teams": {"social": {}, "press": {}},
    "needs": [{"query": "refund", "skills": ["refunds"]}],
}


def opened(**changes: object) -> Desk:
    """A desk that routes by the document, with some of it changed."""
    return Desk.open(routing=Routing.from_mapping({**DOCUMENT, **changes}))


@pytest.fixture
def desk() -> Desk:
    """A desk with three customers who ask."""
    found = opened()
    found.receive([asks(each, customer_id=f"c{each}") for each in range(3)], now=at(3))
    return found


def holders(desk: Desk, *names: str) -> list[str | None]:
    """Whose these conversations are."""
    return [desk.conversation(name).agent_id for name in names]


def test_routing_goes_round(desk: Desk) -> None:
    """Each in turn, with the team that they are in; the log says so and nothing else does."""
    given = [desk.route(f"fake:m{each}", by="desk", now=at(5 + each)) for each in range(3)]

    assert [each.agent_id for each in given] == ["anna", "bo", "anna"]
    assert given[0].reasons == ("next in turn",)
    assert (given[0].team_id, given[0].routing) == ("social", "northline 1")


def test_many_at_once_go_round_too() -> None:
    """Who was given fewer at that instant comes first."""
    desk = opened(agents=[{"id": name} for name in ("anna", "bo", "cy")])
    desk.receive([asks(each, customer_id=f"c{each}") for each in range(9)], now=at(9))
    got = [desk.route(f"fake:m{each}", by="desk", now=at(9)).agent_id for each in range(9)]

    assert got == ["anna", "bo", "cy"] * 3


def test_a_desk_that_was_restarted_goes_on(tmp_path: Path) -> None:
    """Whose turn it is follows from the log."""
    location = tmp_path / "care.db"
    routing = Routing.from_mapping(DOCUMENT)
    got = []
    for each in range(4):
        with Desk.open(location, routing=routing) as desk:
            desk.receive([asks(each, customer_id=f"c{each}")], now=at(each))
            got.append(desk.route(f"fake:m{each}", by="desk", now=at(each)).agent_id)

    assert got == ["anna", "bo", "anna", "bo"]


def test_who_knows_the_customer_comes_first(desk: Desk) -> None:
    """Whoever dealt with them last, by assignment or by having answered."""
    desk.assign("fake:m0", "bo", by="sam", now=at(4))
    desk.resolve("fake:m0", by="bo", now=at(5))
    later = [asks(9000, customer_id="c0"), asks(9001, customer_id="c1")]
    desk.receive([answers(20, customer_id="c1", by="bo"), *later], now=at(9001))
    found = [desk.propose(f"fake:m{each}", now=at(9002)) for each in (9000, 9001)]

    assert [each.reasons[0] for each in found] == ["knows the customer"] * 2
    assert [each.agent_id for each in found] == ["bo", "bo"]


def test_needs_and_languages(desk: Desk) -> None:
    """They are read from what the customer waits with."""
    wants = asks(5, id="refund", customer_id="dee", text="I want a refund")
    german = asks(5, id="de", customer_id="eli", text="Wo bleibt mein Paket?", language="de")
    desk.receive([wants, german], now=at(5))
    desk.route("fake:m0", by="desk", now=at(6))
    found = [desk.propose(f"fake:{name}", now=at(6)) for name in ("refund", "de")]

    assert [str(each) for each in found] == [
        "anna: next in turn, can do refunds",
        "anna: next in turn, speaks de",
    ]


def test_nobody_is_given_more_than_they_have_room_for(desk: Desk) -> None:
    """The rest waits, and why is said of everybody."""
    desk.set_presence("anna", "busy", by="anna", now=at(4))
    got = [desk.route_next(by="desk", now=at(5)) for _ in range(3)]
    nobody = desk.route("fake:m2", by="desk", now=at(6))

    assert [None if each is None else each[0] for each in got] == ["fake:m0", "fake:m1", None]
    assert nobody.agent_id is None
    assert nobody.reasons == ("anna is busy", "bo is full: 2 of 2")


def test_what_is_answered_takes_no_room(desk: Desk) -> None:
    """Room is counted in customers who wait."""
    for each in (0, 1):
        desk.assign(f"fake:m{each}", "bo", by="sam", now=at(4))
    desk.receive([answers(5, customer_id="c0", by="bo")], now=at(5))
    desk.set_presence("anna", "away", by="anna", now=at(5))

    assert desk.route("fake:m2", by="desk", now=at(6)).agent_id == "bo"


def test_nobody_is_assigned_who_is_away(desk: Desk) -> None:
    """Neither by routing nor by hand; the refusal says until when."""
    desk.set_presence("bo", "away", by="bo", now=at(4), until=at(60), reason="lunch")

    with pytest.raises(NotAllowedNow, match="bo is away until 2026-03-02 10:00 UTC, lunch"):
        desk.assign("fake:m0", "bo", by="sam", now=at(59))
    assert desk.propose("fake:m0", now=at(59)).agent_id == "anna"
    assert desk.assign("fake:m0", "bo", by="sam", now=at(60)).agent_id == "bo"


def test_who_never_said_anything_can_be_assigned() -> None:
    """A host without presence is not hindered, nor one without routing."""
    desk = Desk.open()
    desk.receive([asks(0)], now=at(0))

    assert desk.assign("fake:m0", "anybody", by="sam", now=at(1)).agent_id == "anybody"
    with pytest.raises(InvalidValue, match="opened with `routing=`"):
        desk.route("fake:m0", by="sam", now=at(1))


def test_what_is_somebodys_is_not_routed(desk: Desk) -> None:
    """It would be taken from them."""
    desk.assign("fake:m0", "anna", by="sam", now=at(4))

    with pytest.raises(NotAllowedNow, match="it is anna's"):
        desk.route("fake:m0", by="desk", now=at(5))


def test_those_who_are_given_something_are_told() -> None:
    """By whichever way a conversation becomes theirs, unless they came for it."""
    notifier = FakeNotifier()
    desk = Desk.open(notifier, routing=Routing.from_mapping(DOCUMENT))
    desk.receive([asks(each, customer_id=f"c{each}") for each in range(2)], now=at(3))
    desk.route("fake:m0", by="desk", now=at(4))
    desk.next_for("bo", by="bo", now=at(4))
    desk.deliver(now=at(5))

    assert [(each.kind, each.to) for each in notifier.told] == [("assigned", "anna")]


# Coming for the next one


def test_the_next_one_is_leased_and_theirs(desk: Desk) -> None:
    """In order of turns, each once."""
    first, second = (desk.next_for("anna", by="anna", now=at(5)) for _ in range(2))
    other = desk.next_for("bo", by="bo", now=at(5))

    assert [each and each.id for each in (first, second, other)] == [
        "fake:m0",
        "fake:m1",
        "fake:m2",
    ]
    assert first is not None
    assert (first.agent_id, first.lease and first.lease.until) == ("anna", at(20))
    assert desk.next_for("bo", by="bo", now=at(5)) is None


def test_the_next_one_may_be_ones_own(desk: Desk) -> None:
    """Once the lease is over, or if it was assigned; its turn counts."""
    desk.assign("fake:m1", "anna", by="sam", now=at(4))
    got = [desk.next_for("anna", by="anna", now=at(5), for_=timedelta(minutes=5)) for _ in range(2)]
    again = desk.next_for("anna", by="anna", now=at(10))

    assert [each and each.id for each in (*got, again)] == ["fake:m0", "fake:m1", "fake:m0"]


def test_the_next_one_suits(desk: Desk) -> None:
    """What they can't do, or what somebody holds, is left to others."""
    desk.receive([asks(-9, id="first", customer_id="dee", text="a refund please")], now=at(4))
    desk.lease("fake:m0", by="cy", now=at(4))
    found = desk.next_for("bo", by="bo", now=at(5))

    assert found is not None
    assert found.id == "fake:m1"


def test_who_is_away_does_not_come(desk: Desk) -> None:
    """Whoever is busy does; somebody whom the routing does not know does not."""
    desk.set_presence("bo", "away", by="bo", now=at(4))
    desk.set_presence("anna", "busy", by="anna", now=at(4))

    with pytest.raises(NotAllowedNow, match="bo is away"):
        desk.next_for("bo", by="bo", now=at(5))
    with pytest.raises(InvalidValue, match="found 'zoe', expected one of anna, bo"):
        desk.next_for("zoe", by="zoe", now=at(5))
    assert desk.next_for("anna", by="anna", now=at(5)) is not None


def test_without_a_routing_anybody_comes() -> None:
    """As often as they like: a host that wants no more than leases needs no document."""
    desk = Desk.open()
    desk.receive([asks(each, customer_id=f"c{each}") for each in range(12)], now=at(12))
    got = [desk.next_for("anna", by="anna", now=at(12)) for _ in range(13)]

    assert [each is None for each in got] == [False] * 12 + [True]


# Going away


def test_going_away_loses_nothing(desk: Desk) -> None:
    """Leases end, and what waits is shown and stays theirs until it is given back."""
    desk.next_for("anna", by="anna", now=at(5))
    desk.assign("fake:m1", "anna", by="sam", now=at(5), team_id="social")
    left = desk.go_away("anna", by="anna", now=at(6), until=at(60))
    shown = desk.left_behind(now=at(7))
    given = desk.give_back("anna", by="sam", now=at(8))
    kinds = [type(each.recorded.event) for each in desk.log()][-4:]

    assert [each.id for each in left] == ["fake:m0", "fake:m1"]
    assert shown == left
    assert [(each.id, each.agent_id, each.team_id) for each in given] == [
        ("fake:m0", None, None),
        ("fake:m1", None, "social"),
    ]
    assert kinds[1:] == [LeaseEnded, Released, Assigned]
    assert desk.left_behind(now=at(9)) == ()


def test_a_house_may_have_it_given_back_at_once() -> None:
    """And what a customer writes later to who is away, by `watch`."""
    notifier = FakeNotifier()
    routing = Routing.from_mapping({**DOCUMENT, "leaving": "give_back"})
    desk = Desk.open(notifier, routing=routing)
    desk.receive([asks(0), asks(1, customer_id="bea")], now=at(1))
    for name in ("fake:m0", "fake:m1"):
        desk.assign(name, "anna", by="anna", now=at(2), team_id="social")
    desk.receive([answers(3)], now=at(3))
    desk.go_away("anna", by="anna", now=at(4))
    assert holders(desk, "fake:m0", "fake:m1") == ["anna", None]

    desk.receive([asks(9)], now=at(9))
    done = desk.watch(now=at(10))
    desk.deliver(now=at(10))

    assert [type(each) for each in done] == [Assigned]
    assert holders(desk, "fake:m0") == [None]
    assert desk.watch(now=at(11)) == ()
    assert [(each.kind, each.conversation, each.to) for each in notifier.told] == [
        ("given_back", "fake:m1", "social"),
        ("given_back", "fake:m0", "social"),
    ]


def test_who_is_away_by_the_clock_is_noticed() -> None:
    """Somebody who said how long they are there need not say that they go."""
    desk = opened(leaving="give_back")
    desk.receive([asks(0)], now=at(0))
    desk.set_presence("anna", "present", by="anna", now=at(0), until=at(30))
    desk.assign("fake:m0", "anna", by="sam", now=at(1))
    early, late = desk.watch(now=at(29)), desk.watch(now=at(31))

    assert early == ()
    assert [type(each) for each in late] == [Released]


def test_saying_the_same_again_writes_nothing(desk: Desk) -> None:
    """And what would be over already is refused."""
    before = len(desk.log())
    for _ in range(2):
        desk.set_presence("anna", "away", by="anna", now=at(5), reason="lunch")

    assert len(desk.log()) == before + 1
    with pytest.raises(InvalidValue, match="until"):
        desk.set_presence("anna", "away", by="anna", now=at(5), until=at(5))


@pytest.fixture(params=["memory", "sqlite"])
def crowded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk that threads share, where many wait and there is room for few."""
    location = None if request.param == "memory" else str(tmp_path / "care.db")
    routing = Routing.from_mapping({"agents": [{"id": "anna", "capacity": 3}]})
    with Desk.open(store=location, routing=routing, random=Random(1)) as desk:
        desk.receive([asks(each, customer_id=f"c{each}") for each in range(8)], now=at(9))
        yield desk


def test_room_is_kept_by_many_who_route(crowded: Desk) -> None:
    """However many route at once, and the cards are what the log says."""
    with ThreadPoolExecutor(8) as pool:
        names = [f"fake:m{each}" for each in range(8)]
        got = list(pool.map(lambda name: crowded.route(name, by="desk", now=at(9)), names))
    cards = roll(each.recorded.event for each in crowded.log())

    assert sum(each.agent_id is not None for each in got) == 3
    assert {name: crowded.card(name) for name in cards} == cards
