"""Summaries: the one row of a conversation that the queue needs.

A summary is made from the conversation and says nothing that its events do not.
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialcare.domain.states import State
from socialcare.domain.tier import Priority

_STATES = {each.value: each for each in State}


def _state(value: str) -> State:
    """The state; by a look-up, since every summary goes through here."""
    return _STATES.get(value) or State(value)


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class Summary:
    """What a queue or a history shows of a conversation.

    Attributes:
        id: The conversation.
        brand: Whose customer it is.
        customer_id: The customer, as a person.
        state: Where it stands.
        channel: Where the customer wrote last, or anybody if the customer never did.
        opened_at: When its first message was sent.
        last_at: When its last message was sent.
        waiting_since: When the message was sent that opened the wait; None while nobody waits.
        turn_at: When its turn comes among all who wait, and what is escalated; None while nobody
            waits, or only noise.
        priority: How much it matters that the customer waits; None while nobody does, and where
            there are no rules.
        prioritised: Whether somebody said so, and not the rules.
        resolved_at: When it was last settled, if it still is.
        reopened: How often it was taken up again.
        agent_id, team_id: Whose it is.
        level: To which level it is escalated; None where it is not.
        category, subcategory: What it is about.
        tags: In order.
        messages: How many messages it has, notes too.
        given: Whether its id was given by the channel, so that nothing is joined to it or cut.
        previous_id: The settled conversation that it comes back to.
        merged_into: The conversation that it became part of; it has no messages then.
        apart: Conversations that people split from it, which are never joined to it by themselves.
        absorbed: Conversations that were merged into it, by the ids that they had.
    """

    id: str
    brand: str | None = None
    customer_id: str | None = None
    state: State = attrs.field(default=State.NEW, converter=_state)
    channel: str | None = None
    opened_at: datetime | None = None
    last_at: datetime | None = None
    waiting_since: datetime | None = None
    turn_at: datetime | None = None
    priority: Priority | None = None
    prioritised: bool = False
    resolved_at: datetime | None = None
    reopened: int = 0
    agent_id: str | None = None
    team_id: str | None = None
    level: str | None = None
    category: str | None = None
    subcategory: str | None = None
    tags: tuple[str, ...] = attrs.field(default=(), converter=_names)
    messages: int = 0
    given: bool = False
    previous_id: str | None = None
    merged_into: str | None = None
    apart: tuple[str, ...] = attrs.field(default=(), converter=_names)
    absorbed: tuple[str, ...] = attrs.field(default=(), converter=_names)
