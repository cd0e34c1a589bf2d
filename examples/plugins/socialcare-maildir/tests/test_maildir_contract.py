"""The channel does what every channel must."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from socialcare.domain.events import Reply
from socialcare.plugins.protocols import Channel
from socialcare.testing import ChannelContract
from socialcare.testing.builders import reply

from socialcare_maildir import MaildirChannel


class TestMaildirChannel(ChannelContract):
    """Two Maildirs in a temporary folder."""

    @pytest.fixture
    def channel(self, tmp_path: Path) -> Channel:
        """A channel with three mails in its inbox."""
        channel = MaildirChannel(
            inbox=tmp_path / "in", outbox=tmp_path / "out", addresses=["care@northline.example"]
        )
        for number in (1, 2, 3):
            mail = (
                f"Message-ID: <{number}@ada.example>\r\n"
                f"Date: Mon, 02 Mar 2026 09:0{number}:00 +0000\r\n"
                "From: ada@ada.example\r\n\r\nWhere is my parcel?\r\n"
            )
            (channel.inbox / "new" / str(number)).write_bytes(mail.encode())
        return channel

    def reply(self, channel: Channel, number: int) -> Reply:
        """A private one, since e-mail is."""
        return reply(
            id=f"reply-{number}",
            channel=channel.name,
            visibility="private",
            customer_id="ada@ada.example",
        )

    @contextmanager
    def failing(self, channel: Channel) -> Iterator[bool]:
        """The outbox can't be written to, since a part of it is missing."""
        assert isinstance(channel, MaildirChannel)
        drafts = channel.outbox / "tmp"
        drafts.rename(channel.outbox / "gone")
        yield True
        (channel.outbox / "gone").rename(drafts)
