"""`socialcare map`, as a shell sees it."""

import json
from pathlib import Path

import pytest

from shells import Shell

MAP = """
name = "mine"
version = "7"

[[entries]]
name = "law"
query = "sue"
answered_by = "team"
team = "legal"
approval = "legal"
"""
ROTA = """
timezone = "UTC"

[teams.legal]
shifts = [
  { name = "always", start = "2026-01-05 00:00", duration = "24h", members = ["lena", "lou"] }
]
"""
SHADOWED = (
    MAP.replace('"7"', '"8"')
    + """
[[entries]]
name = "law in court"
query = "sue court"
answered_by = "agents"
"""
)


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """A shell in a folder with two maps and a rota."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("map", MAP), ("new", SHADOWED), ("rota", ROTA)):
        Path(f"{name}.toml").write_text(text, "utf-8")
    return Shell(capsys, "map")


def test_check_finds_nothing(shell: Shell) -> None:
    """A map that is right has no findings, and the status is 0."""
    status = shell.run("check", "map.toml", "--rota", "rota.toml")

    assert (status, shell.out) == (0, "mine 7: 1 entry, no findings\n")


def test_check_says_what_is_wrong(shell: Shell) -> None:
    """And ends with 1, as `rules lint` does; without a rota it says what that leaves out."""
    status = shell.run("check", "new.toml")

    assert status == 1
    assert "mine 8: 2 entries, 1 finding" in shell.out
    assert "conflict  entries[1].query law in court" in shell.out
    assert "Without a rota" in shell.out


def test_check_writes_json(shell: Shell) -> None:
    """With a schema that has a version."""
    status = shell.run("check", "new.toml", "--rota", "rota.toml", "--json", "-")
    document = json.loads(shell.out)

    assert (status, document["schema"], document["map"]) == (1, "socialcare.map_check/1", "mine 8")
    assert [(each["problem"], each["entry"]) for each in document["findings"]] == [
        ("conflict", "law in court")
    ]


def test_diff_is_in_words(shell: Shell) -> None:
    """What changes for those who answer."""
    status = shell.run("diff", "map.toml", "new.toml")

    told = (
        "mine 7 to mine 8: 2 changes\n"
        "- the version: was 7, and is 8\n"
        "- entry 'law in court' is new: agents answer themselves, since law in court\n"
    )

    assert (status, shell.out) == (0, told)
    assert shell.run("diff", "map.toml", "new.toml", "--json", "diff.json") == 0
    assert json.loads(Path("diff.json").read_text("utf-8"))["changes"][0].startswith("the version")


def test_show_prints_a_table(shell: Shell) -> None:
    """With query, team, level, approval and steps."""
    status = shell.run("show", "map.toml")

    assert status == 0
    assert "1  law    only legal   team_leader  somebody out of legal        sue" in shell.out
    assert shell.run("show", "map.toml", "--json", "-") == 0
    assert json.loads(shell.out)["entries"][0]["team"] == "legal"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nowhere.toml"), "nowhere.toml: No such file or directory"),
        (("show", "rota.toml"), "rota.toml: found 'timezone', expected a key out of"),
        (("check", "map.toml", "--rota", "map.toml"), "map.toml: teams: found 'nothing'"),
        (("diff", "map.toml"), "Missing argument 'NEW'"),
        (("show", "map.toml", "--json", "no/where.json"), "--json: found 'no/where.json'"),
    ],
)
def test_wrong_input_ends_with_2(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    """And a sentence, not a traceback."""
    status = shell.run(*arguments)

    assert (status, shell.out) == (2, "")
    assert said in shell.err
