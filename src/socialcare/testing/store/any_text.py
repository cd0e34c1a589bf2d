"""Whatever people and channels write comes back as it was."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from socialcare.domain.customer import Handle
from socialcare.domain.events import Categorised, MessageReceived, Tagged
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked, Commit, Delivery, Move, Page, Settlement, Span
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import ANNA, at, entry, kept, names, needing, received, row

PLANES = tuple(chr(plane * 0x10000 + 0x00E9) for plane in range(17))
"""One character of every plane of Unicode, assigned or not."""
ODD = {
    "every plane": "".join(PLANES),
    "controls": "".join(map(chr, range(1, 32))),
    "NUL": "before\0after",
    "only NUL": "\0",
    "a lone high surrogate": "before\ud800after",
    "a lone low surrogate": "\udfff",
    "surrogates in the wrong order": "\ude00\ud83d",
    "the ends of the planes": "\x01\ud7ff\ue000\ufffe\uffff\U0010ffff",
    "quotes": '\'; DROP TABLE "event" -- \\ %s %(x)s :x ? {} `',
    "combining": "e\u0301 is not \u00e9",
    "spaces": " \t around \u2028",
    "right to left": "\u202e\u0634\u0643\u0631\u0627",
}
each_odd = pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
FAR = timezone(timedelta(hours=13, minutes=45))


class AnyText(OnAStore):
    """What `Store` promises of texts and instants."""

    @each_odd
    def test_texts_read_back_equal(self, store: Store, text: str) -> None:
        """What a message says comes back character by character, in the log too."""
        recorded = store.commit(Commit(events=(received(text=text),)))

        assert store.events("c1") == recorded
        assert [each.recorded for each in store.log(None, 10)] == list(recorded)

    @each_odd
    def test_names_are_told_apart(self, store: Store, text: str) -> None:
        """Ids of any characters are stored, found, and not taken for others."""
        named = kept(text, 0, customer_id=text, channel=text, agent_id=text, tags=(text,))
        placed = row(text, channel=text, conversation=text, customer_id=text, in_reply_to=text)
        handle = Handle(channel=text, id=text)
        recorded = store.commit(
            Commit(
                events=(received(conversation=text),),
                summaries=(named, kept("c1", 1)),
                customers={(text, text): 0},
                placed=(placed, row("m1", 1)),
                links={handle: text},
                cursors={text: text},
            )
        )
        around = store.around(
            Asked(
                keys=((text, text),),
                spans=(Span(customer=(text, text), first=0, last=0),),
                handles=(handle,),
                people=(text,),
                cursors=(text,),
            )
        )

        assert store.events(text) == recorded
        assert names(store.page(Page(agent_id=text, channel=text, tag=text))) == [text]
        assert names(store.page(Page(customer=(None, text)))) == [text]
        assert around.placed == (placed,)
        assert around.customers == {(text, text): 1}
        assert around.summaries == store.summaries([text])
        assert (around.links, around.cursors) == ({handle: text}, {text: text})
        assert around.handles == {text: (handle,)}

    @each_odd
    def test_the_outbox_takes_any_text(self, store: Store, text: str) -> None:
        """Keys, targets, lanes and what went wrong may be any text."""
        own = entry(text, target=text, lane=text)
        failed = Settlement(key=text, attempt=1, state=Delivery.DEAD, said=text)
        store.commit(Commit(outbox=(own, entry("r1"))))
        (taken,) = store.claim([text], now=at(0), until=at(1), limit=10)
        store.commit(Commit(settled=(failed,)))
        (dead,) = store.entries([text])

        assert taken.what == own.what
        assert (dead.key, dead.said, dead.state) == (text, text, Delivery.DEAD)

    def test_names_are_in_the_order_of_code_points(self, store: Store) -> None:
        """Any names are in the order of their characters' numbers, as Python has it."""
        ids = sorted({*ODD.values(), *PLANES, *"\0\x01aB\ud7ff\ud800\ue000"})
        store.commit(Commit(summaries=tuple(kept(each, 0) for each in reversed(ids))))

        assert names(store.page(Page(limit=100))) == ids

    def test_moved_events_may_be_named_oddly(self, store: Store) -> None:
        """Events move between conversations of any name."""
        odd = ODD["surrogates in the wrong order"]
        recorded = store.commit(Commit(events=(received(conversation=odd),)))
        store.commit(Commit(moves=(Move(source=odd, target="\0"),)))

        assert store.events(odd) == ()
        assert store.events("\0") == recorded

    def test_a_megabyte_comes_back(self, store: Store) -> None:
        """A text of a megabyte is stored, searched, and read back equal."""
        text = "Where is my \U0001f4e6 parcel? " * 41_000 + "needle"
        recorded = store.commit(
            Commit(events=(received(text=text),), placed=(row(),), texts={("x", "m1"): text})
        )

        assert len(text.encode()) > 1_000_000
        assert store.events("c1") == recorded
        assert [each.message_id for each in store.search(needing("needle"), 10)] == ["m1"]

    @pytest.mark.parametrize(
        "instant",
        [
            datetime(2026, 3, 2, 9, 0, 0, 123_456, tzinfo=UTC),
            datetime(2026, 10, 25, 2, 30, 0, 1, tzinfo=FAR),
            datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(1, 1, 2, tzinfo=UTC),
            datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC),
        ],
        ids=["microseconds", "another zone", "before 1970", "long ago", "far away"],
    )
    def test_instants_read_back_equal(self, store: Store, instant: datetime) -> None:
        """Instants keep their microseconds and are the same instant in whatever zone."""
        row_of_it = kept("c1", None, waiting_since=instant, turn_at=instant, last_at=instant)
        due = entry(due_at=instant)
        recorded = store.commit(
            Commit(
                events=(received(sent_at=instant, edited_at=instant),),
                summaries=(row_of_it,),
                outbox=(due,),
            )
        )
        (event,) = [each.event for each in store.events("c1")]

        assert store.events("c1") == recorded
        assert isinstance(event, MessageReceived)
        assert event.message.sent_at == instant
        assert event.message.sent_at.utcoffset() == timedelta(0)
        assert store.page(Page()) == (row_of_it.summary,)
        assert store.entries(["r1"]) == (due,)
        assert store.claim(["channel:x"], now=instant, until=instant, limit=1) != ()

    def test_every_kind_of_event_comes_back(self, store: Store) -> None:
        """Events of several kinds come back as what they were."""
        tagged = Tagged(conversation="c1", at=at(1), by=ANNA, tag="vip")
        about = Categorised(conversation="c1", at=at(2), by=ANNA, category=None)
        store.commit(Commit(events=(received(), tagged, about)))

        assert [each.event for each in store.events("c1")] == [received(), tagged, about]

    def test_seconds_before_1970_are_in_order(self, store: Store) -> None:
        """A span may end before 1970."""
        store.commit(Commit(placed=(row("m1", second=-5), row("m2", second=-3), row("m3"))))
        span = Span(customer=(None, "ada"), first=-5, last=-4)

        assert {each.id for each in store.around(Asked(spans=(span,))).placed} == {"m1", "m2"}
