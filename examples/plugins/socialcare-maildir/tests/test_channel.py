"""What the channel does with its Maildirs; what every channel does is in the contract."""

import logging
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import attrs
import pytest
from socialcare import Desk, Direction, Visibility
from socialcare.domain.events import Reply
from socialcare.errors import DeliveryFailed, InvalidPayload, InvalidValue

from socialcare_maildir import FromEnvironment, MaildirChannel
from socialcare_maildir.mails import message_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
REPLY = Reply(
    id="r1",
    text="It is on its way.\nAnna",
    channel="email",
    visibility=Visibility.PRIVATE,
    customer_id="ada@ada.example",
    in_reply_to="<1@ada.example>",
)


@pytest.fixture
def channel(tmp_path: Path) -> MaildirChannel:
    """A channel with two empty Maildirs, on Monday."""
    return MaildirChannel(
        inbox=tmp_path / "in",
        outbox=tmp_path / "out",
        addresses=["care@northline.example"],
        batch=2,
        clock=lambda: MONDAY,
    )


def deliver(channel: MaildirChannel, name: str) -> None:
    """A mail server delivers a mail of Ada's under that name."""
    lines = [f"Message-ID: <{name}@ada.example>", "Date: Mon, 02 Mar 2026 09:00:00 +0000"]
    raw = "\r\n".join([*lines, "From: ada@ada.example", "", name])
    (channel.inbox / "new" / name).write_bytes(raw.encode())


def texts(channel: MaildirChannel, cursor: str | None) -> tuple[list[str], str]:
    """What a poll brings, and where to go on."""
    polled = channel.poll(cursor)
    assert polled.cursor is not None
    return [getattr(each, "text", "") for each in polled.incoming], polled.cursor


def sent(channel: MaildirChannel) -> list[EmailMessage]:
    """The mails in the outbox."""
    files = sorted((channel.outbox / "new").iterdir())
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def test_a_batch_comes_again_until_it_was_kept(channel: MaildirChannel) -> None:
    """A poll from the same cursor brings the same mails; one from the next goes on."""
    for name in ("a", "b", "c"):
        deliver(channel, name)
    first, cursor = texts(channel, None)
    again, _ = texts(channel, None)
    rest, end = texts(channel, cursor)
    nothing, _ = texts(channel, end)

    assert (first, again, rest, nothing) == (["a", "b"], ["a", "b"], ["c"], [])


def test_what_was_kept_is_put_away(channel: MaildirChannel) -> None:
    """Mails that the desk has are in `cur/`, as after any reader of mail."""
    deliver(channel, "a")
    _, cursor = texts(channel, None)
    texts(channel, cursor)

    assert [path.name for path in (channel.inbox / "cur").iterdir()] == ["a:2,"]


def test_a_desk_that_never_polled_gets_everything(channel: MaildirChannel) -> None:
    """Without a cursor, mails that were put away are new again."""
    deliver(channel, "a")
    _, cursor = texts(channel, None)
    texts(channel, cursor)

    assert texts(channel, None)[0] == ["a"]


def test_what_cannot_be_read_is_set_aside(
    channel: MaildirChannel, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged with the reason, kept in a folder beside, and holds nothing up."""
    (channel.inbox / "new" / "a").write_bytes(b"From: ada@ada.example\r\n\r\n?")
    deliver(channel, "b")
    with caplog.at_level(logging.WARNING):
        found, _ = texts(channel, None)

    assert found == ["b"]
    assert "Date is '', which is no date" in caplog.text
    assert (channel.inbox / ".unreadable" / "new" / "a").read_bytes().endswith(b"?")


def test_a_reply_is_a_mail(channel: MaildirChannel) -> None:
    """It goes from the brand's address to the customer, as an answer to their mail."""
    done = channel.send(REPLY)

    (mail,) = sent(channel)
    assert (mail["From"], mail["To"]) == ("care@northline.example", "ada@ada.example")
    assert mail["In-Reply-To"] == mail["References"] == "<1@ada.example>"
    assert mail["Auto-Submitted"] is None
    assert mail.get_content().split() == REPLY.text.split()
    assert (done.message_id, done.sent_at) == (mail["Message-ID"], MONDAY)


@pytest.mark.parametrize(
    "text", [REPLY.text, "Ünï 🚂\n\n.\n" + "long " * 400 + "line", "From here"]
)
def test_a_copy_of_a_reply_says_the_same(channel: MaildirChannel, text: str) -> None:
    """Read back it has the id, customer and words of the reply, so that a desk knows it again."""
    done = channel.send(attrs.evolve(REPLY, text=text))
    (path,) = (channel.outbox / "new").iterdir()
    copy = message_of(path.read_bytes(), channel="email", addresses=channel.addresses)

    assert (copy.id, copy.sent_at, copy.customer_id) == (
        done.message_id,
        done.sent_at,
        REPLY.customer_id,
    )
    assert copy.text == text.strip()
    assert copy.direction is Direction.OUTBOUND


@pytest.mark.parametrize("folder", ["new", "cur"])
def test_a_reply_is_sent_once(channel: MaildirChannel, folder: str) -> None:
    """A second time finds the first, also after it went out."""
    first = channel.send(REPLY)
    (path,) = (channel.outbox / "new").iterdir()
    path.rename(channel.outbox / folder / (path.name if folder == "new" else f"{path.name}:2,S"))
    later = attrs.evolve(channel, clock=lambda: MONDAY + timedelta(hours=1))

    assert later.send(REPLY) == first
    assert len([*channel.outbox.glob("[nc]*/*")]) == 1


def test_nothing_half_written_is_left(channel: MaildirChannel) -> None:
    """What was written beside is gone once the mail has its name."""
    channel.send(REPLY)

    assert [*(channel.outbox / "tmp").iterdir()] == []


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": Visibility.PUBLIC},
        {"customer_id": None},
        {"customer_id": "ada@ada.example\r\nBcc: eve@eve.example"},
        {"in_reply_to": "<1@ada.example>\r\nBcc: eve@eve.example"},
    ],
)
def test_what_cannot_be_sent(channel: MaildirChannel, change: dict[str, Any]) -> None:
    """What is public, to nobody, or would write headers of its own fails for good."""
    with pytest.raises(DeliveryFailed) as refused:
        channel.send(attrs.evolve(REPLY, **change))

    assert not refused.value.again
    assert sent(channel) == []


