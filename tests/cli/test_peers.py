"""`socialcare peers`, as a shell sees it."""

import json
from pathlib import Path

import pytest

from socialcare.cli import main

EXPORT = (
    "message_id,sent_at,direction,customer_id,author_id,author_role,channel,text\n"
    "1,2026-03-02T09:00:00Z,inbound,ada,ada,customer,forum,How do I reset it?\n"
    "2,2026-03-02T09:10:00Z,inbound,ada,bo,peer,forum,Hold the red button\n"
    "3,2026-03-02T09:20:00Z,inbound,ada,ada,customer,forum,Thanks that worked!\n"
)
ALONE = (
    "message_id,sent_at,direction,customer_id,channel,text\n"
    "1,2026-03-02T09:00:00Z,inbound,ada,forum,hello\n"
)


def run(*arguments: str) -> int:
    """Run `socialcare peers` with arguments; its exit status."""
    with pytest.raises(SystemExit) as ended:
        main(("peers", *arguments))
    status = ended.value.code
    assert isinstance(status, int)
    return status


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An export in which bo helped ada."""
    monkeypatch.setenv("COLUMNS", "120")
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, "utf-8")
    return str(path)


def test_a_table(export: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who helped, and what came of all of it."""
    assert run(export) == 0
    said = capsys.readouterr().out

    assert "1 answer by 1 peer" in said
    assert "1 of 1 conversations (100.0 %) were answered by a peer first" in said
    assert "20.7 %" in said


def test_json(export: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same as a document with a version."""
    assert run(export, "--json", "-") == 0
    found = json.loads(capsys.readouterr().out)

    assert found["schema"] == "socialcare.peers/1"
    assert [(each["id"], each["helped"], each["known"]) for each in found["peers"]] == [
        ("bo", 1, 1)
    ]


def test_no_peers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what would make some."""
    path = tmp_path / "export.csv"
    path.write_text(ALONE, "utf-8")

    assert run(str(path)) == 0
    assert "--forum" in capsys.readouterr().out


def test_wrong_use(export: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with a sentence and 2."""
    assert run(export, "--least", "0") == 2
    assert run("nowhere.csv") == 2
    assert "Traceback" not in capsys.readouterr().err
