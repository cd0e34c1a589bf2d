"""Search: the messages that have all of some words."""

from collections.abc import Mapping

import pytest

from socialcare.domain.instants import from_epoch_second
from socialcare.domain.words import words
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit, Found
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import row, second


def _texts(said: Mapping[str, str]) -> Commit:
    """Messages of these names and texts, a minute apart, in order."""
    return Commit(
        placed=tuple(row(name, minute) for minute, name in enumerate(said)),
        texts={("x", name): text for name, text in said.items()},
    )


def _found(store: Store, text: str, limit: int = 10) -> list[str]:
    return [each.message_id for each in store.search(words(text), limit)]


class Searching(OnAStore):
    """What `Store.search` promises."""

    def test_a_message_is_found_with_where_it_is(self, store: Store) -> None:
        """A search says where a message is and when it was sent."""
        store.commit(_texts({"m1": "Where is my parcel?"}))

        assert store.search(["parcel"], 10) == (
            Found(
                conversation="c1",
                channel="x",
                message_id="m1",
                sent_at=from_epoch_second(second(0)),
            ),
        )

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("parcel", ["m2", "m1"]),
            ("PARCEL", ["m2", "m1"]),
            ("my parcel", ["m1"]),
            ("parcel my", ["m1"]),
            ("parc", []),
            ("parcel commande", []),
            ("Commandé", ["m3"]),
            ("où", ["m3"]),
            ("strasse", ["m4"]),
            ("Straße 17", ["m4"]),
            ("\u0444\u0418\u043b\u044c\u043c", ["m5"]),
            ("\U00010400", ["m5"]),
            ("snake_case", ["m6"]),
            ("snake", []),
            ("NOT near OR", ["m6"]),
            ("\u0e01\u0e34\u0e19", ["m7"]),
            ("\u2460", ["m7"]),
        ],
    )
    def test_words_are_found_whatever_their_form(
        self, store: Store, asked: str, found: list[str]
    ) -> None:
        """Whole words are found in any order, case, accents and script; and all of them count."""
        store.commit(
            _texts(
                {
                    "m1": "Where is my parcel, please?",
                    "m2": "The PARCEL is here. Parcel!",
                    "m3": "O\u00f9 est MA comma\u0301nde?",
                    "m4": "Stra\u00dfe 17",
                    "m5": "\u0424\u0438\u043b\u044c\u043c \U00010428",
                    "m6": 'snake_case "or" not* NEAR(x)',
                    "m7": "\u0e01\u0e34\u0e19 1",
                }
            )
        )

        assert _found(store, asked) == found

    def test_no_words_find_nothing(self, store: Store) -> None:
        """A search for no word at all finds nothing."""
        store.commit(_texts({"m1": "Where?", "m2": ""}))

        assert store.search([], 10) == ()

    def test_what_is_no_word_is_not_found(self, store: Store) -> None:
        """What `words` would not make is in no text; it is no command to the index either."""
        store.commit(_texts({"m1": "two words"}))

        assert store.search(["two words"], 10) == ()
        assert store.search(["two", '"'], 10) == ()
        assert store.search(["t*"], 10) == ()
        assert store.search(["TWO"], 10) == ()

    def test_the_latest_is_found_first(self, store: Store) -> None:
        """The latest messages come first; those of one second by channel and id."""
        rows = (
            row("b", 1),
            row("a", 1),
            row("B", 1),
            row("z", 1, channel="email"),
            row("c", 2),
            row("d", 0),
        )
        store.commit(Commit(placed=rows, texts={each.key: "parcel" for each in rows}))

        assert _found(store, "parcel") == ["c", "z", "B", "a", "b", "d"]
        assert _found(store, "parcel", 3) == ["c", "z", "B"]

    def test_an_edited_text_is_found_by_its_new_words(self, store: Store) -> None:
        """A text that is written over is found by what it says now, and no more by what it said."""
        store.commit(_texts({"m1": "parcel late"}))
        store.commit(Commit(texts={("x", "m1"): "parcel lost"}))

        assert _found(store, "parcel") == ["m1"]
        assert _found(store, "lost") == ["m1"]
        assert _found(store, "late") == []

    def test_a_text_that_was_taken_out_is_not_found(self, store: Store) -> None:
        """None takes a message out of the search; it may come back."""
        store.commit(_texts({"m1": "parcel", "m2": "parcel"}))
        store.commit(Commit(texts={("x", "m1"): None, ("x", "unknown"): None}))
        without = _found(store, "parcel")
        store.commit(Commit(texts={("x", "m1"): "parcel"}))

        assert without == ["m2"]
        assert _found(store, "parcel") == ["m2", "m1"]

    def test_a_message_that_moved_is_found_where_it_is(self, store: Store) -> None:
        """A search tells where a message is now; None for one that is in no conversation."""
        store.commit(_texts({"m1": "parcel", "m2": "parcel"}))
        store.commit(
            Commit(placed=(row("m1", 0, conversation="c2"), row("m2", 1, conversation=None)))
        )

        assert [each.conversation for each in store.search(["parcel"], 10)] == [None, "c2"]

    def test_a_text_without_a_row_is_not_found(self, store: Store) -> None:
        """A message that has no row in the index, or was not sent yet, is not found."""
        store.commit(
            Commit(
                placed=(row("m1", None),),
                texts={("x", "m1"): "parcel", ("x", "m2"): "parcel"},
            )
        )

        assert _found(store, "parcel") == []

    def test_long_words_are_found(self, store: Store) -> None:
        """A word of ten thousand letters is found, and told from one that begins alike."""
        store.commit(_texts({"m1": "a" * 10_000 + "b", "m2": "a" * 10_000 + "c"}))

        assert _found(store, "a" * 10_000 + "b") == ["m1"]
