"""Peers: asking customers in, thanking them, and what the house says of their answers.

What is sent to somebody else than the customer goes through the gate as everything does, and is no
answer: the customer still waits. Whether somebody may be asked follows from what they said and from
what passed before, and is looked at in the transaction that asks them.
"""

from datetime import datetime

import attrs

from socialcare.desk import contacts, gate, routing, waiting_list
from socialcare.desk.aside import send_aside
from socialcare.desk.attendance import attendance
from socialcare.desk.leasing import STANDARD, lend, refuse_unless_free
from socialcare.desk.replies import Wish, addressed
from socialcare.desk.ruling import gives_away
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import (
    AnswerJudged,
    Key,
    PeerAsked,
    PeerConsentChanged,
    PeerThanked,
    Reply,
)
from socialcare.domain.instants import instant
from socialcare.domain.message import Message, Visibility
from socialcare.domain.peers import Contact, PeerPolicy, not_asked, not_thanked
from socialcare.domain.verdict import Verdict
from socialcare.errors import InvalidValue, NotAllowedNow
from socialcare.plugins.records import Asked

__all__ = [
    "Words", "ask", "consent", "correct", "judge", "may_be_asked", "policy", "take_over", "thank",
]  # fmt: skip


@attrs.frozen(kw_only=True)
class Words:
    """What is to be said to somebody, and how.

    Attributes:
        text: What it says.
        visibility: Whether in public, beside the question, or in private; None for in public,
            unless that gives away what was written in private.
        reason: For what.
    """

    text: str = attrs.field(validator=attrs.validators.min_len(1))
    visibility: Visibility | None = attrs.field(
        default=None, converter=attrs.converters.optional(Visibility)
    )
    reason: str | None = None


def policy(work: Workplace) -> PeerPolicy:
    """How often somebody may be asked; ours where the house has none."""
    return work.handbook.peers or PeerPolicy()


def consent(
    work: Workplace, person: str, *, given: bool, reason: str | None, by: By, now: datetime
) -> Contact:
    """What passed with somebody, who said whether they want to be asked."""
    event = PeerConsentChanged(
        conversation=None, at=now, by=actor(by), person=person, given=given, reason=reason
    )

    def attempt() -> Contact:
        transaction = Transaction(store=work.store, kept={})
        known = contacts.contact(work.store, person)
        if known.consents is given:
            return known
        found = contacts.note(transaction, person, event)
        transaction.commit()
        return found

    return work.retried(attempt)


def may_be_asked(work: Workplace, found: Conversation, person: str, now: datetime) -> str | None:
    """Why somebody may not be asked about a conversation now, in words; None for who may."""
    known = contacts.contact(work.store, person)
    said = not_asked(known, policy(work), now=now, unanswered=_unanswered(work, known))
    if said is not None or person == found.customer_id:
        return said
    asked = [each for each in found.customer_messages[-1:] if not _is_public(each)]
    if asked or not found.customer_messages:
        return "what the customer wrote in private is for nobody else"
    others = _asked_about(work, found)
    if len(others) >= policy(work).most_at_once:
        return f"{', '.join(others)} was asked about it already"
    return None


def ask(
    work: Workplace, conversation: str, person: str, words: Words, *, by: By, now: datetime
) -> Reply:
    """What is sent to a customer who is asked about a conversation."""
    at, who, reply_id = instant(now, where="now"), actor(by), work.ids()

    def attempt() -> Reply:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        refused = may_be_asked(work, found, person, at)
        if refused is not None:
            raise NotAllowedNow(name, wanted=f"ask {person}", found=refused)
        reply = _said(work, transaction, found, person, words, reply_id, who, at)
        event = PeerAsked(conversation=name, at=at, by=who, person=person, reply=reply)
        contacts.note(transaction, person, event)
        transaction.commit()
        return reply

    return work.retried(attempt)


def thank(
    work: Workplace, conversation: str, person: str, words: Words, *, by: By, now: datetime
) -> Reply:
    """What is sent to a customer who is thanked for what they did in a conversation."""
    at, who, reply_id = instant(now, where="now"), actor(by), work.ids()

    def attempt() -> Reply:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        known = contacts.contact(work.store, person)
        refused = not_thanked(known, policy(work), now=at)
        if refused is not None:
            raise NotAllowedNow(name, wanted=f"thank {person}", found=refused)
        reply = _said(work, transaction, found, person, words, reply_id, who, at)
        event = PeerThanked(
            conversation=name, at=at, by=who, person=person, reply=reply, reason=words.reason
        )
        contacts.note(transaction, person, event)
        transaction.commit()
        return reply

    return work.retried(attempt)


def judge(
    work: Workplace,
    conversation: str,
    message: Key,
    verdict: Verdict,
    note: str | None,
    *,
    by: By,
    now: datetime,
) -> Conversation:
    """The conversation, in which somebody of the house said this of a peer's answer."""
    at, who = instant(now, where="now"), actor(by)

    def attempt() -> Conversation:
        transaction, name = opened(work.store, conversation)
        _judge(transaction, name, message, verdict, note, who, at)
        transaction.commit()
        return transaction.conversation(name)

    return work.retried(attempt)


