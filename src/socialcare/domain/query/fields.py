"""Fields: what a query can name besides words, one row each.

A field has a kind, which says how its values are written, and a function that reads it from a
subject. What is not known has no values, so nothing fits it: `followers:>10` finds those who are
known to have more than ten followers, and `NOT followers:>10` all others.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import TypeAlias

import attrs

from socialcare.domain.annotation import Sense
from socialcare.domain.profile import Detail
from socialcare.domain.query.flags import HAS, IS, Flag, categories, sentiment, values_said
from socialcare.domain.query.values import seconds_of
from socialcare.domain.subject import Subject

OF_THE_HOST = "crm."
"""What the names of fields of the host's own begin with."""


class Kind(Enum):
    """How the values of a field are written."""

    TEXT = auto()
    """As what is asked of the text of a message: words, phrases, signs, patterns."""
    WORDS = auto()
    """In the same way, but of another text."""
    HASHTAG = auto()
    """A name, folded, with `#` or without; also with `*`, `?` and `~`."""
    MENTION = auto()
    """A name, folded, with `@` or without; also with `*`, `?` and `~`."""
    LINK = auto()
    """An address, or what addresses are under."""
    NAME = auto()
    """A name, folded; also with `*`, `?` and `~`."""
    PATH = auto()
    """A category: all of it, or what it begins with."""
    FLAG = auto()
    """One of several words."""
    PLACE = auto()
    """Words of a place, or latitude, longitude and kilometres."""
    NUMBER = auto()
    """A number, `10k`, a comparison or a range."""
    LENGTH = auto()
    """A duration such as `30m`, a comparison or a range."""
    INSTANT = auto()
    """A day or an instant, a comparison or a range."""
    DETAIL = auto()
    """A field of the host's own: a name, or a number where it is one."""


Names: TypeAlias = Callable[[Subject], Iterable[str | None]]
Amount: TypeAlias = Callable[[Subject], float | None]


@attrs.frozen(kw_only=True)
class Field:
    """A field of the query language.

    Attributes:
        name: What it is called.
        kind: How its values are written.
        means: What it is, in words.
        names: Its values, where they are texts.
        amount: Its value, where it is a number; instants and durations in seconds.
        flags: What it can be, where that is so or not.
    """

    name: str
    kind: Kind
    means: str
    names: Names = attrs.field(default=lambda _: (), eq=False)
    amount: Amount = attrs.field(default=lambda _: None, eq=False)
    flags: Mapping[str, Flag] = attrs.field(default=MappingProxyType({}), eq=False)

    def known(self, subject: Subject) -> Iterable[str]:
        """Its values that are texts, as far as they are known."""
        return (str(name) for name in self.names(subject) if name)


def _name(name: str, means: str, names: Names, kind: Kind = Kind.NAME) -> Field:
    return Field(name=name, kind=kind, means=means, names=names)


def _amount(name: str, means: str, amount: Amount, kind: Kind = Kind.NUMBER) -> Field:
    return Field(name=name, kind=kind, means=means, amount=amount)


def _flag(name: str, means: str, flags: Mapping[str, Flag]) -> Field:
    return Field(name=name, kind=Kind.FLAG, means=means, flags=flags)


def _of_conversation(name: str) -> Names:
    return lambda subject: (getattr(subject.conversation, name, None),)


def _said(sense: Sense) -> Names:
    return lambda subject: values_said(subject, sense)


def _language(subject: Subject) -> Iterable[str]:
    tag = subject.message.language or subject.known(Sense.LANGUAGE)
    return (str(tag), str(tag).partition("-")[0]) if tag else ()


def _tags(subject: Subject) -> Iterable[str]:
    return () if subject.conversation is None else subject.conversation.tags


def _messages(subject: Subject) -> float | None:
    return None if subject.conversation is None else subject.conversation.messages


def _waiting(subject: Subject) -> float | None:
    return None if subject.waiting is None else subject.waiting.total_seconds()


def _received(subject: Subject) -> float | None:
    at = subject.message.received_at
    return None if at is None else seconds_of(at)


