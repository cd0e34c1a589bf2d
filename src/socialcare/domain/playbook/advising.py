"""Advice: where to go on with a conversation, in public, in private, elsewhere, or not at all.

It is advice and no decision. Each piece says why, and by which facts, so that whoever knows better
can tell; silence takes a person's consent.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.annotation import Sense
from socialcare.domain.choices import Choice
from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.playbook.checks.fit import asks
from socialcare.domain.playbook.checks.manner import swearing
from socialcare.domain.playbook.matching import Waiting
from socialcare.domain.playbook.plain_data import data
from socialcare.domain.playbook.reading import Answer, Reading, Text
from socialcare.domain.playbook.redirects import asks_for_elsewhere
from socialcare.domain.sentiment import NEGATIVE_AT_MOST
from socialcare.domain.states import SETTLED

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["Advice", "Course", "Ordered", "advice"]

_QUARREL = 3
"""So many messages of nothing but anger in a row, after an answer, are a quarrel."""
_ANSWERS = 2
"""How often somebody was answered before silence is thought of."""


class Course(Choice):
    """What is advised."""

    STAY_PUBLIC = "stay_public"
    """Answer where everybody can read it."""
    GO_PRIVATE = "go_private"
    """Ask for a private message on the same channel."""
    OTHER_CHANNEL = "other_channel"
    """Tell the customer where it can be settled."""
    CLOSE_IN_PUBLIC = "close_in_public"
    """Say in public that it was settled."""
    SILENCE = "silence"
    """Do not answer, if a person agrees."""


@attrs.frozen(kw_only=True)
class Ordered:
    """That a matter belongs on another channel, as an escalation map or the host has it.

    Attributes:
        channel: Where to.
        reason: Why.
    """

    channel: str
    reason: str


@attrs.frozen(kw_only=True)
class Advice:
    """A piece of advice.

    Attributes:
        course: What is advised.
        reason: Why.
        facts: What it was made from, each in words.
        channel: Where to, where it is another channel.
        how: How to say where that is.
        consent: Whether a person has to agree first.
    """

    course: Course = attrs.field(converter=Course)
    reason: str
    facts: tuple[str, ...] = ()
    channel: str | None = None
    how: str | None = None
    consent: bool = False

    def __str__(self) -> str:
        """The advice in a line."""
        known = f" ({'; '.join(self.facts)})" if self.facts else ""
        return f"{self.course}: {self.reason}{known}"


def advice(
    playbook: "Playbook", conversation: Conversation, *, ordered: Ordered | None = None
) -> tuple[Advice, ...]:
    """What to do about a conversation, the most pressing first.

    Args:
        playbook: What the house does.
        conversation: The conversation.
        ordered: Another channel that an escalation map asks for.
    """
    closing = tuple(_closing(conversation))
    if closing or conversation.state in SETTLED or not conversation.customer_messages:
        return closing
    found = (
        *_silence(playbook, conversation),
        *_elsewhere(playbook, conversation, ordered),
        *_private(playbook, conversation),
    )
    return found or tuple(_staying(conversation))


# The loop


def _closing(conversation: Conversation) -> Iterator[Advice]:
    """What began in public, was settled elsewhere, and is open in the eyes of everybody else."""
    spoken = conversation.spoken
    if not spoken or spoken[0].visibility is not Visibility.PUBLIC:
        return
    first = spoken[0]
    away = next((each for each in spoken if _is_away(each, first)), None)
    ours = [each for each in spoken if each.direction is Direction.OUTBOUND]
    if away is None or not _is_settled(conversation) or not ours or not _is_away(ours[-1], first):
        return
    yield Advice(
        course=Course.CLOSE_IN_PUBLIC,
        reason="it was settled where nobody sees it: say so where it began, and no more than that",
        facts=(
            f"it began in public on {first.channel}",
            f"went on in {away.visibility} on {away.channel}",
            f"is {conversation.state}",
            "our last word was not in public",
        ),
        channel=first.channel,
    )


def _is_away(message: Message, first: Message) -> bool:
    return message.visibility is Visibility.PRIVATE or message.channel != first.channel


def _is_settled(conversation: Conversation) -> bool:
    if conversation.state in SETTLED:
        return conversation.resolved_at is not None
    last = conversation.customer_messages[-1:]
    return (
        bool(last)
        and last[0] in conversation.spoken[-2:]
        and is_acknowledgement(last[0].text or "")
    )


# Silence


def _silence(playbook: "Playbook", conversation: Conversation) -> Iterator[Advice]:
    """Somebody who was answered, asks nothing more, and is only angry."""
    ours = [each for each in conversation.spoken if _is_answer(each)]
    if len(ours) < _ANSWERS:
        return
    tail = _tail(conversation)
    if len(tail) < _QUARREL or any(_wants_something(playbook, conversation, each) for each in tail):
        return
    why = [_anger(conversation, each) for each in tail]
    angry = [each for each in why if each is not None]
    if len(angry) < len(tail):
        return
    yield Advice(
        course=Course.SILENCE,
        reason="they were answered, ask nothing more, and only quarrel: let it rest",
        facts=(
            f"we answered {len(ours)} times",
            f"the last {len(tail)} messages ask nothing",
            *dict.fromkeys(angry),
        ),
        consent=True,
    )


def _tail(conversation: Conversation) -> Sequence[Message]:
    """The customer's last messages, as many as make a quarrel, after the first answer."""
    first = next((at for at, each in enumerate(conversation.spoken) if _is_answer(each)), None)
    if first is None:
        return ()
    later = [each for each in conversation.spoken[first:] if each.by_customer]
    return later[-_QUARREL:]


