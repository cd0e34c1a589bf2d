"""Tokens: a text as the rules read it, in small letters and without what does not matter.

Words keep their apostrophes; a hashtag is read as the words that it is made of; a mention is `@`
and an address on the web `url`, whatever stands in them. A number is apart from the letters behind
it, `3hrs` is `3` and `hrs`, unless they make it an ordinal, `3rd`. Of marks those stay that carry
meaning: `.`, `?`, `!`, a quotation mark, and every emoji. Letters that are held for long are not:
`sooo` is `so`.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

__all__ = ["LONGEST", "tokens"]

LONGEST = 4000
"""How many characters of a text are read: the cost of a text has a bound, whatever is in it."""

_TOKEN = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|@\w+"
    r"|\d+(?:st|nd|rd|th)\b"
    r"|\d+(?:[.,:]\d+)*"
    r"|\?+|!+|\.+|[\"\n]"
    r"|[\u2600-\u27bf\U0001f000-\U0001faff]"
)
_URL = re.compile(r"https?://\S+|www\.\S+")
_HASHTAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
_HELD = re.compile(r"([^\W\d_])\1{2,}")
_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\ufe0f": None})
_ONE_NAME = {"@": "@", "?": "?", "!": "!", "\n": "."}
"""By the first character of a token: its one name, whatever else it holds."""
_REMEMBERED = 50_000


def tokens(text: str) -> Sequence[str]:
    """The tokens of a text, in order; of its first `LONGEST` characters.

    >>> tokens("@acme STILL no reply after 3hrs?? #EpicFail")
    ['@', 'still', 'no', 'reply', 'after', '3', 'hrs', '?', 'epic', 'fail']
    """
    read = text[:LONGEST]
    if not read.isascii():
        read = unicodedata.normalize("NFKC", read).translate(_PLAIN)
    if "&" in read:
        read = unescape(read)
    if "http" in read or "www." in read:
        read = _URL.sub(" url ", read)
    if "#" in read:
        read = _HASHTAG.sub(_words_of_hashtag, read)
    return [_named(token) for token in _TOKEN.findall(read.lower())]


def _words_of_hashtag(found: re.Match[str]) -> str:
    return f" {_HUMP.sub(' ', found.group(1))} "


@lru_cache(_REMEMBERED)
def _named(token: str) -> str:
    """The token as it is read: one name for those that are alike, and no letter held."""
    first = token[0]
    if first == ".":
        return "." if len(token) == 1 else "…"
    return _ONE_NAME.get(first) or _HELD.sub(r"\1", token)
