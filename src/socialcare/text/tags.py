"""Language tags: whether a text is one that a classifier for some languages can read."""

import re
from collections.abc import Collection

__all__ = ["is_read", "primary"]

UNDETERMINED = "und"
_OTHER = re.compile(r"[\u0370-\u1dff\u2d00-\ufaff\U00010000-\U0001cfff\U00020000-\U0003ffff]")
"""Letters of other scripts: all but Latin ones, signs and emoji."""
_LOOKED_AT = 1000
"""How many characters tell the script of a text."""


def primary(tag: str) -> str:
    """The language of a BCP 47 tag, without script and region.

    >>> primary("en-GB"), primary("pt_BR")
    ('en', 'pt')
    """
    return re.split("[-_]", tag, maxsplit=1)[0].lower()


def is_read(text: str, *, language: str | None, languages: Collection[str]) -> bool:
    """Whether a text is in one of a few languages that are written in Latin letters.

    Where the language is not known, or `und`, a text is read unless most of its letters are of
    another script; a text without letters, such as an emoji, is read too.

    >>> is_read("hello", language="fr", languages={"en"})
    False
    >>> is_read("届かない", language=None, languages={"en"})
    False
    """
    if language is not None and primary(language) != UNDETERMINED:
        return primary(language) in languages
    start = text[:_LOOKED_AT]
    if start.isascii() or not _OTHER.search(start):
        return True
    letters = [sign for sign in start if sign.isalpha()]
    return 2 * len(_OTHER.findall("".join(letters))) <= len(letters)
