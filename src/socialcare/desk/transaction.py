"""Transactions: what a command is going to write, while it is made.

A transaction knows the conversations as they were read, takes down events, moves and rows, and in
the end folds each conversation that changed into its summary. It is one attempt of one command: on
a conflict it is thrown away, and the next attempt begins with a fresh one.
"""

from collections.abc import Collection, Iterable

import attrs

from socialcare.domain.advance import advanced
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Handle
from socialcare.domain.events import (
    Event,
    Key,
    Merged,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    NoteWritten,
    Recorded,
    ReplyDelivered,
    SentimentMarked,
)
from socialcare.domain.folding import fold, summary_of
from socialcare.domain.message import Message
from socialcare.domain.naming import current_name
from socialcare.domain.placed import Placed
from socialcare.domain.summary import Summary
from socialcare.errors import Conflict, UnknownConversation
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import (
    Commit,
    CustomerKey,
    Entry,
    Kept,
    Move,
    Settlement,
)

_NEW = (MessageReceived, ReplyDelivered)
"""Events that bring a message for the first time."""
_NOT_YET = 2**62
"""Positions of events that have none yet: behind all that have."""


@attrs.define(kw_only=True)
class Transaction:
    """What one attempt of a command is going to write.

    Attributes:
        store: Where the events of conversations are read.
        kept: The conversations as they were read; a name that is absent is a new one.
    """

    store: Store
    kept: dict[str, Kept]
    customers: dict[CustomerKey, int] = attrs.field(factory=dict)
    placed: dict[Key, Placed] = attrs.field(factory=dict)
    new: set[Key] = attrs.field(factory=set)
    texts: dict[Key, str | None] = attrs.field(factory=dict)
    links: dict[Handle, str | None] = attrs.field(factory=dict)
    outbox: list[Entry] = attrs.field(factory=list)
    settled: list[Settlement] = attrs.field(factory=list)
    cursors: dict[str, str] = attrs.field(factory=dict)
    _events: list[Event] = attrs.field(factory=list)
    _moves: list[Move] = attrs.field(factory=list)
    _merged: dict[str, str] = attrs.field(factory=dict)
    _logs: dict[str, list[Recorded]] = attrs.field(factory=dict)
    _added: dict[str, list[int]] = attrs.field(factory=dict)
    """Which of the events belong to a conversation whose log nobody has asked for."""
    _folded: dict[str, Conversation] = attrs.field(factory=dict)
    _changed: dict[str, None] = attrs.field(factory=dict)
    _held: dict[str, None] = attrs.field(factory=dict)

    # Reading

    @property
    def summaries(self) -> dict[str, Summary]:
        """The summaries as they were read, by id."""
        return {name: kept.summary for name, kept in self.kept.items()}

    def current(self, conversation: str) -> str:
        """What a conversation is part of once this is written, or itself."""
        return current_name(conversation, self._into)

    def _into(self, conversation: str) -> str | None:
        if conversation in self._merged:
            return self._merged[conversation]
        kept = self.kept.get(conversation)
        return None if kept is None else kept.summary.merged_into

    def log(self, conversation: str) -> list[Recorded]:
        """The events of a conversation, with what this transaction did to them so far.

        Raises:
            Conflict: If all of them went elsewhere since the conversation was read.
        """
        if conversation not in self._logs:
            before = self.kept.get(conversation)
            known = self.store.events(conversation) if before else ()
            if before and before.summary.messages and not known:
                raise Conflict(conversation)
            added = map(self._recorded, self._added.pop(conversation, ()))
            self._logs[conversation] = [*known, *added]
        return self._logs[conversation]

    def positions(self, conversation: str, messages: Collection[Key]) -> tuple[int, ...]:
        """Where the events about these messages stand that were there before."""
        own = (each for each in self.log(conversation) if each.position < _NOT_YET)
        return tuple(each.position for each in own if concerns(each.event) in messages)

    def conversation(self, conversation: str) -> Conversation:
        """A conversation, with what this transaction did to it so far."""
        if conversation not in self._folded:
            before = self.kept.get(conversation)
            person = before.summary.customer_id if before else None
            log = self.log(conversation)
            self._folded[conversation] = fold(conversation, log, customer_id=person)
        return self._folded[conversation]

    @property
    def moving(self) -> tuple[str, ...]:
        """The conversations that were there before and that events are to leave, or to come to."""
        names = (name for move in self._moves for name in (move.source, move.target))
        return tuple(name for name in dict.fromkeys(names) if name in self.kept)

    # Writing

    def add(self, event: Event) -> None:
        """Takes down an event."""
        number = len(self._events)
        self._events.append(event)
        if event.conversation is not None:
            read = self._logs.get(event.conversation)
            if read is None:  # what was there before is read only if somebody asks for it
                self._added.setdefault(event.conversation, []).append(number)
            else:
                read.append(self._recorded(number))
            self.touch(event.conversation)

    def _recorded(self, number: int) -> Recorded:
        return Recorded(position=_NOT_YET + number, event=self._events[number])

    def merge(self, event: Merged) -> None:
        """Takes down that another conversation became part of one, with all of its events."""
        survivor, other = event.conversation or "", event.other
        self.move(other, survivor)
        self._merged[other] = survivor
        self.add(event)

    def revive(self, conversation: str) -> None:
        """Takes down that a conversation is no part of another any more."""
        kept = self.kept[conversation]
        self.kept[conversation] = attrs.evolve(
            kept, summary=attrs.evolve(kept.summary, merged_into=None)
        )
        self.touch(conversation)

    def move(self, source: str, target: str, positions: Iterable[int] | None = None) -> None:
        """Takes down that events, all or some that were there before, belong elsewhere."""
        own = self.log(source)
        which = {each.position for each in own} if positions is None else set(positions)
        self._moves.append(Move(source=source, target=target, positions=_positions(positions)))
        gone = [each for each in own if each.position in which]
        self._logs[source] = [each for each in own if each.position not in which]
        self._logs[target] = sorted([*self.log(target), *gone], key=_by_position)
        self.touch(source)
        self.touch(target)

    def place(self, rows: Iterable[Placed]) -> None:
        """Takes down rows of the index of messages."""
        self.placed.update((row.key, row) for row in rows)

    def touch(self, conversation: str) -> None:
        """Takes down that the summary of a conversation is to be written anew."""
        self._changed[conversation] = None
        self._folded.pop(conversation, None)

    def hold(self, conversation: str) -> None:
        """Takes down that all of this holds only if the conversation is still as it was read."""
        self._held[conversation] = None

    def commit(self) -> tuple[Recorded, ...]:
        """Writes everything at once; nothing if there is nothing to write.

        Raises:
            Conflict: If somebody else changed something of it since it was read.
        """
        if self._is_empty():
            return ()
        held = (each for each in self._held if each not in self._changed)
        return self.store.commit(
            Commit(
                events=tuple(self._events),
                summaries=tuple(self._kept_anew(each) for each in (*self._changed, *held)),
                customers=self.customers,
                moves=tuple(self._moves),
                placed=tuple(self.placed.values()),
                new=frozenset(self.new),
                texts=self.texts,
                links=self.links,
                outbox=tuple(self.outbox),
                settled=tuple(self.settled),
                cursors=self.cursors,
            )
        )

    def _is_empty(self) -> bool:
        written = (self._events, self.placed, self.outbox, self.settled, self.cursors, self.links)
        return not any(written)

    def _kept_anew(self, conversation: str) -> Kept:
        before = self.kept.get(conversation)
        if before is not None and conversation not in self._changed:
            return before
        if conversation in self._merged:
            known = before or Kept(summary=Summary(id=conversation), version=0)
            return attrs.evolve(known, summary=_part_of(known, self._merged[conversation]))
        version = before.version if before else 0
        return Kept(summary=self._summary(conversation), version=version)

    def _summary(self, conversation: str) -> Summary:
        if (found := self._advanced(conversation)) is not None:
            return found
        folded = self.conversation(conversation)
        summary, person = summary_of(folded), self._person(folded)
        same = person == summary.customer_id  # as nearly always; a copy costs more than a look
        return summary if same else attrs.evolve(summary, customer_id=person)

    def _advanced(self, conversation: str) -> Summary | None:
        """The summary without a fold, where nothing but new messages came to the conversation."""
        events = [self._events[number] for number in self._added.get(conversation, ())]
        messages = [each.message for each in events if isinstance(each, _NEW)]
        if not messages or len(messages) < len(events):
            return None
        before = self.kept.get(conversation)
        begun = before.summary if before else self._begun(conversation, events)
        received = (each for each in events if isinstance(each, MessageReceived))
        read = {each.message.key: each.assessment for each in received if each.assessment}
        return advanced(begun, messages, read)

    def known(self, conversation: str | None) -> Summary | None:
        """The conversation as it was read; None for a new one."""
        kept = None if conversation is None else self.kept.get(conversation)
        return None if kept is None else kept.summary

    def _begun(self, conversation: str, events: Iterable[Event]) -> Summary:
        """The summary of a new conversation before anything was said in it."""
        received = [each for each in events if isinstance(each, MessageReceived)]
        row = next((self.placed[each.message.key] for each in received), None)
        return Summary(
            id=conversation,
            brand=row.brand if row else None,
            customer_id=row.customer_id if row else None,
            previous_id=next((each.previous_id for each in received if each.previous_id), None),
        )

    def _person(self, folded: Conversation) -> str | None:
        """Whose it is, as a person: as of the message that says so, or as it was before."""
        row = self.placed.get(key) if (key := _telling(folded)) else None
        if row is not None:
            return row.customer_id
        before = self.kept.get(folded.id)
        return before.summary.customer_id if before else folded.customer_id


