"""Escalating: who must see a conversation, and where time takes it.

What agents must not answer is found when it comes in, and written in the same transaction: so there
is no moment at which a message is known and those who must see it are not told, and nothing is lost
if a process ends. That costs one look-up in the map for a message; only for one that demands it is
its conversation read. What the map learns later, be it by another version of it, by a correction,
by a merge or a split, is found by the look that follows each of these.

What time does is worked out in `socialcare.domain.escalation.steps`, and written by whoever looks
first.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from socialcare.desk import notices
from socialcare.desk.answered import around, subjects
from socialcare.desk.delivery import US
from socialcare.desk.looks import Look, Told
from socialcare.desk.transaction import Transaction
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.escalation.decision import EscalationDecision
from socialcare.domain.escalation.map import EscalationMap
from socialcare.domain.escalation.steps import Clock, Step, on_duty
from socialcare.domain.events import Cause, Escalated, Key
from socialcare.domain.subject import Subject

_WHY = {
    Cause.MAP: "agents must not answer it",
    Cause.PERSON: "somebody asks for you",
    Cause.UNANSWERED: "agents have not answered in time",
    Cause.UNTAKEN: "nobody took it in time",
    Cause.NOBODY_ON_DUTY: "nobody was on duty where it was",
    Cause.HELD: "who took it was not done with it in time",
    Cause.REPEATED: "nobody has taken it yet",
}


def next_id(found: Conversation) -> str:
    """A name for an escalation that none of the conversation has."""
    own = f"{found.id}#"
    numbers = [each.id.removeprefix(own) for each in found.escalations if each.id.startswith(own)]
    taken = [int(number) for number in numbers if number.isdecimal()]
    return f"{own}{max(taken, default=0) + 1}"


def clock_of(work: Workplace) -> Clock | None:
    """What time does, by the documents in force; None where there is no map."""
    map_ = work.handbook.escalation
    return None if map_ is None else Clock(map=map_, rota=work.handbook.rota)


# What the map demands


def escalated_at_once(
    work: Workplace,
    demanding: Collection[Key],
    now: datetime,
    transaction: Transaction,
    conversation_of: Callable[[Key], str | None],
) -> None:
    """Takes down that what has just come in must be seen by others, and tells them.

    Args:
        work: The workplace.
        demanding: The messages that agents must not answer.
        now: When they came in.
        transaction: What is written about them.
        conversation_of: Says to which conversation a message went; None for one that did not.
    """
    for name in sorted({name for key in demanding if (name := conversation_of(key)) is not None}):
        found = transaction.conversation(name)
        messages = [each for each in found.customer_messages if each.key in demanding]
        asked = around(work, found, messages, now=now, fields=_fields(work))
        event = demanded(work, found, asked, now=now)
        if event is not None:
            take_down(work, transaction, event, now=now)


def _fields(work: Workplace) -> frozenset[str]:
    """The fields that the map asks for."""
    map_ = work.handbook.escalation
    return frozenset() if map_ is None else map_.fields


def take_down(
    work: Workplace, transaction: Transaction, event: Escalated, *, now: datetime
) -> None:
    """Takes down that a conversation was escalated, and that those there are told."""
    transaction.add(event)
    told = notices_of(event)
    transaction.outbox += notices.of(work, told, conversation=event.conversation, at=now)


def demanded(
    work: Workplace, found: Conversation, asked: Iterable[Subject], *, now: datetime
) -> Escalated | None:
    """Who must see these messages of a conversation, and does not yet; None if nobody.

    What was with those who must see it is not escalated again, nor what demands no more than what
    the conversation is escalated for: those who have that see all of it.
    """
    map_ = work.handbook.escalation
    if map_ is None:
        return None
    decision = map_.decide([each for each in asked if is_news(map_, found, each)])
    held = found.escalation
    if not decision.must_escalate or decision.team is None or decision.level is None:
        return None
    if held is not None and not map_.demands_more(decision.entry, held.entry):
        return None
    return Escalated(
        conversation=found.id,
        at=now,
        by=US,
        escalation=next_id(found),
        level=decision.level,
        team_id=decision.team,
        reason=decision.reason,
        because=Cause.MAP,
        entry=decision.entry,
        map=decision.map,
        told=on_duty(work.handbook.rota, decision.team, now),
        messages=decision.messages,
        found=_found(decision),
    )


def is_news(map_: EscalationMap, found: Conversation, subject: Subject) -> bool:
    """Whether agents must not answer a message, and it was never with those who must see it."""
    own = map_.decide((subject,))
    key = subject.message.key
    return own.must_escalate and not any(
        each.covers(key, entry=own.entry, team=own.team) for each in found.escalations
    )


def _found(decision: EscalationDecision) -> tuple[str, ...]:
    facts = (f"{field}: {value}" for field, value in decision.facts.items())
    return (*decision.words, *facts)


# What time does


def escalating(work: Workplace, found: Conversation, now: datetime) -> Look:
    """Where it goes that nobody took, answered or finished in time, and when the next step is."""
    clock = clock_of(work)
    if clock is None:
        return Look()
    is_open = [each for each in found.escalations if each.is_open]
    due = overdue(clock, found, now=now)
    if due:
        return Look(events=due, notices=_told(due))
    event, step = None, None
    if found.waiting_since is not None:
        asked = subjects(work, found, now=now, fields=_fields(work))
        event = demanded(work, found, asked, now=now)
        step = None if is_open else _unanswered(clock, found, asked)
    if event is None and step is not None and step.at <= now:
        event = _began(clock, found, step, clock.map.decide(asked))
    if event is not None:
        return Look(events=(event,), notices=notices_of(event))
    ahead = (step, *map(clock.next_step, is_open))
    return Look(next_at=min((each.at for each in ahead if each is not None), default=None))


def overdue(clock: Clock, found: Conversation, *, now: datetime) -> tuple[Escalated, ...]:
    """The steps that what is open in a conversation has gone by now and that nobody wrote yet."""
    return tuple(
        event
        for each in found.escalations
        if each.is_open
        for event in clock.gone_on(each, conversation=found.id, by=US, now=now)
    )


def _unanswered(clock: Clock, found: Conversation, asked: tuple[Subject, ...]) -> Step | None:
    """Where it goes if agents do not answer; their time begins anew when it is handed back."""
    entry = clock.map.entry(clock.map.decide(asked).entry)
    if entry is None or found.waiting_since is None:
        return None
    ended = (each.ended_at for each in found.escalations if each.ended_at is not None)
    return clock.unanswered(entry, max((found.waiting_since, *ended)))


def _began(
    clock: Clock, found: Conversation, step: Step, decision: EscalationDecision
) -> Escalated:
    return Escalated(
        conversation=found.id,
        at=step.at,
        by=US,
        escalation=next_id(found),
        level=step.level,
        team_id=step.team,
        reason=decision.reason,
        because=step.because,
        entry=decision.entry,
        map=decision.map,
        step=step.number,
        told=on_duty(clock.rota, step.team, step.at),
        messages=decision.messages,
        found=_found(decision),
    )


# Who is told


def _told(events: Iterable[Escalated]) -> Iterator[Told]:
    """What those are told to whom it went; of several reminders of one only the last."""
    last = {each.escalation: each for each in events}
    for event in events:
        if event.because is not Cause.REPEATED or last[event.escalation] is event:
            yield from notices_of(event)


def notices_of(event: Escalated) -> Iterator[Told]:
    """What everybody on duty there is told, or the team where nobody is or nobody knows."""
    said = (
        f"{event.conversation} is escalated to {event.team_id} ({event.level}): "
        f"{event.reason}; {_WHY[event.because]}"
    )
    if event.told == ():
        said += f"; nobody of {event.team_id} is on duty"
    if event.note:
        said += f"; {event.note}"
    for to in event.told or (event.team_id,):
        yield Told(kind="escalated", to=to, said=said)
