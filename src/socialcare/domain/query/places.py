"""Places: where in a text the parts of a query stand that were found.

Nothing of this is needed to tell whether a query holds, so it is found out when somebody looks.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from socialcare.domain.entities import Entity, EntityKind, entities
from socialcare.domain.query.nodes import Leaf, Link, Mention, Pattern, Sign, Tag, Words
from socialcare.domain.subject import Wording, address
from socialcare.domain.words import folded, occurrences, spans

Place: TypeAlias = tuple[int, int]
"""Start and end in a text, in characters."""


class Places:
    """Where things stand in one text."""

    def __init__(self, text: Wording) -> None:
        self._text = text

    def of(self, leaf: Leaf) -> list[Place]:
        """Where what a leaf asks for stands, in order; each word of a phrase by itself."""
        match leaf:
            case Words():
                return [self._spans[at] for at in self._of_words(leaf)]
            case Pattern():
                return [self._spans[at] for at, own in enumerate(self._words) if _fits(leaf, own)]
            case Sign():
                return list(occurrences(self._text.text, leaf.text))
            case _:
                return [(each.start, each.end) for each in self._entities if _is(leaf, each)]

    @property
    def _words(self) -> tuple[str, ...]:
        return self._text.words

    @cached_property
    def _spans(self) -> list[Place]:
        return list(spans(self._text.text))

    @cached_property
    def _entities(self) -> tuple[Entity, ...]:
        return entities(self._text.text)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Which words of the text each of them is."""
        found: dict[str, list[int]] = {}
        for at, word in enumerate(self._words):
            found.setdefault(word, []).append(at)
        return found

    def _of_words(self, leaf: Words) -> Iterator[int]:
        if len(leaf.words) == 1:
            yield from self._places.get(leaf.words[0], ())
        elif leaf.slop:
            yield from window(leaf, self._words)
        else:
            yield from self._rows(leaf.words)

    def _rows(self, wanted: tuple[str, ...]) -> Iterator[int]:
        """The places of every row of these words, none of which is part of two."""
        line, row = self._text.line, f" {' '.join(wanted)} "
        begin, before = 0, 0
        while (found := line.find(row, begin)) >= 0:
            before += line.count(" ", begin, found)
            yield from range(before, before + len(wanted))
            before += len(wanted)
            begin = found + len(row) - 1


def window(leaf: Words, own: tuple[str, ...]) -> tuple[int, ...]:
    """The places of the first stretch that has all the words, with no more others than allowed."""
    missing = Counter(leaf.words)
    width, lacking = len(leaf.words) + leaf.slop, len(leaf.words)
    for end, word in enumerate(own):
        begin = end - width
        if begin >= 0 and own[begin] in missing:  # it is too far back from now on
            missing[own[begin]] += 1
            lacking += missing[own[begin]] > 0
        if word in missing:
            lacking -= missing[word] > 0
            missing[word] -= 1
        if not lacking:
            return tuple(at for at in range(max(0, begin + 1), end + 1) if own[at] in missing)
    return ()


def is_under(link: str, wanted: str) -> bool:
    """Whether an address is another one, or a page of it, or of a part of its site."""
    host = link.partition("/")[0].partition(":")[0]
    return (
        link == wanted
        or link.startswith((f"{wanted}/", f"{wanted}?", f"{wanted}#", f"{wanted}:"))
        or host.endswith(f".{wanted}")
    )


def _fits(leaf: Pattern, word: str) -> bool:
    return word.startswith(leaf.begins) and leaf.fits(word)


def _is(leaf: Leaf, entity: Entity) -> bool:
    match leaf:
        case Tag():
            return entity.kind is EntityKind.HASHTAG and folded(entity.value) == leaf.name
        case Mention():
            return entity.kind is EntityKind.MENTION and folded(entity.value) == leaf.name
        case Link():
            is_link = entity.kind is EntityKind.LINK
            return is_link and is_under(address(entity.value), leaf.address)
        case _:
            return False
