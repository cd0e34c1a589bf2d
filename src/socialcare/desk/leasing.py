"""Leasing: who may answer a customer now.

A lease is an event of its conversation, so of two who want it at once one is slower, reads again
and finds it taken. What may be done is in the table of `socialcare.domain.routing.lease`.
"""

from datetime import datetime, timedelta

import attrs

from socialcare.desk.attendance import Attendance, attendance
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Leased, LeaseEnded
from socialcare.domain.instants import instant
from socialcare.domain.routing import Routing, Step
from socialcare.domain.routing.lease import Hold, hold_of, may
from socialcare.errors import InvalidValue, NotAllowedNow

_WANTED = {
    Step.LEASE: "lease it",
    Step.TAKE: "take it over",
    Step.HAND: "hand it on",
    Step.END: "end the lease",
    Step.ANSWER: "answer",
}
STANDARD = Routing()
"""What holds for leases where a desk has no routing."""


@attrs.frozen(kw_only=True)
class Wish:
    """What somebody wants to do about a lease.

    Attributes:
        step: What.
        agent_id: Who is to have it then; None for `by`.
        lasts: How long; None for as long as the house has it.
        reason: Why.
    """

    step: Step
    agent_id: str | None = None
    lasts: timedelta | None = None
    reason: str | None = None


def leased(
    work: Workplace, conversation: str, wish: Wish, *, by: By, now: datetime
) -> Conversation:
    """The conversation, which somebody may answer from now on, and nobody else."""
    now, who = instant(now, where="now"), actor(by)
    routing = work.handbook.routing or STANDARD
    until = now + _lasting(wish, routing)

    def attempt() -> Conversation:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        _refuse_unless(found, wish.step, who, routing, now)
        agent = wish.agent_id or who.id
        held = attendance(work.store, (agent, _holder(found, now)))
        held.refuse_if_away(name, agent, now)
        lend(transaction, held, found, agent, until=until, by=who, now=now, reason=wish.reason)
        transaction.commit()
        return transaction.conversation(name)

    return work.retried(attempt)


def lend(
    transaction: Transaction,
    held: Attendance,
    found: Conversation,
    agent_id: str,
    *,
    until: datetime,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Takes down that somebody has a lease."""
    holder = _holder(found, now)
    event = Leased(
        conversation=found.id,
        at=now,
        by=by,
        agent_id=agent_id,
        until=until,
        taken_from=None if holder == agent_id else holder,
        reason=reason,
    )
    held.add(transaction, event)


def ended(
    work: Workplace, conversation: str, reason: str | None, *, by: By, now: datetime
) -> Conversation:
    """The conversation, which anybody may answer from now on."""
    now, who = instant(now, where="now"), actor(by)
    routing = work.handbook.routing or STANDARD

    def attempt() -> Conversation:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        holder = _holder(found, now)
        if holder is None:
            return found
        _refuse_unless(found, Step.END, who, routing, now)
        held = attendance(work.store, (holder,))
        event = LeaseEnded(conversation=name, at=now, by=who, agent_id=holder, reason=reason)
        held.add(transaction, event)
        transaction.commit()
        return transaction.conversation(name)

    return work.retried(attempt)


def refuse_unless_free(conversation: Conversation, who: Actor, now: datetime) -> None:
    """Refuses to have a customer answered by somebody else than who holds the conversation.

    Raises:
        NotAllowedNow: Which names who has it until when.
    """
    if hold_of(conversation.lease, who.id, now) is Hold.ANOTHERS:
        raise NotAllowedNow(
            conversation.id, wanted=_WANTED[Step.ANSWER], found=_taken(conversation)
        )


def _refuse_unless(
    found: Conversation, step: Step, who: Actor, routing: Routing, now: datetime
) -> None:
    if not may(found.lease, step, who.id, roles=who.roles, leads=routing.leads, now=now):
        said = _taken(found)
        if hold_of(found.lease, who.id, now) is Hold.FREE:
            said = "nobody has it; lease it first"
        elif step is not Step.LEASE:
            said = f"{said}; a role out of {', '.join(routing.leads) or 'none'} may"
        raise NotAllowedNow(found.id, wanted=_WANTED[step], found=said)


def _taken(found: Conversation) -> str:
    return str(found.lease)


def _holder(found: Conversation, now: datetime) -> str | None:
    """Who holds it now."""
    return found.lease.agent_id if found.lease is not None and found.lease.holds(now) else None


def _lasting(wish: Wish, routing: Routing) -> timedelta:
    lasts = routing.lease if wish.lasts is None else wish.lasts
    if lasts <= timedelta():
        raise InvalidValue(str(lasts), where="lease for_", right="a duration above zero")
    return lasts
