"""Contacts: what passed between the house and somebody who helps it for nothing.

A contact is a view of events: what they said about being asked, when they were asked about what,
and when they were thanked. Whether they may be asked again follows from it and from the policy.
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialcare.domain.instants import instant
from socialcare.domain.peers.policy import Consent, PeerPolicy

__all__ = ["Ask", "Contact", "not_asked", "not_thanked"]

_KEPT = 20
"""How many asks are remembered; a policy with more in its time than that asks too much."""


def _moment(value: datetime) -> datetime:
    return instant(value, where="Ask.at")


@attrs.frozen(kw_only=True)
class Ask:
    """Somebody was asked.

    Attributes:
        at: When.
        conversation: About whose question; None for a favour of another kind.
    """

    at: datetime = attrs.field(converter=_moment)
    conversation: str | None = None


def _asks(value: Iterable[Ask]) -> tuple[Ask, ...]:
    return tuple(sorted(value, key=lambda ask: ask.at))[-_KEPT:]


@attrs.frozen(kw_only=True)
class Contact:
    """What passed between the house and somebody who helps it.

    Attributes:
        person: Who.
        consents: Whether they want to be asked; None for who never said anything.
        asks: When they were asked last, the latest last.
        thanked_at: When they were thanked last.
    """

    person: str
    consents: bool | None = None
    asks: tuple[Ask, ...] = attrs.field(default=(), converter=_asks)
    thanked_at: datetime | None = None

    def with_ask(self, ask: Ask) -> "Contact":
        """The contact with somebody who was asked once more."""
        return attrs.evolve(self, asks=(*self.asks, ask))

    def with_thanks(self, at: datetime) -> "Contact":
        """The contact with somebody who was thanked."""
        return attrs.evolve(self, thanked_at=at)

    def with_consent(self, *, given: bool) -> "Contact":
        """The contact with somebody who said whether they want to be asked."""
        return attrs.evolve(self, consents=given)


def not_asked(
    contact: Contact, policy: PeerPolicy, *, now: datetime, unanswered: int = 0
) -> str | None:
    """Why somebody may not be asked now, in words; None for who may.

    Args:
        contact: What passed so far.
        policy: How often somebody may be asked.
        now: When.
        unanswered: How many of the latest asks they have not answered.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> not_asked(Contact(person="bo"), PeerPolicy(), now=noon)
    'bo never said that they want to be asked'
    >>> not_asked(Contact(person="bo", consents=True), PeerPolicy(), now=noon)
    """
    who = contact.person
    if contact.consents is False:
        return f"{who} said that they do not want to be asked"
    if contact.consents is None and policy.consent is Consent.GIVEN:
        return f"{who} never said that they want to be asked"
    if contact.asks and now < contact.asks[-1].at + policy.pause:
        return f"{who} was asked {_clock(contact.asks[-1].at)}; {_clock_word(contact, policy)}"
    recent = [ask for ask in contact.asks if now < ask.at + policy.within]
    if len(recent) >= policy.most_asks:
        again = recent[-policy.most_asks].at + policy.within
        return f"{who} was asked {len(recent)} times of late; not before {_clock(again)}"
    if unanswered >= policy.most_unanswered:
        return f"{who} has not answered the last {unanswered} times that they were asked"
    return None


def not_thanked(contact: Contact, policy: PeerPolicy, *, now: datetime) -> str | None:
    """Why somebody need not be thanked now, in words; None for who may be."""
    last = contact.thanked_at
    if last is None or last + policy.thanks_pause <= now:
        return None
    return f"{contact.person} was thanked {_clock(last)}"


def _clock_word(contact: Contact, policy: PeerPolicy) -> str:
    return f"not before {_clock(contact.asks[-1].at + policy.pause)}"


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
