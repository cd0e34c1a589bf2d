"""Care: what people decide about a conversation.

Each command reads the conversation, decides what has to be written, and commits that together with
the new summary. What is so already writes nothing. Whether a state allows a decision is looked up
in the table of `socialcare.domain.states`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias

from socialcare.desk import routing
from socialcare.desk.attendance import attendance
from socialcare.desk.transaction import opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import (
    Archived,
    Categorised,
    Event,
    HandlingStarted,
    HandlingStopped,
    Key,
    Released,
    Reopened,
    Resolved,
    SentimentMarked,
    Tagged,
    Untagged,
)
from socialcare.domain.instants import instant
from socialcare.domain.states import Happening, allows
from socialcare.errors import InvalidValue, NotAllowedNow

Decide: TypeAlias = Callable[[Conversation, Actor], Iterable[Event]]
"""What is to be written about a conversation as it is, by whom."""


def decided(work: Workplace, conversation: str, decide: Decide, *, by: By) -> Conversation:
    """The conversation after what was decided about it was written.

    Raises:
        UnknownConversation: If there is none of that name.
    """
    who = actor(by)

    def attempt() -> Conversation:
        transaction, name = opened(work.store, conversation)
        for event in decide(transaction.conversation(name), who):
            transaction.add(event)
        transaction.commit()
        return transaction.conversation(name)

    return work.retried(attempt)


def assign(
    work: Workplace,
    conversation: str,
    agent_id: str | None,
    team_id: str | None,
    *,
    by: By,
    now: datetime,
) -> Conversation:
    """The conversation, which is theirs from now on; they are told, unless they did it."""
    if agent_id is None and team_id is None:
        raise InvalidValue(None, where="assign", right="an agent or a team; or `release`")
    who, at = actor(by), instant(now, where="now")

    def attempt() -> Conversation:
        transaction, name = opened(work.store, conversation)
        found = transaction.conversation(name)
        if (found.agent_id, found.team_id) != (agent_id, team_id):
            held = attendance(work.store, (agent_id,))
            held.refuse_if_away(name, agent_id, at)
            routing.give(work, transaction, held, found, agent_id, team_id, by=who, now=at)
            transaction.commit()
        return transaction.conversation(name)

    return work.retried(attempt)


def release(now: datetime) -> Decide:
    """Takes it from everybody."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        if found.agent_id is not None or found.team_id is not None:
            yield Released(conversation=found.id, at=now, by=who)

    return decide


def categorise(category: str | None, subcategory: str | None, now: datetime) -> Decide:
    """Says what it is about."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        if (found.category, found.subcategory) != (category, subcategory):
            yield Categorised(
                conversation=found.id,
                at=now,
                by=who,
                category=category,
                subcategory=subcategory,
            )

    return decide


def tag(name: str, now: datetime) -> Decide:
    """Puts a tag on it."""
    if not name:
        raise InvalidValue(name, where="tag", right="a text that is not empty")

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        if name not in found.tags:
            yield Tagged(conversation=found.id, at=now, by=who, tag=name)

    return decide


def untag(name: str, now: datetime) -> Decide:
    """Takes a tag off it."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        if name in found.tags:
            yield Untagged(conversation=found.id, at=now, by=who, tag=name)

    return decide


def mark_sentiment(key: Key, score: float, scorer: str, now: datetime) -> Decide:
    """Says how one of its messages sounds."""
    if not -1.0 <= score <= 1.0:
        raise InvalidValue(score, where="mark_sentiment", right="a score from -1.0 to 1.0")

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        known = {each.key: each for each in found.messages}
        message = known.get(key)
        if message is None:
            where = f"{found.id}: mark_sentiment"
            right = "channel and id of a message of this conversation"
            raise InvalidValue(key, where=where, right=right)
        if (message.sentiment, message.sentiment_scorer) != (score, scorer):
            yield SentimentMarked(
                conversation=found.id,
                at=now,
                by=who,
                channel=key[0],
                message_id=key[1],
                score=score,
                scorer=scorer,
            )

    return decide


def resolve(now: datetime) -> Decide:
    """Settles it."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        _refuse_unless(found, Happening.RESOLVED, "resolve it")
        yield Resolved(conversation=found.id, at=now, by=who)

    return decide


def reopen(now: datetime) -> Decide:
    """Takes it up again."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        _refuse_unless(found, Happening.REOPENED, "reopen it")
        yield Reopened(conversation=found.id, at=now, by=who)

    return decide


def archive(reason: str | None, now: datetime) -> Decide:
    """Puts it away as needing no answer."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        _refuse_unless(found, Happening.ARCHIVED, "archive it")
        yield Archived(conversation=found.id, at=now, by=who, reason=reason)

    return decide


def _refuse_unless(found: Conversation, happening: Happening, wanted: str) -> None:
    if not allows(found.state, happening):
        raise NotAllowedNow(found.id, wanted=wanted, found=f"it is {found.state}")


def start_handling(agent_id: str | None, now: datetime) -> Decide:
    """An agent works on it from now on."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        agent = agent_id or who.id
        if agent not in {each.agent_id for each in found.running}:
            yield HandlingStarted(conversation=found.id, at=now, by=who, agent_id=agent)

    return decide


def stop_handling(agent_id: str | None, now: datetime) -> Decide:
    """An agent stops working on it."""

    def decide(found: Conversation, who: Actor) -> Iterable[Event]:
        agent = agent_id or who.id
        if agent not in {each.agent_id for each in found.running}:
            said = f"{agent} is not working on it"
            raise NotAllowedNow(found.id, wanted="stop handling it", found=said)
        yield HandlingStopped(conversation=found.id, at=now, by=who, agent_id=agent)

    return decide
