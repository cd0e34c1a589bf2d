"""A channel that does on demand what real ones do now and then.

It repeats, reorders, delays, edits, deletes, echoes and fails. What the customer does is said with
`says`, `edits` and `deletes` and waits in `feed`; the desk gets it with `poll`, or the test signs
a webhook call with `call`. What the desk sends is in `sent`.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Lock

import attrs

from socialcare.domain.events import Reply
from socialcare.domain.message import Author, AuthorRole, Direction, Message
from socialcare.domain.stored_form import text_of, value_from
from socialcare.errors import (
    DeliveryFailed,
    InvalidEvent,
    InvalidPayload,
    InvalidSignature,
)
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.protocols import Deletion, Incoming, Polled, Sent
from socialcare.testing.builders import NINE
from socialcare.testing.outbound_file import Outbound, OutboundFile, OutboundList

SIGNATURE = "x-fake-signature"
_TICK = timedelta(seconds=1)


class FakeChannel:
    """A channel, and the plugin that brings it: `Desk.open(FakeChannel())`.

    Attributes:
        feed: What waits for the desk, in the order in which `poll` brings it.
        echoes: Whether what is sent comes back over the feed, as it does on most real channels.

    Args:
        name: The name of the channel.
        secret: What webhook calls are signed with.
        path: A file to keep what was sent in, one line each, so that it outlives the process.
        clock: What time it is out there; by default a second after whatever came or went last.
    """

    def __init__(
        self,
        name: str = "fake",
        *,
        secret: bytes = b"between you and me",
        path: Path | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._name = name
        self._secret = secret
        self._outbound: Outbound = OutboundList() if path is None else OutboundFile(path)
        self._clock = clock or self._a_second_later
        self._last = NINE
        self._said: dict[str, Message] = {}
        self._held: list[Incoming] = []
        self._holding = False
        self._failures: list[tuple[DeliveryFailed, bool]] = []
        self._lock = Lock()
        self.feed: list[Incoming] = []
        self.echoes = False

    @hookimpl
    def socialcare_channels(self) -> Iterable["FakeChannel"]:
        """Itself."""
        return (self,)

    @property
    def name(self) -> str:
        """The `channel` of its messages."""
        return self._name

    # What happens out there

    def says(self, message: Message) -> Message:
        """Somebody writes; the message as it is on this channel."""
        own = attrs.evolve(message, channel=self._name)
        self._said[own.id] = own
        self._last = max(self._last, own.sent_at)
        self._bring(own)
        return own

    def edits(self, message_id: str, text: str) -> Message:
        """The author of a message changes what it says; the new version."""
        edited = attrs.evolve(self._said[message_id], text=text, edited_at=self._clock())
        return self.says(edited)

    def deletes(self, message_id: str) -> None:
        """The author of a message deletes it."""
        self._bring(Deletion(channel=self._name, id=message_id))

    def echo(self) -> None:
        """Everything that was sent comes in over the feed, as the channel shows it."""
        for message_id, sent_at, reply in self._outbound.sent():
            self.says(_shown(reply, Sent(message_id=message_id, sent_at=sent_at)))

    # What goes wrong

    def repeats(self) -> None:
        """Everything that was in the feed comes once more."""
        self.feed += list(self.feed)

    def reorders(self, random: Random) -> None:
        """What is in the feed comes in another order."""
        random.shuffle(self.feed)

    def delays(self) -> None:
        """What is said from now on is held back until `catches_up`."""
        self._holding = True

    def catches_up(self) -> None:
        """What was held back comes at last."""
        self._holding = False
        self.feed += self._held
        self._held = []

    def fails(
        self,
        times: int = 1,
        *,
        again: bool = True,
        after: timedelta | None = None,
        taken: bool = False,
    ) -> None:
        """The next sends fail.

        Args:
            times: How many.
            again: Whether it says that trying again may help.
            after: How long it asks to be left alone.
            taken: Whether the reply gets through all the same, and only the answer is lost.
        """
        failure = DeliveryFailed(
            self._name, "out of order, as was asked for", again=again, after=after
        )
        self._failures += [(failure, taken)] * times

    # What a desk does

    def parse(self, headers: Mapping[str, str], body: bytes) -> tuple[Incoming, ...]:
        """What a call made by `call` brings."""
        given = headers.get(SIGNATURE, "")
        if not hmac.compare_digest(given.encode(), self._signature(body).encode()):
            raise InvalidSignature(self._name, f"the signature in {SIGNATURE} is not ours")
        try:
            return tuple(_incoming(each) for each in json.loads(body)["incoming"])
        except (ValueError, KeyError, TypeError, InvalidEvent) as error:
            raise InvalidPayload(self._name, f"expected what `call` makes: {error}") from error

    def poll(self, cursor: str | None) -> Polled:
        """What came into the feed since the cursor."""
        start = int(cursor or 0)
        return Polled(incoming=tuple(self.feed[start:]), cursor=str(len(self.feed)))

    def send(self, reply: Reply) -> Sent:
        """Keeps the reply; under a key that it has had, the first answer and nothing more."""
        with self._lock:
            failure, taken = self._failures.pop(0) if self._failures else (None, True)
            if not taken and failure is not None:
                raise failure
            sent, is_new = self._outbound.take(reply, self._clock)
        if is_new and self.echoes:
            self.says(_shown(reply, sent))
        if failure is not None:
            raise failure
        return sent

    # What a test looks at

    @property
    def sent(self) -> tuple[Reply, ...]:
        """What reached the channel, in order, each key once."""
        return tuple(reply for _, _, reply in self._outbound.sent())

    def call(self, *incoming: Incoming) -> tuple[dict[str, str], bytes]:
        """The headers and body of a signed webhook call that brings these."""
        body = json.dumps({"incoming": [_told(each) for each in incoming]}).encode()
        return {SIGNATURE: self._signature(body)}, body

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers under which the channel believes that body."""
        return {SIGNATURE: self._signature(body)}

    def _signature(self, body: bytes) -> str:
        return f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}"

    def _bring(self, incoming: Incoming) -> None:
        (self._held if self._holding else self.feed).append(incoming)

    def _a_second_later(self) -> datetime:
        self._last += _TICK
        return self._last


def _shown(reply: Reply, sent: Sent) -> Message:
    """A reply as the channel shows it."""
    return Message(
        id=sent.message_id,
        sent_at=sent.sent_at,
        direction=Direction.OUTBOUND,
        author=Author(id="the-brand", role=AuthorRole.AGENT),
        customer_id=reply.customer_id,
        channel=reply.channel,
        visibility=reply.visibility,
        brand=reply.brand,
        account=reply.account,
        in_reply_to=reply.in_reply_to,
        text=reply.text,
        attachments=reply.attachments,
    )


def _told(incoming: Incoming) -> dict[str, object]:
    if isinstance(incoming, Deletion):
        return {"deleted": incoming.id, "channel": incoming.channel}
    return {"message": json.loads(text_of(incoming))}


def _incoming(told: Mapping[str, object]) -> Incoming:
    if "deleted" in told:
        return Deletion(channel=str(told["channel"]), id=str(told["deleted"]))
    return value_from(json.dumps(told["message"]), Message)
