"""The docs say what the code says.

That their examples run is the business of `conftest.py`; here is what no example shows.
"""

import re
from pathlib import Path

import pytest

import socialcare
from socialcare.domain.catalogue import METRICS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
LANGUAGES = {"console", "json", "python", "text", "toml"}
"""Languages of fenced blocks; `text` is for what is neither run nor parsed."""

each_page = pytest.mark.parametrize(
    "page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES]
)


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of every fenced block."""
    return re.findall(r"^```(\S*)[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_every_metric_is_in_the_reference() -> None:
    """The table of metrics has the words of the catalogue."""
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]

    assert rows == [
        f"| `{one.name}` | {one.title} | {one.definition} | {one.unit} | "
        f"{one.wants or 'messages alone'} |"
        for one in METRICS
    ]


def test_quick_start_begins_with_two_commands() -> None:
    """Its first blocks do the main job and run the tests; each makes its own environment."""
    start = README.split("\n## Quick start\n")[1].split("\n## ")[0]
    (kind, main), (other, tests) = blocks(start)[:2]

    assert [(kind, main), (other, tests)] == [
        block for block in blocks(README) if block[0] == "sh"
    ][:2]
    assert "python3 -m venv .venv" in main
    assert "socialcare report examples/data/" in main
    assert "python3 -m venv .venv" in tests
    assert ".venv/bin/pytest" in tests


@each_page
def test_blocks_are_of_a_kind_that_is_checked(page: Path) -> None:
    """Every fenced block names a language; directives of the docs are in braces."""
    kinds = {kind for kind, _ in blocks(page.read_text("utf-8")) if not kind.startswith("{")}
    run_by_ci = {"sh"} if page.name == "README.md" else set()

    assert kinds <= LANGUAGES | run_by_ci


@each_page
def test_one_sentence_a_line(page: Path) -> None:
    """Prose has no line with two sentences in it."""
    prose = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in prose.splitlines() if not line.startswith(("|", "- ", "    "))]
    double = [line for line in lines if re.search(r"[a-z)`][.?!] [A-Z]", line)]

    assert double == []


def test_changelog_knows_the_version() -> None:
    """The changelog has what is being made, or the version that was."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")

    assert "## [Unreleased]" in changelog or f"## [{socialcare.__version__}]" in changelog
