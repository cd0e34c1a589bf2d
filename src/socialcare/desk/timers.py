"""Timers: when a conversation is to be looked at again, and when it was looked at last.

A timer is an entry of the outbox that nobody delivers, one for each conversation, under a key of
its own. It is set by settling it, whatever its state; what it says is the instant of the last look.
"""

from datetime import UTC, datetime

import attrs

from socialcare.desk.transaction import Transaction
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Delivery, Entry, Notice, Settlement

TARGET = "desk:watch"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a timer is due that no time will make due."""
_RUNS = frozenset({Delivery.PENDING, Delivery.CLAIMED})


@attrs.frozen(kw_only=True)
class Timer:
    """The timer of one conversation.

    Attributes:
        conversation: Which one.
        entry: As it was read; None if the conversation never had one.
    """

    conversation: str
    entry: Entry | None

    @classmethod
    def of(cls, store: Store, conversation: str) -> "Timer":
        """The timer of a conversation, as it is now."""
        found = store.entries((_key(conversation),))
        return cls(conversation=conversation, entry=next(iter(found), None))

    @property
    def looked_at(self) -> datetime | None:
        """The instant of the last look; None if that is not known."""
        said = None if self.entry is None else self.entry.said
        return None if said is None else datetime.fromisoformat(said)

    def set(self, transaction: Transaction, due_at: datetime | None, *, now: datetime) -> None:
        """Has the next look at that moment, or none; writes nothing if all of it is so already."""
        runs = self.entry is not None and self.entry.state in _RUNS
        if (due_at is None and not runs) or self._is_set(transaction, due_at):
            return
        if self.entry is None:
            transaction.outbox.append(self._new(due_at or now, now))
        settlement = Settlement(
            key=_key(self.conversation),
            attempt=None,
            state=Delivery.SENT if due_at is None else Delivery.PENDING,
            due_at=due_at,
            said=max(now, self.looked_at or now).isoformat(),
        )
        transaction.settled.append(settlement)
        # It follows from the conversation as it was read, so it is set only if that is so still.
        transaction.hold(self.conversation)

    def _is_set(self, transaction: Transaction, due_at: datetime | None) -> bool:
        entry = self.entry
        if entry is None or entry.state is not Delivery.PENDING or entry.due_at != due_at:
            return False
        came = transaction.conversation(self.conversation).taken_in.values()
        return self.looked_at is not None and all(at <= self.looked_at for at in came)

    def _new(self, due_at: datetime, now: datetime) -> Entry:
        key = _key(self.conversation)
        return Entry(
            key=key,
            target=TARGET,
            lane=key,
            what=Notice(
                id=key,
                kind="look",
                conversation=self.conversation,
                said="it is to be looked at",
                at=now,
            ),
            conversation=self.conversation,
            due_at=due_at,
        )


def _key(conversation: str) -> str:
    return f"{TARGET}:{conversation}"
