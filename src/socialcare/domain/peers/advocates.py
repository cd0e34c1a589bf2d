"""Advocates: customers who speak for a brand, and customers who leave it.

Somebody speaks for a brand who recommends it, defends it, or sounds pleased; and against it who
complains, sounds displeased, or says that they leave. Advocates are ranked as peers are: by the
share of what they said for the brand that is sure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Flag, auto

import attrs

from socialcare.domain.annotation import Sense
from socialcare.domain.customer import Handle
from socialcare.domain.events.fact import Key
from socialcare.domain.message import AuthorRole, Direction
from socialcare.domain.peers.answers import Person, by_id
from socialcare.domain.query.flags import sentiment
from socialcare.domain.query.phrases import says
from socialcare.domain.sentiment import sentiment_class
from socialcare.domain.statistics import Share
from socialcare.domain.subject import Subject
from socialcare.errors import InvalidValue

__all__ = ["Advocate", "Stand", "Statement", "advocates", "stand", "statement"]


class Stand(Flag):
    """How somebody speaks of a brand."""

    NONE = 0
    PLEASED = auto()
    RECOMMENDS = auto()
    DEFENDS = auto()
    DISPLEASED = auto()
    LEAVES = auto()


FOR = Stand.PLEASED | Stand.RECOMMENDS | Stand.DEFENDS
AGAINST = Stand.DISPLEASED | Stand.LEAVES


@attrs.frozen(kw_only=True)
class Statement:
    """What somebody said for or against a brand.

    Attributes:
        person: Who.
        handle: How the channel knows them.
        message: Where, as channel and id.
        conversation: In which conversation; None for none.
        at: When.
        stand: How they speak of it.
    """

    person: str
    handle: Handle
    message: Key
    conversation: str | None
    at: datetime
    stand: Stand

    @property
    def speaks_for(self) -> bool:
        """Whether they speak for it, and not against it at once."""
        return bool(self.stand & FOR) and not self.stand & AGAINST


def _statements(value: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(sorted(value, key=lambda each: (each.at, each.message)))


@attrs.frozen(kw_only=True)
class Advocate:
    """Somebody who speaks for a brand.

    Attributes:
        id: Who.
        statements: What they said for and against it, the earliest first.
    """

    id: str
    statements: tuple[Statement, ...] = attrs.field(converter=_statements)

    @property
    def favour(self) -> Share:
        """How much of what they said was for it."""
        k = sum(each.speaks_for for each in self.statements)
        return Share(k=k, n=len(self.statements))

    @property
    def score(self) -> float:
        """The share for it that is sure, from 0 to 1: the lower end of Wilson's 95 % interval."""
        interval = self.favour.interval
        return 0.0 if interval is None else interval[0]

    def count(self, stand: Stand) -> int:
        """How often they spoke so."""
        return sum(stand in each.stand for each in self.statements)


def stand(subject: Subject) -> Stand:
    """How a customer or a peer speaks of the brand in a message."""
    found = Stand.NONE
    score = sentiment(subject)
    sounds = None if score is None else sentiment_class(score)
    if says("recommending", subject):
        found |= Stand.RECOMMENDS
    if says("defending", subject):
        found |= Stand.DEFENDS
    if says("leaving", subject):
        found |= Stand.LEAVES
    if sounds == "negative" or subject.known(Sense.COMPLAINT) is True:
        found |= Stand.DISPLEASED
    elif sounds == "positive":
        found |= Stand.PLEASED
    return found


def statement(subject: Subject, person: Person = by_id) -> Statement | None:
    """What somebody says for or against the brand; None for nothing, or nobody that is known."""
    message = subject.message
    by_us = message.direction is Direction.OUTBOUND or message.is_note or message.automated
    if by_us or message.author.role not in (AuthorRole.CUSTOMER, AuthorRole.PEER):
        return None
    who = message.author.id or (message.customer_id if message.by_customer else None)
    found = stand(subject) if who else Stand.NONE
    if not who or not found:
        return None
    handle = Handle(channel=message.channel, id=who)
    return Statement(
        person=person(handle),
        handle=handle,
        message=message.key,
        conversation=None if subject.conversation is None else subject.conversation.id,
        at=message.sent_at,
        stand=found,
    )


def advocates(statements: Iterable[Statement], *, least: int = 2) -> Sequence[Advocate]:
    """Those who speak for the brand, the surest first; of equals who spoke more, then by id.

    Args:
        statements: What was said for and against it.
        least: How often somebody must have spoken for it.

    Raises:
        InvalidValue: If `least` is not at least 1.
    """
    if least < 1:
        raise InvalidValue(least, where="advocates: least", right="at least 1")
    by_person: defaultdict[str, list[Statement]] = defaultdict(list)
    for each in statements:
        by_person[each.person].append(each)
    every = (Advocate(id=who, statements=own) for who, own in by_person.items())
    found = [each for each in every if each.favour.k >= least]
    return tuple(sorted(found, key=lambda each: (-each.score, -each.favour.k, each.id)))
