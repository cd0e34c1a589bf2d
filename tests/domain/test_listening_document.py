"""Listening as TOML: what the keys mean, and how each mistake is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcare.domain.listening import Interest, Limit, Listening
from socialcare.errors import InvalidValue

EXAMPLE = Path(__file__).parents[2] / "examples" / "data" / "listening.toml"


def test_the_example_listens() -> None:
    """It has every interest, two competitors and a query by hand."""
    listening = Listening.from_toml(EXAMPLE)

    assert {query.interest for query in listening.queries} == set(Interest)
    assert [group.name for group in listening.groups] == [
        "brand",
        "industry",
        "larchway",
        "brackair",
    ]
    assert listening.accounts == {"northline", "northline.trains"}


def test_what_stands_at_the_top_holds_for_every_group() -> None:
    """Unless the group says otherwise; queries by hand take the limit and the sample."""
    listening = Listening.from_mapping(
        {
            "languages": ["en"],
            "limit": 60,
            "sample": 0.5,
            "brand": {"names": ["Northline"], "companions": ["fail"]},
            "industry": {
                "names": ["train strike"],
                "languages": ["fr"],
                "limit": {"messages": 5, "within": "1h"},
            },
            "queries": [{"name": "hand", "query": "northline"}],
        }
    )
    limits = {query.name: query.limit for query in listening.queries}

    assert limits == {
        "brand.names": Limit(messages=60),
        "brand.companions": Limit(messages=60),
        "industry.names": Limit(messages=5, within=timedelta(hours=1)),
        "hand": Limit(messages=60),
    }
    assert {query.sample for query in listening.queries} == {0.5}
    assert "lang:fr" in listening.queries[2].text
    assert listening.queries[3].text == "northline"


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"brands": {}}, "listening: found 'brands', expected a key out of brand"),
        (
            {"brand": {"nams": ["x"]}},
            r"listening: brand: found 'nams', expected a key out of names",
        ),
        ({"brand": {"names": [3]}}, r"listening: brand.names\[0\]: found 3"),
        ({"brand": {"names": ["ok", "\u200d"]}}, r"brand.names\[1\]: found .* expected a word"),
        ({"brand": {"names": ["x"], "exclude": ["a OR"]}}, r"brand.exclude\[0\], character 5"),
        ({"brand": {"names": ["x"], "places": ["95, 2, 10"]}}, r"brand.places\[0\]: found '95"),
        ({"brand": {"names": ["x"], "languages": ["english!"]}}, "expected a language tag"),
        ({"brand": {"names": ["x"], "misspelt": ["two words"]}}, "expected single words"),
        (
            {"brand": {"names": ["x"], "limit": "many"}},
            "brand.limit: found 'many', expected messages a minute",
        ),
        (
            {"brand": {"names": ["x"], "limit": {"messages": 0, "within": "1m"}}},
            "limit.messages: found 0",
        ),
        ({"brand": {"names": ["x"], "limit": {"messages": 5}}}, "limit.within: found 'nothing'"),
        ({"brand": {"names": ["x"], "sample": 2}}, "brand.sample: found 2, expected a share"),
        ({"competitors": [{"names": ["x"]}]}, r"competitors\[0\].name: found 'nothing'"),
        ({"queries": [{"name": "q", "query": "a ("}]}, r"queries\[0\].query, character 4"),
        (
            {"queries": [{"name": "q", "query": "a", "about": "us"}]},
            "about: found 'us', expected one of",
        ),
        ({"queries": [{"query": "a"}]}, r"queries\[0\].name: found 'nothing'"),
        ({}, "expected at least one name or query"),
    ],
)
def test_a_mistake_is_told_with_its_key(document: dict[str, Any], error: str) -> None:
    """With what was found, and what would be right."""
    with pytest.raises(InvalidValue, match=error):
        Listening.from_mapping(document)


def test_a_mistake_names_the_file(tmp_path: Path) -> None:
    """So that somebody with several finds it."""
    path = tmp_path / "listening.toml"
    path.write_text('[brand]\nnames = ["x"]\nlimit = -1\n')

    with pytest.raises(InvalidValue, match=r"listening.toml: brand.limit: found -1"):
        Listening.from_toml(path)
