"""Answered: what an answer is about, as the map of the house looks at it.

That is what the customer waits with. Where nobody waits, since an answer is on its way or was
given, it is what they said last before that: a second answer to a threat is one to a threat, too.
"""

from collections.abc import Sequence
from datetime import datetime

from socialcare.desk.ranking import history, profiles, since
from socialcare.desk.workplace import Workplace
from socialcare.domain.assessment import UNREAD
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import handle_of
from socialcare.domain.folding import summary_of
from socialcare.domain.message import Direction, Message
from socialcare.domain.subject import NOBODY, Subject


def subjects(work: Workplace, found: Conversation, *, now: datetime) -> tuple[Subject, ...]:
    """What an answer to a conversation is about, each message with what is known around it."""
    return around(work, found, _last_turn(found), now=now)


def around(
    work: Workplace, found: Conversation, messages: Sequence[Message], *, now: datetime
) -> tuple[Subject, ...]:
    """Some messages of a conversation, each with what is known around it."""
    known, people = summary_of(found), profiles(work, messages)
    made = []
    for message in messages:
        read = found.assessments.get(message.key, UNREAD)
        handle = handle_of(message)
        earlier, others = history(work, message, known)
        made.append(
            Subject(
                message=message,
                annotations=read.annotations,
                profile=NOBODY if handle is None else people.get(handle, NOBODY),
                conversation=known,
                accounts=work.accounts,
                waiting=now - min(now, since(message, known)),
                earlier=earlier,
                open=others,
                volume=work.volume.times_usual(message),
                found_by=read.found_by,
            )
        )
    return tuple(made)


def _last_turn(found: Conversation) -> tuple[Message, ...]:
    """What the customer waits with, or else what they said last without an answer in between."""
    if found.waiting_since is not None:
        waits = [each for each in found.customer_messages if each.sent_at >= found.waiting_since]
        if waits:
            return tuple(waits)
    turn: list[Message] = []
    for message in reversed(found.spoken):
        if message.by_customer:
            turn.append(message)
        elif turn and message.direction is Direction.OUTBOUND and not message.automated:
            break
    return tuple(reversed(turn))
