"""Escalation at the desk: whoever must see it gets it at once, and keeps it until they are done."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.escalation import EscalationMap, Problem
from socialcare.domain.events import (
    DocumentChanged,
    DocumentRefused,
    Escalated,
    Event,
    Returned,
    Taken,
)
from socialcare.domain.rota import Rota
from socialcare.errors import InvalidValue, NotAllowedNow, UnknownConversation
from socialcare.plugins.records import Page
from socialcare.testing import FakeChannel, FakeNotifier
from socialcare.testing.builders import answers, asks, at

HERE = "fake:m0"
LENA = Actor(id="lena", roles=("legal",))
MAPPING: dict[str, Any] = {
    "name": "shop",
    "version": "3",
    "levels": ["team_leader", {"name": "director", "team": "directors"}],
    "steps": [{"after": "30m", "level": "director"}],
    "repeat": "4h",
    "hold": "4h",
    "entries": [
        {"name": "fire", "query": "fire", "answered_by": "team", "team": "safety"}
        | {"level": "director"},
        {"name": "law", "query": "sue", "answered_by": "team", "team": "legal"}
        | {"reason": "it may be read in court"},
        {"name": "late", "query": "late", "answered_by": "agents", "team": "leads"}
        | {"steps": [{"after": "20m"}]},
    ],
}
MAP = EscalationMap.from_mapping(MAPPING)
ALWAYS = {"name": "all", "start": "2026-01-05 00:00", "duration": "24h"}
ROTA = Rota.from_mapping(
    {
        "timezone": "UTC",
        "teams": {
            "legal": {"shifts": [ALWAYS | {"members": ["lena", "lou"]}]},
            "directors": {"shifts": [ALWAYS | {"members": ["gita"]}]},
            "safety": {
                "shifts": [ALWAYS | {"members": ["sol"], "start": "2027-01-01 00:00"}],
            },
        },
    }
)


def opened(*plugins: object, **given: Any) -> Desk:
    """A desk with that map and rota."""
    documents: dict[str, Any] = {"escalation": MAP, "rota": ROTA, "rules": None}
    return Desk.open(*plugins, **(documents | given))


def asked(text: str, **given: Any) -> Desk:
    """A desk on which ada has written that."""
    desk = opened(**given)
    desk.receive([asks(0, text=text)], now=at(0))
    return desk


def escalations(events: Any) -> list[tuple[str, str, str, float]]:
    """Team, level, cause and minute of each escalation among some events."""
    found = [each for each in events if isinstance(each, Escalated)]
    minutes = [(each.at - at(0)).total_seconds() / 60 for each in found]
    return [
        (each.team_id, each.level, each.because.value, minute)
        for each, minute in zip(found, minutes, strict=True)
    ]


def log(desk: Desk) -> list[Event]:
    """Everything that happened."""
    return [each.recorded.event for each in desk.log()]


def team(desk: Desk, name: str) -> list[str]:
    """What is in the queue of a team."""
    return [each.id for each in desk.queue(Page(team_id=name))]


# When it comes in


def test_what_agents_must_not_answer_is_escalated_as_it_comes_in() -> None:
    """In the same transaction, with entry, map, words and whom it was told; and only once."""
    notifier = FakeNotifier("pager")
    desk = opened(notifier)
    desk.receive([asks(0, text="I will SUE you")], now=at(1))
    desk.receive([asks(0, text="I will SUE you")], now=at(2))
    desk.deliver(now=at(2))
    [event] = [each for each in log(desk) if isinstance(each, Escalated)]

    assert (event.conversation, event.at, event.escalation) == (HERE, at(1), "fake:m0#1")
    assert (event.team_id, event.level, event.entry, event.map) == (
        "legal",
        "team_leader",
        "law",
        "shop 3",
    )
    assert (event.found, event.messages) == (("SUE",), (("fake", "m0"),))
    assert event.told == ("lena", "lou")
    assert [(each.kind, each.to) for each in notifier.told] == [
        ("escalated", "lena"),
        ("escalated", "lou"),
    ]
    assert team(desk, "legal") == [HERE]
    assert desk.watch(now=at(3)) == ()


@pytest.mark.parametrize("location", [(), ("care.db",)])
def test_it_stays_in_the_queue_of_its_team_while_the_customer_is_answered(
    tmp_path: Path, location: tuple[str, ...]
) -> None:
    """On every way by which a summary is made: as it comes in, and after an answer."""
    with opened(*(str(tmp_path / each) for each in location)) as desk:
        desk.receive([asks(0, text="I will sue")], now=at(0))
        desk.receive([answers(2), answers(3)], now=at(3))
        [found] = desk.queue(Page(team_id="legal"))

        assert (found.id, found.level, found.waiting_since) == (HERE, "team_leader", None)
        desk.hand_back(HERE, by="lena", now=at(4))
        assert desk.queue() == ()


def test_what_agents_answer_is_not_escalated() -> None:
    """Nothing is written, and anybody may answer."""
    desk = asked("Nice shop")

    assert escalations(log(desk)) == []
    assert desk.guidance(HERE, by="anna", now=at(1)).may_answer


def test_a_late_message_is_escalated_though_somebody_has_answered_since() -> None:
    """Nobody had seen it when they did."""
    desk = opened()
    desk.receive([asks(0, text="Hello"), answers(5)], now=at(6))
    desk.receive([asks(2, text="there is a fire")], now=at(8))

    assert escalations(log(desk)) == [("safety", "director", "map", 8)]


def test_an_edit_can_demand_it() -> None:
    """What it says now counts."""
    desk = asked("Hello")
    desk.receive([asks(0, text="I will sue", edited_at=at(4))], now=at(5))

    assert escalations(log(desk)) == [("legal", "team_leader", "map", 5)]


def test_more_of_the_same_changes_nothing_and_worse_goes_further() -> None:
    """Those who have it see what comes; what demands more goes to those who must see that."""
    desk = asked("I will sue")
    desk.receive([asks(2, text="Really, I will sue"), asks(3, text="so late")], now=at(3))
    same = escalations(log(desk))
    desk.receive([asks(4, text="and there was a fire")], now=at(5))

    assert same == [("legal", "team_leader", "map", 0)]
    assert escalations(log(desk))[1:] == [("safety", "director", "map", 5)]
    desk.hand_back(HERE, by="sol", now=at(9))
    assert team(desk, "legal") == [HERE]


# Answers


def test_agents_must_not_answer_it() -> None:
    """The gate refuses, says why, and lets those through who must."""
    channel = FakeChannel()
    channel.says(asks(0, text="I will sue"))
    desk = opened(channel)
    desk.poll("fake", now=at(1))

    with pytest.raises(NotAllowedNow, match="agents must not answer this, legal does: it may be"):
        desk.reply(HERE, "Sorry!", by="anna", now=at(2))
    assert desk.reply(HERE, "Please write to us.", by=LENA, now=at(3)).text


def test_whoever_took_it_may_answer_and_agents_once_it_is_handed_back() -> None:
    """With what they were told to say."""
    desk = asked("I will sue", rota=None)
    may = [desk.guidance(HERE, by="olga", now=at(1)).may_answer]
    desk.take(HERE, by="olga", now=at(2))
    may += [desk.guidance(HERE, by=each, now=at(3)).may_answer for each in ("olga", "anna")]
    desk.hand_back(HERE, by="olga", now=at(4), note="Say that her letter has come.")
    may += [desk.guidance(HERE, by="anna", now=at(5)).may_answer]

    assert may == [False, True, False, True]
    assert escalations(desk.watch(now=at(6))) == []


def test_guidance_says_who_and_why() -> None:
    """As an agent reads it."""
    said = str(asked("I will sue").guidance(HERE, by="anna", now=at(1)))

    assert said.splitlines() == [
        "agents must not answer this, legal does: it may be read in court",
        "escalated to legal (team_leader), taken by nobody yet",
        "agents must not answer, legal does (team_leader): it may be read in court",
        "  by entry 'law' of shop 3",
        "  words: 'sue'",
    ]


# Time


def test_it_goes_on_while_nobody_takes_it() -> None:
    """At the instants at which that was due, and then the last level is told again."""
    notifier = FakeNotifier("pager")
    desk = opened(notifier)
    desk.receive([asks(0, text="I will sue")], now=at(0))
    found = escalations(desk.watch(now=at(600)))
    desk.deliver(now=at(600))

    assert found == [
        ("directors", "director", "untaken", 30),
        ("directors", "director", "repeated", 270),
        ("directors", "director", "repeated", 510),
    ]
    assert [each.to for each in notifier.told] == ["lena", "lou", "gita", "gita"]
    assert (team(desk, "legal"), team(desk, "directors")) == ([], [HERE])


def test_nobody_on_duty_is_said_and_the_next_step_told() -> None:
    """At once, and not after half an hour."""
    notifier = FakeNotifier("pager")
    desk = opened(
        notifier,
        escalation=EscalationMap.from_mapping(
            MAPPING
            | {
                "entries": [
                    {"name": "fire", "query": "fire", "answered_by": "team", "team": "safety"}
                ]
            }
        ),
    )
    desk.receive([asks(0, text="fire")], now=at(0))
    found = escalations(desk.watch(now=at(1)))
    desk.deliver(now=at(1))

    assert found == [("directors", "director", "nobody_on_duty", 0)]
    assert [each.to for each in notifier.told] == ["safety", "gita"]
    assert "nobody of safety is on duty" in notifier.told[0].said


def test_taking_it_stops_the_steps_until_it_is_held_too_long() -> None:
    """What was taken and not finished goes on, as if nobody had taken it."""
    desk = asked("I will sue")
    desk.take(HERE, by=LENA, now=at(10))
    early = escalations(desk.watch(now=at(200)))
    late = escalations(desk.watch(now=at(300)))

    assert early == []
    assert late == [("directors", "director", "held", 250)]
    assert desk.conversation(HERE).agent_id is None


def test_what_agents_do_not_answer_goes_to_the_team_leader() -> None:
    """Unless they do; and agents may still answer it then."""
    answered = asked("so late")
    answered.receive([answers(10)], now=at(10))
    desk = asked("so late")

    assert escalations(answered.watch(now=at(100))) == []
    assert (
        escalations(desk.watch(now=at(100)))
        == [("leads", "team_leader", "unanswered", 20)]
        + [("leads", "team_leader", "repeated", 260)] * 0
    )
    assert desk.guidance(HERE, by="anna", now=at(101)).may_answer
    desk.hand_back(HERE, by=Actor(id="tara", roles=["leads"]), now=at(110))
    assert escalations(desk.watch(now=at(125))) == []
    assert escalations(desk.watch(now=at(131))) == [("leads", "team_leader", "unanswered", 130)]


@given(st.lists(st.integers(0, 700), max_size=6), st.integers(1, 699))
@settings(max_examples=25, deadline=None)
def test_it_makes_no_difference_when_somebody_watches(looks: list[int], took: int) -> None:
    """The same events at the same instants, for any sequence of looks."""
    told = []
    for minutes in ((), sorted(looks)):
        desk = asked("I will sue")
        for minute in (each for each in minutes if each < took):
            desk.watch(now=at(minute))
        desk.take(HERE, by=LENA, now=at(took))
        for minute in (each for each in minutes if each >= took):
            desk.watch(now=at(minute))
        desk.watch(now=at(1500))
        told.append(escalations(log(desk)))

    assert told[0] == told[1]


# The map changes


def test_another_map_is_asked_again_about_those_who_wait(tmp_path: Path) -> None:
    """What agents might answer and must not any more goes to those who must see it."""
    path = tmp_path / "map.toml"
    entry = '[[entries]]\nname = "law"\nquery = "{}"\nanswered_by = "team"\nteam = "legal"\n'
    path.write_text(entry.format("sue"), "utf-8")
    desk = asked("My lawyer will call", escalation=path)
    before = escalations(desk.watch(now=at(1)))
    path.write_text(entry.format("sue OR lawyer"), "utf-8")

    assert before == []
    assert escalations(desk.watch(now=at(2))) == [("legal", "team_leader", "map", 2)]


def test_a_change_of_the_map_is_told_in_words(tmp_path: Path) -> None:
    """In the words of those who answer, and a bad one changes nothing and says so."""
    path = tmp_path / "map.toml"
    entry = '[[entries]]\nname = "law"\nquery = "sue"\nanswered_by = "team"\nteam = "{}"\n'
    path.write_text(entry.format("legal"), "utf-8")
    desk = asked("Nice shop", escalation=path)
    desk.watch(now=at(1))
    path.write_text(entry.format("lawyers"), "utf-8")
    [changed] = desk.watch(now=at(2))
    path.write_text(entry.format(""), "utf-8")
    [refused] = desk.watch(now=at(3))

    assert isinstance(changed, DocumentChanged)
    assert changed.changes == ("entry 'law': the team was legal, and is lawyers",)
    assert isinstance(refused, DocumentRefused)
    assert "entries[0].team: found '', expected a text that is not empty" in refused.said
    assert [each.problem for each in desk.check_map(now=at(4))] == [Problem.UNKNOWN_TEAM]


# People


def test_somebody_escalates_and_it_comes_back() -> None:
    """To the next level and the team that stands for it, and back to whose it was."""
    desk = asked("Nice shop")
    desk.assign(HERE, "anna", by="anna", now=at(1), team_id="social")
    found = desk.escalate(
        HERE, reason="she cries", by="anna", now=at(2), team="leads", note="be kind"
    )
    first = (found.team_id, found.agent_id, found.escalations[-1].stay.reason)
    found = desk.escalate(HERE, reason="still", by="anna", now=at(3))
    second = (found.team_id, found.escalation is not None and found.escalation.level)
    found = desk.hand_back(HERE, by="gita", now=at(4))

    assert first == ("leads", None, "she cries")
    assert second == ("directors", "director")
    assert (found.team_id, found.agent_id, found.escalation) == ("social", "anna", None)
    assert len(found.escalations) == 1
    assert found.escalations[0].notes == ("be kind",)


def test_what_is_so_already_writes_nothing() -> None:
    """Escalating to where it is, or taking what one has."""
    desk = asked("I will sue")
    desk.take(HERE, by=LENA, now=at(1))
    before = len(log(desk))
    desk.take(HERE, by=LENA, now=at(2))
    desk.escalate(HERE, reason="again", by=LENA, now=at(3), entry="law")

    assert len(log(desk)) == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": " "}, "escalate: found ' ', expected a reason"),
        ({"reason": "x", "entry": "low"}, "an entry of the map: fire, law, late"),
        ({"reason": "x", "level": "king"}, "one of the levels team_leader, director"),
        ({"reason": "x"}, "escalate: team: found None, expected a team"),
    ],
)
def test_escalating_says_what_would_be_right(given: dict[str, str], said: str) -> None:
    """Nothing is written then."""
    desk = asked("Nice shop")

    with pytest.raises(InvalidValue, match=said):
        desk.escalate(HERE, by="anna", now=at(1), **given)


def test_only_what_is_escalated_can_be_taken_or_handed_back() -> None:
    """Anything else is refused with what it is."""
    desk = asked("Nice shop")

    with pytest.raises(NotAllowedNow, match="can't take it: it is not escalated"):
        desk.take(HERE, by=LENA, now=at(1))
    with pytest.raises(NotAllowedNow, match="can't hand it back: it is not escalated"):
        desk.hand_back(HERE, by=LENA, now=at(1))


def test_resolving_does_not_take_it_from_those_who_must_see_it() -> None:
    """Only what they took ends by being settled."""
    desk = asked("I will sue")
    desk.resolve(HERE, by="anna", now=at(1))
    forgotten = team(desk, "legal")
    later = escalations(desk.watch(now=at(31)))
    desk.take(HERE, by="gita", now=at(32))
    desk.hand_back(HERE, by="gita", now=at(33))

    assert forgotten == [HERE]
    assert later == [("directors", "director", "untaken", 30)]
    assert (team(desk, "legal"), team(desk, "directors")) == ([], [])


@pytest.mark.parametrize(("taker", "has"), [(None, "nobody"), ("lena", "lena")])
def test_nobody_hands_back_what_others_must_see(taker: str | None, has: str) -> None:
    """An agent would make it forgotten; so they take it first, or are of the team."""
    desk = asked("I will sue")
    if taker is not None:
        desk.take(HERE, by=taker, now=at(1))

    with pytest.raises(NotAllowedNow, match=f"legal must see it, and {has} has taken it"):
        desk.hand_back(HERE, by="anna", now=at(2))
    assert team(desk, "legal") == [HERE]
    assert desk.hand_back(HERE, by="lou", now=at(3)).escalation is None


def test_those_who_take_it_get_the_whole_case() -> None:
    """History, context, trace, notes and what was said in handing it over."""
    desk = opened(rules="default")
    desk.receive([asks(-9000, text="Where is my parcel?")], now=at(-9000))
    desk.resolve("fake:m-9000", by="anna", now=at(-8000))
    desk.receive([asks(0, text="I will sue")], now=at(0))
    desk.note(HERE, "she called as well", by="anna", now=at(1))
    desk.escalate(
        HERE, reason="two letters", by="anna", now=at(2), level="director", note="see drawer"
    )
    case = desk.case(HERE, by=LENA, now=at(3))

    assert [each.id for each in case.history] == ["fake:m-9000"]
    assert [each.text for each in case.notes] == ["she called as well"]
    assert case.handovers == ("see drawer",)
    assert "by rule" in case.trace or "by no rule" in case.trace
    assert case.guidance.may_answer
    assert [each.level for each in case.escalations[0].stays] == ["team_leader", "director"]
    assert case.customer is not None
    assert case.customer.id == "ada"


# Merging and splitting


def test_a_merge_keeps_both_and_can_be_taken_back() -> None:
    """Each goes on, and is the other's no more after an unmerge."""
    desk = asked("I will sue")
    other = asks(9000, text="there is a fire")
    desk.receive([other], now=at(9000))
    merged = desk.merge(HERE, "fake:m9000", by="anna", now=at(9001))
    open_ = [(each.team_id, each.is_open) for each in merged.escalations]
    desk.unmerge(HERE, "fake:m9000", by="anna", now=at(9002))

    assert sorted(open_) == [("legal", True), ("safety", True)]
    assert [each.team_id for each in desk.conversation("fake:m9000").escalations] == ["safety"]
    assert len(desk.conversation(HERE).escalations) == 1


