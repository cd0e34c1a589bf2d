"""Deadlines at the desk: each warning and breach is written once, and whoever has it is told.

What is crossed when is a function of what was taken in when (`socialcare.domain.sla.as_known`), so
it does not matter how often anybody looks. Which of it is written already stands in the
conversation.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from socialcare.desk.delivery import US
from socialcare.desk.looks import Look, Told
from socialcare.desk.transaction import opened
from socialcare.desk.walk import conversations
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import DeadlineBreached, DeadlineWarned
from socialcare.domain.instants import instant
from socialcare.domain.sla.as_known import clocks_of, unwritten
from socialcare.domain.sla.attainment import Period, WhatIf, what_if
from socialcare.domain.sla.clock import Crossing, SlaClock
from socialcare.domain.sla.policy import SlaPolicy
from socialcare.errors import MissingDocument

_SECOND = timedelta(seconds=1)
_NEWS = timedelta(days=1)
"""What is over and was late longer ago than this is written, but nobody is told any more."""


# The rule


def deadlines(work: Workplace, found: Conversation, now: datetime) -> Look:
    """The warnings and breaches that are not written yet."""
    policy = work.deadlines
    if policy is None:
        return Look()
    clocks = clocks_of(found, policy, now=now)
    new = unwritten(found, policy, clocks, now=now)
    coming = (clock.next_at for clock in clocks if clock.next_at is not None)
    return Look(
        events=(_event(found, each, policy, now) for each in new),
        notices=_notices(found, new, clocks, now),
        # At the instant itself no more than the share is used; a second later it is.
        next_at=min((at + _SECOND for at in coming), default=None),
    )


def _event(
    found: Conversation, crossing: Crossing, policy: SlaPolicy, now: datetime
) -> DeadlineWarned | DeadlineBreached:
    if crossing.is_breach:
        return DeadlineBreached(
            conversation=found.id,
            at=now,
            by=US,
            target=crossing.target.value,
            opened_at=crossing.opened_at,
            crossed_at=crossing.at,
            entry=crossing.entry,
            policy=policy.name,
            policy_version=policy.version,
            team=crossing.team,
        )
    return DeadlineWarned(
        conversation=found.id,
        at=now,
        by=US,
        target=crossing.target.value,
        opened_at=crossing.opened_at,
        share=crossing.share,
        crossed_at=crossing.at,
        entry=crossing.entry,
        policy=policy.name,
        policy_version=policy.version,
        team=crossing.team,
    )


def _notices(
    found: Conversation, new: Iterable[Crossing], clocks: Iterable[SlaClock], now: datetime
) -> Iterator[Told]:
    """Tells how far each clock has come, while it runs or shortly after it was late."""
    furthest = {
        (each.conversation_id, each.target, each.team, each.opened_at): each
        for each in sorted(new, key=lambda each: each.share)
    }
    running = {clock.key: clock for clock in clocks if clock.pending}
    for key, crossing in furthest.items():
        is_news = crossing.is_breach and now - crossing.at <= _NEWS
        if key in running or is_news:
            yield _told(found, crossing, running.get(key))


def _told(found: Conversation, crossing: Crossing, clock: SlaClock | None) -> Told:
    what = crossing.target.value.replace("_", " ")
    of = f" {crossing.team!r}" if crossing.team else ""
    promise = f"the {what}{of} of the conversation {found.id}"
    if crossing.is_breach:
        kind, said = "breached", f"{promise} is late since {_moment(crossing.at)}"
    else:
        due = "" if clock is None or clock.due_at is None else f", due {_moment(clock.due_at)}"
        kind, said = "deadline", f"{promise} has used {crossing.share:.0%} of its time{due}"
    return Told(kind=kind, to=found.agent_id or found.team_id, said=f"{said} ({crossing.entry})")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


# Questions


def clocks(work: Workplace, conversation: str, *, now: datetime) -> tuple[SlaClock, ...]:
    """The clocks of a conversation, or of the one that it became part of."""
    transaction, name = opened(work.store, conversation)
    return clocks_of(transaction.conversation(name), _in_force(work), now=instant(now, where="now"))


def every_clock(
    work: Workplace,
    policy: SlaPolicy | None,
    *,
    now: datetime,
    since: datetime | None,
    until: datetime | None,
) -> Iterator[SlaClock]:
    """All clocks that began in a period, by a policy or by the one in force."""
    found = _in_force(work) if policy is None else policy
    period = Period(since=since, until=until)
    for conversation in conversations(work.store):
        yield from period.of(clocks_of(conversation, found, now=now))


def what_if_other(
    work: Workplace,
    policy: SlaPolicy,
    *,
    now: datetime,
    since: datetime | None,
    until: datetime | None,
) -> WhatIf:
    """The whole log under the policy in force, and under another."""
    period = Period(since=since, until=until)
    return what_if(conversations(work.store), _in_force(work), policy, now=now, period=period)


def _in_force(work: Workplace) -> SlaPolicy:
    if work.deadlines is None:
        raise MissingDocument("deadlines")
    return work.deadlines
