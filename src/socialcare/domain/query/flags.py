"""Flags: what a message is or has, or is not.

Where a classifier has said it, that counts; what nobody has said is not so.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from socialcare.domain.annotation import Sense
from socialcare.domain.categories import SEPARATOR
from socialcare.domain.message import AuthorRole, Direction, Visibility
from socialcare.domain.query.phrases import PHRASED, says
from socialcare.domain.sentiment import sentiment_class
from socialcare.domain.subject import Subject
from socialcare.domain.words import folded

Flag: TypeAlias = Callable[[Subject], bool]

_MARKS = frozenset("?\u061f\uff1f\u203d\u2047\u2048\u2049")
_CLOSING = "!.,;:'\")]}\u2019\u201d\u00bb\ufe0f"


def values_said(subject: Subject, sense: Sense) -> Iterator[str]:
    """All that is said of a subject in one sense, as texts."""
    return (str(each.value) for each in subject.annotations if each.sense is sense and each.known)


def categories(subject: Subject) -> Iterator[str]:
    """What a subject is about, each with the parts before it."""
    for held in (subject.message, subject.conversation):
        if held is not None and held.category:
            yield SEPARATOR.join(filter(None, (held.category, held.subcategory)))
    yield from values_said(subject, Sense.CATEGORY)


def sentiment(subject: Subject) -> float | None:
    """How a subject sounds, from -1 to 1; what came with the message counts first."""
    own = subject.message.sentiment
    score = subject.known(Sense.SENTIMENT) if own is None else own
    return None if score is None else float(score)


def mentions_brand(subject: Subject) -> bool:
    """Whether the text names one of the brand's accounts."""
    if not subject.mentions:
        return False
    own = (*subject.accounts, subject.message.account or "")
    return not subject.mentions.isdisjoint(folded(account.lstrip("@")) for account in own)


def _said(sense: Sense) -> Flag:
    return lambda subject: subject.known(sense) is True


def _question(subject: Subject) -> bool:
    """By a classifier where there is one; else by its mark, outside of addresses."""
    said = subject.known(Sense.QUESTION)
    return said if isinstance(said, bool) else _asks(subject.text)


def _asks(text: str) -> bool:
    if text.isascii() and "?" not in text:
        return False
    return any(each.rstrip(_CLOSING)[-1:] in _MARKS and "://" not in each for each in text.split())


def _sounds(wanted: str) -> Flag:
    def flag(subject: Subject) -> bool:
        score = sentiment(subject)
        return score is not None and sentiment_class(score) == wanted

    return flag


def _seen_by(wanted: Visibility) -> Flag:
    return lambda subject: subject.message.visibility is wanted


def _went(wanted: Direction) -> Flag:
    return lambda subject: subject.message.direction is wanted


def _indirect(subject: Subject) -> bool:
    """Found by listening, and not addressed to the brand."""
    return bool(subject.found_by) and not mentions_brand(subject)


def _says(flag: str) -> Flag:
    return lambda subject: says(flag, subject)


def _has_emoji(subject: Subject) -> bool:
    return not subject.text.isascii() and any(map(_is_sign, subject.text))


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter) == "So"


IS: Mapping[str, Flag] = MappingProxyType(
    {
        "question": _question,
        "complaint": _said(Sense.COMPLAINT),
        "thanks": _said(Sense.THANKS),
        "urgent": _said(Sense.URGENCY),
        "to_answer": _said(Sense.NEEDS_ANSWER),
        "to_see": _said(Sense.NEEDS_ATTENTION),
        "positive": _sounds("positive"),
        "neutral": _sounds("neutral"),
        "negative": _sounds("negative"),
        "public": _seen_by(Visibility.PUBLIC),
        "private": _seen_by(Visibility.PRIVATE),
        "internal": _seen_by(Visibility.INTERNAL),
        "inbound": _went(Direction.INBOUND),
        "outbound": _went(Direction.OUTBOUND),
        "automated": lambda s: s.message.automated,
        "peer": lambda s: s.message.author.role is AuthorRole.PEER,
        "reply": lambda s: s.message.in_reply_to is not None,
        "edited": lambda s: s.message.edited_at is not None,
        "verified": lambda s: s.profile.verified is True,
        "indirect": _indirect,
        "waiting": lambda s: s.waiting is not None,
        "assigned": lambda s: s.conversation is not None and s.conversation.agent_id is not None,
        "reopened": lambda s: s.conversation is not None and s.conversation.reopened > 0,
        "new": lambda s: s.earlier == 0,
        "returning": lambda s: bool(s.earlier),
        **{flag: _says(flag) for flag in PHRASED},
    }
)
"""What `is:` can be."""

HAS: Mapping[str, Flag] = MappingProxyType(
    {
        "link": lambda s: bool(s.links),
        "hashtag": lambda s: bool(s.hashtags),
        "mention": lambda s: bool(s.mentions),
        "attachment": lambda s: bool(s.message.attachments),
        "text": lambda s: bool(s.text.strip()),
        "emoji": _has_emoji,
        "personal_data": lambda s: any(values_said(s, Sense.PERSONAL_DATA)),
        "category": lambda s: any(categories(s)),
    }
)
"""What `has:` can be."""

__all__ = [
    "HAS",
    "IS",
    "Flag",
    "categories",
    "mentions_brand",
    "sentiment",
    "values_said",
]
