"""A query: what was asked, compiled once and asked of many."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs

from socialcare.domain.query.matching import Finding, Findings, Matcher, leaves, matcher
from socialcare.domain.query.meaning import Meaning
from socialcare.domain.query.nodes import Fact, Leaf, Link, Mention, Node, Tag
from socialcare.domain.query.parser import tree
from socialcare.domain.query.places import Places
from socialcare.domain.subject import Subject
from socialcare.domain.words import words


@attrs.frozen(kw_only=True)
class Hit:
    """A part of a query that was found, and where.

    Attributes:
        term: The part of the query, as it was written.
        field: The field that it is about, `text` for words without one.
        found: What was found: a piece of the text, or the value of the field.
        start, end: Where the piece stands in the text, in characters; None for no piece of it.
    """

    term: str
    field: str
    found: str
    start: int | None = None
    end: int | None = None


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Match:
    """A query that holds for a subject, with what was found.

    Attributes:
        query: The query.
        subject: What it holds for.
        findings: The leaves that held, not spelt out yet.
    """

    query: "Query"
    subject: Subject
    findings: Findings

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """Which parts of the query were found where, in the order of the query."""
        found = sorted(self.findings, key=self.query.place_of)
        places = Places(self.subject)
        return tuple(hit for leaf, fact in found for hit in self._hits(leaf, fact, places))

    def _hits(self, leaf: Leaf, fact: str | None, places: Places) -> Iterator[Hit]:
        field = _field(leaf)
        if fact is not None:
            yield Hit(term=leaf.written, field=field, found=fact)
        else:
            for start, end in places.of(leaf):
                found = self.subject.text[start:end]
                yield Hit(term=leaf.written, field=field, found=found, start=start, end=end)


def _folded_words(given: Iterable[str]) -> frozenset[str]:
    return frozenset(word for each in given for word in words(each))


@attrs.frozen
class Query:
    """A question about messages, in one syntax for rules, listening, maps and searches.

    Attributes:
        text: How it is written.
        exceptions: Words that are never taken for another with a slip in it: `america~1` means no
            `american` where that is one of them.

    Raises:
        InvalidQuery: If it can't be read; it says at which character and what would be right.

    >>> from socialcare.testing.builders import asks
    >>> match = Query('refund OR "never arrived"').matches(
    ...     Subject(message=asks(0, text="It NEVER arrived!"))
    ... )
    >>> [(hit.found, hit.start) for hit in match.hits]
    [('NEVER', 3), ('arrived', 9)]
    """

    text: str
    exceptions: frozenset[str] = attrs.field(default=(), converter=_folded_words)
    node: Node = attrs.field(init=False, eq=False, repr=False)
    _match: Matcher = attrs.field(init=False, eq=False, repr=False)
    _places: Mapping[int, int] = attrs.field(init=False, eq=False, repr=False)
    """Where each leaf comes in the query; by identity, since one may be written twice."""

    @node.default
    def _(self) -> Node:
        return Meaning(self.text, self.exceptions).node(tree(self.text))

    @_match.default
    def _(self) -> Matcher:
        return matcher(self.node)

    @_places.default
    def _(self) -> Mapping[int, int]:
        return {id(leaf): place for place, leaf in enumerate(leaves(self.node))}

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that it asks for; a flag is there with its name too, as `is:new`."""
        facts = [leaf for leaf in leaves(self.node) if isinstance(leaf, Fact)]
        flags = {f"{fact.field}:{fact.value}" for fact in facts if fact.field in ("is", "has")}
        return frozenset({fact.field for fact in facts} | flags)

    def place_of(self, finding: Finding) -> int:
        """Where what was found comes in the query."""
        return self._places[id(finding[0])]

    def matches(self, subject: Subject) -> Match | None:
        """What it finds in a subject; None where it does not hold."""
        findings = self._match(subject)
        if findings is None:
            return None
        return Match(query=self, subject=subject, findings=findings)

    def holds(self, subject: Subject) -> bool:
        """Whether it holds for a subject."""
        return self._match(subject) is not None


def _field(leaf: Leaf) -> str:
    match leaf:
        case Fact():
            return leaf.field
        case Tag():
            return "hashtag"
        case Mention():
            return "mentions"
        case Link():
            return "link"
        case _:
            return "text"


__all__ = ["Hit", "Match", "Query"]
