"""How long a text is as X counts it."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.emoji import emoji, emoji_spans
from socialcare.domain.length import (
    X_RULES_1,
    X_RULES_2,
    X_RULES_3,
    LengthRules,
    TextLength,
    weighted_length,
)

WORDS = st.sampled_from(
    [
        *("a", "Zoë", "日本", "…", "—", " ", "\n", "e\u0301"),
        *("https://t.co/a", "example.com", "👍🏽", "👩‍🚒", "🇬🇧"),
    ]
)
TEXTS = st.lists(WORDS, max_size=30).map("".join) | st.text(max_size=60)
RULES = st.sampled_from([X_RULES_1, X_RULES_2, X_RULES_3])


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Hello", 5),
        ("Zoë", 3),
        ("Zoe\u0308", 3),
        ("日本", 4),
        ("“Привет”…", 10),
        ("See https://example.com/a/very/long/address/that/nobody/reads", 27),
        ("example.com", 23),
        ("👍", 2),
        ("👍🏽", 2),
        ("👩‍🚒", 2),
        ("🇬🇧", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("1️⃣", 2),
        ("☺️", 2),
        ("☺︎", 4),
        ("©", 1),
        ("©️", 2),
    ],
)
def test_what_weighs_what(text: str, length: int) -> None:
    """Letters weigh one or two, links as many as X's own, and emoji two."""
    assert weighted_length(text).weighted_length == length


@pytest.mark.parametrize(("rules", "length"), [(X_RULES_1, 3), (X_RULES_2, 5), (X_RULES_3, 2)])
def test_the_rules_of_a_time(rules: LengthRules, length: int) -> None:
    """An emoji of three characters is as long as the rules have it."""
    assert weighted_length("👩‍🚒", rules=rules).weighted_length == length


def test_a_full_text() -> None:
    """What takes all the room can be sent."""
    assert weighted_length("a" * 280) == TextLength(
        weighted_length=280,
        permillage=1000,
        valid=True,
        valid_range=(0, 280),
        display_range=(0, 280),
    )


def test_a_text_too_long() -> None:
    """What is over the room cannot be sent, but what fits of it can."""
    length = weighted_length("日" * 150)

    assert (length.weighted_length, length.permillage, length.valid) == (300, 1071, False)
    assert (length.valid_range, length.display_range) == ((0, 140), (0, 150))


def test_a_link_fits_whole_or_not_at_all() -> None:
    """The part that can be sent ends before a link that is too much."""
    length = weighted_length("a" * 260 + " https://example.com/help")

    assert (length.valid, length.valid_range) == (False, (0, 261))


def test_places_are_in_the_text_as_it_was_typed() -> None:
    """Accents that were typed by themselves are counted in the places, not in the length."""
    length = weighted_length("e\u0301" * 290)

    assert (length.weighted_length, length.valid_range, length.display_range) == (
        290,
        (0, 560),
        (0, 580),
    )


def test_nothing_cannot_be_sent() -> None:
    """An empty text is not valid."""
    assert not weighted_length("").valid


def test_what_is_no_character_cannot_be_sent() -> None:
    """The part that can be sent ends before the first that Unicode keeps for none."""
    length = weighted_length("ab\uffffcd")

    assert (length.valid, length.valid_range) == (False, (0, 2))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Thanks 👍🏽👍", ("👍🏽", "👍")),
        ("👨‍👩‍👧‍👦🏳️‍🌈", ("👨‍👩‍👧‍👦", "🏳️‍🌈")),
        ("🇬🇧🇩🇪", ("🇬🇧", "🇩🇪")),
        ("#️⃣ *⃣ 7", ("#️⃣", "*⃣")),
        ("❤️ and ❤", ("❤️", "❤")),
        ("☺︎ © ®", ()),
        ("🐱🏽", ("🐱", "🏽")),
        ("日本 é ñ", ()),
    ],
)
def test_what_is_an_emoji(text: str, found: tuple[str, ...]) -> None:
    """A sequence is one emoji, and what is to be written as a letter is none."""
    assert emoji(text) == found


@given(TEXTS)
def test_emoji_are_where_they_are(text: str) -> None:
    """Emoji come in order and apart."""
    spans = emoji_spans(text)

    assert emoji(text) == tuple(text[start:end] for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(TEXTS, RULES)
def test_forms_of_a_text_are_as_long(text: str, rules: LengthRules) -> None:
    """A text is as long composed as it is decomposed."""
    lengths = {
        weighted_length(unicodedata.normalize(form, text), rules=rules).weighted_length
        for form in ("NFC", "NFD")
    }

    assert lengths == {weighted_length(text, rules=rules).weighted_length}


@given(TEXTS, RULES)
def test_a_valid_text_is_valid_to_its_end(text: str, rules: LengthRules) -> None:
    """All of a text can be sent if it is valid, and never more than all of it."""
    length = weighted_length(text, rules=rules)
    start, end = length.valid_range

    assert start == 0 <= end <= len(text)
    assert not length.valid or length.valid_range == length.display_range
    assert length.valid == (end == len(text) != 0)


@given(TEXTS, TEXTS)
def test_lines_add_up(one: str, other: str) -> None:
    """A line more makes a text as much longer as it is long itself, with the break before it.

    At the very start of a text a letter such as é stands before a link; elsewhere it is part of it.
    """
    lines = (one, f"\n{other}", f"{one}\n{other}")
    lengths = [weighted_length(text).weighted_length for text in lines]

    assert lengths[0] + lengths[1] == lengths[2]


@given(st.text("ab 日本é…", max_size=400), RULES)
def test_what_can_be_sent_fits(text: str, rules: LengthRules) -> None:
    """The part that can be sent is as long as there is room, less than one character."""
    length = weighted_length(text, rules=rules)
    sent = weighted_length(text[: length.valid_range[1]], rules=rules).weighted_length

    assert sent == min(sent, rules.longest)
    assert length.valid or not text or sent >= rules.longest - 1


def test_rules_have_room() -> None:
    """A limit or a scale of nothing is refused."""
    with pytest.raises(ValueError, match="longest"):
        LengthRules(version=4, longest=0, scale=1, default_weight=1)
