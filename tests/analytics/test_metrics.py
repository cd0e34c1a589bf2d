"""Each metric means what the reference says, on logs small enough to count by hand."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.analytics.engine import evidence, ordering
from socialcare.analytics.results import metrics
from socialcare.analytics.table import HANDLING, STATUS
from socialcare.domain.catalogue import METRICS
from socialcare.domain.hours import BusinessHours
from socialcare.domain.message import Message
from socialcare.domain.policy import CostTable, MeasurementPolicy, Targets
from socialcare.errors import InvalidValue, NaiveDatetime
from spoken import MONDAY, log_of, said
from strategies import logs, policies

DAY = 24 * 60
OFFICE = BusinessHours.from_mapping(
    {"timezone": "Europe/London", "weekly": {"mon-fri": ["09:00-17:00"]}}
)
MOVE = [
    said("ada", 0),
    said("anna: ada", 10),
    said("ada", 12, visibility="private", channel="dm"),
    said("anna: ada", 42, visibility="private", channel="dm"),
    said("anna: ada", 50),
    said("bo", 5),
    said("bot: bo", 6),
    said("bo", 7),
]


def test_volumes_keep_machines_and_notes_apart() -> None:
    """What was automated or internal is counted beside the volumes, not in them."""
    log = log_of(
        [
            said("ada", 0),
            said("ada", 1, automated=True),
            said("peer bo: ada", 2),
            said("anna: ada", 3),
            said("bot: ada", 4),
            said("anna: ada", 5, visibility="internal"),
        ]
    )
    found = metrics(log)

    assert found["inbound_volume"] == {
        "unit": "messages", "value": 2, "automated": 1, "internal": 0,
    }  # fmt: skip
    assert found["response_volume"] == {
        "unit": "messages", "value": 1, "automated": 1, "internal": 1,
    }  # fmt: skip


@pytest.mark.parametrize("given", [None, "T-1"])
def test_customers_of_two_brands_are_two(given: str | None) -> None:
    """One id at two brands is two customers, whoever threaded the conversations."""
    brands = ("north", "south")
    told = [said("ada", 0, id=brand, brand=brand, conversation_id=given) for brand in brands]
    found = metrics(log_of(told))

    assert found["conversation_volume"]["customers"] == 2


def test_a_burst_is_one_wait_from_its_first_message() -> None:
    """Several customer messages in a row wait once, from the first."""
    found = metrics(log_of([said("ada", 0), said("ada", 3), said("anna: ada", 10)]))

    assert found["first_response_time"]["n"] == 1
    assert found["first_response_time"]["mean"] == 600


def test_first_and_all_waits() -> None:
    """FRT is of first waits only, ART of all of them; the unanswered are pending in both."""
    found = metrics(log_of(MOVE))

    assert found["first_response_time"]["n"] == 1
    assert found["first_response_time"]["pending"] == 1
    assert found["first_response_time"]["median"] == 600
    assert found["average_response_time"]["n"] == 2
    assert found["average_response_time"]["mean"] == (600 + 1800) / 2
    assert found["average_response_time"]["max"] == 1800


def test_survival_counts_those_who_still_wait() -> None:
    """One of two answered after 10 minutes: half had waited longer, and nobody knows how long."""
    found = metrics(log_of(MOVE))["first_response_time"]["survival"]

    assert found == {"median": 600.0, "p90": None}


def test_response_rates_of_waits_and_of_conversations() -> None:
    """Waits closed of waits opened, and conversations answered of conversations."""
    found = metrics(log_of(MOVE))["response_rate"]

    assert (found["k"], found["n"]) == (2, 3)
    assert (found["conversations"]["k"], found["conversations"]["n"]) == (1, 2)
    assert found["interval"][0] < found["value"] < found["interval"][1]


def test_public_and_private_are_one_conversation_that_closes_in_public() -> None:
    """The private leg is found, with the time to it, and so is the public close."""
    found = metrics(log_of(MOVE))

    assert found["conversation_volume"]["value"] == 2
    assert (found["public_to_private"]["k"], found["public_to_private"]["n"]) == (1, 2)
    assert found["public_to_private"]["time"]["mean"] == 720
    assert (found["public_close"]["k"], found["public_close"]["n"]) == (1, 1)


def test_the_backlog_is_who_waits_and_how_long() -> None:
    """Bo has waited since minute 5, and the last message came at minute 50."""
    assert metrics(log_of(MOVE))["backlog"] == {
        "unit": "conversations", "value": 1, "oldest": 45 * 60,
    }  # fmt: skip


def test_as_of_leaves_out_what_came_later() -> None:
    """At minute 8 both customers waited."""
    found = metrics(log_of(MOVE), as_of=MONDAY + timedelta(minutes=8))

    assert found["backlog"]["value"] == 2
    assert found["inbound_volume"]["value"] == 3
    assert found["first_response_time"]["pending"] == 2


def test_handling_is_merged_and_shared() -> None:
    """Overlap on one conversation counts once; on two it is halved, so an hour stays an hour."""
    spans = pl.DataFrame(
        [
            ("x:ada@0", "anna", MONDAY, MONDAY + timedelta(minutes=30)),
            ("x:ada@0", "anna", MONDAY + timedelta(minutes=10), MONDAY + timedelta(minutes=40)),
            ("x:bo@5", "anna", MONDAY + timedelta(minutes=20), MONDAY + timedelta(minutes=60)),
        ],
        schema=dict(HANDLING),
        orient="row",
    )
    found = metrics(log_of(MOVE, handling=spans))

    assert found["total_handling_time"]["value"] == pytest.approx(3600)
    assert found["average_handling_time"]["value"] == pytest.approx(1800)
    assert found["average_handling_time"]["by_agent"] == [
        {"agent_id": "anna", "value": pytest.approx(1800), "n": 2}
    ]


def test_a_span_that_ends_before_it_starts_is_a_fault() -> None:
    """It is counted in the quality report and left out."""
    spans = pl.DataFrame(
        [("x:ada@0", "anna", MONDAY, MONDAY - timedelta(minutes=1))],
        schema=dict(HANDLING),
        orient="row",
    )
    log = log_of(MOVE, handling=spans)

    assert log.quality.count("bad_span") == 1
    assert metrics(log)["total_handling_time"]["value"] == 0


def test_statuses_resolve_and_reopen() -> None:
    """Solved, written to again, solved again: reopened once, and the last resolution closes."""
    rows = [("x:ada@0", MONDAY + timedelta(minutes=11), "solved", "anna"),
            ("x:ada@0", MONDAY + timedelta(minutes=51), "Closed", "anna")]  # fmt: skip
    status = pl.DataFrame(rows, schema=dict(STATUS), orient="row")
    found = metrics(log_of(MOVE, status=status))

    assert found["resolution_time"]["mean"] == 51 * 60
    assert found["time_to_first_resolution"]["mean"] == 11 * 60
    assert found["resolution_time"]["pending"] == 1
    assert (found["reopen_rate"]["k"], found["reopen_rate"]["n"]) == (1, 1)
    assert (found["first_contact_resolution"]["k"], found["first_contact_resolution"]["n"]) == (
        0,
        1,
    )


def test_thanks_resolve_where_there_are_no_statuses() -> None:
    """The customer's thanks after one response are a first-contact resolution."""
    log = log_of(
        [said("ada", 0, text="Where is it?"), said("anna: ada", 5, text="Here."),
         said("ada", 9, text="Thank you!")]
    )  # fmt: skip
    found = metrics(log)

    assert found["resolution_time"]["mean"] == 9 * 60
    assert found["first_contact_resolution"]["k"] == 1
    assert found["in_channel_resolution"]["k"] == 1


