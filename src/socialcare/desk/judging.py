"""Judging: what people say about what matters, and how rules and classifiers come to say the same.

A person's word about a message is an annotation by a person, and stands above any classifier's. It
is kept with the text, so that a model can be trained on it; what a rule makes of the message is
decided again with it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain

import attrs

from socialcare.desk.care import Decide
from socialcare.desk.ranking import Ranking
from socialcare.desk.transaction import opened
from socialcare.desk.walk import pages
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.annotation import Annotation, Sense, Value, person
from socialcare.domain.assessment import UNREAD, Assessment
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Assessed, Event, Key, Prioritised
from socialcare.domain.message import Message
from socialcare.domain.tier import Ageing, Priority
from socialcare.errors import InvalidValue


def prioritise(
    work: Workplace, priority: Priority | str | None, reason: str | None, now: datetime
) -> Decide:
    """Says how much it matters, until it is settled; None to go by the rules again."""
    wanted = Priority.of(priority) if isinstance(priority, str) else priority
    ageing = Ageing() if work.rules is None else work.rules.ageing

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        if (found.priority if found.prioritised else None) != wanted:
            yield Prioritised(
                conversation=found.id,
                at=now,
                by=who,
                priority=wanted,
                allowance=_allowance(ageing, wanted),
                reason=reason,
            )

    return decide


def _allowance(ageing: Ageing, priority: Priority | None) -> timedelta | None:
    return None if priority is None else ageing.allowance(priority)


def annotate(work: Workplace, key: Key, sense: Sense, value: Value, now: datetime) -> Decide:
    """Says something of a message, above what classifiers say; the rules decide again with it."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        message = _message(found, key)
        said = Annotation(sense=sense, value=value, by=person(who.id), confidence=1.0)
        before = found.assessments.get(key, UNREAD)
        others = tuple(each for each in before.annotations if not _is_of(each, said))
        yield from _again(work, found, message, (*others, said), who, now)

    return decide


def rank_again(work: Workplace, now: datetime) -> Decide:
    """Has the rules as they are now decide about what the customer waits with."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        for message in _waiting(found):
            before = found.assessments.get(message.key, UNREAD)
            yield from _again(work, found, message, before.annotations, who, now)

    return decide


def _is_of(one: Annotation, other: Annotation) -> bool:
    """Whether one is what the same person said in the same sense before."""
    return (one.sense, one.by) == (other.sense, other.by)


def _waiting(found: Conversation) -> Iterator[Message]:
    if found.waiting_since is None:
        return
    for message in found.customer_messages:
        if message.sent_at >= found.waiting_since:
            yield message


def _again(
    work: Workplace,
    found: Conversation,
    message: Message,
    annotations: tuple[Annotation, ...],
    who: Actor,
    now: datetime,
) -> Iterator[Event]:
    before = found.assessments.get(message.key, UNREAD)
    ranking = Ranking(work, [message], {message.key: before.found_by}, now=now)
    known = work.store.summaries([found.id]).get(found.id)
    decision = ranking.decision(message, annotations, None if known is None else known.summary)
    assessment = attrs.evolve(before, annotations=annotations, decision=decision)
    if assessment != before:
        yield Assessed(
            conversation=found.id,
            at=now,
            by=who,
            channel=message.channel,
            message_id=message.id,
            assessment=assessment,
        )


def _message(found: Conversation, key: Key) -> Message:
    message = next((each for each in found.messages if each.key == key), None)
    if message is None:
        right = f"channel and id of a message of the conversation {found.id!r}"
        raise InvalidValue(key, where="message", right=right)
    return message


def explained(work: Workplace, conversation: str, key: Key | None) -> str:
    """Why a message, or what the customer waits with, stands where it stands."""
    transaction, name = opened(work.store, conversation)
    found = transaction.conversation(name)
    if key is None:
        decision = found.decision
        by_person = f"{found.priority}: somebody said so" if found.prioritised else None
    else:
        _message(found, key)
        decision, by_person = found.assessments.get(key, UNREAD).decision, None
    lines = (by_person, None if decision is None else str(decision))
    return "\n".join(filter(None, lines)) or "nobody ranked it"


def labels(work: Workplace, sense: Sense) -> Iterator[tuple[str, Value]]:
    """What people said of messages in one sense: text and value, to train a model with.

    Of what was said of one message only the last word counts.
    """
    said: dict[Key, tuple[str | None, Value]] = {}
    for entry in chain.from_iterable(pages(work.store)):
        event = entry.recorded.event
        if isinstance(event, Assessed) and entry.belongs_to is not None:
            found = _label(event.assessment, sense)
            if found is not None:
                said[event.channel, event.message_id] = (entry.belongs_to, found.value)
    for key, (conversation, value) in said.items():
        text = _text(work, conversation, key)
        if text:
            yield text, value


def _label(assessment: Assessment, sense: Sense) -> Annotation | None:
    by_people = (each for each in assessment.annotations if each.by_person and each.known)
    return next((each for each in reversed(tuple(by_people)) if each.sense is sense), None)


def _text(work: Workplace, conversation: str | None, key: Key) -> str | None:
    transaction, name = opened(work.store, conversation or "")
    return next(
        (each.text for each in transaction.conversation(name).messages if each.key == key), None
    )
