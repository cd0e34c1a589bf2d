"""Answered: what an answer is about, as the map of the house looks at it.

That is what the customer waits with. Where nobody waits, since an answer is on its way or was
given, it is what they said last before that: a second answer to a threat is one to a threat, too.
And an answer is about the very message that it answers, however old that is, and about whatever
nobody has answered, even if it was put away in between.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from socialcare.desk.ranking import HISTORY, history, profiles, since
from socialcare.desk.workplace import Workplace
from socialcare.domain.assessment import UNREAD
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import handle_of
from socialcare.domain.events import Reply
from socialcare.domain.folding import summary_of
from socialcare.domain.message import Direction, Message
from socialcare.domain.subject import NOBODY, Subject


def subjects(
    work: Workplace,
    found: Conversation,
    *,
    now: datetime,
    fields: AbstractSet[str] = HISTORY,
) -> tuple[Subject, ...]:
    """What an answer to a conversation is about, as `around` says."""
    return around(work, found, _last_turn(found), now=now, fields=fields)


def subjects_of(
    work: Workplace,
    found: Conversation,
    reply: Reply,
    *,
    now: datetime,
    fields: AbstractSet[str] = HISTORY,
) -> tuple[Subject, ...]:
    """What this very answer to a conversation is about, as `around` says."""
    answered = (reply.channel, reply.in_reply_to)
    about = {answered, *(each.key for each in (*_last_turn(found), *_unanswered(found)))}
    messages = [each for each in found.customer_messages if each.key in about]
    return around(work, found, messages, now=now, fields=fields)


def around(
    work: Workplace,
    found: Conversation,
    messages: Sequence[Message],
    *,
    now: datetime,
    fields: AbstractSet[str] = HISTORY,
) -> tuple[Subject, ...]:
    """Some messages of a conversation, each with what is known around it.

    Args:
        work: The workplace.
        found: The conversation.
        messages: Some of its messages.
        now: When it is asked.
        fields: The fields that somebody asks for, so that nobody looks up what none does; by
            default all.
    """
    known, people = summary_of(found), profiles(work, messages)
    made = []
    for message in messages:
        read = found.assessments.get(message.key, UNREAD)
        handle = handle_of(message)
        looked_up = not fields.isdisjoint(HISTORY)
        earlier, others = history(work, message, known) if looked_up else (None, None)
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
    return _unanswered(found)


def _unanswered(found: Conversation) -> tuple[Message, ...]:
    """What the customer said last without an answer by somebody in between."""
    turn: list[Message] = []
    for message in reversed(found.spoken):
        if message.by_customer:
            turn.append(message)
        elif turn and message.direction is Direction.OUTBOUND and not message.automated:
            break
    return tuple(reversed(turn))
