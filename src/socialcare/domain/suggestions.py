"""Suggestions: terms that are said more beside a brand's name than elsewhere.

A term is counted once a text, however often it stands there. How far it has risen is told by the
log-likelihood ratio: how much better two shares explain the counts than one would. So a word that
everybody uses everywhere does not come up, and no list of stop words is needed; nor does one that
three people used by chance. The same tells the words of complaints from those of the rest.

T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational
Linguistics 19 (1993).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

import attrs

from socialcare.domain.entities import EntityKind, entities
from socialcare.domain.words import folded, words
from socialcare.errors import InvalidValue

__all__ = ["CHANCE", "Suggestion", "TermKind", "rising"]

CHANCE = 10.828
"""The score that one term in a thousand reaches where there is no difference."""

_LONGEST_PHRASE = 3
_EXAMPLES = 3
_COMMON = 0.1
"""In which share of the other texts a word is too common to begin or end a phrase."""
_SAME = 0.8
"""A term that stands in a longer one at least so often is no suggestion of its own."""
_BREAK = re.compile(r"[.!?;:,()\[\]\"\u201c\u201d\n\u2026]+|\s[-\u2013\u2014]+\s")
_CONTRACTED = re.compile(r"\w+n['\u2019]t\b|['\u2019](?:d|ll|m|re|s|ve)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w'\u2019]+(?: [A-Z][\w'\u2019]+){1,2}")
_LETTER = re.compile(r"[^\W\d_]{2}")


class TermKind(StrEnum):
    """What a term is."""

    WORD = "word"
    PHRASE = "phrase"
    """Two or three words, one right after the other."""
    HASHTAG = "hashtag"
    NAME = "name"
    """An account, or two or three words that are written with capitals."""


Term: TypeAlias = tuple[TermKind, str]


@attrs.frozen(kw_only=True)
class Suggestion:
    """A term that has risen.

    Attributes:
        term: As it is searched for: folded, with `#` or `@` where it had one.
        kind: What it is.
        count: How many of the texts have it.
        of: How many texts there are.
        background: How many of the other texts have it.
        background_of: How many other texts there are.
        score: The log-likelihood ratio; above `CHANCE`.
        examples: A few of the texts.
    """

    term: str
    kind: TermKind
    count: int
    of: int
    background: int
    background_of: int
    score: float
    examples: tuple[str, ...]


def _nothing(_: str) -> bool:
    return False


def rising(
    texts: Iterable[str],
    background: Iterable[str],
    *,
    known: Callable[[str], bool] = _nothing,
    most: int = 20,
    least: int = 3,
) -> tuple[Suggestion, ...]:
    """The terms that some texts have more than others do, the strongest first.

    Args:
        texts: What was said about the brand, or by those who complain.
        background: What else was said; none of `texts` among it.
        known: Whether a term is listened for already; such terms are left out.
        most: How many terms at most.
        least: How many of the texts must have a term.

    Raises:
        InvalidValue: If `most` or `least` is not at least 1.

    >>> late = ["the night bus is late", "late again, that night bus", "where is the night bus?"]
    >>> other = ["the sun is out", "is it late?", "what a day", "the end"] * 5
    >>> [(each.term, each.count, each.background) for each in rising(late, other)]
    [('night bus', 3, 0)]
    """
    _positive(most, "most")
    _positive(least, "least")
    holders = _holders(texts)
    counted = {term: len(found) for term, found in holders.terms.items() if len(found) >= least}
    others, number = _counted(background, counted.keys())
    scored = {
        term: score
        for term, count in counted.items()
        if (score := _risen(count, len(holders.texts), others[term], number)) > CHANCE
        and _is_whole(term, others, number)
        and not known(term[1])
    }
    best = sorted(_apart(scored, counted), key=lambda term: (-scored[term], term[1]))[:most]
    return tuple(
        Suggestion(
            term=term[1],
            kind=term[0],
            count=counted[term],
            of=len(holders.texts),
            background=others[term],
            background_of=number,
            score=scored[term],
            examples=tuple(holders.texts[at] for at in holders.terms[term][:_EXAMPLES]),
        )
        for term in best
    )


@attrs.frozen
class _Holders:
    """Texts, and for each term the numbers of those that have it."""

    texts: Sequence[str]
    terms: dict[Term, list[int]]


def _holders(texts: Iterable[str]) -> _Holders:
    held = list(texts)
    terms: defaultdict[Term, list[int]] = defaultdict(list)
    for number, text in enumerate(held):
        for term in _terms(text):
            terms[term].append(number)
    return _Holders(held, terms)


def _counted(texts: Iterable[str], asked: Iterable[Term]) -> tuple[Counter[Term], int]:
    """How many texts have each of the terms, and how many texts there are."""
    wanted, found, number = frozenset(asked), Counter[Term](), 0
    for text in texts:
        number += 1
        found.update(wanted & _terms(text))
    return found, number


def _terms(text: str) -> frozenset[Term]:
    """The terms of a text, each once."""
    found: set[Term] = set()
    rest, reached = [], 0
    for each in entities(text):
        rest.append(text[reached : each.start])
        reached = each.end
        if each.kind is EntityKind.HASHTAG:
            found.add((TermKind.HASHTAG, f"#{folded(each.value)}"))
        elif each.kind is EntityKind.MENTION:
            found.add((TermKind.NAME, f"@{folded(each.value)}"))
    plain = "\n".join([*rest, text[reached:]])
    names = {" ".join(words(name[0])) for name in _NAME.finditer(plain)}
    found.update((TermKind.NAME, name) for name in names)
    for piece in _BREAK.split(_CONTRACTED.sub("\n", plain)):
        found.update(_of_piece(words(piece), names))
    return frozenset(found)


def _of_piece(row: Sequence[str], names: set[str]) -> Iterator[Term]:
    """The words and phrases of a piece of a text in which nobody takes breath."""
    for at, word in enumerate(row):
        if _LETTER.search(word):
            yield TermKind.WORD, word
        for length in range(2, min(_LONGEST_PHRASE, len(row) - at) + 1):
            phrase = " ".join(row[at : at + length])
            if phrase not in names and _LETTER.search(phrase):
                yield TermKind.PHRASE, phrase


def _risen(count: int, of: int, background: int, background_of: int) -> float:
    """The log-likelihood ratio of two shares; 0 where the first is not the larger."""
    if count * background_of <= background * of:
        return 0.0
    share = (count + background) / (of + background_of)
    return 2 * (_gain(count, of, share) + _gain(background, background_of, share))


def _gain(count: int, of: int, share: float) -> float:
    """How much likelier a count is by its own share than by another."""
    rest = of - count
    return (count * math.log(count / (of * share)) if count else 0.0) + (
        rest * math.log(rest / (of * (1 - share))) if rest else 0.0
    )


def _is_whole(term: Term, others: "Counter[Term]", number: int) -> bool:
    """Whether a term neither begins nor ends with a word that is met everywhere, nor is one."""
    if term[0] not in (TermKind.WORD, TermKind.PHRASE):
        return True
    row = term[1].split(" ")
    return all(
        word.isdecimal() or (len(word) > 1 and others[(TermKind.WORD, word)] <= _COMMON * number)
        for word in (row[0], row[-1])
    )


def _apart(scored: Iterable[Term], counted: "dict[Term, int]") -> Iterator[Term]:
    """The terms that do not stand mostly in a longer one, nor that are longer and say no more."""
    found = set(scored)
    swallowed = {
        part
        for whole in found
        for part in _parts(whole)
        if part in found and counted[whole] >= _SAME * counted[part]
    }
    return (term for term in found if term not in swallowed)


def _parts(whole: Term) -> Iterator[Term]:
    """The shorter terms that a phrase or name is made of."""
    row = whole[1].split(" ")
    for length in range(1, len(row)):
        for at in range(len(row) - length + 1):
            part = " ".join(row[at : at + length])
            yield TermKind.WORD if length == 1 else TermKind.PHRASE, part
            yield TermKind.NAME, part


def _positive(value: int, name: str) -> None:
    if value < 1:
        raise InvalidValue(value, where=f"rising: {name}", right="at least 1")
