"""Intervals as tidy frames: the evidence for each number.

One row an interval, in the order of conversations and time.
Instants are as the channel stamped them; seconds are whole.
"""

import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Ints, epoch_seconds
from socialcare.analytics.engine.handling import handled_seconds, merged
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.engine.outcomes import Outcomes
from socialcare.analytics.engine.resolutions import ACKNOWLEDGEMENT, INFERRED, STATUS
from socialcare.analytics.table import HANDLING, INSTANT, VISIBILITY
from socialcare.domain.policy import ResolutionCloses, Target

KIND = pl.Enum(["first", "next"])
SOURCE = pl.Enum([STATUS, ACKNOWLEDGEMENT, INFERRED])


def wait_frame(measured: Measurement) -> pl.DataFrame:
    """Waits, one row each.

    Returns:
        ``conversation_id`` String, ``brand`` String, ``customer_id`` String, ``channel`` String,
        ``kind`` Enum(first, next), ``opened_at`` Datetime, ``closed_at`` Datetime (null while
        pending), ``opening_message_id`` String, ``closing_message_id`` String,
        ``opening_visibility`` Enum, ``closing_visibility`` Enum, ``closing_channel`` String,
        ``agent_id`` String, ``team_id`` String, ``calendar_seconds`` Int64 (while pending, until
        `as_of`), ``business_seconds`` Int64 (null without hours), ``hours_version`` String,
        ``pending`` Boolean, ``category`` String, ``language`` String.
    """
    found = measured.waits
    opened, closed = measured.second_at(found.opened), measured.second_at(found.closed)
    spans = (opened, closed, found.conversation, found.first)
    opening, closing = _Places(measured, found.opened), _Places(measured, found.closed)
    return pl.DataFrame(
        {
            **_whose(measured, found.conversation),
            "channel": opening.text("channel"),
            "kind": pl.Series(np.where(found.first, "first", "next"), dtype=KIND),
            "opened_at": opening.of("sent_at"),
            "closed_at": closing.of("sent_at"),
            "opening_message_id": opening.text("message_id"),
            "closing_message_id": closing.text("message_id"),
            "opening_visibility": opening.of("visibility").cast(VISIBILITY),
            "closing_visibility": closing.of("visibility").cast(VISIBILITY),
            "closing_channel": closing.text("channel"),
            "agent_id": _credited(measured, "agent_id", found.closed),
            "team_id": _credited(measured, "team_id", found.closed),
            "calendar_seconds": measured.calendar_seconds(*spans),
            "business_seconds": _business(measured, spans),
            "hours_version": measured.hours_versions(opened),
            "pending": found.pending,
            "category": opening.text("category"),
            "language": opening.text("language"),
        }
    )


def resolution_frame(measured: Measurement) -> pl.DataFrame:
    """Resolutions, one row a conversation in which a customer wrote.

    Returns:
        ``conversation_id`` String, ``brand`` String, ``customer_id`` String, ``channel`` String,
        ``opened_at`` Datetime, ``resolved_at`` Datetime (null while pending),
        ``first_resolved_at`` Datetime, ``source`` Enum(status, acknowledgement, inferred),
        ``calendar_seconds`` Int64, ``business_seconds`` Int64 (null without hours), ``pending``
        Boolean, ``reopened`` Int64, ``responses`` Int64, ``agent_id`` String,
        ``closing_channel`` String.
    """
    found, look = measured.resolutions, Outcomes(measured)
    first = measured.policy.resolution_closes is ResolutionCloses.FIRST
    resolved = found.first if first else found.last
    end = np.where(resolved < 0, measured.end, resolved)
    count, place = look.responses_until(end)
    spans = (found.opened, end, found.conversation, Target.RESOLUTION)
    opening, closing = _Places(measured, look.opening), _Places(measured, place)
    return pl.DataFrame(
        {
            **_whose(measured, found.conversation),
            "channel": opening.text("channel"),
            "opened_at": opening.of("sent_at"),
            "resolved_at": _instants(resolved),
            "first_resolved_at": _instants(found.first),
            "source": _source(found.source),
            "calendar_seconds": measured.calendar_seconds(*spans),
            "business_seconds": _business(measured, spans),
            "pending": resolved < 0,
            "reopened": found.reopened,
            "responses": count,
            "agent_id": closing.text("agent_id"),
            "closing_channel": closing.text("channel"),
        }
    )


