"""Joining: what people say about which conversations are one.

What they join stays joined, and what they split stays apart, whatever the rules would make of it.
Both can be taken back: events never go away, they only belong elsewhere.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import attrs

from socialcare.desk import waiting_list
from socialcare.desk.going_along import going_back, replies_with, reply_of
from socialcare.desk.reshaping import look_first
from socialcare.desk.transaction import Transaction, concerns, opened, survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import (
    Because,
    Key,
    Merged,
    Recorded,
    Split,
    SplitOff,
)
from socialcare.domain.message import Message
from socialcare.domain.naming import name_after
from socialcare.errors import InvalidValue, NotAllowedNow, UnknownConversation
from socialcare.plugins.records import Asked, CustomerKey, Span

NEVER = -(2**40)
"""A second before anything was ever said."""


def merge(work: Workplace, conversation: str, other: str, *, by: By, now: datetime) -> Conversation:
    """The conversation with everything that was in the other."""
    who = actor(by)

    def attempt() -> Conversation:
        transaction = _transaction(work, conversation, other)
        one, two = transaction.current(conversation), transaction.current(other)
        if one != two:
            _refuse_other_brand(transaction, one, two)
            _change_customers(transaction, one, two)
            because = Because.PERSON
            transaction.merge(Merged(conversation=one, at=now, by=who, other=two, because=because))
            look_first(work, transaction, now=now)
            transaction.commit()
        return transaction.conversation(one)

    return work.retried(attempt)


def split(
    work: Workplace, conversation: str, messages: Iterable[Key], *, by: By, now: datetime
) -> str:
    """The id of the conversation that holds these messages from now on."""
    who, keys, suffix = actor(by), frozenset(messages), work.ids()

    def attempt() -> str:
        transaction, name = opened(work.store, conversation)
        gone = _going(transaction.conversation(name), keys)
        into = _name(transaction, gone[0], suffix)
        _change_customers(transaction, name)
        transaction.move(name, into, belonging(transaction.log(name), keys))
        rows = work.store.around(Asked(keys=tuple(keys))).placed
        transaction.place(attrs.evolve(row, conversation=into) for row in rows if row.key in keys)
        because, moved = Because.PERSON, tuple(message.key for message in gone)
        transaction.add(
            Split(conversation=name, at=now, by=who, into=into, messages=moved, because=because)
        )
        transaction.add(SplitOff(conversation=into, at=now, by=who, origin=name, because=because))
        waiting_list.keep(transaction, into, now)
        look_first(work, transaction, now=now)
        transaction.commit()
        return into

    return work.retried(attempt)


def unmerge(
    work: Workplace, conversation: str, other: str, *, by: By, now: datetime
) -> Conversation:
    """The other conversation, which has all of its own events again."""
    who = actor(by)

    def attempt() -> Conversation:
        transaction = _transaction(work, conversation, other)
        name = transaction.current(conversation)
        own = _family(transaction, name, other)
        log = going_back(transaction.log(name), own)
        back = [key for each in log if (key := concerns(each.event)) is not None]
        if not back:
            raise NotAllowedNow(name, wanted=f"take {other} out", found="nothing of it is left")
        _change_customers(transaction, name)
        transaction.revive(other)
        transaction.move(name, other, [each.position for each in log])
        _put_back(work, transaction, back, other)
        because, moved = Because.PERSON, tuple(dict.fromkeys(back))
        transaction.add(
            Split(
                conversation=name,
                at=now,
                by=who,
                into=other,
                messages=moved,
                whole=True,
                because=because,
            )
        )
        waiting_list.keep(transaction, other, now)
        look_first(work, transaction, now=now)
        transaction.commit()
        return transaction.conversation(other)

    return work.retried(attempt)


def _put_back(
    work: Workplace, transaction: Transaction, keys: Collection[Key], conversation: str
) -> None:
    rows = work.store.around(Asked(keys=tuple(keys))).placed
    transaction.place(
        attrs.evolve(row, conversation=conversation) for row in rows if row.key in set(keys)
    )


def _transaction(work: Workplace, *names: str) -> Transaction:
    kept = survivors(work.store, *names)
    for name in names:
        if name not in kept:
            raise UnknownConversation(name)
    return Transaction(store=work.store, kept=kept)


def _refuse_other_brand(transaction: Transaction, one: str, two: str) -> None:
    brands = [transaction.kept[name].summary.brand for name in (one, two)]
    if brands[0] != brands[1]:
        found = f"they are of the brands {brands[0]!r} and {brands[1]!r}, and are never joined"
        raise NotAllowedNow(one, wanted=f"merge {two} into it", found=found)


def _change_customers(transaction: Transaction, *names: str) -> None:
    """Has the transaction conflict with whatever places messages of these customers meanwhile."""
    rows = [transaction.kept[name].summary for name in names]
    found: set[CustomerKey] = {
        (row.brand, row.customer_id) for row in rows if row.customer_id is not None
    }
    spans = tuple(Span(customer=each, first=NEVER, last=NEVER) for each in found)
    versions = transaction.store.around(Asked(spans=spans)).customers
    transaction.customers.update((each, versions[each]) for each in found)


def _going(conversation: Conversation, keys: Collection[Key]) -> tuple[Message, ...]:
    """The messages that go, in order."""
    gone = tuple(each for each in conversation.messages if each.key in keys)
    if len(gone) != len(keys) or not gone:
        unknown = sorted(set(keys) - {each.key for each in gone})
        where = f"{conversation.id}: split"
        raise InvalidValue(unknown, where=where, right="channels and ids of its own messages")
    if len(gone) == len(conversation.messages):
        found = "these are all of its messages; leave at least one"
        raise NotAllowedNow(conversation.id, wanted="split it", found=found)
    return gone


def _name(transaction: Transaction, first: Message, suffix: str) -> str:
    """The name of a conversation that begins with that message, unless that is taken."""
    name = name_after(first.key)
    return f"{name}:{suffix}" if transaction.store.summaries((name,)) else name


def belonging(log: Iterable[Recorded], keys: Collection[Key]) -> tuple[int, ...]:
    """Where the events stand about these messages, their replies and the drafts of such."""
    events = tuple(log)
    replies = replies_with(events, keys)
    return tuple(
        each.position
        for each in events
        if concerns(each.event) in keys or reply_of(each.event) in replies
    )


def _family(transaction: Transaction, conversation: str, other: str) -> set[str | None]:
    """The conversation that is to be taken out, with those that were merged into it before."""
    into: dict[str, set[str | None]] = {}
    for each in transaction.log(conversation):
        if isinstance(each.event, Merged):
            into.setdefault(each.event.conversation or "", set()).add(each.event.other)
    if not any(other in parts for parts in into.values()):
        found = "it was never merged into it, or is not any more"
        raise NotAllowedNow(conversation, wanted=f"take {other} out of it", found=found)
    family: set[str | None] = set()
    wanted: set[str | None] = {other}
    while wanted:
        family |= wanted
        wanted = {part for name in wanted for part in into.get(name or "", ())} - family
    return family
