"""The log: every event of the desk exactly once, from any cursor on."""

from threading import Thread

import pytest

from socialcare.domain.events import MessageReceived
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit, Logged
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import received

WRITERS = 4
EACH = 25


def _name(logged: Logged) -> str:
    event = logged.recorded.event
    assert isinstance(event, MessageReceived)
    return event.message.id


def _write(store: Store, writer: int) -> None:
    for number in range(EACH):
        own = received(f"{writer}-{number:02}", conversation=f"c{writer}")
        store.commit(Commit(events=(own,)))


class Log(OnAStore):
    """What `Store.log` promises."""

    def test_the_log_is_walked_page_by_page(self, store: Store) -> None:
        """Going on from the last cursor meets every event once, in order, then nothing."""
        for number in range(7):
            store.commit(Commit(events=(received(f"{number}", conversation=f"c{number % 2}"),)))
        met: list[Logged] = []
        while page := store.log(met[-1].cursor if met else None, 3):
            assert len(page) <= 3
            met += page

        assert [_name(each) for each in met] == [f"{number}" for number in range(7)]
        assert [each.belongs_to for each in met] == [f"c{number % 2}" for number in range(7)]

    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_a_cursor_may_stand_within_a_commit(self, store: Store, limit: int) -> None:
        """The events of one commit may be met in several pages, and in order."""
        store.commit(Commit(events=tuple(received(f"{number}") for number in range(5))))
        met: list[Logged] = []
        while page := store.log(met[-1].cursor if met else None, limit):
            met += page

        assert [_name(each) for each in met] == ["0", "1", "2", "3", "4"]

    def test_what_comes_later_is_met_from_the_last_cursor(self, store: Store) -> None:
        """A cursor at the end of the log finds what is committed afterwards."""
        store.commit(Commit(events=(received("m1"),)))
        (last,) = store.log(None, 10)
        nothing = store.log(last.cursor, 10)
        store.commit(Commit(events=(received("m2"),)))

        assert nothing == ()
        assert [_name(each) for each in store.log(last.cursor, 10)] == ["m2"]

    def test_every_event_is_met_once_while_others_commit(self, store: Store) -> None:
        """A reader that keeps up with several writers misses nothing and meets nothing twice."""
        threads = [Thread(target=_write, args=(store, writer)) for writer in range(WRITERS)]
        for thread in threads:
            thread.start()
        met: list[Logged] = []
        while any(thread.is_alive() for thread in threads) or store.log(
            met[-1].cursor if met else None, 1
        ):
            met += store.log(met[-1].cursor if met else None, 7)
        for thread in threads:
            thread.join()

        assert sorted(_name(each) for each in met) == sorted(
            f"{writer}-{number:02}" for writer in range(WRITERS) for number in range(EACH)
        )
        for writer in range(WRITERS):
            own = [_name(each) for each in met if each.belongs_to == f"c{writer}"]
            assert own == sorted(own)
