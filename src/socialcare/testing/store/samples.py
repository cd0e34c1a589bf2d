"""Values to put into a store, in few words. Times are minutes after nine."""

from datetime import UTC, datetime, timedelta
from typing import Any

from socialcare.domain.actor import Actor
from socialcare.domain.events import MessageReceived, Reply
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Author, AuthorRole, Direction, Message, Visibility
from socialcare.domain.placement import Placed
from socialcare.domain.query.needs import Needed, Needs
from socialcare.domain.summary import Summary
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked, Commit, CustomerKey, Entry, Kept, Span

NINE = datetime(2026, 3, 2, 9, 0, 0, 250_001, tzinfo=UTC)
ANNA = Actor(id="anna", roles=("agent",), address="192.0.2.1")
ADA: CustomerKey = (None, "ada")


def at(minutes: float) -> datetime:
    """The instant so many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def second(minutes: float) -> int:
    """The second so many minutes after nine."""
    return epoch_second(at(minutes))


def message(name: str = "m1", minutes: float = 0, **fields: Any) -> Message:  # noqa: ANN401
    """A message by ada, on channel x."""
    given: dict[str, Any] = {
        "id": name,
        "channel": "x",
        "sent_at": at(minutes),
        "direction": Direction.INBOUND,
        "author": Author(id="ada", role=AuthorRole.CUSTOMER),
        "customer_id": "ada",
        "text": f"Where is my parcel {name}?",
    }
    return Message(**{**given, **fields})


def received(
    name: str = "m1",
    minutes: float = 0,
    *,
    conversation: str | None = "c1",
    **fields: Any,  # noqa: ANN401
) -> MessageReceived:
    """A message by ada that came in, in a conversation."""
    came = message(name, minutes, **fields)
    return MessageReceived(conversation=conversation, at=at(minutes), by=ANNA, message=came)


def row(
    name: str = "m1",
    minutes: float | None = 0,
    **fields: Any,  # noqa: ANN401
) -> Placed:
    """A row of the index of messages: ada's, on channel x, in conversation c1."""
    given: dict[str, Any] = {
        "channel": "x",
        "id": name,
        "conversation": "c1",
        "customer_id": "ada",
        "handle_id": "ada",
        "second": None if minutes is None else second(minutes),
        "digest": f"digest of {name}",
    }
    return Placed(**{**given, **fields})


def summary(name: str = "c1", minutes: float | None = 0, **fields: Any) -> Summary:  # noqa: ANN401
    """A summary of ada's conversation, waiting since so many minutes after nine."""
    since = None if minutes is None else at(minutes)
    given: dict[str, Any] = {
        "id": name,
        "customer_id": "ada",
        "channel": "x",
        "opened_at": since,
        "last_at": since,
        "waiting_since": since,
        "turn_at": since,
        "messages": 1,
    }
    return Summary(**{**given, **fields})


def kept(
    name: str = "c1",
    minutes: float | None = 0,
    *,
    version: int = 0,
    **fields: Any,  # noqa: ANN401
) -> Kept:
    """A summary to be written, by default of a new conversation."""
    return Kept(summary=summary(name, minutes, **fields), version=version)


def needing(*asked: str) -> Needs:
    """A search for all of these words; with `*` behind one that is how words begin."""
    return Needs(words=tuple(frozenset({needed(each)}) for each in asked))


def needed(asked: str) -> Needed:
    """A word to be searched for; with `*` behind it that is how words begin."""
    return Needed(asked.removesuffix("*"), prefix=asked.endswith("*"))


def reply(name: str = "r1", **fields: Any) -> Reply:  # noqa: ANN401
    """A reply to ada."""
    given: dict[str, Any] = {
        "id": name,
        "text": "It is on its way.",
        "channel": "x",
        "visibility": Visibility.PUBLIC,
        "customer_id": "ada",
    }
    return Reply(**{**given, **fields})


def entry(name: str = "r1", minutes: float = 0, *, lane: str = "c1", **fields: Any) -> Entry:  # noqa: ANN401
    """An entry of the outbox, due so many minutes after nine."""
    given: dict[str, Any] = {
        "key": name,
        "target": "channel:x",
        "lane": lane,
        "what": reply(name),
        "conversation": lane,
        "due_at": at(minutes),
    }
    return Entry(**{**given, **fields})


def intake(name: str = "m1", minutes: float = 0, *, conversation: str = "c1") -> Commit:
    """All that one message of ada's brings with it, in a new conversation."""
    return Commit(
        events=(received(name, minutes, conversation=conversation),),
        summaries=(kept(conversation, minutes),),
        placed=(row(name, minutes, conversation=conversation),),
        new=frozenset({("x", name)}),
        texts={("x", name): message(name).text},
    )


def names(found: tuple[Summary, ...]) -> list[str]:
    """The ids of conversations."""
    return [each.id for each in found]


def keys(found: tuple[Entry, ...]) -> list[str]:
    """The keys of entries of the outbox."""
    return [each.key for each in found]


def version_of(store: Store, conversation: str) -> int:
    """How often the conversation was committed."""
    known = store.summaries([conversation])
    return known[conversation].version if known else 0


def version_of_ada(store: Store) -> int:
    """How often ada's messages changed."""
    span = Span(customer=ADA, first=0, last=0)
    return store.around(Asked(spans=(span,))).customers[ADA]


def claimed(store: Store, minutes: float = 0, *, lease: float = 1, limit: int = 10) -> list[Entry]:
    """What is claimed of channel x, at so many minutes after nine, for some minutes."""
    until = at(minutes + lease)
    return list(store.claim(["channel:x"], now=at(minutes), until=until, limit=limit))
