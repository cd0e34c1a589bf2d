"""Watch: what the passing of time does.

Whoever watches follows the log from where the last one ended, and looks at every conversation of
which something is new. What a look finds is committed together with the conversation's timer, an
entry of the outbox that nobody delivers: it says when the next look is due. So a watch costs what
has happened and what is due, however much the log holds.

Several may watch at once, and any may be killed. A look writes only if the conversation is still as
it was read; it then finds in it what others wrote, and writes no more. The place in the log is kept
after the looks, so that a look may be repeated and none is left out.

Every conversation that is not settled has a timer, one in the far future if no time will change
anything, so the open conversations are those with a timer. They are all looked at again when
another document came into force.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import attrs

from socialcare.desk import documents, gate, notices, waiting_list
from socialcare.desk.acknowledging import acknowledge
from socialcare.desk.concerning_many import concerning_many
from socialcare.desk.deadlines import deadlines
from socialcare.desk.delivery import LEASE, US
from socialcare.desk.escalating import escalating
from socialcare.desk.lapsing import lapsing
from socialcare.desk.leaving import deserted
from socialcare.desk.looks import Look, Rule
from socialcare.desk.overrun import overrun
from socialcare.desk.timers import NEVER, TARGET, Timer
from socialcare.desk.transaction import Transaction, survivors
from socialcare.desk.walk import FOLLOWED, concerned, cursor, pages
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Event
from socialcare.domain.instants import instant
from socialcare.domain.states import SETTLED
from socialcare.errors import Conflict, NotAllowedNow
from socialcare.plugins.records import Commit, Delivery

RULES: tuple[Rule, ...] = (overrun, deserted, escalating, deadlines, lapsing, acknowledge)
"""What time does, in this order: each sees what those before it have written."""
LOOKED_WITH = "desk:watch:handbook"
"""The cursor with the digest of the handbook by which all open conversations were looked at."""
_SECOND = timedelta(seconds=1)
_AT_ONCE = 100
_EVERY = 2**31 - 1
_ROUNDS = 10
"""How often the rules are asked in one look, each time with what they wrote before."""


def watch(work: Workplace, *, now: datetime) -> tuple[Event, ...]:
    """What happened because time has passed, in the order in which it was found."""
    now = instant(now, where="now")
    done = [*documents.reload(work, by=US, now=now), *_looked_again(work, now)]
    done += concerning_many(work, now)
    # What one look writes may give others something to do, or itself.
    while found := (*_followed(work, now), *_due(work, now)):
        done += found
    return tuple(done)


def _followed(work: Workplace, now: datetime) -> Iterator[Event]:
    """Looks at the conversations of which the log has something new."""
    for page in pages(work.store, cursor(work.store, FOLLOWED)):
        for name in dict.fromkeys(concerned(page)):
            yield from _looked_at(work, name, now)
        work.store.commit(Commit(cursors={FOLLOWED: page[-1].cursor}))


def _due(work: Workplace, now: datetime) -> Iterator[Event]:
    """Looks at the conversations whose timer is due."""
    while due := work.store.claim((TARGET,), now=now, until=now + LEASE, limit=_AT_ONCE):
        for entry in due:
            yield from _looked_at(work, entry.conversation or "", now)


def _looked_again(work: Workplace, now: datetime) -> Iterator[Event]:
    """Looks at all open conversations, if they were looked at by other documents.

    A process does so once for each handbook of its own, so that two with different documents do
    not make each other look for ever.
    """
    digest = work.handbook.digest
    if work.shelf.looked_with == digest:
        return
    known = cursor(work.store, LOOKED_WITH)
    if known not in (None, digest):
        for name in _open(work):
            yield from _looked_at(work, name, now)
    if known != digest:
        work.store.commit(Commit(cursors={LOOKED_WITH: digest}))
    work.shelf.looked_with = digest


def _open(work: Workplace) -> Iterator[str]:
    """The conversations that have a timer."""
    for state in (Delivery.PENDING, Delivery.CLAIMED):
        for entry in work.store.outbox(state, _EVERY, target=TARGET):
            if entry.conversation is not None:
                yield entry.conversation


# One look


def pass_time(work: Workplace, conversation: str, now: datetime) -> tuple[Event, ...]:
    """The warnings and breaches of a conversation by an instant, which are written now.

    They are judged by the conversation as it is, so they must be written before it changes its
    shape. The other rules look at how it is in the end, and can wait for the next watch.
    """
    kept = survivors(work.store, conversation)
    transaction = Transaction(store=work.store, kept=kept)
    name = transaction.current(conversation)
    if name not in kept or not kept[name].summary.messages:
        return ()
    written, _ = _found(work, transaction, Timer.of(work.store, name), now, (deadlines,))
    transaction.commit()
    return written


def _looked_at(work: Workplace, conversation: str, now: datetime) -> tuple[Event, ...]:
    """What a look at a conversation, or at what it became part of, has written."""
    try:
        return work.retried(lambda: _attempt(work, conversation, now))
    except Conflict:
        # Whoever was faster every time has written events behind our place in the log, or has
        # looked as we did; and a timer that we claimed is due again when the claim runs out.
        return ()


def _attempt(work: Workplace, conversation: str, now: datetime) -> tuple[Event, ...]:
    kept = survivors(work.store, conversation)
    if conversation not in kept:
        return ()
    transaction = Transaction(store=work.store, kept=kept)
    name = transaction.current(conversation)
    timer = Timer.of(work.store, name)
    written: tuple[Event, ...] = ()
    due_at = None
    if kept[name].summary.messages:
        written, due_at = _found(work, transaction, timer, now)
        waiting_list.keep(transaction, name, now)
    timer.set(transaction, due_at, now=now)
    if conversation != name:
        Timer.of(work.store, conversation).set(transaction, None, now=now)
    transaction.commit()
    return written


def _found(
    work: Workplace,
    transaction: Transaction,
    timer: Timer,
    now: datetime,
    rules: tuple[Rule, ...] = RULES,
) -> tuple[tuple[Event, ...], datetime | None]:
    """What the rules have to write, taken down, and when the conversation's timer is due."""
    written: list[Event] = []
    seen = _Seen(transaction=transaction, timer=timer)
    for _ in range(_ROUNDS):
        before = len(transaction.log(timer.conversation))
        looks = [_taken_down(work, transaction, seen.conversation(), rule, now) for rule in rules]
        events = [each.event for each in transaction.log(timer.conversation)[before:]]
        written += events
        if not events:
            break
    settled = transaction.conversation(timer.conversation).state in SETTLED
    return tuple(written), _next(looks, now) or (None if settled else NEVER)


