"""Matching: a query as closures, and what they found.

Every part of a query becomes a function of a subject, which gives None where it does not hold and
else what it found: each leaf that held, and the fact that made it true where it is about one.
Where the words of a leaf stand is found out only if somebody asks, in `places`.
The common cases, a long `OR` and a long `AND` of single words, are one comparison of sets.
"""

from collections.abc import Callable, Iterator
from functools import singledispatch
from itertools import chain
from typing import TypeAlias

from socialcare.domain.query.anchors import WordKey, anchor
from socialcare.domain.query.nodes import (
    All,
    Any,
    Fact,
    Leaf,
    Link,
    Mention,
    Node,
    Not,
    Pattern,
    Sign,
    Tag,
    Words,
)
from socialcare.domain.query.places import is_under, window
from socialcare.domain.subject import Subject, Wording
from socialcare.domain.words import cut

Finding: TypeAlias = tuple[Leaf, str | None]
"""A leaf that held, and the fact that made it true; None for what is in the text."""
Findings: TypeAlias = tuple[Finding, ...]
Matcher: TypeAlias = Callable[[Subject], Findings | None]
Holds: TypeAlias = Callable[[Wording], bool]


def matcher(node: Node) -> Matcher:
    """A function that gives what a node finds in a subject, None where it does not hold."""
    match node:
        case All():
            return _all(node)
        case Any():
            return _any(node)
        case Not():
            part = matcher(node.part)
            return lambda subject: () if part(subject) is None else None
        case Fact():
            return _fact(node)
        case _:
            return _said(node)


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf of a query, in order."""
    if isinstance(node, All | Any):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node


def _all(node: All) -> Matcher:
    single, others = _apart(node)
    vocabulary = frozenset(single)
    every: Findings = tuple((leaf, None) for leaf in single.values())
    parts = [matcher(part) for part in others]

    def match(subject: Subject) -> Findings | None:
        if not vocabulary <= subject.vocabulary:
            return None
        findings = list(every)
        for part in parts:
            found = part(subject)
            if found is None:
                return None
            findings += found
        return tuple(findings)

    return match


def _any(node: Any) -> Matcher:
    single, others = _apart(Any(tuple(_alternatives(node))))
    filed, rest = _filed(others)
    vocabulary = frozenset(single) | frozenset(filed)

    def match(subject: Subject) -> Findings | None:
        findings: list[Finding] = []
        asked = rest
        if common := vocabulary & subject.vocabulary:
            findings += ((single[word], None) for word in common if word in single)
            asked = [*chain.from_iterable(filed.get(word, ()) for word in common), *rest]
        holds = bool(findings)
        for part in asked:
            found = part(subject)
            if found is not None:
                holds = True
                findings += found
        return tuple(findings) if holds else None

    return match


def _alternatives(node: Any) -> Iterator[Node]:
    """The parts, and in the place of a part that is an `OR` itself its own."""
    for part in node.parts:
        if isinstance(part, Any):
            yield from _alternatives(part)
        else:
            yield part


def _filed(parts: list[Node]) -> tuple[dict[str, list[Matcher]], list[Matcher]]:
    """Parts that can only hold where a text has a certain word, by that word, and the others."""
    filed: dict[str, list[Matcher]] = {}
    rest: list[Matcher] = []
    for part in parts:
        match tuple(anchor(part) or ()):
            case (WordKey(word),):
                filed.setdefault(word, []).append(matcher(part))
            case _:
                rest.append(matcher(part))
    return filed, rest


def _apart(node: All | Any) -> tuple[dict[str, Words], list[Node]]:
    """The parts that are single words, by word, and the others."""
    single: dict[str, Words] = {}
    others: list[Node] = []
    for part in node.parts:
        if isinstance(part, Words) and len(part.words) == 1:
            single.setdefault(part.words[0], part)
        else:
            others.append(part)
    return single, others


def _fact(node: Fact) -> Matcher:
    def match(subject: Subject) -> Findings | None:
        found = node.found(subject)
        return None if found is None else ((node, found),)

    return match


def _said(node: Leaf) -> Matcher:
    holds, found = holds_for(node), ((node, None),)
    return lambda subject: found if holds(subject) else None


# Texts


@singledispatch
def holds_for(node: object) -> Holds:
    """A function that says whether a text has what a part of a query that is of texts asks for."""
    raise TypeError(f"{type(node).__name__} asks nothing of a text")


@holds_for.register
def _(node: Any) -> Holds:
    parts = [holds_for(part) for part in node.parts]
    return lambda text: any(holds(text) for holds in parts)


@holds_for.register
def _(node: Words) -> Holds:
    if len(node.words) == 1:
        word = node.words[0]
        return lambda text: word in text.vocabulary
    wanted, row = frozenset(node.words), f" {' '.join(node.words)} "
    if not node.slop:
        return lambda text: wanted <= text.vocabulary and row in text.line
    return lambda text: wanted <= text.vocabulary and window(node, text.words) != ()


@holds_for.register
def _(node: Pattern) -> Holds:
    begins, fits = node.begins, node.fits

    def holds(text: Wording) -> bool:
        for word in text.vocabulary:  # noqa: SIM110 - `any` takes twice as long
            if word.startswith(begins) and fits(word):
                return True
        return False

    return holds


@holds_for.register
def _(node: Sign) -> Holds:
    sign = node.text
    return lambda text: sign in text.folded


# What points at something is only looked for where its words are words of the text; so an index of
# words finds all there is.


@holds_for.register
def _(node: Tag) -> Holds:
    name, wanted = node.name, frozenset(cut(node.name))
    return lambda text: wanted <= text.vocabulary and name in text.hashtags


@holds_for.register
def _(node: Mention) -> Holds:
    name, wanted = node.name, frozenset(cut(node.name))
    return lambda text: wanted <= text.vocabulary and name in text.mentions


@holds_for.register
def _(node: Link) -> Holds:
    address, wanted = node.address, frozenset(cut(node.address))
    return lambda text: (
        wanted <= text.vocabulary and any(is_under(link, address) for link in text.links)
    )
