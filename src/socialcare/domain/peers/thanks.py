"""Thanks: whether somebody thanks for an answer, or says that it helped, whatever else they say.

A mere acknowledgement is one (`socialcare.domain.acknowledgement`). In a longer text one of the
sentences must be one, and none may ask on or take it back. In doubt it is none.
"""

import re

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.words import words

__all__ = ["gives_thanks"]

_SENTENCE = re.compile(r"[.!;\n\r]+|,\s+(?=but\b|however\b)|(?<=\?)\s+", re.IGNORECASE)
_LONGEST = 4_000
"""Characters of a text that is looked at."""
_TAKEN_BACK = frozenset(
    {"but", "however", "still", "unfortunately", "sadly", "nothing", "worse", "aber", "leider"}
)
"""Words with which thanks are taken back, or something is asked beyond them."""

_IN_VAIN = (
    " not work ", " t work ", " not working ", " t working ", " not help ", " t help ",
    " not fix ", " t fix ", " not solve ", " t solve ", " no luck ", " no joy ", " no difference ",
    " no change ", " same problem ", " same issue ", " same error ", " not found ", " cannot ",
)  # fmt: skip
"""What says that an answer was of no use; words are cut at apostrophes."""


def gives_thanks(text: str) -> bool:
    """Whether a text thanks for an answer or says that it helped.

    >>> gives_thanks("That did it! I had looked everywhere and was close to giving up.")
    True
    >>> gives_thanks("Thanks. It still does not start.")
    False
    """
    if is_acknowledgement(text):
        return True
    if len(text) > _LONGEST or "?" in text:
        return False
    said = words(text)
    line = f" {' '.join(said)} "
    if not _TAKEN_BACK.isdisjoint(said) or any(phrase in line for phrase in _IN_VAIN):
        return False
    return any(map(is_acknowledgement, _SENTENCE.split(text)))
