"""Advance: a summary after one more message, without telling the whole story again.

Nearly every message is the first or the latest of its conversation and changes little: whose turn
it is, and when somebody last spoke. Where it might change more, nothing is said here, and the
conversation is folded from its events. So what a message costs does not grow with what was said
before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import TypeAlias

import attrs

from socialcare.domain.assessment import UNREAD, Assessment
from socialcare.domain.conversation import in_order
from socialcare.domain.events import Key
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.standing import Standing
from socialcare.domain.states import SETTLED
from socialcare.domain.summary import Summary

Assessments: TypeAlias = Mapping[Key, Assessment]
_UNREAD: Assessments = MappingProxyType({})
_NAMES = tuple(field.name for field in attrs.fields(Summary))
_values = attrgetter(*_NAMES)
"""All that a summary says, at once: `attrs.evolve` would ask it field by field."""


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
    if summary.customer_id is None or summary.given:
        return None
    if summary.prioritised or summary.level is not None:
        return None
    told = in_order(messages)
    answered: set[Key] = set()
    last, channel = summary.last_at, summary.channel
    standing = _standing(summary)
    for message in told:
        assessment = assessments.get(message.key, UNREAD)
        if message.key in answered or assessment.category is not None:
            return None
        if standing.state in SETTLED or not _only_goes_on(message, last, channel):
            return None
        standing.hear(message, assessments)
        last, channel = message.sent_at, message.channel
        if message.in_reply_to is not None:
            answered.add((message.channel, message.in_reply_to))
    return _with(summary, told, standing) if told else summary


def _only_goes_on(message: Message, last: datetime | None, channel: str | None) -> bool:
    """Whether the message stands behind all others and says nothing about the conversation."""
    return (
        (last is None or message.second > epoch_second(last))
        and message.conversation_id is None
        and message.category is None
        and not message.is_note
        # The channel is where the customer wrote last, or else where anybody did.
        and (message.by_customer or channel in (message.channel, None))
    )


def _standing(summary: Summary) -> Standing:
    return Standing(
        state=summary.state,
        waiting_since=summary.waiting_since,
        reopened=summary.reopened,
        priority=summary.priority,
        turn_at=summary.turn_at,
    )


def _with(summary: Summary, told: Sequence[Message], standing: Standing) -> Summary:
    """The summary with what was told, and where that leaves the conversation."""
    fields = dict(zip(_NAMES, _values(summary), strict=True))
    fields |= {
        "state": standing.state,
        "waiting_since": standing.waiting_since,
        "turn_at": standing.turn_at,
        "priority": standing.priority if standing.waiting_since else None,
        "channel": told[-1].channel,
        "opened_at": summary.opened_at or told[0].sent_at,
        "last_at": told[-1].sent_at,
        "messages": summary.messages + len(told),
    }
    return Summary(**fields)
