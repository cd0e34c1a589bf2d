"""Leaving: what somebody is, and what becomes of their work when they go away.

Nothing is lost silently. In the transaction in which somebody goes away their leases end; the
conversations of theirs in which a customer waits are shown, and go back to their teams, at once or
when somebody says so, as the house has it. What a customer writes later to somebody who is away
goes back when it is looked at.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialcare.desk import notices
from socialcare.desk.attendance import Attendance, attendance
from socialcare.desk.delivery import US
from socialcare.desk.looks import Look, Told
from socialcare.desk.transaction import Transaction, opened, survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Assigned, Event, LeaseEnded, PresenceChanged, Released
from socialcare.domain.instants import instant
from socialcare.domain.routing import Card, Leaving, Presence
from socialcare.domain.summary import Summary
from socialcare.errors import InvalidValue
from socialcare.plugins.records import Page

_PAGE = 100


def card(work: Workplace, agent_id: str) -> Card:
    """What is known of an agent."""
    return attendance(work.store, (agent_id,)).card(agent_id)


def set_presence(
    work: Workplace,
    agent_id: str,
    presence: Presence,
    *,
    until: datetime | None,
    reason: str | None,
    by: By,
    now: datetime,
) -> Card:
    """What is known of an agent, who is this from now on; who goes away holds nothing any more."""
    at, who = instant(now, where="now"), actor(by)
    end = None if until is None else instant(until, where="until")
    if end is not None and end <= at:
        raise InvalidValue(end.isoformat(), where="until", right=f"an instant after {at}")
    said = PresenceChanged(
        conversation=None,
        at=at,
        by=who,
        agent_id=agent_id,
        presence=presence,
        until=end,
        reason=reason,
    )

    def attempt() -> Card:
        held = attendance(work.store, (agent_id,))
        before = held.card(agent_id)
        names = [name for name, _ in before.holding(at)] if presence is Presence.AWAY else []
        transaction = Transaction(store=work.store, kept=survivors(work.store, *names))
        if (before.presence, before.until, before.reason) != (presence, end, reason):
            held.add(transaction, said)
        _end_leases(transaction, held, agent_id, names, by=who, now=at)
        transaction.commit()
        return held.card(agent_id)

    return work.retried(attempt)


def _end_leases(
    transaction: Transaction,
    held: Attendance,
    agent_id: str,
    names: Iterable[str],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Takes down that somebody who goes away holds none of these any more."""
    for name in names:
        found = transaction.conversation(transaction.current(name))
        if found.lease is not None and found.lease.agent_id == agent_id:
            held.add(
                transaction,
                LeaseEnded(
                    conversation=found.id,
                    at=now,
                    by=by,
                    agent_id=agent_id,
                    reason=f"{agent_id} went away",
                ),
            )


def go_away(
    work: Workplace,
    agent_id: str,
    *,
    until: datetime | None,
    reason: str | None,
    by: By,
    now: datetime,
) -> tuple[Summary, ...]:
    """The conversations of somebody who goes away in which a customer waits, as they were."""
    away = Presence.AWAY
    set_presence(work, agent_id, away, until=until, reason=reason, by=by, now=now)
    left = tuple(_waiting(work, agent_id))
    routing = work.handbook.routing
    if routing is not None and routing.leaving is Leaving.GIVE_BACK:
        give_back(work, agent_id, by=by, now=now)
    return left


def give_back(work: Workplace, agent_id: str, *, by: By, now: datetime) -> tuple[Conversation, ...]:
    """The conversations in which a customer waits that are an agent's no more, but their teams'."""
    at, who = instant(now, where="now"), actor(by)

    def attempt(conversation: str) -> Conversation | None:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        if found.agent_id != agent_id:
            return None
        transaction.add(_given_back(found, by=who, now=at))
        transaction.outbox += notices.entries(
            work,
            kind="given_back",
            conversation=name,
            to=found.team_id,
            said=f"{who.id} gave the conversation {name} back: it was {agent_id}'s",
            at=at,
        )
        transaction.commit()
        return transaction.conversation(name)

    waiting = tuple(_waiting(work, agent_id))
    given = (work.retried(lambda name=each.id: attempt(name)) for each in waiting)  # type: ignore[misc]  # mypy sees no type in the default
    return tuple(each for each in given if each is not None)


def left_behind(work: Workplace, *, now: datetime) -> tuple[Summary, ...]:
    """The conversations in which a customer waits for an agent of the routing who is away."""
    at = instant(now, where="now")
    routing = work.handbook.routing
    names = [] if routing is None else [agent.id for agent in routing.agents]
    cards = attendance(work.store, names).cards
    away = (name for name in names if name in cards and cards[name].is_away(at))
    return tuple(summary for name in away for summary in _waiting(work, name))


def deserted(work: Workplace, found: Conversation, now: datetime) -> Look:
    """That a conversation goes back to its team whose customer waits for somebody who is away."""
    routing = work.handbook.routing
    keeps = routing is None or routing.leaving is Leaving.KEEP
    if keeps or found.agent_id is None or found.waiting_since is None:
        return Look()
    holder = card(work, found.agent_id)
    if not holder.is_away(now):
        ends = holder.until is not None and holder.presence is Presence.PRESENT
        return Look(next_at=holder.until if ends else None)
    said = f"the conversation {found.id} was given back: {holder.said(now)}"
    return Look(
        events=[_given_back(found, by=US, now=now)],
        notices=[Told(kind="given_back", to=found.team_id, said=said)],
    )


def _given_back(found: Conversation, *, by: Actor, now: datetime) -> Event:
    """That a conversation is an agent's no more, but its team's, or nobody's."""
    if found.team_id is None:
        return Released(conversation=found.id, at=now, by=by)
    team = found.team_id
    return Assigned(conversation=found.id, at=now, by=by, agent_id=None, team_id=team)


def _waiting(work: Workplace, agent_id: str) -> Iterator[Summary]:
    """What an agent has in which a customer waits, the noise last."""
    for noise in (False, True):
        page = Page(agent_id=agent_id, noise=noise, limit=_PAGE)
        while found := work.store.page(page):
            yield from found
            page = attrs.evolve(page, after=found[-1])
