"""What becomes of what channels bring, the bad among it."""

from datetime import datetime, timedelta

import attrs
import pytest

from socialcare.desk.desk import Desk
from socialcare.desk.receipts import Outcome, Receipt
from socialcare.domain.events import MessageReceived, MessageRefused, Refusal
from socialcare.domain.message import Message
from socialcare.errors import (
    InvalidPayload,
    InvalidSignature,
    NaiveDatetime,
    UnknownChannel,
)
from socialcare.plugins.protocols import Deletion
from socialcare.testing import FakeChannel
from socialcare.testing.builders import answers, asks, at, note

LATER = at(10_000)


@pytest.fixture
def desk() -> Desk:
    """A desk in memory that takes messages of any channel."""
    return Desk.open()


def outcomes(receipts: tuple[Receipt, ...]) -> list[str]:
    """In one word each."""
    return [str(receipt.outcome) for receipt in receipts]


def refusals(receipts: tuple[Receipt, ...]) -> list[Refusal | None]:
    """Why each was refused, or None."""
    return [receipt.refusal for receipt in receipts]


def test_a_receipt_for_each_in_order(desk: Desk) -> None:
    """Receipts stand in the order of what was given, repeats in one batch among them."""
    receipts = desk.receive([asks(0), asks(5, id="b"), asks(0)], now=LATER)

    assert outcomes(receipts) == ["new", "new", "repeated"]
    assert [receipt.message_id for receipt in receipts] == ["m0", "b", "m0"]


def test_nothing_is_written_for_what_is_known(desk: Desk) -> None:
    """A repeat leaves the log as it was."""
    desk.receive([asks(0)], now=LATER)
    before = desk.log()
    desk.receive([attrs.evolve(asks(0), received_at=at(3))], now=LATER)

    assert desk.log() == before


def test_a_late_message_bridges(desk: Desk) -> None:
    """A message between two conversations makes them one, and the receipt says which."""
    desk.receive([asks(0), asks(2000)], now=LATER)
    [receipt] = desk.receive([asks(1000)], now=LATER)

    assert receipt.outcome is Outcome.MERGED
    assert (receipt.conversation, receipt.merged) == ("fake:m0", ("fake:m2000",))
    assert desk.conversation("fake:m2000").id == "fake:m0"


def test_an_edit_shows_and_the_earlier_text_is_kept(desk: Desk) -> None:
    """What the customer wrote first is kept for the record, and found no more."""
    desk.receive([asks(0, text="where is it")], now=LATER)
    edit = asks(0, text="where is my parcel", edited_at=at(1))
    [receipt] = desk.receive([edit], now=LATER)
    found = desk.conversation("fake:m0")

    assert receipt.outcome is Outcome.EDITED
    assert found.messages[0].text == "where is my parcel"
    assert [each.text for each in found.earlier] == ["where is it"]
    assert [each.message.id for each in desk.search("parcel")] == ["m0"]


def test_the_original_of_an_edit_may_come_late(desk: Desk) -> None:
    """The version that was edited last shows, whichever came last."""
    desk.receive([asks(0, text="later", edited_at=at(1))], now=LATER)
    desk.receive([asks(0, text="first")], now=LATER)
    again = desk.receive([asks(0, text="first")], now=LATER)

    assert desk.conversation("fake:m0").messages[0].text == "later"
    assert outcomes(again) == ["repeated"]


def test_a_deleted_message_stays_without_its_text(desk: Desk) -> None:
    """It is mirrored, its text is kept for the record only, and once is enough."""
    desk.receive([asks(0, text="my secret")], now=LATER)
    gone = [Deletion(channel="fake", id="m0")] * 2
    receipts = desk.receive(gone, now=LATER)
    [message] = desk.conversation("fake:m0").messages

    assert outcomes(receipts) == ["deleted", "repeated"]
    assert (message.text, message.deleted_at) == (None, LATER)
    assert not desk.search("secret")


def test_a_deletion_may_come_first(desk: Desk) -> None:
    """The message that comes after it is recorded as deleted."""
    desk.receive([Deletion(channel="fake", id="m0")], now=LATER)
    [receipt] = desk.receive([asks(0, text="my secret")], now=LATER)
    [message] = desk.conversation("fake:m0").messages

    assert receipt.outcome is Outcome.DELETED
    assert message.text is None
    assert not desk.search("secret")


def test_a_message_to_nobody_in_particular_is_in_no_conversation(desk: Desk) -> None:
    """A broadcast is kept, and its edits and repeats are told apart."""
    said = answers(0, customer_id=None)
    first = desk.receive([said, said], now=LATER)
    edit = attrs.evolve(said, text="corrected", edited_at=at(1))
    second = desk.receive([edit, said, edit], now=LATER)

    assert outcomes(first) == ["new", "repeated"]
    assert first[0].conversation is None
    assert outcomes(second) == ["edited", "repeated", "repeated"]


