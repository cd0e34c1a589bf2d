"""Needs: what a message must have for a query to hold, as far as a store can look it up.

A store finds candidates by words and time, and the query itself is then asked of each. So a need
may be too wide, and is never too narrow: what is not here is left to the query.
"""

import math
from collections.abc import Iterable
from typing import TypeAlias

import attrs

from socialcare.domain.query.nodes import (
    All,
    Any,
    Fact,
    Link,
    Mention,
    Node,
    Pattern,
    Tag,
    Words,
)
from socialcare.domain.words import cut

_SHORTEST = 3
"""What has fewer letters begins too many words to be looked up."""
_MOST_SETS = 16
"""How many words are looked up at most of which all are needed."""
_MOST_ALTERNATIVES = 256
"""How many words are looked up at most of which one will do."""


@attrs.frozen(order=True)
class Needed:
    """A word, as `socialcare.domain.words` has it.

    Attributes:
        word: The word, or how it begins.
        prefix: Whether it is how it begins.
    """

    word: str
    prefix: bool = False


Alternatives: TypeAlias = frozenset[Needed]
"""Words of which one will do."""


@attrs.frozen(kw_only=True)
class Needs:
    """What a store is asked for.

    Attributes:
        words: Of each of these sets the text has at least one word; any text will do if there are
            none.
        first, last: Between when the message was sent, in whole seconds since 1970, both included;
            None for no bound.
    """

    words: tuple[Alternatives, ...] = ()
    first: int | None = None
    last: int | None = None


def needs(node: Node) -> Needs:
    """What every message has for which a query holds.

    >>> from socialcare.domain.query import Query
    >>> needs(Query('"never arrived" (refund OR repa*) -thanks').node).words == (
    ...     frozenset({Needed("arrived")}),
    ...     frozenset({Needed("never")}),
    ...     frozenset({Needed("refund"), Needed("repa", prefix=True)}),
    ... )
    True
    """
    sets = sorted(set(_sets(node)), key=_rarity)[:_MOST_SETS]
    first, last = _seconds(node)
    return Needs(words=tuple(sets), first=first, last=last)


def only_channel(node: Node) -> str | None:
    """The folded name of the channel that a message must be of; None if it may be of any."""
    return next((fact.value for fact in _demanded(node) if fact.field == "channel"), None)


def _sets(node: Node) -> list[Alternatives]:
    """Sets of words of each of which the text must have one."""
    match node:
        case All():
            return [each for part in node.parts for each in _sets(part)]
        case Any():
            return _any_of(min(_sets(part), key=_rarity, default=None) for part in node.parts)
        case Words():
            return _each(node.words)
        case Pattern() if len(node.begins) >= _SHORTEST:
            return [frozenset({Needed(node.begins, prefix=True)})]
        case Tag() | Mention():
            return _each(cut(node.name))
        case Link():
            return _each(cut(node.address))
        case _:
            return []


def _each(words: Iterable[str]) -> list[Alternatives]:
    return [frozenset({Needed(word)}) for word in words]


def _any_of(sets: Iterable[Alternatives | None]) -> list[Alternatives]:
    """One set with all of them; none where one of them is unknown, or if it gets too large."""
    found: set[Needed] = set()
    for each in sets:
        if each is None or len(found) > _MOST_ALTERNATIVES:
            return []
        found |= each
    return [frozenset(found)] if len(found) <= _MOST_ALTERNATIVES else []


def _rarity(alternatives: Alternatives) -> tuple[float, list[Needed]]:
    """Sorts sets by how few texts are likely to have one of them: long words are in few."""
    likely = sum((2 if each.prefix else 1) / len(each.word) for each in alternatives)
    return likely, sorted(alternatives)


def _demanded(node: Node) -> Iterable[Fact]:
    """The facts without which the query does not hold."""
    if isinstance(node, Fact):
        return (node,)
    if isinstance(node, All):
        return (fact for part in node.parts for fact in _demanded(part))
    return ()


def _seconds(node: Node) -> tuple[int | None, int | None]:
    bounds = [each.bounds for each in _demanded(node) if each.field == "sent_at" and each.bounds]
    lows = [math.floor(each.low) for each in bounds if each.low is not None]
    highs = [math.floor(each.high) for each in bounds if each.high is not None]
    return max(lows, default=None), min(highs, default=None)


__all__ = ["Alternatives", "Needed", "Needs", "needs", "only_channel"]
