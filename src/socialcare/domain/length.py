"""Length: how much of a message's room a text takes, as X counts it.

X weighs characters. By the rules in force those of Latin and its neighbours, up to Hangul, and most
general punctuation weigh one, and all others two. A link weighs the same however long it is,
because X shortens it, and an emoji weighs two whatever it is made of. The text is put into
Unicode's form NFC first, so that an accent costs nothing however it was typed.

The rules are values: `X_RULES_3` are in force, `X_RULES_2` came before and count the parts of
emoji, `X_RULES_1` are those of the 140 characters.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

import attrs

from socialcare.domain.characters import NO_CHARACTERS
from socialcare.domain.emoji import emoji_spans
from socialcare.domain.links import link_spans

__all__ = ["X_RULES_1", "X_RULES_2", "X_RULES_3", "LengthRules", "TextLength", "weighted_length"]

_NO_CHARACTER = re.compile(f"[{NO_CHARACTERS}]")
_positive = attrs.validators.ge(1)


@attrs.frozen(kw_only=True)
class LengthRules:
    """What the parts of a text weigh, and how much there is room for.

    Attributes:
        version: The number that X gives these rules.
        longest: How long a text may be.
        scale: How many weights are a length of one.
        default_weight: What a character weighs, and an emoji if it counts as one.
        weights: What the characters with these numbers weigh; the first range that holds one
            decides.
        link_length: How long every link is.
        emoji_as_one: Whether an emoji counts as one, instead of every character that it is made of.
    """

    version: int
    longest: int = attrs.field(validator=_positive)
    scale: int = attrs.field(validator=_positive)
    default_weight: int
    weights: tuple[tuple[range, int], ...] = ()
    link_length: int = 23
    emoji_as_one: bool = False

    def weight(self, character: str) -> int:
        """What a single character weighs."""
        number = ord(character)
        return next(
            (one for numbers, one in self.weights if number in numbers), self.default_weight
        )


X_RULES_1 = LengthRules(version=1, longest=140, scale=1, default_weight=1)
X_RULES_2 = LengthRules(
    version=2,
    longest=280,
    scale=100,
    default_weight=200,
    weights=(
        (range(0x1100), 100),
        (range(0x2000, 0x200E), 100),
        (range(0x2010, 0x2020), 100),
        (range(0x2032, 0x2038), 100),
    ),
)
X_RULES_3 = attrs.evolve(X_RULES_2, version=3, emoji_as_one=True)


@attrs.frozen(kw_only=True)
class TextLength:
    """How long a text is, and whether it can be sent.

    Attributes:
        weighted_length: Its length by the rules.
        permillage: Thousandths of the room that it takes, rounded down.
        valid: Whether it is neither empty nor too long, and holds characters only.
        valid_range: Where what can be sent of it begins and has ended, in characters.
        display_range: Where all of it begins and has ended, in characters.
    """

    weighted_length: int
    permillage: int
    valid: bool
    valid_range: tuple[int, int]
    display_range: tuple[int, int]


def weighted_length(text: str, *, rules: LengthRules = X_RULES_3) -> TextLength:
    """How long a text is as X counts it, and how much of it X would take.

    >>> weighted_length("Sorry! See https://example.com/a/long/address 👩🏽‍🚒").weighted_length
    37
    """
    normal = unicodedata.normalize("NFC", text)
    parts = tuple(_parts(normal, rules))
    taken = tuple(accumulate(weight for _, weight in parts))
    no_character = _NO_CHARACTER.search(normal)
    total = taken[-1] if taken else 0
    room = rules.longest * rules.scale
    fitting = bisect_right(taken, room)
    valid_end = parts[fitting - 1][0] if fitting else 0
    if no_character is not None:
        valid_end = min(valid_end, no_character.start())
    return TextLength(
        weighted_length=total // rules.scale,
        permillage=total * 1000 // room,
        valid=0 < total <= room and no_character is None,
        valid_range=(0, _typed_end(text, normal, valid_end)),
        display_range=(0, len(text)),
    )


def _parts(text: str, rules: LengthRules) -> Iterator[tuple[int, int]]:
    """Where each link, emoji or other character has ended, and what it weighs."""
    weights = {character: rules.weight(character) for character in set(text)}
    at = 0
    for start, end, weight in _wholes(text, rules):
        if start >= at:
            yield from ((place + 1, weights[text[place]]) for place in range(at, start))
            yield end, weight
            at = end
    yield from ((place + 1, weights[text[place]]) for place in range(at, len(text)))


def _wholes(text: str, rules: LengthRules) -> list[tuple[int, int, int]]:
    """Where links and emoji begin and have ended, and what they weigh, in order."""
    link = rules.link_length * rules.scale
    links = [(*span, link) for span in link_spans(text)]
    emoji = [(*span, rules.default_weight) for span in emoji_spans(text)]
    return sorted(links + emoji if rules.emoji_as_one else links, key=lambda whole: whole[0])


def _typed_end(text: str, normal: str, end: int) -> int:
    """The place in a text as it was typed where this place in its NFC is."""
    if text == normal:
        return end
    ends = range(len(text) + 1)
    return bisect_right(ends, end, key=lambda n: len(unicodedata.normalize("NFC", text[:n]))) - 1
