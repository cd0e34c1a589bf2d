"""Conversations: what one customer and one brand said to each other about one matter.

A conversation is a value: the messages in it, in order, and a name.
Which messages those are is the business of `socialcare.domain.threading`.
A desk knows more than an export, and fills the other fields from its log: what people did with the
conversation, and where it stands (`socialcare.domain.folding`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter, sub
from types import MappingProxyType

import attrs

from socialcare.domain.approval.draft import Draft
from socialcare.domain.approval.review import Review
from socialcare.domain.assessment import Assessment
from socialcare.domain.changes import Assignment, Learnt, Status
from socialcare.domain.circumstances import Circumstances
from socialcare.domain.events import Because, DeadlineBreached, DeadlineWarned, Key, Reply
from socialcare.domain.handling import HandlingSpan, Running
from socialcare.domain.handover import Escalation
from socialcare.domain.message import Direction, Message
from socialcare.domain.priority import Decision
from socialcare.domain.routing.lease import Lease
from socialcare.domain.states import State
from socialcare.domain.tier import Priority
from socialcare.domain.verdict import Judgement
from socialcare.errors import InvalidValue

_SECOND = timedelta(seconds=1)
_NOTHING_KNOWN = Circumstances()


def in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages by second, inbound before outbound, then by id and channel."""
    given = tuple(messages)
    times = [message.sent_at for message in given]
    gaps = map(sub, times[1:], times)
    if min(gaps, default=_SECOND) >= _SECOND:  # as they nearly always come
        return given
    return tuple(sorted(given, key=attrgetter("order")))


def _some(
    conversation: "Conversation",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[Message, ...]]",
    value: tuple[Message, ...],
) -> None:
    if not value:
        raise InvalidValue(
            value, where=f"Conversation.{attribute.name}", right="at least one message"
        )


def _read_only(value: Mapping[Key, Assessment]) -> Mapping[Key, Assessment]:
    return value if isinstance(value, MappingProxyType) else MappingProxyType(dict(value))


@attrs.frozen(kw_only=True)
class Absorbed:
    """A conversation that became part of another.

    Attributes:
        id: The id that it had.
        because: Why they were merged.
    """

    id: str
    because: Because


