"""Going along: where drafts and reviews go when messages move to another conversation.

A draft that is not sent goes with the message that it answers; one that was sent is with its reply.
Whatever was done about a draft goes with it, in which conversation that was.
"""

from collections.abc import Collection, Iterable

from socialcare.domain.events import (
    DraftApproved,
    DraftEdited,
    DraftExpired,
    DraftOutdated,
    DraftRejected,
    DraftSubmitted,
    DraftWithdrawn,
    Event,
    FindingsOverruled,
    Key,
    Recorded,
    ReplyDelivered,
    ReplyDrafted,
    ReplyFailed,
    ReplyQueued,
    ReplyRetried,
    ReplyReviewed,
    ReviewAsked,
)

_DRAFTS = (
    DraftEdited
    | DraftSubmitted
    | DraftApproved
    | DraftRejected
    | DraftOutdated
    | DraftExpired
    | DraftWithdrawn
)
_REVIEWS = FindingsOverruled | ReviewAsked | ReplyReviewed


def reply_of(event: Event) -> str | None:
    """The reply, or the draft of one, that an event is about; None where it brings a message."""
    if isinstance(event, ReplyDrafted | ReplyQueued):
        return event.reply.id
    if isinstance(event, _DRAFTS):
        return event.draft_id
    about = _REVIEWS | ReplyFailed | ReplyRetried
    return event.reply_id if isinstance(event, about) else None


def replies_with(log: Iterable[Recorded], messages: Collection[Key]) -> frozenset[str]:
    """The replies that became these messages, and the drafts that answer them."""
    events = [each.event for each in log]
    queued = {each.reply.id for each in events if isinstance(each, ReplyQueued)}
    sent = {
        each.reply_id
        for each in events
        if isinstance(each, ReplyDelivered) and each.message.key in messages
    }
    drafted = {
        each.reply.id
        for each in events
        if isinstance(each, ReplyDrafted)
        and (each.reply.channel, each.reply.in_reply_to) in messages
    }
    return frozenset(sent | (drafted - queued))


def going_back(log: Iterable[Recorded], own: Collection[str | None]) -> list[Recorded]:
    """The events that go back with conversations that were merged.

    These are the events of these conversations, and what was done since about their drafts and
    reviews. A draft that was sent since stays with its reply, and so does all that is about it.

    Args:
        log: The events of the conversation that they are part of.
        own: The conversations.
    """
    events = list(log)
    theirs = [each for each in events if each.event.conversation in own]
    others = [each for each in events if each.event.conversation not in own]
    drafted = {each.event.reply.id for each in theirs if isinstance(each.event, ReplyDrafted)}
    queued = {each.event.reply.id for each in theirs if isinstance(each.event, ReplyQueued)}
    sent_since = drafted & {
        each.event.reply.id for each in others if isinstance(each.event, ReplyQueued)
    }
    return [
        each
        for each in events
        if (each in theirs and reply_of(each.event) not in sent_since)
        or _goes_along(each.event, drafted - sent_since, queued)
    ]


def _goes_along(event: Event, drafts: Collection[str], replies: Collection[str]) -> bool:
    return (isinstance(event, _DRAFTS) and event.draft_id in drafts) or (
        isinstance(event, _REVIEWS) and event.reply_id in {*replies, *drafts}
    )
