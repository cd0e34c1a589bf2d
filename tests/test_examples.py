"""The shipped example is what its script makes, and holds the faults that it says it holds."""

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialcare.analytics import read
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy

EXAMPLES = Path(__file__).parents[1] / "examples"
DATA = EXAMPLES / "data"
LIMIT = 3_000_000


def _ran(script: str, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, str(EXAMPLES / script), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def planted() -> dict[str, dict[str, Any]]:
    """What was planted, by code."""
    listed = json.loads((DATA / "planted.json").read_text("utf-8"))["faults"]
    return {fault["code"]: fault for fault in listed}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The rows that hold a message, repeats among them."""
    with (DATA / "care.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    whole = [row for row in table if None not in row and None not in row.values()]
    return [row for row in whole if row["direction"] in {"inbound", "outbound"}]


@pytest.fixture(scope="module")
def kept(rows: list[dict[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """The same without repeats, by channel and id."""
    return {(row["channel"], row["message_id"]): row for row in rows}


def _second(stamp: str) -> datetime:
    instant = datetime.fromisoformat(stamp).replace(microsecond=0)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _parents(kept: dict[tuple[str, str], dict[str, str]]) -> list[tuple[dict[str, str], Any]]:
    return [
        (row, kept.get((row["channel"], row["in_reply_to"])))
        for row in kept.values()
        if row["in_reply_to"]
    ]


def test_the_script_makes_the_shipped_bytes(tmp_path: Path) -> None:
    """The same seed gives the same three files, byte for byte."""
    _ran("generate_northline.py", str(tmp_path))

    for name in ("care.csv", "handling.csv", "planted.json"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_the_example_is_small() -> None:
    """Everything together stays under three megabytes."""
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*.*")) < LIMIT


def test_lines_point_at_what_was_planted(planted: dict[str, dict[str, Any]]) -> None:
    """Each line number leads to the start of a row of that fault, counted as an editor counts."""
    lines = (DATA / "care.csv").read_text("utf-8").split("\n")

    for fault in planted.values():
        named = {lines[line - 1].split(",")[0] for line in fault["lines"]}
        assert len(fault["lines"]) == fault["count"]
        assert named >= {message.partition(":")[2] for message in fault["messages"]}


def test_orphans_are_those_planted(
    kept: dict[tuple[str, str], dict[str, str]], planted: dict[str, dict[str, Any]]
) -> None:
    """No other message answers one that is not there."""
    orphans = {_name(row) for row, parent in _parents(kept) if parent is None}

    assert orphans == set(planted["orphan"]["messages"])


def test_early_answers_are_those_planted(
    kept: dict[tuple[str, str], dict[str, str]], planted: dict[str, dict[str, Any]]
) -> None:
    """No other message is stamped before the one that it answers."""
    early = {
        _name(row)
        for row, parent in _parents(kept)
        if parent and _second(row["sent_at"]) < _second(parent["sent_at"])
    }

    assert early == set(planted["reply_before_question"]["messages"])


def test_cells_are_damaged_where_planted(
    kept: dict[tuple[str, str], dict[str, str]], planted: dict[str, dict[str, Any]]
) -> None:
    """Zones, texts and ids are whole everywhere else."""
    found = {
        "naive_time": {_name(row) for row in kept.values() if row["sent_at"][-1] != "Z"},
        "empty_text": {_name(row) for row in kept.values() if not row["text"]},
        "damaged_id": {_name(row) for row in kept.values() if "E+" in row["message_id"]},
        "self_reply": {
            _name(row) for row in kept.values() if row["in_reply_to"] == row["message_id"]
        },
    }

    for code, messages in found.items():
        assert messages == set(planted[code]["messages"]), code


def test_the_shift_is_where_planted(
    kept: dict[tuple[str, str], dict[str, str]], planted: dict[str, dict[str, Any]]
) -> None:
    """In one channel and range of dates, and nowhere else, messages arrive before they are sent."""
    fault = planted["shifted_zone"]
    early = [
        row
        for row in kept.values()
        if (_second(row["received_at"]) - _second(row["sent_at"])).total_seconds() < 0
    ]

    assert {_name(row) for row in early} == set(fault["messages"])
    assert {row["channel"] for row in early} == {fault["channel"]}
    assert all(fault["from"] <= row["received_at"] <= fault["to"] for row in early)


def test_repeats_are_those_planted(
    rows: list[dict[str, str]],
    kept: dict[tuple[str, str], dict[str, str]],
    planted: dict[str, dict[str, Any]],
) -> None:
    """So many rows are there twice, and the second is like the first."""
    again = [row for place, row in enumerate(rows) if row in rows[:place]]

    assert len(rows) - len(kept) == len(again) == planted["repeated_id"]["count"]
    assert {_name(row) for row in again} == set(planted["repeated_id"]["messages"])


def test_texts_that_look_like_formulas_are_there(rows: list[dict[str, str]]) -> None:
    """What a spreadsheet would run, and what a browser would."""
    texts = [row["text"] for row in rows]

    assert any(text.startswith("=HYPERLINK(") for text in texts)
    assert any("<script>" in text for text in texts)


def test_reading_finds_what_was_planted(planted: dict[str, dict[str, Any]]) -> None:
    """The quality report names every kind of fault, with the count, and nothing besides."""
    quality = read(DATA / "care.csv").quality

    found = {fault.code: fault.count for fault in quality.faults}
    assert found == {code: fault["count"] for code, fault in planted.items()}
    assert quality.rows - quality.kept == len(quality.set_aside) + found["repeated_id"]


def test_rows_set_aside_carry_their_lines(planted: dict[str, dict[str, Any]]) -> None:
    """Each line number is the one that was written down when the fault was planted."""
    quality = read(DATA / "care.csv").quality

    for code in ("blank_row", "broken_row", "unknown_direction"):
        lines = [aside.line for aside in quality.set_aside if aside.code == code]
        assert lines == planted[code]["lines"]


@pytest.mark.parametrize("script", ["first_numbers.py", "compare_policies.py"])
def test_scripts_run(script: str) -> None:
    """Each script says something about the shipped example."""
    assert "median" in _ran(script)


def test_settings_can_be_used() -> None:
    """The hours have two versions and a holiday; the policy has targets and costs."""
    hours = BusinessHours.from_toml(DATA / "hours.toml")
    policy = MeasurementPolicy.from_toml(DATA / "policy.toml")

    assert [version.name for version in hours.versions] == ["winter", "spring"]
    assert not hours.is_open(datetime(2026, 4, 3, 12, tzinfo=UTC))
    assert policy.targets.first_response is not None
    assert policy.costs is not None


def _name(row: dict[str, str]) -> str:
    return f"{row['channel']}:{row['message_id']}"
