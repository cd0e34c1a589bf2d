"""The reference of playbooks has the keys, codes and channels that there are."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from socialcare.domain.playbook import Code, Course, Playbook
from socialcare.domain.playbook.channels import Channel, usual
from socialcare.domain.playbook.checking import CHECKS
from socialcare.domain.playbook.document_check import Problem
from socialcare.domain.playbook.findings import OURS
from socialcare.errors import InvalidPlaybook

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "playbook.md").read_text("utf-8")


def rows(section: str, table: int = 0) -> list[list[str]]:
    """The cells of a table in a section, without its head."""
    (text,) = re.findall(
        rf"^## {re.escape(section)}\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL
    )
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    lines = tables[table].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def keys(section: str) -> set[str]:
    """The keys that a section explains."""
    return {key for first, *_ in rows(section) for key in re.findall(r"`([^`]+)`", first)}


NAMED = {"name": "a", "says": "b"}
PLACES: Mapping[str, dict[str, object]] = {
    "At the top": {"?": 1},
    "`[house]`": {"house": {"?": 1}},
    "`[voice]`": {"voice": {"?": 1}},
    "`[channels.NAME]`": {"channels": {"x": {"?": 1}}},
    "`[[dos]]` and `[[donts]]`": {"donts": [NAMED | {"?": 1}]},
    "`[[examples]]`": {"examples": [{"name": "a", "issue": "b", "text": "c", "?": 1}]},
    "`[[resources]]`": {"resources": [{"title": "a", "url": "b", "?": 1}]},
    "`[[stakeholders]]`": {"stakeholders": [{"name": "a", "about": "b", "?": 1}]},
    "`[privacy]`": {"privacy": {"?": 1}},
    "`[[elsewhere]]`": {
        "elsewhere": [
            {"name": "a", "query": "b", "channel": "c", "how": "d", "reason": "e", "?": 1}
        ]
    },
    "`[[archive]]`": {"archive": [{"name": "a", "query": "b", "reason": "c", "?": 1}]},
    "`[[record]]`": {"record": [{"what": "note", "why": "b", "?": 1}]},
    "`[[acknowledgements]]`": {"acknowledgements": [{"name": "a", "text": "b", "?": 1}]},
    "`[findings]`": {"findings": {"dont": {"?": 1}}},
}
"""For each section a document with a key that there is not."""


@pytest.mark.parametrize("section", PLACES)
def test_every_key_is_explained(section: str) -> None:
    """And no other: an unknown key is told with those that there are."""
    with pytest.raises(InvalidPlaybook) as refused:
        Playbook.from_mapping(PLACES[section])

    known = refused.value.right.removeprefix("a key out of ")
    assert keys(section) == set(known.split(", "))


def test_every_code_is_explained() -> None:
    """In order, with what is usual."""
    explained = [row[:3] for row in rows("Findings")]

    assert explained == [
        [f"`{code}`", f"`{OURS[code].severity}`", "yes" if OURS[code].overrule else "no"]
        for code in Code
    ]


def test_every_code_has_a_check() -> None:
    """One at least, that can find it."""
    assert {code for codes in CHECKS.values() for code in codes} == set(Code)


def test_usual_channels_are_those_of_the_code() -> None:
    """With their lengths and how they count."""
    for name, longest, private, counts, can in rows("`[channels.NAME]`", 1):
        found: Channel = usual(name.strip("`"))
        limits = [str(each or "none") for each in (found.longest, found.longest_private)]
        assert [*limits, f"`{found.counts}`", found.private] == [
            longest,
            private,
            counts,
            can == "yes",
        ]


def test_courses_and_problems_are_explained() -> None:
    """All that there are."""
    assert keys("Advice") == set(Course)
    assert keys("Checks of the document") == set(Problem)