def test_a_note_stays_where_it_was_being_talked(desk: Desk) -> None:
    """A late message shows that a note was written in its conversation."""
    desk.receive([asks(0), note(3000), asks(6000)], now=LATER)
    desk.receive([asks(2900)], now=LATER)
    found = desk.conversation("fake:m2900")

    assert [each.id for each in found.messages] == ["m2900", "m3000"]


# What is refused


def test_others_of_the_batch_are_kept(desk: Desk) -> None:
    """One that is refused keeps none of the others out, and is in the log."""
    receipts = desk.receive([asks(0), asks(20_000), asks(1)], now=LATER)
    [refused] = [
        each.recorded.event
        for each in desk.log()
        if isinstance(each.recorded.event, MessageRefused)
    ]

    assert outcomes(receipts) == ["new", "refused", "new"]
    assert (refused.message_id, refused.refusal) == ("m20000", Refusal.FUTURE)


def test_clocks_may_be_a_little_ahead(desk: Desk) -> None:
    """Five minutes are allowed, and not a second more."""
    on_time = desk.receive([asks(5)], now=at(0))
    ahead = desk.receive([asks(6, sent_at=at(5) + timedelta(seconds=1))], now=at(0))

    assert refusals(on_time + ahead) == [None, Refusal.FUTURE]


def test_a_long_text_is_refused(desk: Desk) -> None:
    """Ten megabytes are no message, and only their beginning is kept."""
    [receipt] = desk.receive([asks(0, text="x" * 10_000_000)], now=LATER)
    event = desk.log()[0].recorded.event

    assert receipt.refusal is Refusal.TOO_LONG
    assert isinstance(event, MessageRefused)
    assert event.excerpt == "x" * 10_000


def test_now_has_a_zone(desk: Desk) -> None:
    """What time it is has to be said with a zone, even where nothing depends on it yet."""
    naive = LATER.replace(tzinfo=None)

    with pytest.raises(NaiveDatetime, match="now"):
        desk.receive([asks(0)], now=naive)
    with pytest.raises(NaiveDatetime, match="now"):
        desk.deliver(now=naive)
    with pytest.raises(NaiveDatetime, match="now"):
        desk.watch(now=naive)


@pytest.mark.parametrize("field", ["id", "customer_id", "in_reply_to", "brand"])
def test_a_long_name_is_refused(desk: Desk, field: str) -> None:
    """A name that no index could hold keeps nobody else's message out."""
    receipts = desk.receive([asks(0), asks(1, **{field: "x" * 501})], now=LATER)

    assert refusals(receipts) == [None, Refusal.TOO_LONG]


def test_an_id_with_other_content_is_refused(desk: Desk) -> None:
    """The message that came first stays."""
    desk.receive([asks(0, text="one")], now=LATER)
    [receipt] = desk.receive([asks(0, text="two")], now=LATER)

    assert receipt.refusal is Refusal.ID_REUSED
    assert desk.conversation("fake:m0").messages[0].text == "one"


def test_a_private_message_of_another_is_not_answered(desk: Desk) -> None:
    """A reply to another customer's private message is refused, in one batch or in two."""
    private = asks(0, visibility="private")
    foreign = asks(1, customer_id="bo", in_reply_to="m0")
    together = desk.receive([foreign, private, foreign], now=LATER)
    later = desk.receive([attrs.evolve(foreign, id="again")], now=LATER)

    assert refusals(together) == [Refusal.FOREIGN_PRIVATE, None, Refusal.FOREIGN_PRIVATE]
    assert refusals(later) == [Refusal.FOREIGN_PRIVATE]


def test_what_is_no_message_is_refused(desk: Desk) -> None:
    """Whatever a channel brings by mistake is named."""
    receipts = desk.receive([{"id": "1"}, None, asks(0)], now=LATER)  # type: ignore[list-item]  # on purpose

    assert refusals(receipts) == [Refusal.INVALID, Refusal.INVALID, None]


def test_an_unknown_channel_is_refused_if_the_desk_has_channels() -> None:
    """A desk with channels knows which ones there are."""
    desk = Desk.open(FakeChannel("here"))
    [receipt] = desk.receive([asks(0, channel="elsewhere")], now=LATER)

    assert receipt.refusal is Refusal.UNKNOWN_CHANNEL
    assert "here" in (receipt.said or "")


def test_naive_times_are_refused_where_they_enter() -> None:
    """No message has one, so none gets as far as a desk."""
    with pytest.raises(NaiveDatetime):
        asks(0, sent_at=datetime(2026, 3, 2, 9))  # noqa: DTZ001 - on purpose


