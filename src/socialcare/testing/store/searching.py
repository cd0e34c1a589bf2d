"""Search: the messages that have some words, or were sent at some time."""

from collections.abc import Mapping

import pytest

from socialcare.domain.instants import from_epoch_second
from socialcare.domain.query.needs import Needed, Needs
from socialcare.domain.words import words
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit, Found
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import needed, needing, row, second


def _texts(said: Mapping[str, str]) -> Commit:
    """Messages of these names and texts, a minute apart, in order."""
    return Commit(
        placed=tuple(row(name, minute) for minute, name in enumerate(said)),
        texts={("x", name): text for name, text in said.items()},
    )


def _one_of(*asked: str) -> frozenset[Needed]:
    """One of these words; with `*` behind one that is how words begin."""
    return frozenset(map(needed, asked))


def _names(found: tuple[Found, ...]) -> list[str]:
    return [each.message_id for each in found]


def _found(store: Store, text: str, limit: int = 10) -> list[str]:
    return _names(store.search(needing(*words(text)), limit))


class Searching(OnAStore):
    """What `Store.search` promises."""

    def test_a_message_is_found_with_where_it_is(self, store: Store) -> None:
        """A search says where a message is and when it was sent."""
        store.commit(_texts({"m1": "Where is my parcel?"}))

        assert store.search(needing("parcel"), 10) == (
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

    def test_no_words_find_every_text(self, store: Store) -> None:
        """Where no word is needed every text is found, also one without any."""
        store.commit(_texts({"m1": "Where?", "m2": "", "m3": "\U0001f621"}))
        store.commit(Commit(placed=(row("m4", 4),), texts={("x", "m4"): None}))

        assert _names(store.search(Needs(), 10)) == ["m3", "m2", "m1"]
        assert _names(store.search(Needs(), 2)) == ["m3", "m2"]

    def test_what_is_no_word_is_not_found(self, store: Store) -> None:
        """What `words` would not make is in no text; it is no command to the index either."""
        store.commit(_texts({"m1": "two words"}))

        for asked in ("two words", '"', "t\u00f6", "TWO", "two OR", ""):
            assert store.search(needing(asked), 10) == (), asked
            assert store.search(needing("two", asked), 10) == (), asked
            assert _names(store.search(Needs(words=(_one_of("two", asked),)), 10)) == ["m1"], asked

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("p*", ["m3", "m2", "m1"]),
            ("pa*", ["m2", "m1"]),
            ("par*", ["m2", "m1"]),
            ("parc*", ["m1"]),
            ("parcel*", ["m1"]),
            ("parcels*", []),
            ("where*", ["m1"]),
            ("\u0444*", ["m4"]),
            ("\u0444\u0438\u043b*", ["m4"]),
            ("\u6545*", ["m4"]),
            ("snake_*", ["m3"]),
            ("P*", []),
            ("lot p*", []),
        ],
    )
    def test_beginnings_of_words_are_found(
        self, store: Store, asked: str, found: list[str]
    ) -> None:
        """Words are found by how they begin, by one letter or by all of them."""
        store.commit(
            _texts(
                {
                    "m1": "Where is my PARCEL?",
                    "m2": "parking lot, first part",
                    "m3": "snake_case pencil",
                    "m4": "\u0424\u0438\u043b\u044c\u043c \u6545\u969c",
                }
            )
        )

        assert _names(store.search(needing(asked), 10)) == found

    def test_one_word_of_each_set_will_do(self, store: Store) -> None:
        """Of each set one word is needed, and which one does not matter."""
        said = {"m1": "parcel late", "m2": "letter lost", "m3": "parcel here", "m4": "lost"}
        store.commit(_texts(said))
        needs = Needs(words=(_one_of("parcel", "let*"), _one_of("late", "lost", "nowhere")))

        assert _names(store.search(needs, 10)) == ["m2", "m1"]

    @pytest.mark.parametrize("asked", [(), ("parcel",), ("pa*",)])
    def test_only_what_was_sent_between(self, store: Store, asked: tuple[str, ...]) -> None:
        """Both seconds are included, with words and without."""
        store.commit(_texts({f"m{minute}": "parcel" for minute in range(5)}))
        wordsneeded = needing(*asked).words

        def found(first: int | None, last: int | None) -> list[str]:
            return _names(store.search(Needs(words=wordsneeded, first=first, last=last), 10))

        assert found(second(1), second(3)) == ["m3", "m2", "m1"]
        assert found(second(1) + 1, second(3) - 1) == ["m2"]
        assert found(None, second(1)) == ["m1", "m0"]
        assert found(second(4), None) == ["m4"]
        assert found(second(3), second(2)) == []

    @pytest.mark.parametrize("asked", [(), ("parcel",), ("pa*",)])
    def test_pages_follow_each_other(self, store: Store, asked: tuple[str, ...]) -> None:
        """Each page goes on after the last message of the one before, in one second too."""
        rows = [row(name, minute // 3) for minute, name in enumerate("dBacbA")]
        rows.append(row("z", 1, channel="email"))
        store.commit(Commit(placed=tuple(rows), texts={each.key: "parcel" for each in rows}))
        needs, pages = needing(*asked), list[Found]()
        while page := store.search(needs, 2, pages[-1] if pages else None):
            pages += page

        assert pages == list(store.search(needs, 10))
        assert _names(tuple(pages)) == ["z", "A", "b", "c", "B", "a", "d"]

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

        assert [each.conversation for each in store.search(needing("parcel"), 10)] == [None, "c2"]

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
