"""Routing as a document, and what is found in it ahead of time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialcare.domain.rota import Rota
from socialcare.domain.routing import Routing, check
from socialcare.errors import InvalidRouting

WHOLE: Mapping[str, Any] = {
    "name": "northline",
    "version": "2",
    "lease": "10m",
    "leads": ["lead", "manager"],
    "leaving": "give_back",
    "sign_on": True,
    "teams": {"social": {"on_duty": True, "languages": ["en", "de"]}, "press": {}},
    "agents": [
        {"id": "anna", "teams": ["social"], "languages": ["en", "de"], "skills": ["refunds"]},
        {"id": "bo", "teams": ["social", "press"], "capacity": 3},
    ],
    "needs": [{"query": "category:refund", "skills": "refunds", "teams": ["social"]}],
}


def test_reads_back_equal() -> None:
    """What was written says the same."""
    routing = Routing.from_mapping(WHOLE)

    assert Routing.from_mapping(routing.to_mapping()) == routing
    assert routing.called == "northline 2"


def test_from_a_file(tmp_path: Path) -> None:
    """As TOML; nothing need be given."""
    path = tmp_path / "routing.toml"
    path.write_text('[[agents]]\nid = "anna"\n', "utf-8")

    assert [agent.id for agent in Routing.from_toml(path).agents] == ["anna"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agent": []}, r"routing: found 'agent', expected a key out of agents"),
        ({"agents": [{}]}, r"routing: agents\[0\].id: found 'nothing'"),
        (
            {"agents": [{"id": "anna", "capacity": 0}]},
            r"routing: agents\[0\].capacity: found 0, expected a number of conversations",
        ),
        ({"agents": [{"id": "a", "capacity": "many"}]}, r"agents\[0\].capacity: found 'many'"),
        ({"agents": [{"id": "a"}, {"id": "a"}]}, "routing: agents: found 'a', .* only once"),
        ({"teams": {"social": {"on_duty": 1}}}, "routing: teams.social.on_duty: found 1"),
        ({"needs": [{"query": "(", "skills": "x"}]}, r"routing: needs\[0\].query, character 2"),
        ({"needs": [{"query": "x", "skills": []}]}, r"routing: needs\[0\].skills: found \(\)"),
        ({"lease": "soon"}, "routing: lease: found 'soon', expected a duration"),
        ({"lease": "0s"}, "routing: lease: found '0:00:00', expected a duration above zero"),
        ({"leaving": "run"}, "routing: leaving: found 'run', expected one of 'keep'"),
    ],
)
def test_what_is_wrong_is_named(wrong: Mapping[str, object], said: str) -> None:
    """With document, key, what was found and what would be right."""
    with pytest.raises(InvalidRouting, match=said):
        Routing.from_mapping(wrong)


def found(wrong: Mapping[str, object], **beside: Any) -> list[str]:
    """What a check finds."""
    return [f"{each.problem} {each.where}" for each in check(Routing.from_mapping(wrong), **beside)]


def test_a_good_one_has_no_findings() -> None:
    """With a rota of the people it knows."""
    shift = {"name": "day", "start": "2026-03-02 09:00", "end": "17:00", "members": ["anna", "bo"]}
    rota = Rota.from_mapping({"timezone": "UTC", "teams": {"social": {"shifts": [shift]}}})

    assert found(WHOLE, rota=rota) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agents": [{"id": "a", "teams": ["social"]}]}, ["unknown_team agents[0].teams"]),
        ({"teams": {"social": {}}}, ["empty_team teams.social"]),
        (
            {
                "teams": {"social": {"languages": ["de", "fr"]}},
                "agents": [{"id": "a", "teams": ["social"], "languages": ["fr-CA"]}],
            },
            ["missing_language teams.social.languages"],
        ),
        (
            {"agents": [{"id": "a"}], "needs": [{"query": "refund", "skills": ["refunds"]}]},
            ["missing_skill needs[0].skills"],
        ),
        (
            {
                "agents": [{"id": "a", "languages": ["en"], "skills": ["x"]}],
                "needs": [
                    {"query": "lang:de refund", "skills": ["x"]},
                    {"query": "NOT lang:de", "skills": ["x"]},
                ],
            },
            ["missing_language needs[0].query"],
        ),
        (
            {
                "teams": {"social": {"on_duty": True}},
                "agents": [{"id": "a", "teams": ["social"]}],
            },
            ["no_rota teams.social.on_duty"],
        ),
    ],
)
def test_what_cannot_work(wrong: Mapping[str, object], said: list[str]) -> None:
    """It is found ahead of time, and only what is certain."""
    assert found(wrong) == said


def test_a_rota_of_strangers() -> None:
    """Somebody on duty who can't be given anything is found."""
    shift = {"name": "day", "start": "2026-03-02 09:00", "end": "17:00", "members": ["zoe"]}
    rota = Rota.from_mapping({"timezone": "UTC", "teams": {"social": {"shifts": [shift]}}})

    assert found(WHOLE, rota=rota) == ["unknown_member teams.social.on_duty"]


def test_teams_of_a_map() -> None:
    """What hands conversations to a team that is not there is found."""

    @attrs.frozen
    class Map:
        teams: frozenset[str]

    assert found({}, escalation=Map(frozenset({"legal"}))) == ["unknown_team escalation"]
