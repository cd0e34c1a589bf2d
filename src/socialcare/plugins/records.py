"""What goes into a store and comes out of it: plain values, with no rule of care in them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

import attrs

from socialcare.domain.customer import Handle
from socialcare.domain.events import Event, Key, Recorded, Reply
from socialcare.domain.placement import Placed
from socialcare.domain.states import State
from socialcare.domain.summary import Summary

CustomerKey: TypeAlias = tuple[str | None, str]
"""A customer of a brand: brand and customer id."""

# The outbox


class Delivery(StrEnum):
    """Where an entry of the outbox stands."""

    PENDING = "pending"
    """To be sent once it is due."""
    CLAIMED = "claimed"
    """A worker is sending it; once the lease is over, another may."""
    SENT = "sent"
    DEAD = "dead"
    """Given up; it can be seen, and retried."""


@attrs.frozen(kw_only=True)
class Notice:
    """What a notifier is told.

    Attributes:
        id: Also its idempotency key.
        kind: What happened: `assigned`, `undelivered`, ...
        conversation: About which conversation.
        to: Whom it concerns, as the host names them: an agent or a team; None for everybody.
        said: What happened, in a sentence.
        at: When.
    """

    id: str
    kind: str
    conversation: str | None
    to: str | None = None
    said: str
    at: datetime


@attrs.frozen(kw_only=True)
class Entry:
    """Something to be delivered.

    Attributes:
        key: The idempotency key: unique, and the same however often it is tried.
        target: `channel:<name>` or `notifier:<name>`.
        lane: Entries of one lane go out one after the other, in the order in which they came;
            those that are dead hold nothing up.
        what: The reply or notice.
        conversation: About which conversation.
        due_at: Not before this instant.
        state: Where it stands.
        attempts: How often it was claimed; also tells the claims apart.
        lease_until: Until when the claim holds.
        said: Why the last attempt failed.
    """

    key: str
    target: str
    lane: str
    what: Reply | Notice
    conversation: str | None
    due_at: datetime
    state: Delivery = Delivery.PENDING
    attempts: int = 0
    lease_until: datetime | None = None
    said: str | None = None


@attrs.frozen(kw_only=True)
class Settlement:
    """What became of an attempt.

    Attributes:
        key: Which entry.
        attempt: Which claim of it: the entry's `attempts`. A store refuses with `Conflict` if the
            entry was claimed again since, or is no longer claimed; None settles it whatever its
            state, as people do and as an echo does.
        state: `SENT`, `DEAD`, or `PENDING` to try again.
        due_at: When to try again.
        said: Why it failed.
    """

    key: str
    attempt: int | None
    state: Delivery
    due_at: datetime | None = None
    said: str | None = None


# One transaction


@attrs.frozen(kw_only=True)
class Move:
    """Events that belong to another conversation from now on.

    Attributes:
        source, target: From which conversation to which.
        positions: Which events; None for all of them.
    """

    source: str
    target: str
    positions: tuple[int, ...] | None = None


@attrs.frozen(kw_only=True)
class Kept:
    """A summary and its version: how often the conversation was committed."""

    summary: Summary
    version: int


@attrs.frozen(kw_only=True)
class Commit:
    """What one command writes, all of it or nothing.

    Applied in this order: versions checked, moves made, events added, the rest written.

    Attributes:
        events: In order; each is added to the conversation that it names.
        summaries: Rows to write, each with the version as it was read, 0 for a new one; the
            version goes up by one.
        customers: Customers whose messages changed, with the version as it was read, 0 for a new
            one; the version goes up by one.
        moves: Events that go from one conversation to another.
        placed: Rows of the index of messages, new or changed, by channel and id.
        new: Messages of `placed` that were not known when it was read: `Conflict` if they are now.
        texts: What search finds of messages that have a row; None takes a message out.
        links: Handles, and the customer that each is now linked to; None takes the link back.
        outbox: New entries; one whose key is there already is left as it is.
        settled: What became of entries.
        cursors: For channels that are polled, how far they were read.
    """

    events: tuple[Event, ...] = ()
    summaries: tuple[Kept, ...] = ()
    customers: Mapping[CustomerKey, int] = MappingProxyType({})
    moves: tuple[Move, ...] = ()
    placed: tuple[Placed, ...] = ()
    new: frozenset[Key] = frozenset()
    texts: Mapping[Key, str | None] = MappingProxyType({})
    links: Mapping[Handle, str | None] = MappingProxyType({})
    outbox: tuple[Entry, ...] = ()
    settled: tuple[Settlement, ...] = ()
    cursors: Mapping[str, str] = MappingProxyType({})


# Questions and answers


@attrs.frozen(kw_only=True)
class Span:
    """A stretch of one customer's time.

    Attributes:
        customer: Of which brand, and who.
        first, last: Whole seconds since 1970, both included.
    """

    customer: CustomerKey
    first: int
    last: int


@attrs.frozen(kw_only=True)
class Asked:
    """What threading wants to know.

    Attributes:
        keys: Messages by channel and id, among them those that are answered.
        spans: Customers and stretches of time.
        handles: Handles that may be linked.
        people: Customer ids whose handles are wanted.
        cursors: Channels whose cursor is wanted.
    """

    keys: tuple[Key, ...] = ()
    spans: tuple[Span, ...] = ()
    handles: tuple[Handle, ...] = ()
    people: tuple[str, ...] = ()
    cursors: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Around:
    """The answers, all from one moment.

    Attributes:
        placed: Every row asked for, each once: the keys that are known; messages that answer one
            of the keys; and for each span the customer's rows within it, the rows of the nearest
            second on either side of it in which there is one that is no note and has no given id,
            and all in between. Where there is no such second, all the rows on that side.
        customers: The version of each customer of the spans, 0 if there is none; and of each of
            `people` under every brand that they have been written under.
        summaries: The conversations of all these rows, and those that they were merged into, and
            so on.
        links: The customer that each handle is linked to; those without a link are absent.
        handles: The handles linked to each of `people`, in order; none for who has none.
        cursors: How far each channel was read; those never read are absent.
    """

    placed: tuple[Placed, ...] = ()
    customers: Mapping[CustomerKey, int] = MappingProxyType({})
    summaries: Mapping[str, Kept] = MappingProxyType({})
    links: Mapping[Handle, str] = MappingProxyType({})
    handles: Mapping[str, tuple[Handle, ...]] = MappingProxyType({})
    cursors: Mapping[str, str] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class Page:
    """Which conversations, merged ones never among them.

    Without `customer` it is a queue: conversations whose customer waits and has a turn, the first
    turn first, ties by id; or the noise, which waits in no line, the longest wait first. With
    `customer` it is a history: all of the customer's conversations, the one with the latest message
    first, ties by id.

    Attributes:
        customer: Of which brand, and who.
        states, brand, channel, agent_id, team_id, category, tag: Only those; None for any.
        noise: The noise and nothing else, where there is no `customer`.
        unassigned: Only those that no agent has; a team may.
        limit: At most so many.
        after: The last one of the page before.
    """

    customer: CustomerKey | None = None
    states: frozenset[State] | None = None
    brand: str | None = None
    channel: str | None = None
    agent_id: str | None = None
    team_id: str | None = None
    category: str | None = None
    tag: str | None = None
    noise: bool = False
    unassigned: bool = False
    limit: int = attrs.field(default=50, validator=attrs.validators.ge(1))
    after: Summary | None = None


@attrs.frozen(kw_only=True)
class Found:
    """A message that a search found.

    Attributes:
        conversation: Where it was put, as in its row of the index of messages.
        channel, message_id: Which one.
        sent_at: The whole second in which it was sent.
    """

    conversation: str | None
    channel: str
    message_id: str
    sent_at: datetime


@attrs.frozen(kw_only=True)
class Logged:
    """An event in the log of the whole desk, and the cursor behind it.

    Attributes:
        cursor: Give this to `Store.log` to go on after this event. Opaque, but for the store.
        belongs_to: The conversation that it belongs to now.
        recorded: The event.
    """

    cursor: str
    belongs_to: str | None
    recorded: Recorded
