"""What plugins must do: a store, a channel, a notifier, a classifier, a directory.

Who is there is asked once, by the hooks in `hookspecs`; after that a desk calls these.
What each must hold to is tested by the contracts in `socialcare.testing`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

import attrs

from socialcare.domain.annotation import Annotation
from socialcare.domain.customer import Handle
from socialcare.domain.events import Key, Recorded, Reply
from socialcare.domain.message import Message
from socialcare.domain.profile import Profile
from socialcare.domain.query.needs import Needs
from socialcare.domain.summary import Summary
from socialcare.plugins.records import (
    Around,
    Asked,
    Commit,
    Delivery,
    Entry,
    Found,
    Kept,
    Logged,
    Notice,
    Page,
)


@runtime_checkable
class Store(Protocol):
    """Keeps the log and its views; knows no rule of care.

    Every method is one transaction and may be called from several threads at once.
    Instants and texts read back equal; what was committed is there for whoever asks next.
    """

    def commit(self, commit: Commit) -> tuple[Recorded, ...]:
        """Writes all of it or nothing; the events as recorded.

        Positions rise within a conversation, whoever commits.

        Raises:
            Conflict: If a conversation, customer or outbox entry changed since it was read, a new
                one is there already, or a new row of the index of messages is.
        """
        ...

    def events(self, conversation: str | None) -> tuple[Recorded, ...]:
        """The events that belong to a conversation now, by position; none if it is not known.

        Without a name they are those that belong to none, such as broadcasts.
        """
        ...

    def around(self, asked: Asked) -> Around:
        """What threading needs to know, all from one moment."""
        ...

    def summaries(self, ids: Collection[str]) -> Mapping[str, Kept]:
        """The summaries of these conversations, merged ones too; unknown ones are absent."""
        ...

    def page(self, page: Page) -> tuple[Summary, ...]:
        """A page of a queue, or of a customer's history."""
        ...

    def log(self, after: str | None, limit: int) -> tuple[Logged, ...]:
        """Events of the whole desk from a cursor on, from the beginning if None.

        Every event is met exactly once by going on from the last cursor, also while others commit.
        """
        ...

    def search(self, needs: Needs, limit: int, after: Found | None = None) -> tuple[Found, ...]:
        """The messages with a text that meet these needs, the latest first, ties by channel and id.

        Words are those of `socialcare.domain.words`.

        Args:
            needs: Which words they have, and when they were sent.
            limit: At most so many.
            after: The last one of the page before.
        """
        ...

    def claim(
        self, targets: Collection[str], *, now: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        """Claims entries of the outbox that are due, until the lease is over.

        Due are entries of these targets that are pending with `due_at` up to `now`, or claimed
        with a lease that is over; of each lane only the first that is neither sent nor dead.
        Those come first that have been due the longest. No two callers get the same one.
        """
        ...

    def outbox(
        self, state: Delivery, limit: int, *, target: str | None = None
    ) -> tuple[Entry, ...]:
        """Entries of the outbox in a state, in the order in which they came.

        Args:
            state: Which state.
            limit: At most so many.
            target: Only those for this target; None for any.
        """
        ...

    def entries(self, keys: Collection[str]) -> tuple[Entry, ...]:
        """The entries of the outbox with these keys; unknown ones are absent."""
        ...

    def close(self) -> None:
        """Lets go of files and connections."""
        ...


@attrs.frozen(kw_only=True)
class Deletion:
    """A channel says that a message was deleted."""

    channel: str
    id: str


Incoming: TypeAlias = Message | Deletion
"""What a channel brings. A message with a later `edited_at` is an edit."""


@attrs.frozen(kw_only=True)
class Polled:
    """What a channel had since the cursor, and where to go on."""

    incoming: tuple[Incoming, ...]
    cursor: str | None = None


@attrs.frozen(kw_only=True)
class Sent:
    """What a reply became on its channel."""

    message_id: str
    sent_at: datetime


@runtime_checkable
class Channel(Protocol):
    """Somewhere that customers write."""

    @property
    def name(self) -> str:
        """The `channel` of its messages."""
        ...

    def parse(self, headers: Mapping[str, str], body: bytes) -> Iterable[Incoming]:
        """What a webhook call brings; header names in lower case.

        Raises:
            InvalidSignature: If the call is not by whom it says.
            InvalidPayload: If it makes no sense.
        """
        ...

    def poll(self, cursor: str | None) -> Polled:
        """What is new since the cursor; what a channel that is only pushed to has is nothing."""
        ...

    def send(self, reply: Reply) -> Sent:
        """Sends a reply once, however often it is asked to under one `reply.id`.

        Raises:
            DeliveryFailed: If it could not be sent; says whether trying again may help.
        """
        ...


@runtime_checkable
class Notifier(Protocol):
    """Tells colleagues what happened."""

    @property
    def name(self) -> str:
        """What it is called in the outbox."""
        ...

    def notify(self, notice: Notice) -> None:
        """Tells about one notice; may be asked to again under the same `notice.id`.

        Raises:
            DeliveryFailed: If it could not be told; says whether trying again may help.
        """
        ...


@runtime_checkable
class Classifier(Protocol):
    """Reads texts and says what it sees in them; decides nothing."""

    @property
    def name(self) -> str:
        """Its name and version, as `Annotation.by` has it: `service-lexicon 1`."""
        ...

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:
        """What it says of a text; nothing, or values of None, for what it can't tell.

        Args:
            text: Any text, of any length; never altered.
            language: In what language it is, as a BCP 47 tag, where that is known; what says
                nothing true beyond its own languages says nothing beyond them.
        """
        ...


@runtime_checkable
class Directory(Protocol):
    """Knows who somebody is: followers, a customer's tier, fields of the host's own."""

    @property
    def name(self) -> str:
        """What it is called in the log of what went wrong."""
        ...

    def profiles(self, handles: Collection[Handle]) -> Mapping[Handle, Profile]:
        """What is known of these people; those of whom nothing is known are absent.

        Called once for a batch of messages, outside of any transaction.
        """
        ...


__all__ = [
    "Channel",
    "Classifier",
    "Deletion",
    "Directory",
    "Incoming",
    "Key",
    "Notifier",
    "Polled",
    "Sent",
    "Store",
]