def test_silence_resolves_after_three_days() -> None:
    """With neither statuses nor thanks, an answered conversation settles by silence."""
    talk = [said("ada", 0), said("anna: ada", 5)]
    after = [said("bo", 3 * DAY + 5)]

    assert metrics(log_of([*talk, *after]))["resolution_time"]["mean"] == 300
    assert metrics(log_of(talk))["resolution_time"]["pending"] == 1


def test_attainment_decides_a_pending_wait_once_its_target_has_passed() -> None:
    """Ten minutes met fifteen; Bo's 45 minutes breached; five minutes of waiting would be open."""
    policy = MeasurementPolicy(targets=Targets(first_response=timedelta(minutes=15)))
    late = metrics(log_of(MOVE), policy=policy)["sla_attainment"]
    early = metrics(log_of(MOVE), policy=policy, as_of=MONDAY + timedelta(minutes=12))

    assert (late["k"], late["n"], late["undecided"]) == (1, 2, 0)
    assert (early["sla_attainment"]["n"], early["sla_attainment"]["undecided"]) == (1, 1)


def test_attainment_is_in_business_time_where_there_are_hours() -> None:
    """Asked at night, answered at 09:05: five business minutes."""
    policy = MeasurementPolicy(targets=Targets(first_response=timedelta(minutes=15)))
    log = log_of([said("ada", -300), said("anna: ada", 5)])

    assert metrics(log, policy=policy)["sla_attainment"]["k"] == 0
    assert metrics(log, policy=policy, hours=OFFICE)["sla_attainment"]["k"] == 1


