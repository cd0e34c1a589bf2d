"""The columnar engine and the pure domain are one truth, on logs of every shape."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from socialcare.analytics.engine.statistics import summarise
from socialcare.analytics.intervals import handled
from socialcare.analytics.table import ASSIGNMENT, HANDLING, STATUS
from socialcare.domain import statistics
from socialcare.domain.changes import Assignment, Status
from socialcare.domain.handling import handling
from socialcare.domain.hours import BusinessHours
from socialcare.domain.message import Message
from socialcare.domain.resolutions import resolutions
from socialcare.domain.threading import (
    ThreadingPolicy,
    deduplicated,
    misdated,
    orphans,
    thread,
    until,
)
from socialcare.domain.waits import waits
from spoken import log_of
from strategies import (
    assignments_for,
    handling_for,
    logs,
    policies,
    statuses_for,
    thread_policies,
)

HOURS = BusinessHours.from_mapping(
    {
        "timezone": "Europe/London",
        "weekly": {"mon": ["09:00-12:30", "13:00-17:30"], "sat": ["22:00-06:00"], "sun": []},
        "holidays": ["2026-03-30"],
        "versions": [
            {"name": "spring", "from": "2026-03-29", "weekly": {"mon": ["07:10-19:45"]}},
        ],
    }
)


def status_table(rows: Sequence[Status]) -> pl.DataFrame | None:
    """Status rows as a side table; None where there are none."""
    if not rows:
        return None
    return pl.DataFrame(
        [(row.conversation_id, row.at, row.status, row.by) for row in rows],
        schema=dict(STATUS),
        orient="row",
    )


def assignment_table(rows: Sequence[Assignment]) -> pl.DataFrame | None:
    """Assignments as a side table; None where there are none."""
    if not rows:
        return None
    return pl.DataFrame(
        [(row.conversation_id, row.at, row.agent_id, row.team_id) for row in rows],
        schema=dict(ASSIGNMENT),
        orient="row",
    )


def as_rows(intervals: Iterable[Any], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Domain intervals as sorted tuples of their fields."""
    return _sorted(tuple(_plain(getattr(each, name)) for name in columns) for each in intervals)


def frame_rows(frame: pl.DataFrame, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows of a frame as sorted tuples, instants in whole seconds."""
    return _sorted(tuple(map(_plain, row)) for row in frame.select(columns).rows())


def _plain(value: Any) -> Any:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


WAIT = (
    "conversation_id",
    "brand",
    "customer_id",
    "channel",
    "kind",
    "opened_at",
    "closed_at",
    "opening_message_id",
    "closing_message_id",
    "opening_visibility",
    "closing_visibility",
    "closing_channel",
    "agent_id",
    "team_id",
    "calendar_seconds",
    "business_seconds",
    "hours_version",
    "pending",
)
RESOLUTION = (
    "conversation_id",
    "brand",
    "customer_id",
    "channel",
    "opened_at",
    "resolved_at",
    "first_resolved_at",
    "source",
    "calendar_seconds",
    "business_seconds",
    "pending",
    "reopened",
    "responses",
    "agent_id",
    "closing_channel",
)


@given(logs(), thread_policies())
def test_both_make_the_same_conversations(
    messages: list[Message], threading: ThreadingPolicy
) -> None:
    """Every message is in the same conversation, under any gap, given ids kept or not."""
    found = log_of(messages).with_threading(threading)
    measured = found.measured()
    ids = measured.conversation_ids["conversation_id"].to_list()
    of_row = measured.threads.of_row
    columnar = {
        message.key: (ids[number], message.brand)
        for message, number in zip(found.to_domain(), of_row, strict=True)
        if number >= 0
    }

    assert columnar == {
        message.key: (conversation.id, message.brand or None)
        for conversation in thread(messages, threading)
        for message in conversation.messages
    }


@given(logs())
def test_both_find_the_same_faults_between_messages(messages: list[Message]) -> None:
    """Repeats, orphans and replies before their questions are counted alike."""
    quality = log_of(messages).quality
    kept = deduplicated(messages)

    assert quality.kept == len(kept)
    assert quality.count("repeated_id") == len(messages) - len(kept)
    assert quality.count("orphan") == len(orphans(kept))
    assert quality.count("reply_before_question") == len(misdated(kept))


@settings(max_examples=examples(60, many=2000))
@given(st.data(), logs(), policies())
def test_both_measure_the_same_intervals(
    data: st.DataObject, messages: list[Message], policy: Any
) -> None:
    """Every wait and resolution is equal in every field, under any policy, hours and instant."""
    statuses = data.draw(statuses_for(messages))
    assignments = data.draw(assignments_for(messages))
    hours = data.draw(st.sampled_from((None, HOURS)))
    log = log_of(messages, status=status_table(statuses), assignment=assignment_table(assignments))
    latest = max(
        (message.sent_at for message in messages), default=datetime(2026, 3, 2, tzinfo=UTC)
    )
    earlier = data.draw(st.sampled_from((0, 0, 1, 90_000, 400_000, -777_777)))
    as_of = latest.replace(microsecond=0) - timedelta(seconds=earlier)
    known = until(deduplicated(messages), as_of)
    talks = thread(known, log.threading)
    common = {"as_of": as_of, "policy": policy, "hours": hours, "misdated": misdated(known)}

    expected_waits = [
        wait
        for talk in talks
        for wait in waits(talk, statuses=statuses, assignments=assignments, **common)
    ]
    found_waits = log.waits(policy, hours, as_of)
    assert frame_rows(found_waits, WAIT) == as_rows(expected_waits, WAIT)

    expected = resolutions(talks, statuses=statuses, log_has_statuses=bool(statuses), **common)
    found = log.resolutions(policy, hours, as_of)
    assert frame_rows(found, RESOLUTION) == as_rows(expected, RESOLUTION)


@given(st.data(), logs(min_size=1), st.booleans())
def test_both_share_handling_alike(
    data: st.DataObject, messages: list[Message], shared: bool
) -> None:
    """Merged spans are equal, and their seconds to a millionth."""
    spans = data.draw(handling_for(messages))
    rows = [(s.conversation_id, s.agent_id, s.started_at, s.ended_at) for s in spans]
    table = pl.DataFrame(rows, schema=dict(HANDLING), orient="row")
    found = handled(table, shared=shared).sort("conversation_id", "agent_id", "started")
    expected = sorted(
        handling(spans, shared=shared), key=lambda h: (h.conversation_id, h.agent_id, h.started_at)
    )

    assert found.select("conversation_id", "agent_id").rows() == [
        (each.conversation_id, each.agent_id) for each in expected
    ]
    differences = [
        abs(seconds - each.seconds)
        for seconds, each in zip(found["seconds"], expected, strict=True)
    ]
    assert all(difference < 1e-6 for difference in differences)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=40))
def test_both_summarise_alike(durations: list[tuple[int, bool]]) -> None:
    """Mean, quantiles and survival agree, with any number of them pending."""
    frame = pl.DataFrame(durations, schema={"s": pl.Int64, "p": pl.Boolean}, orient="row")
    found = summarise(frame["s"].to_numpy(), frame["p"].to_numpy())
    expected = statistics.summarise(
        [s for s, pending in durations if not pending], [s for s, pending in durations if pending]
    )

    for name in ("n", "pending", "mean", "median", "p90", "p95", "maximum"):
        one, other = getattr(found, name), getattr(expected, name)
        assert one == other or abs(one - other) < 1e-9
    assert found.survival_median == expected.survival_median
    assert found.survival_p90 == expected.survival_p90
