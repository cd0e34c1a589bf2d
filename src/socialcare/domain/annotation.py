"""Annotations: what a classifier says of a text, how sure it is, and who it is.

A classifier reads; it decides nothing. What it says is kept beside the message with the name and
version of what said it, so that a rule can use it, a person can correct it, and a number computed
from it can be traced to the scorer. "I don't know" is an answer: the value `None`.
"""

from enum import StrEnum
from typing import TypeAlias

import attrs

from socialcare.domain.validators import not_empty
from socialcare.errors import InvalidValue

Value: TypeAlias = bool | float | str | None


class Sense(StrEnum):
    """What is said of a text, and by what kind of value."""

    SENTIMENT = "sentiment"
    """How it sounds: a number from -1.0, bad, to 1.0, good."""
    LANGUAGE = "language"
    """In what language it is: a BCP 47 tag."""
    INTENT = "intent"
    """What its author wants, in a word: `cancel`, `refund`, ..."""
    CATEGORY = "category"
    """What it is about: a path in the brand's tree, such as `Delivery / Late`."""
    QUESTION = "question"
    """Whether it asks something of whoever reads it."""
    COMPLAINT = "complaint"
    """Whether its author is dissatisfied."""
    THANKS = "thanks"
    """Whether it thanks or praises."""
    URGENCY = "urgency"
    """Whether it can't wait."""
    NEEDS_ANSWER = "needs_answer"
    """Whether somebody should answer."""
    NEEDS_ATTENTION = "needs_attention"
    """Whether somebody should see it."""
    PERSONAL_DATA = "personal_data"
    """A piece of personal data in it, by its kind: `card`, `iban`, `phone`, `email`, ..."""


_SENSES = {each.value: each for each in Sense}
_NUMBERS = frozenset({Sense.SENTIMENT})
_TEXTS = frozenset({Sense.LANGUAGE, Sense.INTENT, Sense.CATEGORY, Sense.PERSONAL_DATA})
_TRUTHS = frozenset(Sense) - _NUMBERS - _TEXTS
_PERSON = "person:"


def _sense(value: str) -> Sense:
    """The sense; by a look-up, since every message brings many."""
    return _SENSES.get(value) or Sense(value)


def _fits(
    annotation: "Annotation",
    attribute: "attrs.Attribute[Value]",  # noqa: ARG001 - attrs passes it
    value: Value,
) -> None:
    sense = annotation.sense
    if value is None or ((value is True or value is False) and sense in _TRUTHS):
        return  # as nearly all are
    if sense in _NUMBERS:
        right = "a number from -1.0 to 1.0, or None"
        fits = isinstance(value, int | float) and not isinstance(value, bool) and -1 <= value <= 1
    elif sense in _TEXTS:
        right, fits = "a text that is not empty, or None", isinstance(value, str) and value != ""
    else:
        right, fits = "True, False or None", False
    if not fits:
        raise InvalidValue(value, where=f"Annotation.value of {sense}", right=right)


def _share(
    annotation: "Annotation",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[float | None]",
    value: float | None,
) -> None:
    if value is not None and not 0 <= value <= 1:
        raise InvalidValue(
            value, where=f"Annotation.{attribute.name}", right="a share from 0.0 to 1.0"
        )


def _within(
    annotation: "Annotation",
    attribute: "attrs.Attribute[int | None]",
    value: int | None,
) -> None:
    if (annotation.start is None) != (value is None) or (
        value is not None and not 0 <= (annotation.start or 0) <= value
    ):
        raise InvalidValue(
            (annotation.start, value),
            where=f"Annotation.{attribute.name}",
            right="both ends of a part of the text, or neither",
        )


@attrs.frozen(kw_only=True)
class Annotation:
    """One thing that is said of a text.

    Attributes:
        sense: What is said.
        value: A number, a text or a truth, as the sense has it; None for "I don't know".
        by: Name and version of the classifier, such as `service-lexicon 1`, or a person.
        confidence: How sure it is, from 0.0 to 1.0; None where it can't say.
        start, end: The part of the text that it is about, in characters; None for all of it.

    Raises:
        InvalidValue: If the value does not fit its sense, or a number is out of range.

    >>> Annotation(sense="complaint", value=True, by="rules 3", confidence=0.8).known
    True
    """

    sense: Sense = attrs.field(converter=_sense)
    value: Value = attrs.field(validator=_fits)
    by: str = attrs.field(validator=not_empty("a name that is not empty"))
    confidence: float | None = attrs.field(default=None, validator=_share)
    start: int | None = None
    end: int | None = attrs.field(default=None, validator=_within)

    @property
    def by_person(self) -> bool:
        """Whether a person says so, and no program."""
        return self.by.startswith(_PERSON)

    @property
    def known(self) -> bool:
        """Whether anything is said at all."""
        return self.value is not None


def person(name: str) -> str:
    """What `Annotation.by` is for a person, by the id that the host gives them."""
    return f"{_PERSON}{name}"


__all__ = ["Annotation", "Sense", "Value", "person"]
