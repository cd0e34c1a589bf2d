"""What may be said of a text, and what an assessment makes of it."""

from typing import Any

import pytest

from socialcare.domain.annotation import Annotation, Sense, person
from socialcare.domain.assessment import Assessment
from socialcare.errors import InvalidValue

NUMBERS = {Sense.SENTIMENT}
TEXTS = {Sense.LANGUAGE, Sense.INTENT, Sense.CATEGORY, Sense.PERSONAL_DATA}
EXAMPLES: dict[str, list[Any]] = {
    "number": [-1.0, 0, 0.5, 1],
    "text": ["en", "Delivery / Late"],
    "truth": [True, False],
    "nothing of these": ["", 1.5, -2, float("nan"), [], {}, (), b"en"],
}


def kind(sense: Sense) -> str:
    """What its values are."""
    if sense in NUMBERS:
        return "number"
    return "text" if sense in TEXTS else "truth"


def says(sense: str, value: Any = True, **rest: Any) -> Annotation:
    """An annotation by somebody."""
    return Annotation(**{"sense": sense, "value": value, "by": "reader 1", **rest})


@pytest.mark.parametrize("sense", Sense)
def test_a_value_fits_its_sense(sense: Sense) -> None:
    """A sense has one kind of values and may always be unknown; all others are refused."""
    for value in (None, *EXAMPLES[kind(sense)]):
        assert says(sense, value).value == value
        assert says(sense.value, value).sense is sense

    for other in EXAMPLES.keys() - {kind(sense)}:
        for value in EXAMPLES[other]:
            with pytest.raises(InvalidValue, match=f"^Annotation.value of {sense}: found"):
                says(sense, value)


def test_a_sense_is_one_of_those_that_there_are() -> None:
    """No other word is a sense."""
    with pytest.raises(ValueError, match="mood"):
        says("mood")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"by": ""}, "by"),
        ({"confidence": 1.01}, "confidence"),
        ({"confidence": -0.01}, "confidence"),
        ({"start": 1}, "end"),
        ({"end": 1}, "end"),
        ({"start": 2, "end": 1}, "end"),
        ({"start": -1, "end": 1}, "end"),
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, Any], where: str) -> None:
    """The error names the field."""
    with pytest.raises(InvalidValue, match=rf"^Annotation\.{where}: found"):
        says("complaint", **wrong)


def test_a_person_is_no_program() -> None:
    """Who says so can be told from what is computed."""
    assert says("complaint", by=person("anna")).by_person
    assert not says("complaint").by_person


def test_the_latest_word_that_knows_counts() -> None:
    """Somebody who does not know takes back nothing that was said."""
    first, other, unknown = (
        says("complaint", True),
        says("complaint", False),
        says("complaint", None),
    )
    said = Assessment(annotations=(first, other, unknown, says("thanks", True)))

    assert said.said(Sense.COMPLAINT) is other
    assert said.said(Sense.URGENCY) is None
    assert Assessment(annotations=(unknown,)).said(Sense.COMPLAINT) is None
