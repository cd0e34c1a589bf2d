"""What a term of a query asks of a text: words in a row or near each other, signs, patterns, tags.

A term is cut as every text is, so `wi-fi` is two words in a row, and `refund!` is one word.
"""

from collections.abc import Callable
from typing import TypeAlias

import attrs

from socialcare.domain.entities import hashtags, mentions
from socialcare.domain.links import link_spans
from socialcare.domain.query.errors import refused
from socialcare.domain.query.likeness import (
    alike,
    fixed_beginning,
    lengths,
    looking_like,
    slips,
)
from socialcare.domain.query.nodes import Any, Link, Mention, Node, Pattern, Sign, Tag, Words
from socialcare.domain.query.scanner import MANY, ONE, Token
from socialcare.domain.subject import address
from socialcare.domain.words import cut, folded, spellings, words
from socialcare.errors import InvalidQuery

_FURTHEST = 2
"""How many slips a fuzzy word may ask for."""
Fits: TypeAlias = Callable[[str], bool]


@attrs.frozen
class Saying:
    """What the terms of one query ask of a text.

    Attributes:
        query: The query, for its errors.
        exceptions: Words, folded, that are never taken for another word with a slip.
    """

    query: str
    exceptions: frozenset[str]

    def node(self, token: Token, written: str) -> Node:
        """What a term asks of the text.

        Raises:
            InvalidQuery: If it has no word and no sign, or too many.
        """
        if token.quoted:
            return self._phrase(token, written)
        if token.about is not None:
            return self._fuzzy(token, written)
        if is_pattern(token):
            return self._pattern(token, written)
        return pointing(token.text, written) or self._phrase(token, written)

    def fits(self, token: Token) -> Fits | None:
        """Whether a folded name is like a term with `*`, `?` or `~`; None for any other term.

        Raises:
            InvalidQuery: If more slips are asked for than are looked for.
        """
        if is_pattern(token):
            return _any_of([looking_like(each) for each in spellings(token.text)])
        if token.about is None or token.quoted:
            return None
        names = spellings(token.text)
        most = self._slips(token, names[0])
        return _any_of([alike(name, most, self.exceptions) for name in names])

    def _phrase(self, token: Token, written: str) -> Node:
        found = words(token.text)
        if found:
            return Words(words=found, slop=token.about or 0, written=written)
        sign = folded(token.text).strip()
        if not sign or (sign.isascii() and not token.quoted):
            raise self._refused(token, right='a word, or a sign such as an emoji or ":)" in quotes')
        return Sign(text=sign, written=written)

    def _fuzzy(self, token: Token, written: str) -> Node:
        if len(words(token.text)) != 1 or is_pattern(token):
            raise self._refused(token, right="a single word before ~")
        return _either([self._slipped(token, word, written) for word in _spelt(token.text)])

    def _slipped(self, token: Token, word: str, written: str) -> Node:
        most = self._slips(token, word)
        return Pattern(
            begins=word[0],
            shortest=max(1, len(word) - most),
            longest=len(word) + most,
            fits=alike(word, most, self.exceptions),
            written=written,
        )

    def _slips(self, token: Token, word: str) -> int:
        if token.about is None or token.about < 0:
            return slips(word)
        if token.about > _FURTHEST:
            raise self._refused(token, right=f"at most ~{_FURTHEST}")
        return token.about

    def _pattern(self, token: Token, written: str) -> Node:
        letters = folded(token.text.replace(MANY, "x").replace(ONE, "x"))
        if words(letters) != (letters,):
            raise self._refused(token, right="a single word around * or ?")
        return _either([_looking(shape, written) for shape in spellings(token.text)])

    def _refused(self, token: Token, *, right: str) -> InvalidQuery:
        return refused(self.query, token.start, right=right, end=token.end)


def is_pattern(token: Token) -> bool:
    """Whether a term has `*` or `?` that stand for letters."""
    return MANY in token.text or ONE in token.text


def is_like(token: Token) -> bool:
    """Whether a term stands for all that is like it, by `*`, `?` or `~`."""
    return is_pattern(token) or token.about is not None


def pointing(text: str, written: str) -> Node | None:
    """The hashtag, name or address that a text is, if it is one and nothing else."""
    name = text[1:]
    if hashtags(text) == (name,):
        return Tag(name=folded(name), written=written)
    if mentions(text) == (name,):
        return Mention(name=folded(name), written=written)
    if link_spans(text) == ((0, len(text)),):
        return Link(address=address(text), written=written)
    return None


def _spelt(text: str) -> list[str]:
    """A word as it may stand in a text, with nothing around it."""
    return [word for each in spellings(text) for word in cut(each)]


def _looking(shape: str, written: str) -> Node:
    shortest, longest = lengths(shape)
    return Pattern(
        begins=fixed_beginning(shape),
        shortest=shortest,
        longest=longest,
        fits=looking_like(shape),
        written=written,
    )


def _either(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Any(tuple(nodes))


def _any_of(fitting: list[Fits]) -> Fits:
    return lambda name: any(fits(name) for fits in fitting)
