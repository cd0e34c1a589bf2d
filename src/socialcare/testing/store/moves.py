"""Moves: events that belong to another conversation from now on."""

from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit, Move
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import received


class Moves(OnAStore):
    """What `Commit.moves` promises."""

    def test_all_events_move(self, store: Store) -> None:
        """A move without positions takes every event, and they stand in the order of the log."""
        first = store.commit(Commit(events=(received("m1", conversation="c1"),)))
        second = store.commit(Commit(events=(received("m2", conversation="c2"),)))
        third = store.commit(Commit(events=(received("m3", conversation="c1"),)))
        store.commit(Commit(moves=(Move(source="c1", target="c2"),)))

        assert store.events("c1") == ()
        assert store.events("c2") == first + second + third

    def test_some_events_move(self, store: Store) -> None:
        """A move with positions takes those events, and no others, whoever they belong to."""
        one, two, three = store.commit(
            Commit(events=(received("m1"), received("m2"), received("m3")))
        )
        (other,) = store.commit(Commit(events=(received("m4", conversation="c3"),)))
        some = (three.position, one.position, other.position)
        store.commit(Commit(moves=(Move(source="c1", target="c2", positions=some),)))

        assert store.events("c1") == (two,)
        assert store.events("c2") == (one, three)
        assert store.events("c3") == (other,)

    def test_no_positions_move_nothing(self, store: Store) -> None:
        """A move of no positions is not a move of all."""
        recorded = store.commit(Commit(events=(received(),)))
        store.commit(Commit(moves=(Move(source="c1", target="c2", positions=()),)))

        assert store.events("c1") == recorded

    def test_events_move_again_and_back(self, store: Store) -> None:
        """What was moved can be moved on, and back."""
        recorded = store.commit(Commit(events=(received(),)))
        store.commit(Commit(moves=(Move(source="c1", target="c2"),)))
        store.commit(Commit(moves=(Move(source="c2", target="c3"),)))
        there = store.events("c3")
        back = tuple(each.position for each in there)
        store.commit(Commit(moves=(Move(source="c3", target="c1", positions=back),)))

        assert there == recorded
        assert store.events("c1") == recorded

    def test_moves_are_made_before_events_are_added(self, store: Store) -> None:
        """Of one commit the moves come first, in order, so its own events stay where they name."""
        old = store.commit(Commit(events=(received("m1"),)))
        moves = (Move(source="c1", target="c2"), Move(source="c2", target="c3"))
        new = store.commit(Commit(moves=moves, events=(received("m2"),)))

        assert store.events("c1") == new
        assert store.events("c2") == ()
        assert store.events("c3") == old

    def test_a_move_leaves_the_log_as_it_was(self, store: Store) -> None:
        """Moved events keep their place in the log and say where they belong now."""
        store.commit(Commit(events=(received("m1"), received("m2", conversation="c2"))))
        before = store.log(None, 10)
        store.commit(Commit(moves=(Move(source="c1", target="c2"),)))
        after = store.log(None, 10)

        assert [each.recorded for each in after] == [each.recorded for each in before]
        assert [each.belongs_to for each in after] == ["c2", "c2"]

    def test_a_move_shows_nothing_twice(self, store: Store) -> None:
        """Who follows the log does not meet what was moved behind their cursor again."""
        store.commit(Commit(events=(received("m1"),)))
        (met,) = store.log(None, 10)
        (later,) = store.commit(
            Commit(
                moves=(Move(source="c1", target="c2"),),
                events=(received("m2", conversation="c2"),),
            )
        )

        assert [each.recorded for each in store.log(met.cursor, 10)] == [later]