def concerns(event: Event) -> Key | None:
    """The message that an event is about, or None."""
    if isinstance(event, MessageDeleted | SentimentMarked):
        return (event.channel, event.message_id)
    message = version(event)
    return None if message is None else message.key


def version(event: Event) -> Message | None:
    """The message as this event brought it, or None."""
    brings = MessageReceived | MessageEdited | NoteWritten | ReplyDelivered
    return event.message if isinstance(event, brings) else None


def _by_position(recorded: Recorded) -> int:
    return recorded.position


def _positions(positions: Iterable[int] | None) -> tuple[int, ...] | None:
    return None if positions is None else tuple(sorted(positions))


def _part_of(kept: Kept, survivor: str) -> Summary:
    """The summary of a conversation that became part of another."""
    return attrs.evolve(
        kept.summary,
        merged_into=survivor,
        messages=0,
        waiting_since=None,
        turn_at=None,
        level=None,
        priority=None,
        prioritised=False,
    )


def _telling(folded: Conversation) -> Key | None:
    """The message that says whose conversation it is."""
    first = folded.first_customer_message
    if first is not None:
        return first.key
    return next((each.key for each in folded.messages if each.customer_id is not None), None)


def opened(store: Store, conversation: str) -> tuple[Transaction, str]:
    """A transaction that knows the conversation, or what it became part of, and that one's name.

    Raises:
        UnknownConversation: If there is none of that name.
    """
    kept = survivors(store, conversation)
    if conversation not in kept:
        raise UnknownConversation(conversation)
    transaction = Transaction(store=store, kept=kept)
    return transaction, transaction.current(conversation)


def survivors(store: Store, *conversations: str) -> dict[str, Kept]:
    """These conversations as far as they are known, with what they became part of, and so on."""
    kept: dict[str, Kept] = {}
    wanted = set(conversations)
    while wanted:
        found = store.summaries(wanted)
        kept.update(found)
        into = {each.summary.merged_into for each in found.values()} - {None}
        wanted = {name for name in into if name is not None} - kept.keys()
    return kept
