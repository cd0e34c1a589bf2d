"""Attendance: the cards of agents, kept beside the events that they are a view of.

Whoever changes what somebody has or is writes their card only as it was read. So nobody is given a
conversation in the moment in which they go away, and nobody more than they have room for, however
many processes route.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from socialcare.desk.transaction import Transaction
from socialcare.desk.versioned import Versioned, each_versioned
from socialcare.domain.events import Event
from socialcare.domain.routing.presence import Card, agent_named
from socialcare.domain.routing.roll import after, concerned
from socialcare.domain.stored_form import text_of, value_from
from socialcare.errors import NotAllowedNow
from socialcare.plugins.protocols import Store

_PREFIX = "agent:"


@attrs.define(kw_only=True)
class Attendance:
    """The cards of some agents, as they were read, with what a transaction makes of them.

    Attributes:
        cards: By agent; an agent of whom nothing is known has none.
    """

    cards: dict[str, Card]
    _texts: Mapping[str, Versioned]

    def card(self, agent_id: str) -> Card:
        """The card of an agent; an empty one where nothing is known."""
        return agent_named(agent_id, self.cards)

    def refuse_if_away(self, conversation: str, agent_id: str | None, now: datetime) -> None:
        """Refuses to give a conversation to somebody who is known to be away.

        Raises:
            NotAllowedNow: Which says since when, and until when.
        """
        if agent_id is not None and self.card(agent_id).is_away(now):
            wanted = f"give it to {agent_id}"
            raise NotAllowedNow(conversation, wanted=wanted, found=self.card(agent_id).said(now))

    def add(self, transaction: Transaction, event: Event) -> None:
        """Takes down an event, and what it makes of the cards of those whom it concerns."""
        transaction.add(event)
        for agent_id in concerned(event):
            card = after(self.card(agent_id), event)
            self.cards[agent_id] = card
            texts = self._texts[agent_id]
            texts.put(transaction, {texts.name: text_of(card)})


def attendance(store: Store, agents: Iterable[str | None]) -> Attendance:
    """The cards of these agents, all from one moment."""
    names = {each: _PREFIX + each for each in agents if each is not None}
    found = each_versioned(store, names.values())
    texts = {each: found[name] for each, name in names.items()}
    return Attendance(
        cards={
            each: value_from(own.texts[own.name], Card) for each, own in texts.items() if own.texts
        },
        texts=texts,
    )
