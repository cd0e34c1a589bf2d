"""Likeness: which words look like a word with a slip in it, or like a pattern.

Both are bounded: a slip is looked for only beside where it could be, and a pattern never goes back
to a part of a word that it has found already.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from socialcare.domain.query.scanner import MANY, ONE

_SHORT = 8
"""Words of fewer letters may have one slip, longer ones two."""
_MOST_KEPT = 1_000
"""For how many words it is remembered whether they are another with slips."""


def slips(word: str) -> int:
    """How many slips a word may have where nobody says."""
    return 1 if len(word) < _SHORT else 2


def distance_within(one: str, other: str, most: int) -> bool:
    """Whether it takes at most so many slips to turn one word into another.

    A slip is a letter too many, one too few, a wrong one, or two neighbours changed over, and no
    letter is touched twice: the "optimal string alignment" distance.

    >>> distance_within("verizon", "verzion", 1), distance_within("verizon", "horizon", 1)
    (True, False)
    """
    if abs(len(one) - len(other)) > most:
        return False
    far = most + 1  # whatever is farther is all the same
    before_last: dict[int, int] = {}
    last = {at: at for at in range(min(most, len(other)) + 1)}
    for row, letter in enumerate(one, start=1):
        now: dict[int, int] = {}
        for column in range(max(0, row - most), min(len(other), row + most) + 1):
            least = 1 + min(last.get(column, far), now.get(column - 1, far))
            if column:
                its = other[column - 1]
                least = min(least, last.get(column - 1, far) + (letter != its))
                if column > 1 and row > 1 and (letter, one[row - 2]) == (other[column - 2], its):
                    least = min(least, before_last.get(column - 2, far) + 1)
            now[column] = least
        if min(now.values()) > most:
            return False
        before_last, last = last, now
    return last[len(other)] <= most


def alike(word: str, most: int, exceptions: frozenset[str]) -> Callable[[str], bool]:
    """Whether a word is this one with slips, but for the first letter and the exceptions."""
    letters, first = frozenset(word), word[:1]

    @lru_cache(maxsize=_MOST_KEPT)
    def fits(other: str) -> bool:
        return (
            other[:1] == first
            and len(letters.symmetric_difference(other)) <= 2 * most
            and distance_within(word, other, most)
            and other not in exceptions
        )

    return fits


def looking_like(shape: str) -> Callable[[str], bool]:
    """Whether a word looks like a folded pattern, where `MANY` and `ONE` stand for `*` and `?`."""
    first, *others = (".".join(map(re.escape, part.split(ONE))) for part in shape.split(MANY))
    # What was found of one part stays where it is, so that no pattern takes long.
    inner = "".join(f"(?>.*?{part})" for part in others[:-1] if part)
    rest = f"{inner}.*{others[-1]}" if others else ""
    fits = re.compile(first + rest, re.DOTALL).fullmatch
    return lambda word: fits(word) is not None


def fixed_beginning(shape: str) -> str:
    """What every word that looks like a folded pattern begins with."""
    return re.split(f"[{MANY}{ONE}]", shape, maxsplit=1)[0]


def lengths(shape: str) -> tuple[int, int | None]:
    """How many letters a word has that looks like a pattern: at least, and at most."""
    fixed = len(shape) - shape.count(MANY)
    return fixed, None if MANY in shape else fixed
