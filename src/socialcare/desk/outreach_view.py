"""What people see of a message to many, and who is to get one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from socialcare.desk import issues, searching
from socialcare.desk.outreach_texts import going, recipients, register, then_and_now
from socialcare.desk.workplace import Workplace
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.outreach import Outreach
from socialcare.domain.query import Query
from socialcare.domain.summary import Summary
from socialcare.errors import InvalidValue
from socialcare.plugins.records import Delivery

_MOST = 5_000
_AT_ONCE = 1_000


@attrs.frozen(kw_only=True)
class OutreachView:
    """A message to many, and how far it has come.

    Attributes:
        outreach: What goes to whom.
        queued: How many replies were queued and not taken back.
        deliveries: How many of these are in which state of the outbox.
        skipped: How many recipients were dealt with and do not get it.
        left: How many are still to be dealt with.
        ended_at: When it ended; None while it goes on.
        reason: Why it was stopped.
    """

    outreach: Outreach
    queued: int
    deliveries: Mapping[Delivery, int] = attrs.field(hash=False)
    skipped: int
    left: int
    ended_at: datetime | None
    reason: str | None

    @property
    def id(self) -> str:
        """Its id."""
        return self.outreach.id

    @property
    def sent(self) -> int:
        """How many were sent."""
        return self.deliveries.get(Delivery.SENT, 0)


def view(work: Workplace, outreach_id: str) -> OutreachView:
    """A message to many, and how far it has come."""
    known = going(work, outreach_id)
    outreach, progress = known.outreach, known.progress
    keys = [outreach.key(place) for place in progress.sent]
    counts: dict[Delivery, int] = {}
    for start in range(0, len(keys), _AT_ONCE):
        for entry in work.store.entries(keys[start : start + _AT_ONCE]):
            counts[entry.state] = counts.get(entry.state, 0) + 1
    return OutreachView(
        outreach=outreach,
        queued=len(keys),
        deliveries=MappingProxyType(counts),
        skipped=progress.done - len(keys),
        left=0 if progress.ended_at else len(outreach.recipients) - progress.done,
        ended_at=progress.ended_at,
        reason=progress.reason,
    )


def audience(
    work: Workplace,
    *,
    conversations: Iterable[str] | None,
    query: Query | str | None,
    issue_id: str | None,
) -> tuple[str, ...]:
    """The conversations whose customers are told.

    Raises:
        InvalidValue: If it is not said to whom, or in several ways.
    """
    given = [each is not None for each in (conversations, query, issue_id)]
    if sum(given) != 1:
        right = "conversations, a query or an issue, and only one of them"
        raise InvalidValue(sum(given), where="audience", right=right)
    if conversations is not None:
        return tuple(conversations)
    if issue_id is not None:
        return tuple(each.id for each in to_tell(work, issue_id))
    asked = query if isinstance(query, Query) else Query(query or "")
    results = searching.search(work, asked, limit=_MOST, look_at=2 * _MOST)
    return tuple(dict.fromkeys(each.conversation for each in results if each.conversation))


def to_tell(work: Workplace, issue_id: str) -> tuple[Summary, ...]:
    """The conversations of those affected by an issue who were not told yet."""
    every = issues.affected(work, issue_id)
    told = set()
    for each in register(work)[0].every:
        known = going(work, each)
        if known.outreach.issue_id == issue_id:
            on = known.progress.ended_at is None
            to = known.outreach.recipients if on else known.sent_to
            told |= {one.person for one in then_and_now(work, to)}
    people = recipients(work, (each.id for each in every))
    return tuple(each for each, one in zip(every, people, strict=True) if one.person not in told)


def pace(work: Workplace) -> int:
    """To how many in a minute, by the crisis plan."""
    return (work.handbook.crisis or CrisisPlan()).afterwards.per_minute
