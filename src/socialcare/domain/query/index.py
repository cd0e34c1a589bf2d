"""An index of queries: which of them a subject concerns, by the keys that it has.

For each word of a subject one look-up tells which queries it concerns. Which words look like a
pattern is found out once a word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from socialcare.domain.query.anchors import FactKey, Key, SignKey, WordKey
from socialcare.domain.query.fields import Kind, field_named
from socialcare.domain.query.flags import mentions_brand
from socialcare.domain.query.nodes import Pattern
from socialcare.domain.subject import Subject
from socialcare.domain.words import folded

_MOST_KEPT = 100_000
"""For how many words it is remembered which queries they concern."""
Numbers: TypeAlias = tuple[int, ...]
"""Queries, by their numbers."""


class Index:
    """Numbers of queries, by keys."""

    def __init__(self) -> None:
        self._words = _Concerned()
        self._signs: defaultdict[str, list[int]] = defaultdict(list)
        self._facts: defaultdict[str, defaultdict[str, list[int]]]
        self._facts = defaultdict(lambda: defaultdict(list))

    def file(self, key: Key, number: int) -> None:
        """Takes down that a key concerns a query."""
        match key:
            case WordKey():
                self._words.exact[key.word].append(number)
            case Pattern():
                self._words.file(key, number)
            case SignKey():
                self._signs[key.sign].append(number)
            case FactKey():
                self._facts[key.field][key.value].append(number)

    def met(self, subject: Subject) -> set[int]:
        """The queries that the keys of a subject concern."""
        numbers = set[int]().union(*map(self._words.__getitem__, subject.vocabulary))
        if self._signs and not subject.folded.isascii():
            for sign in self._signs.keys() & set(subject.folded):
                numbers.update(self._signs[sign])
        for field, by_value in self._facts.items():
            for value in _values(field, by_value, subject):
                numbers.update(by_value.get(value, ()))
        return numbers


class _Concerned(dict[str, Numbers]):
    """For each word the queries that it concerns, found out when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.exact: defaultdict[str, list[int]] = defaultdict(list)
        self._patterns: defaultdict[tuple[str, int | None], list[tuple[Pattern, int]]]
        self._patterns = defaultdict(list)
        """By what fitting words begin with, and how many letters they have; None for any."""
        self._beginnings: set[int] = set()
        """How long these beginnings are."""

    def file(self, pattern: Pattern, number: int) -> None:
        """Takes down that the words that fit a pattern concern a query."""
        self._beginnings.add(len(pattern.begins))
        for length in _lengths(pattern):
            self._patterns[pattern.begins, length].append((pattern, number))

    def __missing__(self, word: str) -> Numbers:
        numbers = (*self.exact.get(word, ()), *self._fitting(word))
        if len(self) < _MOST_KEPT:
            self[word] = numbers
        return numbers

    def _fitting(self, word: str) -> Iterator[int]:
        for end in self._beginnings:
            for length in (len(word), None):
                for pattern, number in self._patterns.get((word[:end], length), ()):
                    if pattern.fits(word):
                        yield number


def _lengths(pattern: Pattern) -> Iterable[int | None]:
    if pattern.longest is None:
        return (None,)
    return range(pattern.shortest, pattern.longest + 1)


def _values(field: str, asked: Iterable[str], subject: Subject) -> Iterable[str]:
    """The values of a field of a subject, of those that are asked for at least."""
    found = field_named(field)
    if found is None:
        return ()
    match found.kind:
        case Kind.FLAG:
            return (value for value in asked if found.flags[value](subject))
        case Kind.MENTION:
            return asked if mentions_brand(subject) else ()
        case _:
            return map(folded, found.known(subject))
