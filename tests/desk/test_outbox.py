"""Replies and notices: written with their events, sent once, tried again, given up, echoed."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from socialcare.desk.desk import Desk
from socialcare.desk.receipts import Delivered, Outcome
from socialcare.domain.events import Reply, ReplyDelivered, ReplyFailed
from socialcare.domain.message import Visibility
from socialcare.errors import DeliveryFailed, InvalidValue, NotAllowedNow, UnknownChannel
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.protocols import Sent
from socialcare.plugins.records import Notice
from socialcare.testing import FakeChannel, FakeNotifier
from socialcare.testing.builders import answers, asks, at

DAYS = 60 * 24


@pytest.fixture
def channel() -> FakeChannel:
    """A channel on which ada has asked something."""
    found = FakeChannel()
    found.says(asks(0))
    return found


@pytest.fixture
def notifier() -> FakeNotifier:
    """A notifier."""
    return FakeNotifier("pager")


@pytest.fixture
def desk(channel: FakeChannel, notifier: FakeNotifier) -> Desk:
    """A desk that has taken ada's question in."""
    found = Desk.open(channel, notifier, random=Random(1))
    found.poll("fake", now=at(1))
    return found


def delivered(desk: Desk) -> list[ReplyDelivered]:
    """The replies that are known to be sent."""
    events = [each.recorded.event for each in desk.log()]
    return [event for event in events if isinstance(event, ReplyDelivered)]


def test_a_reply_goes_where_the_customer_wrote(desk: Desk, channel: FakeChannel) -> None:
    """It answers the latest message, is sent by `deliver`, and is in the conversation then."""
    written = desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    before = desk.conversation("fake:m0")
    [done] = desk.deliver(now=at(3))
    after = desk.conversation("fake:m0")

    assert (written.in_reply_to, written.customer_id, written.agent_id) == ("m0", "ada", "anna")
    assert [each.id for each in before.in_flight] == [written.id]
    assert done == Delivered(
        key=written.id, target="channel:fake", conversation="fake:m0", sent=True
    )
    assert channel.sent == (written,)
    assert (after.state, after.messages[-1].text) == ("waiting", "On its way.")
    assert after.messages[-1].agent_id == "anna"


def test_nothing_is_sent_twice(desk: Desk, channel: FakeChannel) -> None:
    """What was sent is no more in the outbox."""
    desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    desk.deliver(now=at(3))

    assert desk.deliver(now=at(3 * DAYS)) == ()
    assert len(channel.sent) == 1


def test_a_lost_answer_is_asked_for_again(desk: Desk, channel: FakeChannel) -> None:
    """The channel took it, and we did not hear; the second time is under the same key."""
    desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    channel.fails(taken=True)
    [first] = desk.deliver(now=at(3))
    [second] = desk.deliver(now=at(4))

    assert (first.sent, second.sent) == (False, True)
    assert len(channel.sent) == len(delivered(desk)) == 1


def test_order_is_kept_within_a_conversation(desk: Desk, channel: FakeChannel) -> None:
    """While the first waits, the second does."""
    for text in ("one", "two"):
        desk.reply("fake:m0", text, by="anna", now=at(2))
    channel.fails()
    desk.deliver(now=at(3))
    held = channel.sent
    desk.deliver(now=at(4))

    assert held == ()
    assert [each.text for each in channel.sent] == ["one", "two"]


def test_pauses_grow_and_are_jittered(desk: Desk, channel: FakeChannel) -> None:
    """Each pause is a random part of twice the last, and at least what the channel asks for."""
    written = desk.reply("fake:m0", "On its way.", by="anna", now=at(0))
    now, pauses = at(0), []
    for _ in range(5):
        channel.fails()
        desk.deliver(now=now)
        [entry] = desk.store.entries([written.id])
        pauses.append((entry.due_at - now).total_seconds())
        now = entry.due_at
    channel.fails(after=timedelta(hours=2))
    desk.deliver(now=now)
    [entry] = desk.store.entries([written.id])

    assert all(0 < pause <= 2 * 2**count for count, pause in enumerate(pauses))
    assert len(set(pauses)) == len(pauses)
    assert entry.due_at - now == timedelta(hours=2)


