"""The fit of an answer: whether it has to do with what was asked, and is in the same language.

Nobody can tell from words alone whether an answer answers. What can be told is that nothing in it
could: no word of the question, no link, no number, no fact and no next step. So it is a hint.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.annotation import Sense
from socialcare.domain.help_articles import singular
from socialcare.domain.playbook.checks.remark import Remark
from socialcare.domain.playbook.english import common_words, is_english
from socialcare.domain.playbook.findings import Code
from socialcare.domain.playbook.phrasing import phrasing
from socialcare.domain.playbook.reading import Reading, Text
from socialcare.domain.playbook.scripts import script

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["asks", "no_answer", "no_link", "wrong_language"]

_SHORTEST = 4
"""Words of fewer letters say nothing about a subject."""
_STEM = 5
_NUMBER = re.compile(r"\d")
_SURE = 0.8
"""How sure a classifier must be of a language."""


def asks(text: Text, playbook: "Playbook") -> bool:
    """Whether a text asks something."""
    return text.questions > 0 or text.has(phrasing("question", playbook.phrases("question")))


def no_answer(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """Nothing that could answer a question."""
    asked, text = reading.asked_text, reading.text
    if not reading.asked or not asks(asked, playbook) or is_acknowledgement(asked.text):
        return
    if not is_english(asked) or not is_english(text):
        return
    if text.links or _NUMBER.search(text.plain) or not _stems(text).isdisjoint(_stems(asked)):
        return
    if text.questions or text.has(phrasing("step", playbook.phrases("step"))):
        return
    yield Remark(
        Code.NO_ANSWER,
        "the customer asked, and there is no word of it, no fact, link or next step in the answer",
        "say what you know, what happens next and by when, or ask what you need to know",
    )


def _stems(text: Text) -> frozenset[str]:
    """What a text could be about: its longer words, without their endings."""
    return frozenset(
        singular(word)[:_STEM]
        for word in text.words
        if len(word) >= _SHORTEST and word not in common_words()
    )


def no_link(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """A help article that answers the question, and no link."""
    if not reading.asked or reading.text.links or reading.answer.automated:
        return
    found = playbook.article_for(reading.asked_text.text)
    if found is not None:
        words = ", ".join(map(repr, found.words[:3]))
        yield Remark(
            Code.NO_LINK,
            f"{found.article.title!r} seems to answer it ({words}), and no link is offered",
            f"offer {found.article.url}",
        )


def wrong_language(reading: Reading, _: "Playbook") -> Iterator[Remark]:
    """Another language, or another script, than the customer's."""
    asked, own = _asked_in(reading), _answered_in(reading)
    if asked is not None and own is not None and asked != own:
        yield _other(f"the customer wrote in {asked!r}, and the answer is in {own!r}", asked)
        return
    if asked is None or own is None:
        theirs, ours = script(reading.asked_text.plain), script(reading.text.plain)
        if theirs and ours and theirs != ours:
            yield _other(
                f"the customer wrote in {theirs} letters, and the answer is in {ours} ones", None
            )


def _other(reason: str, language: str | None) -> Remark:
    instead = f"in {language!r}" if language else "as the customer did"
    return Remark(Code.WRONG_LANGUAGE, reason, f"write {instead}, or say why you do not")


def _asked_in(reading: Reading) -> str | None:
    """The language of what the customer waits with."""
    assessments = {} if reading.conversation is None else reading.conversation.assessments
    for message in reversed(reading.asked):
        if message.language:
            return _primary(message.language)
        assessment = assessments.get(message.key)
        said = None if assessment is None else assessment.said(Sense.LANGUAGE)
        if said is not None and _is_sure(said.confidence):
            return _primary(str(said.value))
    return None


def _answered_in(reading: Reading) -> str | None:
    said = [each for each in reading.said(Sense.LANGUAGE) if _is_sure(each.confidence)]
    return _primary(str(said[-1].value)) if said else None


def _is_sure(confidence: float | None) -> bool:
    return confidence is None or confidence >= _SURE


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
