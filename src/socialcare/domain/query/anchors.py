"""Anchors: what must be there for a query to hold, so that most queries need not be asked.

An anchor of a query is a set of keys of which a subject has at least one if the query holds. A word
of the text is a key, and so is a look of one, a sign, or a fact with one value.
An `AND` needs only the anchor of one of its parts, the rarest that can be guessed; an `OR` needs
those of all. What has no anchor, such as `NOT refund` or `followers:>10000`, is always asked.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import attrs

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
from socialcare.domain.words import cut


@attrs.frozen
class WordKey:
    """A word of the text."""

    word: str


@attrs.frozen
class SignKey:
    """A character of the text that is in no word."""

    sign: str


@attrs.frozen
class FactKey:
    """A field, and the one value that it must have."""

    field: str
    value: str


Key: TypeAlias = WordKey | SignKey | FactKey | Pattern
Anchor: TypeAlias = frozenset[Key]
Cost: TypeAlias = Callable[[Key], float]
"""How often a key is likely to be met, and for how many queries."""


def likelihood(key: Key) -> float:
    """How likely a key is to be met: facts often, short words more than long ones."""
    match key:
        case WordKey():
            return 1 / (1 + len(key.word))
        case SignKey():
            return 1 / 4
        case Pattern():
            fixed = len(key.begins) if key.longest is None else key.shortest
            return 2 / (1 + fixed)
        case FactKey():
            return 10


def anchor(node: Node, cost: Cost = likelihood) -> Anchor | None:
    """The keys of which a subject has at least one if the node holds; None if there are none."""
    return next(iter(anchors(node, cost)), None)


def anchors(node: Node, cost: Cost = likelihood) -> list[Anchor]:
    """Anchors of which a subject has every one if the node holds, the cheapest first."""
    match node:
        case All():
            found = [each for part in node.parts for each in anchors(part, cost)]
        case Any():
            found = _together(anchor(part, cost) for part in node.parts)
        case Not():
            found = []
        case _:
            found = [frozenset({key}) for key in keys(node)]
    return sorted(found, key=lambda each: sum(map(cost, each)))


def demanded(node: Node) -> Iterator[Fact]:
    """The facts of one value without which a node does not hold."""
    match node:
        case All():
            for part in node.parts:
                yield from demanded(part)
        case Fact() if node.value is not None:
            yield node


def keys(leaf: Leaf) -> tuple[Key, ...]:
    """All that a subject has if the leaf holds."""
    match leaf:
        case Words():
            return tuple(map(WordKey, leaf.words))
        case Pattern():
            return (leaf,)
        case Sign():
            return tuple(SignKey(sign) for sign in leaf.text if not sign.isascii())
        case Tag() | Mention():
            return tuple(map(WordKey, cut(leaf.name)))
        case Link():
            return tuple(map(WordKey, cut(leaf.address)))
        case Fact():
            return () if leaf.value is None else (FactKey(leaf.field, leaf.value),)


def _together(found: Iterable[Anchor | None]) -> list[Anchor]:
    """One anchor of all; none where one of them is unknown."""
    every: set[Key] = set()
    for each in found:
        if each is None:
            return []
        every |= each
    return [frozenset(every)]
