"""`socialcare listen`, as a shell sees it."""

import json
from pathlib import Path

import pytest

from shells import Shell

EXPORT = (
    "message_id,sent_at,direction,customer_id,channel,visibility,text\n"
    "1,2026-03-02T09:00:00Z,inbound,ada,x,public,northline is late again\n"
    "2,2026-03-02T09:00:10Z,inbound,bob,x,public,Northline how do I bring a bicycle\n"
    "3,2026-03-02T09:00:20Z,outbound,ada,x,public,Northline is sorry\n"
    "4,2026-03-02T09:00:30Z,inbound,cy,x,public,nice weather\n"
)
LISTENING = '[brand]\nnames = ["Northline"]\naccounts = ["northline"]\nlimit = 1\n'
HELP = '[[articles]]\ntitle = "Bicycles on trains"\nurl = "/bikes"\nwords = ["bring a bicycle"]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with an export, a listening and help."""
    (tmp_path / "export.csv").write_text(EXPORT)
    (tmp_path / "listening.toml").write_text(LISTENING)
    (tmp_path / "help.toml").write_text(HELP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


@pytest.fixture
def shell(folder: Path, capsys: pytest.CaptureFixture[str]) -> Shell:  # noqa: ARG001 - where it is
    """A shell in that folder."""
    return Shell(capsys, "listen")


def test_run_counts_each_query(shell: Shell) -> None:
    """What was heard, left out and held back, with an example."""
    assert shell.run("run", "listening.toml", "export.csv") == 0

    assert "1 heard of 4 messages" in shell.out
    assert "1 by the brand, 0 repeats, 1 not found, 1 held back." in shell.out
    assert "northline is late again" in shell.out


def test_run_prints_json(shell: Shell) -> None:
    """With `--json -`, and nothing else."""
    assert shell.run("run", "listening.toml", "export.csv", "--json", "-") == 0
    document = json.loads(shell.out)

    assert document["schema"] == "socialcare.listening_trial/1"
    found = document["queries"][0]
    assert (found["name"], found["found"], found["passed_on"]) == ("brand.names", 2, 1)
    assert found["examples"][0]["words"] == ["northline"]


def test_check_prints_every_query_and_what_to_look_at(folder: Path, shell: Shell) -> None:
    """A remark is no failure."""
    (folder / "short.toml").write_text('[brand]\nnames = ["NL"]\n')

    assert shell.run("check", "listening.toml") == 0
    assert "brand.names" in shell.out
    assert "Nothing to look at once more." in shell.out
    assert shell.run("check", "short.toml") == 0
    assert "'NL' is short" in shell.out


def test_suggest_finds_terms(folder: Path, shell: Shell) -> None:
    """That rise beside the brand, with an example, in print and as JSON."""
    rows = [f"a{at},2026-03-03T09:00:00Z,inbound,a{at},x,public," for at in range(40)]
    texts = ["northline outage" if at < 9 else f"rain on day {at}" for at in range(40)]
    more = "".join(
        f"{row}{text} {at}\n" for at, (row, text) in enumerate(zip(rows, texts, strict=True))
    )
    (folder / "export.csv").write_text(EXPORT + more)

    assert shell.run("suggest", "listening.toml", "export.csv") == 0
    assert "outage" in shell.out
    assert shell.run("suggest", "listening.toml", "export.csv", "--json", "-") == 0
    document = json.loads(shell.out)
    assert document["schema"] == "socialcare.listening_terms/1"
    assert [each["term"] for each in document["beside"]] == ["outage"]


def test_suggest_says_where_nothing_rises(shell: Shell) -> None:
    """Of four messages no term has risen."""
    assert shell.run("suggest", "listening.toml", "export.csv") == 0

    assert "No term has risen by more than chance." in shell.out


def test_audit_answers_and_writes(folder: Path, shell: Shell) -> None:
    """The tables on the screen, JSON and a page as files."""
    status = shell.run(
        "audit", "export.csv", "--help-articles", "help.toml", "--classifiers", "none",
        "--account", "northline", "--json", "audit.json", "--html", "audit.html",
    )  # fmt: skip

    assert status == 0
    assert "How many come in frustration?" in shell.out
    assert "Classifiers: none, so words decide." in shell.out
    document = json.loads((folder / "audit.json").read_text("utf-8"))
    shares = {each["name"]: (each["k"], each["n"]) for each in document["questions"]}
    assert shares["answered_by_a_link"] == (1, 3)
    assert shares["never_addressed"] == (3, 3)
    assert (folder / "audit.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_audit_names_what_it_can_not_answer(shell: Shell) -> None:
    """With the reason."""
    assert shell.run("audit", "export.csv", "--classifiers", "none") == 0

    assert "no help articles were given" in shell.out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("run", "missing.toml", "export.csv"), "missing.toml"),
        (("run", "listening.toml", "export.csv", "--examples", "-1"), "--examples: found -1"),
        (("suggest", "listening.toml", "export.csv", "--most", "0"), "--most: found 0"),
        (("audit", "export.csv", "--tz", "Mars"), "--tz: found 'Mars'"),
        (("audit", "export.csv", "--html", "no/a.html"), "--html"),
        (("check", "help.toml"), "found 'articles', expected a key"),
    ],
)
def test_wrong_use_ends_in_a_line(shell: Shell, arguments: tuple[str, ...], error: str) -> None:
    """With the exit status 2, and nothing on standard output."""
    assert shell.run(*arguments) == 2

    assert error in shell.err
    assert shell.out == ""
