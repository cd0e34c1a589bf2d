"""Routing: giving conversations to agents, or letting them come for the next one.

What is known of a conversation and of the agents is gathered here; who gets it is decided by
`socialcare.domain.routing`. What was decided is written only if neither the conversation nor the
agent changed meanwhile; else it is decided again.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from heapq import merge
from itertools import chain

import attrs

from socialcare.desk import notices
from socialcare.desk.answered import subjects
from socialcare.desk.attendance import Attendance, attendance
from socialcare.desk.leasing import STANDARD, lend
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Assigned
from socialcare.domain.instants import EPOCH, instant
from socialcare.domain.message import Direction
from socialcare.domain.routing import Agent, Case, Hold, Proposal, Routing, Staff, propose
from socialcare.domain.routing.lease import hold_of
from socialcare.domain.summary import Summary
from socialcare.errors import InvalidValue, NotAllowedNow
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Page

_EARLIER = 20
"""How many of a customer's conversations are looked at for who dealt with them."""
_LOOKED_AT = 500
"""How many conversations of the queue are looked at for one that suits."""
_PAGE = 50
_NO_LIMIT = 1_000_000


class _Load(Mapping[str, int]):
    """In how many conversations of theirs a customer waits, by agent, counted when asked for."""

    def __init__(self, store: Store, routing: Routing) -> None:
        self._store = store
        self._most = {agent.id: agent.capacity for agent in routing.agents}
        self._known: dict[str, int] = {}

    def __getitem__(self, agent_id: str) -> int:
        if agent_id not in self._known:
            page = Page(agent_id=agent_id, limit=self._most.get(agent_id, 1))
            self._known[agent_id] = len(self._store.page(page))
        return self._known[agent_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._most)

    def __len__(self) -> int:
        return len(self._most)


def proposal(work: Workplace, conversation: str, *, now: datetime) -> Proposal:
    """Who would get a conversation, and why; nothing is written."""
    at = instant(now, where="now")
    transaction, name = opened(work.store, conversation)
    staff, _ = _staff(work, _routing(work), at)
    return propose(_case(work, transaction.conversation(name), at), staff)


def route(work: Workplace, conversation: str, *, by: By, now: datetime) -> Proposal:
    """Who got a conversation, and why; or why nobody could."""
    now, who, routing = instant(now, where="now"), actor(by), _routing(work)

    def attempt() -> Proposal:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        if found.agent_id is not None:
            said = f"it is {found.agent_id}'s; release it first, or assign it"
            raise NotAllowedNow(name, wanted="route it", found=said)
        staff, held = _staff(work, routing, now)
        chosen = propose(_case(work, found, now), staff)
        if chosen.agent_id is not None:
            give(work, transaction, held, found, chosen.agent_id, chosen.team_id, by=who, now=now)
            transaction.commit()
        return chosen

    return work.retried(attempt)


def route_next(work: Workplace, *, by: By, now: datetime) -> tuple[str, Proposal] | None:
    """The first conversation of the queue that somebody could be given, and who got it."""
    now = instant(now, where="now")
    staff, _ = _staff(work, _routing(work), now)
    for summary in _pages(work.store, Page(unassigned=True, limit=_PAGE)):
        transaction, name = opened(work.store, summary.id)
        found = transaction.conversation(name)
        if found.agent_id is None and propose(_case(work, found, now), staff).agent_id is not None:
            try:
                chosen = route(work, name, by=by, now=now)
            except NotAllowedNow:  # somebody else has it by now
                continue
            if chosen.agent_id is not None:
                return name, chosen
    return None


def next_for(
    work: Workplace, agent_id: str, lasts: timedelta | None, *, by: By, now: datetime
) -> Conversation | None:
    """The next conversation that suits an agent, which is theirs and leased to them; or None."""
    now, who = instant(now, where="now"), actor(by)
    routing = work.handbook.routing or STANDARD
    agent = _agent(routing, agent_id)
    until = now + (lasts or routing.lease)
    for summary in _in_order_of_turns(work.store, agent_id):
        taken = work.retried(
            lambda summary=summary: _pulled(work, summary.id, routing, agent, until, who, now)  # type: ignore[misc]  # mypy sees no type in the default
        )
        if taken is not None:
            return taken
    return None


