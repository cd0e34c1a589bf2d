"""What is wrong with a map is found before it goes live, with the place and what would be right."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialcare.domain.escalation import EscalationMap, Finding, Problem, check
from socialcare.domain.query import Subject
from socialcare.domain.rota import Rota
from socialcare.domain.sla import SlaPolicy
from socialcare.testing.builders import asks

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples"
ALWAYS = {"name": "all", "start": "2026-01-05 00:00", "duration": "24h", "members": ["anna", "bo"]}
DAY = ALWAYS | {"name": "day", "start": "2026-01-05 09:00", "duration": "8h"}
LAW = {"name": "law", "query": "sue", "answered_by": "team", "team": "legal"}


def rota(**teams: list[dict[str, Any]]) -> Rota:
    """A rota of these teams with their shifts."""
    shifts = {name: {"shifts": shifts} for name, shifts in teams.items()}
    return Rota.from_mapping({"timezone": "UTC", "teams": shifts})


def found(*entries: dict[str, Any], on: Rota | None = None, **given: Any) -> tuple[Finding, ...]:
    """What is wrong with a map of these entries."""
    map_ = EscalationMap.from_mapping({"entries": list(entries), **given})
    return check(map_, now=NOW, rota=on)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """The kind and the place of each."""
    return [(each.problem.value, each.where) for each in findings]


def test_entry_that_is_never_reached_is_found() -> None:
    """One before it always comes first; if that says otherwise, it is a conflict."""
    wider = LAW | {"name": "wider", "query": "sue court"}
    other = LAW | {"name": "other", "query": "sue newspaper", "team": "press"}
    never = LAW | {"name": "never", "query": "a -a"}
    findings = found(LAW, wider, other, never)

    assert told(findings) == [
        ("unreached", "entries[1].query"),
        ("conflict", "entries[2].query"),
        ("unreached", "entries[3].query"),
    ]
    assert "'law' says that only legal answers, this one that only press answers" in str(
        findings[1]
    )


def test_steps_that_go_round_are_found() -> None:
    """Back to where it was, or down again."""
    levels = ["team_leader", "director"]
    steps = [
        {"after": "1h", "level": "director"},
        {"after": "2h", "level": "team_leader"},
        {"after": "3h", "level": "team_leader", "team": "other"},
    ]
    findings = found(LAW | {"level": "director", "steps": steps}, levels=levels)

    assert told(findings) == [
        ("loop", "entries[0].steps[0]"),
        ("loop", "entries[0].steps[1]"),
    ]
    assert findings[0].said.startswith("goes back to legal (director), where it was before")
    assert findings[1].said.startswith("goes down from director to team_leader")


def test_team_that_the_rota_does_not_have_is_found() -> None:
    """In an entry, a step, a level, and the map's own steps."""
    findings = found(
        LAW | {"steps": [{"after": "1h", "level": "boss"}, {"after": "2h", "team": "nobody"}]},
        on=rota(social=[ALWAYS]),
        levels=["team_leader", {"name": "boss", "team": "bosses"}],
        steps=[{"after": "1h", "team": "ghosts"}],
    )

    assert told(findings) == [
        ("unknown_team", "entries[0].team"),
        ("unknown_team", "entries[0].steps[1].team"),
        ("unknown_team", "levels[1].team"),
        ("unknown_team", "steps[0].team"),
    ]
    assert "the rota has no team 'legal'; name one of social" in findings[0].said


def test_time_with_nobody_on_duty_is_found() -> None:
    """Unless the steps lead to somebody, or count in hours in which there is somebody."""
    office = {"office": {"timezone": "UTC", "weekly": {"mon-sun": "09:00-17:00"}}}
    further = LAW | {"steps": [{"after": "1h", "team": "bosses"}]}
    own = rota(legal=[DAY], bosses=[ALWAYS])

    [nobody] = found(LAW, on=own)
    assert (nobody.problem, nobody.where) == (Problem.NOBODY_ON_DUTY, "entries[0]")
    assert "nobody of legal is on duty from Mon 02 Mar 2026 17:00 to Tue 03 Mar 2026 09:00" in (
        nobody.said
    )
    assert "and 27 times more" in nobody.said
    assert found(further, on=own) == ()
    assert found(LAW | {"hours": "office"}, on=own, hours=office) == ()


