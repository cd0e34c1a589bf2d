"""The channel: a Maildir that a mail server delivers into, and one that it sends from.

A mail in `new/` was not read yet.
Once the desk has kept what a poll brought, it polls from the cursor that came with it; then, and
only then, those mails go to `cur/`.
So nothing is lost if the program ends in between, and no clock is asked what is new.
"""

import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from hashlib import sha256
from mailbox import Maildir
from pathlib import Path

import attrs
from socialcare import Message, Visibility, hookimpl
from socialcare.domain.events import Reply
from socialcare.errors import DeliveryFailed, InvalidPayload, InvalidValue
from socialcare.plugins.protocols import Incoming, Polled, Sent

from socialcare_maildir.mails import Unreadable, mail_of, message_of

_log = logging.getLogger("socialcare_maildir")


def _in_lower_case(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(address.lower() for address in addresses)


def _some(
    channel: "MaildirChannel",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[str, ...]]",  # noqa: ARG001 - attrs passes it
    value: tuple[str, ...],
) -> None:
    if not value or not all("@" in address for address in value):
        raise InvalidValue(value, where="MaildirChannel.addresses", right="addresses of the brand")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@attrs.frozen(kw_only=True)
class MaildirChannel:
    """E-mail; every message is private.

    Attributes:
        inbox: The Maildir that mails are delivered into; it is the channel's own.
        outbox: The Maildir that mails are sent from. What sends them moves them from `new/` to
            `cur/` and leaves them there, since that is how a reply is known to be sent.
        addresses: The brand's own; mails from them are outbound, and replies come from the first.
        name: The `channel` of the messages.
        subject: Of replies.
        batch: How many mails one poll reads at most.
        clock: When a reply is sent.
    """

    inbox: Path = attrs.field(converter=Path)
    outbox: Path = attrs.field(converter=Path)
    addresses: tuple[str, ...] = attrs.field(converter=_in_lower_case, validator=_some)
    name: str = "email"
    subject: str = "Re: your message"
    batch: int = attrs.field(default=100, validator=attrs.validators.ge(1))
    clock: Callable[[], datetime] = _utc_now

    def __attrs_post_init__(self) -> None:
        for path in (self.inbox, self.outbox):
            Maildir(path)  # makes its folders

    @hookimpl
    def socialcare_channels(self) -> "tuple[MaildirChannel]":
        """Itself: it is a plugin, too."""
        return (self,)

    def parse(
        self,
        headers: Mapping[str, str],  # noqa: ARG002 - the protocol's
        body: bytes,  # noqa: ARG002 - the protocol's
    ) -> Iterable[Incoming]:
        """Nothing: a Maildir is polled."""
        raise InvalidPayload(self.name, "a Maildir has no webhook; poll it")

    def poll(self, cursor: str | None) -> Polled:
        """The mails that the desk does not have, at most `batch` of them."""
        if cursor is None:
            self._begin_again()
        else:
            self._put_away(json.loads(cursor))
        names = sorted(path.name for path in (self.inbox / "new").iterdir())[: self.batch]
        read = {name: message for name in names if (message := self._read(name)) is not None}
        return Polled(incoming=tuple(read.values()), cursor=json.dumps(list(read)))

    def _begin_again(self) -> None:
        """A desk that never polled gets every mail, also those that another one has read."""
        for path in (self.inbox / "cur").iterdir():
            path.rename(self.inbox / "new" / path.name.partition(":")[0])

    def _put_away(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(FileNotFoundError):  # put away already, by an earlier poll
                (self.inbox / "new" / name).rename(self.inbox / "cur" / f"{name}:2,")

    def _read(self, name: str) -> Message | None:
        path = self.inbox / "new" / name
        try:
            return message_of(path.read_bytes(), channel=self.name, addresses=self.addresses)
        except Unreadable as error:
            self._set_aside(path, str(error))
            return None

    def _set_aside(self, path: Path, reason: str) -> None:
        """Keeps a mail that cannot be read where a mail program shows it."""
        Maildir(self.inbox).add_folder("unreadable")
        aside = path.rename(self.inbox / ".unreadable" / "new" / path.name)
        _log.warning("%s: not taken in, since its %s", aside, reason)

    def send(self, reply: Reply) -> Sent:
        """Puts the reply into the outbox, unless it is there already."""
        name = sha256(reply.id.encode()).hexdigest()[:32]
        raw = self._mail(reply, name)
        try:
            self._put_out(name, raw)
            return self._sent(name)
        except OSError as error:
            raise DeliveryFailed(self.name, str(error), again=True) from error

    def _mail(self, reply: Reply, name: str) -> bytes:
        if reply.visibility is not Visibility.PRIVATE or reply.customer_id is None:
            raise DeliveryFailed(self.name, "an e-mail is private, and to somebody", again=False)
        if reply.attachments:
            raise DeliveryFailed(self.name, "it sends no attachments", again=False)
        sender = reply.account or self.addresses[0]
        message_id = f"<{name}@{sender.rpartition('@')[2]}>"
        try:
            return mail_of(
                reply,
                message_id=message_id,
                sender=sender,
                to=reply.customer_id,
                subject=self.subject,
                at=self.clock(),
            ).as_bytes()
        except ValueError as error:
            raise DeliveryFailed(self.name, str(error), again=False) from error

    def _put_out(self, name: str, raw: bytes) -> None:
        """Writes the mail beside, and then gives it its name, which only the first one gets."""
        if self._in_outbox(name) is not None:
            return
        draft = self.outbox / "tmp" / f"{name}.{os.urandom(8).hex()}"
        with draft.open("xb") as file:
            file.write(raw)
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, self.outbox / "new" / name)
        draft.unlink()

    def _in_outbox(self, name: str) -> Path | None:
        # First `new/`, then `cur/`: a mail that is moved meanwhile is met in one of them.
        waiting = (self.outbox / "new").glob(name)
        return next(waiting, None) or next((self.outbox / "cur").glob(f"{name}*"), None)

    def _sent(self, name: str) -> Sent:
        path = self._in_outbox(name)
        if path is None:
            raise FileNotFoundError(f"{self.outbox}: {name} was sent, but is not kept in cur/")
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        return Sent(message_id=str(mail["Message-ID"]), sent_at=mail["Date"].datetime)
