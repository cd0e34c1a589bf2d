"""Implication: what certainly follows from what among queries.

A query can never hold if every way of making it hold contradicts itself, and one implies another
if it can't hold without it. That is found out by trying: a query is taken apart until only leaves
are left, some that must hold and some that must not; an `OR` is taken apart into a branch for each
of its parts. A branch ends where two of its leaves contradict each other; if all do, nothing can
make the query hold. This is the method of analytic tableaux (R. Smullyan, "First-Order Logic",
1968, chapter 2).

It errs on one side only. A contradiction that is found is certain, for every message there can be;
one that takes knowledge of the language, or too many steps, is not found.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

import attrs

from socialcare.domain.asked import EVERY_VALUE, asked
from socialcare.domain.query import Query
from socialcare.domain.query.anchors import Anchor, Key, WordKey, anchor
from socialcare.domain.query.matching import leaves
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

_MOST_STEPS = 2_000
"""After how many branches the question is left open."""
_MOST_KEPT = 10_000
"""For how many queries it is remembered what they ask for."""
_SHOWS: Mapping[type, str] = {Tag: "hashtag", Mention: "mention", Link: "link"}
"""What a message has in which a leaf of this kind was found, as `has:` calls it."""


@attrs.frozen
class Clash:
    """Why something can't hold, as a phrase such as `'a' and not 'a'`."""

    said: str

    def __str__(self) -> str:
        """The phrase."""
        return self.said


def contradiction(query: Query) -> Clash | None:
    """Why a query can never hold; None where it can, or nobody can tell.

    >>> print(contradiction(Query("followers:>10 followers:<5")))
    'followers:>10' and 'followers:<5' exclude each other
    """
    return _clash([(query.node, True)])


def implies(one: Query, other: Query) -> bool:
    """Whether it is certain that the other query holds wherever the one does.

    >>> implies(Query('"late again" is:public'), Query("again OR refund"))
    True
    >>> implies(Query("again"), Query('"late again"'))
    False
    """
    if one.exceptions != other.exceptions:
        return False  # the same pattern need not fit the same words
    if not _shares_an_anchor(one, other):
        return False
    return _clash([(one.node, True), (other.node, False)]) is not None


def _shares_an_anchor(one: Query, other: Query) -> bool:
    """Whether the one asks for anything that the other needs; False for most pairs, and quickly."""
    needed = _anchor(other)
    own = _asked_for(one)
    return needed is None or any(key in own or not isinstance(key, WordKey) for key in needed)


@lru_cache(maxsize=_MOST_KEPT)
def _anchor(query: Query) -> Anchor | None:
    return anchor(query.node)


@lru_cache(maxsize=_MOST_KEPT)
def _asked_for(query: Query) -> frozenset[Key]:
    """The words that a query asks for or against, as keys of anchors."""
    every = (
        map(WordKey, leaf.words) if isinstance(leaf, Words) else anchor(leaf) or ()
        for leaf in leaves(query.node)
    )
    return frozenset(chain.from_iterable(every))


_Demand: TypeAlias = tuple[Node, bool]
"""A part of a query, and whether it must hold."""


def _clash(demands: Iterable[_Demand]) -> Clash | None:
    """A contradiction of the first branch where all end in one; None where one does not."""
    first: Clash | None = None
    trail: list[Iterator[_Branch | Clash]] = [iter((_Branch().joined(demands),))]
    for _ in range(_MOST_STEPS):
        found = next(trail[-1], None)
        if isinstance(found, Clash):
            first = first or found
        elif found is not None:
            if not found.choices:
                return None
            trail.append(found.apart())
        else:
            trail.pop()
            if not trail:
                return first
    return None


