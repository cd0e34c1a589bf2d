"""Receipts: what became of each thing that was brought."""

from enum import StrEnum

import attrs

from socialcare.domain.events import Refusal


class Outcome(StrEnum):
    """What became of a message or deletion."""

    NEW = "new"
    REPEATED = "repeated"
    """It was here already, or says nothing that is not known."""
    EDITED = "edited"
    """It was here already, and now says something else."""
    DELETED = "deleted"
    MERGED = "merged"
    """It is new, and joined conversations that were two or more."""
    ECHO = "echo"
    """It is a reply of ours, as its channel shows it."""
    REFUSED = "refused"
    """It was not taken in; what is kept of it is the event `MessageRefused`."""


@attrs.frozen(kw_only=True)
class Receipt:
    """What became of one thing that was brought.

    Attributes:
        channel, message_id: Which message; empty where what was brought has none.
        outcome: What became of it.
        conversation: Where it is now; None if it is in none.
        merged: Conversations that became part of that one because of it.
        refusal: Why it was refused, or None.
        said: What was found, and what would be right, if it was refused.
    """

    channel: str
    message_id: str
    outcome: Outcome
    conversation: str | None = None
    merged: tuple[str, ...] = ()
    refusal: Refusal | None = None
    said: str | None = None


@attrs.frozen(kw_only=True)
class Delivered:
    """What became of one entry of the outbox.

    Attributes:
        key: The entry: a reply's id, or a notice's with the notifier's name.
        target: `channel:<name>` or `notifier:<name>`.
        conversation: About which conversation.
        sent: Whether it got through.
        dead: Whether it was given up.
        said: Why it did not get through; None if it did.
    """

    key: str
    target: str
    conversation: str | None
    sent: bool
    dead: bool = False
    said: str | None = None