def test_what_is_split_off_is_escalated_by_itself() -> None:
    """If it is what must be seen, where it went it must be seen too."""
    desk = opened()
    desk.receive([asks(0, text="Hello"), asks(1, text="I will sue")], now=at(1))
    new = desk.split(HERE, [("fake", "m1")], by="anna", now=at(2))
    events = desk.watch(now=at(3))

    assert escalations(events) == [("legal", "team_leader", "map", 3)]
    assert sorted(team(desk, "legal")) == sorted([HERE, new])


def test_events_are_written_in_the_order_in_which_things_happened() -> None:
    """What time had done is written before what somebody does then."""
    desk = asked("I will sue")
    desk.take(HERE, by="gita", now=at(31))
    desk.hand_back(HERE, by="gita", now=at(40), agent_id="anna")
    kinds = [each for each in log(desk) if isinstance(each, Escalated | Taken | Returned)]

    assert [(type(each).__name__, each.at) for each in kinds] == [
        ("Escalated", at(0)),
        ("Escalated", at(30)),
        ("Taken", at(31)),
        ("Returned", at(40)),
    ]
    assert desk.conversation(HERE).agent_id == "anna"


# Nothing is forgotten

DOES: tuple[str, ...] = (
    "answer",
    "resolve",
    "archive",
    "reopen",
    "assign",
    "release",
    "watch",
    "take",
)
DOES += ("hand_back", "harmless", "sue", "fire", "split", "merge", "unmerge", "tag")


