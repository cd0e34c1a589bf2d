"""Many queries at once: only those are asked whose anchors a subject has.

A query is looked up by what must be there for it to hold. Of an `AND` two of its parts are looked
at, and every fact that it demands, before the query itself is: so of ten thousand queries few are
touched, and they cost little more than ten.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from socialcare.domain.query.anchors import (
    Anchor,
    Cost,
    anchors,
    demanded,
    keys,
    likelihood,
)
from socialcare.domain.query.index import Index
from socialcare.domain.query.matching import leaves
from socialcare.domain.query.nodes import Fact
from socialcare.domain.query.query import Match, Query
from socialcare.domain.subject import Subject

_SHARED = 30.0
"""What a second anchor may cost: one that many queries share would be met too often."""


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
        self._first, self._second = Index(), Index()
        self._paired: set[int] = set()
        """Queries with a second anchor."""
        self._facts: list[tuple[Fact, ...]] = []
        """All that is demanded together."""
        self._demands: dict[int, int] = {}
        """What of it a query demands."""
        self._file_all()

    def _file_all(self) -> None:
        cost = _cost(self._queries)
        shared: dict[frozenset[tuple[str, str | None]], int] = {}
        for number, query in enumerate(self._queries):
            self._file(number, anchors(query.node, cost), cost)
            facts = tuple(demanded(query.node))
            if facts:
                same = frozenset((fact.field, fact.value) for fact in facts)
                place = self._demands[number] = shared.setdefault(same, len(shared))
                if place == len(self._facts):
                    self._facts.append(facts)

    def _file(self, number: int, found: list[Anchor], cost: Cost) -> None:
        if not found:
            self._always.append(number)
            return
        first, *others = found
        for key in first:
            self._first.file(key, number)
        if others and sum(map(cost, others[0])) < _SHARED:
            self._paired.add(number)
            for key in others[0]:
                self._second.file(key, number)

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

    def _asked(self, subject: Subject) -> list[int]:
        """The queries that could hold, in order."""
        numbers = self._first.met(subject)
        numbers.update(self._always)
        if not numbers.isdisjoint(self._paired):
            met = self._second.met(subject)
            numbers = {each for each in numbers if each in met or each not in self._paired}
        return sorted(self._with_their_facts(numbers, subject))

    def _with_their_facts(self, numbers: set[int], subject: Subject) -> Iterator[int]:
        """Those whose facts are so; what several demand is looked at once."""
        so: dict[int | None, bool] = {None: True}
        for number in numbers:
            place = self._demands.get(number)
            if place is not None and place not in so:
                so[place] = all(fact.found(subject) is not None for fact in self._facts[place])
            if so[place]:
                yield number


def _cost(queries: Iterable[Query]) -> Cost:
    """How much it costs to look a query up by a key: less if few others are looked up by it."""
    shared = Counter(key for query in queries for leaf in leaves(query.node) for key in keys(leaf))
    return lambda key: shared[key] * likelihood(key)
