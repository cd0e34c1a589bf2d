"""Issues: a matter that concerns many, handled as one.

Whoever writes about it is affected. Their conversations carry the issue's tag, and while all that
they wait with is about it they leave the line, so that those with another matter are not behind a
thousand with this one. Whoever then writes something else is back in the line at once, and what is
escalated never leaves it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import attrs

from socialcare.domain.actor import Actor
from socialcare.domain.assessment import UNREAD
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Event, Prioritised, Tagged
from socialcare.domain.message import Message
from socialcare.domain.query import Query, Subject
from socialcare.domain.tier import NOISE

__all__ = ["LOOKS_BACK", "TAG", "Issue", "Status", "joining", "leaving"]

LOOKS_BACK = timedelta(hours=24)
"""How long before an issue was opened somebody may have written about it."""
TAG = "issue:"
"""What the tag of an issue begins with, before its id."""


@attrs.frozen(kw_only=True)
class Status:
    """What was said in public about an issue.

    Attributes:
        at: When it was queued.
        channel: Where.
        text: What it says.
        reply_id: The post, as it stands in the outbox.
    """

    at: datetime
    channel: str
    text: str
    reply_id: str


@attrs.frozen(kw_only=True)
class Issue:
    """A matter that concerns many.

    Attributes:
        id: Its id.
        name: What it is called.
        query: Which messages are about it.
        groups: Whether those affected leave the line.
        opened_at: When it was opened.
        closed_at: When it was over; None while it is open.
        said: How it ended.
        statuses: What was said in public, in order.
        affected: The conversations in which somebody wrote about it, in the order in which that
            was found; as they were called then.
        reminded_at: When somebody was last told that an update is due.
    """

    id: str
    name: str
    query: str
    groups: bool = True
    opened_at: datetime
    closed_at: datetime | None = None
    said: str | None = None
    statuses: tuple[Status, ...] = ()
    affected: tuple[str, ...] = ()
    reminded_at: datetime | None = None

    @property
    def tag(self) -> str:
        """The tag of the conversations in which it was written about."""
        return f"{TAG}{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.closed_at is None

    def is_about(self, message: Message, conversation: Conversation, asked: Query) -> bool:
        """Whether a message is about it.

        Args:
            message: One of the conversation's messages.
            conversation: The conversation.
            asked: Its query.
        """
        assessment = conversation.assessments.get(message.key, UNREAD)
        subject = Subject(
            message=message, annotations=assessment.annotations, found_by=assessment.found_by
        )
        return message.sent_at >= self.opened_at - LOOKS_BACK and asked.holds(subject)

    def update_due_at(self, every: timedelta | None) -> datetime | None:
        """When the public should hear of it again; None where nobody says or it is over."""
        if every is None or not self.is_open:
            return None
        heard = self.statuses[-1].at if self.statuses else self.opened_at
        return max(heard, self.reminded_at or heard) + every


def joining(
    issue: Issue, conversation: Conversation, asked: Query, *, who: Actor, now: datetime
) -> Iterator[Event] | None:
    """What is to be written about a conversation that is affected; None for one that is not.

    Args:
        issue: The issue, which is open.
        conversation: The conversation.
        asked: The issue's query.
        who: Who says so.
        now: When.
    """
    told = conversation.customer_messages
    if not any(issue.is_about(each, conversation, asked) for each in told):
        return None
    return _joining(issue, conversation, asked, who=who, now=now)


def _joining(
    issue: Issue, conversation: Conversation, asked: Query, *, who: Actor, now: datetime
) -> Iterator[Event]:
    is_known = conversation.id in issue.affected
    grouped = conversation.prioritised and conversation.priority == NOISE
    waiting = tuple(_waiting(conversation))
    only_about = all(issue.is_about(each, conversation, asked) for each in waiting)
    if not is_known and issue.tag not in conversation.tags:
        yield Tagged(conversation=conversation.id, at=now, by=who, tag=issue.tag)
    if not issue.groups or not waiting:
        return
    alone = only_about and conversation.escalation is None
    if not is_known and alone and not conversation.prioritised:
        yield Prioritised(
            conversation=conversation.id, at=now, by=who, priority=NOISE, reason=_reason(issue)
        )
    elif is_known and grouped and not alone:
        yield _in_line(conversation, f"is about more than {issue.name}", who, now)


def leaving(
    issue: Issue, conversation: Conversation, *, who: Actor, now: datetime
) -> Iterator[Event]:
    """What is to be written about a conversation of an issue that is over: it is in the line."""
    grouped = conversation.prioritised and conversation.priority == NOISE
    if issue.groups and issue.tag in conversation.tags and grouped:
        yield _in_line(conversation, f"{issue.name} is over", who, now)


def _waiting(conversation: Conversation) -> Iterable[Message]:
    since = conversation.waiting_since
    if since is None:
        return ()
    return (each for each in conversation.customer_messages if each.sent_at >= since)


def _reason(issue: Issue) -> str:
    return f"affected by {issue.name}, which is handled for all together"


def _in_line(conversation: Conversation, reason: str, who: Actor, now: datetime) -> Event:
    return Prioritised(conversation=conversation.id, at=now, by=who, priority=None, reason=reason)
