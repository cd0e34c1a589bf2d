"""Suggested terms: those that rise, each once, and no others."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.suggestions import CHANCE, TermKind, rising
from socialcare.errors import InvalidValue

OTHERS = ["the weather is fine", "my cat sleeps", "what a game last night", "is it you?"] * 25


def terms(*texts: str, **options: Any) -> dict[str, TermKind]:
    """What rises in some texts beside the others."""
    return {each.term: each.kind for each in rising(texts, OTHERS, **options)}


def test_words_phrases_hashtags_and_names_rise() -> None:
    """Each under its kind, and as it is searched for."""
    found = terms(
        "Stuck here, the signal failure again. #NoTrains",
        "a signal failure! I asked Mara Quill @helpdesk #notrains",
        "we saw Mara Quill: stuck, she said. @HelpDesk #NOTRAINS",
        "signal failure, and we are stuck. Where is Mara Quill? @helpdesk",
    )

    assert found["signal failure"] is TermKind.PHRASE
    assert found["#notrains"] is TermKind.HASHTAG
    assert found["@helpdesk"] is TermKind.NAME
    assert found["mara quill"] is TermKind.NAME
    assert found["stuck"] is TermKind.WORD


def test_a_word_of_a_phrase_is_no_suggestion_of_its_own() -> None:
    """Where it mostly stands in the phrase."""
    found = terms("signal failure", "a signal failure", "that signal failure", "signal failure!")

    assert "signal failure" in found
    assert "signal" not in found


def test_what_everybody_says_does_not_rise() -> None:
    """No list of stop words is needed."""
    found = terms(*["the outage is what it is"] * 5)

    assert "outage" in found
    assert not {"the", "is", "what", "it"} & found.keys()


def test_what_is_known_is_left_out() -> None:
    """Words as well as phrases that hold them."""
    found = rising(["northline outage"] * 4, OTHERS, known=lambda term: "northline" in term)

    assert [each.term for each in found] == ["outage"]


def test_counts_score_and_examples_come_with_each() -> None:
    """So that somebody can judge."""
    said = ["outage here", "outage there", "outage and outage", "fine"]
    found = rising(said, ["outage", *OTHERS])[0]

    assert (found.term, found.count, found.of) == ("outage", 3, 4)
    assert (found.background, found.background_of) == (1, 101)
    assert found.examples == ("outage here", "outage there", "outage and outage")


def test_the_score_is_dunning_s() -> None:
    """The log-likelihood ratio of 10 in 100 against 1 in 1,000, computed by hand."""
    said = ["outage"] * 10 + ["fine"] * 90
    found = rising(said, ["outage"] + ["rain"] * 999, least=10)

    assert {each.term: round(each.score, 2) for each in found}["outage"] == 42.37


def test_chance_alone_suggests_next_to_nothing() -> None:
    """Of texts of one kind, parted by chance, hardly a term passes."""
    chance = random.Random(7)
    words = [f"w{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(300)]
    texts = [" ".join(chance.choices(words, k=8)) for _ in range(2_000)]

    assert len(rising(texts[:400], texts[400:], most=1_000)) <= 10


@given(
    said=st.lists(st.sampled_from(["late train", "train down", "rain", "#fail"]), max_size=20),
    least=st.integers(1, 5),
    most=st.integers(1, 3),
)
def test_every_suggestion_has_risen(said: list[str], least: int, most: int) -> None:
    """In at least so many texts, by more than chance, the strongest first."""
    found = rising(said, OTHERS, least=least, most=most)

    assert len(found) <= most
    assert all(each.count >= least and each.score > CHANCE for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@pytest.mark.parametrize("option", ["most", "least"])
def test_no_terms_can_not_be_asked_for(option: str) -> None:
    """Somebody who asks for none means something else."""
    with pytest.raises(InvalidValue, match="at least 1"):
        terms("late", **{option: 0})
