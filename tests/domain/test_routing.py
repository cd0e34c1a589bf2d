"""Who gets a conversation, and why."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asks, at
from socialcare.domain.query import Query
from socialcare.domain.rota import Rota
from socialcare.domain.routing import (
    Agent,
    Card,
    Case,
    Need,
    Presence,
    Proposal,
    Routing,
    Staff,
    Team,
    Why,
    propose,
)
from socialcare.domain.subject import Subject

NOW = at(60)
ANNA, BO, CY = (Agent(id=name, teams=["social"]) for name in ("anna", "bo", "cy"))


def is_(presence: str, agent: str = "anna", **fields: Any) -> Card:
    """The card of an agent who said so an hour ago."""
    return Card(agent_id=agent, presence=presence, since=at(0), **fields)


def proposed(case: Case, *agents: Agent, **fields: Any) -> Proposal:
    """Who gets it of these agents."""
    plan: Mapping[str, Any] = fields.pop("plan", {})
    given_cards = {each.agent_id: each for each in fields.pop("cards", ())}
    routing = Routing(agents=agents, **plan)
    return propose(case, Staff(routing=routing, now=NOW, cards=given_cards, **fields))


def test_who_knows_the_customer_comes_first() -> None:
    """Whoever dealt with them last, of those who can."""
    found = proposed(Case(dealt_with=["zoe", "bo", "anna"]), ANNA, BO)

    assert (found.agent_id, found.reasons) == ("bo", ("knows the customer",))


def test_who_knows_the_customer_must_be_able() -> None:
    """Being away, busy or full counts more than knowing them."""
    away = proposed(Case(dealt_with=["anna"]), ANNA, BO, cards=[is_("away")])
    busy = proposed(Case(dealt_with=["anna"]), ANNA, BO, cards=[is_("busy")])
    full = proposed(Case(dealt_with=["anna"]), ANNA, BO, load={"anna": 10})

    assert [each.agent_id for each in (away, busy, full)] == ["bo", "bo", "bo"]
    assert [each.refusals[0].why for each in (away, busy, full)] == [
        Why.ABSENT,
        Why.BUSY,
        Why.FULL,
    ]


def test_turns() -> None:
    """Who was given something longest ago, never before all others, ties by id."""
    cards = [Card(agent_id="anna", given_at=at(5)), Card(agent_id="bo", given_at=at(4))]

    assert proposed(Case(), ANNA, BO, cards=cards).agent_id == "bo"
    assert proposed(Case(), ANNA, BO, CY, cards=cards).agent_id == "cy"
    assert proposed(Case(), BO, ANNA).agent_id == "anna"


def test_reasons() -> None:
    """What spoke for them, in words."""
    anna = Agent(id="anna", languages=["de"], skills=["refunds"])
    found = proposed(Case(language="de-AT", skills=["refunds"]), anna)

    assert str(found) == "anna: next in turn, speaks de-AT, can do refunds"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case(team_id="press"), "anna is not of the team press"),
        (Case(skills=["law", "tax"]), "anna can't do law, tax"),
        (Case(language="fr"), "anna does not speak fr"),
    ],
)
def test_why_nobody(case: Case, said: str) -> None:
    """Each of the others has a reason."""
    found = proposed(case, Agent(id="anna", teams=["social"], languages=["en"]))

    assert (found.agent_id, found.reasons) == (None, (said,))


def test_no_agents() -> None:
    """That is a reason too."""
    assert str(proposed(Case())) == "nobody: there are no agents"


def test_away_until() -> None:
    """The refusal says until when, and why."""
    lunch = is_("away", until=at(90), reason="lunch")
    [refusal] = proposed(Case(), ANNA, cards=[lunch]).refusals

    assert refusal.said == "anna is away until 2026-03-02 10:30 UTC, lunch"


@pytest.mark.parametrize(
    ("before", "after"),
    [("present", "away"), ("busy", "present"), ("away", "present")],
)
def test_presence_ends(before: str, after: str) -> None:
    """What was said until an instant is over at that instant."""
    said = is_(before, until=at(30))

    assert said.at(at(30) - timedelta(seconds=1)) is Presence(before)
    assert said.at(at(30)) is Presence(after)


def test_who_said_nothing_is_there() -> None:
    """Unless the house asks everybody to say so."""
    assert proposed(Case(), ANNA).agent_id == "anna"
    assert proposed(Case(), ANNA, plan={"sign_on": True}).agent_id is None
    assert proposed(Case(), ANNA, plan={"sign_on": True}, cards=[is_("present")]).agent_id == "anna"


def rota(*members: str) -> Rota:
    """They are on duty every day from nine to five."""
    shift = {"name": "day", "start": "2026-03-02 09:00", "end": "17:00", "members": members}
    teams = {"social": {"shifts": [shift]}}
    return Rota.from_mapping({"timezone": "UTC", "teams": teams})


def test_teams_that_go_by_a_rota() -> None:
    """Only those on duty are given something; without a rota nobody is."""
    plan = {"teams": [Team(name="social", on_duty=True)]}
    on = proposed(Case(team_id="social"), ANNA, BO, plan=plan, rota=rota("bo"))
    none = proposed(Case(), ANNA, BO, plan=plan)

    assert on.agent_id == "bo"
    assert none.reasons == ("anna is not on duty in social", "bo is not on duty in social")


def test_who_asks_is_there() -> None:
    """Whoever asks for something themselves is not held up by being busy or off duty."""
    routing = Routing(agents=[ANNA], teams=[Team(name="social", on_duty=True)])
    busy = Staff(routing=routing, now=NOW, cards={"anna": is_("busy")})
    away = Staff(routing=routing, now=NOW, cards={"anna": is_("away")})
    refused = away.refusal_to_ask(Case(), ANNA)

    assert busy.refusal_to_ask(Case(), ANNA) is None
    assert refused is not None
    assert refused.why is Why.ABSENT


def test_a_conversation_of_no_team_goes_to_the_only_one_that_somebody_has() -> None:
    """With several, nobody can say."""
    both = Agent(id="anna", teams=["social", "press"])

    assert proposed(Case(), ANNA).team_id == "social"
    assert proposed(Case(), both).team_id is None
    assert proposed(Case(team_id="press"), both).team_id == "press"


def test_needs() -> None:
    """The skills of every need that holds, each once, in the teams that it is for."""
    routing = Routing(
        needs=[
            Need(query=Query("refund"), skills=["refunds"]),
            Need(query=Query("refund OR lawyer"), skills=["law", "refunds"], teams=["press"]),
        ]
    )
    subject = Subject(message=asks(0, text="I want a refund"))

    assert list(routing.skills_for(subject, None)) == ["refunds"]
    assert list(routing.skills_for(subject, "press")) == ["refunds", "law"]
    assert not list(routing.skills_for(Subject(message=asks(0, text="hello")), "press"))


PRESENCES = st.sampled_from([None, *Presence])
MINUTES = st.integers(0, 120).map(at)
CARDS = st.fixed_dictionaries(
    {
        name: st.builds(
            Card,
            agent_id=st.just(name),
            presence=PRESENCES,
            since=st.just(at(0)),
            until=st.none() | MINUTES,
            given_at=st.none() | MINUTES,
        )
        for name in ("anna", "bo", "cy")
    }
)


@given(
    cards=CARDS,
    load=st.dictionaries(st.sampled_from(["anna", "bo", "cy"]), st.integers(0, 3)),
    known=st.lists(st.sampled_from(["anna", "bo", "cy", "zoe"]), unique=True),
    sign_on=st.booleans(),
)
@settings(max_examples=50, deadline=None)
def test_never_who_is_away_or_full(
    cards: dict[str, Card], load: dict[str, int], known: list[str], sign_on: bool
) -> None:
    """Whoever gets it is there and has room; nobody gets it only if none of them is so."""
    agents = [Agent(id=name, capacity=2) for name in ("anna", "bo", "cy")]
    routing = Routing(agents=agents, sign_on=sign_on)
    staff = Staff(routing=routing, now=NOW, cards=cards, load=load)
    found = propose(Case(dealt_with=known), staff)
    there = (Presence.PRESENT,) if sign_on else (Presence.PRESENT, None)
    able = {name for name, card in cards.items() if card.at(NOW) in there and load.get(name, 0) < 2}

    assert (found.agent_id in able) if able else found.agent_id is None
    assert {each.agent_id for each in found.refusals} == cards.keys() - able
    assert [name for name in known if name in able][:1] in ([], [found.agent_id])


@given(rounds=st.integers(1, 20), names=st.sets(st.sampled_from("abcdef"), min_size=1))
@settings(max_examples=50, deadline=None)
def test_turns_are_fair(rounds: int, names: set[str]) -> None:
    """However long it goes on, nobody is given two more than anybody else."""
    agents = [Agent(id=name, capacity=1000) for name in sorted(names)]
    cards: dict[str, Card] = {}
    count = dict.fromkeys(names, 0)
    for number in range(rounds):
        staff = Staff(routing=Routing(agents=agents), now=at(number), cards=cards)
        chosen = propose(Case(), staff).agent_id or ""
        cards[chosen] = Card(agent_id=chosen, given_at=at(number))
        count[chosen] += 1

    assert max(count.values()) - min(count.values()) <= 1
