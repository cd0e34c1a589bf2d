"""Our own fakes pass the contracts that we ship, and work where pytest is not."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from socialcare.domain.events import Reply
from socialcare.plugins.protocols import Channel, Deletion, Notifier
from socialcare.testing import Call, ChannelContract, FakeChannel, FakeNotifier, NotifierContract
from socialcare.testing.builders import answers, asks, at, reply

SOURCE = Path(__file__).parents[2] / "src"


class TestFakeChannel(ChannelContract):
    """The fake channel is a channel."""

    @pytest.fixture
    def channel(self) -> FakeChannel:
        """One that keeps what it was sent in memory."""
        return FakeChannel()

    def call(self, channel: Channel) -> Call:
        """Everything that a call can bring."""
        assert isinstance(channel, FakeChannel)
        brings = (asks(0), answers(5), asks(3000), asks(1500), Deletion(channel="fake", id="m5"))
        headers, body = channel.call(*brings)
        return Call(headers=headers, body=body, brings=brings)

    def signed(self, channel: Channel, body: bytes) -> Mapping[str, str]:
        """As the outside world would sign it."""
        assert isinstance(channel, FakeChannel)
        return channel.signed(body)

    @contextmanager
    def failing(self, channel: Channel) -> Iterator[bool]:
        """It fails on demand."""
        assert isinstance(channel, FakeChannel)
        channel.fails()
        yield True


class TestFakeChannelWithFile(TestFakeChannel):
    """The same with a file behind it."""

    @pytest.fixture
    def channel(self, tmp_path: Path) -> FakeChannel:
        """One that keeps what it was sent on the disk."""
        return FakeChannel(path=tmp_path / "sent")


class TestFakeNotifier(NotifierContract):
    """The fake notifier is a notifier."""

    @pytest.fixture
    def notifier(self) -> FakeNotifier:
        """One that keeps what it is told."""
        return FakeNotifier()

    def told(self, notifier: Notifier) -> Sequence[object]:
        """What it was told."""
        assert isinstance(notifier, FakeNotifier)
        return notifier.told

    @contextmanager
    def failing(self, notifier: Notifier) -> Iterator[bool]:
        """It fails on demand."""
        assert isinstance(notifier, FakeNotifier)
        notifier.fails()
        yield True


def test_what_was_sent_outlives_the_channel(tmp_path: Path) -> None:
    """Another channel on the same file knows the keys, and a torn line does not count."""
    path = tmp_path / "sent"
    first = FakeChannel(path=path).send(reply())
    with path.open("ab") as file:
        file.write(b'["torn')
    again = FakeChannel(path=path, clock=lambda: at(99))
    second, other = again.send(reply()), again.send(reply(id="other"))
    sent: tuple[Reply, ...] = again.sent

    assert (second, other.message_id) == (first, "sent-other")
    assert [each.id for each in sent] == ["reply-1", "other"]


def test_the_fake_does_what_real_ones_do() -> None:
    """It repeats, reorders, delays, edits and deletes on demand."""
    channel = FakeChannel()
    said = [channel.says(asks(minute)) for minute in range(5)]
    channel.reorders(Random(1))
    order = [each.id for each in channel.feed]
    channel.repeats()
    channel.delays()
    edited = channel.edits("m0", "better")
    channel.deletes("m1")
    held = len(channel.feed)
    channel.catches_up()

    assert order != [each.id for each in said]
    assert held == 10
    assert channel.feed[10:] == [edited, Deletion(channel="fake", id="m1")]
    assert edited.edited_at == at(4) + timedelta(seconds=1)


def test_fakes_need_no_pytest() -> None:
    """Only contracts do, and they name the extra that brings it."""
    code = """
import sys
sys.modules["pytest"] = None
from socialcare.testing import FakeChannel, FakeNotifier, builders
from socialcare.errors import MissingExtra
for name in ("ChannelContract", "NotifierContract", "StoreContract"):
    try:
        exec(f"from socialcare.testing import {name}")
    except MissingExtra as error:
        print(error.extra)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["testing"] * 3
