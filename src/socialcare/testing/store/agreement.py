"""The store and the reference, `MemoryStore`, answer alike whatever is done to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

import attrs
import pytest

from socialcare.domain.customer import Handle
from socialcare.domain.events import Event, Key, Recorded
from socialcare.domain.placement import Placed
from socialcare.domain.states import State
from socialcare.errors import Conflict
from socialcare.plugins.memory import MemoryStore
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import (
    Asked,
    Commit,
    CustomerKey,
    Delivery,
    Entry,
    Kept,
    Move,
    Page,
    Settlement,
    Span,
)
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import (
    at,
    entry,
    needing,
    received,
    row,
    second,
    summary,
)

STEPS = 60
CONVERSATIONS = ("c1", "c2", "c3", "\U0001f600")
MESSAGES = ("m1", "m2", "\uff5e")
PEOPLE = ("ada", "bo")
BRANDS = (None, "north")
CUSTOMERS = tuple((brand, person) for brand in BRANDS for person in PEOPLE)
CHANNELS = ("x", "email")
HANDLES = tuple(Handle(channel=channel, id=each) for channel in CHANNELS for each in PEOPLE)
KEYS = tuple((channel, name) for channel in CHANNELS for name in MESSAGES)
TEXTS = (None, "Where is my parcel?", "my parcel is late", "thanks", "")
ENTRIES = ("r1", "r2", "r3", "r4", "r5", "r6")
TARGETS = ("channel:x", "channel:y")
PAGES = (
    Page(),
    Page(limit=1),
    Page(states=frozenset({State.NEW})),
    Page(brand="north", channel="x"),
    Page(agent_id="anna"),
    Page(unassigned=True, tag="vip"),
    *(Page(customer=customer) for customer in CUSTOMERS),
)
QUESTIONS = (
    Asked(keys=KEYS[:2]),
    Asked(spans=tuple(Span(customer=c, first=second(3), last=second(4)) for c in CUSTOMERS)),
    Asked(spans=(Span(customer=CUSTOMERS[0], first=second(-3), last=second(-1)),), people=PEOPLE),
    Asked(handles=HANDLES, people=PEOPLE, cursors=CHANNELS),
)

_Item = TypeVar("_Item")


class Deeds:
    """Random commits, some on versions that are no longer there."""

    def __init__(self, seed: int, reference: Store) -> None:
        self._random = Random(seed)  # noqa: S311 - the same deeds every time
        self._reference = reference

    def commit(self) -> Commit:
        """Some parts of a commit."""
        commit = Commit(
            events=self._maybe([self._event() for _ in range(3)]),
            summaries=self._maybe([self._kept(name) for name in CONVERSATIONS]),
            customers=dict(self._maybe([(each, self._version(each)) for each in CUSTOMERS])),
            moves=self._maybe([self._move()]),
            placed=self._maybe([self._row(key) for key in KEYS]),
            texts=dict(self._maybe([(key, self._one(TEXTS)) for key in KEYS])),
            links=dict(self._maybe([(each, self._one((None, *PEOPLE))) for each in HANDLES])),
            outbox=self._maybe([self._entry(name) for name in ENTRIES]),
            settled=self._maybe([self._settlement()]),
            cursors=dict(self._maybe([(each, self._one("123")) for each in CHANNELS])),
        )
        keys = [each.key for each in commit.placed]
        return attrs.evolve(commit, new=frozenset(keys if self._rarely() else ()))

    def claim(self) -> tuple[tuple[str, ...], datetime, int]:
        """For a claim: which targets, when, and how many at most."""
        targets = self._one((("channel:x",), ("channel:x", "channel:y")))
        return targets, at(self._random.randint(0, 60)), self._random.randint(1, 4)

    def _maybe(self, every: Sequence[_Item]) -> tuple[_Item, ...]:
        some = self._random.choice((0, 0, 1, 2))
        return tuple(self._random.sample(every, min(some, len(every))))

    def _one(self, every: Sequence[_Item]) -> _Item:
        return self._random.choice(every)

    def _rarely(self) -> bool:
        return self._random.random() < 1 / 8

    def _event(self) -> Event:
        return received(self._one(MESSAGES), conversation=self._one((None, *CONVERSATIONS)))

    def _kept(self, name: str) -> Kept:
        known = self._reference.summaries([name])
        version = known[name].version if known else 0
        tags = self._one(((), ("vip",), ("new", "vip")))
        changed = summary(
            name,
            self._one((None, 1, 2, 3)),
            brand=self._one(BRANDS),
            customer_id=self._one(PEOPLE),
            channel=self._one(CHANNELS),
            state=self._one(tuple(State)),
            agent_id=self._one((None, "anna")),
            merged_into=self._one(CONVERSATIONS) if self._rarely() else None,
            tags=tags,
        )
        return Kept(summary=changed, version=version + self._rarely())

    def _version(self, customer: CustomerKey) -> int:
        known = self._reference.around(Asked(spans=(Span(customer=customer, first=0, last=0),)))
        return known.customers[customer] + self._rarely()

    def _move(self) -> Move:
        source, target = self._random.sample(CONVERSATIONS, 2)
        everything = self._reference.events(source)
        some = tuple(each.position for each in everything if self._rarely())
        return Move(source=source, target=target, positions=self._one((None, some)))

    def _row(self, key: Key) -> Placed:
        return row(
            key[1],
            self._one((None, *range(9))),
            channel=key[0],
            conversation=self._one((None, *CONVERSATIONS)),
            brand=self._one(BRANDS),
            customer_id=self._one((None, *PEOPLE)),
            note=self._one((True, False)),
            in_reply_to=self._one((None, *MESSAGES)),
        )

    def _entry(self, name: str) -> Entry:
        due = self._random.randint(0, 30)
        return entry(name, due, lane=self._one("12"), target=self._one(TARGETS))

    def _settlement(self) -> Settlement:
        found = self._reference.outbox(Delivery.CLAIMED, 9) or self._reference.entries(ENTRIES)
        known = self._one(found or (entry("unknown"),))
        return Settlement(
            key=known.key,
            attempt=self._one((None, known.attempts, known.attempts - self._rarely())),
            state=self._one((Delivery.PENDING, Delivery.SENT, Delivery.DEAD)),
            due_at=self._one((None, at(self._random.randint(0, 60)))),
        )


class Agreement(OnAStore):
    """The store does what the reference does."""

    @pytest.mark.parametrize("seed", range(8))
    def test_the_store_answers_as_the_reference(self, store: Store, seed: int) -> None:
        """After each of many random commits and claims every question has the same answer."""
        reference = MemoryStore()
        deeds, pairs = Deeds(seed, reference), Pairs()
        for _ in range(STEPS):
            _claim_alike(deeds, store, reference)
            _commit_alike(deeds.commit(), store, reference, pairs)
            _answer_alike(store, reference, pairs)


class Pairs:
    """Which position of the store is which of the reference's."""

    def __init__(self) -> None:
        self._reference: dict[int, int] = {}
        self._store: dict[int, int] = {}

    def learn(self, own: Iterable[Recorded], reference: Iterable[Recorded]) -> None:
        """Notes what was recorded by both; says whether they recorded the same."""
        for one, other in zip(own, reference, strict=True):
            assert one.event == other.event
            self._reference[one.position] = other.position
            self._store[other.position] = one.position

    def in_reference(self, recorded: Iterable[Recorded]) -> list[Recorded]:
        """What the store recorded, with the reference's positions."""
        return [attrs.evolve(each, position=self._reference[each.position]) for each in recorded]

    def in_store(self, commit: Commit) -> Commit:
        """A commit for the reference, with the store's positions."""
        moves = [attrs.evolve(move, positions=self._of(move)) for move in commit.moves]
        return attrs.evolve(commit, moves=tuple(moves))

    def _of(self, move: Move) -> tuple[int, ...] | None:
        return None if move.positions is None else tuple(self._store[p] for p in move.positions)


