"""Measuring: what one conversation adds to the running numbers, by its events alone.

A wait is that of the metrics: it ends at a response. In a conversation that was settled without
one nobody waits any more, so open waits are those of conversations that are new or open.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import attrs

from socialcare.desk.walk import brought
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Key
from socialcare.domain.folding import fold
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.message import Direction, Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.states import State
from socialcare.domain.summary import Summary
from socialcare.domain.waits import Wait, waits
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked

WAITED_FOR = frozenset({State.NEW, State.OPEN})
"""States in which it is the brand's turn."""


@attrs.frozen(kw_only=True)
class Measured:
    """What one conversation comes to.

    Attributes:
        id: The conversation.
        state: Its state; None for one that is none any more.
        waits: The open ones, and those that ended within the window.
        again: The second at which it must be measured again, since something in it is stamped
            later than now; None if there is nothing.
    """

    id: str
    state: State | None = None
    waits: tuple[Wait, ...] = ()
    again: int | None = None


@attrs.frozen(kw_only=True)
class Measuring:
    """How conversations are measured.

    Attributes:
        store: The log.
        window: How far back ended waits count: those that ended after that long ago.
        policy: What opens a wait, and what ends it.
    """

    store: Store
    window: timedelta
    policy: MeasurementPolicy

    def start(self, now: int) -> int:
        """The last second before the window."""
        return now - int(self.window.total_seconds())

    def has_ended_lately(self, wait: Wait, now: int) -> bool:
        """Whether the wait ended within the window."""
        return wait.closed_at is not None and epoch_second(wait.closed_at) > self.start(now)

    def measured(self, names: Iterable[str], now: int) -> list[Measured]:
        """What each of these conversations comes to; one call to the store, and one or two each.

        Conversations in which nobody waits, and nothing was said within the window, are not read.
        """
        wanted = list(names)
        kept = self.store.summaries(wanted) if wanted else {}
        return [
            self._one(name, kept[name].summary, now) if name in kept else Measured(id=name)
            for name in wanted
        ]

    def _one(self, name: str, summary: Summary, now: int) -> Measured:
        if summary.merged_into is not None or not summary.messages:
            return Measured(id=name)
        if summary.state not in WAITED_FOR and not self._is_recent(summary, now):
            return Measured(id=name, state=summary.state)
        recorded = self.store.events(name)
        if not any(brought(each.event) for each in recorded):
            return Measured(id=name)  # it went elsewhere a moment ago, and the log says so
        return self._read(fold(name, recorded), summary.state, now)

    def _is_recent(self, summary: Summary, now: int) -> bool:
        return summary.last_at is not None and epoch_second(summary.last_at) > self.start(now)

    def _read(self, found: Conversation, state: State, now: int) -> Measured:
        elsewhere = self._seconds_elsewhere(found)
        every = waits(
            found,
            as_of=from_epoch_second(now),
            policy=self.policy,
            misdated=_misdated(found, elsewhere, now),
        )
        seconds = (*(message.second for message in found.messages), *elsewhere.values())
        return Measured(
            id=found.id,
            state=state,
            waits=tuple(wait for wait in every if self._matters(wait, state, now)),
            again=min((second for second in seconds if second > now), default=None),
        )

    def _matters(self, wait: Wait, state: State, now: int) -> bool:
        return state in WAITED_FOR if wait.pending else self.has_ended_lately(wait, now)

    def _seconds_elsewhere(self, conversation: Conversation) -> Mapping[Key, int]:
        """When the messages were sent that are answered here and are in other conversations."""
        own = {message.key for message in conversation.messages}
        wanted = {
            parent
            for message in conversation.messages
            if message.direction is Direction.OUTBOUND
            and (parent := _parent(message)) is not None
            and parent not in own
        }
        if not wanted:
            return {}
        rows = self.store.around(Asked(keys=tuple(sorted(wanted)))).placed
        return {row.key: row.second for row in rows if row.second is not None and row.key in wanted}


def _parent(message: Message) -> Key | None:
    return None if message.in_reply_to is None else (message.channel, message.in_reply_to)


def _misdated(conversation: Conversation, elsewhere: Mapping[Key, int], now: int) -> frozenset[Key]:
    """The messages stamped before the one that they answer, wherever that is."""
    seconds = {message.key: message.second for message in conversation.messages}
    known = {key: second for key, second in {**elsewhere, **seconds}.items() if second <= now}
    return frozenset(
        message.key
        for message in conversation.messages
        if (parent := _parent(message)) is not None
        and known.get(parent, message.second) > message.second
    )
