"""Outreach gone on with: each recipient at their turn, until all were dealt with or it is stopped.

Replies are queued a few minutes ahead, each with the moment at which it may be sent, so that the
pace holds whoever watches how often. What is queued and not being sent yet can be taken back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from socialcare.desk import gate, replies, templates
from socialcare.desk.delivery import US
from socialcare.desk.outreach_texts import (
    REGISTER,
    Going,
    Wishes,
    going,
    names_of,
    recipients,
    register,
    wishes_of,
)
from socialcare.desk.replies import Wish
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.approval.states import DraftState
from socialcare.domain.events import Event, OutreachEnded, OutreachSkipped, ReplyFailed
from socialcare.domain.outreach import Outreach, Recipient
from socialcare.domain.stored_form import text_of
from socialcare.errors import InvalidValue, NotAllowedNow, SocialCareError, UnknownConversation
from socialcare.plugins.records import Delivery, Entry, Settlement

AHEAD = timedelta(minutes=5)
"""How long before they may be sent replies are queued."""
_AT_ONCE = 500


def gone_on(work: Workplace, *, now: datetime) -> tuple[Event, ...]:
    """What was written because the turn of further recipients has come."""
    done: list[Event] = []
    for each in register(work)[0].running:
        while (events := work.retried(lambda each=each: _one_more(work, each, now))) is not None:  # type: ignore[misc]  # mypy sees no type in the default
            done += events
    return tuple(done)


def _one_more(work: Workplace, outreach_id: str, now: datetime) -> tuple[Event, ...] | None:
    """What was written about the next recipient; None where it is nobody's turn."""
    known = going(work, outreach_id)
    outreach, progress = known.outreach, known.progress
    slot = max(progress.next_at, now)
    if progress.ended_at is not None:
        _taken_back(work, outreach_id, range(len(outreach.recipients)), now)
        _forget(work, outreach_id)
        return None
    is_done = progress.done == len(outreach.recipients)
    if is_done and not _waits(work, known):
        return _ended(work, known, None, US, now)
    stopped = _unusable(work, outreach)
    if stopped is not None:
        return _ended(work, known, stopped, US, now)
    if is_done or slot > now + AHEAD:
        return None
    recipient = outreach.recipients[progress.done]
    wishes, against = _against(work, known, recipient)
    if against is not None:
        return _skip(work, known, against, now)
    return _queue(work, known, wishes, slot, now)


def _waits(work: Workplace, known: Going) -> bool:
    """Whether a reply is still to be sent, and so could be taken back."""
    keys = [known.outreach.key(place) for place in reversed(known.progress.sent)]
    return any(
        entry.state in (Delivery.PENDING, Delivery.CLAIMED)
        for start in range(0, len(keys), _AT_ONCE)
        for entry in work.store.entries(keys[start : start + _AT_ONCE])
    )


def _unusable(work: Workplace, outreach: Outreach) -> str | None:
    """Why the template may not be used any more; None if it may."""
    proposal = templates.proposal(work, outreach.template_id)
    if proposal.state is not DraftState.APPROVED:
        return f"the template is {proposal.state}"
    return None if proposal.template.seal == outreach.seal else "the template says something else"


def _against(
    work: Workplace, known: Going, recipient: Recipient
) -> tuple[Wishes | None, str | None]:
    """What the recipient wishes, as it was read, and why they don't get it; None if they do."""
    (now,) = recipients(work, (recipient.conversation,))
    names = () if now.customer_id is None else names_of(work, now.customer_id)
    people = {now.person, *((now.brand, each) for each in names)}
    if not people.isdisjoint(each.person for each in known.sent_to):
        return None, "they turned out to be somebody who has it"
    if now.customer_id is None:
        return None, None
    wishes = wishes_of(work, now.customer_id, now.brand)
    return wishes, "they opted out" if wishes.out else None


def _skip(work: Workplace, known: Going, said: str, now: datetime) -> tuple[Event, ...]:
    recipient = known.outreach.recipients[known.progress.done]
    event = OutreachSkipped(
        conversation=None,
        at=now,
        by=US,
        outreach_id=known.outreach.id,
        customer_id=recipient.customer_id,
        said=said,
    )
    transaction = Transaction(store=work.store, kept={})
    transaction.add(event)
    known.put(transaction, attrs.evolve(known.progress, done=known.progress.done + 1))
    transaction.commit()
    return (event,)