def _pulled(
    work: Workplace,
    conversation: str,
    routing: Routing,
    agent: Agent,
    until: datetime,
    who: Actor,
    now: datetime,
) -> Conversation | None:
    transaction, name = opened(work.store, conversation)
    found = transaction.conversation(name)
    is_own = found.agent_id == agent.id
    if found.waiting_since is None or not (is_own or found.agent_id is None):
        return None
    if hold_of(found.lease, agent.id, now) is not Hold.FREE:
        return None
    staff, held = _staff(work, attrs.evolve(routing, agents=[agent]), now)
    held.refuse_if_away(name, agent.id, now)
    if not is_own:
        if staff.refusal_to_ask(_case(work, found, now), agent) is not None:
            return None
        team = found.team_id
        give(work, transaction, held, found, agent.id, team, by=who, now=now)
    lend(transaction, held, found, agent.id, until=until, by=who, now=now)
    transaction.commit()
    return transaction.conversation(name)


def give(
    work: Workplace,
    transaction: Transaction,
    held: Attendance,
    found: Conversation,
    agent_id: str | None,
    team_id: str | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Takes down that a conversation is somebody's, who are told unless they did it."""
    event = Assigned(conversation=found.id, at=now, by=by, agent_id=agent_id, team_id=team_id)
    held.add(transaction, event)
    if agent_id != by.id:
        to = agent_id or team_id
        transaction.outbox += notices.entries(
            work,
            kind="assigned",
            conversation=found.id,
            to=to,
            said=f"{by.id} gave the conversation {found.id} to {to}",
            at=now,
        )


# What is known of the agents


def _routing(work: Workplace) -> Routing:
    routing = work.handbook.routing
    if routing is None:
        raise InvalidValue(None, where="routing", right="a desk that was opened with `routing=`")
    return routing


def _agent(routing: Routing, agent_id: str) -> Agent:
    """An agent as the routing has them; without one whoever asks, with room for anything."""
    anybody = Agent(id=agent_id, capacity=_NO_LIMIT)
    found = anybody if routing is STANDARD else routing.agent(agent_id)
    if found is None:
        known = ", ".join(agent.id for agent in routing.agents) or "none"
        raise InvalidValue(agent_id, where=f"{routing.called}: agents", right=f"one of {known}")
    return found


def _staff(work: Workplace, routing: Routing, now: datetime) -> tuple[Staff, Attendance]:
    """The agents as they are, and their cards to be written."""
    held = attendance(work.store, [agent.id for agent in routing.agents])
    staff = Staff(
        routing=routing,
        now=now,
        cards=held.cards,
        load=_Load(work.store, routing),
        rota=work.handbook.rota,
    )
    return staff, held


# What is known of a conversation


def _case(work: Workplace, found: Conversation, now: datetime) -> Case:
    return Case(
        team_id=found.team_id,
        language=_language(found),
        skills=dict.fromkeys(_skills(work, found, now)),
        dealt_with=dict.fromkeys(chain(_answered(found), _earlier(work, found))),
    )


def _language(found: Conversation) -> str | None:
    said = (each.language for each in reversed(found.customer_messages))
    return next((language for language in said if language), None)


def _skills(work: Workplace, found: Conversation, now: datetime) -> Iterator[str]:
    """What is needed for what the customer waits with: whatever any of it asks for."""
    routing = work.handbook.routing
    if routing is not None and routing.needs:
        for subject in subjects(work, found, now=now):
            yield from routing.skills_for(subject, found.team_id)


def _answered(found: Conversation) -> Iterator[str]:
    """Who answered in a conversation, the latest first."""
    for message in reversed(found.spoken):
        by_us = message.direction is Direction.OUTBOUND and not message.automated
        if by_us and message.agent_id is not None:
            yield message.agent_id


def _earlier(work: Workplace, found: Conversation) -> Iterator[str]:
    """Who dealt with the customer's other conversations, the latest first."""
    if found.customer_id is None:
        return
    page = Page(customer=(found.brand, found.customer_id), limit=_EARLIER)
    for summary in work.store.page(page):
        if summary.id == found.id:
            continue
        if summary.agent_id is not None:
            yield summary.agent_id
        else:
            transaction, name = opened(work.store, summary.id)
            yield from _answered(transaction.conversation(name))


# The queue


def _in_order_of_turns(store: Store, agent_id: str) -> Iterator[Summary]:
    """What waits that is somebody's own or nobody's, whose turn is first first."""
    own = _pages(store, Page(agent_id=agent_id, limit=_PAGE))
    free = _pages(store, Page(unassigned=True, limit=_PAGE))
    yield from merge(own, free, key=_turn)


def _turn(summary: Summary) -> tuple[datetime, str]:
    return (summary.turn_at or EPOCH, summary.id)


def _pages(store: Store, page: Page) -> Iterator[Summary]:
    """What a page and those after it show, up to a limit."""
    seen = 0
    while found := store.page(page):
        yield from found
        seen += len(found)
        if len(found) < page.limit or seen >= _LOOKED_AT:
            break
        page = attrs.evolve(page, after=found[-1])
