"""Phrases: rows of words that are looked for within one sentence, written as people would.

The signs that they are written with are told at the top of `phrases.toml`, where ours are. All
phrases of a kind become one regular expression over the folded words of a text, which is read once;
nothing in it can be repeated without end, so the time is linear in the length of the text.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from socialcare.domain.words import words
from socialcare.errors import InvalidPlaybook

__all__ = ["KINDS", "ours", "phrase", "phrasing"]

KINDS = ("redirect", "not_redirect", "private", "wants_elsewhere", "defensive", "step", "question")
"""The kinds of phrases that a playbook may add to."""
_TOKENS = re.compile(r"\.\.\.|<\w+>|[()\[\]|]|[^\s()\[\]|<>]+|[<>]")
_SIGNS: Mapping[str, str] = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}
_SIGNS_WITH_GAP = {**_SIGNS, "...": r"(?:[^. ]+ ){0,3}"}
_LONGEST = 300
_RIGHT = "words in a row, such as `give us a (call|ring)` or `calm [right] down`"


def phrasing(kind: str, more: tuple[str, ...] = ()) -> re.Pattern[str]:
    """What finds the phrases of a kind in a line of words: ours, and a playbook's own."""
    return _compiled((*ours()["phrases"][kind], *more))


def phrase(value: str, where: str) -> str:
    """A phrase of a playbook, as it was given.

    Raises:
        InvalidPlaybook: If it is none.
    """
    try:
        found = re.compile(_expression(value))
    except (re.error, KeyError):
        found = None
    if found is None or found.fullmatch("") or len(value) > _LONGEST:
        raise InvalidPlaybook(value, where=where, right=_RIGHT)
    return value


@cache
def ours() -> dict[str, Any]:
    """The document that comes along: classes, phrases and words."""
    return tomllib.loads((files(__package__) / "phrases.toml").read_text("utf-8"))


@lru_cache(maxsize=200)
def _compiled(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?<= )(?:{'|'.join(map(_expression, phrases))})")


def _expression(written: str) -> str:
    return "".join(_parts(written))


def _parts(written: str) -> Iterator[str]:
    for token in _TOKENS.findall(written):
        if token in _SIGNS_WITH_GAP:
            yield _SIGNS_WITH_GAP[token]
        elif token.startswith("<"):
            members = ours()["classes"][token.strip("<>")]
            yield f"(?:{'|'.join(map(_expression, members))})"
        else:
            yield _words(token)


def _words(token: str) -> str:
    """The words of a token, each with the blank behind it; with a star what they begin with."""
    found = " ".join(map(re.escape, words(token)))
    if not found:
        raise KeyError(token)
    return f"{found}[^. ]* " if token.endswith("*") else f"{found} "
