"""Answers by peers: what customers said in other customers' conversations, and what came of it.

What one peer says in one conversation is one answer, however many messages it takes. It helped if
somebody of the house confirmed it, or if the customer then thanked or the conversation was
settled, before the brand had said anything more. An answer that was corrected or taken over did
not, whatever the customer thought of it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

import attrs

from socialcare.domain.categories import SEPARATOR
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Handle
from socialcare.domain.events.fact import Key
from socialcare.domain.message import Message
from socialcare.domain.peers.thanks import gives_thanks
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.responses import Part, part
from socialcare.domain.verdict import Judgement, Verdict

__all__ = ["PeerAnswer", "Person", "answers_in", "by_id"]

Person: TypeAlias = Callable[[Handle], str]
"""Who somebody is, by how a channel knows them."""
_POLICY = MeasurementPolicy()
_RESOLVED = "resolved"


def by_id(handle: Handle) -> str:
    """Somebody by the id that their channel gives them."""
    return handle.id


def _keys(value: Iterable[Key]) -> tuple[Key, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class PeerAnswer:
    """What one peer said in one conversation.

    Attributes:
        conversation: Which one.
        peer: Who, as a person.
        handle: How the channel knows them.
        customer: Whose question it was; None where nobody knows.
        messages: What they said, as channels and ids, in order.
        asked_at: When the customer asked first.
        at: When they said the first of it.
        question: What the customer had said before that; empty without texts.
        category: What the conversation is about; None where nobody said.
        first: Whether nobody of the brand had answered before.
        came_back: Whether the customer wrote again after it, before the brand did.
        thanked: Whether they thanked for it.
        resolved: Whether the conversation was settled after it, with no word of the brand between.
        verdict: What somebody of the house said of it; None for nothing.
    """

    conversation: str
    peer: str
    handle: Handle
    customer: str | None
    messages: tuple[Key, ...] = attrs.field(converter=_keys)
    asked_at: datetime
    at: datetime
    question: str = ""
    category: str | None = None
    first: bool = False
    came_back: bool = False
    thanked: bool = False
    resolved: bool = False
    verdict: Verdict | None = None

    @property
    def is_known(self) -> bool:
        """Whether anybody can tell if it helped: who falls silent may have been helped or not."""
        return self.verdict is not None or self.came_back or self.resolved

    @property
    def helped(self) -> bool:
        """Whether it helped, as far as anybody can tell."""
        if self.verdict is None:
            return self.thanked or self.resolved
        return self.verdict is Verdict.CONFIRMED


@attrs.define(kw_only=True)
class _Said:
    """What a peer said, while the conversation is gone through."""

    answer: PeerAnswer
    keys: list[Key]
    is_last_word: bool = True
    """Whether nobody of the brand has said anything since."""


def answers_in(conversation: Conversation, person: Person = by_id) -> tuple[PeerAnswer, ...]:
    """The answers by peers in a conversation, in the order in which they began.

    Args:
        conversation: The conversation, with its statuses where there are any.
        person: Who is behind a handle.
    """
    asked = conversation.first_customer_message
    if asked is None or not any(message.by_peer for message in conversation.messages):
        return ()
    look = _Look(conversation=conversation, asked=asked, person=person)
    for message in conversation.spoken:
        look.hear(message)
    return tuple(look.answers())


class _Look:
    """A conversation, gone through from its beginning."""

    def __init__(self, *, conversation: Conversation, asked: Message, person: Person) -> None:
        self._conversation = conversation
        self._asked = asked
        self._person = person
        self._said: dict[str, _Said] = {}
        self._answered = False
        self._settled = sorted(
            each.at for each in conversation.statuses if each.status == _RESOLVED
        )
        self._question: list[str] = []

    def hear(self, message: Message) -> None:
        """Goes on to the next message."""
        self._settle_until(message.sent_at)
        if message.by_peer and not message.automated:
            self._hear_peer(message)
        elif message.by_customer:
            self._question.append(message.text or "")
            self._hear_customer(message)
        elif part(message, _POLICY) is Part.ANSWERS:
            self._answered = True
            for said in self._said.values():
                said.is_last_word = False

    def answers(self) -> Iterator[PeerAnswer]:
        """What the peers said, and what came of it."""
        if self._settled:
            self._resolve()
        verdicts = _verdicts(self._conversation.judgements)
        for said in self._said.values():
            found = [verdicts[key] for key in said.keys if key in verdicts]
            verdict = found[-1] if found else None
            yield attrs.evolve(said.answer, messages=said.keys, verdict=verdict)

    def _hear_peer(self, message: Message) -> None:
        handle = Handle(channel=message.channel, id=message.author.id or "")
        peer = self._person(handle)
        if not handle.id or peer == self._conversation.customer_id:
            return
        if peer in self._said:
            said = self._said[peer]
            said.keys.append(message.key)
            said.is_last_word = True
        elif message.sent_at >= self._asked.sent_at:
            self._said[peer] = _Said(answer=self._begun(message, handle, peer), keys=[message.key])

    def _begun(self, message: Message, handle: Handle, peer: str) -> PeerAnswer:
        found = self._conversation
        return PeerAnswer(
            conversation=found.id,
            peer=peer,
            handle=handle,
            customer=found.customer_id,
            messages=(),
            asked_at=self._asked.sent_at,
            at=message.sent_at,
            question="\n".join(self._question),
            category=_category(found),
            first=not self._answered,
        )

    def _hear_customer(self, message: Message) -> None:
        """What customers say is for whom they answer, or else for all who have the last word."""
        if not self._said:
            return
        meant, thanks = (message.channel, message.in_reply_to), gives_thanks(message.text or "")
        named = [said for said in self._said.values() if meant in said.keys]
        for said in named or self._said.values():
            if said.is_last_word:
                thanked = thanks or said.answer.thanked
                said.answer = attrs.evolve(said.answer, came_back=True, thanked=thanked)

    def _settle_until(self, at: datetime) -> None:
        while self._settled and self._settled[0] < at:
            self._settled.pop(0)
            self._resolve()

    def _resolve(self) -> None:
        for said in self._said.values():
            if said.is_last_word:
                said.answer = attrs.evolve(said.answer, resolved=True)


def _category(found: Conversation) -> str | None:
    """What a conversation is about, or else what its last message is about that says so."""
    said = ((each.category, each.subcategory) for each in reversed(found.messages))
    either = ((found.category, found.subcategory), *said)
    parts = next((pair for pair in either if pair[0] is not None), ())
    return SEPARATOR.join(filter(None, parts)) or None


def _verdicts(judgements: Iterable[Judgement]) -> dict[Key, Verdict]:
    """The last verdict on each message."""
    return {each.message: each.verdict for each in judgements}
