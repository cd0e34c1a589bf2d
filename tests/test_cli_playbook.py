"""`socialcare playbook check`: the document, an answer, and last month's answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from socialcare.cli.app import run

EXAMPLES = Path(__file__).parents[1] / "examples"
SHOP = str(EXAMPLES / "shop" / "playbook.toml")


def test_a_good_document_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    """And says what it holds."""
    status = run(["playbook", "check", SHOP])

    assert status == 0
    assert "7 examples, 2 acknowledgements, 3 donts, no faults" in capsys.readouterr().out


def test_faults_are_told_and_the_status_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With their places."""
    path = tmp_path / "playbook.toml"
    path.write_text('[[examples]]\nname = "a"\nissue = "b"\ntext = "Calm down."\n')
    status = run(["playbook", "check", str(path), "--json", "-"])
    (fault,) = json.loads(capsys.readouterr().out)["faults"]

    assert status == 1
    assert (fault["problem"], fault["where"]) == ("finding", "examples[0].text")


def test_a_wrong_document_is_refused_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its file and key."""
    path = tmp_path / "playbook.toml"
    path.write_text("[channels.x]\nlongest = 0\n")
    status = run(["playbook", "check", str(path)])
    said = capsys.readouterr().err

    assert status == 2
    assert f"{path}: channels.x.longest: found 0" in said


@pytest.mark.parametrize(
    ("more", "status", "found"),
    [
        (["--reply", "It comes tomorrow. -Jo"], 0, set()),
        (["--reply", "What is your PIN? -Jo"], 1, {"asks_secret"}),
        (["--reply", "Order A-1048-22 is on its way. -Jo"], 1, {"personal_data"}),
        (["--reply", "Order A-1048-22 is on its way. -Jo", "--private"], 0, set()),
        (["--reply", "It comes tomorrow.", "--channel", "instagram"], 0, set()),
        (["--reply", "Thanks! -Jo", "--to", "When does it come?"], 0, {"no_answer"}),
    ],
)
def test_an_answer_is_checked(
    more: list[str], status: int, found: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is said, and after what."""
    ended = run(["playbook", "check", SHOP, *more, "--json", "-"])
    document = json.loads(capsys.readouterr().out)

    assert ended == status
    assert document["schema"] == "socialcare.playbook_check/1"
    assert {each["code"] for each in document["findings"]} == found


def _export(path: Path) -> Path:
    head = "message_id,sent_at,direction,customer_id,channel,visibility,text\n"
    rows: list[tuple[Any, ...]] = [
        (1, "09:00", "inbound", "ada", "Where is my parcel?"),
        (2, "09:05", "outbound", "ada", "Please calm down. -Jo"),
        (3, "09:10", "inbound", "bea", "Is it wool?"),
        (4, "09:15", "outbound", "bea", "It is and you can wash it. -Jo"),
    ]
    lines = [
        f"{n},2026-03-02T{at}:00Z,{to},{who},x,public,{text}\n" for n, at, to, who, text in rows
    ]
    path.write_text(head + "".join(lines))
    return path


def test_answers_of_an_export_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with what was said before it."""
    path = _export(tmp_path / "export.csv")
    status = run(["playbook", "check", SHOP, "--replies", str(path), "--json", "-"])
    document = json.loads(capsys.readouterr().out)
    found = {each["code"]: each["answers"] for each in document["findings"]}

    assert status == 0
    assert (document["answers"], document["clean"]) == (2, 1)
    assert found == {"defensive": 1}
    assert document["findings"][0]["examples"][0]["message_id"] == "2"


def test_answers_of_an_export_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table with shares."""
    run(["playbook", "check", SHOP, "--replies", str(_export(tmp_path / "export.csv"))])
    said = " ".join(capsys.readouterr().out.split())

    assert "2 answers, 1 without a finding" in said
    assert "50.0%" in said


def test_no_answer_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """There must be something to check."""
    assert run(["playbook", "check", SHOP, "--reply", " "]) == 2
    assert "--reply: found ' '" in capsys.readouterr().err


def test_an_answer_and_an_export_are_two_questions(capsys: pytest.CaptureFixture[str]) -> None:
    """Only one can be asked."""
    status = run(["playbook", "check", SHOP, "--reply", "a", "--replies", "b.csv"])

    assert status == 2
    assert "expected one of them" in capsys.readouterr().err
