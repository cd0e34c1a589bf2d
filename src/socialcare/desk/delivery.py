"""Delivery: what is in the outbox goes out, at least once, and once where the channel can tell.

An entry is claimed for a while, sent outside of any transaction under its key, and settled together
with what it became. Whoever dies in between leaves a claim that runs out; the next one sends under
the same key, and a channel that has had the key gives its first answer.
What fails is tried again later and later, each time after a random part of the longest pause, so
that many who failed at once do not come back at once. What failed too often is dead, and seen.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from socialcare.desk import notices
from socialcare.desk.arrivals import Arrival, arrive, surroundings
from socialcare.desk.echoes import delivered_message
from socialcare.desk.receipts import Delivered
from socialcare.desk.reshaping import look_first
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.events import Reply, ReplyDelivered, ReplyFailed
from socialcare.domain.instants import instant
from socialcare.domain.message import Message
from socialcare.errors import Conflict, DeliveryFailed, SocialCareError
from socialcare.plugins.protocols import Sent
from socialcare.plugins.records import Delivery, Entry, Settlement

LEASE = timedelta(seconds=60)
"""How long a claim holds."""
AT_ONCE = 10
"""Entries that are claimed together: few, so that they are sent before their claims run out."""
MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
US = Actor(id="socialcare")
_log = logging.getLogger("socialcare.desk")


def deliver(work: Workplace, *, now: datetime, limit: int) -> tuple[Delivered, ...]:
    """What became of the entries that were due, up to `limit` of them."""
    now = instant(now, where="now")
    targets = {f"channel:{name}" for name in work.channels}
    targets |= {f"notifier:{name}" for name in work.notifiers}
    done: list[Delivered] = []
    while targets and len(done) < limit:
        most = min(AT_ONCE, limit - len(done))
        claimed = work.store.claim(targets, now=now, until=now + LEASE, limit=most)
        if not claimed:
            break
        done += [_delivered(work, entry, now) for entry in claimed]
    return tuple(done)


def _delivered(work: Workplace, entry: Entry, now: datetime) -> Delivered:
    try:
        message = _sent(work, entry)
    except DeliveryFailed as caught:
        failure = caught
    else:
        return _settle(work, entry, lambda: _succeed(work, entry, message, now))
    return _settle(work, entry, lambda: _fail(work, entry, failure, now))


def _settle(work: Workplace, entry: Entry, attempt: Callable[[], Delivered]) -> Delivered:
    try:
        return work.retried(attempt)
    except Conflict as conflict:
        # The claim runs out, and whoever is next gets the same answer under the same key.
        _log.warning("%s was not settled, and is tried again: %s", entry.key, conflict)
        return _about(entry, sent=False, said=str(conflict))


def _sent(work: Workplace, entry: Entry) -> Message | None:
    """What a reply became; None for a notice, which becomes nothing."""
    name = entry.target.partition(":")[2]
    try:
        if not isinstance(entry.what, Reply):
            work.notifiers[name].notify(entry.what)
            return None
        sent = work.channels[name].send(entry.what)
        return _shown(name, entry.what, sent)
    except DeliveryFailed:
        raise
    except Exception as error:  # a plugin's own mistake must not stop the others
        _log.exception("%s failed at %s", entry.target, entry.key)
        raise DeliveryFailed(name, f"{type(error).__name__}: {error}", again=True) from error


def _shown(channel: str, reply: Reply, sent: Sent) -> Message:
    try:
        return delivered_message(reply, sent, given=None)
    except SocialCareError as error:
        said = f"it gave no message: {error}"
        raise DeliveryFailed(channel, said, again=False) from error


def _succeed(work: Workplace, entry: Entry, message: Message | None, now: datetime) -> Delivered:
    if _is_settled(work, entry):
        return _about(entry, sent=True)
    transaction = Transaction(store=work.store, kept={})
    if message is not None:
        transaction = _taken_in(work, entry, message, now)
    transaction.settled.append(_settlement(entry, Delivery.SENT))
    look_first(work, transaction, now=now)
    transaction.commit()
    return _about(entry, sent=True)


def _is_settled(work: Workplace, entry: Entry) -> bool:
    """Whether an echo, or another worker after our claim ran out, was faster."""
    return any(each.state is Delivery.SENT for each in work.store.entries((entry.key,)))


def _taken_in(work: Workplace, entry: Entry, message: Message, now: datetime) -> Transaction:
    """A transaction in which the message that a reply became comes in."""
    around = surroundings(work, [message])
    transaction = around.transaction()
    row = around.known.get(message.key)
    if row is None or row.second is None:
        arrival = Arrival(
            message=message,
            row=around.row(message),
            by=US,
            reply_id=entry.key,
            reply_to=entry.conversation,
        )
        arrive(transaction, around, [arrival], now=now)
    elif row.conversation is not None:  # it came over the channel first, and was not recognised
        conversation = transaction.current(row.conversation)
        transaction.add(
            ReplyDelivered(
                conversation=conversation, at=now, by=US, reply_id=entry.key, message=message
            )
        )
    return transaction


def _fail(work: Workplace, entry: Entry, failure: DeliveryFailed, now: datetime) -> Delivered:
    if _is_settled(work, entry):
        return _about(entry, sent=True)
    dead = not failure.again or entry.attempts % MOST_ATTEMPTS == 0
    if not dead:
        due_at = now + max(failure.after or timedelta(0), _pause(work, entry.attempts))
        settled = _settlement(entry, Delivery.PENDING, due_at=due_at, said=failure.reason)
        Transaction(store=work.store, kept={}, settled=[settled]).commit()
        return _about(entry, sent=False, said=failure.reason)
    transaction = _buried(work, entry, failure, now)
    transaction.settled.append(_settlement(entry, Delivery.DEAD, said=failure.reason))
    transaction.commit()
    return _about(entry, sent=False, dead=True, said=failure.reason)


def _buried(work: Workplace, entry: Entry, failure: DeliveryFailed, now: datetime) -> Transaction:
    """A transaction in which a reply is given up, and colleagues are told."""
    if not isinstance(entry.what, Reply) or entry.conversation is None:
        _log.error("%s was given up at %s: %s", entry.key, entry.target, failure.reason)
        return Transaction(store=work.store, kept={})
    transaction, name = opened(work.store, entry.conversation)
    transaction.add(
        ReplyFailed(conversation=name, at=now, by=US, reply_id=entry.key, said=failure.reason)
    )
    transaction.outbox += notices.entries(
        work,
        kind="undelivered",
        conversation=name,
        to=entry.what.agent_id,
        said=f"a reply could not be sent: {failure.reason}",
        at=now,
    )
    return transaction


def _pause(work: Workplace, attempts: int) -> timedelta:
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts - 1, 30))
    return timedelta(seconds=work.random.uniform(0, longest.total_seconds()))


def _settlement(
    entry: Entry, state: Delivery, *, due_at: datetime | None = None, said: str | None = None
) -> Settlement:
    return Settlement(key=entry.key, attempt=entry.attempts, state=state, due_at=due_at, said=said)


def _about(entry: Entry, *, sent: bool, dead: bool = False, said: str | None = None) -> Delivered:
    return Delivered(
        key=entry.key,
        target=entry.target,
        conversation=entry.conversation,
        sent=sent,
        dead=dead,
        said=said,
    )
