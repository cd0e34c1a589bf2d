"""Channels: how long a text may be on each, how it is counted, and what a house does there.

Each platform counts in its own way: X weighs characters, Bluesky counts what people see as one,
Mastodon takes every address for 23 and of a name only what stands before the server.
The limits are those that the platforms publish; a house that has others writes them down.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.emoji import emoji_spans
from socialcare.domain.length import weighted_length
from socialcare.domain.links import link_spans
from socialcare.domain.message import Visibility
from socialcare.errors import InvalidPlaybook

__all__ = ["Channel", "Counts", "counted", "usual", "without_leading_names"]


class Counts(Choice):
    """How the length of a text is counted."""

    CHARACTERS = "characters"
    """Unicode characters."""
    X = "x"
    """Characters that weigh one or two, every link 23."""
    GRAPHEMES = "graphemes"
    """What people see as one: a letter with its accents, an emoji with its tone."""
    MASTODON = "mastodon"
    """Characters, every link 23, and of `@name@server` only `@name`."""


_LINK = 23
_LEADING_NAMES = re.compile(r"(?:\s*@\w+)+\s*")
_REMOTE = re.compile(r"(?<!\w)(@\w+)@[\w.-]*\w")
_MARKS = frozenset({"Mn", "Me", "Cf"})
_FROM_A_SYLLABLE = re.compile(
    "[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*"
)


def _graphemes(text: str) -> int:
    if text.isascii():
        return len(text) - text.count("\r\n")
    emoji = emoji_spans(text)
    rest = list(text.replace("\r\n", "\n")) if not emoji else _without(text, emoji)
    one = _FROM_A_SYLLABLE.sub("a", "".join(rest))
    return len(emoji) + sum(unicodedata.category(each) not in _MARKS for each in one)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    kept, reached = [], 0
    for start, end in spans:
        kept.append(text[reached:start])
        reached = end
    return [*"".join([*kept, text[reached:]]).replace("\r\n", "\n")]


def _mastodon(text: str) -> int:
    links = link_spans(text)
    shorter = sum(end - start - _LINK for start, end in links)
    names = sum(len(found[0]) - len(found[1]) for found in _REMOTE.finditer(text))
    return len(text) - shorter - names


_WAYS: Mapping[Counts, Callable[[str], int]] = MappingProxyType(
    {
        Counts.CHARACTERS: len,
        Counts.X: lambda text: weighted_length(text).weighted_length,
        Counts.GRAPHEMES: _graphemes,
        Counts.MASTODON: _mastodon,
    }
)


def counted(text: str, counts: Counts) -> int:
    """How long a text is, as a platform counts it.

    >>> counted("See https://example.com/a/rather/long/address", Counts.MASTODON)
    27
    >>> counted("Crème brûlée 👩🏽\u200d🚒", Counts.GRAPHEMES)
    14
    """
    return _WAYS[counts](text)


def without_leading_names(text: str) -> str:
    """An answer on X without the names that it begins with, of which X counts none.

    >>> without_leading_names("@ada @northline On its way!")
    'On its way!'
    """
    found = _LEADING_NAMES.match(text)
    return text[found.end() :] if found else text


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


_LIMITS = ("longest", "longest_private", "questions", "sentences", "in_a_row")
_SIGNS = "^-/*~"


def _sign(channel: "Channel", _: "attrs.Attribute[str | None]", value: str | None) -> None:
    if value is not None and (len(value) != 1 or value not in _SIGNS):
        where = f"channels.{channel.name}.sign_off"
        right = f"what stands before a name or initials: one of {' '.join(_SIGNS)}"
        raise InvalidPlaybook(value, where=where, right=right)


@attrs.frozen(kw_only=True)
class Channel:
    """How a house speaks on one channel.

    Attributes:
        name: As messages have it.
        goals: What the house is there for.
        longest: How long a public text may be; None for no limit.
        longest_private: How long a private one may be; None for no limit.
        counts: How that is counted.
        sign_off: The sign before the name or initials with which an answer ends; None for none.
        private: Whether one can go on in private there.
        questions: More questions than that in one answer are too many; None for no limit.
        sentences: More sentences than that in a public answer are too many; None for no limit.
        in_a_row: After so many answers in a row the customer's turn has come; None for no limit.

    Raises:
        InvalidPlaybook: If a number is less than 1, or the sign is none.
    """

    name: str
    goals: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    longest: int | None = None
    longest_private: int | None = None
    counts: Counts = attrs.field(default=Counts.CHARACTERS, converter=Counts)
    sign_off: str | None = attrs.field(default=None, validator=_sign)
    private: bool = True
    questions: int | None = 3
    sentences: int | None = 8
    in_a_row: int | None = 2

    def __attrs_post_init__(self) -> None:
        for key in _LIMITS:
            value = getattr(self, key)
            if value is not None and value < 1:
                where = f"channels.{self.name}.{key}"
                raise InvalidPlaybook(value, where=where, right="a number from 1 on")

    def room(self, visibility: Visibility) -> int | None:
        """How long a text may be."""
        return self.longest_private if visibility is Visibility.PRIVATE else self.longest


_USUAL: Mapping[str, Channel] = MappingProxyType(
    {
        each.name: each
        for each in (
            Channel(name="x", longest=280, longest_private=10_000, counts=Counts.X),
            Channel(name="mastodon", longest=500, longest_private=500, counts=Counts.MASTODON),
            Channel(name="bluesky", longest=300, longest_private=1_000, counts=Counts.GRAPHEMES),
            Channel(name="threads", longest=500, longest_private=1_000),
            Channel(name="facebook", longest=8_000, longest_private=2_000),
            Channel(name="instagram", longest=2_200, longest_private=1_000),
            Channel(name="linkedin", longest=1_250, longest_private=8_000),
            Channel(name="youtube", longest=10_000, private=False),
            Channel(name="tiktok", longest=150, longest_private=6_000),
            Channel(name="reddit", longest=10_000, longest_private=10_000),
            Channel(name="trustpilot", longest=5_000, private=False),
            Channel(name="app_store", longest=5_970, private=False),
            Channel(name="google_play", longest=350, private=False),
            Channel(name="whatsapp", longest_private=4_096),
            Channel(name="telegram", longest=4_096, longest_private=4_096),
            Channel(name="sms", longest_private=1_600),
            Channel(name="email", sentences=None, in_a_row=None),
        )
    }
)


def usual(name: str) -> Channel:
    """What holds on a channel where a playbook says nothing else; no limit on an unknown one.

    >>> usual("x").longest, usual("carrier pigeon").longest
    (280, None)
    """
    return _USUAL.get(name) or Channel(name=name)
