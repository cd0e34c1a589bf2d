"""A store that keeps everything in this process: the reference for what a store answers.

It is as plain as can be: dictionaries behind one lock.
A commit is checked in full before anything of it is written, so there is nothing to take back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from threading import RLock

import attrs

from socialcare.domain.customer import Handle
from socialcare.domain.events import Event, Key, Recorded
from socialcare.domain.instants import EPOCH
from socialcare.domain.placement import Placed
from socialcare.domain.query.needs import Needed, Needs
from socialcare.domain.summary import Summary
from socialcare.domain.words import words as words_of
from socialcare.errors import Conflict, InvalidValue
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.records import (
    Around,
    Asked,
    Commit,
    CustomerKey,
    Delivery,
    Entry,
    Found,
    Kept,
    Logged,
    Move,
    Page,
    Settlement,
    Span,
)

LOCATION = "memory:"
"""Where a store in memory is, for those who give locations."""
LIVE = frozenset({Delivery.PENDING, Delivery.CLAIMED})
"""States of an entry that is still to go out."""


@hookimpl
def socialcare_store(location: str) -> "MemoryStore | None":
    """A new store in memory, if that is what the location says."""
    return MemoryStore() if location == LOCATION else None


class MemoryStore:
    """A store that forgets everything with the process."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._log: list[tuple[Recorded, str | None]] = []
        """What happened, each with whom it belongs to now; a position is a place in here."""
        self._positions: defaultdict[str | None, set[int]] = defaultdict(set)
        self._summaries: dict[str, Kept] = {}
        self._customers: dict[CustomerKey, int] = {}
        self._placed: dict[Key, Placed] = {}
        self._keys: defaultdict[tuple[str | None, str | None], set[Key]] = defaultdict(set)
        """The messages of each customer."""
        self._answers: defaultdict[tuple[str, str | None], set[Key]] = defaultdict(set)
        """The messages that answer each message of a channel, or none."""
        self._words: dict[Key, frozenset[str]] = {}
        self._links: dict[Handle, str] = {}
        self._outbox: dict[str, Entry] = {}
        self._cursors: dict[str, str] = {}

    def close(self) -> None:
        """Does nothing: what is in memory stays until the store itself is gone."""

    # Writing

    def commit(self, commit: Commit) -> tuple[Recorded, ...]:
        """Writes all of it or nothing; the events as recorded."""
        with self._lock:
            self._check(commit)
            for move in commit.moves:
                self._move(move)
            recorded = tuple(self._add(event) for event in commit.events)
            self._write_views(commit)
            self._write_outbox(commit)
            self._cursors.update(commit.cursors)
            return recorded

    def _check(self, commit: Commit) -> None:
        for kept in commit.summaries:
            known = self._summaries.get(kept.summary.id)
            if kept.version != (known.version if known else 0):
                raise Conflict(f"conversation {kept.summary.id!r}")
        for customer, version in commit.customers.items():
            if version != self._customers.get(customer, 0):
                raise Conflict(f"customer {customer!r}")
        for key in commit.new:
            if key in self._placed:
                raise Conflict(f"message {key!r}")
        added = {entry.key: entry for entry in commit.outbox}
        for settlement in commit.settled:
            entry = self._outbox.get(settlement.key) or added.get(settlement.key)
            _check_settlement(settlement, entry)

    def _move(self, move: Move) -> None:
        own = self._positions[move.source]
        moved = own & set(own if move.positions is None else move.positions)
        self._positions[move.source] -= moved
        self._positions[move.target] |= moved
        for position in moved:
            self._log[position] = (self._log[position][0], move.target)

    def _add(self, event: Event) -> Recorded:
        recorded = Recorded(position=len(self._log), event=event)
        self._log.append((recorded, event.conversation))
        self._positions[event.conversation].add(recorded.position)
        return recorded

    def _write_views(self, commit: Commit) -> None:
        for kept in commit.summaries:
            self._summaries[kept.summary.id] = attrs.evolve(kept, version=kept.version + 1)
        for customer, version in commit.customers.items():
            self._customers[customer] = version + 1
        for placed in commit.placed:
            self._place(placed)
        for key, text in commit.texts.items():
            self._words.pop(key, None)
            if text is not None and key in self._placed:
                self._words[key] = frozenset(words_of(text))
        for handle, customer_id in commit.links.items():
            self._links.pop(handle, None)
            if customer_id is not None:
                self._links[handle] = customer_id

    def _place(self, placed: Placed) -> None:
        before = self._placed.get(placed.key)
        if before is not None:
            self._keys[before.brand, before.customer_id].discard(before.key)
            self._answers[before.channel, before.in_reply_to].discard(before.key)
        self._placed[placed.key] = placed
        self._keys[placed.brand, placed.customer_id].add(placed.key)
        self._answers[placed.channel, placed.in_reply_to].add(placed.key)

    def _write_outbox(self, commit: Commit) -> None:
        for entry in commit.outbox:
            self._outbox.setdefault(entry.key, entry)
        for settlement in commit.settled:
            entry = self._outbox[settlement.key]
            self._outbox[settlement.key] = attrs.evolve(
                entry,
                state=settlement.state,
                due_at=settlement.due_at or entry.due_at,
                lease_until=None,
                said=settlement.said,
            )

    # Conversations

    def events(self, conversation: str | None) -> tuple[Recorded, ...]:
        """The events that belong to a conversation now, or to none, by position."""
        with self._lock:
            positions = self._positions.get(conversation, ())
            return tuple(self._log[position][0] for position in sorted(positions))

    def summaries(self, ids: Collection[str]) -> Mapping[str, Kept]:
        """The summaries of these conversations; unknown ones are absent."""
        with self._lock:
            return {each: self._summaries[each] for each in ids if each in self._summaries}

    def page(self, page: Page) -> tuple[Summary, ...]:
        """A page of a queue, or of a customer's history."""
        with self._lock:
            every = [kept.summary for kept in self._summaries.values()]
        rows = [(_place(row, page), row) for row in every if _is_wanted(row, page)]
        if page.after is not None:
            last = _place(page.after, page)
            rows = [(place, row) for place, row in rows if place > last]
        rows.sort(key=lambda each: each[0])
        return tuple(row for _, row in rows[: page.limit])

    def log(self, after: str | None, limit: int) -> tuple[Logged, ...]:
        """Events of the whole desk from a cursor on."""
        first = 0 if after is None else _position(after) + 1
        with self._lock:
            return tuple(
                Logged(cursor=str(recorded.position), belongs_to=belongs_to, recorded=recorded)
                for recorded, belongs_to in self._log[first : first + limit]
            )

    def search(self, needs: Needs, limit: int, after: Found | None = None) -> tuple[Found, ...]:
        """The messages with a text that meet these needs, the latest first."""
        with self._lock:
            rows = [self._placed[key] for key, own in self._words.items() if _has_all(needs, own)]
        sent = [(row, row.second) for row in rows if row.second is not None]
        found = [_found(row, second) for row, second in sent if _is_within(needs, second)]
        if after is not None:
            found = [each for each in found if _age(each) > _age(after)]
        return tuple(sorted(found, key=_age)[:limit])

    # Threading

    def around(self, asked: Asked) -> Around:
        """What threading needs to know, all from one moment."""
        with self._lock:
            placed = {key: self._placed[key] for key in self._keys_around(asked)}
            return Around(
                placed=tuple(placed.values()),
                customers=self._versions(asked),
                summaries=self._with_survivors({row.conversation for row in placed.values()}),
                links={each: self._links[each] for each in asked.handles if each in self._links},
                handles={person: self._handles_of(person) for person in asked.people},
                cursors={
                    each: self._cursors[each] for each in asked.cursors if each in self._cursors
                },
            )

    def _keys_around(self, asked: Asked) -> Iterator[Key]:
        for key in asked.keys:
            if key in self._placed:
                yield key
            yield from self._answers.get(key, ())
        for span in asked.spans:
            yield from self._keys_in(span)

    def _keys_in(self, span: Span) -> Iterator[Key]:
        every = [self._placed[key] for key in self._keys.get(span.customer, ())]
        own = [(row.second, row) for row in every if row.second is not None]
        spoken = [second for second, row in own if not row.note and row.given is None]
        first = max((each for each in spoken if each < span.first), default=None)
        last = min((each for each in spoken if each > span.last), default=None)
        for second, row in own:
            if (first is None or first <= second) and (last is None or second <= last):
                yield row.key

    def _versions(self, asked: Asked) -> dict[CustomerKey, int]:
        people = [each for each in self._customers if each[1] in asked.people]
        wanted = [*(span.customer for span in asked.spans), *people]
        return {customer: self._customers.get(customer, 0) for customer in wanted}

    def _with_survivors(self, ids: Collection[str | None]) -> dict[str, Kept]:
        found: dict[str, Kept] = {}
        for each in ids:
            name = each
            while name is not None and name not in found and name in self._summaries:
                found[name] = self._summaries[name]
                name = found[name].summary.merged_into
        return found

    def _handles_of(self, person: str) -> tuple[Handle, ...]:
        return tuple(sorted(handle for handle, linked in self._links.items() if linked == person))

    # The outbox

    def claim(
        self, targets: Collection[str], *, now: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        """Claims entries of the outbox that are due, until the lease is over."""
        with self._lock:
            heads = [entry for entry in self._heads_of_lanes() if entry.target in targets]
            due = sorted((entry for entry in heads if _free_at(entry) <= now), key=_free_at)
            claimed = tuple(_claimed(entry, until) for entry in due[:limit])
            self._outbox.update((entry.key, entry) for entry in claimed)
            return claimed

    def _heads_of_lanes(self) -> Collection[Entry]:
        heads: dict[str, Entry] = {}
        for entry in self._outbox.values():
            if entry.state in LIVE:
                heads.setdefault(entry.lane, entry)
        return heads.values()

    def outbox(
        self, state: Delivery, limit: int, *, target: str | None = None
    ) -> tuple[Entry, ...]:
        """Entries of the outbox in a state, in the order in which they came."""
        with self._lock:
            found = (each for each in self._outbox.values() if each.state is state)
            return tuple(each for each in found if target in (None, each.target))[:limit]

    def entries(self, keys: Collection[str]) -> tuple[Entry, ...]:
        """The entries of the outbox with these keys, in the order in which they came."""
        with self._lock:
            return tuple(entry for key, entry in self._outbox.items() if key in set(keys))


def _check_settlement(settlement: Settlement, entry: Entry | None) -> None:
    claimed = entry is not None and entry.state is Delivery.CLAIMED
    if entry is None or (
        settlement.attempt is not None and not (claimed and entry.attempts == settlement.attempt)
    ):
        raise Conflict(f"outbox entry {settlement.key!r}")


def _free_at(entry: Entry) -> datetime:
    """From when on the entry may be claimed."""
    return entry.lease_until or entry.due_at


def _claimed(entry: Entry, until: datetime) -> Entry:
    return attrs.evolve(
        entry, state=Delivery.CLAIMED, attempts=entry.attempts + 1, lease_until=until
    )


def _has_all(needs: Needs, own: frozenset[str]) -> bool:
    return all(any(_has(each, own) for each in sets) for sets in needs.words)


def _has(needed: Needed, own: frozenset[str]) -> bool:
    if needed.prefix:
        return any(word.startswith(needed.word) for word in own)
    return needed.word in own


def _is_within(needs: Needs, second: int) -> bool:
    begun = needs.first is None or needs.first <= second
    return begun and (needs.last is None or second <= needs.last)


def _age(found: Found) -> tuple[timedelta, str, str]:
    return (EPOCH - found.sent_at, found.channel, found.message_id)


def _found(row: Placed, second: int) -> Found:
    return Found(
        conversation=row.conversation,
        channel=row.channel,
        message_id=row.id,
        sent_at=EPOCH + timedelta(seconds=second),
    )


def _position(cursor: str) -> int:
    if not cursor.isdecimal():
        raise InvalidValue(cursor, where="cursor", right="one that `Store.log` gave")
    return int(cursor)


# Pages


def _place(row: Summary, page: Page) -> tuple[timedelta, str]:
    if page.customer is None:
        since = row.waiting_since if page.noise else row.turn_at
        return (timedelta.max if since is None else since - EPOCH, row.id)
    return (timedelta.max if row.last_at is None else EPOCH - row.last_at, row.id)


def _is_wanted(row: Summary, page: Page) -> bool:
    own = row.turn_at is not None
    if page.noise:
        own = row.waiting_since is not None and row.turn_at is None
    if page.customer is not None:
        own = (row.brand, row.customer_id) == page.customer
    return (
        own
        and row.merged_into is None
        and (page.states is None or row.state in page.states)
        and page.brand in (None, row.brand)
        and page.channel in (None, row.channel)
        and page.agent_id in (None, row.agent_id)
        and page.team_id in (None, row.team_id)
        and page.category in (None, row.category)
        and (page.tag is None or page.tag in row.tags)
        and not (page.unassigned and row.agent_id is not None)
    )
