"""The parser: tokens as a tree, by the table that Lark made of the grammar.

It is the textbook's: a stack of states, and for each token a look into the table, which says either
to go on to another state or that a rule is complete. So nothing recurses, however deep a query is
nested, and where it goes wrong the table says what could have stood there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import attrs

from socialcare.domain.query.errors import refused
from socialcare.domain.query.scanner import Token, tokens
from socialcare.domain.query.table import END, TABLE


@attrs.define(eq=False)
class Either:
    """At least one of these; the list grows while the query is read."""

    parts: list["Tree"]


@attrs.define(eq=False)
class Both:
    """All of these; the list grows while the query is read."""

    parts: list["Tree"]


@attrs.frozen
class Negated:
    """Not this."""

    part: "Tree"


@attrs.frozen
class Demanded:
    """This, with a `+`, which says no more than that it stands in no `OR`."""

    part: "Tree"
    sign: Token


@attrs.frozen
class OfField:
    """A value of a field."""

    field: Token
    value: "Tree"


@attrs.frozen
class Compared:
    """More or less than a value."""

    sign: Token
    bound: Token


@attrs.frozen
class Ranged:
    """From one value to another."""

    opening: Token
    low: Token
    high: Token
    closing: Token


Tree: TypeAlias = Either | Both | Negated | Demanded | OfField | Compared | Ranged | Token

_WORDS: Mapping[str, str] = {
    "$END": "the end",
    "AND": "AND",
    "CLOSE": ")",
    "COMPARISON": "a comparison such as >10",
    "FIELD": "a field",
    "NOT": "NOT",
    "OPEN": "(",
    "OR": "OR",
    "RANGE_CLOSE": "]",
    "RANGE_OPEN": "a range such as [1 TO 10]",
    "TERM": "a word or phrase",
    "TO": "TO",
}
"""What the kinds of tokens are called; those that are not here are not worth a mention."""


def tree(query: str) -> Tree:
    """The tree of a query.

    Raises:
        InvalidQuery: Where it can't be read, with the character and what would be right there.
    """
    states = [0]
    values: list[Tree] = []
    for token in (*tokens(query), Token(kind="$END", text="", start=len(query), end=len(query))):
        while isinstance(found := TABLE[states[-1]].get(token.kind), tuple):
            _apply(query, found, states, values)
        if states[-1] == END:
            break
        if found is None:
            raise _unexpected(query, token, states[-1])
        states.append(found)
        values.append(token)
    return values[0]


def _apply(query: str, rule: tuple[int, str, str], states: list[int], values: list[Tree]) -> None:
    """Puts what a complete rule makes in the place of what it is made of."""
    length, origin, action = rule
    made = _ACTIONS[action](query, values[-length:])
    del states[-length:], values[-length:]
    step = TABLE[states[-1]][origin]
    assert isinstance(step, int)  # noqa: S101 - a table leads on from what a rule has made
    states.append(step)
    values.append(made)


def _unexpected(query: str, token: Token, state: int) -> Exception:
    could = sorted(_WORDS[kind] for kind in TABLE[state] if kind in _WORDS)
    return refused(query, token.start, right=" or ".join(could), end=token.end)


def _token(tree: Tree) -> Token:
    assert isinstance(tree, Token)  # noqa: S101 - by the grammar
    return tree


def _same(_: str, values: list[Tree]) -> Tree:
    return values[0]


def _group(_: str, values: list[Tree]) -> Tree:
    """What stands in parentheses; a `+` in there says nothing to what is around them."""
    inside = values[1]
    if isinstance(inside, Both):
        return Both([_undemanded(part) for part in inside.parts])
    return _undemanded(inside)


def _undemanded(part: Tree) -> Tree:
    return part.part if isinstance(part, Demanded) else part


def _either(query: str, values: list[Tree]) -> Tree:
    left, _, right = values
    for part in (*_beside(left), *_beside(right)):
        if isinstance(part, Demanded):
            raise refused(query, part.sign.start, right="no + beside OR; say what is meant by ( )")
    if not isinstance(left, Either):
        return Either([left, right])
    left.parts.append(right)
    return left


def _beside(part: Tree) -> Sequence[Tree]:
    return part.parts if isinstance(part, Both) else (part,)


def _both(_: str, values: list[Tree]) -> Tree:
    left, right = values[0], values[-1]
    if not isinstance(left, Both):
        return Both([left, right])
    left.parts.append(right)
    return left


def _negated(_: str, values: list[Tree]) -> Tree:
    inside = _undemanded(values[1])
    return inside.part if isinstance(inside, Negated) else Negated(inside)


def _demanded(_: str, values: list[Tree]) -> Tree:
    sign, part = values
    return part if isinstance(part, Demanded) else Demanded(part, _token(sign))


def _of_field(_: str, values: list[Tree]) -> Tree:
    return OfField(_token(values[0]), values[1])


def _compared(_: str, values: list[Tree]) -> Tree:
    return Compared(_token(values[0]), _token(values[1]))


def _ranged(_: str, values: list[Tree]) -> Tree:
    opening, low, _to, high, closing = map(_token, values)
    return Ranged(opening, low, high, closing)


_ACTIONS: Mapping[str, Callable[[str, list[Tree]], Tree]] = {
    "same": _same,
    "whole": _same,
    "term": _same,
    "group": _group,
    "either": _either,
    "both": _both,
    "both_named": _both,
    "negated": _negated,
    "demanded": _demanded,
    "of_field": _of_field,
    "compared": _compared,
    "ranged": _ranged,
}
