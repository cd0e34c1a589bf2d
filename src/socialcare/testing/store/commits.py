"""A commit: all of it or nothing, and on nothing that somebody else has changed."""

import pytest

from socialcare.domain.customer import Handle
from socialcare.domain.tier import Priority
from socialcare.errors import Conflict
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked, Commit, Delivery, Kept, Page, Settlement, Span
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import (
    ADA,
    at,
    claimed,
    entry,
    intake,
    kept,
    keys,
    names,
    needing,
    received,
    row,
    second,
    summary,
    version_of,
    version_of_ada,
)

EVERYTHING = Asked(
    keys=(("x", "m1"), ("x", "m2")),
    spans=(Span(customer=ADA, first=second(-9), last=second(9)),),
    handles=(Handle(channel="x", id="ada"),),
    people=("ada",),
    cursors=("x",),
)


class Commits(OnAStore):
    """What `Store.commit` promises."""

    def test_events_are_recorded_in_order(self, store: Store) -> None:
        """The events of a commit come back as recorded, in order, and are read the same."""
        first, second = received("m1"), received("m2", 1)
        recorded = store.commit(Commit(events=(first, second)))

        assert [each.event for each in recorded] == [first, second]
        assert recorded[0].position < recorded[1].position
        assert store.events("c1") == recorded

    def test_positions_rise_from_commit_to_commit(self, store: Store) -> None:
        """An event of a later commit has a greater position."""
        (earlier,) = store.commit(Commit(events=(received("m2", 9),)))
        (later,) = store.commit(Commit(events=(received("m1", 1),)))

        assert earlier.position < later.position
        assert store.events("c1") == (earlier, later)

    def test_an_event_may_be_about_no_conversation(self, store: Store) -> None:
        """An event of no conversation is recorded, and is found among those of none."""
        store.commit(Commit(events=(received("m2"),)))
        (recorded,) = store.commit(Commit(events=(received(conversation=None),)))
        (_, logged) = store.log(None, 10)

        assert logged.recorded == recorded
        assert logged.belongs_to is None
        assert store.events(None) == (recorded,)

    def test_an_empty_commit_writes_nothing(self, store: Store) -> None:
        """A commit of nothing is none."""
        assert store.commit(Commit()) == ()
        assert store.log(None, 10) == ()

    def test_unknown_conversations_have_nothing(self, store: Store) -> None:
        """A conversation that is not known has no events and no summary."""
        store.commit(intake())

        assert store.events("c2") == ()
        assert store.summaries(["c2"]) == {}
        assert store.summaries([]) == {}

    def test_versions_count_the_commits(self, store: Store) -> None:
        """A summary's version is how often it was committed, and the last one is what is read."""
        store.commit(Commit(summaries=(kept(),)))
        store.commit(Commit(summaries=(kept(messages=2, version=1),)))

        assert store.summaries(["c1"]) == {"c1": kept(messages=2, version=2)}

    def test_versions_of_customers_count_the_commits(self, store: Store) -> None:
        """A customer's version is how often they were committed; brands tell customers apart."""
        store.commit(Commit(customers={ADA: 0}))
        store.commit(Commit(customers={ADA: 1, ("north", "ada"): 0}))
        spans = tuple(
            Span(customer=(brand, "ada"), first=0, last=0) for brand in (None, "north", "south")
        )

        assert store.around(Asked(spans=spans)).customers == {
            (None, "ada"): 2,
            ("north", "ada"): 1,
            ("south", "ada"): 0,
        }

    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_another_version_of_a_conversation_is_a_conflict(
        self, store: Store, version: int
    ) -> None:
        """Who has not read the latest version of a conversation can't write it."""
        store.commit(Commit(summaries=(kept(),)))
        store.commit(Commit(summaries=(kept(version=1),)))

        with pytest.raises(Conflict):
            store.commit(Commit(summaries=(kept(messages=9, version=version),)))
        assert store.summaries(["c1"]) == {"c1": kept(version=2)}

    def test_a_version_of_what_is_not_there_is_a_conflict(self, store: Store) -> None:
        """A conversation or customer that was never written has no version to write over."""
        with pytest.raises(Conflict):
            store.commit(Commit(summaries=(kept(version=1),)))
        with pytest.raises(Conflict):
            store.commit(Commit(customers={ADA: 1}))
        assert store.summaries(["c1"]) == {}
        assert version_of_ada(store) == 0

    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_another_version_of_a_customer_is_a_conflict(self, store: Store, version: int) -> None:
        """Who has not read the latest version of a customer can't write it."""
        store.commit(Commit(customers={ADA: 0}))
        store.commit(Commit(customers={ADA: 1}))

        with pytest.raises(Conflict):
            store.commit(Commit(customers={ADA: version}))
        assert version_of_ada(store) == 2

    def test_one_stale_row_among_many_is_a_conflict(self, store: Store) -> None:
        """Of many conversations and customers, one that changed keeps all from being written."""
        store.commit(Commit(summaries=(kept("c5"),), customers={(None, "5"): 0}))
        many = [str(number) for number in range(9)]

        with pytest.raises(Conflict):
            store.commit(Commit(summaries=tuple(kept(f"c{each}") for each in many)))
        with pytest.raises(Conflict):
            store.commit(Commit(customers={(None, each): 0 for each in many}))
        assert list(store.summaries([f"c{each}" for each in many])) == ["c5"]

    def test_a_message_that_is_new_no_more_is_a_conflict(self, store: Store) -> None:
        """Who takes in a message as new that somebody else has taken in since can't."""
        store.commit(intake())
        again = Commit(
            events=(received(conversation=None),),
            placed=(row("m0"), row()),
            new=frozenset({("x", "m1")}),
        )

        with pytest.raises(Conflict):
            store.commit(again)
        assert len(store.log(None, 10)) == 1
        assert store.around(Asked(keys=(("x", "m0"),))).placed == ()

    def test_a_row_that_changed_replaces_the_old_one(self, store: Store) -> None:
        """A row of the index of messages is written over, and is found as it is now."""
        store.commit(Commit(placed=(row(), row("m2", 1))))
        moved = row(conversation="c2", customer_id="bo", in_reply_to="m2", deleted=True)
        store.commit(Commit(placed=(moved,)))
        of_bo = Span(customer=(None, "bo"), first=second(0), last=second(0))

        assert store.around(Asked(keys=(("x", "m1"),))).placed == (moved,)
        assert store.around(Asked(spans=(of_bo,))).placed == (moved,)
        assert moved in store.around(Asked(keys=(("x", "m2"),))).placed
        assert store.around(Asked(spans=EVERYTHING.spans)).placed == (row("m2", 1),)

    def test_a_link_is_written_over_and_taken_back(self, store: Store) -> None:
        """A handle is linked to one customer at a time, or to none."""
        handle = Handle(channel="x", id="ada")
        asked = Asked(handles=(handle,), people=("1", "2"))
        store.commit(Commit(links={handle: "1"}))
        store.commit(Commit(links={handle: "2"}))
        linked = store.around(asked)
        store.commit(Commit(links={handle: None}))

        assert linked.links == {handle: "2"}
        assert linked.handles == {"1": (), "2": (handle,)}
        assert store.around(asked).links == {}

    def test_a_cursor_is_written_over(self, store: Store) -> None:
        """A channel's cursor is the last one that was committed; unread channels have none."""
        store.commit(Commit(cursors={"x": "17"}))
        store.commit(Commit(cursors={"x": "18"}))

        assert store.around(Asked(cursors=("x", "email"))).cursors == {"x": "18"}

    def test_an_entry_that_is_there_already_is_left(self, store: Store) -> None:
        """An entry of the outbox with a known key changes nothing, whatever became of the first."""
        store.commit(Commit(outbox=(entry(),)))
        (first,) = claimed(store)
        store.commit(Commit(outbox=(entry(lane="c2"), entry("r2"))))

        assert store.entries(["r1"]) == (first,)
        assert keys(store.outbox(Delivery.PENDING, 10)) == ["r2"]

    def test_a_commit_that_fails_at_its_end_leaves_nothing(self, store: Store) -> None:
        """All of it or nothing: what conflicts last takes back what was written first."""
        store.commit(Commit(outbox=(entry("r0"),), events=(received("m0", conversation="c0"),)))
        before = store.around(EVERYTHING)
        lost = Commit(
            events=(received(),),
            summaries=(kept(),),
            customers={ADA: 0},
            placed=(row(),),
            new=frozenset({("x", "m1")}),
            texts={("x", "m1"): "Where is my parcel?"},
            links={Handle(channel="x", id="ada"): "ada"},
            outbox=(entry(),),
            settled=(Settlement(key="r0", attempt=1, state=Delivery.SENT),),
            cursors={"x": "17"},
        )

        with pytest.raises(Conflict):
            store.commit(lost)
        assert store.around(EVERYTHING) == before
        assert len(store.log(None, 10)) == 1
        assert store.events("c1") == ()
        assert store.summaries(["c1"]) == {}
        assert store.search(needing("parcel"), 10) == ()
        assert keys(store.outbox(Delivery.PENDING, 10)) == ["r0"]

    def test_after_a_conflict_the_store_goes_on(self, store: Store) -> None:
        """Who conflicted may read again and write."""
        store.commit(intake())
        with pytest.raises(Conflict):
            store.commit(Commit(summaries=(kept(),)))
        store.commit(Commit(summaries=(kept(version=version_of(store, "c1")),)))

        assert version_of(store, "c1") == 2

    def test_summaries_read_back_equal(self, store: Store) -> None:
        """Every field of a summary comes back, and merged conversations too."""
        full = summary(
            "c1",
            brand="north",
            state="resolved",
            last_at=at(3),
            waiting_since=at(1),
            turn_at=at(2),
            priority=Priority.of("second/4"),
            prioritised=True,
            resolved_at=at(2),
            reopened=2,
            agent_id="anna",
            team_id="social",
            level="team_leader",
            category="delivery",
            subcategory="late",
            tags=("vip", "angry"),
            messages=3,
            given=True,
            previous_id="c0",
            merged_into="c9",
            apart=("c7", "c8"),
            absorbed=("c5", "c6"),
        )
        bare = summary("c2", None, customer_id=None, channel=None, messages=0)
        store.commit(
            Commit(summaries=(Kept(summary=full, version=0), Kept(summary=bare, version=0)))
        )
        found = store.summaries(["c1", "c2", "c3"])

        assert {name: each.summary for name, each in found.items()} == {"c1": full, "c2": bare}
        assert names(store.page(Page(customer=ADA))) == []