def _queue(
    work: Workplace, known: Going, wishes: Wishes | None, slot: datetime, now: datetime
) -> tuple[Event, ...]:
    """Queues the reply to the next recipient, to be sent at its moment and not before."""
    outreach, place = known.outreach, known.progress.done
    who = Actor(id=outreach.started_by)
    wish = Wish(
        text=outreach.template_id,
        channel=outreach.channel,
        visibility=outreach.visibility,
        automated=True,
    )
    try:
        transaction, name = opened(work.store, outreach.recipients[place].conversation)
        found = transaction.conversation(name)
        own = replies.addressed(work, found, wish, who, outreach.key(place))
        proposal = templates.proposal(work, outreach.template_id)
        values = dict(outreach.values)
        gate.send_template(work, transaction, name, own, proposal, values, who=who, now=now)
    except SocialCareError as error:
        if not isinstance(error, NotAllowedNow | InvalidValue | UnknownConversation):
            raise
        return _skip(work, known, str(error), now)
    transaction.outbox[-1] = attrs.evolve(transaction.outbox[-1], due_at=slot)
    progress = attrs.evolve(
        known.progress,
        done=place + 1,
        sent=(*known.progress.sent, place),
        next_at=slot + outreach.pause,
    )
    known.put(transaction, progress)
    if wishes is not None:  # whoever opts out at this very moment makes it a conflict
        wishes.hold(transaction)
    return tuple(each.event for each in transaction.commit())


# Ending


def _ended(
    work: Workplace, known: Going, reason: str | None, who: Actor, now: datetime
) -> tuple[Event, ...]:
    progress = attrs.evolve(known.progress, ended_at=now, reason=reason)
    event = OutreachEnded(
        conversation=None,
        at=now,
        by=who,
        outreach_id=known.outreach.id,
        sent=len(progress.sent),
        skipped=progress.skipped,
        reason=reason,
    )
    transaction = Transaction(store=work.store, kept={})
    transaction.add(event)
    known.put(transaction, progress)
    transaction.commit()
    return (event,)


def _forget(work: Workplace, outreach_id: str) -> None:
    """Takes one that has ended off the list of those that go on."""
    known, texts = register(work)
    running = tuple(each for each in known.running if each != outreach_id)
    transaction = Transaction(store=work.store, kept={})
    texts.put(transaction, {REGISTER: text_of(attrs.evolve(known, running=running))})
    transaction.commit()


def stop(work: Workplace, outreach_id: str, reason: str, *, who: Actor, now: datetime) -> Going:
    """The message to many, which goes to nobody else; what is queued is taken back.

    Raises:
        NotAllowedNow: If it has ended.
    """

    def attempt() -> None:
        known = going(work, outreach_id)
        if known.progress.ended_at is not None:
            raise NotAllowedNow(outreach_id, wanted="stop it", found="it has ended")
        _ended(work, known, reason, who, now)

    work.retried(attempt)
    work.retried(lambda: _one_more(work, outreach_id, now))
    return going(work, outreach_id)


def take_back(work: Workplace, customer_id: str, brand: str | None, *, now: datetime) -> None:
    """Takes back what is queued for a customer and not being sent yet."""
    names = names_of(work, customer_id)
    for each in register(work)[0].running:
        places = (
            place
            for place, recipient in enumerate(going(work, each).outreach.recipients)
            if recipient.brand == brand and recipient.customer_id in names
        )
        _taken_back(work, each, tuple(places), now)


def _taken_back(work: Workplace, outreach_id: str, places: Iterable[int], now: datetime) -> None:
    """Has replies not go out that are queued and not being sent; they are sent no more."""
    known = going(work, outreach_id)
    reason = known.progress.reason or "they opted out"
    if known.progress.ended_at is not None and known.progress.reason is None:
        return  # it has come to its end, and all of it goes out
    keys = {known.outreach.key(place): place for place in places}
    for entry in work.store.entries(tuple(keys)):
        if _rests(entry, now):
            work.retried(lambda entry=entry: _dead(work, entry, reason, now))  # type: ignore[misc]  # mypy sees no type in the default
    gone = {
        keys[entry.key]
        for entry in work.store.entries(tuple(keys))
        if entry.state is Delivery.DEAD and not entry.attempts
    }

    def attempt() -> None:
        again = going(work, outreach_id)
        sent = tuple(place for place in again.progress.sent if place not in gone)
        if sent != again.progress.sent:
            transaction = Transaction(store=work.store, kept={})
            again.put(transaction, attrs.evolve(again.progress, sent=sent))
            transaction.commit()

    work.retried(attempt)


def _rests(entry: Entry, now: datetime) -> bool:
    """Whether nobody is sending it, also because whoever was has ended."""
    ran_out = entry.lease_until is not None and entry.lease_until <= now
    return entry.state is Delivery.PENDING or (entry.state is Delivery.CLAIMED and ran_out)


def _dead(work: Workplace, entry: Entry, reason: str, now: datetime) -> None:
    transaction, name = opened(work.store, entry.conversation or "")
    said = f"taken back: {reason}"
    transaction.add(ReplyFailed(conversation=name, at=now, by=US, reply_id=entry.key, said=said))
    transaction.settled.append(
        Settlement(key=entry.key, attempt=None, state=Delivery.DEAD, said=said)
    )
    transaction.commit()
