"""Attainment by the clocks of a service level policy, over an export."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.test_two_engines import assignment_table, status_table
from socialcare import Desk
from socialcare.analytics import MessageLog, metrics, read
from socialcare.analytics.page import words
from socialcare.cli.app import app
from socialcare.domain.message import Author
from socialcare.domain.priority import RuleBook
from socialcare.domain.sla import SlaPolicy, attainment, sla_clocks
from socialcare.domain.threading import misdated, thread
from spoken import MONDAY, log_of, said
from strategies import assignments_for, logs, statuses_for

SHOP = SlaPolicy.from_mapping(
    {
        "name": "shop",
        "version": "3",
        "standard_hours": "desk",
        "hours": {"desk": {"timezone": "Europe/London", "weekly": {"mon-fri": "09:00-17:00"}}},
        "entries": [
            {"name": "billing", "category": "Billing", "first_response": "10m"},
            {"name": "all", "first_response": "1h", "next_response": "2h"},
        ],
    }
)
AGENT = Author(id="anna", role="agent", team_id="front")
BILL = {"category": "Billing", "subcategory": "Refund"}
TALK = (
    said("ada", 0),
    said("a: ada", 30, author=AGENT),
    said("ada", 60),
    said("bob", 0, channel="email", **BILL),
    said("b: bob", 30, channel="email"),
    said("cy", 470),
)
"""Ada is answered in time and waits again, Bob is answered too late, Cy wrote before the close."""


def as_of(minute: float) -> datetime:
    """So many minutes after nine."""
    return MONDAY + timedelta(minutes=minute)


def test_attainment_is_that_of_the_clocks() -> None:
    """Met of met and breached; in business hours, Cy's hour goes on in the morning."""
    found = metrics(log_of(TALK), as_of=as_of(600), deadlines=SHOP)["sla_attainment"]

    assert (found["k"], found["n"], found["undecided"]) == (1, 3, 1)
    assert (found["first_response"]["k"], found["first_response"]["n"]) == (1, 2)
    assert (found["next_response"]["k"], found["next_response"]["n"]) == (0, 1)
    assert found["resolution"] is None
    assert found["time_in_team"] is None


def test_without_a_policy_there_is_no_attainment() -> None:
    """It says what it needs."""
    found = metrics(log_of(TALK))

    assert found.not_computed["sla_attainment"] == (
        "needs a policy with targets, or a service level policy"
    )
    assert found.to_dict()["deadlines"] is None


def test_a_split_goes_by_opening_message_and_response() -> None:
    """Parts add up; agent and team are those of the response."""
    log = log_of(TALK)
    by = {
        name: {
            group[name]: (its["k"], its["n"], its["undecided"])
            for group in metrics(log, name, as_of=as_of(600), deadlines=SHOP).groups
            if (its := group["metrics"]["sla_attainment"])["n"] or its["undecided"]
        }
        for name in ("channel", "agent_id")
    }
    hours = metrics(log, period="hour", as_of=as_of(600), deadlines=SHOP).groups

    assert by["channel"] == {"x": (1, 2, 1), "email": (0, 1, 0)}
    assert by["agent_id"] == {"anna": (1, 1, 0), "b": (0, 1, 0), None: (0, 1, 1)}
    assert sum(group["metrics"]["sla_attainment"]["n"] for group in hours) == 3


def test_clocks_are_evidence() -> None:
    """Each number is a row that can be looked at."""
    found = log_of(TALK).clocks(SHOP, as_of=as_of(600))
    assert isinstance(found, pl.DataFrame)
    rows = found.sort("conversation_id", "opened_at").select(
        "conversation_id", "target", "state", "entry", "elapsed_seconds", "policy_version"
    )

    assert rows.rows() == [
        ("email:bob@0", "first_response", "breached", "billing", 1800, "3"),
        ("x:ada@0", "first_response", "met", "all", 1800, "3"),
        ("x:ada@0", "next_response", "breached", "all", 25200, "3"),
        ("x:cy@470", "first_response", "running", "all", 600, "3"),
    ]


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_they_are_the_clocks_of_the_domain(data: st.DataObject) -> None:
    """For any log with statuses and teams, over the columns as over the values."""
    messages = data.draw(logs(min_size=1, max_size=12))
    statuses, hands = data.draw(statuses_for(messages)), data.draw(assignments_for(messages))
    policy = SlaPolicy.from_mapping(
        {
            "name": "any",
            "rules": {"pauses": [{"states": ["pending", "hold"]}]},
            "entries": [
                {"name": "billing", "team": "billing", "resolution": "1h", "first_response": "7m"},
                {
                    "name": "all",
                    "first_response": "1h",
                    "next_response": "3h",
                    "resolution": "1d",
                    "time_in_team": {"*": "1h"},
                },
            ],
        }
    )
    log = log_of(messages, status=status_table(statuses), assignment=assignment_table(hands))
    now = log.as_of
    assert now is not None
    late = misdated(messages)
    expected = [
        clock
        for each in thread(messages)
        for clock in sla_clocks(
            attrs.evolve(each, statuses=tuple(statuses), assignments=tuple(hands)),
            policy,
            now=now,
            misdated=late,
        )
    ]
    found = metrics(log, deadlines=policy)["sla_attainment"]
    kept = attainment(expected)

    assert sorted(map(repr, log.clocked(log.measured(), policy).clocks)) == sorted(
        map(repr, expected)
    )
    assert (found["k"], found["n"], found["undecided"]) == (kept.met, kept.n, kept.undecided)


