"""Many queries at once: only those are asked whose anchor a subject has.

For each word of a subject one look-up tells which queries it could concern, so that ten thousand
queries cost little more than ten. Which words look like a pattern is found out once a word.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from socialcare.domain.query.anchors import (
    Anchor,
    Cost,
    FactKey,
    SignKey,
    WordKey,
    anchor,
    keys,
    likelihood,
)
from socialcare.domain.query.fields import Kind, field_named
from socialcare.domain.query.flags import mentions_brand
from socialcare.domain.query.matching import leaves
from socialcare.domain.query.nodes import Pattern
from socialcare.domain.query.query import Match, Query
from socialcare.domain.subject import Subject
from socialcare.domain.words import folded

_MOST_KEPT = 100_000
"""For how many words it is remembered which queries they could concern."""

Numbers: TypeAlias = tuple[int, ...]
"""Queries, by their places in the set."""


class QuerySet:
    """Queries, asked together.

    Args:
        queries: By name; their order is that in which they are asked.

    >>> from socialcare.testing.builders import asks
    >>> every = QuerySet({"late": Query("late OR delayed"), "lost": Query("lost")})
    >>> list(every.matches(Subject(message=asks(0, text="My bag is LOST"))))
    ['lost']
    """

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._names = tuple(queries)
        self._queries = tuple(queries.values())
        self._always: list[int] = []
        self._signs: defaultdict[str, list[int]] = defaultdict(list)
        self._facts: defaultdict[str, defaultdict[str, list[int]]]
        self._facts = defaultdict(lambda: defaultdict(list))
        self._words = _Concerned()
        cost = _cost(self._queries)
        for number, query in enumerate(self._queries):
            self._file(number, anchor(query.node, cost))

    def _file(self, number: int, found: Anchor | None) -> None:
        if found is None:
            self._always.append(number)
            return
        for key in found:
            match key:
                case WordKey():
                    self._words.exact[key.word].append(number)
                case Pattern():
                    self._words.file(key, number)
                case SignKey():
                    self._signs[key.sign].append(number)
                case FactKey():
                    self._facts[key.field][key.value].append(number)

    def matches(self, subject: Subject) -> dict[str, Match]:
        """Every query that holds, by name and in order, with what it found."""
        return dict(self.each(subject))

    def each(self, subject: Subject) -> Iterator[tuple[str, Match]]:
        """The queries that hold, in order, each with what it found; asked one after the other."""
        for number in self._asked(subject):
            match = self._queries[number].matches(subject)
            if match is not None:
                yield self._names[number], match

    def first(self, subject: Subject) -> tuple[str, Match] | None:
        """The first query that holds, with what it found; None if none does."""
        return next(self.each(subject), None)

    def _asked(self, subject: Subject) -> Sequence[int]:
        """The queries that could hold, in order."""
        numbers = set(self._always)
        for concerned in map(self._words.__getitem__, subject.vocabulary):
            if concerned:
                numbers.update(concerned)
        if self._signs and not subject.folded.isascii():
            for sign in self._signs.keys() & set(subject.folded):
                numbers.update(self._signs[sign])
        for field, by_value in self._facts.items():
            for value in _values(field, by_value, subject):
                numbers.update(by_value.get(value, ()))
        return sorted(numbers)


def _cost(queries: Iterable[Query]) -> Cost:
    """How much it costs to look a query up by a key: less if few others are looked up by it."""
    shared = Counter(key for query in queries for leaf in leaves(query.node) for key in keys(leaf))
    return lambda key: shared[key] * likelihood(key)


class _Concerned(dict[str, Numbers]):
    """For each word the queries that it could concern, found out when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.exact: defaultdict[str, list[int]] = defaultdict(list)
        self._patterns: defaultdict[tuple[str, int | None], list[tuple[Pattern, int]]]
        self._patterns = defaultdict(list)
        """By what fitting words begin with, and how many letters they have; None for any."""
        self._beginnings: set[int] = set()
        """How long these beginnings are."""

    def file(self, pattern: Pattern, number: int) -> None:
        """Takes down that a query could concern the words that fit a pattern."""
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
    """The values of a field of the subject, of those that are asked for."""
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
