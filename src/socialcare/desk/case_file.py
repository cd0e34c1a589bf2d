"""The case file: all that somebody needs who takes a conversation from others."""

from datetime import datetime

import attrs

from socialcare.desk import judging, reading
from socialcare.desk.guidance import Guidance, guidance
from socialcare.desk.transaction import opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Customer
from socialcare.domain.handover import Escalation
from socialcare.domain.message import Message
from socialcare.domain.summary import Summary

__all__ = ["CaseFile", "case_file"]


@attrs.frozen(kw_only=True)
class CaseFile:
    """A conversation with everything around it.

    Attributes:
        conversation: The conversation: its messages, whose it was, what was tried.
        customer: Who it is with, and the handles that are known to be theirs; None where nobody
            knows who it is.
        history: The customer's other conversations on all channels, the latest first.
        trace: Why it stands where it stands: priority, rule, words and facts.
        guidance: Who answers, who must see it, what an answer needs, and whether whoever asks may
            answer.
        notes: What colleagues wrote to each other in it, in order.
        handovers: What those wrote who escalated it or handed it back, in order.
        escalations: Who had to see it, and who has it now.
    """

    conversation: Conversation
    customer: Customer | None
    history: tuple[Summary, ...]
    trace: str
    guidance: Guidance
    notes: tuple[Message, ...]
    handovers: tuple[str, ...]
    escalations: tuple[Escalation, ...]


def case_file(
    work: Workplace, conversation: str, *, who: Actor, now: datetime, limit: int
) -> CaseFile:
    """The case file of a conversation, or of what it became part of.

    Raises:
        UnknownConversation: If there is none of that name.
    """
    transaction, name = opened(work.store, conversation)
    found = transaction.conversation(name)
    person = found.customer_id
    return CaseFile(
        conversation=found,
        customer=None if person is None else reading.customer(work, person),
        history=_others(work, found, limit),
        trace=judging.explained(work, name, None),
        guidance=guidance(work, found, who=who, now=now),
        notes=tuple(each for each in found.messages if each.is_note),
        handovers=tuple(note for each in found.escalations for note in each.notes),
        escalations=found.escalations,
    )


def _others(work: Workplace, found: Conversation, limit: int) -> tuple[Summary, ...]:
    if found.customer_id is None:
        return ()
    known = reading.history(work, found.customer_id, brand=found.brand, limit=limit + 1)
    return tuple(each for each in known if each.id != found.id)[:limit]