def _is_answer(message: Message) -> bool:
    return message.direction is Direction.OUTBOUND and not message.automated


def _wants_something(playbook: "Playbook", conversation: Conversation, message: Message) -> bool:
    """Whether anything in a message could be answered."""
    assessment = conversation.assessments.get(message.key)
    for sense in (Sense.QUESTION, Sense.URGENCY):
        said = None if assessment is None else assessment.said(sense)
        if said is not None and said.value is True:
            return True
    text = Text(message.text or "")
    return bool(message.attachments or text.links) or asks(text, playbook) or bool(data(text.text))


def _anger(conversation: Conversation, message: Message) -> str | None:
    """What shows that a message is nothing but anger."""
    if next(swearing(Text(message.text or "")), None) is not None:
        return "they swear"
    assessment = conversation.assessments.get(message.key)
    said = None if assessment is None else assessment.said(Sense.SENTIMENT)
    score = message.sentiment if said is None else said.value
    if isinstance(score, float) and score <= NEGATIVE_AT_MOST:
        return "a classifier hears anger"
    return None


# Elsewhere


def _elsewhere(
    playbook: "Playbook", conversation: Conversation, ordered: Ordered | None
) -> Iterator[Advice]:
    """Another channel, because a law, a map, the house or the customer wants it."""
    there = conversation.customer_messages[-1].channel
    waiting = Waiting.of(_reading(conversation))
    if ordered is not None and ordered.channel != there:
        yield Advice(
            course=Course.OTHER_CHANNEL,
            reason=ordered.reason,
            facts=("the map says so",),
            channel=ordered.channel,
        )
    rule = playbook.elsewhere_of(waiting)
    if rule is not None and rule.channel != there:
        why = f"the law: {rule.law}" if rule.law else "the playbook says so"
        yield Advice(
            course=Course.OTHER_CHANNEL,
            reason=rule.reason,
            facts=(f"it is about {rule.name}", why),
            channel=rule.channel,
            how=rule.how,
        )
    last = Text(conversation.customer_messages[-1].text or "")
    if rule is None and asks_for_elsewhere(last, playbook.phrases("wants_elsewhere")):
        yield Advice(
            course=Course.OTHER_CHANNEL,
            reason="they ask for another way to reach you: give it, and offer to go on here",
            facts=("the customer asks for it",),
        )


# In private


def _private(playbook: "Playbook", conversation: Conversation) -> Iterator[Advice]:
    last = conversation.customer_messages[-1]
    if last.visibility is not Visibility.PUBLIC or not playbook.channel(last.channel).private:
        return
    facts = tuple(_private_facts(playbook, conversation))
    if facts:
        yield Advice(
            course=Course.GO_PRIVATE,
            reason=f"ask for a private message on {last.channel}",
            facts=facts,
            channel=last.channel,
        )


def _reading(conversation: Conversation) -> Reading:
    """The conversation as the checks read it, with no answer yet."""
    return Reading(answer=Answer(text="", channel=""), conversation=conversation)


def _private_facts(playbook: "Playbook", conversation: Conversation) -> Iterator[str]:
    public = [
        each for each in conversation.customer_messages if each.visibility is Visibility.PUBLIC
    ]
    answered = any(_is_answer(each) for each in conversation.spoken)
    turns = _turns(conversation)
    if answered and turns >= playbook.privacy.turns:
        yield f"it was their turn {turns} times in public"
    kinds = dict.fromkeys(kind for each in public for kind in _data_in(conversation, each))
    if kinds:
        yield f"they wrote personal data where everybody reads it: {', '.join(kinds)}"
    waiting = Waiting.of(_reading(conversation))
    query = None if waiting is None else waiting.first(playbook.privacy.queries)
    if query is not None:
        yield f"it takes personal data, since {query.text!r} holds"


def _turns(conversation: Conversation) -> int:
    """How often the customer wrote in public after something else; several in a row are once."""
    public = [each for each in conversation.spoken if each.visibility is Visibility.PUBLIC]
    whose = [each.by_customer for each in public]
    return sum(own and not before for before, own in pairwise([False, *whose]))


def _data_in(conversation: Conversation, message: Message) -> Iterator[str]:
    assessment = conversation.assessments.get(message.key)
    for each in () if assessment is None else assessment.annotations:
        if each.sense is Sense.PERSONAL_DATA and each.known:
            yield str(each.value)
    yield from (str(each.kind) for each in data(message.text or ""))


def _staying(conversation: Conversation) -> Iterator[Advice]:
    last = conversation.customer_messages[-1]
    if last.visibility is Visibility.PUBLIC:
        many = len(conversation.customer_messages)
        yield Advice(
            course=Course.STAY_PUBLIC,
            reason="answer where they asked: others have the same question",
            facts=(
                f"{many} message{'s' if many > 1 else ''} in public",
                "no personal data is needed",
            ),
        )
