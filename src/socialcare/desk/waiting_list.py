"""The waiting list: which conversations have answers that somebody has yet to look at.

It is kept as entries of the outbox that nobody delivers, so that what waits for approval or review
is found at once, however much the log holds. An entry says no more than which conversation it is;
what waits there is read from its events. Whoever changes drafts keeps the list, and so does every
look, which finds what merges and splits have moved.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from socialcare.desk.transaction import Transaction, survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.approval.states import ENDED
from socialcare.domain.conversation import Conversation
from socialcare.plugins.records import Delivery, Entry, Notice, Settlement

TARGET = "desk:drafts"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_EVERY = 2**31 - 1


def keep(transaction: Transaction, name: str, now: datetime) -> None:
    """Has a conversation on the list, or not any more, as it is in this transaction."""
    found = transaction.conversation(name)
    if not found.drafts and not found.reviews:
        return
    key = f"{TARGET}:{name}"
    known = next(iter(transaction.store.entries((key,))), None)
    wanted = Delivery.PENDING if has_any(found) else Delivery.SENT
    if (Delivery.SENT if known is None else known.state) is wanted:
        return
    if known is None:
        transaction.outbox.append(entry(key, TARGET, name, now))
    else:
        transaction.settled.append(Settlement(key=key, attempt=None, state=wanted))
    # It follows from the conversation as it was read, so it is written only if that is so still.
    transaction.hold(name)


def has_any(found: Conversation) -> bool:
    """Whether somebody has yet to do something about a draft or a review of it."""
    drafts = any(each.state not in ENDED for each in found.drafts)
    return drafts or not all(each.done for each in found.reviews)


def listed(work: Workplace) -> Iterator[Conversation]:
    """The conversations on the list, in the order in which they came there."""
    entries = work.store.outbox(Delivery.PENDING, _EVERY, target=TARGET)
    names = tuple(dict.fromkeys(each.conversation for each in entries if each.conversation))
    transaction = Transaction(store=work.store, kept=survivors(work.store, *names))
    for name in dict.fromkeys(map(transaction.current, names)):
        if name in transaction.kept:
            yield transaction.conversation(name)


def entry(key: str, target: str, name: str | None, now: datetime) -> Entry:
    """What has something on the list: an entry of the outbox that nobody delivers."""
    notice = Notice(id=key, kind="draft", conversation=name, said="somebody is to see it", at=now)
    return Entry(key=key, target=target, lane=key, what=notice, conversation=name, due_at=_NEVER)
