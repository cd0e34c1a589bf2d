"""Contents: what a playbook is made of, besides channels, templates and acknowledgements."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.message import Visibility
from socialcare.domain.playbook.findings import Severity
from socialcare.domain.playbook.templates import Template
from socialcare.domain.query import Query
from socialcare.errors import InvalidPlaybook

__all__ = [
    "ArchiveRule",
    "Elsewhere",
    "Example",
    "Manner",
    "Privacy",
    "Recorded",
    "Stakeholder",
    "Voice",
    "What",
]


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _pairs(given: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(given))


@attrs.frozen(kw_only=True)
class Voice:
    """How a brand sounds.

    Attributes:
        is_: What it is, such as `warm`.
        is_not: What it is not, such as `chummy`.
        says: What to keep in mind, a sentence each.
        instead: For words and phrases that it does not use, what it says instead.
    """

    is_: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    is_not: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    says: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    instead: Mapping[str, str] = attrs.field(factory=dict, converter=_pairs, hash=False)


@attrs.frozen(kw_only=True)
class Manner:
    """Something to do, or not to do, with an example.

    Attributes:
        name: What it is called.
        says: What to do, or not to do, and why.
        example: How that reads.
        instead: How it should read, of what not to do.
        query: Finds it in an answer; None for what only people can tell.
        severity: How much it matters; None for what is usual.
    """

    name: str
    says: str
    example: str | None = None
    instead: str | None = None
    query: Query | None = None
    severity: Severity | None = None


@attrs.frozen(kw_only=True)
class Example:
    """An answer to begin from.

    Attributes:
        name: What it is called.
        issue: What it is about: a category, or a word for it.
        text: What it says, with places to fill in.
        query: For which messages of customers it is meant; None for those of its issue.
        channels: Where it can be said; none for everywhere.
        visibility: How openly; None for either.
        language: In which language it is, as a BCP 47 tag.
    """

    name: str
    issue: str
    text: Template
    query: Query | None = None
    channels: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    visibility: Visibility | None = attrs.field(
        default=None, converter=attrs.converters.optional(Visibility)
    )
    language: str | None = None


@attrs.frozen(kw_only=True)
class Stakeholder:
    """Somebody to ask or to tell.

    Attributes:
        name: Who it is, or which team.
        about: What they are asked or told about.
        contact: How to reach them: an address of e-mail, a number, a channel, by its kind.
        hours: When they can be reached, in words.
        public: Whether customers may be given the contact; otherwise it must not get out.
    """

    name: str
    about: str
    contact: Mapping[str, str] = attrs.field(factory=dict, converter=_pairs, hash=False)
    hours: str | None = None
    public: bool = False


@attrs.frozen(kw_only=True)
class ArchiveRule:
    """When a conversation needs no answer.

    Attributes:
        name: What it is called.
        query: Which messages of customers need none.
        reason: Why.
    """

    name: str
    query: Query
    reason: str


class What(Choice):
    """What is kept of a conversation before it is settled."""

    CATEGORY = "category"
    SUBCATEGORY = "subcategory"
    TAG = "tag"
    SENTIMENT = "sentiment"
    NOTE = "note"
    AGENT = "agent"
    TEAM = "team"
    HANDLING = "handling"


@attrs.frozen(kw_only=True)
class Recorded:
    """Something to record of every conversation.

    Attributes:
        what: What.
        why: What it is needed for.
    """

    what: What = attrs.field(converter=What)
    why: str


@attrs.frozen(kw_only=True)
class Elsewhere:
    """Matters that belong on another channel, because a law or the house says so.

    Attributes:
        name: What it is called.
        query: Which messages of customers are about such a matter.
        channel: Where to.
        how: How to say where that is: an address, a form.
        reason: Why, in words.
        law: The law or rule that demands it; None for what the house has chosen.
    """

    name: str
    query: Query
    channel: str
    how: str
    reason: str
    law: str | None = None


def _positive(privacy: "Privacy", _: "attrs.Attribute[int]", value: int) -> None:  # noqa: ARG001 - attrs passes it
    if value < 1:
        raise InvalidPlaybook(value, where="privacy.turns", right="a number from 1 on")


@attrs.frozen(kw_only=True)
class Privacy:
    """When to go on in private.

    Attributes:
        turns: After so many turns of the customer in public; several messages in a row are one.
        queries: Matters that take personal data, as queries of the customer's messages.
    """

    turns: int = attrs.field(default=4, validator=_positive)
    queries: tuple[Query, ...] = attrs.field(default=(), converter=tuple)
