"""Phrases: what people say who leave, recommend or defend a brand.

`is:leaving` and its like ask the text and nothing else, so they hold alike in rules, listening,
maps and searches, with classifiers or without. They are written down once, in `phrases.toml`, and
stand in a query as an `OR` of them: what was found can be shown, and a store can look it up.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any as Anything

from socialcare.domain.query.matching import Holds, holds_for
from socialcare.domain.query.nodes import Any, Words
from socialcare.domain.subject import Wording

__all__ = ["PHRASED", "phrased", "says"]

PHRASED = ("leaving", "recommending", "defending")
"""Flags that hold where one of their phrases is said."""


def phrased(flag: str, written: str) -> Any:
    """One of the phrases of a flag, as a query that was written so."""
    return Any(tuple(_phrases(_document()[flag], written)))


@cache
def _document() -> Mapping[str, Mapping[str, Anything]]:
    return tomllib.loads((files(__package__) / "phrases.toml").read_text("utf-8"))


def _phrases(written_down: Mapping[str, Anything], written: str) -> Iterator[Words]:
    for phrase in written_down["phrases"]:
        yield Words(words=tuple(phrase.split()), written=written)
    pairs, apart = written_down.get("pairs", ()), written_down.get("apart", 0)
    for words in product(*pairs) if pairs else ():
        yield Words(words=words, slop=apart, written=written)


def says(flag: str, text: Wording) -> bool:
    """Whether one of the phrases of a flag is said.

    >>> says("leaving", Wording("Right, I'm switching to your competitor"))
    True
    """
    return _holds(flag)(text)


@cache
def _holds(flag: str) -> Holds:
    return holds_for(phrased(flag, f"is:{flag}"))
