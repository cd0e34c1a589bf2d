"""A log that is written by hand: events go where a test says, with the rows that follow.

What a desk decides (which conversation a message belongs to) the test decides here, so that what
reads a log can be tested for every shape that one can have.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import attrs

from builders import at
from socialcare.domain.actor import Actor
from socialcare.domain.customer import Handle
from socialcare.domain.events import (
    Because,
    Event,
    Key,
    Merged,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReplyDelivered,
    Split,
    SplitOff,
)
from socialcare.domain.folding import fold, summary_of
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Direction, Message
from socialcare.domain.placement import Placed, digest
from socialcare.domain.summary import Summary
from socialcare.plugins.memory import MemoryStore
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit, Kept, Move

SAM = Actor(id="sam")
LATER = at(1_000_000)


@attrs.define
class Ledger:
    """Writes to a store, and keeps nothing itself but where messages are."""

    store: Store = attrs.field(factory=MemoryStore)
    where: dict[Key, str | None] = attrs.field(factory=dict)

    def receive(self, *messages: Message, into: str | None = "c1") -> None:
        """New messages of one conversation, or of none."""
        for message in messages:
            self.where[message.key] = into
            self.tell(
                MessageReceived(conversation=into, at=LATER, by=SAM, message=message),
                placed=(_placed(message, into),),
            )

    def deliver(self, message: Message, *, into: str = "c1") -> None:
        """An answer that the channel took."""
        self.where[message.key] = into
        delivered = ReplyDelivered(
            conversation=into, at=LATER, by=SAM, reply_id=message.id, message=message
        )
        self.tell(delivered, placed=(_placed(message, into),))

    def edit(self, message: Message, when: datetime, **changes: Any) -> None:
        """Another version of a message."""
        edited = attrs.evolve(message, edited_at=when, **changes)
        into = self.where[message.key]
        self.tell(MessageEdited(conversation=into, at=LATER, by=SAM, message=edited))

    def delete(self, message: Message) -> None:
        """A message is gone on its channel."""
        into = self.where[message.key]
        channel, name = message.key
        self.tell(
            MessageDeleted(conversation=into, at=LATER, by=SAM, channel=channel, message_id=name)
        )

    def act(
        self, kind: Callable[..., Event], when: datetime, into: str = "c1", **fields: Any
    ) -> None:
        """Somebody does something about a conversation."""
        self.tell(kind(conversation=into, at=when, by=SAM, **fields))

    def merge(self, survivor: str, other: str) -> None:
        """Another conversation becomes part of one."""
        for key in [key for key, into in self.where.items() if into == other]:
            self.where[key] = survivor
        event = Merged(conversation=survivor, at=LATER, by=SAM, other=other, because=Because.PERSON)
        part = attrs.evolve(self._kept(other).summary, merged_into=survivor, messages=0)
        self._commit(
            (event,),
            moves=(Move(source=other, target=survivor),),
            summaries=(attrs.evolve(self._kept(other), summary=part),),
        )
        self._summarise(survivor)

    def split(self, origin: str, into: str, *messages: Message) -> None:
        """Messages go to a conversation of their own."""
        keys = tuple(message.key for message in messages)
        own = self.store.events(origin)
        positions = tuple(each.position for each in own if _about(each.event) in keys)
        self.where.update(dict.fromkeys(keys, into))
        because = Because.PERSON
        events = (
            Split(conversation=origin, at=LATER, by=SAM, into=into, messages=keys, because=because),
            SplitOff(conversation=into, at=LATER, by=SAM, origin=origin, because=because),
        )
        self._commit(events, moves=(Move(source=origin, target=into, positions=positions),))
        self._summarise(origin, into)

    def link(self, channel: str, name: str, person: str) -> None:
        """A handle turns out to be somebody."""
        self._commit((), links={Handle(channel=channel, id=name): person})

    def is_unknown(self, name: str) -> bool:
        """Whether there never was a conversation of that name."""
        return not self.store.summaries([name])

    def current(self, name: str) -> str:
        """What a conversation became part of, or itself."""
        into = self._kept(name).summary.merged_into
        return name if into is None else self.current(into)

    def tell(self, *events: Event, placed: Iterable[Placed] = ()) -> None:
        """Whatever else happens."""
        self._commit(events, placed=tuple(placed))
        self._summarise(*{each.conversation for each in events if each.conversation is not None})

    def _commit(self, events: Iterable[Event], **rest: Any) -> None:
        self.store.commit(Commit(events=tuple(events), **rest))

    def _kept(self, name: str) -> Kept:
        return self.store.summaries([name]).get(name) or Kept(summary=Summary(id=name), version=0)

    def _summarise(self, *names: str) -> None:
        for name in names:
            kept = self._kept(name)
            recorded = self.store.events(name)
            there = any(_about(each.event) is not None for each in recorded)
            summary = summary_of(fold(name, recorded)) if there else Summary(id=name)
            self._commit((), summaries=(attrs.evolve(kept, summary=summary),))


def _about(event: Event) -> Key | None:
    if isinstance(event, MessageDeleted):
        return (event.channel, event.message_id)
    message = getattr(event, "message", None)
    return message.key if isinstance(message, Message) else None


def _placed(message: Message, into: str | None) -> Placed:
    return Placed(
        channel=message.channel,
        id=message.id,
        conversation=into,
        brand=message.brand,
        customer_id=message.customer_id,
        handle_id=message.customer_id,
        second=epoch_second(message.sent_at),
        outbound=message.direction is Direction.OUTBOUND,
        note=message.is_note,
        in_reply_to=message.in_reply_to,
        digest=digest(message),
    )