_FIELDS = (
    _name("text", "the text, as words without a field", lambda s: (s.text,), Kind.TEXT),
    _name("hashtag", "a hashtag of the text, as `#name`", lambda s: s.hashtags, Kind.HASHTAG),
    _name("mentions", "who is named, as `@name`; or `brand`", lambda s: s.mentions, Kind.MENTION),
    _name("link", "an address in the text, or what it is under", lambda s: s.links, Kind.LINK),
    _flag("is", "what the message is", IS),
    _flag("has", "what the message has", HAS),
    _name("id", "the message's id", lambda s: (s.message.id,)),
    _name("channel", "the channel", lambda s: (s.message.channel,)),
    _name("brand", "the brand", lambda s: (s.message.brand,)),
    _name("account", "the brand's account", lambda s: (s.message.account,)),
    _name("customer", "the customer's id", lambda s: (s.message.customer_id,)),
    _name("from", "who wrote it, by id", lambda s: (s.message.author.id,)),
    _name("name", "how its author is shown", lambda s: (s.message.author.name,), Kind.WORDS),
    _name("role", "`customer`, `agent`, `peer` or `bot`", lambda s: (s.message.author.role,)),
    _name("direction", "`inbound` or `outbound`", lambda s: (s.message.direction,)),
    _name("visibility", "`public`, `private` or `internal`", lambda s: (s.message.visibility,)),
    _name("reply_to", "the id of what it answers", lambda s: (s.message.in_reply_to,)),
    _name("lang", "the language, as `en` or `en-GB`", _language),
    _name("category", "the category, or what it begins with", categories, Kind.PATH),
    _name("intent", "what its author wants", _said(Sense.INTENT)),
    _name("personal", "a kind of personal data in it", _said(Sense.PERSONAL_DATA)),
    _name("state", "the state of its conversation", _of_conversation("state")),
    _name("agent", "whose conversation it is", _of_conversation("agent_id")),
    _name("team", "the team whose it is", _of_conversation("team_id")),
    _name("tag", "a tag of the conversation", _tags),
    _name("tier", "the customer's tier", lambda s: (s.profile.tier,)),
    _name("place", "where its author is, in words", lambda s: (s.profile.place,), Kind.WORDS),
    _name("near", "where its author is, or around where", lambda s: (s.profile.place,), Kind.PLACE),
    _name("found_by", "the listening query that found it", lambda s: s.found_by),
    _amount("followers", "how many follow its author", lambda s: s.profile.followers),
    _amount("sentiment", "how it sounds, from -1 to 1", sentiment),
    _amount("length", "the characters of the text", lambda s: len(s.text)),
    _amount("messages", "the messages of its conversation", _messages),
    _amount("earlier", "the customer's earlier conversations", lambda s: s.earlier),
    _amount("open", "the customer's other open conversations", lambda s: s.open),
    _amount("volume", "times the usual volume of its topic", lambda s: s.volume),
    _amount("waiting", "how long its author has waited", _waiting, Kind.LENGTH),
    _amount("sent_at", "when it was sent", lambda s: seconds_of(s.message.sent_at), Kind.INSTANT),
    _amount("received_at", "when it reached us", _received, Kind.INSTANT),
)
FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _FIELDS})
"""Every field by name, but for those of the host's own."""


def field_named(name: str) -> Field | None:
    """The field of that name in any case; None if there is none.

    What stands after `crm.` is the host's, and as the host writes it.
    """
    lower = name.lower()
    if lower.startswith(OF_THE_HOST):
        return _detail(name[len(OF_THE_HOST) :])
    return FIELDS.get(lower)


def _detail(key: str) -> Field:
    def names(subject: Subject) -> Iterable[str]:
        value = subject.profile.details.get(key)
        return () if value is None else (_shown(value),)

    def amount(subject: Subject) -> float | None:
        value = subject.profile.details.get(key)
        return None if isinstance(value, bool | str | None) else value

    means, name = "a field of your own", OF_THE_HOST + key
    return Field(name=name, kind=Kind.DETAIL, means=means, names=names, amount=amount)


def _shown(value: Detail) -> str:
    """A value of the host's as a query says it: `true`, `7`, `0.5`, `gold`."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["FIELDS", "OF_THE_HOST", "Field", "Kind", "field_named"]