def test_a_full_disk_may_be_tried_again(channel: MaildirChannel) -> None:
    """What the file system does not take now it may take later."""
    (channel.outbox / "tmp").rmdir()

    with pytest.raises(DeliveryFailed) as refused:
        channel.send(REPLY)

    assert refused.value.again


def test_there_is_no_webhook(channel: MaildirChannel) -> None:
    """Who calls one is told so."""
    with pytest.raises(InvalidPayload, match="poll it"):
        channel.parse({}, b"")


def test_a_brand_has_addresses(tmp_path: Path) -> None:
    """Without one nobody could tell which way a mail went."""
    with pytest.raises(InvalidValue, match="addresses of the brand"):
        MaildirChannel(inbox=tmp_path, outbox=tmp_path, addresses=[])


def test_the_environment_brings_a_channel(tmp_path: Path) -> None:
    """As an entry point, the plugin takes the Maildirs from the environment."""
    variables = {
        "SOCIALCARE_MAILDIR_INBOX": str(tmp_path / "in"),
        "SOCIALCARE_MAILDIR_OUTBOX": str(tmp_path / "out"),
        "SOCIALCARE_MAILDIR_ADDRESSES": "care@northline.example, Help@northline.example",
    }
    (channel,) = FromEnvironment(variables=variables).socialcare_channels()

    assert channel.addresses == ("care@northline.example", "help@northline.example")


def test_an_environment_that_says_nothing_brings_none() -> None:
    """An installed plugin that nobody set up is in nobody's way."""
    assert FromEnvironment(variables={}).socialcare_channels() == ()


def test_an_environment_that_says_half_is_refused(tmp_path: Path) -> None:
    """The variable that is missing is named."""
    plugin = FromEnvironment(variables={"SOCIALCARE_MAILDIR_INBOX": str(tmp_path)})

    with pytest.raises(InvalidValue, match="SOCIALCARE_MAILDIR_ADDRESSES"):
        plugin.socialcare_channels()


def test_a_desk_reads_and_answers(channel: MaildirChannel) -> None:
    """From mail to mail: the customer writes, is answered, and a copy of the answer is no news."""
    deliver(channel, "a")
    with Desk.open(channel) as desk:
        [received] = desk.poll("email", now=MONDAY)
        desk.reply(received.conversation or "", "On its way.", by="anna", now=MONDAY)
        desk.deliver(now=MONDAY)
        (path,) = (channel.outbox / "new").iterdir()
        (channel.inbox / "new" / "copy").write_bytes(path.read_bytes())
        [copy] = desk.poll("email", now=MONDAY)

    assert (received.outcome, copy.outcome) == ("new", "repeated")


def test_an_installed_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that looks for entry points gets the channel that the environment describes."""
    if not entry_points(group="socialcare", name="maildir"):
        pytest.skip("the package is on the path, but not installed")
    monkeypatch.setenv("SOCIALCARE_MAILDIR_INBOX", str(tmp_path / "in"))
    monkeypatch.setenv("SOCIALCARE_MAILDIR_OUTBOX", str(tmp_path / "out"))
    monkeypatch.setenv("SOCIALCARE_MAILDIR_ADDRESSES", "care@northline.example")

    with Desk.open(entry_points=True) as desk:
        assert desk.poll("email", now=MONDAY) == ()
