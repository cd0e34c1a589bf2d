"""The reference of the desk has the states and refusals that there are."""

import re
from pathlib import Path

import pytest

from socialcare.domain.events import Refusal
from socialcare.domain.states import TABLE, Happening, State

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "desk.md").read_text("utf-8")
COLUMNS = (
    Happening.ASKED,
    Happening.ANSWERED,
    Happening.RESOLVED,
    Happening.ARCHIVED,
    Happening.REOPENED,
)
"""What the columns of the table of states stand for."""


def rows(section: str) -> dict[str, list[str]]:
    """The rows of the table in a section, by their first cell."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    cells = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]
    return {first: rest for first, *rest in cells if first not in {"state", "refusal"}}


@pytest.mark.parametrize("state", State)
def test_states_are_those_of_the_table(state: State) -> None:
    """Each row says what follows from what happens, and nothing where that cannot happen."""
    follows = [TABLE.get((state, happening), "") for happening in COLUMNS]

    assert rows("States")[state] == follows


def test_every_refusal_is_explained() -> None:
    """One row each, in the order in which they are defined."""
    assert list(rows("What is refused")) == [refusal.value for refusal in Refusal]
