"""Advance: a summary after one more message, without telling the whole story again.

Nearly every message is the latest of its conversation and changes little: whose turn it is, and
when somebody last spoke. Where it might change more, nothing is said here, and the conversation is
folded from its events. So what a message costs does not grow with what was said before it.
"""

from collections.abc import Iterable
from operator import attrgetter

import attrs

from socialcare.domain.events import Key
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.standing import Standing
from socialcare.domain.states import SETTLED
from socialcare.domain.summary import Summary


def advanced(summary: Summary, messages: Iterable[Message]) -> Summary | None:
    """The summary of the conversation with these messages too, or None: then only a fold tells.

    Args:
        summary: The conversation so far, with at least one message.
        messages: What was said since, none of it in the conversation yet, and none of it answered
            by anything in it.
    """
    answered: set[Key] = set()
    for message in sorted(messages, key=attrgetter("order")):
        if message.key in answered or not _only_goes_on(summary, message):
            return None
        summary = _after(summary, message)
        if message.in_reply_to is not None:
            answered.add((message.channel, message.in_reply_to))
    return summary


def _only_goes_on(summary: Summary, message: Message) -> bool:
    """Whether the message stands behind all others and says nothing about the conversation."""
    return (
        summary.last_at is not None
        and message.second > epoch_second(summary.last_at)
        and summary.state not in SETTLED
        and summary.customer_id is not None
        and not summary.given
        and message.conversation_id is None
        and message.category is None
        and not message.is_note
        # The channel is where the customer wrote last, or else where anybody did.
        and (message.by_customer or message.channel == summary.channel)
    )


def _after(summary: Summary, message: Message) -> Summary:
    standing = Standing(
        state=summary.state, waiting_since=summary.waiting_since, reopened=summary.reopened
    )
    standing.hear(message)
    return attrs.evolve(
        summary,
        state=standing.state,
        waiting_since=standing.waiting_since,
        channel=message.channel,
        last_at=message.sent_at,
        messages=summary.messages + 1,
    )
