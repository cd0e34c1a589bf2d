"""The manner of an answer: swearing, defending oneself, and what the house does not say."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from socialcare.domain.playbook.checks.remark import Remark, shown
from socialcare.domain.playbook.findings import Code, Severity
from socialcare.domain.playbook.phrasing import ours, phrasing
from socialcare.domain.playbook.reading import Reading, Text
from socialcare.domain.words import words

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["defensive", "donts", "profanity", "swearing", "voice"]

_LEET = str.maketrans("4@310!$57|", "aaeioisstl")
_ENDINGS = ("", "s", "es", "ed", "er", "ers", "ing", "in", "y", "ty", "head")
_TOKEN = re.compile(r"[^\s,.;:?\"()]+")
_HIDES = re.compile(r"[*#%&$@!]")
_LETTERS = re.compile(r"[a-z]")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]){3,12}[^\W\d_](?![^\W_])")


def profanity(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """A word that nobody writes to a customer, also in disguise."""
    for place, strong in swearing(
        reading.text, playbook.house.allowed_words, playbook.house.more_swearwords
    ):
        yield Remark(
            Code.PROFANITY,
            f"{shown(reading.answer.text[slice(*place)])} is no word to a customer",
            "say it without",
            place,
            None if strong else Severity.WARN,
        )


def swearing(
    text: Text, allowed: frozenset[str] = frozenset(), more: frozenset[str] = frozenset()
) -> Iterator[tuple[tuple[int, int], bool]]:
    """Where a text swears, and whether that is strong."""
    strong, mild = _forms("strong") | more, _forms("mild")
    begun: set[int] = set()
    for form, place in _forms_in(text):
        if form in allowed or place[0] in begun:
            continue
        if form in strong or form in mild:
            begun.add(place[0])
            yield place, form in strong


@cache
def _forms(degree: str) -> frozenset[str]:
    listed = ours()["profanity"][degree]
    return frozenset(word + ending for word in listed for ending in _ENDINGS)


@cache
def _hidden() -> tuple[re.Pattern[str], ...]:
    """What finds a strong word of which letters are hidden, as `f**k`."""
    return tuple(
        re.compile("".join(f"(?:{letter}|[*#%&$@!])" for letter in word))
        for word in ours()["profanity"]["strong"]
    )


def _forms_in(text: Text) -> Iterator[tuple[str, tuple[int, int]]]:
    """What each word could be, and where it stands."""
    yield from zip(text.words, text.places, strict=False)
    for found in _TOKEN.finditer(text.plain):
        plain = found[0].casefold()
        if not plain.isalpha() and _LETTERS.search(plain):
            yield _uncovered(plain), found.span()
    for found in _SPACED.finditer(text.plain):
        yield "".join(filter(str.isalpha, found[0].casefold())), found.span()


def _uncovered(word: str) -> str:
    """The word with its letters in the place of digits and signs that stand for them."""
    bare = word.rstrip("!'\u2019*)")
    spelt = bare.translate(_LEET)
    if spelt.isalpha():
        return spelt
    if _HIDES.search(bare[1:]):
        hidden = zip(_hidden(), ours()["profanity"]["strong"], strict=True)
        return next((plain for found, plain in hidden if found.fullmatch(bare)), word)
    return word


def defensive(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """A phrase that defends the house, or puts the blame on the customer."""
    for place in reading.text.found(phrasing("defensive", playbook.phrases("defensive"))):
        yield Remark(
            Code.DEFENSIVE,
            f"{shown(reading.answer.text[slice(*place)])} sounds like defending oneself",
            "say what happens next, and leave out whose fault it is",
            place,
        )


def donts(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """What the playbook says not to do."""
    for manner, place in playbook.donts_in(reading):
        instead = f"rather: {shown(manner.instead)}" if manner.instead else "say it another way"
        yield Remark(
            Code.DONT, f"{manner.name}: {manner.says}", instead, place, severity=manner.severity
        )


def voice(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """Words for which the house has others."""
    said = playbook.voice.instead
    line = reading.text.line
    for word, instead in said.items():
        row = f" {' '.join(words(word))} "
        if row in line:
            place = next(reading.text.found(_row(row)), None)
            yield Remark(Code.VOICE, f"the house does not say {word!r}", f"say {instead!r}", place)


@cache
def _row(row: str) -> re.Pattern[str]:
    return re.compile(f"(?<= ){re.escape(row[1:])}")