@pytest.fixture
def desk() -> Desk:
    """A desk that has heard the talk."""
    found = Desk.open(deadlines=SHOP, rules=None)
    for each in TALK:
        found.receive([each], now=each.sent_at)
    return found


def test_an_export_of_a_desk_says_what_the_desk_says(desk: Desk, tmp_path: Path) -> None:
    """Where the policy asks for nothing that only a desk knows."""
    desk.export(tmp_path / "care.csv")
    found = metrics(read(tmp_path / "care.csv"), as_of=as_of(600), deadlines=SHOP)
    kept = desk.attainment(now=as_of(600))

    assert found["sla_attainment"]["k"] == kept.met
    assert found["sla_attainment"]["n"] == kept.n


def test_a_desk_measures_by_what_it_knew() -> None:
    """Priorities, which no export has, decide in its metrics as they do in its clocks."""
    rules = {"rules": [{"name": "fire", "query": "fire", "priority": "first/1"}]}
    policy = SlaPolicy.from_mapping(
        {
            "name": "shop",
            "entries": [
                {"name": "fires", "priority": "first", "first_response": "10m"},
                {"name": "all", "first_response": "1h"},
            ],
        }
    )
    desk = Desk.open(rules=RuleBook.from_mapping(rules), deadlines=policy)
    for each in (said("ada", 0, text="fire!"), said("bob", 0, text="hello"), *TALK[1:2]):
        desk.receive([each], now=each.sent_at)
    found = desk.metrics("channel", as_of=as_of(40))
    kept = desk.attainment(now=as_of(40))

    assert (kept.met, kept.breached, kept.undecided) == (0, 1, 1)
    assert (found["sla_attainment"]["n"], found["sla_attainment"]["undecided"]) == (1, 1)
    assert found.groups[0]["metrics"]["sla_attainment"]["value"] == 0.0


def test_the_command_line_takes_a_policy(desk: Desk, tmp_path: Path) -> None:
    """The JSON has the policy, and the folder the clocks."""
    desk.export(tmp_path / "care.csv")
    policy = tmp_path / "sla.toml"
    policy.write_text('name = "shop"\n[[entries]]\nname = "all"\nfirst_response = "1h"\n')
    given = [str(tmp_path / "care.csv"), "--deadlines", str(policy), "--json", "-"]
    done = CliRunner().invoke(
        app, ["report", *given, "--out", str(tmp_path / "out"), "--out-format", "csv"]
    )
    document = json.loads(done.stdout)

    assert document["deadlines"]["name"] == "shop"
    assert document["metrics"]["sla_attainment"]["n"] == 2
    assert "first_response" in (tmp_path / "out" / "clocks.csv").read_text("utf-8")


def test_a_page_names_the_policy() -> None:
    """It says by what attainment was measured."""
    document = metrics(log_of(TALK), deadlines=SHOP).to_dict()
    *_, promised = words.policy(document["policy"], document["deadlines"])

    assert promised == (
        "What was promised is that of the service level policy shop, version 3, in its own hours "
        "and by its own rules; its entries are 'billing' and 'all'."
    )


def test_a_log_takes_any_frame() -> None:
    """An empty log has no clocks, and nothing is promised in it."""
    empty: MessageLog = log_of([])
    found = metrics(empty, "channel", deadlines=SHOP)

    assert found["sla_attainment"]["value"] is None
    assert found.groups == ()
