"""`socialcare crisis`, as a shell sees it."""

import csv
import json
from pathlib import Path

import pytest

from crises import outage_log
from shells import Shell

PLAN = """
name = "mine"
version = "7"
history = "14d"
timezone = "Europe/Berlin"

[topics]
payments = "payments"
"""


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """A shell in a folder with `export.csv`, eighteen days with an outage, and `plan.toml`."""
    with (tmp_path / "export.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(
            ("message_id", "sent_at", "direction", "customer_id", "channel", "sentiment", "text")
        )
        for each in outage_log():
            said = "<b>payments</b> fail" if "payments" in (each.text or "") else each.text
            row = (each.id, each.sent_at.isoformat(), "inbound", each.customer_id, "x")
            lines.writerow((*row, each.sentiment, said))
    (tmp_path / "plan.toml").write_text(PLAN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    return Shell(capsys, "crisis")


def test_what_is_years_away_is_left_out(shell: Shell, tmp_path: Path) -> None:
    """One message of long ago is said to be left out, and changes nothing that is found."""
    given = ("export.csv", "--policy", "plan.toml", "--classifiers", "none", "--json")
    shell.run("replay", *given, "whole.json")
    with (tmp_path / "export.csv").open("a") as file:
        file.write("old,2011-09-26T03:00:00Z,inbound,nobody,x,,hello\n")
    shell.run("replay", *given, "more.json")
    whole, more = (
        json.loads((tmp_path / name).read_text()) for name in ("whole.json", "more.json")
    )

    assert "Left out: 1 message before or after two weeks of silence." in shell.out
    assert (whole["stray"], more["stray"]) == (0, 1)
    assert whole["alarms"] == more["alarms"]
    assert whole["since"] == more["since"]


def test_replay_says_when_and_why(shell: Shell, tmp_path: Path) -> None:
    """Alarms with what they are made of on the terminal, and all of it as JSON and as a page."""
    given = ("export.csv", "--policy", "plan.toml", "--classifiers", "none")
    status = shell.run("replay", *given, "--json", "found.json", "--html", "found.html")
    found = json.loads((tmp_path / "found.json").read_text())
    page = (tmp_path / "found.html").read_text()

    assert status == 0
    assert "by mine 7" in shell.out
    assert "topic payments" in shell.out
    assert found["schema"] == "socialcare.crisis_replay/1"
    assert [each["state"] for each in found["alarms"]] == ["suspected"]
    assert {each["series"] for each in found["points"]} == {
        "volume",
        "negative",
        "negative share",
        "topic:payments",
    }
    assert "Crisis replay" in page
    assert "<b>" not in page
    assert page.count("<svg") == 4


def test_too_short_an_export_is_told(shell: Shell) -> None:
    """Nothing is said of an export that is all history, but how much there is and is needed."""
    status = shell.run("replay", "export.csv", "--classifiers", "none")

    assert status == 2
    assert "found '18.0 days" in shell.err
    assert "more than the history that the policy wants, 28 days" in shell.err


def test_the_history_can_be_shortened(shell: Shell) -> None:
    """`--history` says how much is only learnt from; less than two weeks is refused."""
    status = shell.run("replay", "export.csv", "--history", "14d", "--classifiers", "none")
    refused = shell.run("replay", "export.csv", "--history", "3d")

    assert (status, refused) == (0, 2)
    assert "--history: found '3d', expected a length of time of two weeks or more" in shell.err


def test_what_nobody_scored_is_not_watched(shell: Shell, tmp_path: Path) -> None:
    """Without sentiment only volume and topics are watched, and that is said."""
    rows = list(csv.reader((tmp_path / "export.csv").read_text().splitlines()))
    with (tmp_path / "plain.csv").open("w", newline="") as file:
        csv.writer(file).writerows([*row[:5], row[6]] for row in rows)
    given = ("plain.csv", "--policy", "plan.toml", "--classifiers", "none", "--json", "-")
    status = shell.run("replay", *given)

    assert status == 0
    assert json.loads(shell.out)["not_watched"] == ["negative", "negative share"]


def test_an_unknown_brand_is_refused(shell: Shell) -> None:
    """A brand that the export does not have is an error, and no empty table."""
    status = shell.run("replay", "export.csv", "--brand", "acme")

    assert status == 2
    assert "--brand: found 'acme', expected a brand of the export" in shell.err


def test_check_says_what_is_missing(shell: Shell, tmp_path: Path) -> None:
    """The exit status is 1 if anything is missing, and 2 if it is no plan."""
    status = shell.run("check", "plan.toml")

    assert status == 1
    assert "nobody_told" in shell.out
    (tmp_path / "bad.toml").write_text("holding = 3")
    assert shell.run("check", "bad.toml") == 2
    assert "bad.toml: holding: found 3, expected a list" in shell.err
