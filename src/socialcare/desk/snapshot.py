"""Snapshots: what running numbers say at one moment, as values."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from socialcare.domain.message import Direction, Message
from socialcare.domain.responses import is_automated
from socialcare.domain.states import State
from socialcare.domain.statistics import summarise


class Flow(StrEnum):
    """What a message adds to; each message adds to one of them."""

    INBOUND = "inbound"
    """By customers and the public, and by no machine."""
    OUTBOUND = "outbound"
    """By the brand, and by no machine."""
    AUTOMATED = "automated"
    """By a machine, whichever way."""
    NOTE = "note"
    """Among colleagues."""


_BY_DIRECTION = {Direction.INBOUND: Flow.INBOUND, Direction.OUTBOUND: Flow.OUTBOUND}


def flow(message: Message) -> Flow:
    """What the message adds to."""
    if message.is_note:
        return Flow.NOTE
    return Flow.AUTOMATED if is_automated(message) else _BY_DIRECTION[message.direction]


@attrs.frozen(kw_only=True)
class Times:
    """Response times; None stands for what has no value.

    Attributes:
        n: How many responses.
        mean, median, p90: Seconds that the customers had waited.
    """

    n: int
    mean: float | None
    median: float | None
    p90: float | None

    @classmethod
    def of(cls, seconds: Iterable[int]) -> "Times":
        """What these waits come to."""
        found = summarise(seconds)
        return cls(n=found.n, mean=found.mean, median=found.median, p90=found.p90)


@attrs.frozen(kw_only=True)
class Volume:
    """How many messages there were.

    Attributes:
        inbound: By customers and the public.
        outbound: By the brand.
        automated: By machines, whichever way; in neither of the two.
        notes: Among colleagues; in none of the three.
    """

    inbound: int = 0
    outbound: int = 0
    automated: int = 0
    notes: int = 0

    @classmethod
    def of(cls, counts: Mapping[Flow, int]) -> "Volume":
        """The volume with these counts; what is absent is none."""
        return cls(
            inbound=counts.get(Flow.INBOUND, 0),
            outbound=counts.get(Flow.OUTBOUND, 0),
            automated=counts.get(Flow.AUTOMATED, 0),
            notes=counts.get(Flow.NOTE, 0),
        )

    def __add__(self, other: "Volume") -> "Volume":
        """Both together."""
        return Volume(
            inbound=self.inbound + other.inbound,
            outbound=self.outbound + other.outbound,
            automated=self.automated + other.automated,
            notes=self.notes + other.notes,
        )

    def counts(self) -> Mapping[Flow, int]:
        """Its counts by what they count."""
        return {
            Flow.INBOUND: self.inbound,
            Flow.OUTBOUND: self.outbound,
            Flow.AUTOMATED: self.automated,
            Flow.NOTE: self.notes,
        }


@attrs.frozen(kw_only=True)
class Snapshot:
    """What a desk looks like at one moment.

    Attributes:
        at: The moment.
        window: How far back the recent numbers go: after `at - window`, up to `at`.
        waits_open: How many waits are open, in conversations that are new or open.
        oldest_wait: The age of the oldest of them; None if nobody waits.
        older_than: For each target how many of them are older.
        first_response: Response times to the first question of conversations, by responses of the
            window.
        next_response: The same to all later ones.
        responses: The same to all.
        recent: Messages sent in the window, by channel.
        total: All messages of the log, by channel.
        states: How many conversations are in each state.
    """

    at: datetime
    window: timedelta
    waits_open: int
    oldest_wait: timedelta | None
    older_than: Mapping[timedelta, int]
    first_response: Times
    next_response: Times
    responses: Times
    recent: Mapping[str, Volume]
    total: Mapping[str, Volume]
    states: Mapping[State, int]
