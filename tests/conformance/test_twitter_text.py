"""What X's own library finds and counts, by the conformance files that it ships.

The files are not ours to hold: they are read from `shared/conformance/twitter_text` beside the
repository. Where they are not, there is nothing to test here; `tests/domain` has tests of its own.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from socialcare.domain.entities import (
    Entity,
    EntityKind,
    cashtags,
    entities,
    hashtags,
    links,
    mentions,
    reply_to,
)
from socialcare.domain.length import (
    X_RULES_1,
    X_RULES_2,
    X_RULES_3,
    LengthRules,
    weighted_length,
)
from socialcare.domain.urls import is_url

FILES = Path(__file__).parents[3] / "shared" / "conformance" / "twitter_text"
if not FILES.is_dir():
    pytest.skip(f"no conformance files: {FILES} is not there", allow_module_level=True)

Case: TypeAlias = dict[str, Any]
NOT_OURS = {"autolink", "hit_highlighting"}
"""Files whose cases make HTML: a host application has its own way to show a text."""


def of_kind(text: str, kind: EntityKind) -> list[Entity]:
    """The entities of one kind in a text."""
    return [entity for entity in entities(text) if entity.kind is kind]


def placed(kind: EntityKind, name: str) -> Callable[[str], list[Case]]:
    """What finds the entities of a kind, in the words of the files, with their places."""
    return lambda text: [
        {name: entity.value, "indices": [entity.start, entity.end]}
        for entity in of_kind(text, kind)
    ]


def mentions_or_lists(text: str) -> list[Case]:
    """Names and lists, in the words of the files."""
    return [
        {
            "screen_name": entity.value,
            "list_slug": f"/{entity.list_slug}" if entity.list_slug else "",
            "indices": [entity.start, entity.end],
        }
        for entity in of_kind(text, EntityKind.MENTION)
    ]


def is_list(text: str) -> bool:
    """Whether a text is a list, whole."""
    return [entity.text for entity in entities(text) if entity.list_slug] == [text]


def last_unit(text: str) -> int:
    """The place of the last of the units of UTF-16 that the files count in."""
    return max(0, len(text.encode("utf-16-le")) // 2 - 1)


def counted(rules: LengthRules) -> Callable[[str], Case]:
    """What counts a text by these rules, in the words of the files."""

    def count(text: str) -> Case:
        length = weighted_length(text, rules=rules)
        return {
            "weightedLength": length.weighted_length,
            "valid": length.valid,
            "permillage": length.permillage,
            "displayRangeStart": length.display_range[0],
            "displayRangeEnd": last_unit(text[: length.display_range[1]]),
            "validRangeStart": length.valid_range[0],
            "validRangeEnd": last_unit(text[: length.valid_range[1]]),
        }

    return count


CHECKS: dict[tuple[str, str], Callable[[str], object]] = {
    ("extract", "mentions"): mentions,
    ("extract", "mentions_with_indices"): placed(EntityKind.MENTION, "screen_name"),
    ("extract", "mentions_or_lists_with_indices"): mentions_or_lists,
    ("extract", "replies"): reply_to,
    ("extract", "urls"): links,
    ("extract", "urls_with_indices"): placed(EntityKind.LINK, "url"),
    ("extract", "urls_with_directional_markers"): placed(EntityKind.LINK, "url"),
    ("extract", "tco_urls_with_params"): links,
    ("extract", "hashtags"): hashtags,
    ("extract", "hashtags_from_astral"): hashtags,
    ("extract", "hashtags_with_indices"): placed(EntityKind.HASHTAG, "hashtag"),
    ("extract", "cashtags"): cashtags,
    ("extract", "cashtags_with_indices"): placed(EntityKind.CASHTAG, "cashtag"),
    ("tlds", "country"): links,
    ("tlds", "generic"): links,
    ("validate", "tweets"): lambda text: weighted_length(text, rules=X_RULES_1).valid,
    ("validate", "usernames"): lambda text: mentions(text) == (text[1:],),
    ("validate", "lists"): is_list,
    ("validate", "hashtags"): lambda text: hashtags(text) == (text[1:],),
    ("validate", "urls"): is_url,
    ("validate", "urls_without_protocol"): lambda text: is_url(f"https://{text}"),
    ("validate", "WeightedTweetsCounterTest"): counted(X_RULES_2),
    ("validate", "WeightedTweetsWithDiscountedEmojiCounterTest"): counted(X_RULES_3),
    ("validate", "UnicodeDirectionalMarkerCounterTest"): counted(X_RULES_3),
}
"""File and section, and what answers its cases."""


def sections() -> dict[tuple[str, str], list[Case]]:
    """The cases of every section of every file."""
    read = {
        file.stem: yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)["tests"]
        for file in sorted(FILES.glob("*.yml"))
    }
    return {(file, name): cases for file, parts in read.items() for name, cases in parts.items()}


SECTIONS = sections()


EACH = [
    pytest.param(check, case, id=f"{file}-{section}-{number}")
    for (file, section), check in CHECKS.items()
    for number, case in enumerate(SECTIONS[file, section])
]


@pytest.mark.parametrize(("check", "case"), EACH)
def test_it_is_as_in_twitter_text(check: Callable[[str], object], case: Case) -> None:
    """What is found and counted is what the case expects."""
    found = check(case["text"])

    assert (list(found) if isinstance(found, tuple) else found) == case["expected"]


def test_every_section_is_asked() -> None:
    """No section of the files is left out, but those that make HTML."""
    asked = {(file, section) for file, section in SECTIONS if file not in NOT_OURS}

    assert asked == set(CHECKS)


@pytest.mark.parametrize("rules", [X_RULES_1, X_RULES_2, X_RULES_3], ids=["v1", "v2", "v3"])
def test_the_rules_are_those_of_x(rules: LengthRules) -> None:
    """The numbers of each version are those of its file."""
    file = json.loads((FILES / f"v{rules.version}.json").read_text("utf-8"))

    assert {
        "version": rules.version,
        "maxWeightedTweetLength": rules.longest,
        "scale": rules.scale,
        "defaultWeight": rules.default_weight,
        "transformedURLLength": rules.link_length,
        "emojiParsingEnabled": rules.emoji_as_one,
        "ranges": [
            {"start": numbers.start, "end": numbers.stop - 1, "weight": weight}
            for numbers, weight in rules.weights
        ],
    } == {"emojiParsingEnabled": False, **file}