@attrs.frozen
class _Branch:
    """What must hold and what must not, as far as it was taken apart.

    Attributes:
        held: Leaves that must hold.
        barred: Leaves that must not.
        choices: Demands of which one must be met, each list a choice.
    """

    held: tuple[Leaf, ...] = ()
    barred: tuple[Leaf, ...] = ()
    choices: tuple[tuple[_Demand, ...], ...] = ()

    def joined(self, demands: Iterable[_Demand]) -> "_Branch | Clash":
        """The branch with more demands, or the contradiction in which that ends."""
        held, barred, choices = list(self.held), list(self.barred), list(self.choices)
        left = list(demands)[::-1]
        while left:
            node, holds = left.pop()
            if isinstance(node, Not):
                left.append((node.part, not holds))
            elif isinstance(node, All | Any):
                parts = [(part, holds) for part in node.parts]
                if isinstance(node, All) is holds:
                    left += parts[::-1]
                else:
                    choices.append(tuple(parts))
            else:
                clash = _held(node, held, barred) if holds else _barred(node, held, barred)
                if clash is not None:
                    return clash
                (held if holds else barred).append(node)
        return _Branch(tuple(held), tuple(barred), tuple(sorted(choices, key=len)))

    def apart(self) -> Iterator["_Branch | Clash"]:
        """A branch for each demand of the first choice."""
        rest = attrs.evolve(self, choices=self.choices[1:])
        return (rest.joined([demand]) for demand in self.choices[0])


def _held(leaf: Leaf, held: Iterable[Leaf], barred: Iterable[Leaf]) -> Clash | None:
    """What a leaf that must hold contradicts."""
    for other in barred:
        if _follows(leaf, other):
            return _against(leaf, other)
    for other in (leaf, *held):
        if (
            isinstance(leaf, Fact)
            and isinstance(other, Fact)
            and asked(leaf).excludes(asked(other))
        ):
            return _exclude(other, leaf)
    return None


def _barred(leaf: Leaf, held: Iterable[Leaf], barred: Iterable[Leaf]) -> Clash | None:
    """What a leaf that must not hold contradicts."""
    for other in held:
        if _follows(other, leaf):
            return _against(other, leaf)
    facts = [asked(each) for each in (*barred, leaf) if isinstance(each, Fact)]
    field = facts[-1].field if isinstance(leaf, Fact) else ""
    values = {each.exact for each in facts if each.field == field}
    if field in EVERY_VALUE and EVERY_VALUE[field] <= values:
        return Clash(f"every {field} is ruled out")
    return None


def _against(leaf: Leaf, barred: Leaf) -> Clash:
    return Clash(f"{leaf.written!r} and not {barred.written!r}")


def _exclude(one: Leaf, other: Leaf) -> Clash:
    if one is other:
        return Clash(f"nothing lies within {one.written!r}")
    return Clash(f"{one.written!r} and {other.written!r} exclude each other")


def _follows(one: Leaf, other: Leaf) -> bool:
    """Whether it is certain that the other leaf holds where the one does."""
    if isinstance(other, Fact):
        return asked(one).implies(asked(other)) if isinstance(one, Fact) else _shown(one, other)
    match one, other:
        case Words(), Words():
            return _row_within(one, other)
        case Words(), Pattern():
            return any(word.startswith(other.begins) and other.fits(word) for word in one.words)
        case Pattern(), Pattern():
            return one == other
        case Sign(), Sign():
            return other.text in one.text
        case Tag(), Tag():
            return one.name == other.name
        case Mention(), Mention():
            return one.name == other.name
        case Link(), Link():
            return f"{one.address}/".startswith(f"{other.address}/")
        case _:
            return False


def _shown(one: Leaf, other: Fact) -> bool:
    """Whether what was found in a text shows what it has: `#sale` has a hashtag, and text."""
    shows = {"text", _SHOWS.get(type(one), "text")}
    return other.field == "has" and other.value in shows


def _row_within(one: Words, other: Words) -> bool:
    """Whether a text with the one row of words has the other as well."""
    if len(other.words) == 1:
        return other.words[0] in one.words
    wanted, width = Counter(other.words), len(other.words) + other.slop
    if one.slop:
        near = len(one.words) + one.slop <= width
        return bool(other.slop) and near and wanted <= Counter(one.words)
    windows = (one.words[at : at + width] for at in range(len(one.words)))
    if other.slop:
        return any(wanted <= Counter(window) for window in windows)
    return other.words in windows


__all__ = ["Clash", "contradiction", "implies"]