def test_business_seconds_stand_beside_calendar_seconds() -> None:
    """The same statistics, in business time."""
    found = metrics(log_of([said("ada", -300), said("anna: ada", 5)]), hours=OFFICE)

    assert found["first_response_time"]["mean"] == 305 * 60
    assert found["first_response_time"]["business"]["mean"] == 300


def test_operating_hours_stand_side_by_side() -> None:
    """Conversations that begin inside business hours and outside are summarised apart."""
    log = log_of([said("ada", -300), said("anna: ada", 5), said("bo", 0), said("anna: bo", 2)])
    found = metrics(log, hours=OFFICE)["operating_hours"]

    assert found["inside"]["mean"] == 120
    assert found["outside"]["mean"] == 305 * 60


def test_sentiment_conversion_needs_a_response_in_between() -> None:
    """Ada was answered and is happy; Bo became happy on his own, which is nobody's merit."""
    log = log_of(
        [
            said("ada", 0, sentiment=-0.8), said("anna: ada", 1), said("ada", 2, sentiment=0.9),
            said("bo", 0, sentiment=-0.8), said("bo", 2, sentiment=0.9),
            said("cy", 0),
        ]
    )  # fmt: skip
    found = metrics(log)["sentiment_conversion"]

    assert (found["k"], found["n"]) == (1, 2)
    counts = {(c["first"], c["last"]): c["conversations"] for c in found["table"]}
    assert counts["negative", "positive"] == 2
    assert counts["unknown", "unknown"] == 1
    assert sum(counts.values()) == 3
    assert metrics(log)["sentiment"]["n"] == 4


def test_peers_answer_but_do_not_close_waits() -> None:
    """A peer's answer is no response; it has a metric of its own."""
    found = metrics(log_of([said("ada", 0), said("peer bo: ada", 4), said("anna: ada", 60)]))

    assert found["first_response_time"]["mean"] == 3600
    assert found["peer_answers"]["k"] == 1
    assert found["peer_answers"]["time"]["mean"] == 240


def test_costs_are_the_users_table_times_the_volume() -> None:
    """Two conversations at 2.50 each cost 2.50 a contact, and avoid two calls at 8.00."""
    costs = CostTable(currency="EUR", per_contact={"x": 2.5}, alternative=8)
    found = metrics(log_of(MOVE), policy=MeasurementPolicy(costs=costs))

    assert found["cost_per_contact"] == {"unit": "EUR", "value": 2.5, "n": 2}
    assert found["cost_avoided"]["value"] == 11.0


def test_the_hour_of_week_is_local() -> None:
    """Monday 09:00 in London is Monday 18:00 in Tokyo."""
    table = metrics(log_of(MOVE), tz="Asia/Tokyo")["hour_of_week"]["table"]
    busy = [row for row in table if row["inbound"]]

    assert len(table) == 168
    assert [(row["weekday"], row["hour"]) for row in busy] == [(0, 18)]
    assert busy[0]["responses"] == 3


