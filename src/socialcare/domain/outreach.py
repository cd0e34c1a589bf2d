"""Outreach: a message that nobody asked for, to those whom a known problem concerns.

It goes to a list that is fixed when it begins, so many a minute, to each customer once. Whoever
opted out gets none, also if they do so while it is going on.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from socialcare.domain.message import Visibility

__all__ = ["Outreach", "Progress", "Recipient", "each_once", "outreach_of"]

_MINUTE = timedelta(minutes=1)
_KEY = "outreach"


@attrs.frozen(kw_only=True)
class Recipient:
    """Somebody who is to get it.

    Attributes:
        conversation: Where it is said.
        customer_id: Who, as a person; None where nobody knows.
        brand: Whose customer.
    """

    conversation: str
    customer_id: str | None
    brand: str | None = None

    @property
    def person(self) -> tuple[str | None, str]:
        """Who it is: a customer of a brand, or else a conversation."""
        return (self.brand, self.customer_id or f"conversation {self.conversation}")


@attrs.frozen(kw_only=True)
class Outreach:
    """A message to many.

    Attributes:
        id: Its id.
        template_id: What they are told: an approved template.
        seal: Over its words and its audience, as it was when this began.
        values: What stands in its blanks, by name.
        channel: Where; None for where each wrote last.
        visibility: How openly.
        per_minute: To how many in a minute at most.
        started_at: When it began.
        started_by: Who began it.
        issue_id: About which issue.
        recipients: Who is to get it, each once.
    """

    id: str
    template_id: str
    seal: str
    values: tuple[tuple[str, str], ...] = ()
    channel: str | None = None
    visibility: Visibility = attrs.field(default=Visibility.PRIVATE, converter=Visibility)
    per_minute: int = attrs.field(default=30, validator=attrs.validators.ge(1))
    started_at: datetime
    started_by: str
    issue_id: str | None = None
    recipients: tuple[Recipient, ...] = ()

    @property
    def pause(self) -> timedelta:
        """How long there is from one message to the next."""
        return _MINUTE / self.per_minute

    def key(self, place: int) -> str:
        """The id of the reply to one of the recipients, by its number."""
        return f"{_KEY}:{self.id}:{place}"


@attrs.frozen(kw_only=True)
class Progress:
    """How far a message to many has come.

    Attributes:
        done: How many of the recipients were dealt with, from the first on.
        sent: To how many of them it was queued, by number.
        next_at: When the next one may be sent.
        ended_at: When all were dealt with, or it was stopped; None while it goes on.
        reason: Why it was stopped.
    """

    done: int = 0
    sent: tuple[int, ...] = ()
    next_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None

    @property
    def skipped(self) -> int:
        """How many were dealt with and do not get it."""
        return self.done - len(self.sent)


def outreach_of(reply_id: str) -> tuple[str, int | None]:
    """The message to many that a reply is one of, and its number; None where it is of none.

    >>> outreach_of("outreach:o7:12"), outreach_of("r1")
    (('o7', 12), ('r1', None))
    """
    kind, _, rest = reply_id.partition(":")
    own, _, place = rest.rpartition(":")
    return (own, int(place)) if kind == _KEY and place.isdecimal() else (reply_id, None)


def each_once(
    recipients: Iterable[Recipient], told: Iterable[Recipient] = ()
) -> tuple[Recipient, ...]:
    """The recipients, each person once and in order, without those who were told before.

    >>> ada, again = (Recipient(conversation=name, customer_id="ada") for name in ("x:1", "x:2"))
    >>> [each.conversation for each in each_once([ada, again])]
    ['x:1']
    """
    known = {each.person for each in told}
    found: dict[tuple[str | None, str], Recipient] = {}
    for each in recipients:
        if each.person not in known:
            found.setdefault(each.person, each)
    return tuple(found.values())
