"""The contract of a channel, as tests that its author's test suite runs.

Make a subclass, give the fixture `channel`, and say how a genuine call looks::

    class TestMyChannel(ChannelContract):
        @pytest.fixture
        def channel(self):
            return MyChannel(secret=b"...")

        def call(self, channel):
            return Call(headers={...}, body=b"...", brings=(Message(...),))

What a channel does not have is left out: one that is only polled gives None for `call`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

import attrs

from socialcare.desk.desk import Desk
from socialcare.domain.events import Reply
from socialcare.domain.message import Message
from socialcare.errors import DeliveryFailed, InvalidPayload, InvalidSignature, MissingExtra
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.protocols import Channel, Deletion, Incoming
from socialcare.testing import builders

try:
    import pytest
except ImportError as error:
    raise MissingExtra("testing", module="pytest") from error


@attrs.frozen(kw_only=True)
class Call:
    """A webhook call, and what it brings.

    Attributes:
        headers: As they would come, names in any case.
        body: Word for word.
        brings: What the channel should make of it.
    """

    headers: Mapping[str, str]
    body: bytes
    brings: tuple[Incoming, ...]


class ChannelContract:
    """What every channel must hold to."""

    @pytest.fixture
    def channel(self) -> Channel:
        """The channel under test; its outside world may be a fake."""
        raise NotImplementedError("override the fixture `channel` and return your channel")

    def call(self, channel: Channel) -> Call | None:  # noqa: ARG002 - for whoever overrides it
        """A genuine call that brings at least one message; None if there are no webhooks."""
        return None

    def signed(self, channel: Channel, body: bytes) -> Mapping[str, str] | None:  # noqa: ARG002 - for whoever overrides it
        """Headers under which that body is believed; None if calls are not signed."""
        return None

    def reply(self, channel: Channel, number: int) -> Reply | None:
        """A reply that can be sent, another for each number; None for a channel that only reads."""
        said = f"It is on its way ({number})."
        return builders.reply(id=f"reply-{number}", channel=channel.name, text=said)

    @contextmanager
    def failing(self, channel: Channel) -> Iterator[bool]:  # noqa: ARG002 - for whoever overrides it
        """The outside world fails meanwhile; gives whether it does."""
        yield False

    # Names and values

    def test_it_is_a_channel(self, channel: Channel) -> None:
        """It has all that the protocol asks for, and a name."""
        assert isinstance(channel, Channel)
        assert channel.name

    # Webhooks

    def test_a_call_brings_what_it_says(self, channel: Channel) -> None:
        """A genuine call gives its messages."""
        call = self._call(channel)

        assert _parsed(channel, call.headers, call.body) == call.brings

    def test_a_call_can_be_read_twice(self, channel: Channel) -> None:
        """Senders repeat calls; the second is read as the first was."""
        call = self._call(channel)
        first = _parsed(channel, call.headers, call.body)

        assert _parsed(channel, call.headers, call.body) == first

    def test_what_comes_bears_the_name_of_the_channel(self, channel: Channel) -> None:
        """Ids are unique within a channel, so each message says which."""
        found = {each.channel for each in self._call(channel).brings}

        assert found == {channel.name}

    def test_a_changed_call_is_refused(self, channel: Channel) -> None:
        """A call whose body was changed on the way is not by whom it says."""
        call = self._call(channel)
        if self.signed(channel, call.body) is None:
            pytest.skip("its calls are not signed")

        with pytest.raises(InvalidSignature):
            _parsed(channel, call.headers, call.body + b" ")

    def test_an_unsigned_call_is_refused(self, channel: Channel) -> None:
        """A call without headers is not by whom it says."""
        call = self._call(channel)
        if self.signed(channel, call.body) is None:
            pytest.skip("its calls are not signed")

        with pytest.raises(InvalidSignature):
            _parsed(channel, {}, call.body)

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"null", b'{"a": 1}', b"\xff\xfe", b"[" * 9]
    )
    def test_nonsense_is_refused_by_name(self, channel: Channel, body: bytes) -> None:
        """A believable call that makes no sense is refused, or brings nothing; it never crashes."""
        self._call(channel)
        headers = self.signed(channel, body) or {}
        try:
            found = _parsed(channel, headers, body)
        except InvalidPayload:
            return

        assert found == ()

    # Polling

    def test_polling_goes_on_from_its_cursor(self, channel: Channel) -> None:
        """After everything was read, the cursor leads to nothing new."""
        first = channel.poll(None)
        second = channel.poll(first.cursor)

        assert second.incoming == ()

    # Sending

    def test_a_reply_is_sent(self, channel: Channel) -> None:
        """It says under which id the channel shows it, and when, with a time zone."""
        sent = channel.send(self._reply(channel, 1))

        assert sent.message_id
        assert sent.sent_at.utcoffset() is not None

    def test_a_reply_is_sent_once(self, channel: Channel) -> None:
        """Asked again under the same key, it gives the first answer."""
        reply = self._reply(channel, 1)
        first = channel.send(reply)

        assert channel.send(reply) == first

    def test_two_replies_are_two_messages(self, channel: Channel) -> None:
        """Other keys are other messages, even with the same words."""
        one, other = self._reply(channel, 1), self._reply(channel, 2)
        same_words = attrs.evolve(other, text=one.text)

        assert channel.send(one).message_id != channel.send(same_words).message_id

    def test_a_failure_is_named(self, channel: Channel) -> None:
        """What the outside world does not take is a `DeliveryFailed`."""
        with self.failing(channel) as fails:
            if not fails:
                pytest.skip("give `failing` to try this")
            with pytest.raises(DeliveryFailed):
                channel.send(self._reply(channel, 1))

    # Together with a desk

    def test_a_desk_takes_each_message_once(self, channel: Channel) -> None:
        """Calls that come twice leave one message each."""
        call, desk = self._call(channel), _desk(channel)
        now = _after(call.brings)
        desk.webhook(channel.name, call.headers, call.body, now=now)
        again = desk.webhook(channel.name, call.headers, call.body, now=now)

        assert {str(receipt.outcome) for receipt in again} == {"repeated"}

    def test_order_does_not_matter(self, channel: Channel) -> None:
        """In whatever order its messages come, the conversations are the same."""
        brings = self._call(channel).brings
        shuffled = list(brings)
        Random(1).shuffle(shuffled)  # noqa: S311 - an order, no secret

        assert _conversations(channel, brings) == _conversations(channel, shuffled)

    def _call(self, channel: Channel) -> Call:
        call = self.call(channel)
        if call is None:
            pytest.skip("it has no webhooks")
        return call

    def _reply(self, channel: Channel, number: int) -> Reply:
        reply = self.reply(channel, number)
        if reply is None:
            pytest.skip("it sends nothing")
        return reply


class _Bringing:
    """A plugin that brings one channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @hookimpl
    def socialcare_channels(self) -> tuple[Channel, ...]:
        return (self._channel,)


def _desk(channel: Channel) -> Desk:
    return Desk.open(_Bringing(channel))


def _parsed(channel: Channel, headers: Mapping[str, str], body: bytes) -> tuple[Incoming, ...]:
    lower = {name.lower(): value for name, value in headers.items()}
    return tuple(channel.parse(lower, body))


def _after(brought: Sequence[Incoming]) -> datetime:
    sent = [each.sent_at for each in brought if isinstance(each, Message)]
    return max(sent, default=builders.NINE) + timedelta(days=1)


def _conversations(
    channel: Channel, brought: Sequence[Incoming]
) -> set[frozenset[tuple[str, str]]]:
    """The conversations that a desk ends with, as sets of messages."""
    desk, now = _desk(channel), _after(brought)
    for each in brought:
        desk.receive([each], now=now)
    receipts = desk.receive([each for each in brought if not isinstance(each, Deletion)], now=now)
    ids = {receipt.conversation for receipt in receipts if receipt.conversation}
    found = [desk.conversation(each) for each in ids]
    return {frozenset(message.key for message in each.messages) for each in found}
