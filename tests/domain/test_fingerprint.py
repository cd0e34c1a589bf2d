"""Fingerprints: which texts say nearly the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.fingerprint import are_alike, fingerprint, link

OUTAGE = "Card payments are down in all shops since this morning, what is going on?"


@pytest.mark.parametrize(
    "text",
    [
        f"RT @news: {OUTAGE}",
        OUTAGE.upper(),
        f"{OUTAGE} https://t.example/abc123",
        "What is going on? Card payments are down in all shops since this morning",
        OUTAGE.replace("this", "early"),
        OUTAGE.replace("a", "\u0430"),
    ],
    ids=["retweet", "case", "link", "order", "one word", "disguise"],
)
def test_copies_are_alike(text: str) -> None:
    """What a copy adds, shuffles or disguises does not make it another text."""
    assert are_alike(fingerprint(text), fingerprint(OUTAGE))


@pytest.mark.parametrize(
    "text",
    ["Card payments work fine in my shop, thank you", "My parcel is lost", "", "@acme"],
)
def test_other_texts_are_not(text: str) -> None:
    """Texts that share a few words are two."""
    assert not are_alike(fingerprint(text), fingerprint(OUTAGE))


def test_texts_without_words_are_like_nothing() -> None:
    """Two pictures without a text are not copies of each other."""
    assert not are_alike(fingerprint("@acme"), fingerprint(""))


@given(st.text(), st.text())
def test_likeness_is_mutual(one: str, other: str) -> None:
    """If one is like the other, the other is like the one; fingerprints are short."""
    first, second = fingerprint(one), fingerprint(other)

    assert are_alike(first, second) == are_alike(second, first)
    assert len(first) <= 8


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("look at https://Shop.example/a?b=1#c, now", "shop.example/a"),
        ("www.spam.example/win!", "www.spam.example/win"),
        ("no link here", None),
        ("first http://a.example then http://b.example", "a.example"),
    ],
)
def test_the_first_link_is_found(text: str, found: str | None) -> None:
    """A link is told without what differs from click to click."""
    assert link(text) == found
