"""Tokens and phrases: how the rules read a text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.errors import InvalidValue
from socialcare.text.phrases import PhraseBook
from socialcare.text.tokens import LONGEST, tokens

NOT = {"not": ["no", "not", "didn't", "couldn*"]}


def names(text: str, *phrases: str) -> list[tuple[str, int, int]]:
    """What a book of a few phrases finds in a text."""
    return [
        (each.name, each.start, each.end)
        for each in PhraseBook({"it": phrases}, NOT).found(tokens(text))
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("@acme Don\u2019t!!", ["@", "don't", "!"]),
        ("see https://a.example/b?c=1 now", ["see", "url", "now"]),
        ("#CustomerServiceFAIL #sad_day", ["customer", "service", "fail", "sad", "day"]),
        ("2hrs 3rd 10:30 1,000", ["2", "hrs", "3rd", "10:30", "1,000"]),
        ("soooo slow...", ["so", "slow", "\u2026"]),
        ("one\ntwo &amp; I\ufe0f", ["one", ".", "two", "i"]),
        ("\U0001f621\U0001f621", ["\U0001f621", "\U0001f621"]),
        ("\uff4e\uff4f reply", ["no", "reply"]),
    ],
)
def test_what_does_not_matter_is_left_out(text: str, read: list[str]) -> None:
    """Case, addresses, kinds of quotation marks and held letters make no difference."""
    assert tokens(text) == read


def test_a_text_is_read_up_to_its_bound() -> None:
    """What stands behind the bound is not read."""
    assert len(tokens("a " * LONGEST)) == LONGEST // 2


@given(st.text())
def test_any_text_has_tokens(text: str) -> None:
    """No text is beyond reading, and no token is empty."""
    assert all(tokens(text))


def test_a_class_stands_for_its_words() -> None:
    """Words and beginnings of a class are found."""
    assert names("you couldn't reply", "<not> reply") == [("it", 1, 3)]


def test_a_gap_stays_within_a_sentence() -> None:
    """Up to three words may stand between, but no end of a sentence."""
    assert names("not a b c reply", "<not> ... reply") == [("it", 0, 5)]
    assert names("not a b c d reply", "<not> ... reply") == []
    assert names("not. reply", "<not> ... reply") == []


def test_a_longer_phrase_hides_what_lies_within() -> None:
    """`no problem` keeps `problem` from being found."""
    assert names("no problem", "problem", "no problem") == [("it", 0, 2)]


def test_numbers_and_ordinals_are_steps() -> None:
    """Digits are a number, and with their letters an ordinal."""
    assert names("3 hours", "<number> hours") == [("it", 0, 2)]
    assert names("3rd time", "<ordinal> time") == [("it", 0, 2)]


@pytest.mark.parametrize("phrase", ["", "... reply", "no ...", "<nobody> reply"])
def test_a_phrase_that_makes_no_sense_is_refused(phrase: str) -> None:
    """A phrase has words at both ends, and classes that are there."""
    with pytest.raises(InvalidValue):
        PhraseBook({"it": [phrase]}, NOT)


@given(st.lists(st.sampled_from(["no", "not", "a", "b", "reply", "."]), max_size=12))
def test_phrases_are_in_order_and_in_the_text(read: list[str]) -> None:
    """Phrases come in order, none within another, and end where the text does at the latest."""
    book = PhraseBook({"x": ["<not> ... reply", "a b", "b"], "y": ["reply"]}, NOT)
    found = book.found(read)

    assert all(0 <= each.start < each.end <= len(read) for each in found)
    assert all(a.start < b.start and a.end < b.end for a, b in pairwise(found))
