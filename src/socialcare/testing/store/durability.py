"""What was committed is there, also after a crash."""

import os
import signal
import sys
from multiprocessing import get_context

import pytest

from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked, Commit, Delivery, Page
from socialcare.testing.store.place import Opener
from socialcare.testing.store.samples import at, intake, kept, keys, names, needing, received
from socialcare.testing.store.together import Together, started
from socialcare.testing.store.workers import die_in_a_commit, take_in, with_entry

ROUNDS = 4
needs_kill = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no SIGKILL to die of in the middle"
)


def _is_whole(store: Store, number: int) -> bool | None:
    """Whether all of a commit is there; None if nothing of it is."""
    wanted = with_entry(number)
    (conversation,) = [each.summary.id for each in wanted.summaries]
    (message,) = wanted.texts
    parts = (
        [each.event for each in store.events(conversation)] == list(wanted.events),
        set(store.summaries([conversation])) == {conversation},
        store.around(Asked(keys=(message,))).placed == wanted.placed,
        [each.message_id for each in store.search(needing(message[1]), 9)] == [message[1]],
        keys(store.entries([wanted.outbox[0].key])) == [wanted.outbox[0].key],
    )
    if not any(parts):
        return None
    return all(parts)


class Durability(Together):
    """What `Store` promises to those who come later."""

    def test_what_was_committed_is_there_when_it_is_opened_again(self, opener: Opener) -> None:
        """A store that is closed and opened again answers as it did, and goes on."""
        self.needs_durability()
        first = opener()
        first.commit(with_entry(1))
        claimed = first.claim(["channel:x"], now=at(0), until=at(1), limit=1)
        (met,) = first.log(None, 10)
        first.close()
        second = opener()
        again = second.commit(Commit(events=(received("m2"),), summaries=(kept("c2"),)))

        assert _is_whole(second, 1)
        assert second.outbox(Delivery.CLAIMED, 10) == claimed
        assert [each.recorded for each in second.log(met.cursor, 10)] == list(again)
        assert names(second.page(Page())) == ["c000001", "c2"]
        second.close()

    @needs_kill
    def test_a_crash_in_the_middle_of_a_commit_leaves_nothing(self, opener: Opener) -> None:
        """Of a commit whose process was killed nothing is there, and the store goes on."""
        self.needs_processes(opener)
        opener().close()
        process = started(die_in_a_commit, opener)
        process.join(timeout=60)
        store = opener()

        assert process.exitcode == -signal.SIGKILL
        assert store.log(None, 10) == ()
        assert _is_whole(store, 1) is None
        store.commit(intake())
        store.close()

    @needs_kill
    def test_what_was_acknowledged_survives_a_crash(self, opener: Opener) -> None:
        """Killed again and again at some moment, it has all that it acknowledged, whole, once."""
        self.needs_processes(opener)
        heard, told = get_context("spawn").Pipe(duplex=False)
        last = -1
        for crash in range(ROUNDS):
            process = started(take_in, opener, told, last + 1)
            for _ in range(7 * crash + 2):
                last = heard.recv()
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join(timeout=60)
            while heard.poll():
                last = heard.recv()
            store = opener()
            assert [_is_whole(store, number) for number in range(last + 1)] == [True] * (last + 1)
            last += _is_whole(store, last + 1) is not None  # it was killed before it could tell
            assert _is_whole(store, last) is True
            assert len(store.log(None, last + 9)) == last + 1
            store.close()