def test_what_fails_too_often_is_dead(
    desk: Desk, channel: FakeChannel, notifier: FakeNotifier
) -> None:
    """It can be seen, colleagues are told, and it can be sent again."""
    written = desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    channel.fails(12)
    done = [each for day in range(12) for each in desk.deliver(now=at(2 + day * DAYS))]
    [letter] = desk.dead_letters()
    failed = desk.conversation("fake:m0").failed
    desk.deliver(now=at(12 * DAYS))
    desk.retry(written.id, by="anna", now=at(13 * DAYS))
    [again] = desk.deliver(now=at(13 * DAYS))

    assert [each.dead for each in done if each.target == "channel:fake"] == [False] * 11 + [True]
    assert (letter.key, letter.said) == (written.id, "out of order, as was asked for")
    assert [each.id for each in failed] == [written.id]
    assert [(each.kind, each.to) for each in notifier.told] == [("undelivered", "anna")]
    assert again.sent
    assert channel.sent == (written,)
    assert desk.dead_letters() == ()


def test_what_cannot_be_helped_is_dead_at_once(desk: Desk, channel: FakeChannel) -> None:
    """A channel may say that trying again is no use; the next reply goes out all the same."""
    desk.reply("fake:m0", "no", by="anna", now=at(2))
    desk.reply("fake:m0", "yes", by="anna", now=at(2))
    channel.fails(again=False)
    desk.deliver(now=at(3))

    assert [each.text for each in channel.sent] == ["yes"]
    assert any(isinstance(each.recorded.event, ReplyFailed) for each in desk.log())


def test_only_dead_letters_are_sent_again(desk: Desk) -> None:
    """What is on its way is left alone, and what is not there is named."""
    written = desk.reply("fake:m0", "On its way.", by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match="it is pending"):
        desk.retry(written.id, by="anna", now=at(3))
    with pytest.raises(NotAllowedNow, match="no such entry"):
        desk.retry("nothing", by="anna", now=at(3))


# Echoes


def test_an_echo_after_delivery_is_a_repeat(desk: Desk, channel: FakeChannel) -> None:
    """The channel shows our reply in its own way; it is the same message."""
    channel.echoes = True
    desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    desk.deliver(now=at(3))
    [receipt] = desk.poll("fake", now=at(4))

    assert receipt.outcome is Outcome.REPEATED
    assert len(desk.conversation("fake:m0").messages) == 2


def test_an_echo_before_our_answer_is_the_reply(desk: Desk, channel: FakeChannel) -> None:
    """The worker that sent it died; what comes over the channel says that it was sent."""
    desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    channel.fails(taken=True)
    desk.deliver(now=at(3))
    channel.echo()
    [receipt] = desk.poll("fake", now=at(4))
    found = desk.conversation("fake:m0")

    assert receipt.outcome is Outcome.ECHO
    assert found.messages[-1].agent_id == "anna"
    assert found.in_flight == ()
    assert desk.deliver(now=at(5)) == ()


class Hasty(FakeChannel):
    """A channel whose echo is taken in before it gives its answer."""

    on_send: Callable[[], object]

    def send(self, reply: Reply) -> Sent:
        """As the fake channel, and the echo comes in at once."""
        sent = super().send(reply)
        self.on_send()
        return sent


def test_an_echo_may_be_faster_than_the_answer() -> None:
    """The reply is settled by its echo while it is being sent, and recorded once."""
    channel = Hasty()
    channel.says(asks(0))
    channel.echoes = True
    desk = Desk.open(channel)
    channel.on_send = lambda: desk.poll("fake", now=at(3))
    desk.poll("fake", now=at(1))
    desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    [done] = desk.deliver(now=at(3))

    assert done.sent
    assert len(delivered(desk)) == 1
    assert len(desk.conversation("fake:m0").messages) == 2


def test_the_same_words_by_hand_are_no_echo(desk: Desk) -> None:
    """What an agent writes elsewhere is no reply of ours, as long as none is being sent."""
    desk.reply("fake:m0", "On its way.", by="anna", now=at(2))
    [receipt] = desk.receive([answers(2, text="On its way.")], now=at(3))

    assert receipt.outcome is Outcome.NEW


# Where replies may go


