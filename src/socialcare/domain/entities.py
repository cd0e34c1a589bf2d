"""Entities: what a social text points at - people, lists, topics, shares and links.

They are found by the rules of X's twitter-text, so that a mention here is a mention there: how a
name may look, what may stand before it, and what after it means that it was none, such as the rest
of an e-mail address. No two entities share a character: the one that begins first has it.

Every function looks for the sign first, so a text without any costs next to nothing; and each reads
the text once, so the time is linear in its length, whatever stands in it.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

import attrs

from socialcare.domain.characters import ACCENTED, PUNCTUATION, SPACES
from socialcare.domain.links import link_spans, links
from socialcare.errors import InvalidValue

__all__ = [
    "Entity",
    "EntityKind",
    "cashtags",
    "entities",
    "hashtags",
    "links",
    "mentions",
    "reply_to",
]

# A sign can only be in a link where there is a slash or a query mark before it in the same word.
_WORD_WITH_PATH = rf"(?<![^{SPACES}])[^{SPACES}/?]*+[/?]"
_AT = "@\uff20"
_NAME = r"([0-9A-Za-z_]{1,20}+)"
_NO_NAME_END = rf"(?![{_AT}{ACCENTED}]|://)"
_MENTION = re.compile(  # the sign comes first, and then what may not be before it: it is faster
    rf"[{_AT}](?:(?<![0-9A-Za-z_!#$%&*{_AT}].)|(?<=[Rr][Tt].)(?<![0-9A-Za-z_+~.{_AT}-][Rr][Tt].))"
    rf"{_NAME}(?:/[A-Za-z][0-9A-Za-z_-]{{0,24}}+)?+{_NO_NAME_END}"
)
_AT_IN_PATH = re.compile(rf"{_WORD_WITH_PATH}[^{SPACES}{_AT}]*+[{_AT}]")
_REPLY = re.compile(rf"[{SPACES}]*+[{_AT}]{_NAME}{_NO_NAME_END}")

_HASH = "#\uff03"
_HASHTAG = re.compile(
    rf"[{_HASH}](?<![0-9A-Za-z_&].)(?![\ufe0f\u20e3])[0-9_]*+([A-Za-z][0-9A-Za-z_]*+)?+"
)
_HASH_IN_PATH = re.compile(rf"{_WORD_WITH_PATH}[^{SPACES}{_HASH}]*+[{_HASH}]")
_ASCII_HASHTAG = re.compile(r"#(?<![0-9A-Za-z_&]#)[0-9_]*+[A-Za-z][0-9A-Za-z_]*+(?!#|://)")
_NO_HASHTAG_END = re.compile(rf"[{_HASH}]|://")
_IN_HASHTAG = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd"})
_ALSO_IN_HASHTAG = frozenset(
    "_\u00b7\u05be\u05f3\u05f4\u0f0b\u0f0c\u200c\u200d\u3003\u301c\u309b\u309c\u30a0\u30fb\ua67e"
    "\uff5e"
)
_OF_EMOJI = "\ufe0e\ufe0f"  # marks that belong to the emoji before them, and not to a word

_CASHTAG = re.compile(
    rf"\$(?<![^{SPACES}]\$)[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?"
    rf"(?=[{SPACES}\ufeff{PUNCTUATION}]|\Z)"
)


class EntityKind(StrEnum):
    """What an entity points at."""

    MENTION = "mention"
    """A person, by `@name`, or one of their lists, by `@name/list`."""
    HASHTAG = "hashtag"
    """A topic, by `#topic`."""
    CASHTAG = "cashtag"
    """A share, by `$SYMBOL`."""
    LINK = "link"
    """An address of the web, with `https://` in front or without."""


def _begins(
    entity: "Entity",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[int]",  # noqa: ARG001 - attrs passes it
    value: int,
) -> None:
    if value < 0:
        raise InvalidValue(value, where="Entity.start", right="a place in a text, from 0 on")


@attrs.frozen(kw_only=True)
class Entity:
    """One thing that a text points at, and where.

    Attributes:
        kind: What it points at.
        text: What is written, with its sign.
        start: Where it begins, in characters of the text that it was found in.

    >>> entity, = entities("Thanks @acme/care-team")
    >>> (entity.value, entity.list_slug, entity.start, entity.end)
    ('acme', 'care-team', 7, 22)
    """

    kind: EntityKind = attrs.field(converter=EntityKind)
    text: str
    start: int = attrs.field(validator=_begins)

    @property
    def end(self) -> int:
        """Where it has ended: what follows begins here."""
        return self.start + len(self.text)

    @property
    def value(self) -> str:
        """The name, topic or symbol without its sign; a link as it is written."""
        return self.text if self.kind is EntityKind.LINK else self.text[1:].partition("/")[0]

    @property
    def list_slug(self) -> str | None:
        """The list of a person that is mentioned, if it is not the person."""
        is_mention = self.kind is EntityKind.MENTION
        return (self.text.partition("/")[2] or None) if is_mention else None


def entities(text: str) -> tuple[Entity, ...]:
    """All that a text points at, in order; none shares a character with another.

    >>> [entity.text for entity in entities("@acme see acme.com/#faq #fail")]
    ['@acme', 'acme.com/#faq', '#fail']
    """
    found = [
        *((span, EntityKind.LINK) for span in link_spans(text)),
        *((span, EntityKind.MENTION) for span in _mention_spans(text)),
        *((span, EntityKind.HASHTAG) for span in _hashtag_spans(text)),
        *((span, EntityKind.CASHTAG) for span in _cashtag_spans(text)),
    ]
    return tuple(_apart(text, sorted(found)))


def mentions(text: str) -> tuple[str, ...]:
    """The names that a text mentions, in order, repeats included; without sign and list.

    >>> mentions("RT @acme: thanks @bob_1/friends, write to me@example.com")
    ('acme', 'bob_1')
    """
    if "@" not in text and "\uff20" not in text:
        return ()
    if "." in text and _AT_IN_PATH.search(text):
        return _values(text, EntityKind.MENTION)
    return tuple(_MENTION.findall(text))


def hashtags(text: str) -> tuple[str, ...]:
    """The topics in a text, in order, repeats included; without sign.

    >>> hashtags("#Fail again, flight #16 #日本語 example.com/#top")
    ('Fail', '日本語')
    """
    if "#" not in text and "\uff03" not in text:
        return ()
    if "." in text and _HASH_IN_PATH.search(text):
        return _values(text, EntityKind.HASHTAG)
    return tuple(text[start + 1 : end] for start, end in _hashtag_spans(text))


def cashtags(text: str) -> tuple[str, ...]:
    """The symbols of shares in a text, in order, repeats included; without sign.

    >>> cashtags("$ACME is down, $BRK.B up $5")
    ('ACME', 'BRK.B')
    """
    return tuple(text[start + 1 : end] for start, end in _cashtag_spans(text))


def reply_to(text: str) -> str | None:
    """The name that a text begins with, to which it replies by that; without sign.

    >>> reply_to("@acme where is my order?")
    'acme'
    >>> reply_to("Dear @acme, where is my order?")
    """
    found = _REPLY.match(text)
    return found[1] if found else None


def _values(text: str, kind: EntityKind) -> tuple[str, ...]:
    return tuple(entity.value for entity in entities(text) if entity.kind is kind)


def _apart(text: str, found: list[tuple[tuple[int, int], EntityKind]]) -> Iterator[Entity]:
    taken = 0
    for (start, end), kind in found:
        if start >= taken:
            yield Entity(kind=kind, text=text[start:end], start=start)
            taken = end


def _mention_spans(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _MENTION.finditer(text))


def _cashtag_spans(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _CASHTAG.finditer(text))


def _hashtag_spans(text: str) -> Iterator[tuple[int, int]]:
    if text.isascii():
        return (found.span() for found in _ASCII_HASHTAG.finditer(text))
    return _other_hashtag_spans(text)


def _other_hashtag_spans(text: str) -> Iterator[tuple[int, int]]:
    for found in _HASHTAG.finditer(text):
        start, end = found.start(), _hashtag_end(text, found.end())
        follows_word = start > 0 and text[start - 1] not in _OF_EMOJI and _fits(text[start - 1])
        has_letter = found[1] or any(map(_is_letter, text[start + 1 : end]))
        if has_letter and not follows_word and not _NO_HASHTAG_END.match(text, end):
            yield start, end


def _hashtag_end(text: str, end: int) -> int:
    while end < len(text) and _fits(text[end]):
        end += 1
    return end


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"  # a mark will do for a letter


def _fits(character: str) -> bool:
    """Whether it can be in a hashtag: letters, marks and digits of every script, and a few more."""
    return unicodedata.category(character) in _IN_HASHTAG or character in _ALSO_IN_HASHTAG