def test_cover_that_a_rota_does_not_give_is_found_once() -> None:
    """A team that says when somebody must be there is looked at as the rota's own check does."""
    cover = {"timezone": "UTC", "weekly": {"mon-sun": "08:00-17:00"}}
    own = Rota.from_mapping(
        {
            "timezone": "UTC",
            "teams": {"legal": {"shifts": [DAY], "cover": cover}, "all": {"shifts": [ALWAYS]}},
        }
    )
    findings = found(LAW | {"steps": [{"after": "1h", "team": "all"}]}, on=own)

    assert told(findings) == [("nobody_on_duty", "team 'legal'")]
    assert "and 27 times more in 4 weeks" in findings[0].said


@pytest.mark.parametrize(
    ("approval", "roles", "said"),
    [
        ("press", {"pr": ["anna"]}, "nobody is known to have the role 'press'"),
        (
            {"roles": ["pr"], "people": 2},
            {"pr": ["anna"]},
            "asks for 2 people out of pr, and there are",
        ),
        (
            "legal",
            {"pr": ["anna"], "legal": []},
            "asks for somebody out of legal, and there are only none",
        ),
    ],
)
def test_approval_that_nobody_can_give_is_found(
    approval: object, roles: dict[str, list[str]], said: str
) -> None:
    """The role is unknown, or has too few people."""
    [finding] = found(LAW | {"approval": approval}, roles=roles)

    assert (finding.problem, finding.where) == (Problem.NOBODY_APPROVES, "entries[0].approval")
    assert said in finding.said


def test_nobody_approves_their_own_answer() -> None:
    """Where only the one who answers could approve, the approval can't be had."""
    alone = ALWAYS | {"members": ["lena"]}
    [finding] = found(LAW | {"approval": "legal"}, on=rota(legal=[alone]))

    assert "is answered by lena, without whom somebody out of legal can't be had" in finding.said
    assert found(LAW | {"approval": "legal"}, on=rota(legal=[ALWAYS])) == ()


@pytest.mark.parametrize("sample", ["airline", "bank", "shop"])
def test_sample_passes_with_its_rota(sample: str) -> None:
    """The samples are right, a year from now as well."""
    folder = EXAMPLES / sample
    map_ = EscalationMap.from_toml(folder / "map.toml")
    own = Rota.from_toml(folder / "rota.toml")
    later = NOW.replace(year=2027)

    assert check(map_, now=NOW, rota=own, weeks=8) == ()
    assert check(map_, now=later, rota=own, weeks=8) == ()
    assert SlaPolicy.from_toml(folder / "policy.toml").entry_for({}) is not None


@pytest.mark.parametrize(
    ("sample", "text", "entry"),
    [
        ("airline", "There was smoke in the cabin of flight NW12", "accident"),
        ("airline", "Your app crashed when my flight was booked", None),
        ("airline", "My daughter is stuck in Oslo alone", "child alone"),
        ("airline", "They left my mother waiting, no wheelchair", "assistance failed"),
        ("airline", "Your drunk captain swore at us", "conduct of staff"),
        ("airline", "I am a reporter with a story about your delays", "press"),
        ("airline", "Our flight was cancelled, what now?", "stuck now"),
        ("airline", "My father passed away, can I change the date?", "bereavement"),
        ("bank", "I have been scammed, my money is gone", "fraud"),
        ("bank", "My card was stolen in Rome", "lost or stolen card"),
        ("bank", "My sort code is 12-34-56", "account data"),
        ("bank", "I will go to the ombudsman", "complaint with the regulator"),
        ("bank", "The app is down again", "outage"),
        ("bank", "I lost my job and have depression", "vulnerable customer"),
        ("bank", "I don't want to live any more", "life in danger"),
        ("shop", "The charger caught fire!", "product safety"),
        ("shop", "Where is my parcel?", "delivery"),
        ("shop", "I want my money back", "returns"),
        ("shop", "My lawyer will write to you", "law"),
        ("shop", "Is the kettle part of the recall?", "recall"),
        ("shop", "Would you sponsor my channel?", "influencers"),
    ],
)
def test_sample_knows_what_people_write(sample: str, text: str, entry: str | None) -> None:
    """What somebody who knows the trade would send where."""
    map_ = EscalationMap.from_toml(EXAMPLES / sample / "map.toml")

    assert map_.decide([Subject(message=asks(0, text=text))]).entry == entry
