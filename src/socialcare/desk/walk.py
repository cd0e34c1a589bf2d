"""The walk: every conversation of the log once, in memory that does not grow with the log.

Stores give the log in the order in which things happened, and a conversation by its id, but no
list of conversations. So the log is read from its beginning, and a conversation is read as a
whole where its first event comes by. Which ones were met stands on disk (`Scratch`).
Each event is read twice, and each conversation is asked for once.

Others may write during the walk. What a conversation got since it was read is met further along
the log, and it is read again; its rows that are given already are not given again. So no message is
left out, none is given twice, and each is as it was when its conversation was read.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import attrs

from socialcare.desk.scratch import Scratch
from socialcare.desk.tables import Row, beside, identity, message_row, messages_in
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Handle, handle_of
from socialcare.domain.events import (
    Event,
    Merged,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    NotesMoved,
    NoteWritten,
    Recorded,
    ReplyDelivered,
    Split,
    SplitOff,
)
from socialcare.domain.folding import fold
from socialcare.domain.message import Message
from socialcare.domain.stored_form import event_from, event_text
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked, Logged

FOLLOWED = "desk:watch"
"""The cursor up to which `watch` has followed the log."""
PAGE = 1_000
"""How many events are read at once."""
_MET, _GIVEN, _LOOSE = "a", "b", "c"
"""What keys on disk begin with: conversations met, rows given, events of no conversation."""


def cursor(store: Store, name: str) -> str | None:
    """The text that the store keeps under the name of a cursor; None if it was never written."""
    return store.around(Asked(cursors=(name,))).cursors.get(name)


def pages(store: Store, after: str | None = None) -> Iterator[tuple[Logged, ...]]:
    """The log from a cursor on, page by page, until its end."""
    while page := store.log(after, PAGE):
        yield page
        after = page[-1].cursor


def rows(store: Store) -> Iterator[Row]:
    """The rows of the message table, and of the tables beside it, of everything in the log."""
    with Scratch() as scratch:
        walk = _Walk(store=store, scratch=scratch)
        for page in pages(store):
            yield from walk.rows_of(page)
        yield from walk.loose_rows()


def conversations(store: Store) -> Iterator[Conversation]:
    """Every conversation of the log once, as it is when it is met.

    What others write meanwhile is in it or not; no conversation is left out.
    """
    with Scratch() as scratch:
        for logged in chain.from_iterable(pages(store)):
            name = logged.belongs_to
            if name is None or not scratch.is_new(name):
                continue
            recorded = store.events(name)
            if any(brought(each.event) for each in recorded):
                yield fold(name, recorded)
            else:
                del scratch[name]  # all of it went elsewhere; if it comes back, the log says so


def brought(event: Event) -> Message | None:
    """The message that an event is the first to bring, or None; an edit brings none."""
    if isinstance(event, MessageReceived | NoteWritten | ReplyDelivered):
        return event.message
    return None


def concerned(page: Iterable[Logged]) -> Iterator[str]:
    """The conversations that these events belong to, took something from, or gave something to."""
    for logged in page:
        event = logged.recorded.event
        names = (logged.belongs_to, event.conversation, _other(event))
        yield from (name for name in names if name is not None)


def _other(event: Event) -> str | None:
    match event:
        case Merged():
            return event.other
        case Split() | NotesMoved():
            return event.into
        case SplitOff():
            return event.origin
    return None


@attrs.frozen(kw_only=True)
class _Walk:
    store: Store
    scratch: Scratch

    def rows_of(self, page: Iterable[Logged]) -> Iterator[Row]:
        """The rows of the conversations that are met on a page."""
        people = self._people(message for each in page if (message := brought(each.recorded.event)))
        for logged in page:
            if logged.belongs_to is None:
                self._put_aside(logged)
            elif self._is_news(logged.belongs_to, logged.recorded):
                yield from self._conversation(logged.belongs_to, people)

    def _is_news(self, conversation: str, recorded: Recorded) -> bool:
        """Whether the event came after the conversation was read, if it ever was."""
        last = self.scratch[_MET + conversation]
        return last is None or recorded.position > int(last)

    def _conversation(self, name: str, people: dict[Handle, str]) -> Iterator[Row]:
        recorded = self.store.events(name)
        if not any(brought(each.event) for each in recorded):
            return  # all of it went elsewhere, perhaps a moment ago; the log says so further on
        self.scratch[_MET + name] = str(recorded[-1].position)
        found = fold(name, recorded)
        people |= self._people(each for each in found.messages if handle_of(each) not in people)
        for message, row in messages_in(found, recorded, people):
            if self._is_new(*message.key):
                yield row
        for row in beside(found):
            if self._is_new(identity(row)):
                yield row

    def _is_new(self, *what: str) -> bool:
        return self.scratch.is_new("\0".join((_GIVEN, *what)))

    def _people(self, messages: Iterable[Message]) -> dict[Handle, str]:
        """The customer of each handle: the one that it is linked to, or of its own id."""
        handles = {handle for message in messages if (handle := handle_of(message)) is not None}
        if not handles:
            return {}
        linked = self.store.around(Asked(handles=tuple(sorted(handles)))).links
        return {handle: linked.get(handle, handle.id) for handle in handles}

    # Messages of no conversation, such as broadcasts

    def _put_aside(self, logged: Logged) -> None:
        """Keeps what happened to a message of no conversation until all of it is known."""
        event = logged.recorded.event
        key = _key_of(event)
        if key is not None:
            order = f"{logged.recorded.position:020}"
            self.scratch["\0".join((_LOOSE, *key, order))] = event_text(event)

    def loose_rows(self) -> Iterator[Row]:
        """The rows of messages that are in no conversation."""
        own: list[Recorded] = []
        last = ""
        for key, text in self.scratch.from_key(_LOOSE):
            name, _, order = key.rpartition("\0")
            if name != last:
                yield from self._loose(own)
                own, last = [], name
            own.append(Recorded(position=int(order), event=event_from(text)))
        yield from self._loose(own)

    def _loose(self, recorded: list[Recorded]) -> Iterator[Row]:
        if any(brought(each.event) for each in recorded):  # what only was deleted never came
            for message in fold("", recorded).messages:
                if self._is_new(*message.key):
                    yield message_row(message, None, _NOBODY)


_NOBODY: Mapping[Handle, str] = {}


def _key_of(event: Event) -> tuple[str, str] | None:
    if isinstance(event, MessageDeleted):
        return (event.channel, event.message_id)
    message = event.message if isinstance(event, MessageEdited) else brought(event)
    return None if message is None else message.key
