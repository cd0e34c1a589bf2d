"""What a text is folded to, and cut into."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.words import cut, folded, occurrences, spans, spellings, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("Where's my PARCEL?", ("where", "s", "my", "parcel")),
        ("snake_case A-17", ("snake_case", "a", "17")),
        ("O\u00f9 est ma comma\u0301nde", ("ou", "est", "ma", "commande")),
        ("Stra\u00dfe \u0130zmir", ("strasse", "izmir")),
        ("\uff23\uff2f\uff24\uff25 \u24d0\u24d1 \u2460 \ufb01x", ("code", "ab", "1", "fix")),
        ("re\u00adfund re\u200bfund re\u2060fund", ("refund", "refund", "refund")),
        ("P\u0430yP\u0430l", ("paypal",)),
        ("\u0441\u043e\u0440", ("cop",)),
        ("\u0440\u043e\u0441\u0441\u0438\u044f", ("\u0440\u043e\u0441\u0441\u0438\u044f",)),
        ("\u03bf\u03b9", ("\u03bf\u03b9",)),
        ("acm\u03b5", ("acme",)),
        ("\u6545\u969c\u8eca", ("\u6545", "\u969c", "\u8eca")),
        ("P\u0430yP\u0430l\u6545\u969c", ("paypal", "\u6545", "\u969c")),
        ("\u30d1\u30bd\u30b3\u30f3", ("\u30cf", "\u30bd", "\u30b3", "\u30f3")),
        ("\u0e01\u0e34\u0e19", ("\u0e01", "\u0e19")),
        ("\ud55c\uad6d", (unicodedata.normalize("NFKD", "\ud55c\uad6d"),)),
        ("x" * 65, ("x" * 64, "x")),
        ("\U0001f621 !!", ()),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    """Case, marks, forms and disguise go; scripts without spaces are cut into letters."""
    assert words(text) == expected


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is folded stays as it is, but for disguise, which may only then show."""
    plain = spellings(text)[0]

    assert spellings(plain)[0] == plain
    assert cut(folded(text)) == words(text)


@given(st.text(max_size=60))
def test_places_of_words(text: str) -> None:
    """There is one span for each word, in order, and none is empty."""
    found = list(spans(text))

    assert len(found) == len(words(text))
    assert found == sorted(found)
    assert all(start < end for start, end in found)


def test_where_a_sign_stands() -> None:
    """A sign is found with the marks that belong to it."""
    text = "\u2764\ufe0f ok \u2764"

    assert [text[start:end] for start, end in occurrences(text, "\u2764")] == [
        "\u2764\ufe0f",
        "\u2764",
    ]
