"""Resolutions: how long until a conversation was settled, and whether it stayed so.

What counts as evidence, best first; the first kind that a conversation has is the only one used:

1. the status table: a state in `RESOLVED`;
2. the customer's thanks after a response (`socialcare.domain.acknowledgement`);
3. in a log without any status table, a response after which no customer message came for the
   settling time, marked as inferred.

A customer message after that, which is no acknowledgement, opens the conversation again.
So the history of a conversation is a list of events, each of which settles it or opens it again,
and the answer is read off that list; what is settled already is not settled once more.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import pairwise

import attrs

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.changes import Status, by_conversation, known
from socialcare.domain.choices import Choice
from socialcare.domain.conversation import Conversation
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy, ResolutionCloses, Target
from socialcare.domain.responses import Part, part
from socialcare.domain.stopwatch import Hours, Stopwatch
from socialcare.domain.threading import until

RESOLVED = frozenset({"solved", "resolved", "closed", "done"})
"""The states that settle a conversation; any other opens it again."""


class Source(Choice):
    """What says that a conversation was resolved."""

    STATUS = "status"
    ACKNOWLEDGEMENT = "acknowledgement"
    """The customer wrote thanks, and nothing else, after a response."""
    INFERRED = "inferred"
    """No customer message came for the settling time after a response."""


@attrs.frozen(kw_only=True)
class Resolution:
    """A conversation was settled, or is not yet.

    Attributes:
        conversation_id: The conversation.
        brand: Its brand.
        customer_id: Its customer.
        channel: The channel of its first customer message.
        opened_at: When that was sent.
        resolved_at: When it was settled by the policy; None while pending.
        first_resolved_at: When it was first settled; None if never.
        source: What says so; None if it never was.
        calendar_seconds: How long it took; while pending, how long it has been so far.
        business_seconds: The same within business hours; None where no hours were given.
        reopened: How often it was settled and then was not.
        responses: How many responses to the customer there were up to `resolved_at`; all of them
            while pending.
        agent_id: Who wrote the last of these, or None.
        closing_channel: Where the last of these was sent, or None.
    """

    conversation_id: str
    brand: str | None
    customer_id: str | None
    channel: str
    opened_at: datetime
    resolved_at: datetime | None
    first_resolved_at: datetime | None
    source: Source | None
    calendar_seconds: int
    business_seconds: int | None
    reopened: int
    responses: int
    agent_id: str | None
    closing_channel: str | None

    @property
    def pending(self) -> bool:
        """Whether it was not settled yet, or is open again."""
        return self.resolved_at is None


def resolution(
    conversation: Conversation,
    *,
    as_of: datetime,
    policy: MeasurementPolicy = MeasurementPolicy(),  # noqa: B008 - frozen
    hours: Hours | None = None,
    statuses: Iterable[Status] = (),
    log_has_statuses: bool = False,
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> Resolution | None:
    """How one conversation was settled; None for one in which no customer wrote.

    Args:
        conversation: The conversation; what was sent after `as_of` is left out.
        as_of: The instant of the calculation, at which the unsettled are pending.
        policy: The rules; ours by default.
        hours: Business hours, for `business_seconds`.
        statuses: The status table, of any conversations.
        log_has_statuses: Whether the log has such a table at all, even if it has no row of this
            conversation. Nothing is inferred from silence where it has.
        misdated: Messages stamped before the one they answer.
    """
    rows = known(conversation.id, statuses, as_of)
    story = tuple(
        (message, part(message, policy, misdated))
        for message in until(conversation.messages, as_of)
    )
    opening = next((message for message, does in story if does is Part.ASKS), None)
    if opening is None:
        return None
    if rows:
        history = _by_status(story, [row for row in rows if _second(row) >= opening.second])
    else:
        silence = None if log_has_statuses else policy.settle
        history = _by_thanks(story) or _by_silence(story, silence, as_of)
    timed = Stopwatch.of(conversation.id, statuses=rows, as_of=as_of, policy=policy, hours=hours)
    return _row(conversation, opening, history, _answers(story, opening), timed)


def resolutions(
    conversations: Iterable[Conversation],
    *,
    as_of: datetime,
    policy: MeasurementPolicy = MeasurementPolicy(),  # noqa: B008 - frozen
    hours: Hours | None = None,
    statuses: Iterable[Status] = (),
    log_has_statuses: bool = False,
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[Resolution, ...]:
    """How each conversation was settled, in their order; arguments as for `resolution`."""
    rows = by_conversation(statuses)
    each = (
        resolution(
            conversation,
            as_of=as_of,
            policy=policy,
            hours=hours,
            statuses=rows.get(conversation.id, ()),
            log_has_statuses=log_has_statuses or bool(rows),
            misdated=misdated,
        )
        for conversation in conversations
    )
    return tuple(found for found in each if found is not None)


Story = Sequence[tuple[Message, Part]]
"""The messages of a conversation, in order, and what each does to a wait."""


@attrs.frozen(kw_only=True)
class _Event:
    """At this moment the conversation was settled, or opened again."""

    at: datetime
    settles: bool


def _changes(events: Iterable[_Event]) -> tuple[_Event, ...]:
    """The events without those that settle what is settled already."""
    found: list[_Event] = []
    for event in events:
        if not (event.settles and found and found[-1].settles):
            found.append(event)
    return tuple(found)


@attrs.frozen(kw_only=True)
class _History:
    """The events of a conversation, and what kind of evidence they are."""

    events: tuple[_Event, ...] = attrs.field(converter=_changes)
    source: Source

    def __bool__(self) -> bool:
        """Whether it was ever settled."""
        return any(event.settles for event in self.events)

    @property
    def first(self) -> datetime | None:
        """When it was first settled."""
        return next((event.at for event in self.events if event.settles), None)

    @property
    def last(self) -> datetime | None:
        """When it was last settled, unless it was opened again after that."""
        return self.events[-1].at if self.events and self.events[-1].settles else None

    @property
    def reopened(self) -> int:
        """How often it was settled and then opened again."""
        return sum(before.settles and not after.settles for before, after in pairwise(self.events))

    def closes(self, which: ResolutionCloses) -> datetime | None:
        """The resolution that closes, or None while the conversation is open."""
        return self.first if which is ResolutionCloses.FIRST else self.last


def _second(row: Status) -> int:
    return epoch_second(row.at)


def _answers(story: Story, opening: Message) -> list[Message]:
    """The responses to the customer: those after the first message that the customer wrote."""
    return [
        message for message, does in story if does is Part.ANSWERS and message.order > opening.order
    ]


def _by_status(story: Story, rows: Sequence[Status]) -> _History:
    """Settled by the status table; at the same second a state comes after the messages."""
    spoken = [
        (message.second, 0, _Event(at=message.sent_at, settles=False))
        for message, does in story
        if does is Part.ASKS and not is_acknowledgement(message.text or "")
    ]
    stated = [(_second(row), 1, _Event(at=row.at, settles=row.status in RESOLVED)) for row in rows]
    events = [event for *_, event in sorted((*spoken, *stated), key=lambda entry: entry[:2])]
    return _History(events=events, source=Source.STATUS)


def _by_thanks(story: Story) -> _History:
    """Settled by the customer's thanks after at least one response."""
    events = []
    answered = False
    for message, does in story:
        answered = answered or does is Part.ANSWERS
        if does is Part.ASKS:
            thanks = is_acknowledgement(message.text or "")
            events.append(_Event(at=message.sent_at, settles=thanks and answered))
    return _History(events=events, source=Source.ACKNOWLEDGEMENT)