def do(desk: Desk, what: str, minute: int) -> None:
    """Something that can happen to ada's conversations; what can't happen now does not."""
    now = at(minute)
    names = [each.id for each in desk.history("ada")]
    name = names[0] if names else HERE
    text = {"harmless": "and hello", "sue": "I will sue", "fire": "a fire"}.get(what)
    if text is not None:
        desk.receive([asks(minute, text=text)], now=now)
    elif what == "answer":
        desk.receive([answers(minute)], now=now)
    elif what == "watch":
        desk.watch(now=now)
    else:
        with suppress(NotAllowedNow, InvalidValue, UnknownConversation):
            command(desk, what, name, names)(now)


def command(desk: Desk, what: str, name: str, names: list[str]) -> Any:
    """A command about a conversation, by the minute at which it is given."""
    by = "anna"
    first = desk.conversation(name).messages[0].key
    given: dict[str, Any] = {
        "assign": lambda now: desk.assign(name, "anna", by=by, now=now, team_id="social"),
        "tag": lambda now: desk.tag(name, f"t{now:%H%M}", by=by, now=now),
        "split": lambda now: desk.split(name, [first], by=by, now=now),
        "merge": lambda now: desk.merge(names[0], names[-1], by=by, now=now),
        "unmerge": lambda now: desk.unmerge(
            name,
            next(iter(each.id for each in desk.conversation(name).absorbed), "x"),
            by=by,
            now=now,
        ),
    }
    return given.get(what) or (lambda now: getattr(desk, what)(name, by=by, now=now))


@given(st.lists(st.tuples(st.sampled_from(DOES), st.integers(1, 90)), max_size=14))
@settings(max_examples=200 if os.environ.get("SOCIALCARE_LONG") else 25, deadline=None)
def test_nothing_that_is_escalated_can_be_forgotten(steps: list[tuple[str, int]]) -> None:
    """Whatever happens, it is in the queue of its team, and a look at it is due."""
    desk = opened(routing=None)
    desk.receive([asks(0, text="I will sue")], now=at(0))
    minute = 0
    for what, later in steps:
        minute += later
        do(desk, what, minute)
    desk.watch(now=at(minute + 1))
    for name in {each.id for each in desk.history("ada")}:
        found = desk.conversation(name)
        if found.escalation is None:
            continue
        assert name in team(desk, found.escalation.team_id)
        [timer] = desk.store.entries((f"desk:watch:{name}",))
        assert timer.due_at is not None
        assert timer.due_at < at(minute + 1) + timedelta(hours=5)