def test_a_message_belongs_to_the_period_in_which_it_was_sent() -> None:
    """A wait belongs to the day it opened, its response to the day it was sent."""
    log = log_of([said("ada", 0), said("anna: ada", DAY), said("bo", DAY)])
    days = {group["period"]: group["metrics"] for group in metrics(log, period="day").groups}

    assert days["2026-03-02"]["inbound_volume"]["value"] == 1
    assert days["2026-03-02"]["first_response_time"]["n"] == 1
    assert days["2026-03-03"]["response_volume"]["value"] == 1
    assert days["2026-03-03"]["first_response_time"] | {"business": 0} == {
        **days["2026-03-03"]["first_response_time"], "n": 0, "pending": 1, "business": 0,
    }  # fmt: skip


def test_hours_that_occur_twice_are_two_periods() -> None:
    """When clocks go back, 01:30 comes twice, an hour apart."""
    autumn = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    log = log_of(
        [said("ada", 0, sent_at=autumn), said("bo", 0, sent_at=autumn + timedelta(hours=1))]
    )
    found = metrics(log, period="hour", tz="Europe/London")

    assert [group["period"] for group in found.groups] == [
        "2026-10-25T01:00+00:00", "2026-10-25T01:00+01:00",
    ]  # fmt: skip


def test_a_slow_agent_differs_by_more_than_chance() -> None:
    """Thirty fast answers against thirty slow ones are no accident; three each may be."""

    def talks(count: int) -> list[Message]:
        fast = [(said(f"f{i}", i), said(f"anna: f{i}", i + 1 + i % 3)) for i in range(count)]
        slow = [(said(f"s{i}", i), said(f"sam: s{i}", i + 60 + i % 7)) for i in range(count)]
        return [message for pair in (*fast, *slow) for message in pair]

    clear = metrics(log_of(talks(30)), by="agent_id").groups
    vague = metrics(log_of(talks(1)), by="agent_id").groups

    judged = {group["agent_id"]: group["comparison"] for group in clear}
    assert judged["sam"]["average_response_time"]["more_than_chance"]
    assert judged["anna"]["average_response_time"]["more_than_chance"]
    assert judged[None] == {}
    unsure = [group["comparison"] for group in vague if group["agent_id"]]
    assert [each["average_response_time"]["more_than_chance"] for each in unsure] == [None, None]


def test_agents_are_compared_with_agents_and_not_with_the_unanswered() -> None:
    """That nobody has answered some customers makes no agent faster than the others."""
    answered = [
        message
        for i in range(40)
        for agent in ("anna", "sam")
        for message in (said(f"{agent}{i}", i), said(f"{agent}: {agent}{i}", i + 5 + i % 9))
    ]
    ignored = [said(f"z{i}", i) for i in range(40)]
    groups = metrics(log_of([*answered, *ignored]), by="agent_id").groups

    judged = [group["comparison"]["average_response_time"] for group in groups if group["agent_id"]]
    assert [each["more_than_chance"] for each in judged] == [False, False]


def test_an_empty_log_has_volumes_of_zero_and_no_values() -> None:
    """Nothing is NaN, and nothing is zero that has no value."""
    found = metrics(log_of([]))

    assert found["inbound_volume"]["value"] == 0
    assert found["conversation_volume"]["value"] == 0
    assert found["backlog"]["value"] == 0
    assert found["first_response_time"]["mean"] is None
    assert found["first_response_time"]["n"] == 0
    assert found["response_rate"]["value"] is None
    assert found.as_of is None
    json.dumps(found.to_dict(), allow_nan=False)


def test_what_cannot_be_computed_is_named_with_the_reason() -> None:
    """Every metric is there; those without their inputs say which they lack."""
    found = metrics(log_of(MOVE))

    assert list(found) == [one.name for one in METRICS]
    assert "handling" in found.not_computed["average_handling_time"]
    assert found["average_handling_time"]["value"] is None
    assert "first_response_time" not in found.not_computed


