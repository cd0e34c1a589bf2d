"""Peers: who answers other customers well, from an export.

Only conversations of customers whom a peer answered are made into values of the domain, so it costs
what peers wrote, however much there is besides.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import polars as pl

from socialcare.analytics.frames import Frame, to_kind
from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.analytics.results import metrics
from socialcare.analytics.table import INSTANT
from socialcare.analytics.values import messages
from socialcare.domain.changes import Status, by_conversation
from socialcare.domain.peers import Peer, PeerAnswer, answers_in
from socialcare.domain.peers import peers as ranked
from socialcare.domain.threading import thread

__all__ = ["PEERS", "PeerReport", "forum", "peer_report", "peers"]

PEERS: Mapping[str, Any] = {
    "peer_id": pl.String(),
    "answers": pl.Int64(),
    "known": pl.Int64(),
    "helped": pl.Int64(),
    "score": pl.Float64(),
    "first": pl.Int64(),
    "thanked": pl.Int64(),
    "resolved": pl.Int64(),
    "customers": pl.Int64(),
    "median_seconds": pl.Int64(),
    "categories": pl.List(pl.String()),
    "last_at": INSTANT,
}
"""The columns of the frame of peers, and their types."""
SCHEMA = "socialcare.peers/1"


@attrs.frozen(kw_only=True)
class PeerReport:
    """Who answers other customers, and what comes of it.

    Attributes:
        quality: What reading found.
        peers: Those who answer, the best first.
        answers: How many answers there are, by all who answered.
        people: How many answered.
        summary: The metric `peer_answers`: who was answered by a peer first, what was resolved by
            peers alone, and how long it took.
    """

    quality: Quality
    peers: tuple[Peer, ...]
    answers: int
    people: int
    summary: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the JSON of `socialcare peers`, schema version 1."""
        return {
            "schema": SCHEMA,
            "source": self.quality.source,
            "answers": self.answers,
            "people": self.people,
            "peer_answers": self.summary,
            "peers": [_plain(peer) for peer in self.peers],
        }


def peers(log: MessageLog, *, least: int = 1) -> Frame:
    """Those who answer other customers, one row each, the best first.

    The ranking is that of `socialcare.domain.peers`: by the lower end of Wilson's 95 % interval of
    the answers that helped among those of which anybody can tell.

    Args:
        log: The messages; those by peers have `peer` as `author_role`, and an `author_id`.
        least: How many answers somebody must have given.

    Returns:
        ``peer_id`` String, ``answers`` Int64, ``known`` Int64 (of which anybody can tell if they
        helped), ``helped`` Int64, ``score`` Float64, ``first`` Int64, ``thanked`` Int64,
        ``resolved`` Int64, ``customers`` Int64, ``median_seconds`` Int64 (from the customer's
        first word to the answer), ``categories`` List(String) (the most frequent first),
        ``last_at`` Datetime.

    Raises:
        InvalidValue: If `least` is not at least 1.
    """
    rows = [_row(peer) for peer in ranked(_answers(log), least=least)]
    return to_kind(pl.DataFrame(rows, schema=dict(PEERS)), log.kind)


def peer_report(log: MessageLog, *, least: int = 1) -> PeerReport:
    """Who answers other customers, and what comes of it.

    Raises:
        InvalidValue: If `least` is not at least 1.
    """
    answers = _answers(log)
    found = metrics(log)["peer_answers"] if "author_role" in log.table.columns else {}
    return PeerReport(
        quality=log.quality,
        peers=tuple(ranked(answers, least=least)),
        answers=len(answers),
        people=len({answer.peer for answer in answers}),
        summary=found,
    )


def forum(log: MessageLog) -> MessageLog:
    """A copy in which everybody who answers is a peer, for exports where nobody is of the brand."""
    outbound = pl.col("direction") == "outbound"
    table = log.table
    missing = {"author_id": pl.String(), "agent_id": pl.String(), "author_role": pl.String()}
    table = table.with_columns(
        pl.lit(None, kind).alias(name)
        for name, kind in missing.items()
        if name not in table.columns
    )
    roles = pl.col("author_role").cast(pl.String)
    changed = table.with_columns(
        pl.when(outbound).then(pl.col("agent_id")).otherwise("author_id").alias("author_id"),
        pl.when(outbound).then(pl.lit("peer")).otherwise(roles).alias("author_role"),
        pl.lit("inbound").cast(table.schema["direction"]).alias("direction"),
    ).drop("agent_id")
    return attrs.evolve(
        MessageLog.of(changed, log.quality, kind=log.kind, status=log.status_table),
        threading=log.threading,
    )


def _answers(log: MessageLog) -> tuple[PeerAnswer, ...]:
    """Every answer by a peer."""
    if "author_role" not in log.table.columns:
        return ()
    conversations = thread(messages(_around_peers(log.table)), log.threading)
    statuses = by_conversation(_statuses(log.status_table))
    return tuple(
        answer
        for conversation in conversations
        for answer in answers_in(
            attrs.evolve(conversation, statuses=statuses.get(conversation.id, ()))
        )
    )


def _around_peers(table: pl.DataFrame) -> pl.DataFrame:
    """The messages of customers whom a peer answered; the columns stay as they are."""
    whose = [name for name in ("brand", "customer_id") if name in table.columns]
    answered = table.filter(pl.col("author_role") == "peer").select(whose).unique()
    return table.join(answered, on=whose, how="semi", nulls_equal=True)


def _statuses(table: pl.DataFrame | None) -> Iterable[Status]:
    if table is None:
        return ()
    return (Status(**row) for row in table.iter_rows(named=True))


def _row(peer: Peer) -> Mapping[str, Any]:
    return {
        "peer_id": peer.id,
        "answers": len(peer.answers),
        "known": peer.helped.n,
        "helped": peer.helped.k,
        "score": peer.score,
        "first": peer.first,
        "thanked": peer.thanked,
        "resolved": peer.resolved,
        "customers": peer.customers,
        "median_seconds": round(peer.took.total_seconds()),
        "categories": list(peer.categories),
        "last_at": peer.last_at,
    }


def _plain(peer: Peer) -> Mapping[str, Any]:
    row = dict(_row(peer))
    return {"id": row.pop("peer_id"), **row, "last_at": peer.last_at.isoformat()}
