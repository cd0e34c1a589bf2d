"""Folding: a conversation out of its events.

Messages count by when they were sent, decisions by when they were made: a decision settles what was
known by then. So decisions cut the log into stretches. Within a stretch messages stand in their own
order, however they came in, and without any decision the answer is a function of the set of
messages alone. A message that comes late, after the conversation was settled, opens it again,
however early it was sent: nobody had seen it.

A decision about a conversation settles nothing that was in another then, even where the two have
been merged since.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import attrs

from socialcare.domain.annotation import Sense
from socialcare.domain.assessment import UNREAD, Assessment
from socialcare.domain.changes import Status
from socialcare.domain.circumstances import Circumstances
from socialcare.domain.conversation import Conversation, in_order
from socialcare.domain.events import Key, Recorded
from socialcare.domain.gathering import Gathered, gathered
from socialcare.domain.message import Direction, Message
from socialcare.domain.naming import given_name
from socialcare.domain.standing import Standing
from socialcare.domain.states import Happening, State
from socialcare.domain.summary import Summary
from socialcare.domain.tier import Priority

_WORDS = {
    Happening.RESOLVED: "resolved",
    Happening.ARCHIVED: "archived",
    Happening.REOPENED: "open",
}
"""What each decision is called in the table of statuses."""
_NEVER = datetime.min.replace(tzinfo=UTC)


def fold(
    conversation: str, recorded: Iterable[Recorded], *, customer_id: str | None = None
) -> Conversation:
    """The conversation that its events make.

    Args:
        conversation: Its id.
        recorded: Its events, those of what was merged into it too, in any order.
        customer_id: The customer as a person; else whom the channel names, in the customer's first
            message or else in any.

    Raises:
        InvalidValue: If there is no message among the events.
    """
    log = sorted(recorded, key=attrgetter("position"))
    found = gathered(conversation, log)
    said = in_order(_latest(found))
    standing, statuses, states = _told(conversation, said, found)
    category, subcategory = found.category or _category(said, found)
    priority, turn_at, prioritised = _importance(standing, found)
    shown = _shown(said, found)
    return Conversation(
        id=conversation,
        brand=(said[0].brand or None) if said else None,
        customer_id=customer_id or _customer(said),
        messages=shown,
        earlier=tuple(_kept(said, found)),
        state=standing.state,
        waiting_since=standing.waiting_since,
        turn_at=turn_at,
        priority=priority,
        prioritised=prioritised,
        decision=standing.decision if standing.waiting_since else None,
        assessments=found.assessments,
        resolved_at=standing.resolved_at,
        reopened=standing.reopened,
        statuses=tuple(statuses),
        circumstances=Circumstances(events=tuple([each.event for each in log]), states=states),
        crossed=tuple(dict.fromkeys(found.crossed)),
        category=category,
        subcategory=subcategory,
        drafts=found.drafts.after(shown),
        reviews=found.drafts.reviews,
        **found.care(),
    )


# What was said


def _latest(found: Gathered) -> Iterable[Message]:
    """Each message in the version that shows: the first of those that were edited at one time."""
    if not found.edited:
        return found.messages.values()
    return (max(found.versions(key), key=_edited_at) for key in found.messages)


def _edited_at(version: Message) -> datetime:
    return version.edited_at or _NEVER


def _shown(said: tuple[Message, ...], found: Gathered) -> tuple[Message, ...]:
    """The messages as they are to be seen now."""
    if not found.sentiments and not found.deleted and not found.is_read:
        return said
    return tuple(_now(message, found) for message in said)


def _now(message: Message, found: Gathered) -> Message:
    key = message.key
    changes: dict[str, Any] = {}
    assessment = found.assessments.get(key)
    if assessment is not None and assessment.annotations:
        changes |= _read(message, assessment)
    marked = found.sentiments.get(key)
    if marked is not None:
        changes |= {"sentiment": marked.score, "sentiment_scorer": marked.scorer}
    deleted_at = found.deleted.get(key)
    if deleted_at is not None:
        changes |= {"text": None, "attachments": (), "deleted_at": deleted_at}
    return attrs.evolve(message, **changes) if changes else message


def _read(message: Message, assessment: Assessment) -> Iterator[tuple[str, Any]]:
    """Sentiment and language as classifiers say, where the message has none."""
    if message.sentiment is None and (said := assessment.said(Sense.SENTIMENT)) is not None:
        yield "sentiment", float(said.value or 0)
        yield "sentiment_scorer", said.by
    if message.language is None and (said := assessment.said(Sense.LANGUAGE)) is not None:
        yield "language", str(said.value)


def _kept(said: Iterable[Message], found: Gathered) -> Iterable[Message]:
    """What does not show any more, by message and then from the first version on."""
    if not found.edited and not found.deleted:
        return
    for message in said:
        kept = message.key in found.deleted
        versions = found.versions(message.key)
        rest = (each for each in versions if kept or each is not message)
        yield from sorted(rest, key=_edited_at)


def _customer(said: Iterable[Message]) -> str | None:
    anyone = None
    for message in said:
        if message.customer_id is not None:
            if message.by_customer:
                return message.customer_id
            anyone = anyone or message.customer_id
    return anyone


def _category(said: Sequence[Message], found: Gathered) -> tuple[str | None, str | None]:
    """What the last message is about that says so, or of which rules or classifiers do."""
    for message in reversed(said):
        if message.category is not None:
            return message.category, message.subcategory
        if found.is_categorised:
            assessment = found.assessments.get(message.key, UNREAD)
            if assessment.category is not None:
                return assessment.categories
    return None, None


# Where that leaves the conversation


def _told(
    conversation: str, said: Sequence[Message], found: Gathered
) -> tuple[Standing, list[Status], tuple[tuple[datetime, State], ...]]:
    """Where it stands after all of it, which decisions took effect, and how it stood when."""
    standing, statuses, states = Standing(), [], _States()
    misdated = _misdated(said, found)
    stretches = _stretches(said, found)
    for stretch, decision in zip(stretches, (*found.decisions, None), strict=True):
        for message in stretch:
            standing.hear(message, found.assessments, misdated)
            states.add(message.sent_at, standing.state)
        if decision is not None and standing.decide(decision.happening, decision.at):
            states.add(decision.at, standing.state)
            statuses.append(
                Status(
                    conversation_id=conversation,
                    at=decision.at,
                    status=_WORDS[decision.happening],
                    by=decision.by,
                )
            )
    return standing, statuses, tuple(states.rows)


class _States:
    """The states that a conversation came into, each with when."""

    def __init__(self) -> None:
        self.rows: list[tuple[datetime, State]] = []
        self._last: State | None = None

    def add(self, at: datetime, state: State) -> None:
        """Takes down where it stands from an instant on."""
        if state is not self._last:
            self._last = state
            self.rows.append((at, state))


def _importance(
    standing: Standing, found: Gathered
) -> tuple[Priority | None, datetime | None, bool]:
    """How much it matters, when its turn comes, and whether somebody said so.

    What is escalated has a turn until those who must see it are done, whoever waits.
    """
    priority, turn_at, prioritised = _waiting(standing, found)
    escalation = found.escalations.open
    if escalation is not None:
        turn_at = min(turn_at or escalation.began_at, escalation.began_at)
    return priority, turn_at, prioritised


def _waiting(standing: Standing, found: Gathered) -> tuple[Priority | None, datetime | None, bool]:
    """The same of what the customer waits with."""
    if standing.waiting_since is None:
        return None, None, False
    position, said = found.prioritised or (-1, None)
    settled = any(each.position > position for each in found.decisions if each.settles)
    if said is None or said.priority is None or settled:
        return standing.priority, standing.turn_at, False
    later = said.allowance
    turn_at = None if later is None else standing.waiting_since + later
    return said.priority, turn_at, True


def _misdated(said: Iterable[Message], found: Gathered) -> AbstractSet[Key]:
    """What the brand wrote that is stamped before the message that it answers."""
    return {
        reply.key
        for reply in said
        if reply.in_reply_to is not None
        and reply.direction is Direction.OUTBOUND
        and (answered := found.messages.get((reply.channel, reply.in_reply_to))) is not None
        and answered.sent_at > reply.sent_at
        and answered.second > reply.second
    }


def _stretches(said: Sequence[Message], found: Gathered) -> Sequence[Sequence[Message]]:
    """What was said before each decision and after the last, each in order.

    What came in before a decision that did not settle it, because it was in another conversation,
    comes after the last one, unless a later decision did.
    """
    if not found.decisions:
        return (said,)
    positions = [decision.position for decision in found.decisions]
    stretches: list[list[Message]] = [[] for _ in range(len(positions) + 1)]
    for message in said:
        came = found.came[message.key]
        first = bisect_left(positions, came.position)
        later = found.decisions[first:]
        reached = not later or any(found.reaches(decision, came) for decision in later)
        stretches[first if reached else -1].append(message)
    return stretches


def summary_of(conversation: Conversation) -> Summary:
    """The one row of a conversation that the queue needs."""
    messages = conversation.messages
    by_customer = (each for each in reversed(messages) if each.by_customer)
    return Summary(
        id=conversation.id,
        brand=conversation.brand,
        customer_id=conversation.customer_id,
        state=conversation.state,
        channel=next(by_customer, messages[-1]).channel,
        opened_at=messages[0].sent_at,
        last_at=messages[-1].sent_at,
        waiting_since=conversation.waiting_since,
        turn_at=conversation.turn_at,
        priority=conversation.priority,
        prioritised=conversation.prioritised,
        resolved_at=conversation.resolved_at,
        reopened=conversation.reopened,
        agent_id=conversation.agent_id,
        team_id=conversation.team_id,
        level=None if (held := conversation.escalation) is None else held.level,
        category=conversation.category,
        subcategory=conversation.subcategory,
        tags=conversation.tags,
        messages=len(messages),
        given=any(_is_given(message, conversation.id) for message in messages),
        previous_id=conversation.previous_id,
        apart=conversation.apart,
        absorbed=tuple(each.id for each in conversation.absorbed),
    )


def _is_given(message: Message, name: str) -> bool:
    given = message.conversation_id
    return given is not None and given_name(message.brand or None, given) == name
