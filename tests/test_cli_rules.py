"""`socialcare rules`, as a shell sees it."""

import json
from pathlib import Path

import polars as pl
import pytest

from shells import Shell

EXPORT = (
    "message_id,sent_at,direction,customer_id,agent_id,channel,visibility,in_reply_to,text\n"
    "1,2026-03-02T09:00:00Z,inbound,ada,,x,public,,Where is my late parcel?\n"
    "2,2026-03-02T09:10:00Z,outbound,ada,sam,x,public,1,On its way.\n"
    "3,2026-03-02T10:00:00Z,inbound,bob,,x,public,,=so late\x1b[31m\n"
    "4,2026-03-02T10:30:00Z,inbound,cy,,x,public,,Nice shop\n"
    "5,2026-03-02T12:00:00Z,outbound,cy,kim,x,public,4,Thank you.\n"
)
RULES = """
name = "mine"
version = "7"

[[rules]]
name = "late"
query = "late"
priority = "first/1"
reason = "a parcel is late"
"""
WRONG = (
    RULES
    + """
[[rules]]
name = "very late"
query = "late weeks"
priority = "first/2"
category = "Delivery"

[[rules]]
name = "never"
query = "a -a"
priority = "second"
"""
)


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """A shell in a folder with `export.csv`, `rules.toml` and `wrong.toml`."""
    (tmp_path / "export.csv").write_text(EXPORT)
    (tmp_path / "rules.toml").write_text(RULES)
    (tmp_path / "wrong.toml").write_text(WRONG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    return Shell(capsys, "rules")


def test_test_prints_tiers_rules_and_times(shell: Shell) -> None:
    """What the book would have done, and nothing besides."""
    status = shell.run("test", "rules.toml", "export.csv")

    assert status == 0
    assert "ranked by mine 7" in shell.out
    assert "66.7 %" in shell.out  # two of three messages are late
    assert "Waits by mine 7" in shell.out
    assert shell.err == ""


def test_test_against_another_book_prints_changes(shell: Shell) -> None:
    """The book in force stands first, and each change with its text."""
    status = shell.run("test", "rules.toml", "export.csv", "--against", "default")

    assert status == 0
    assert "default 1 -> mine 7" in shell.out
    assert "second -> noise" in shell.out
    assert "Nice shop" in shell.out
    assert "\x1b" not in shell.out


def test_test_writes_json_that_is_pure(shell: Shell) -> None:
    """`--json -` prints one document and no table."""
    status = shell.run("test", "rules.toml", "export.csv", "--json", "-")
    document = json.loads(shell.out)

    assert status == 0
    assert document["schema"] == "socialcare.backtest/1"
    assert (document["before"], document["after"]) == ("mine 7", None)
    assert document["messages"] == 3
    assert document["rules"][0]["decided"] == 2


def test_test_writes_every_table(shell: Shell, tmp_path: Path) -> None:
    """With the ranked messages, and nothing in a CSV that a spreadsheet would compute."""
    status = shell.run(
        "test", "rules.toml", "export.csv", "--against", "default",
        "--out", "found", "--out-format", "csv", "--json", "found.json",
    )  # fmt: skip
    names = {path.name for path in (tmp_path / "found").iterdir()}
    changes = pl.read_csv(tmp_path / "found" / "changes.csv")

    assert status == 0
    assert names == {
        "changes.csv", "conflicts.csv", "counts.csv", "losses.csv", "predicted.csv",
        "ranked.csv", "response_times.csv", "rules.csv",
    }  # fmt: skip
    assert "'=so late" in "".join(changes["text"])
    assert json.loads((tmp_path / "found.json").read_text())["after"] == "mine 7"


def test_test_takes_hours(shell: Shell, tmp_path: Path) -> None:
    """Times are then in business time."""
    hours = 'timezone = "UTC"\n[weekly]\nmon = ["09:00-17:00"]\n'
    (tmp_path / "hours.toml").write_text(hours)
    status = shell.run("test", "rules.toml", "export.csv", "--hours", "hours.toml")

    assert status == 0
    assert "In business time" in shell.out


def test_lint_is_silent_about_a_good_book(shell: Shell) -> None:
    """The exit status is 0."""
    status = shell.run("lint", "rules.toml")

    assert status == 0
    assert shell.out.strip() == "mine 7: 1 rule, no findings"


def test_lint_ends_with_findings(shell: Shell) -> None:
    """Each with its code, its rule and what would be right; the exit status is 1."""
    status = shell.run("lint", "wrong.toml")

    assert status == 1
    assert "3 rules, 2 findings" in shell.out
    assert "shadowed" in shell.out
    assert "'a' and not 'a'" in shell.out


def test_lint_knows_a_tree_of_categories(shell: Shell, tmp_path: Path) -> None:
    """A category that is not in it is a finding."""
    tree = 'version = "1"\n[[categories]]\npath = "Billing / Refunds"\n'
    (tmp_path / "tree.toml").write_text(tree)
    status = shell.run("lint", "wrong.toml", "--categories", "tree.toml")

    assert status == 1
    assert "unknown_category" in shell.out


def test_show_prints_the_book(shell: Shell) -> None:
    """Its rules in order, what the others get, and how it ages."""
    status = shell.run("show", "rules.toml")

    assert status == 0
    assert "mine 7: 1 rule" in shell.out
    assert "a parcel is late" in shell.out
    assert "Where no rule holds: noise/1." in shell.out


def test_show_prints_ours_by_default(shell: Shell) -> None:
    """Without a book it is the one that we ship."""
    status = shell.run("show")

    assert status == 0
    assert "direct question" in shell.out


def test_explain_prints_the_trace(shell: Shell) -> None:
    """Priority, reason, rule and words."""
    status = shell.run("explain", "rules.toml", "It is LATE \x1b[31m")

    assert status == 0
    assert shell.out.splitlines() == [
        "first/1: a parcel is late",
        "  by rule 'late' of mine 7",
        "  words: 'LATE'",
    ]


def test_explain_takes_a_private_message(shell: Shell, tmp_path: Path) -> None:
    """Where the message was written is known to the rules."""
    (tmp_path / "private.toml").write_text(
        '[[rules]]\nname = "dm"\nquery = "is:private channel:whatsapp"\npriority = "first"\n'
    )
    shell.run("explain", "private.toml", "hi", "--private", "--channel", "whatsapp")

    assert shell.out.startswith("first/1: dm")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lint", "none.toml"), "none.toml: No such file or directory"),
        (("test", "none.toml", "export.csv"), "none.toml: No such file or directory"),
        (("test", "rules.toml", "none.csv"), "none.csv"),
        (("test", "rules.toml", "export.csv", "--against", "none.toml"), "none.toml: No such"),
        (("test", "rules.toml"), "Missing argument 'EXPORT...'"),
        (("test", "export.csv", "export.csv"), "expected a TOML file in UTF-8"),
        (("test", "rules.toml", "export.csv", "--policy", "mine"), "--policy: found 'mine'"),
        (("test", "rules.toml", "export.csv", "--json", "no/where.json"), "--json: found"),
        (("explain", "rules.toml"), "Missing argument 'TEXT'"),
        (("sort",), "No such command 'sort'"),
        ((), "Missing command"),
    ],
)
def test_what_is_wrong_is_told_in_two_lines(
    shell: Shell, arguments: tuple[str, ...], said: str
) -> None:
    """The exit status is 2, and standard output stays empty."""
    status = shell.run(*arguments)

    assert status == 2
    assert said in shell.err
    assert len(shell.err.splitlines()) <= 2
    assert shell.out == ""
