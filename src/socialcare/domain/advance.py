"""Advance: a summary after one more message, without telling the whole story again.

Nearly every message is the first or the latest of its conversation and changes little: whose turn
it is, and when somebody last spoke. Where it might change more, nothing is said here, and the
conversation is folded from its events. So what a message costs does not grow with what was said
before it.
"""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import TypeAlias

import attrs

from socialcare.domain.assessment import UNREAD, Assessment
from socialcare.domain.events import Key
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.priority import Decision
from socialcare.domain.standing import Standing
from socialcare.domain.states import SETTLED
from socialcare.domain.summary import Summary

Assessments: TypeAlias = Mapping[Key, Assessment]
_UNREAD: Assessments = MappingProxyType({})


def advanced(
    summary: Summary, messages: Iterable[Message], assessments: Assessments = _UNREAD
) -> Summary | None:
    """The summary of the conversation with these messages too, or None: then only a fold tells.

    Args:
        summary: The conversation so far; for one that begins, no more than its id, whose it is,
            and the settled one that it comes back to.
        messages: What was said since, none of it in the conversation yet, and none of it answered
            by anything in it.
        assessments: What was made of some of them, by channel and id.
    """
    answered: set[Key] = set()
    for message in sorted(messages, key=attrgetter("order")):
        assessment = assessments.get(message.key, UNREAD)
        if message.key in answered or not _only_goes_on(summary, message):
            return None
        if assessment.category is not None:
            return None
        summary = _after(summary, message, assessment.decision)
        if message.in_reply_to is not None:
            answered.add((message.channel, message.in_reply_to))
    return summary


def _only_goes_on(summary: Summary, message: Message) -> bool:
    """Whether the message stands behind all others and says nothing about the conversation."""
    return (
        (summary.last_at is None or message.second > epoch_second(summary.last_at))
        and summary.state not in SETTLED
        and summary.customer_id is not None
        and not summary.given
        and message.conversation_id is None
        and message.category is None
        and not message.is_note
        and not summary.prioritised
        and summary.level is None
        # The channel is where the customer wrote last, or else where anybody did.
        and (message.by_customer or summary.channel in (message.channel, None))
    )


def _after(summary: Summary, message: Message, decision: Decision | None) -> Summary:
    standing = Standing(
        state=summary.state,
        waiting_since=summary.waiting_since,
        reopened=summary.reopened,
        priority=summary.priority,
        turn_at=summary.turn_at,
    )
    standing.hear(message, decision=decision)
    return attrs.evolve(
        summary,
        state=standing.state,
        waiting_since=standing.waiting_since,
        turn_at=standing.turn_at,
        priority=standing.priority if standing.waiting_since else None,
        channel=message.channel,
        opened_at=summary.opened_at or message.sent_at,
        last_at=message.sent_at,
        messages=summary.messages + 1,
    )
