"""Anchors: what must be there for a query to hold, so that most queries need not be asked.

An anchor of a query is a set of keys of which a subject has at least one if the query holds. A word
of the text is a key, and so is a look of one, a sign, or a fact with one value.
An `AND` needs only the anchor of one of its parts, the rarest that can be guessed; an `OR` needs
those of all. What has no anchor, such as `NOT refund` or `followers:>10000`, is always asked.
"""

from collections.abc import Callable, Iterable
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
            return 2 / (1 + len(key.begins))
        case FactKey():
            return 10


def anchor(node: Node, cost: Cost = likelihood) -> Anchor | None:
    """The keys of which a subject has at least one if the node holds; None if there are none."""
    match node:
        case All():
            return _cheapest((anchor(part, cost) for part in node.parts), cost)
        case Any():
            return _together(anchor(part, cost) for part in node.parts)
        case Not():
            return None
        case _:
            return _cheapest((frozenset({key}) for key in keys(node)), cost)


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


def _cheapest(anchors: Iterable[Anchor | None], cost: Cost) -> Anchor | None:
    known = (each for each in anchors if each is not None)
    return min(known, key=lambda each: sum(map(cost, each)), default=None)


def _together(anchors: Iterable[Anchor | None]) -> Anchor | None:
    every: set[Key] = set()
    for each in anchors:
        if each is None:
            return None
        every |= each
    return frozenset(every)