def _commit_alike(commit: Commit, store: Store, reference: Store, pairs: Pairs) -> None:
    try:
        expected = reference.commit(commit)
    except Conflict:
        with pytest.raises(Conflict):
            store.commit(pairs.in_store(commit))
    else:
        pairs.learn(store.commit(pairs.in_store(commit)), expected)


def _claim_alike(deeds: Deeds, store: Store, reference: Store) -> None:
    targets, now, limit = deeds.claim()
    until = now + timedelta(minutes=5)
    expected = reference.claim(targets, now=now, until=until, limit=limit)

    assert store.claim(targets, now=now, until=until, limit=limit) == expected


def _answer_alike(store: Store, reference: Store, pairs: Pairs) -> None:
    for page in PAGES:
        assert store.page(page) == reference.page(page)
    for name in CONVERSATIONS:
        assert pairs.in_reference(store.events(name)) == list(reference.events(name))
    assert store.summaries(CONVERSATIONS) == reference.summaries(CONVERSATIONS)
    for state in Delivery:
        assert store.outbox(state, 9) == reference.outbox(state, 9)
    assert pairs.in_reference(store.events(None)) == list(reference.events(None))
    for asked in ((), ("parcel",), ("my", "parcel"), ("thanks",), ("th*",)):
        assert store.search(needing(*asked), 3) == reference.search(needing(*asked), 3)
    for question in QUESTIONS:
        _surround_alike(question, store, reference)
    own, expected = store.log(None, 1000), reference.log(None, 1000)
    assert pairs.in_reference(each.recorded for each in own) == [x.recorded for x in expected]
    assert [each.belongs_to for each in own] == [each.belongs_to for each in expected]


def _surround_alike(asked: Asked, store: Store, reference: Store) -> None:
    own, expected = store.around(asked), reference.around(asked)

    assert sorted(own.placed, key=repr) == sorted(expected.placed, key=repr)
    assert attrs.evolve(own, placed=()) == attrs.evolve(expected, placed=())
