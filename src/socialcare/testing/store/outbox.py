"""The outbox: claims, leases and lanes."""

from collections import Counter
from threading import Barrier, Thread

import attrs
import pytest

from socialcare.errors import Conflict
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit, Delivery, Entry, Notice, Settlement
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import at, claimed, entry, keys

ENTRIES = 60


def _settled(name: str, state: Delivery, attempt: int | None = None) -> Commit:
    return Commit(settled=(Settlement(key=name, attempt=attempt, state=state),))


class Outbox(OnAStore):
    """What `Store.claim`, `Store.outbox` and `Store.entries` promise, and settlements."""

    def test_entries_read_back_equal(self, store: Store) -> None:
        """Every field of an entry comes back, be it a reply or a notice."""
        notice = Notice(
            id="n1", kind="assigned", conversation=None, to="anna", said="It is yours.", at=at(1)
        )
        told = entry("n1:mail", target="notifier:mail", what=notice, conversation=None)
        store.commit(Commit(outbox=(entry(), told)))

        assert store.entries(["r1"]) == (entry(),)
        assert store.entries(["n1:mail", "unknown"]) == (told,)
        assert store.entries([]) == ()

    def test_the_outbox_is_read_by_state_and_in_order(self, store: Store) -> None:
        """Entries of a state come in the order in which they were committed, up to the limit."""
        several = tuple(entry(name, lane=name) for name in ("r3", "r1", "r2", "r4"))
        store.commit(Commit(outbox=several))
        store.commit(_settled("r2", Delivery.DEAD))
        store.commit(_settled("r4", Delivery.SENT))

        assert keys(store.outbox(Delivery.PENDING, 10)) == ["r3", "r1"]
        assert keys(store.outbox(Delivery.PENDING, 1)) == ["r3"]
        assert keys(store.outbox(Delivery.DEAD, 10)) == ["r2"]
        assert keys(store.outbox(Delivery.SENT, 10)) == ["r4"]
        assert keys(store.outbox(Delivery.CLAIMED, 10)) == []

    def test_the_outbox_is_read_by_target(self, store: Store) -> None:
        """Entries for one target come alone, in their order, and the limit counts only them."""
        several = tuple(
            entry(name, target=target, lane=name)
            for name, target in (("r3", "a"), ("r1", "b"), ("r2", "a"), ("r4", "a"))
        )
        store.commit(Commit(outbox=several))
        store.commit(_settled("r4", Delivery.SENT))

        assert keys(store.outbox(Delivery.PENDING, 10, target="a")) == ["r3", "r2"]
        assert keys(store.outbox(Delivery.PENDING, 1, target="b")) == ["r1"]
        assert keys(store.outbox(Delivery.SENT, 10, target="a")) == ["r4"]
        assert keys(store.outbox(Delivery.PENDING, 10, target="c")) == []

    def test_a_claim_is_kept(self, store: Store) -> None:
        """A claimed entry counts its attempts and says until when it is claimed."""
        store.commit(Commit(outbox=(entry(),)))
        (first,) = claimed(store, 0, lease=1)

        assert first == attrs.evolve(entry(), state=Delivery.CLAIMED, attempts=1, lease_until=at(1))
        assert store.entries(["r1"]) == (first,)
        assert store.outbox(Delivery.CLAIMED, 10) == (first,)

    def test_only_what_is_due_is_claimed(self, store: Store) -> None:
        """An entry is due from the instant on that it names, and not before."""
        store.commit(Commit(outbox=(entry("r1", 1, lane="1"), entry("r2", 2, lane="2"))))

        assert keys(tuple(claimed(store, 0.999))) == []
        assert keys(tuple(claimed(store, 1))) == ["r1"]

    def test_only_these_targets_are_claimed(self, store: Store) -> None:
        """A claim brings entries of the targets that it names, and of no other."""
        several = tuple(entry(name, target=name, lane=name) for name in ("a", "b", "c"))
        store.commit(Commit(outbox=several))

        assert store.claim([], now=at(1), until=at(2), limit=10) == ()
        found = store.claim(["a", "c", "d"], now=at(1), until=at(2), limit=10)
        assert sorted(keys(found)) == ["a", "c"]

    def test_a_claim_brings_no_more_than_the_limit(self, store: Store) -> None:
        """Of many that are due, those come first that have been due the longest, up to a limit."""
        several = tuple(entry(f"r{number}", -number, lane=f"{number}") for number in range(9))
        store.commit(Commit(outbox=several))

        assert keys(tuple(claimed(store, limit=3))) == ["r8", "r7", "r6"]
        assert keys(tuple(claimed(store, limit=3))) == ["r5", "r4", "r3"]

    def test_a_claim_holds_for_its_lease(self, store: Store) -> None:
        """What is claimed is nobody else's until the lease is over, and then anybody's again."""
        store.commit(Commit(outbox=(entry(),)))
        claimed(store, 0, lease=1)

        assert claimed(store, 0.999) == []
        (again,) = claimed(store, 1, lease=1)
        assert again.attempts == 2
        assert again.lease_until == at(2)

    def test_a_lane_goes_out_in_order(self, store: Store) -> None:
        """The second entry of a lane is not claimed before the first one is sent."""
        store.commit(Commit(outbox=(entry("r1", 1), entry("r2", 0), entry("r3", 0, lane="c2"))))
        before = keys(tuple(claimed(store, 0, lease=9)))
        first = keys(tuple(claimed(store, 1)))
        while_sending = keys(tuple(claimed(store, 1.5)))
        store.commit(_settled("r1", Delivery.SENT, 1))

        assert (before, first, while_sending) == (["r3"], ["r1"], [])
        assert "r2" in keys(tuple(claimed(store, 1.6)))

    def test_a_lane_waits_for_what_is_tried_again(self, store: Store) -> None:
        """An entry that is put off holds up its lane, also while its lease is over."""
        store.commit(Commit(outbox=(entry("r1"), entry("r2"))))
        claimed(store)
        later = Settlement(
            key="r1", attempt=1, state=Delivery.PENDING, due_at=at(5), said="503 again\0"
        )
        store.commit(Commit(settled=(later,)))
        (found,) = store.entries(["r1"])

        assert found == attrs.evolve(entry("r1", 5), attempts=1, said="503 again\0")
        assert claimed(store, 4) == []
        assert keys(tuple(claimed(store, 5))) == ["r1"]

    def test_another_target_holds_up_its_lane_too(self, store: Store) -> None:
        """A lane is one, whatever its entries' targets."""
        store.commit(Commit(outbox=(entry("r1", target="channel:y"), entry("r2"))))

        assert claimed(store) == []

    def test_the_dead_hold_nothing_up(self, store: Store) -> None:
        """An entry that was given up lets the next of its lane go; it may be sent again."""
        store.commit(Commit(outbox=(entry("r1"), entry("r2"))))
        claimed(store)
        store.commit(_settled("r1", Delivery.DEAD, 1))
        second = keys(tuple(claimed(store)))
        store.commit(_settled("r2", Delivery.SENT, 1))
        store.commit(_settled("r1", Delivery.PENDING))

        assert second == ["r2"]
        assert keys(tuple(claimed(store))) == ["r1"]

    @pytest.mark.parametrize("attempt", [0, 1, 3])
    def test_an_old_claim_settles_nothing(self, store: Store, attempt: int) -> None:
        """Who claimed an entry and let the lease go by can't settle it for who claimed it since."""
        store.commit(Commit(outbox=(entry(),)))
        claimed(store, 0, lease=1)
        (second,) = claimed(store, 1, lease=1)

        with pytest.raises(Conflict):
            store.commit(_settled("r1", Delivery.SENT, attempt))
        assert store.entries(["r1"]) == (second,)

    def test_what_is_not_claimed_is_not_settled_by_attempt(self, store: Store) -> None:
        """What was never claimed, is settled already, or is not there at all, is a conflict."""
        store.commit(Commit(outbox=(entry(),)))
        with pytest.raises(Conflict):
            store.commit(_settled("r1", Delivery.SENT, 0))
        claimed(store)
        store.commit(_settled("r1", Delivery.SENT, 1))
        with pytest.raises(Conflict):
            store.commit(_settled("r1", Delivery.PENDING, 1))
        with pytest.raises(Conflict):
            store.commit(_settled("unknown", Delivery.SENT))

        assert keys(store.outbox(Delivery.SENT, 10)) == ["r1"]

    @pytest.mark.parametrize("state", [Delivery.SENT, Delivery.DEAD, Delivery.PENDING])
    def test_people_settle_whatever_the_state(self, store: Store, state: Delivery) -> None:
        """A settlement without an attempt counts while pending, claimed, sent or dead."""
        store.commit(Commit(outbox=(entry(),)))
        for before in (Delivery.PENDING, Delivery.SENT, Delivery.DEAD):
            store.commit(_settled("r1", before))
            store.commit(_settled("r1", state))
            assert store.entries(["r1"]) == (attrs.evolve(entry(), state=state),)

    def test_an_entry_is_settled_with_what_came_of_it(self, store: Store) -> None:
        """A new entry may be settled in the commit that brings it."""
        done = Settlement(key="r1", attempt=None, state=Delivery.SENT)
        store.commit(Commit(outbox=(entry(),), settled=(done,)))

        assert keys(store.outbox(Delivery.SENT, 10)) == ["r1"]

    def test_no_two_get_the_same_entry(self, store: Store) -> None:
        """Several threads that claim at once get every entry, each only one of them."""
        several = tuple(entry(f"r{number}", lane=f"{number}") for number in range(ENTRIES))
        store.commit(Commit(outbox=several))
        begin, got = Barrier(4), list[Entry]()

        def work() -> None:
            begin.wait()
            while found := claimed(store, limit=3):
                got.extend(found)

        workers = [Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        assert Counter(keys(tuple(got))) == Counter(f"r{number}" for number in range(ENTRIES))
