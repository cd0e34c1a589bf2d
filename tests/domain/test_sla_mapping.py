"""Service level policies as mappings and TOML files: what they say, and what is wrong with them."""

from pathlib import Path
from typing import Any

import pytest

from socialcare.domain.sla.policy import SlaEntry, SlaPolicy
from socialcare.domain.sla.presets import PRESETS, preset
from socialcare.domain.sla.rules import FollowUp, Reopening, SlaPause, SlaRules
from socialcare.errors import InvalidPolicy

FILE = """\
name = "airline"
version = "2026-03"
standard_hours = "desk"
warnings = [0.5, 0.8]

[rules]
preset = "zammad"
follow_up = "last"

[[rules.pauses]]
states = ["Waiting"]
targets = ["resolution", "time_in_team"]

[hours.desk]
timezone = "Europe/London"
weekly = { mon-fri = ["09:00-17:30"] }

[[entries]]
name = "delays in public"
priority = ["urgent", "high"]
channel = "x"
visibility = ["public"]
first_response = "15m"
next_response = "30m"
resolution = "8h"
time_in_team = { "tier 2" = "4h", "*" = "1d" }
hours = "calendar"
warnings = []

[[entries]]
name = "everything else"
first_response = "4h"
"""


def all_for(**keys: Any) -> dict[str, Any]:
    """A policy with one entry that promises nothing, and these keys."""
    return {"name": "p", "entries": [{"name": "all"}], **keys}


def with_entry(**keys: Any) -> dict[str, Any]:
    """A policy with one entry of these keys."""
    return {"name": "p", "entries": [{"name": "all", **keys}]}


def test_a_file_holds_a_policy(tmp_path: Path) -> None:
    """Every key of the file is in the policy."""
    path = tmp_path / "sla.toml"
    path.write_text(FILE, encoding="utf-8")
    policy = SlaPolicy.from_toml(path)
    public, other = policy.entries

    assert (policy.version, policy.standard_hours) == ("2026-03", "desk")
    assert policy.rules.name == "zammad, changed"
    assert policy.rules.follow_up is FollowUp.LAST
    assert policy.rules.reopening is Reopening.IGNORE
    assert policy.rules.pauses == (
        SlaPause(states={"waiting"}, targets={"resolution", "time_in_team"}),
    )
    assert policy.warnings_of(public) == ()
    assert policy.warnings_of(other) == (0.5, 0.8)
    assert policy.hours_of(other) == "desk"


def test_a_policy_reads_back_equal(tmp_path: Path) -> None:
    """What is written as a mapping is read as an equal value with an equal hash."""
    path = tmp_path / "sla.toml"
    path.write_text(FILE, encoding="utf-8")
    policy = SlaPolicy.from_toml(path)
    again = SlaPolicy.from_mapping(policy.to_mapping())

    assert again == policy
    assert hash(again) == hash(policy)


@pytest.mark.parametrize("rules", PRESETS.values(), ids=PRESETS.keys())
def test_every_preset_reads_back_equal(rules: SlaRules) -> None:
    """The rules of others are data like any."""
    policy = SlaPolicy(name="p", entries=[SlaEntry(name="all")], rules=rules)

    assert SlaPolicy.from_mapping(policy.to_mapping()) == policy


def test_a_preset_that_is_not_changed_keeps_its_name() -> None:
    """Only a departure is called one."""
    policy = SlaPolicy.from_mapping(all_for(rules={"preset": "Zendesk"}))

    assert policy.rules == preset("zendesk")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({}, "sla.toml: name: found 'nothing', expected what the policy is called"),
        ({"name": ""}, "sla.toml: name: found '', expected a text that is not empty"),
        ({"name": "p", "entries": []}, "sla.toml: entries: found (), expected at least one"),
        ({"name": "p", "entries": {}}, "sla.toml: entries: found {}, expected a list"),
        ({"name": "p", "entries": ["a"]}, "sla.toml: entries[0]: found 'a', expected a table"),
        (all_for(entry=1), "sla.toml: found 'entry', expected a key out of entries, name"),
        (with_entry(first_respons="1h"), "sla.toml: entries[0]: found 'first_respons', expected"),
        (
            with_entry(resolution="soon"),
            "sla.toml: entries[0].resolution: found 'soon', expected a",
        ),
        (with_entry(resolution=5), "sla.toml: entries[0].resolution: found 5, expected a duration"),
        (with_entry(resolution="0s"), "sla.toml: entries[0].resolution: found '0:00:00', expected"),
        (with_entry(resolution="1.5s"), "sla.toml: entries[0].resolution: found '0:00:01.500000'"),
        (with_entry(hours="desk"), "sla.toml: entries[0].hours: found 'desk', expected one of cal"),
        (with_entry(visibility="secret"), "sla.toml: entries[0].visibility: found 'secret', expe"),
        (with_entry(warnings=[0.5, 2]), "sla.toml: entries[0].warnings: found 2, expected shares"),
        (with_entry(warnings=0.5), "sla.toml: entries[0].warnings: found 0.5, expected a list"),
        (with_entry(priority=[1]), "sla.toml: entries[0].priority[0]: found 1, expected a text"),
        (with_entry(time_in_team={"a": "x"}), "sla.toml: entries[0].time_in_team.a: found 'x', ex"),
        (
            with_entry(time_in_team="1h"),
            "sla.toml: entries[0].time_in_team: found '1h', expected a",
        ),
        (
            {"name": "p", "entries": [{"name": "a"}, {"name": "a"}]},
            "sla.toml: entries: found 'a', expected a name for each entry that no other has",
        ),
        (
            all_for(standard_hours="x"),
            "sla.toml: standard_hours: found 'x', expected one of calend",
        ),
        (all_for(warnings=[0]), "sla.toml: warnings: found 0, expected shares of the target"),
        (
            all_for(rules={"preset": "otrs"}),
            "sla.toml: rules.preset: found 'otrs', expected one of",
        ),
        (
            all_for(rules={"reopening": "x"}),
            "sla.toml: rules.reopening: found 'x', expected one of",
        ),
        (all_for(rules={"responses": "x"}), "sla.toml: rules.responses: found 'x', expected one"),
        (all_for(rules={"pauses": [{}]}), "sla.toml: rules.pauses[0].states: found 'nothing'"),
        (
            all_for(rules={"pauses": [{"states": ["a"], "targets": ["b"]}]}),
            "sla.toml: rules.pauses[0].targets[0]: found 'b', expected one of 'first_response'",
        ),
        (all_for(hours={"d": "9-17"}), "sla.toml: hours.d: found '9-17', expected a table"),
        (
            all_for(hours={"d": {"timezone": "UTC", "weekly": {"mon": ["9"]}}}),
            "sla.toml: hours.d.weekly.mon[0]: found '9', expected a window",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(mapping: dict[str, Any], message: str) -> None:
    """The message names the file, the key, what was found and what would be right."""
    with pytest.raises(InvalidPolicy) as raised:
        SlaPolicy.from_mapping(mapping, where="sla.toml")

    assert str(raised.value).startswith(message)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    """The name of the file stands before what is wrong with it."""
    path = tmp_path / "sla.toml"
    path.write_text("name =", encoding="utf-8")

    with pytest.raises(InvalidPolicy, match="a TOML file in UTF-8") as raised:
        SlaPolicy.from_toml(path)

    assert raised.value.where == str(path)