def _by_silence(story: Story, settle: timedelta | None, as_of: datetime) -> _History:
    """Settled by a response after which the customer was silent; never where `settle` is None."""
    events = []
    asked = False
    for place, (message, does) in enumerate(story):
        asked = asked or does is Part.ASKS
        if does is Part.ASKS:
            events.append(_Event(at=message.sent_at, settles=False))
        elif does is Part.ANSWERS and asked and _silent(message, story[place:], settle, as_of):
            events.append(_Event(at=message.sent_at, settles=True))
    return _History(events=events, source=Source.INFERRED)


def _silent(response: Message, later: Story, settle: timedelta | None, as_of: datetime) -> bool:
    """Whether no customer message came within `settle` of the response, as far as is known."""
    if settle is None:
        return False
    following = next((message for message, does in later if does is Part.ASKS), None)
    if following is None:
        return timedelta(seconds=epoch_second(as_of) - response.second) >= settle
    return timedelta(seconds=following.second - response.second) > settle


def _row(
    conversation: Conversation,
    opening: Message,
    history: _History,
    answers: Sequence[Message],
    timed: Stopwatch,
) -> Resolution:
    resolved_at = history.closes(timed.policy.resolution_closes)
    end = timed.as_of if resolved_at is None else epoch_second(resolved_at)
    counted = [message for message in answers if message.second <= end]
    calendar, business = timed.seconds(Target.RESOLUTION, opening.second, end)
    return Resolution(
        conversation_id=conversation.id,
        brand=conversation.brand,
        customer_id=conversation.customer_id,
        channel=opening.channel,
        opened_at=opening.sent_at,
        resolved_at=resolved_at,
        first_resolved_at=history.first,
        source=history.source if history else None,
        calendar_seconds=calendar,
        business_seconds=business,
        reopened=history.reopened,
        responses=len(counted),
        agent_id=counted[-1].agent_id if counted else None,
        closing_channel=counted[-1].channel if counted else None,
    )
