"""Arrivals: messages that are new to the log, and where they go.

Whatever brings a message in (a channel, an answer that was delivered, an echo of it) comes through
here: the log is asked once what is around all of them, `socialcare.domain.placement` says where
they go, and that is taken down in a transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TypeAlias

import attrs

from socialcare.desk.transaction import Transaction, survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.assessment import Assessment
from socialcare.domain.customer import Handle, handle_of, person_of
from socialcare.domain.events import (
    Because,
    Event,
    Key,
    Merged,
    MessageDeleted,
    MessageReceived,
    NotesMoved,
    ReplyDelivered,
)
from socialcare.domain.message import Message
from socialcare.domain.naming import current_name, name_after
from socialcare.domain.placed import Placed, placed_row
from socialcare.domain.placement import Placement, given_names, place
from socialcare.domain.summary import Summary
from socialcare.plugins.records import Around, Asked, CustomerKey, Span

Assess: TypeAlias = Callable[[Message, Summary | None], Assessment | None]

_BEFORE_ALL = -(2**40)
"""A second before anything was ever said."""


def _unread(_: Message, __: Summary | None) -> None:
    """Nobody looks at what the brand itself has sent."""


@attrs.frozen(kw_only=True)
class Arrival:
    """A message that comes in.

    Attributes:
        message: As it is shown on its channel.
        row: Its row in the index, in no conversation yet.
        by: Who brings it.
        reply_id: Which reply of ours it is; None for what others wrote.
        reply_to: The conversation that the reply was written in; None for what others wrote.
    """

    message: Message
    row: Placed
    by: Actor
    reply_id: str | None = None
    reply_to: str | None = None


@attrs.frozen(kw_only=True)
class Surroundings:
    """What the log knows around some messages, all from one moment.

    Attributes:
        work: The workplace.
        around: As the store said.
        known: Its rows, by channel and id.
        answered: What these rows answer, by channel and id.
    """

    work: Workplace
    around: Around
    known: Mapping[Key, Placed]
    answered: AbstractSet[Key]

    def row(self, message: Message) -> Placed:
        """The row of a message that is in no conversation yet."""
        person = person_of(message, self.around.links)
        return placed_row(message, person=person, given=self.work.threading.given)

    def transaction(self) -> Transaction:
        """An empty transaction that knows the conversations of these surroundings."""
        return Transaction(store=self.work.store, kept=dict(self.around.summaries))


def surroundings(
    work: Workplace, messages: Sequence[Message], keys: Iterable[Key] = ()
) -> Surroundings:
    """What the log knows around these messages.

    Args:
        work: The workplace.
        messages: The messages.
        keys: Further messages that are to be looked up.
    """
    asked = _asked(work, messages, keys, {})
    around = work.store.around(asked)
    if around.links:  # whose the messages are is known only now
        around = work.store.around(_asked(work, messages, keys, around.links))
    known = {row.key: row for row in around.placed}
    answered = {(row.channel, row.in_reply_to) for row in around.placed if row.in_reply_to}
    return Surroundings(work=work, around=around, known=known, answered=answered)


def _asked(
    work: Workplace, messages: Sequence[Message], keys: Iterable[Key], links: Mapping[Handle, str]
) -> Asked:
    own = {message.key for message in messages}
    parents = {(each.channel, each.in_reply_to) for each in messages if each.in_reply_to}
    handles = {handle for each in messages if (handle := handle_of(each)) is not None}
    return Asked(
        keys=tuple(own | parents | set(keys)),
        spans=tuple(_spans(work, messages, links)),
        handles=tuple(handles),
    )


def _spans(
    work: Workplace, messages: Iterable[Message], links: Mapping[Handle, str]
) -> Iterable[Span]:
    seconds: defaultdict[CustomerKey, list[int]] = defaultdict(list)
    for each in messages:
        person = person_of(each, links)
        if person is not None:
            seconds[each.brand or None, person].append(each.second)
    gap = int(work.threading.gap.total_seconds())
    for (brand, person), own in seconds.items():
        yield Span(customer=(brand, person), first=min(own) - gap, last=max(own) + gap)
        if brand is not None and (None, person) not in seconds:
            yield Span(customer=(None, person), first=_BEFORE_ALL, last=_BEFORE_ALL)


def arrive(
    transaction: Transaction,
    around: Surroundings,
    arrivals: Sequence[Arrival],
    *,
    now: datetime,
    assess: Assess = _unread,
) -> Placement:
    """Takes down that messages came in; where they went.

    Args:
        transaction: Where it is taken down.
        around: What the log knows around them.
        arrivals: What came in, each message once, none of them in the log.
        now: When they came in.
        assess: Says what is made of a message, given its conversation before it.
    """
    rows = [arrival.row for arrival in arrivals]
    named = {*given_names(rows), *(each.reply_to for each in arrivals if each.reply_to)}
    if unknown := named - transaction.kept.keys():
        transaction.kept.update(survivors(transaction.store, *unknown))
    known = [row for row in around.known.values() if row.second is not None]
    found = _as_written(
        transaction, place(rows, known, transaction.summaries, around.work.threading), arrivals
    )
    if arrivals:
        _join(transaction, around, found, now=now, by=arrivals[0].by)
    for arrival, row in zip(arrivals, found.rows, strict=True):
        _take_down(transaction, around, found, arrival, row, now, assess)
    transaction.customers.update(_versions(around, found.written))
    return found


def _as_written(
    transaction: Transaction, found: Placement, arrivals: Sequence[Arrival]
) -> Placement:
    """The placement with each reply in the conversation that it was written in.

    A person chose that one, however long ago it was settled.
    """
    if not any(arrival.reply_to for arrival in arrivals):
        return found
    merged = {other: survivor for survivor, other in found.merges}
    rows = tuple(
        attrs.evolve(row, conversation=current_name(transaction.current(each.reply_to), merged.get))
        if each.reply_to
        else row
        for each, row in zip(arrivals, found.rows, strict=True)
    )
    return attrs.evolve(found, rows=rows)


def _join(
    transaction: Transaction, around: Surroundings, found: Placement, *, now: datetime, by: Actor
) -> None:
    """Takes down what the arrivals do to conversations and notes that were there before."""
    for survivor, other in found.merges:
        transaction.merge(
            Merged(conversation=survivor, at=now, by=by, other=other, because=Because.MESSAGE)
        )
    moves: defaultdict[tuple[str, str], list[Key]] = defaultdict(list)
    for row in found.moved:
        source, target = around.known[row.key].conversation or "", row.conversation or ""
        moves[transaction.current(source), transaction.current(target)].append(row.key)
    for (source, into), notes in moves.items():
        transaction.move(source, into, transaction.positions(source, notes))
        transaction.add(
            NotesMoved(conversation=source, at=now, by=by, into=into, messages=tuple(notes))
        )
    transaction.place((*found.moved, *found.anchored))


def _take_down(
    transaction: Transaction,
    around: Surroundings,
    found: Placement,
    arrival: Arrival,
    row: Placed,
    now: datetime,
    assess: Assess,
) -> None:
    message, tombstone = arrival.message, around.known.get(row.key)
    conversation = None if row.conversation is None else transaction.current(row.conversation)
    transaction.add(_event(transaction, arrival, conversation, found, now, assess))
    if conversation is not None and row.key in around.answered:
        transaction.log(conversation)  # an answer that came first may count otherwise now
    if tombstone is None:
        transaction.new.add(row.key)
        transaction.texts[row.key] = message.text or ""
    else:  # it was deleted before it came
        row = attrs.evolve(row, deleted=True)
        transaction.add(
            MessageDeleted(
                conversation=conversation,
                at=now,
                by=arrival.by,
                channel=message.channel,
                message_id=message.id,
            )
        )
    transaction.place([row])


def _event(
    transaction: Transaction,
    arrival: Arrival,
    conversation: str | None,
    found: Placement,
    now: datetime,
    assess: Assess,
) -> Event:
    if arrival.reply_id is not None:
        return ReplyDelivered(
            conversation=conversation,
            at=now,
            by=arrival.by,
            reply_id=arrival.reply_id,
            message=arrival.message,
        )
    began = conversation == name_after(arrival.message.key)
    previous = found.previous.get(conversation) if conversation and began else None
    return MessageReceived(
        conversation=conversation,
        at=now,
        by=arrival.by,
        message=arrival.message,
        previous_id=previous,
        assessment=assess(arrival.message, transaction.known(conversation)),
    )


def _versions(around: Surroundings, rows: Iterable[Placed]) -> Mapping[CustomerKey, int]:
    """The customers of these rows, with the versions as they were read."""
    customers = {(row.brand, row.customer_id) for row in rows if row.customer_id is not None}
    versions = around.around.customers
    # A brand's first word of somebody changes them as a whole, so that no link is missed that is
    # made meanwhile and knows nothing yet of this brand.
    new = {(None, person) for brand, person in customers if not versions[brand, person]}
    return {customer: versions[customer] for customer in customers | new}