@attrs.frozen(kw_only=True)
class Conversation:
    """The messages of one customer and one brand about one matter.

    Attributes:
        id: As given by the export, or `channel:message_id` of its first message that is no note.
        brand: Whose customer this is; two brands may give the same id.
        customer_id: The customer; None where nobody knows.
        messages: All of them, notes too, in order whatever the order they were given in.
            An edited message is as it was edited last; a deleted one has no text.
        previous_id: The resolved conversation that this one comes back to, or None.
        state: Where it stands.
        waiting_since: When the customer wrote what nobody has answered or settled yet; for one
            that somebody took up again without such a message, when they did. None unless it is
            new or open.
        turn_at: When its turn comes among all who wait, and what is escalated; else None unless it
            is new or open, and for what is only noise.
        priority: How much it matters that the customer waits; None where nobody said.
        prioritised: Whether somebody said so, and not the rules.
        decision: Why it matters as much, by the rules; None where there are none.
        assessments: What was made of its messages, by channel and id.
        resolved_at: When it was settled, if it still is.
        reopened: How often it was settled and then was not.
        earlier: Other versions of its messages, and deleted ones as they were, for the record.
        agent_id, team_id: Whose it is; while it is escalated, those of the escalation.
        assignments: Whose it became when.
        lease: Who may answer the customer until when, also after that; None where nobody was given
            that, or has given it back.
        statuses: What people decided when: `resolved`, `archived`, or `open` again.
        circumstances: What was known of it when. That is of the order in which things came, so two
            that say the same are equal without it.
        crossed: The warnings and breaches of deadlines that were written about it.
        looked_at: Up to when what the passing of time does to it has been written; None where
            nobody knows.
        judgements: What people of the house said of peers' answers, in order.
        handling: When agents worked on it.
        running: Who works on it now.
        category, subcategory: What it is about: what somebody said last, or else the last message
            that came with a category.
        tags: In alphabetical order.
        in_flight: Replies that were written and not sent yet.
        failed: Replies that could not be sent.
        drafts: Answers that were written and put aside or put forward, in order, with what became
            of them.
        reviews: Answers that were chosen to be looked at afterwards, in order.
        escalations: Who had to see it, in the order in which that was asked for; of those that are
            open the last one holds.
        apart: Conversations that somebody split from it or it from, never joined by themselves.
        absorbed: Conversations that became part of it.

    Raises:
        InvalidValue: If it has no message.
    """

    id: str
    brand: str | None = None
    customer_id: str | None
    messages: tuple[Message, ...] = attrs.field(converter=in_order, validator=_some)
    previous_id: str | None = None
    state: State = State.NEW
    waiting_since: datetime | None = None
    turn_at: datetime | None = None
    priority: Priority | None = None
    prioritised: bool = False
    decision: Decision | None = None
    assessments: Mapping[Key, Assessment] = attrs.field(
        default=MappingProxyType({}), converter=_read_only, hash=False
    )
    resolved_at: datetime | None = None
    reopened: int = 0
    earlier: tuple[Message, ...] = ()
    agent_id: str | None = None
    team_id: str | None = None
    assignments: tuple[Assignment, ...] = ()
    lease: Lease | None = None
    judgements: tuple[Judgement, ...] = ()
    statuses: tuple[Status, ...] = ()
    circumstances: Circumstances = attrs.field(default=_NOTHING_KNOWN, eq=False, repr=False)
    crossed: tuple[DeadlineWarned | DeadlineBreached, ...] = ()
    looked_at: datetime | None = attrs.field(default=None, eq=False)
    handling: tuple[HandlingSpan, ...] = ()
    running: tuple[Running, ...] = ()
    category: str | None = None
    subcategory: str | None = None
    tags: tuple[str, ...] = ()
    in_flight: tuple[Reply, ...] = ()
    failed: tuple[Reply, ...] = ()
    drafts: tuple[Draft, ...] = ()
    reviews: tuple[Review, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    apart: tuple[str, ...] = ()
    absorbed: tuple[Absorbed, ...] = ()

    @property
    def escalation(self) -> Escalation | None:
        """The escalation that holds now, or None where it is not escalated."""
        return next((each for each in reversed(self.escalations) if each.is_open), None)

    @property
    def learnt(self) -> tuple[Learnt, ...]:
        """What was known of it from when on: priority, tier, category and state."""
        return self.circumstances.learnt

    @property
    def taken_in(self) -> Mapping[Key, datetime]:
        """When those messages were taken in that had been sent in an earlier second, by key."""
        return self.circumstances.late

    @property
    def spoken(self) -> tuple[Message, ...]:
        """Its messages without the notes."""
        return tuple(message for message in self.messages if not message.is_note)

    @property
    def customer_messages(self) -> tuple[Message, ...]:
        """What the customer wrote: no notes, nothing automated, nothing by peers."""
        return tuple(message for message in self.messages if message.by_customer)

    @property
    def first_customer_message(self) -> Message | None:
        """The first message by the customer, or None where only others spoke."""
        return next((message for message in self.messages if message.by_customer), None)

    @property
    def last_message(self) -> Message:
        """The last message, notes included."""
        return self.messages[-1]

    @property
    def opened_at(self) -> datetime:
        """When its first message was sent, notes included, in UTC."""
        return self.messages[0].sent_at

    @property
    def began_by_customer(self) -> bool:
        """Whether its first message that is no note is inbound; not so if there are only notes."""
        return bool(self.spoken) and self.spoken[0].direction is Direction.INBOUND

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that it touched, each once, in the order in which it came to them."""
        return tuple(dict.fromkeys(message.channel for message in self.messages))
