"""Many conversations."""

from socialcare.domain.summary import Summary
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked, Commit, Page, Span
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import kept, names, needing, received, row, second

CONVERSATIONS = 10_000
BATCH = 1_000


def _batch(first: int) -> Commit:
    numbers = range(first, first + BATCH)
    return Commit(
        events=tuple(received(f"m{n}", conversation=f"c{n}", customer_id=f"{n}") for n in numbers),
        summaries=tuple(kept(f"c{n}", n % 977, customer_id=f"{n}") for n in numbers),
        customers={(None, f"{n}"): 0 for n in numbers},
        placed=tuple(row(f"m{n}", conversation=f"c{n}", customer_id=f"{n}") for n in numbers),
        new=frozenset(("x", f"m{n}") for n in numbers),
        texts={("x", f"m{n}"): f"parcel {n}" for n in numbers},
    )


class Many(OnAStore):
    """What `Store` promises, with ten thousand conversations."""

    def test_many_conversations(self, store: Store) -> None:
        """Ten thousand conversations are taken in, and each of them is found by every way."""
        for first in range(0, CONVERSATIONS, BATCH):
            store.commit(_batch(first))
        every = [f"c{n}" for n in range(CONVERSATIONS)]
        ids = [("x", f"m{n}") for n in range(CONVERSATIONS)]
        spans = tuple(
            Span(customer=(None, f"{n}"), first=second(0), last=second(0))
            for n in range(CONVERSATIONS)
        )
        around = store.around(Asked(keys=tuple(ids), spans=spans))

        assert set(store.summaries(every)) == set(every)
        assert sorted(each.key for each in around.placed) == sorted(ids)
        assert set(around.summaries) == set(every)
        assert set(around.customers.values()) == {1}
        (one,) = store.search(needing("parcel", "9731"), 10)
        assert one.message_id == "m9731"
        assert len(store.search(needing("parcel"), 50)) == 50
        assert len(store.events("c77")) == 1

        walked: list[Summary] = []
        while page := store.page(Page(limit=700, after=walked[-1] if walked else None)):
            walked += page
        expected = sorted(range(CONVERSATIONS), key=lambda n: (n % 977, f"c{n}"))
        assert names(tuple(walked)) == [f"c{n}" for n in expected]

        met = 0
        cursor: str | None = None
        while logged := store.log(cursor, 900):
            met += len(logged)
            cursor = logged[-1].cursor
        assert met == CONVERSATIONS