def correct(
    work: Workplace, conversation: str, message: Key, wish: Wish, *, by: By, now: datetime
) -> Reply:
    """The reply to the customer that says what is right in the place of what a peer said."""
    at, who, reply_id = instant(now, where="now"), actor(by), work.ids()

    def attempt() -> Reply:
        transaction, name = opened(work.store, conversation)
        _judge(transaction, name, message, Verdict.CORRECTED, wish.text, who, at)
        found = transaction.conversation(name)
        refuse_unless_free(found, who, at)
        reply = addressed(work, found, wish, who, reply_id)
        gate.send(work, transaction, name, reply, who=who, now=at)
        waiting_list.keep(transaction, name, at)
        transaction.commit()
        return reply

    return work.retried(attempt)


def take_over(
    work: Workplace, conversation: str, message: Key, reason: str | None, *, by: By, now: datetime
) -> Conversation:
    """The conversation, which somebody of the house answers in the place of a peer."""
    at, who = instant(now, where="now"), actor(by)
    until = at + (work.handbook.routing or STANDARD).lease

    def attempt() -> Conversation:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        refuse_unless_free(found, who, at)
        _judge(transaction, name, message, Verdict.TAKEN_OVER, reason, who, at)
        held = attendance(work.store, (who.id,))
        held.refuse_if_away(name, who.id, at)
        if found.agent_id != who.id:
            routing.give(work, transaction, held, found, who.id, found.team_id, by=who, now=at)
        lend(transaction, held, found, who.id, until=until, by=who, now=at)
        transaction.commit()
        return transaction.conversation(name)

    return work.retried(attempt)


def _judge(
    transaction: Transaction,
    name: str,
    message: Key,
    verdict: Verdict,
    note: str | None,
    who: Actor,
    now: datetime,
) -> None:
    found = transaction.conversation(name)
    if not any(each.key == message and each.by_peer for each in found.messages):
        right = "channel and id of a message by a peer in this conversation"
        raise InvalidValue(message, where=f"{name}: answer", right=right)
    channel, message_id = message
    transaction.add(
        AnswerJudged(
            conversation=name,
            at=now,
            by=who,
            channel=channel,
            message_id=message_id,
            verdict=verdict,
            note=note,
        )
    )


# What is said to somebody


def _said(
    work: Workplace,
    transaction: Transaction,
    found: Conversation,
    person: str,
    words: Words,
    reply_id: str,
    who: Actor,
    now: datetime,
) -> Reply:
    """Takes down what is said: to the customer it is a reply, to anybody else it stands aside."""
    if person == found.customer_id:
        refuse_unless_free(found, who, now)
        wish = Wish(text=words.text, visibility=words.visibility)
        reply = addressed(work, found, wish, who, reply_id)
        gate.send(work, transaction, found.id, reply, who=who, now=now)
        return reply
    reply = _beside(work, found, person, words, reply_id, who)
    if words.visibility is None and gives_away(found, reply):
        said = "the customer wrote in private; give visibility to say that it may be public"
        raise NotAllowedNow(found.id, wanted=f"write to {person} in public", found=said)
    send_aside(work, transaction, found.id, reply, who=who, now=now)
    return reply


def _beside(
    work: Workplace, found: Conversation, person: str, words: Words, reply_id: str, who: Actor
) -> Reply:
    spoken = [each for each in found.spoken if _is_public(each)]
    names = _names(work, person)
    own = [each for each in spoken if each.by_peer and each.author.id in names]
    asked = [each for each in spoken if each.by_customer]
    beside = next(reversed(own or asked or spoken), found.last_message)
    if work.channels:
        work.channel(beside.channel)
    visibility = words.visibility or Visibility.PUBLIC
    in_public = visibility is Visibility.PUBLIC and _is_public(beside)
    return Reply(
        id=reply_id,
        text=words.text,
        channel=beside.channel,
        visibility=visibility,
        customer_id=_handle(work, person, beside),
        in_reply_to=beside.id if in_public else None,
        brand=found.brand,
        account=beside.account,
        agent_id=who.id,
    )


def _handle(work: Workplace, person: str, beside: Message) -> str:
    """How the channel knows somebody: the handle that is linked, or their own id."""
    handles = work.store.around(Asked(people=(person,))).handles.get(person, ())
    return next((each.id for each in handles if each.channel == beside.channel), person)


def _is_public(message: Message) -> bool:
    return message.visibility is Visibility.PUBLIC


# What passed before


def _asked_about(work: Workplace, found: Conversation) -> tuple[str, ...]:
    """Who was asked about what the customer waits with."""
    since = found.waiting_since
    events = (each.event for each in work.store.events(found.id))
    asked = (each for each in events if isinstance(each, PeerAsked))
    recent = (each for each in asked if since is None or each.at >= since)
    return tuple(dict.fromkeys(each.person for each in recent))


def _unanswered(work: Workplace, known: Contact) -> int:
    """How many of the latest asks somebody has not answered."""
    most = policy(work).most_unanswered
    count = 0
    for each in reversed(known.asks[-most:]):
        if each.conversation is None or _spoke(work, known.person, each.conversation, each.at):
            break
        count += 1
    return count


def _spoke(work: Workplace, person: str, conversation: str, since: datetime) -> bool:
    """Whether somebody wrote in a conversation after an instant."""
    transaction, name = opened(work.store, conversation)
    names = _names(work, person)
    later = (each for each in transaction.conversation(name).spoken if each.sent_at >= since)
    return any(each.author.id in names and (each.by_peer or each.by_customer) for each in later)


def _names(work: Workplace, person: str) -> frozenset[str]:
    """What channels call somebody."""
    handles = work.store.around(Asked(people=(person,))).handles.get(person, ())
    return frozenset({person, *(each.id for each in handles)})
