"""What threading asks a store."""

import pytest

from socialcare.domain.customer import Handle
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Around, Asked, Commit, Span
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import ADA, kept, row, second


def _placed(store: Store, asked: Asked) -> list[str]:
    return sorted(each.id for each in store.around(asked).placed)


def _span(first: float, last: float) -> Asked:
    return Asked(spans=(Span(customer=ADA, first=second(first), last=second(last)),))


class Surroundings(OnAStore):
    """What `Store.around` promises."""

    def test_nothing_is_around_nothing(self, store: Store) -> None:
        """A question about nothing is answered with nothing."""
        assert store.around(Asked()) == Around()

    def test_nothing_is_known_of_strangers(self, store: Store) -> None:
        """What is not known is absent, but versions are 0, and of handles there are none."""
        stranger = Handle(channel="x", id="ada")
        asked = Asked(
            keys=(("x", "m1"),),
            spans=(Span(customer=ADA, first=0, last=9),),
            handles=(stranger,),
            people=("ada",),
            cursors=("x",),
        )

        assert store.around(asked) == Around(customers={ADA: 0}, handles={"ada": ()})

    def test_rows_read_back_equal(self, store: Store) -> None:
        """Every field of a row of the index comes back."""
        full = row(
            brand="north",
            customer_id="person 1",
            handle_id="ada",
            second=-1,
            outbound=True,
            note=True,
            private=True,
            in_reply_to="m0",
            given="case 1",
            anchored=True,
            digest="f00",
            deleted=True,
        )
        tombstone = row("m2", None, conversation=None, customer_id=None, handle_id=None)
        store.commit(Commit(placed=(full, tombstone)))

        assert store.around(Asked(keys=(full.key,))).placed == (full,)
        assert store.around(Asked(keys=(tombstone.key,))).placed == (tombstone,)

    def test_keys_bring_their_answers(self, store: Store) -> None:
        """A message is found by its key, and with those that answer it, known itself or not."""
        rows = (
            row("m1"),
            row("m2", in_reply_to="m1"),
            row("m3", in_reply_to="m2"),
            row("m4", in_reply_to="absent"),
            row("m5", channel="email", in_reply_to="m1"),
        )
        store.commit(Commit(placed=rows))

        assert _placed(store, Asked(keys=(("x", "m1"),))) == ["m1", "m2"]
        assert _placed(store, Asked(keys=(("x", "absent"),))) == ["m4"]
        assert _placed(store, Asked(keys=(("email", "m1"),))) == ["m5"]

    def test_each_row_comes_once(self, store: Store) -> None:
        """A row that several questions ask for is in the answer once."""
        store.commit(Commit(placed=(row("m1"), row("m2", 1, in_reply_to="m1"))))
        span = Span(customer=ADA, first=second(0), last=second(1))
        asked = Asked(keys=(("x", "m1"), ("x", "m2"), ("x", "m1")), spans=(span, span))

        assert _placed(store, asked) == ["m1", "m2"]

    @pytest.mark.parametrize(
        ("first", "last", "found"),
        [
            (2, 3, ["m1", "m2", "m3", "m4"]),
            (2, 2, ["m1", "m2", "m3"]),
            (1.5, 1.6, ["m1", "m2"]),
            (-9, -8, ["m0"]),
            (8, 9, ["m4"]),
            (0, 4, ["m0", "m1", "m2", "m3", "m4"]),
        ],
    )
    def test_a_span_brings_its_neighbours(
        self, store: Store, first: float, last: float, found: list[str]
    ) -> None:
        """A span brings the rows in it, both ends included, and the nearest one on either side."""
        store.commit(Commit(placed=tuple(row(f"m{minute}", minute) for minute in range(5))))

        assert _placed(store, _span(first, last)) == found

    def test_neighbours_are_no_notes(self, store: Store) -> None:
        """On either side the nearest row that is no note counts, and the notes up to there come."""
        notes = {1, 3, 4, 6, 7, 9}
        rows = tuple(row(f"m{minute}", minute, note=minute in notes) for minute in range(10))
        store.commit(Commit(placed=rows))

        assert _placed(store, _span(5, 5)) == ["m2", "m3", "m4", "m5", "m6", "m7", "m8"]
        assert _placed(store, _span(4, 4)) == ["m2", "m3", "m4", "m5"]

    def test_neighbours_are_in_no_given_conversation(self, store: Store) -> None:
        """Nor does a row count whose conversation the channel gave: time joins nothing to it."""
        tickets = {1: "t1", 4: "t1", 6: "t2"}
        rows = tuple(row(f"m{minute}", minute, given=tickets.get(minute)) for minute in range(8))
        store.commit(Commit(placed=rows))

        assert _placed(store, _span(5, 5)) == ["m3", "m4", "m5", "m6", "m7"]
        assert _placed(store, _span(2, 2)) == ["m0", "m1", "m2", "m3"]

    def test_notes_come_where_nothing_else_was_said(self, store: Store) -> None:
        """Where a side has notes only, all of them come."""
        rows = (row("m1", 1, note=True), row("m2", 2), row("m3", 3, note=True))
        store.commit(Commit(placed=rows))

        assert _placed(store, _span(2, 2)) == ["m1", "m2", "m3"]
        assert _placed(store, _span(0, 0)) == ["m1", "m2"]
        assert _placed(store, _span(9, 9)) == ["m2", "m3"]

    def test_the_nearest_second_comes_whole(self, store: Store) -> None:
        """Of the nearest second every row comes, since their order in it is no store's business."""
        rows = (row("m1", 1), row("m2", 1, outbound=True), row("m3", 1, note=True), row("m4", 0))
        store.commit(Commit(placed=rows))

        assert _placed(store, _span(2, 3)) == ["m1", "m2", "m3"]

    def test_a_span_is_one_customers(self, store: Store) -> None:
        """A span brings no row of another customer or brand, and none that was not sent yet."""
        rows = (
            row("m1"),
            row("m2", customer_id="bo"),
            row("m3", brand="north"),
            row("m4", customer_id=None),
            row("m5", None),
        )
        store.commit(Commit(placed=rows))

        assert _placed(store, _span(0, 0)) == ["m1"]

    def test_conversations_come_with_their_rows(self, store: Store) -> None:
        """The conversations of all rows come, and what they became part of, to the end."""
        store.commit(
            Commit(
                placed=(row("m1"), row("m2", conversation="c3")),
                summaries=(
                    kept("c1", merged_into="c2"),
                    kept("c2", merged_into="c3"),
                    kept("c3"),
                    kept("c4"),
                ),
            )
        )
        around = store.around(Asked(keys=(("x", "m1"),)))

        assert around.summaries == store.summaries(["c1", "c2", "c3"])
        assert set(store.around(Asked(keys=(("x", "m2"),))).summaries) == {"c3"}

    def test_links_are_known_from_both_ends(self, store: Store) -> None:
        """A handle's customer is known, and a customer's handles, in order of channel and id."""
        one, two = Handle(channel="x", id="ada"), Handle(channel="x", id="ada_l")
        three, other = Handle(channel="email", id="ada@example.org"), Handle(channel="x", id="bo")
        store.commit(Commit(links={two: "1", one: "1", three: "1", other: "2"}))
        around = store.around(Asked(handles=(one, other), people=("1", "3")))

        assert around.links == {one: "1", other: "2"}
        assert around.handles == {"1": (three, one, two), "3": ()}

    def test_people_come_with_their_versions(self, store: Store) -> None:
        """For each of the people the versions come under every brand that there is."""
        store.commit(Commit(customers={ADA: 0, ("north", "ada"): 0, (None, "bo"): 0}))
        store.commit(Commit(customers={ADA: 1}))
        around = store.around(Asked(people=("ada", "cy")))

        assert around.customers == {ADA: 2, ("north", "ada"): 1}
