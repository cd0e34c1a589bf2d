"""An escalation map decides who answers, the same however it was read."""

import re
from typing import Any

import pytest

from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.escalation import (
    AnsweredBy,
    EscalationMap,
    difference,
)
from socialcare.domain.query import Subject
from socialcare.errors import InvalidEscalationMap
from socialcare.testing.builders import asks

FIRE = {
    "name": "fire",
    "query": "<fire> is:inbound",
    "answered_by": "team",
    "team": "safety",
    "level": "director",
    "reason": "somebody may be in danger",
    "approval": {"roles": ["pr", "legal"], "people": 2, "every_role": True},
    "steps": [{"after": "5m", "level": "director", "team": "board"}],
    "hours": "office",
}
LAW = {
    "name": "law",
    "query": "sue",
    "answered_by": "team",
    "team": "legal",
    "approval": "legal",
    "private_in_public": True,
}
LATE = {"name": "late", "query": "late", "answered_by": "agents", "team": "social"}
MAP: dict[str, Any] = {
    "name": "airline",
    "version": "7",
    "terms": {"fire": ["fire", "smoke"]},
    "exceptions": ["fine"],
    "levels": ["team_leader", {"name": "director", "team": "directors"}],
    "hours": {"office": {"timezone": "Europe/London", "weekly": {"mon-fri": "09:00-17:00"}}},
    "repeat": "2h",
    "hold": "4h",
    "roles": {"pr": ["paula"], "legal": "lena"},
    "entries": [FIRE, LAW, LATE],
}


def map_of(*entries: dict[str, Any], **given: Any) -> EscalationMap:
    """A map of these entries."""
    return EscalationMap.from_mapping({"entries": list(entries), **given})


def subjects(*texts: str) -> list[Subject]:
    """What a customer waits with."""
    return [Subject(message=asks(place, text=text)) for place, text in enumerate(texts)]


def test_first_entry_that_holds_decides() -> None:
    """Of two entries for one message the earlier one counts, with what it found."""
    decision = EscalationMap.from_mapping(MAP).decide(subjects("There is SMOKE, I will sue"))

    assert (decision.entry, decision.team, decision.level) == ("fire", "safety", "director")
    assert (decision.map, decision.words, decision.facts) == (
        "airline 7",
        ("SMOKE",),
        {"is": "inbound"},
    )
    assert decision.messages == (("fake", "m0"),)


def test_most_demanding_entry_holds_for_several_messages() -> None:
    """What agents must not answer goes before what they may, wherever it stands in the map."""
    decision = map_of(LATE, LAW).decide(subjects("late again", "I will sue", "so late"))

    assert (decision.entry, decision.also) == ("law", ("late",))
    assert decision.must_escalate
    assert decision.messages == (("fake", "m1"),)


def test_more_approvers_then_higher_level_then_the_earlier_entry() -> None:
    """The order of demands among entries that a team answers."""
    team = {"answered_by": "team", "team": "t"}
    plain = {"name": "plain", "query": "aa", **team}
    other = {"name": "other", "query": "bb", **team}
    high = {"name": "high", "query": "cc", "level": "director", **team}
    two = {"name": "two", "query": "dd", "approval": {"roles": ["pr"], "people": 2}, **team}
    map_ = map_of(plain, other, high, two, levels=["team_leader", "director"])

    assert map_.decide(subjects("aa", "bb", "cc", "dd")).entry == "two"
    assert map_.decide(subjects("aa", "bb", "cc")).entry == "high"
    assert map_.decide(subjects("bb", "aa")).entry == "plain"


def test_an_answer_needs_what_every_message_asks_for() -> None:
    """Approvals add up, and private words stay private if one entry says so."""
    press = {"name": "press", "query": "press", "answered_by": "agents", "approval": "pr"}
    decision = map_of(LAW, press).decide(subjects("I will sue", "press here"))

    assert decision.approval == (
        Requirement(roles="legal", reason="law"),
        Requirement(roles="pr", reason="press"),
    )
    assert not decision.private_in_public


def test_agents_answer_what_no_entry_holds_for() -> None:
    """Nothing is demanded then, and private words are for the map to say."""
    decision = map_of(LAW, private_in_public=True).decide(subjects("Nice shop"))

    assert (decision.entry, decision.answered_by) == (None, AnsweredBy.AGENTS)
    assert decision.private_in_public
    assert map_of(LAW).decide([]).private_in_public is False


def test_first_level_is_the_team_leader() -> None:
    """Unless the map says otherwise; and after half an hour it has nowhere higher to go."""
    map_ = map_of(LAW)
    entry = map_.entry("law")

    assert entry is not None
    assert [(rung.level, rung.team) for rung in map_.ladder(entry)] == [("team_leader", "legal")]