def test_private_matters_do_not_become_public(desk: Desk) -> None:
    """A public answer to what was asked in private must be asked for."""
    desk.receive([asks(1, visibility="private")], now=at(2))
    private = desk.reply("fake:m0", "Here.", by="anna", now=at(3))
    meant = desk.reply("fake:m0", "Solved!", by="anna", now=at(3), visibility="public")

    assert private.visibility is Visibility.PRIVATE
    assert meant.visibility is Visibility.PUBLIC
    with pytest.raises(NotAllowedNow, match="private"):
        desk.reply("fake:m0", "Here.", by="anna", now=at(3), in_reply_to="m0")


def test_replies_that_make_no_sense_are_refused(desk: Desk) -> None:
    """No text, no such message, a note as a reply, no such channel."""
    with pytest.raises(InvalidValue):
        desk.reply("fake:m0", "", by="anna", now=at(3))
    with pytest.raises(InvalidValue):
        desk.reply("fake:m0", "Hm", by="anna", now=at(3), in_reply_to="gone")
    with pytest.raises(InvalidValue):
        desk.reply("fake:m0", "Hm", by="anna", now=at(3), visibility="internal")
    with pytest.raises((UnknownChannel, NotAllowedNow)):
        desk.reply("fake:m0", "Hm", by="anna", now=at(3), channel="email")


def test_a_reply_stays_in_its_conversation(desk: Desk) -> None:
    """However long ago it was settled, an answer to it belongs to it."""
    desk.resolve("fake:m0", by="anna", now=at(2))
    desk.reply("fake:m0", "By the way", by="anna", now=at(30 * DAYS))
    desk.deliver(now=at(30 * DAYS))

    assert len(desk.conversation("fake:m0").messages) == 2


# Notices


def test_who_is_given_a_conversation_is_told(desk: Desk, notifier: FakeNotifier) -> None:
    """By every notifier, once; nobody is told what they did themselves."""
    desk.assign("fake:m0", "sam", by="anna", now=at(2))
    desk.assign("fake:m0", "sam", by="anna", now=at(2))
    desk.assign("fake:m0", "anna", by="anna", now=at(3))
    desk.deliver(now=at(4))

    assert [(each.kind, each.to) for each in notifier.told] == [("assigned", "sam")]


def test_one_failing_notifier_stops_nobody(channel: FakeChannel) -> None:
    """Not another notifier, and not the desk; it is told again later."""
    broken, whole = FakeNotifier("broken"), FakeNotifier("whole")
    desk = Desk.open(channel, broken, whole)
    desk.poll("fake", now=at(1))
    desk.assign("fake:m0", "sam", by="anna", now=at(2))
    broken.breaks()
    first = desk.deliver(now=at(3))
    told = (len(broken.told), len(whole.told))
    desk.deliver(now=at(4))

    assert sorted((each.target, each.sent) for each in first) == [
        ("notifier:broken", False),
        ("notifier:whole", True),
    ]
    assert told == (0, 1)
    assert len(broken.told) == 1


def test_a_channel_that_answers_nonsense_is_named() -> None:
    """An empty id is no message; the reply is seen among the dead."""

    class Odd(FakeChannel):
        def send(self, reply: Reply) -> Sent:  # noqa: ARG002 - a channel has it
            return Sent(message_id="", sent_at=at(0))

    desk = Desk.open(Odd())
    desk.receive([asks(0)], now=at(1))
    desk.reply("fake:m0", "Hm", by="anna", now=at(2))
    [done] = desk.deliver(now=at(3))

    assert done.dead
    assert "no message" in (done.said or "")


def test_a_mistake_in_a_channel_is_tried_again(channel: FakeChannel) -> None:
    """What a plugin raises by mistake is no end of the delivery."""

    class Odd(FakeNotifier):
        @hookimpl
        def socialcare_notifiers(self) -> tuple["Odd"]:
            return (self,)

        def notify(self, notice: Notice) -> None:  # noqa: ARG002 - a notifier has it
            raise DeliveryFailed("odd", "never", again=False)

    desk = Desk.open(channel, Odd())
    desk.poll("fake", now=at(1))
    desk.assign("fake:m0", "sam", by="anna", now=at(2))
    [done] = desk.deliver(now=at(3))

    assert (done.sent, done.dead, done.said) == (False, True, "never")
