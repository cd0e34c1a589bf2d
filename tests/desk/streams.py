"""Streams of messages as channels bring them, and what a desk makes of them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import count
from typing import TypeAlias

import attrs
from hypothesis import strategies as st

from socialcare.desk.desk import Desk
from socialcare.desk.receipts import Outcome, Receipt
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Key
from socialcare.domain.message import Message, Visibility
from socialcare.domain.metrics import Measured, latest, measured
from socialcare.domain.threading import ThreadingPolicy, misdated
from socialcare.domain.waits import Wait, waits_of
from strategies import logs

Batches: TypeAlias = Sequence[Sequence[Message]]
_numbers = count()


@attrs.frozen(kw_only=True)
class Stream:
    """What channels bring.

    Attributes:
        batches: In the order in which they come, with repeats, and edits before their originals.
        messages: Each message once, as it was edited last.
    """

    batches: Batches
    messages: Sequence[Message]


@st.composite
def streams(draw: st.DrawFn, max_size: int = 12) -> Stream:
    """Messages in any order and any batches, some of them repeated or edited."""
    kept = {message.key: message for message in draw(logs(max_size=max_size))}
    original = [_answering_no_secret(message, kept) for message in kept.values()]
    edits = [_edited(each, draw(st.integers(1, 3))) for each in _some(draw, original)]
    shown = {message.key: message for message in original}
    for edit in sorted(edits, key=lambda message: message.edited_at or message.sent_at):
        shown[edit.key] = edit
    brought = [*original, *edits, *_some(draw, [*original, *edits])]
    batches = _cut(draw(st.permutations(brought)), draw(st.sampled_from((1, 2, 5, 100))))
    return _numbered(Stream(batches=batches, messages=tuple(shown.values())), next(_numbers))


def _some(draw: st.DrawFn, messages: Sequence[Message]) -> list[Message]:
    return draw(st.lists(st.sampled_from(messages), max_size=4)) if messages else []


def _edited(message: Message, minutes: int) -> Message:
    at = message.sent_at + timedelta(minutes=minutes)
    return attrs.evolve(message, text=f"edited after {minutes} minutes", edited_at=at)


def _answering_no_secret(message: Message, known: dict[Key, Message]) -> Message:
    """The message, which answers no private message of another customer: that is refused."""
    parent = known.get((message.channel, message.in_reply_to or ""))
    if parent is None or parent.visibility is not Visibility.PRIVATE:
        return message
    return attrs.evolve(message, in_reply_to=None)


def _cut(messages: Sequence[Message], size: int) -> Batches:
    return [messages[start : start + size] for start in range(0, len(messages), size)]


def _numbered(stream: Stream, number: int) -> Stream:
    """The stream with channels, customers and ids of its own, so that streams share a store."""

    def own(message: Message) -> Message:
        return attrs.evolve(
            message,
            channel=f"{message.channel}-{number}",
            customer_id=message.customer_id and f"{message.customer_id}-{number}",
            conversation_id=message.conversation_id and f"{message.conversation_id}-{number}",
        )

    return Stream(
        batches=[[own(message) for message in batch] for batch in stream.batches],
        messages=tuple(own(message) for message in stream.messages),
    )


def fed(desk: Desk, stream: Stream) -> tuple[Receipt, ...]:
    """The receipts for everything that the stream brings."""
    now = max((each.sent_at for each in stream.messages), default=None)
    receipts: list[Receipt] = []
    for batch in stream.batches:
        assert now is not None
        receipts += desk.receive(batch, now=now + timedelta(days=30))
    return tuple(receipts)


def conversations(desk: Desk, receipts: Iterable[Receipt]) -> tuple[Conversation, ...]:
    """The conversations that these messages are in by now."""
    return _named(desk, (each.conversation for each in receipts))


def all_conversations(desk: Desk) -> tuple[Conversation, ...]:
    """Every conversation that there is."""
    return _named(desk, (each.belongs_to for each in desk.log(limit=100_000)))


def _named(desk: Desk, names: Iterable[str | None]) -> tuple[Conversation, ...]:
    found = (desk.conversation(name) for name in dict.fromkeys(names) if name is not None)
    return tuple({each.id: each for each in found}.values())


def keys(found: Iterable[Conversation]) -> set[frozenset[Key]]:
    """The conversations as sets of messages."""
    return {frozenset(message.key for message in each.messages) for each in found}


def taken_in(receipts: Iterable[Receipt]) -> list[Key]:
    """The messages that were new, each as often as a receipt says so."""
    new = {Outcome.NEW, Outcome.MERGED}
    return sorted((each.channel, each.message_id) for each in receipts if each.outcome in new)


def in_one_batch(stream: Stream, threading: ThreadingPolicy) -> Measured:
    """What everything comes to, looked at once."""
    return measured(stream.messages, threading=threading)


def waits(found: Sequence[Conversation], stream: Stream) -> list[Wait]:
    """The waits of a desk's conversations; which is which is said by their messages alone."""
    as_of = latest(stream.messages)
    assert as_of is not None or not found
    if as_of is None:
        return []
    rows = waits_of(found, as_of=as_of, misdated=misdated(stream.messages))
    return nameless(rows)


def nameless(rows: Iterable[Wait]) -> list[Wait]:
    """Waits without the name of their conversation, in some one order."""
    bare = (attrs.evolve(row, conversation_id="", customer_id="") for row in rows)
    return sorted(bare, key=repr)