@attrs.define(kw_only=True)
class _Seen:
    """The conversation as rules see it, made anew only where one has written something."""

    transaction: Transaction
    timer: Timer
    _found: Conversation | None = None
    _shown: Conversation | None = None

    def conversation(self) -> Conversation:
        """The conversation with what was written so far, and when it was looked at last."""
        found = self.transaction.conversation(self.timer.conversation)
        if self._shown is None or found is not self._found:
            self._found = found
            self._shown = attrs.evolve(found, looked_at=self.timer.looked_at)
        return self._shown


def _taken_down(
    work: Workplace, transaction: Transaction, found: Conversation, rule: Rule, now: datetime
) -> Look:
    look = rule(work, found, now)
    for event in look.events:
        transaction.add(event)
    for reply in look.replies:
        with suppress(NotAllowedNow):  # what the gate does not let through is not sent by itself
            gate.send(work, transaction, found.id, reply, who=US, now=now)
    transaction.outbox += notices.of(work, look.notices, conversation=found.id, at=now)
    return look


def _next(looks: Iterable[Look], now: datetime) -> datetime | None:
    """When the first of them wants to look again: later than now, or a watch would never end."""
    wanted = [max(each.next_at, now + _SECOND) for each in looks if each.next_at is not None]
    return min(wanted, default=None)
