"""A text without the personal data in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.annotation import Annotation
from socialcare.domain.redaction import redacted
from socialcare.errors import InvalidValue


def data(start: int | None, end: int | None, kind: str | None = "card") -> Annotation:
    """A piece of personal data."""
    return Annotation(sense="personal_data", value=kind, by="test 1", start=start, end=end)


def test_pieces_become_their_kinds() -> None:
    """Every piece is replaced, in whatever order they come."""
    pieces = [data(9, 12, "phone"), data(0, 3)]

    assert redacted("411 and, 020!", pieces) == "[card] and, [phone]!"


def test_pieces_that_overlap_become_one() -> None:
    """Nothing of either is left."""
    assert redacted("0123456789", [data(1, 5), data(3, 8, "phone")]) == "0[card]89"


def test_other_annotations_change_nothing() -> None:
    """Other senses, unknown ones and ones without a place are passed over."""
    sentiment = Annotation(sense="sentiment", value=-1.0, by="test 1", start=0, end=3)

    assert redacted("411", [sentiment, data(None, None), data(0, 3, None), data(1, 1)]) == "411"


def test_a_place_of_another_text_is_refused() -> None:
    """A place that is not in the text says that something was mixed up."""
    with pytest.raises(InvalidValue, match="3 characters"):
        redacted("411", [data(0, 4)])


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted), max_size=5))
def test_nothing_of_a_piece_is_left(places: list[list[int]]) -> None:
    """Of the characters of a piece none stays, and all others do."""
    text = "".join(chr(0x4E00 + number) for number in range(20))
    hidden = {place for start, end in places for place in range(start, end)}
    left = redacted(text, [data(start, end) for start, end in places])

    assert [sign for sign in left if sign in text] == [
        sign for place, sign in enumerate(text) if place not in hidden
    ]
