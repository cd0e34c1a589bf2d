"""Redirects: whether a text sends its reader to another channel, or a customer asks for that.

Both are told by phrases in English; of a text in another language nothing is said. Most texts have
none of the words that such a phrase is made of, and that is found out first.
"""

import re
from collections.abc import Iterable
from itertools import chain

from socialcare.domain.playbook.english import is_english
from socialcare.domain.playbook.phrasing import phrasing
from socialcare.domain.playbook.reading import Text

__all__ = [
    "COULD",
    "ENGLISH",
    "asks_for_elsewhere",
    "is_asking_elsewhere",
    "is_redirected",
    "redirects",
]

COULD = (
    r"\b(?:call|(tele)?phon|ring|dial|text (us|our|the|customer|\d)|e?mail|contact|reach|touch"
    r"|visit|branch|store|shop|chat|(web)?form|ticket|case|request|whatsapp|website|forum|bell"
    r"|message (us|our|the|your|my|a)|community|writ|speak|talk|pop in|go to|come to|drop by"
    r"|connect|check with|number|person|human|agent|manager|complain|claim|report|post|letter"
    r"|office|hold|apply|submit|someone|supervisor|line|helpline|hotline|team)"
)
"""A regular expression for what any of our phrases has somewhere, in small letters."""
ENGLISH = r"\b(?:the|you|your|and|we|my|this|that|have|are|is|it|thanks|please)\b"
"""A regular expression for what most texts in English have somewhere, in small letters."""
_COULD, _ENGLISH = re.compile(COULD), re.compile(ENGLISH)


def redirects(text: Text, more: tuple[str, ...] = ()) -> tuple[int, int] | None:
    """Where a text first tells somebody to use another channel; None where it does not."""
    denied = [*text.found(phrasing("not_redirect"))]
    sending = text.found(phrasing("redirect", more))
    linking = text.found(phrasing("redirect_with_link")) if text.links else iter(())
    return next((place for place in chain(sending, linking) if not _overlaps(place, denied)), None)


def _overlaps(place: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in others)


def asks_for_elsewhere(text: Text, more: tuple[str, ...] = ()) -> bool:
    """Whether a customer asks for another channel: a number, somebody to speak to."""
    return text.has(phrasing("wants_elsewhere", more))


def is_redirected(text: str) -> bool | None:
    """Whether an answer tells its reader to use another channel; None where nobody can tell.

    >>> is_redirected("Please call us on 0800 123 456."), is_redirected("We will call you.")
    (True, False)
    """
    plain = text.lower()
    if not _COULD.search(plain):
        return False if _ENGLISH.search(plain) else None
    read = Text(text)
    return redirects(read) is not None if is_english(read) else None


def is_asking_elsewhere(text: str) -> bool | None:
    """Whether a customer asks for another channel; None where nobody can tell.

    >>> is_asking_elsewhere("What is your phone number?"), is_asking_elsewhere("It is broken.")
    (True, False)
    """
    plain = text.lower()
    if not _COULD.search(plain):
        return False if _ENGLISH.search(plain) else None
    read = Text(text)
    return asks_for_elsewhere(read) if is_english(read) else None
