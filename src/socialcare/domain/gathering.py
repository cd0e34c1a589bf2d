"""Gathering: what the events of a conversation say, sorted by what it is about.

Events are taken one by one, in the order of their positions. What comes late or twice does no harm:
what is about a message that is not here is passed over, and so is what was so already.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TypedDict

import attrs

from socialcare.domain import events
from socialcare.domain.approval.gathering import Drafts
from socialcare.domain.assessment import Assessment
from socialcare.domain.changes import Assignment
from socialcare.domain.conversation import Absorbed
from socialcare.domain.events import Because, Event, Key, Recorded, Reply
from socialcare.domain.handling import HandlingSpan, Running
from socialcare.domain.handover import Escalation, Escalations
from socialcare.domain.message import Message
from socialcare.domain.routing.lease import Lease
from socialcare.domain.states import Happening
from socialcare.domain.verdict import Judgement


@attrs.frozen(kw_only=True)
class Decision:
    """Somebody settled a conversation, or took it up again."""

    position: int
    conversation: str | None
    happening: Happening
    at: datetime
    by: str

    @property
    def settles(self) -> bool:
        """Whether it was meant to settle the conversation."""
        return self.happening is not Happening.REOPENED


class Care(TypedDict):
    """Fields of a conversation that say what people did with it."""

    previous_id: str | None
    agent_id: str | None
    team_id: str | None
    assignments: tuple[Assignment, ...]
    lease: Lease | None
    judgements: tuple[Judgement, ...]
    handling: tuple[HandlingSpan, ...]
    running: tuple[Running, ...]
    tags: tuple[str, ...]
    in_flight: tuple[Reply, ...]
    failed: tuple[Reply, ...]
    escalations: tuple[Escalation, ...]
    apart: tuple[str, ...]
    absorbed: tuple[Absorbed, ...]


class Gathered:
    """What is known of a conversation after some of its events.

    Args:
        conversation: Its id.
    """

    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        self.messages: dict[Key, Message] = {}
        """Each message in the version that came first."""
        self.edited: dict[Key, list[Message]] = {}
        """All versions of those of which there are several, in the order in which they came."""
        self.came: dict[Key, Recorded] = {}
        """By which event each message came."""
        self.deleted: dict[Key, datetime] = {}
        self.sentiments: dict[Key, events.SentimentMarked] = {}
        self.assessments: dict[Key, Assessment] = {}
        self.is_read = False
        """Whether anybody annotated a message."""
        self.is_categorised = False
        """Whether a rule or a classifier said what a message is about."""
        self.prioritised: tuple[int, events.Prioritised] | None = None
        """What somebody said last about how much it matters, and at which position."""
        self.decisions: list[Decision] = []
        self.drafts = Drafts(conversation)
        self.crossed: list[events.DeadlineWarned | events.DeadlineBreached] = []
        self.escalations = Escalations()
        self.category: tuple[str | None, str | None] | None = None
        self._previous: str | None = None
        self._assignments: list[Assignment] = []
        self._lease: Lease | None = None
        self._judgements: list[Judgement] = []
        self._spans: list[HandlingSpan] = []
        self._running: dict[str, datetime] = {}
        self._tags: set[str] = set()
        self._in_flight: dict[str, Reply] = {}
        self._failed: dict[str, Reply] = {}
        self._apart: dict[str, None] = {}
        self._absorbed: dict[str, Because] = {}
        self._joined: list[tuple[int, str, str | None]] = []
        """At which position which conversation became part of which."""

    def care(self) -> Care:
        """What people did with the conversation, as its fields."""
        holder = self.escalations.open or (self._assignments[-1] if self._assignments else None)
        own = {self.conversation, *self._absorbed}
        return Care(
            previous_id=None if self._previous in own else self._previous,
            agent_id=None if holder is None else holder.agent_id,
            team_id=None if holder is None else holder.team_id,
            assignments=tuple(self._assignments),
            lease=self._lease,
            judgements=tuple(self._judgements),
            handling=tuple(self._spans),
            running=tuple(Running(agent_id=a, started_at=at) for a, at in self._running.items()),
            tags=tuple(sorted(self._tags)),
            in_flight=tuple(self._in_flight.values()),
            failed=tuple(self._failed.values()),
            escalations=self.escalations.all,
            apart=tuple(sorted(self._apart.keys() - own)),
            absorbed=tuple(Absorbed(id=k, because=why) for k, why in self._absorbed.items()),
        )

    def versions(self, key: Key) -> Sequence[Message]:
        """All versions of a message, in the order in which they came."""
        return self.edited.get(key) or (self.messages[key],)

    def reaches(self, decision: Decision, came: Recorded) -> bool:
        """Whether a message was in the conversation that was decided on, and known by then."""
        since, name = came.position, came.event.conversation
        if name == decision.conversation:
            return since < decision.position
        for position, part, whole in self._joined:
            if since < position < decision.position and part == name:
                name, since = whole, position
        return name == decision.conversation and since < decision.position

    # Messages

    def _message(self, recorded: Recorded, event: events.NoteWritten) -> None:
        self._take(recorded, event.message)

    def _received(self, recorded: Recorded, event: events.MessageReceived) -> None:
        key = self._take(recorded, event.message)
        self._previous = self._previous or event.previous_id
        self._assess(key, event.assessment)

    def _assess(self, key: Key, assessment: Assessment | None) -> None:
        if assessment is not None:
            self.assessments[key] = assessment
            self.is_read = self.is_read or bool(assessment.annotations)
            self.is_categorised = self.is_categorised or assessment.category is not None

    def _assessed(self, _: Recorded, event: events.Assessed) -> None:
        self._assess((event.channel, event.message_id), event.assessment)

    def _prioritised(self, recorded: Recorded, event: events.Prioritised) -> None:
        self.prioritised = (recorded.position, event)

    def _take(self, recorded: Recorded, message: Message) -> Key:
        key = message.key
        if key in self.messages:
            self._another(key, message)
        else:
            self.messages[key] = message
            self.came[key] = recorded
        return key

    def _edited(self, _: Recorded, event: events.MessageEdited) -> None:
        key = event.message.key
        if key in self.messages:
            self._another(key, event.message)
            self._assess(key, event.assessment)

    def _another(self, key: Key, message: Message) -> None:
        versions = self.versions(key)
        if message not in versions:
            self.edited[key] = [*versions, message]

    def _deleted(self, _: Recorded, event: events.MessageDeleted) -> None:
        self.deleted.setdefault((event.channel, event.message_id), event.at)

    def _marked(self, _: Recorded, event: events.SentimentMarked) -> None:
        self.sentiments[event.channel, event.message_id] = event

    # Replies

    def _queued(self, _: Recorded, event: events.ReplyQueued) -> None:
        self._in_flight[event.reply.id] = event.reply

    def _delivered(self, recorded: Recorded, event: events.ReplyDelivered) -> None:
        self._in_flight.pop(event.reply_id, None)
        self._failed.pop(event.reply_id, None)
        self._take(recorded, event.message)

    def _reply_failed(self, _: Recorded, event: events.ReplyFailed) -> None:
        reply = self._in_flight.pop(event.reply_id, None)
        if reply is not None:
            self._failed[reply.id] = reply

    def _retried(self, _: Recorded, event: events.ReplyRetried) -> None:
        reply = self._failed.pop(event.reply_id, None)
        if reply is not None:
            self._in_flight[reply.id] = reply

    # Care

    def _assigned(self, _: Recorded, event: events.Assigned) -> None:
        self._assign(event, event.agent_id, event.team_id)

    def _released(self, _: Recorded, event: events.Released) -> None:
        if self._assignments:
            self._assign(event, None, None)

    def _handed_over(self, _: Recorded, event: Event) -> None:
        if (shown := self.escalations.open) is not None:
            self._assign(event, shown.agent_id, shown.team_id)

    def _handed_back(self, recorded: Recorded, event: events.Returned) -> None:
        if self.escalations.open is not None:
            self._handed_over(recorded, event)
        else:
            self._assign(event, event.agent_id, event.team_id)

    def _assign(self, event: Event, agent_id: str | None, team_id: str | None) -> None:
        last = self._assignments[-1] if self._assignments else None
        if last is None or (last.agent_id, last.team_id) != (agent_id, team_id):
            row = Assignment(
                conversation_id=self.conversation, at=event.at, agent_id=agent_id, team_id=team_id
            )
            self._assignments.append(row)

    def _leased(self, _: Recorded, event: events.Leased) -> None:
        self._lease = Lease(agent_id=event.agent_id, since=event.at, until=event.until)

    def _lease_ended(self, _: Recorded, event: events.LeaseEnded) -> None:
        if self._lease is not None and self._lease.agent_id == event.agent_id:
            self._lease = None

    def _judged(self, _: Recorded, event: events.AnswerJudged) -> None:
        found = Judgement(
            message=(event.channel, event.message_id),
            verdict=event.verdict,
            by=event.by.id,
            at=event.at,
            note=event.note,
        )
        self._judgements.append(found)

    def _categorised(self, _: Recorded, event: events.Categorised) -> None:
        self.category = (event.category, event.subcategory)

    def _tagged(self, _: Recorded, event: events.Tagged) -> None:
        self._tags.add(event.tag)

    def _untagged(self, _: Recorded, event: events.Untagged) -> None:
        self._tags.discard(event.tag)

    def _started(self, _: Recorded, event: events.HandlingStarted) -> None:
        self._running.setdefault(event.agent_id, event.at)

    def _stopped(self, _: Recorded, event: events.HandlingStopped) -> None:
        started = self._running.pop(event.agent_id, None)
        if started is not None:
            span = HandlingSpan(
                conversation_id=self.conversation,
                agent_id=event.agent_id,
                started_at=started,
                ended_at=max(started, event.at),
            )
            self._spans.append(span)

    def _decided(self, recorded: Recorded, event: Event) -> None:
        decision = Decision(
            position=recorded.position,
            conversation=event.conversation,
            happening=_HAPPENINGS[type(event)],
            at=event.at,
            by=event.by.id,
        )
        self.decisions.append(decision)

    def _crossed(self, _: Recorded, event: events.DeadlineWarned | events.DeadlineBreached) -> None:
        self.crossed.append(event)

    # Which conversation is which

    def _merged(self, recorded: Recorded, event: events.Merged) -> None:
        self._joined.append((recorded.position, event.other, event.conversation))
        self._absorbed[event.other] = event.because
        self._apart.pop(event.other, None)

    def _split(self, _: Recorded, event: events.Split) -> None:
        """Taking back a merge that a person made leaves all as it was before."""
        before = self._absorbed.pop(event.into, None) if event.whole else None
        if event.because is Because.PERSON and before is not Because.PERSON:
            self._apart[event.into] = None

    def _split_off(self, recorded: Recorded, event: events.SplitOff) -> None:
        self._joined.append((recorded.position, event.origin, event.conversation))
        if event.because is Because.PERSON:
            self._apart[event.origin] = None

    TAKES: Mapping[type[Event], Callable[..., None]] = MappingProxyType(
        {
            events.MessageReceived: _received,
            events.MessageEdited: _edited,
            events.MessageDeleted: _deleted,
            events.NoteWritten: _message,
            events.ReplyQueued: _queued,
            events.ReplyDelivered: _delivered,
            events.ReplyFailed: _reply_failed,
            events.ReplyRetried: _retried,
            events.Assigned: _assigned,
            events.Released: _released,
            events.Escalated: _handed_over,
            events.Taken: _handed_over,
            events.Returned: _handed_back,
            events.Leased: _leased,
            events.LeaseEnded: _lease_ended,
            events.AnswerJudged: _judged,
            events.Categorised: _categorised,
            events.Tagged: _tagged,
            events.Untagged: _untagged,
            events.SentimentMarked: _marked,
            events.Assessed: _assessed,
            events.Prioritised: _prioritised,
            events.HandlingStarted: _started,
            events.HandlingStopped: _stopped,
            events.Resolved: _decided,
            events.Archived: _decided,
            events.Reopened: _decided,
            events.DeadlineWarned: _crossed,
            events.DeadlineBreached: _crossed,
            events.Merged: _merged,
            events.Split: _split,
            events.SplitOff: _split_off,
        }
    )
    """What is done with each type of event; the others say nothing about a conversation."""


_HAPPENINGS: Mapping[type[Event], Happening] = MappingProxyType(
    {
        events.Resolved: Happening.RESOLVED,
        events.Archived: Happening.ARCHIVED,
        events.Reopened: Happening.REOPENED,
    }
)


_TAKES: Mapping[type[Event], tuple[Callable[..., None] | None, ...]] = MappingProxyType(
    {
        kind: (Escalations.TAKES.get(kind), Gathered.TAKES.get(kind), Drafts.TAKES.get(kind))
        for kind in events.kinds()
    }
)
"""For each type of event what escalations, the conversation and its drafts do with it."""


def gathered(conversation: str, recorded: Iterable[Recorded]) -> Gathered:
    """What these events say, which are given in the order of their positions."""
    found = Gathered(conversation)
    escalations, drafts = found.escalations, found.drafts
    for each in recorded:
        event = each.event
        escalate, take, draft = _TAKES[type(event)]
        if escalate is not None:
            escalate(escalations, event)
        if take is not None:
            take(found, each, event)
        if draft is not None:
            draft(drafts, event)
    return found