def conversation_frame(measured: Measurement) -> pl.DataFrame:
    """Conversations, one row each, those without a customer's message too.

    Returns:
        ``conversation_id`` String, ``brand`` String, ``customer_id`` String, ``channel`` String
        (of the first message), ``opened_at`` Datetime, ``last_message_at`` Datetime,
        ``messages`` Int64, ``customer_messages`` Int64, ``responses`` Int64, ``channels`` Int64
        (how many), ``began_by_customer`` Boolean, ``waiting`` Boolean (a wait is open).
    """
    threads = measured.threads
    number = np.arange(len(threads))
    starts, ends = threads.starts, np.append(threads.starts[1:], len(threads.order)) - 1
    events = measured.events
    waiting = np.zeros(len(threads), np.bool_)
    waiting[measured.waits.conversation[measured.waits.pending]] = True
    first, last = _Places(measured, starts), _Places(measured, ends[: len(threads)])
    channels = _channels(measured)
    return pl.DataFrame(
        {
            **_whose(measured, number),
            "channel": first.text("channel"),
            "opened_at": first.of("sent_at"),
            "last_message_at": last.of("sent_at"),
            "messages": np.bincount(threads.conversation, minlength=len(threads)),
            "customer_messages": _counted(threads.conversation[events.asked], len(threads)),
            "responses": _counted(threads.conversation[events.answered], len(threads)),
            "channels": channels,
            "began_by_customer": measured.began_by_customer,
            "waiting": waiting,
        }
    )


def handling_frame(table: pl.DataFrame | None, *, shared: bool = True) -> pl.DataFrame:
    """Time spent, one row a merged span of one agent on one conversation.

    Args:
        table: Spans as they came, in the columns of the handling table.
        shared: Whether an agent's time on several conversations at once is shared among them.

    Returns:
        ``conversation_id`` String, ``agent_id`` String, ``started_at`` Datetime, ``ended_at``
        Datetime, ``seconds`` Float64.
    """
    spans = handled(table, shared=shared)
    return spans.select(
        "conversation_id",
        "agent_id",
        pl.from_epoch("started", "s").dt.replace_time_zone("UTC").cast(INSTANT).alias("started_at"),
        pl.from_epoch("ended", "s").dt.replace_time_zone("UTC").cast(INSTANT).alias("ended_at"),
        "seconds",
    )


def handled(table: pl.DataFrame | None, *, shared: bool = True) -> pl.DataFrame:
    """Merged spans: `conversation_id`, `agent_id`, `started`, `ended`, `seconds`."""
    table = pl.DataFrame(schema=dict(HANDLING)) if table is None else table
    spans = merged(
        table.select(
            "conversation_id",
            "agent_id",
            started=epoch_seconds("started_at"),
            ended=epoch_seconds("ended_at"),
        )
    )
    alone = (spans["ended"] - spans["started"]).cast(pl.Float64).to_numpy()
    return spans.with_columns(pl.Series("seconds", handled_seconds(spans) if shared else alone))


class _Places:
    """Columns of the messages at some places of the threads."""

    def __init__(self, measured: Measurement, places: Ints) -> None:
        self.measured = measured
        self.places = places

    def of(self, name: str) -> pl.Series:
        return self.measured.column(name, self.places)

    def text(self, name: str) -> pl.Series:
        return self.of(name).cast(pl.String)


def _whose(measured: Measurement, conversation: Ints) -> dict[str, pl.Series]:
    """Id, brand and customer of each conversation; the customer is who first wrote in it."""
    threads = measured.threads
    asked = threads.first(measured.events.asked)
    known = ~measured.column("customer_id", np.arange(len(threads.order))).is_null().to_numpy()
    someone = threads.first(np.flatnonzero(known))
    place = np.where(asked >= 0, asked, someone)[conversation]
    start = threads.starts[conversation]
    ids = measured.conversation_ids["conversation_id"].gather(
        pl.Series(conversation, dtype=pl.UInt32)
    )
    return {
        "conversation_id": ids,
        "brand": measured.column("brand", start).cast(pl.String),
        "customer_id": measured.column("customer_id", place).cast(pl.String),
    }


def _credited(measured: Measurement, name: str, places: Ints) -> pl.Series:
    return measured.credited(name, places).cast(pl.String)


def _business(measured: Measurement, spans: tuple[Ints, Ints, Ints, object]) -> pl.Series:
    seconds = measured.business_seconds(*spans)  # type: ignore[arg-type]  # a target or flags
    if seconds is None:
        return pl.Series([None], dtype=pl.Int64).new_from_index(0, len(spans[0]))
    return pl.Series(seconds)


def _instants(second: Ints) -> pl.Series:
    at = pl.Series("at", second).to_frame()
    instant = pl.from_epoch("at", "s").dt.replace_time_zone("UTC").cast(INSTANT)
    return at.select(pl.when(pl.col("at") >= 0).then(instant))["at"]


def _source(codes: Ints) -> pl.Series:
    names = pl.Series(SOURCE.categories)
    known = pl.Series(np.maximum(codes, 0), dtype=pl.UInt32)
    found = names.gather(known).to_frame("source")
    return found.select(pl.when(pl.Series(codes >= 0)).then(pl.col("source")).cast(SOURCE))[
        "source"
    ]


def _counted(conversation: Ints, n: int) -> Ints:
    return np.bincount(conversation, minlength=n)


def _channels(measured: Measurement) -> pl.Series:
    """How many channels each conversation used."""
    threads = measured.threads
    used = pl.DataFrame(
        {
            "conversation": threads.conversation,
            "channel": measured.column("channel", np.arange(len(threads.order))),
        }
    )
    return (
        used.group_by("conversation")
        .agg(pl.col("channel").n_unique())
        .sort("conversation")["channel"]
        .cast(pl.Int64)
    )
