"""Words: what a text is searched by, alike in every store."""

import re
import unicodedata

_WORD = re.compile(r"\w{1,64}")  # no index takes words of any length
_MARK = "M"


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded: without case, accents and marks; in order, repeats included.

    What has more than 64 letters in a row is cut after every 64.

    >>> words("Où est MA commande, #A-17?")
    ('ou', 'est', 'ma', 'commande', 'a', '17')
    """
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(each for each in plain if not unicodedata.category(each).startswith(_MARK))
    return tuple(_WORD.findall(bare))