def test_steps_go_on_to_the_next_level() -> None:
    """A step says what it wants to; the rest is the next level, and the team of it."""
    steps = [{"after": "30m"}, {"after": "2h", "team": "board"}]
    map_ = map_of(
        LATE | {"steps": steps},
        LAW,
        levels=["team_leader", {"name": "director", "team": "directors"}],
    )

    def ladder(name: str) -> list[tuple[str | None, str | None, int]]:
        rungs = map_.ladder(map_.entry(name))
        return [(each.level, each.team, each.after.seconds // 60) for each in rungs]

    assert ladder("late") == [
        (None, None, 0),
        ("team_leader", "social", 30),
        ("director", "board", 120),
    ]
    assert ladder("law") == [("team_leader", "legal", 0), ("director", "directors", 30)]


def test_reads_back_equal() -> None:
    """What is written as a mapping is read as the same map."""
    map_ = EscalationMap.from_mapping(MAP)

    assert EscalationMap.from_mapping(map_.to_mapping()) == map_


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"entries": []}, "map: entries: found (), expected at least one"),
        ({"entires": []}, "map: found 'entires', expected a key out of entries"),
        ({"repeat": "0s"}, "map: repeat: found '0:00:00', expected a duration of whole seconds"),
        ({"standard_hours": "day"}, "map: standard_hours: found 'day', expected one of calendar"),
        ({"levels": ["a", "a"]}, "map: levels[1].name: found 'a', expected a name that none"),
        (
            {"entries": [LAW | {"query": "folowers:>5"}]},
            "map: entries[0].query, character 1: found 'folowers:'",
        ),
        (
            {"entries": [LAW | {"query": "<fier>"}]},
            "map: entries[0].query: found '<fier>', expected a name out of those under `terms`",
        ),
        (
            {"entries": [LAW | {"answered_by": "nobody"}]},
            "map: entries[0].answered_by: found 'nobody', expected one of 'agents', 'team'",
        ),
        (
            {"entries": [{"name": "a", "query": "a", "answered_by": "team"}]},
            "map: entries[0].team: found None, expected the team that must answer",
        ),
        (
            {"entries": [LAW | {"level": "king"}]},
            "map: entries[0].level: found 'king', expected one of the levels team_leader",
        ),
        (
            {"entries": [LAW | {"steps": [{"after": "1h"}, {"after": "30m"}]}]},
            "map: entries[0].steps[1].after: found '0:30:00', expected more than the 1:00:00",
        ),
        (
            {"entries": [LAW | {"steps": [{"after": "1h", "tea": "x"}]}]},
            "map: entries[0].steps[0]: found 'tea', expected a key out of team",
        ),
        (
            {
                "entries": [
                    {"name": "a", "query": "a", "answered_by": "agents"}
                    | {"steps": [{"after": "1h"}]}
                ]
            },
            "map: entries[0].steps[0].team: found None, expected a team, there, in the entry",
        ),
        (
            {"entries": [LAW | {"approval": {"roles": "pr", "people": 3}}]},
            "map: entries[0].approval.people: found 3, expected 1 or 2",
        ),
        (
            {"entries": [LAW | {"approval": {"roles": "pr", "people": "2"}}]},
            "map: entries[0].approval.people: found '2', expected 1 or 2",
        ),
        (
            {"entries": [LAW | {"approval": {"roles": ["a", "b"], "every_role": True}}]},
            "map: entries[0].approval.roles: found ('a', 'b'), expected at most 1",
        ),
        ({"entries": [LAW, LAW]}, "map: entries[1].name: found 'law', expected a name that none"),
    ],
)
def test_says_where_it_is_wrong(change: dict[str, Any], said: str) -> None:
    """Every refusal names the key, what was found and what would be right."""
    with pytest.raises(InvalidEscalationMap, match=re.escape(said)):
        EscalationMap.from_mapping({"entries": [LAW], **change})


def test_difference_is_told_in_words() -> None:
    """What was, what is; what is new, gone, or asked earlier than before."""
    new = MAP | {
        "version": "8",
        "roles": {"pr": ["paula", "petra"]},
        "entries": [LATE, FIRE | {"team": "crisis"}, {**LATE, "name": "slow"}],
    }
    told = difference(EscalationMap.from_mapping(MAP), EscalationMap.from_mapping(new))

    assert told == (
        "the version: was 7, and is 8",
        "the role 'legal' is gone",
        "the role 'pr' changed",
        "entry 'law' is gone: law",
        "entry 'fire': the team was safety, and is crisis",
        "entry 'slow' is new: agents answer themselves, since slow",
        "entry 'late' is asked before 'fire' now",
    )
    assert difference(EscalationMap.from_mapping(MAP), EscalationMap.from_mapping(MAP)) == ()