def test_every_number_is_a_row_of_the_frame() -> None:
    """The whole has null keys, each part its own, and the statistic is a path."""
    frame = metrics(log_of(MOVE), by="channel", period="day").frame()
    median = frame.filter(
        (pl.col("metric") == "first_response_time") & (pl.col("statistic") == "survival.median")
    )

    assert frame.columns == ["channel", "period", "metric", "statistic", "value"]
    assert median.select("channel", "period", "value").rows() == [
        (None, None, 600.0),
        ("dm", "2026-03-02", None),
        ("x", "2026-03-02", 600.0),
    ]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"by": "colour"}, InvalidValue),
        ({"period": "fortnight"}, ValueError),
        ({"tz": "Europe/Lundon"}, InvalidValue),
        ({"as_of": datetime(2026, 3, 2)}, NaiveDatetime),  # noqa: DTZ001 - the point of it
        ({"policy": "nobody"}, ValueError),
    ],
)
def test_wrong_questions_are_refused(wrong: dict[str, Any], error: type[Exception]) -> None:
    """An unknown column, period, zone or preset, or a naive instant, is named."""
    with pytest.raises(error):
        metrics(log_of(MOVE), **wrong)


COUNTS = (
    ("inbound_volume", "value"),
    ("response_volume", "value"),
    ("conversation_volume", "began"),
    ("first_response_time", "n"),
    ("first_response_time", "pending"),
    ("average_response_time", "n"),
    ("average_response_time", "pending"),
    ("response_rate", "n"),
    ("resolution_time", "n"),
    ("reopen_rate", "n"),
    ("sentiment", "n"),
)


@given(
    logs(),
    policies(),
    st.sampled_from((("channel",), ("agent_id",), ("brand", "visibility"), ("automated",))),
    st.sampled_from((None, "hour", "day", "week", "month")),
)
def test_splits_add_up_to_the_whole(
    messages: list[Message], policy: MeasurementPolicy, by: tuple[str, ...], period: str | None
) -> None:
    """Every message, wait, conversation and resolution is in one part and only one."""
    log = log_of(messages)
    by = tuple(name for name in by if name in log.table.columns)
    found = metrics(log, by=by, period=period, policy=policy, tz="Europe/London")

    if not (by or period):
        return
    for name, field in COUNTS:
        parts = sum(group["metrics"][name][field] for group in found.groups)
        assert parts == found[name][field], name


@given(logs(), policies(), st.sampled_from((None, OFFICE)))
def test_no_number_is_nan_infinite_or_negative(
    messages: list[Message], policy: MeasurementPolicy, hours: BusinessHours | None
) -> None:
    """Only a sentiment may be below zero."""
    found = metrics(log_of(messages), policy=policy, hours=hours)

    for path, number in _numbers(dict(found)):
        assert math.isfinite(number), path
        assert number >= 0 or path[0] == "sentiment", path


@given(logs(), policies(), st.sampled_from((None, "channel", "agent_id")))
def test_working_in_parts_changes_no_number(
    messages: list[Message], policy: MeasurementPolicy, by: str | None
) -> None:
    """A log that is sorted and measured in tiny parts has the metrics of one that is not."""
    names = () if by not in log_of(messages).table.columns else by
    whole = metrics(log_of(messages), by=names, policy=policy, hours=OFFICE)
    with mock.patch.object(ordering, "SMALL", 0), mock.patch.object(evidence, "PART", 2):
        parts = metrics(log_of(messages), by=names, policy=policy, hours=OFFICE)

    assert parts.to_dict() == whole.to_dict()


def _numbers(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _numbers(each, (*path, key))
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each, path)
    elif isinstance(value, int | float):
        yield path, value


@given(st.data(), logs())
def test_neither_order_nor_repeats_change_a_number(
    data: st.DataObject, messages: list[Message]
) -> None:
    """Any shuffle of the same messages, some of them twice, has the same metrics."""
    again = data.draw(st.lists(st.sampled_from(messages), max_size=4)) if messages else []
    shuffled = data.draw(st.permutations([*messages, *again]))

    assert dict(metrics(log_of(shuffled))) == dict(metrics(log_of(messages)))
