"""Watch: what the passing of time does.

An agent who forgot to stop would seem to work for ever, so handling ends by itself after a while.
That it has to be looked at then is written to the outbox when it begins, as an entry that nobody
delivers; so what is due is found at once, however much the log holds, and by one worker only.
"""

from datetime import datetime, timedelta

from socialcare.desk.delivery import LEASE, US
from socialcare.desk.transaction import Transaction, survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.events import Event, HandlingStarted, HandlingStopped
from socialcare.domain.instants import instant
from socialcare.plugins.records import Delivery, Entry, Notice, Settlement

LONGEST_HANDLING = timedelta(hours=12)
TARGET = "desk:watch"
_AT_ONCE = 100


def reminder(work: Workplace, started: HandlingStarted) -> Entry:
    """The entry that has somebody look whether handling was stopped in time."""
    key = work.ids()
    notice = Notice(
        id=key,
        kind="handling",
        conversation=started.conversation,
        to=started.agent_id,
        said=f"{started.agent_id} began to work on it",
        at=started.at,
    )
    return Entry(
        key=key,
        target=TARGET,
        lane=key,
        what=notice,
        conversation=started.conversation,
        due_at=started.at + LONGEST_HANDLING,
    )


def watch(work: Workplace, *, now: datetime) -> tuple[Event, ...]:
    """What happened because time has passed, in the order in which it was due."""
    now = instant(now, where="now")
    done: list[Event] = []
    while due := work.store.claim((TARGET,), now=now, until=now + LEASE, limit=_AT_ONCE):
        for entry in due:
            done += work.retried(lambda entry=entry: _looked_at(work, entry))  # type: ignore[misc]  # mypy sees no type in the default
    return tuple(done)


def _looked_at(work: Workplace, entry: Entry) -> tuple[Event, ...]:
    kept = survivors(work.store, entry.conversation or "")
    transaction = Transaction(store=work.store, kept=kept)
    stopped = _overrun(transaction, entry) if kept else None
    if stopped is not None:
        transaction.add(stopped)
    transaction.settled.append(
        Settlement(key=entry.key, attempt=entry.attempts, state=Delivery.SENT)
    )
    transaction.commit()
    return () if stopped is None else (stopped,)


def _overrun(transaction: Transaction, entry: Entry) -> Event | None:
    """That the handling ended by itself; None if it was stopped in time."""
    if not isinstance(entry.what, Notice):
        return None
    name = transaction.current(entry.conversation or "")
    agent, started = entry.what.to or "", entry.what.at
    running = transaction.conversation(name).running
    if not any((each.agent_id, each.started_at) == (agent, started) for each in running):
        return None
    return HandlingStopped(conversation=name, at=started + LONGEST_HANDLING, by=US, agent_id=agent)
