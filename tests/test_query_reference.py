"""The reference of the query language has the fields and flags that there are."""

import re
from pathlib import Path

import pytest

from socialcare.domain.query import Query
from socialcare.domain.query.fields import FIELDS
from socialcare.domain.query.flags import HAS, IS

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "query.md").read_text("utf-8")


def rows(section: str) -> list[list[str]]:
    """The cells of the table in a section, without its head."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    table = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def test_every_field_is_explained() -> None:
    """One row each, in the same order, in the words of the code."""
    explained = [(name.strip("`"), means) for name, means, _ in rows("Fields")]

    assert explained[:-1] == [(field.name, field.means) for field in FIELDS.values()]
    assert explained[-1][0] == "crm.NAME"


def test_every_flag_is_explained() -> None:
    """One row each, in the same order."""
    wanted = [*(f"is:{flag}" for flag in IS), *(f"has:{flag}" for flag in HAS)]

    assert [name.strip("`") for name, _ in rows("`is:` and `has:`")] == wanted


@pytest.mark.parametrize(
    "query", re.findall(r"`([^`]+)`", " ".join(row[0] for row in rows("Syntax")))
)
def test_examples_are_queries(query: str) -> None:
    """Every example of the syntax can be read."""
    assert Query(query).text == query
