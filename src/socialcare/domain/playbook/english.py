"""English: whether a text is in the language of our phrases, by its common words."""

from functools import cache

from socialcare.domain.playbook.phrasing import ours
from socialcare.domain.playbook.reading import Text

__all__ = ["common_words", "is_english"]

_SHORT = 6
_KNOWN = 0.3
"""What share of the words of a text in English are common ones, at least."""


def is_english(text: Text) -> bool:
    """Whether a text can be read by our phrases; a short one is taken for it."""
    known = sum(word in common_words() for word in text.words)
    return len(text.words) < _SHORT or known >= _KNOWN * len(text.words)


@cache
def common_words() -> frozenset[str]:
    """Words that say nothing of what a text is about."""
    return frozenset(ours()["common"]["words"])
