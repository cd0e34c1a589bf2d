"""Several at once: threads of one process, and processes."""

import pickle
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import Any

import pytest

from socialcare.domain.events import MessageReceived
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit
from socialcare.testing.store.place import OnAStore, Opener
from socialcare.testing.store.samples import ADA, entry, kept, version_of, version_of_ada
from socialcare.testing.store.workers import add_with_retries, claim_all, write

WRITERS = 4
EACH = 15
ENTRIES = 40


def _is_complete(store: Store) -> bool:
    """Whether every event of every writer is there, once, and counted."""
    events = [each.event for each in store.events("c1")]
    found = Counter(each.message.id for each in events if isinstance(each, MessageReceived))
    expected = {f"{writer}-{number:02}": 1 for writer in range(WRITERS) for number in range(EACH)}
    versions = {version_of(store, "c1"), version_of_ada(store)}
    return dict(found) == expected and versions == {WRITERS * EACH}


def started(work: Callable[..., None], *args: Any) -> SpawnProcess:  # noqa: ANN401
    """Another process that does this."""
    process = get_context("spawn").Process(target=work, args=args, daemon=True)
    process.start()
    return process


def ended(*processes: SpawnProcess) -> None:
    """Waits for processes, and fails if one of them did."""
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0] * len(processes)


class Together(OnAStore):
    """What `Store` promises when several use it at once."""

    def needs_processes(self, opener: Opener) -> None:
        """Skips the test for stores that other processes can't open."""
        self.needs_durability()
        try:
            pickle.dumps(opener)
        except (AttributeError, TypeError, pickle.PicklingError) as error:
            pytest.skip(f"the opener can't be given to another process: {error}")

    def test_threads_lose_nothing(self, store: Store) -> None:
        """Several threads on one conversation: each of its versions is somebody's, none is lost."""
        threads = [
            Thread(target=add_with_retries, args=(store, writer, EACH)) for writer in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        positions = [each.position for each in store.events("c1")]

        assert _is_complete(store)
        assert positions == sorted(set(positions))

    def test_processes_lose_nothing(self, opener: Opener) -> None:
        """Several processes open a store that is not there yet, and write: nothing is lost."""
        self.needs_processes(opener)
        barrier = get_context("spawn").Barrier(WRITERS)
        ended(*[started(write, opener, barrier, writer, EACH) for writer in range(WRITERS)])
        store = opener()

        assert _is_complete(store)
        store.close()

    def test_no_two_processes_get_the_same_entry(self, opener: Opener, store: Store) -> None:
        """Several processes that claim at once get every entry, each only one of them."""
        self.needs_processes(opener)
        several = tuple(entry(f"r{number}", lane=f"{number}") for number in range(ENTRIES))
        store.commit(Commit(outbox=several))
        context = get_context("spawn")
        barrier, pipes = context.Barrier(3), [context.Pipe() for _ in range(3)]
        processes = [started(claim_all, opener, barrier, told) for _, told in pipes]
        got = Counter(key for heard, _ in pipes for key in heard.recv())
        ended(*processes)

        assert got == Counter(f"r{number}" for number in range(ENTRIES))

    def test_another_opening_sees_what_was_committed(self, opener: Opener, store: Store) -> None:
        """What one has committed, another who has the store open sees at once, and is bound by."""
        self.needs_durability()
        other = opener()
        store.commit(Commit(summaries=(kept(),), customers={ADA: 0}))
        seen = (version_of(other, "c1"), version_of_ada(other))
        other.commit(Commit(summaries=(kept(version=1),)))
        other.close()

        assert seen == (1, 1)
        assert version_of(store, "c1") == 2
