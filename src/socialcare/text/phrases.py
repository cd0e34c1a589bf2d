"""Phrases: what to look for in tokens, written as people would, and found in one pass.

A phrase is a row of steps, each matched by one token:

* `hold`: this word;
* `crash*`: any word that begins so;
* `<not>`: any word of a class, which is a named list of words and beginnings;
* `<number>`: a number in digits; `<ordinal>`: one such as `3rd`;
* `...`: up to three words between the steps around it, within one sentence.

Phrases are kept as a tree by their steps, so that what a text costs depends on its length, not on
how many phrases there are. At each token the longest phrase counts; one that lies within a longer
one does not, so `no problem` keeps `problem` from being found.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import attrs

from socialcare.errors import InvalidValue

__all__ = ["Phrase", "PhraseBook"]

_GAP = "..."
_LONGEST_GAP = 3
_ENDS = frozenset({".", "?", "!"})
_NUMBER, _ORDINAL = "<number>", "<ordinal>"
_REMEMBERED = 50_000
"""Words whose steps are remembered; a language has few that are frequent."""


class Phrase(NamedTuple):
    """A phrase where it was found; a tuple, since a text has many and they are soon forgotten.

    Attributes:
        name: The name under which it was written down.
        start, end: Its tokens: from the first, up to the one behind the last.
    """

    name: str
    start: int
    end: int


@attrs.define(eq=False)
class _Node:
    """What may follow a row of steps, and the name of the phrase that ends with them."""

    by_step: "dict[str, _Node]" = attrs.field(factory=dict)
    gap: "_Node | None" = None
    name: str | None = None


_Read: TypeAlias = tuple[tuple[_Node, ...], tuple[str, ...]]


class PhraseBook:
    """Phrases under names, to be found in tokens.

    Args:
        phrases: For each name its phrases.
        classes: For each class its words and beginnings, without the angle brackets.

    Raises:
        InvalidValue: If a phrase has no step, begins or ends with a gap, or names a class that
            is not there.

    >>> book = PhraseBook({"wait": ["still <not>", "<not> ... reply"]}, {"not": ["no", "didn't"]})
    >>> book.found("they didn't ever reply".split())
    [Phrase(name='wait', start=1, end=4)]
    """

    def __init__(
        self, phrases: Mapping[str, Sequence[str]], classes: Mapping[str, Sequence[str]]
    ) -> None:
        self._root = _Node()
        self._words: dict[str, list[str]] = {}
        self._beginnings: dict[str, list[str]] = {}
        for name, words in classes.items():
            for word in words:
                self._learn(word, f"<{name}>")
        known = {_NUMBER, _ORDINAL, *(f"<{name}>" for name in classes)}
        for name, rows in phrases.items():
            for row in rows:
                self._add(row, name, known)
        self._shortest = min(map(len, self._beginnings), default=1)
        self._longest_beginning = max(map(len, self._beginnings), default=0)
        self._read = lru_cache(_REMEMBERED)(self._read_of)

    def found(self, tokens: Sequence[str]) -> list[Phrase]:
        """The phrases in the tokens, in order; none that lies within a longer one."""
        read = [self._read(token) for token in tokens]
        kept: list[Phrase] = []
        reached = 0
        for start, (nodes, _) in enumerate(read):
            if nodes:
                name, end = _longest(nodes, read, tokens, start)
                if name is not None and end > reached:
                    kept.append(Phrase(name, start, end))
                    reached = end
        return kept

    def _read_of(self, token: str) -> _Read:
        """Where phrases go on that a token begins, and the steps that it may be in others."""
        steps = self._steps_of(token)
        by_step = self._root.by_step
        return tuple(by_step[step] for step in steps if step in by_step), steps

    def _steps_of(self, token: str) -> tuple[str, ...]:
        """The steps that a token may be: none for the words that no phrase has."""
        steps = [*self._words.get(token, ())]
        for length in range(self._shortest, min(len(token), self._longest_beginning) + 1):
            steps += self._beginnings.get(token[:length], ())
        if token[0].isdigit():
            steps.append(_ORDINAL if token[-1].isalpha() else _NUMBER)
        return tuple(dict.fromkeys(steps))

    def _learn(self, word: str, step: str) -> None:
        """From now on such words are this step."""
        if word.endswith("*"):
            self._beginnings.setdefault(word[:-1], []).append(step)
        else:
            self._words.setdefault(word, []).append(step)

    def _add(self, row: str, name: str, known: set[str]) -> None:
        node, steps = self._root, row.split()
        if not steps or _GAP in (steps[0], steps[-1]):
            raise InvalidValue(row, where=name, right="a phrase that begins and ends with a word")
        for step in steps:
            if step == _GAP:
                node.gap = node.gap or _Node()
                node = node.gap
                continue
            if step not in known:
                self._new_step(step, name, known)
            node = node.by_step.setdefault(step, _Node())
        node.name = node.name or name

    def _new_step(self, step: str, name: str, known: set[str]) -> None:
        if step.startswith("<"):
            classes = ", ".join(sorted(known & {each for each in known if each[0] == "<"}))
            raise InvalidValue(step, where=name, right=f"a class out of {classes}")
        self._learn(step, step)
        known.add(step)


def _longest(
    nodes: Sequence[_Node], read: Sequence[_Read], tokens: Sequence[str], start: int
) -> tuple[str | None, int]:
    """Name and end of the longest phrase that begins at a token, with the nodes behind it."""
    if len(nodes) == 1 and _goes_nowhere(nodes[0], read, start + 1):
        return nodes[0].name, start + 1
    name, end = None, start
    waiting = [(node, start + 1, 0) for node in nodes]
    while waiting:
        node, place, skips = waiting.pop()
        if node.name is not None and place > end:
            name, end = node.name, place
        if node.gap is not None:
            waiting.append((node.gap, place, _LONGEST_GAP))
        if place == len(tokens) or not (node.by_step or skips):
            continue
        following = [node.by_step[step] for step in read[place][1] if step in node.by_step]
        waiting += [(each, place + 1, 0) for each in following]
        if skips and tokens[place] not in _ENDS:
            waiting.append((node, place + 1, skips - 1))
    return name, end


def _goes_nowhere(node: _Node, read: Sequence[_Read], place: int) -> bool:
    """Whether the next token is none that could follow, as for most words that begin a phrase."""
    if node.gap is not None:
        return False
    return place == len(read) or node.by_step.keys().isdisjoint(read[place][1])
