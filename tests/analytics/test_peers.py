"""Who answers other customers well, from an export."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from socialcare.analytics import forum, metrics, peer_report, peers, read
from socialcare.analytics.log import MessageLog
from socialcare.errors import InvalidValue

THANKS = "Thanks, that worked!"


def row(number: int, who: str, customer: str, **fields: Any) -> dict[str, Any]:
    """A message, an hour after the one before."""
    given = {
        "message_id": f"m{number}",
        "sent_at": f"2026-03-02T{number:02}:00:00Z",
        "direction": "inbound",
        "customer_id": customer,
        "author_id": who,
        "author_role": "customer" if who == customer else "peer",
        "conversation_id": f"about {customer}",
        "channel": "forum",
        "text": "How do I reset it?",
        "category": "devices",
    }
    return {**given, **fields}


ROWS = [
    row(1, "ada", "ada"),
    row(2, "bo", "ada", text="Hold the red button"),
    row(3, "ada", "ada", text=THANKS),
    row(4, "bea", "bea"),
    row(5, "bo", "bea", text="Hold the red button"),
    row(6, "cy", "bea", text="Throw it away"),
    row(7, "bea", "bea", text="That does not help", in_reply_to="m6"),
    row(8, "dee", "dee"),
]


def log_of(*rows: dict[str, Any]) -> MessageLog:
    """The log of an export with these rows."""
    return read(pl.DataFrame(list(rows)))


def test_one_row_a_peer_the_best_first() -> None:
    """With what came of their answers."""
    found = peers(log_of(*ROWS))

    assert found.select("peer_id", "answers", "known", "helped", "thanked", "first").rows() == [
        ("bo", 2, 1, 1, 1, 2),
        ("cy", 1, 1, 0, 0, 1),
    ]
    assert found["median_seconds"].to_list() == [3600, 7200]
    assert found["categories"].to_list() == [["devices"], ["devices"]]


def test_frames_come_in_the_kind_that_was_brought() -> None:
    """And with the same columns where there are no peers."""
    found = peers(read(pl.DataFrame(ROWS).to_pandas()))
    nobody = peers(log_of(row(1, "ada", "ada")))

    assert list(found["peer_id"]) == ["bo", "cy"]
    assert nobody.height == 0
    assert nobody.columns == list(found.columns)
    with pytest.raises(InvalidValue):
        peers(log_of(*ROWS), least=0)


def test_a_status_table_says_what_was_resolved() -> None:
    """After a peer's word, and with none of the brand's between."""
    at = datetime(2026, 3, 2, 23, tzinfo=UTC)
    rows = {"conversation_id": "about bea", "at": at, "status": "resolved", "by": "anna"}
    table = pl.DataFrame([rows])
    found = peers(log_of(*ROWS).with_tables(status=table))

    assert dict(found.select("peer_id", "resolved").rows()) == {"bo": 1, "cy": 1}


def test_a_forum_has_only_peers() -> None:
    """Whoever answers is one, though the export calls it outbound."""
    rows = [
        {**each, "direction": "inbound" if each["author_role"] == "customer" else "outbound"}
        for each in ROWS
    ]
    plain = [{key: value for key, value in each.items() if key != "author_role"} for each in rows]
    log = log_of(*plain)

    assert peers(log).height == 0
    assert peers(forum(log)).rows() == peers(log_of(*ROWS)).rows()
    assert metrics(forum(log))["peer_answers"]["k"] == 2


def test_the_report_counts_all_who_answered() -> None:
    """Also those who answered too seldom to be shown."""
    found = peer_report(log_of(*ROWS), least=2)

    alone = found.summary["resolved_alone"]

    assert (alone["k"], alone["n"]) == (1, 1)
    assert (found.answers, found.people, [peer.id for peer in found.peers]) == (3, 2, ["bo"])
    assert (found.summary["k"], found.summary["n"]) == (2, 3)


def test_thanks_after_the_brands_word_are_not_for_peers_alone() -> None:
    """What was resolved by a response is so, whoever spoke first."""
    ours = row(3, "anna", "ada", direction="outbound", author_role="agent", agent_id="anna")
    rows = [*ROWS[:2], ours, row(4, "ada", "ada", text=THANKS)]
    found = peer_report(log_of(*rows)).summary

    assert (found["k"], found["resolved_alone"]["k"], found["resolved_alone"]["n"]) == (1, 0, 1)
