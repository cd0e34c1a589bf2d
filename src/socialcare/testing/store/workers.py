"""What other processes do to a store; picklable, so that they can be told to."""

import os
import signal
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from random import Random
from time import sleep
from typing import Protocol

import attrs

from socialcare.errors import Conflict
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit
from socialcare.testing.store.place import Opener
from socialcare.testing.store.samples import (
    ADA,
    claimed,
    entry,
    intake,
    kept,
    received,
    version_of,
    version_of_ada,
)


class Barrier(Protocol):
    """Where processes wait for each other."""

    def wait(self) -> int:
        """Goes on once all are here."""
        ...


class Deadly(Mapping[str, str]):
    """Cursors that kill the process when a store comes to write them."""

    def __getitem__(self, key: str) -> str:
        raise KeyError(key)

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        os.kill(os.getpid(), signal.SIGKILL)
        return iter(())


def add_with_retries(store: Store, writer: int, events: int) -> None:
    """Adds events to one conversation of one customer, each on what is there by then."""
    random = Random(writer)  # noqa: S311 - it spreads the retries, and is no secret
    for number in range(events):
        while not _added(store, f"{writer}-{number:02}"):
            sleep(random.random() / 100)


def _added(store: Store, name: str) -> bool:
    row = kept(version=version_of(store, "c1"))
    customers = {ADA: version_of_ada(store)}
    try:
        store.commit(Commit(events=(received(name),), summaries=(row,), customers=customers))
    except Conflict:
        return False
    return True


def write(opener: Opener, barrier: Barrier, writer: int, events: int) -> None:
    """Opens the store at the same time as the others, and adds events as they do."""
    barrier.wait()
    store = opener()
    add_with_retries(store, writer, events)
    store.close()


def claim_all(opener: Opener, barrier: Barrier, told: Connection) -> None:
    """Claims whatever is due, as the others do at the same time, and tells what it got."""
    store = opener()
    barrier.wait()
    got: list[str] = []
    while found := _claimed(store):
        got += found
    told.send(got)
    store.close()


def _claimed(store: Store) -> list[str]:
    return [each.key for each in claimed(store, limit=3)]


def take_in(opener: Opener, told: Connection, first: int) -> None:
    """Takes in one message after the other, and tells each once it is committed."""
    store = opener()
    for number in range(first, first + 100_000):
        store.commit(with_entry(number))
        told.send(number)


def with_entry(number: int) -> Commit:
    """A message in a conversation of its own, and a reply to it in the outbox."""
    name = f"{number:06}"
    own = intake(f"m{name}", conversation=f"c{name}")
    return attrs.evolve(own, outbox=(entry(f"r{name}", lane=f"c{name}"),))


def die_in_a_commit(opener: Opener) -> None:
    """Is killed when all but the last part of a commit is written."""
    opener().commit(attrs.evolve(with_entry(1), cursors=Deadly()))