# Webhooks and polling


def test_a_signed_call_is_taken_in() -> None:
    """Header names may be in any case."""
    channel = FakeChannel()
    desk = Desk.open(channel)
    headers, body = channel.call(asks(0), Deletion(channel="fake", id="m9"))
    upper = {name.upper(): value for name, value in headers.items()}

    assert outcomes(desk.webhook("fake", upper, body, now=LATER)) == ["new", "deleted"]


def test_bad_calls_are_named() -> None:
    """A changed body, a body without sense, a channel that is not there."""
    channel = FakeChannel()
    desk = Desk.open(channel)
    headers, body = channel.call(asks(0))

    with pytest.raises(InvalidSignature):
        desk.webhook("fake", headers, body + b" ", now=LATER)
    with pytest.raises(InvalidPayload):
        desk.webhook("fake", channel.signed(b"{"), b"{", now=LATER)
    with pytest.raises(UnknownChannel):
        desk.webhook("other", headers, body, now=LATER)
    assert desk.log() == ()


def test_polling_remembers_how_far_it_came() -> None:
    """The cursor is committed with what it brought."""
    channel = FakeChannel()
    desk = Desk.open(channel)
    channel.says(asks(0))
    first = desk.poll("fake", now=LATER)
    second = desk.poll("fake", now=LATER)
    channel.says(asks(1))
    third = desk.poll("fake", now=LATER)

    assert [outcomes(each) for each in (first, second, third)] == [["new"], [], ["new"]]


def test_messages_say_who_brought_them(desk: Desk) -> None:
    """By default that is the channel."""
    desk.receive([asks(0)], now=LATER)
    desk.receive([asks(1)], now=LATER, by="import")
    by = [each.recorded.event.by.id for each in desk.log()]

    assert by == ["channel:fake", "import"]


def test_a_given_id_may_look_like_a_name(desk: Desk) -> None:
    """An id that the channel gave is never taken for a conversation that a message began."""
    given = asks(0, id="9", customer_id="bo", conversation_id="fake:1")
    began = asks(1, id="1", customer_id="ada")
    first, second = desk.receive([given], now=LATER) + desk.receive([began], now=LATER)

    assert (first.conversation, second.conversation) == ("fake%3A1", "fake:1")


def test_brands_may_look_like_ids(desk: Desk) -> None:
    """Where brand and id together read alike, there are two conversations all the same."""
    messages = [
        asks(0, id="1", brand="a", conversation_id="b:c"),
        asks(1, id="2", brand="a:b", conversation_id="c"),
    ]
    first, second = desk.receive(messages, now=LATER)

    assert (first.conversation, second.conversation) == ("a/b%3Ac", "a%3Ab/c")


def test_a_given_conversation_is_believed(desk: Desk) -> None:
    """Its id is the channel's, after the brand where there is one, and nothing joins it."""
    one = asks(0, conversation_id="case-1", brand="north")
    receipts = desk.receive([one, asks(1, brand="north")], now=LATER)

    assert [each.conversation for each in receipts] == ["north/case-1", "fake:m1"]


def test_text_of_every_kind_comes_back(desk: Desk) -> None:
    """Half a surrogate pair and NUL in texts and ids are somebody's message too."""
    odd = asks(0, id="a\0b\ud800", text="\0\ud800 🧑\u200d🚀")
    [receipt] = desk.receive([odd], now=LATER)
    [found] = [each.recorded.event for each in desk.log()]

    assert receipt.outcome is Outcome.NEW
    assert isinstance(found, MessageReceived)
    assert found.message == odd


def test_settled_conversations_are_taken_up_by_messages(desk: Desk) -> None:
    """A question after the end reopens; mere thanks do not."""
    desk.receive([asks(0), answers(1)], now=at(2))
    desk.resolve("fake:m0", by="anna", now=at(3))
    desk.receive([asks(4, text="Thank you!")], now=at(5))
    thanked: Message = desk.conversation("fake:m0").messages[-1]
    still = desk.conversation("fake:m0").state
    desk.receive([asks(6, text="It broke again")], now=at(7))

    assert thanked.text == "Thank you!"
    assert (still, desk.conversation("fake:m0").state) == ("resolved", "open")


def test_a_late_answer_to_a_settled_conversation_begins_another(desk: Desk) -> None:
    """It names the one that it comes back to."""
    desk.receive([asks(0), answers(1)], now=at(2))
    desk.resolve("fake:m0", by="anna", now=at(3))
    late = asks(60 * 24 * 9, in_reply_to="m0")
    [receipt] = desk.receive([late], now=at(60 * 24 * 9))

    assert receipt.conversation == f"fake:{late.id}"
    assert desk.conversation(f"fake:{late.id}").previous_id == "fake:m0"
