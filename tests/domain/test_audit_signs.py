"""Signs of an audit: found by words, unless a classifier speaks."""

from pathlib import Path

import pytest

from builders import asks
from socialcare.domain.annotation import Annotation, Value
from socialcare.domain.audit_signs import SIGNS, AuditSigns, Evidence
from socialcare.domain.query import Subject
from socialcare.errors import InvalidValue

OURS = AuditSigns.default()


def found(sign: str, text: str, **said: Value) -> Evidence | None:
    """The evidence of a sign, with what a classifier says by sense."""
    annotations = tuple(
        Annotation(sense=sense, value=value, by="reader 1") for sense, value in said.items()
    )
    return OURS.signs[sign].evidence(Subject(message=asks(0, text=text), annotations=annotations))


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("frustration", "still nothing, this is terrible"),
        ("technical", "the app shows an error"),
        ("account", "where is my refund?"),
        ("good", "thank you, brilliant"),
        ("bad", "the worst service"),
        ("suggestion", "you should bring back the bar"),
        ("gain", "I love your trains"),
        ("asks", "how do I book a seat"),
    ],
)
def test_every_sign_is_found_by_words(sign: str, text: str) -> None:
    """And by none of the words of a plain statement."""
    evidence = found(sign, text)

    assert evidence is not None
    assert evidence.words
    assert evidence.by == OURS.called
    assert found(sign, "arriving on Tuesday") is None


def test_a_classifier_has_the_last_word() -> None:
    """It finds what no word shows, and its no is a no."""
    evidence = found("frustration", "oh well, on we go", complaint=True)

    assert evidence is not None
    assert evidence.by == "reader 1"
    assert found("frustration", "terrible", complaint=False) is None
    assert found("frustration", "terrible", complaint=None) is not None


def test_an_intent_adds_to_the_words() -> None:
    """Since a classifier that names one intent denies no other."""
    assert found("technical", "it is dead", intent="fault") is not None
    assert found("technical", "error 47", intent="refund") is not None


def test_signs_of_ones_own_leave_the_others_as_they_are(tmp_path: Path) -> None:
    """A brand only writes what it says differently."""
    path = tmp_path / "signs.toml"
    path.write_text('name = "northline"\nversion = "2"\n[technical]\nwords = ["points failure"]\n')
    signs = AuditSigns.from_toml(path)
    said = Subject(message=asks(0, text="a points failure, and the app shows an error"))

    assert signs.called == "northline 2"
    evidence = signs.signs["technical"].evidence(said)
    assert evidence is not None
    assert evidence.words == ("points", "failure")
    assert set(signs.signs) == set(SIGNS)


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("[technicle]\nwords = ['x']", "found 'technicle', expected a key"),
        ("[technical]\nreason = 'x'", "technical.words: found 'nothing'"),
        ("[technical]\nwords = ['a', 'b OR']", r"technical.words\[1\], character 5"),
        ("[technical]\nwords = 'a'\nsense = 'mood'", "technical.sense: found 'mood'"),
        ("[technical]\nwords = 'a'\nrules = ['none']", "technical.rules: found 'none'"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, document: str, error: str) -> None:
    """With what was found, and what would be right."""
    path = tmp_path / "signs.toml"
    path.write_text(document)

    with pytest.raises(InvalidValue, match=error):
        AuditSigns.from_toml(path)


@pytest.mark.parametrize(
    ("language", "read"), [(None, True), ("en", True), ("EN-gb", True), ("de", False)]
)
def test_a_text_of_another_language_is_not_read(language: str | None, read: bool) -> None:
    """One of which nobody knows it is."""
    assert OURS.reads(language) is read
