"""What a book of rules would have done to a log."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NINE, answers, asks, bot, peer
from socialcare.analytics.backtest import backtest
from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.analytics.ranking import ranked
from socialcare.analytics.replay import Line, replayed
from socialcare.analytics.subjects import Around, subjects
from socialcare.analytics.values import table
from socialcare.analytics.volume import times_usual
from socialcare.domain.hours import BusinessHours
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.priority import RuleBook
from socialcare.domain.volume import HOUR, WEEK
from spoken import log_of

TIERS = ("first", "second", "noise")


def book(*rules: tuple[str, str] | dict[str, object], **given: object) -> RuleBook:
    """A book of queries with their priorities; each rule is called by its query."""
    each = [
        rule if isinstance(rule, dict) else {"name": rule[0], "query": rule[0], "priority": rule[1]}
        for rule in rules
    ]
    return RuleBook.from_mapping({"rules": each, **given})


def log(*messages: Message) -> MessageLog:
    """The log of these messages."""
    return log_of(messages)


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of some columns."""
    return frame.select(columns).rows()


TALK = (
    asks(0, text="Where is my late parcel?"),
    asks(1, text="It is so late"),
    answers(10, text="On its way"),
    asks(20, text="Thanks"),
    asks(5, customer_id="bo", text="Nice shop"),
    answers(30, customer_id="bo"),
    asks(6, customer_id="cy", text="late again"),
)
LATE = book(("late", "first/1"), ("is:question", "first/2"), ("thanks", "second/1"), name="late")
ASKS = book(("is:question", "first/1"), ("late", "second/1"), name="asks")


def test_every_customer_message_is_ranked_as_when_it_was_sent() -> None:
    """What the brand, its machines and peers wrote is not."""
    frame = ranked(log(*TALK, bot(2, text="late"), peer(3, text="late")), LATE)

    assert sorted(rows(frame, "message_id", "tier", "level", "rule")) == [
        ("m0", "first", 1, "late"),
        ("m1", "first", 1, "late"),
        ("m20", "second", 1, "thanks"),
        ("m5", "noise", 1, None),
        ("m6", "first", 1, "late"),
    ]


def test_ranked_messages_say_why() -> None:
    """Words as they stand in the text, and the facts that were used."""
    frame = ranked(log(asks(0, text="LATE 😡")), book(("(late OR 😡) is:inbound", "first")))

    assert frame["words"].to_list() == [["LATE", "😡"]]
    assert frame["facts"].to_list() == [["is: inbound"]]


def test_rules_are_in_force_when_the_message_was_sent() -> None:
    """Not when the backtest is made."""
    rule = {
        "name": "late",
        "query": "late",
        "priority": "first",
        "since": NINE + timedelta(minutes=1),
    }
    found = backtest(log(*TALK), book(rule))

    assert rows(found.rules, "rule", "in_force", "matched", "decided") == [("late", 4, 2, 2)]


def test_changes_name_both_decisions() -> None:
    """One row a message whose priority changes, in order of time."""
    found = backtest(log(*TALK), LATE, ASKS)
    names = ("message_id", "tier_before", "rule_before", "tier_after", "rule_after", "text")

    assert rows(found.changes, *names) == [
        ("m1", "first", "late", "second", "late", "It is so late"),
        ("m6", "first", "late", "second", "late", "late again"),
        ("m20", "second", "thanks", "noise", None, "Thanks"),
    ]
    assert found.changed == 3


def test_counts_go_from_tier_to_tier() -> None:
    """Every pair of tiers is there, with its share of all messages."""
    counts = backtest(log(*TALK), LATE, ASKS).counts

    assert [row for row in counts.rows() if row[2]] == [
        ("first", "first", 1, 0.2),
        ("first", "second", 2, 0.4),
        ("second", "noise", 1, 0.2),
        ("noise", "noise", 1, 0.2),
    ]
    assert counts.height == 9


def test_rules_say_what_they_lost_and_to_whom() -> None:
    """A rule that held and came too late lost to the one that decided."""
    found = backtest(log(*TALK), LATE)

    assert rows(found.rules, "rule", "matched", "decided", "lost") == [
        ("late", 3, 3, 0),
        ("is:question", 1, 0, 1),
        ("thanks", 1, 1, 0),
    ]
    assert rows(found.losses, "rule", "lost_to", "messages") == [("is:question", "late", 1)]


def test_conflicts_are_between_tiers() -> None:
    """Two rules that held at once with other tiers are one pair; within a tier they are none."""
    found = backtest(log(*TALK), LATE, ASKS)

    assert found.conflicts.rows() == [("after", "is:question", "late", 1, "first", "second")]


def test_waits_have_the_highest_priority_of_their_messages() -> None:
    """Response times are split by it, with the pending beside the answered."""
    found = backtest(log(*TALK), LATE)
    shown = found.response_times.filter(pl.col("n") + pl.col("pending") > 0)

    assert rows(shown, "tier", "kind", "clock", "n", "pending", "median") == [
        ("first", "first", "calendar", 1, 1, 600.0),
        ("second", "next", "calendar", 0, 1, None),
        ("noise", "first", "calendar", 1, 0, 1500.0),
    ]


def test_answers_go_to_those_whose_turn_it_is() -> None:
    """The second answer goes to cy, who is of the first tier, and not to bo, who is noise."""
    found = backtest(log(*TALK), LATE)
    shown = found.predicted.filter(pl.col("n") + pl.col("pending") > 0)

    assert rows(shown, "tier", "kind", "n", "pending", "median") == [
        ("first", "first", 2, 0, (600 + 24 * 60) / 2),
        ("second", "next", 0, 1, None),
        ("noise", "first", 0, 1, None),
    ]


def test_business_time_is_there_where_hours_are() -> None:
    """Both clocks stand beside each other."""
    hours = BusinessHours.from_mapping({"timezone": "UTC", "weekly": {"mon": ["09:05-17:00"]}})
    found = backtest(log(*TALK), LATE, hours=hours)
    first = found.response_times.filter((pl.col("tier") == "first") & (pl.col("n") > 0))

    assert rows(first, "clock", "median") == [("calendar", 600.0), ("business", 300.0)]


def test_a_book_against_itself_changes_nothing() -> None:
    """And both sides of every frame are alike."""
    found = backtest(log(*TALK), LATE, LATE)
    before, after = (
        found.predicted.filter(pl.col("book") == name).drop("book") for name in ("before", "after")
    )

    assert found.changed == found.changes.height == 0
    assert before.equals(after)


def test_an_empty_log_has_an_empty_backtest() -> None:
    """Every frame is there, without a number made up."""
    found = backtest(log(), LATE, ASKS)

    assert found.messages == 0
    assert found.as_of is None
    assert found.counts["share"].null_count() == 9
    assert found.to_dict()["rules"][0]["matched"] == 0


def test_frames_are_of_the_kind_that_was_read() -> None:
    """Somebody who brought pandas gets pandas."""
    brought = MessageLog.of(table(TALK), log(*TALK).quality, kind="pandas")
    found = backtest(brought, LATE, ASKS)

    assert isinstance(found.changes, pd.DataFrame)
    assert isinstance(ranked(brought, LATE), pd.DataFrame)


def test_summary_tells_what_changes_and_what_is_idle() -> None:
    """A few lines for a screen."""
    lines = str(backtest(log(*TALK), LATE, ASKS)).splitlines()

    assert lines[0] == "late 1 -> asks 1: 3 of 5 customer messages change their tier"
    assert "  rule 'is:question' of late 1 always came too late" in lines


def known(fields: set[str], *messages: Message) -> dict[str, Any]:
    """The subjects of a log, by the ids of their messages."""
    measured = log(*messages).measured()
    found = subjects(measured, Around.of(measured, fields))
    return {subject.message.id: subject for subject in found}


def test_a_log_knows_how_long_a_customer_has_waited() -> None:
    """From the first message that nobody answered, as of each message."""
    found = known(set(), *TALK)

    assert [found[each].waiting for each in ("m0", "m1", "m20")] == [
        timedelta(), timedelta(minutes=1), timedelta()
    ]  # fmt: skip


def test_a_log_knows_earlier_conversations_of_a_customer() -> None:
    """With the same brand; nothing is known of nobody."""
    days = 24 * 60
    found = known(
        set(),
        asks(0),
        asks(3 * days),
        asks(4, id="other brand", brand="b"),
        asks(5, id="bo", customer_id="bo"),
        asks(6 * days),
    )

    assert {id_: subject.earlier for id_, subject in found.items()} == {
        "m0": 0, f"m{3 * days}": 1, f"m{6 * days}": 2, "other brand": 0, "bo": 0
    }  # fmt: skip


def test_a_log_knows_what_an_export_says() -> None:
    """What needs a response, merits attention or never addressed the brand."""
    frame = table([asks(0, account="brand")]).with_columns(
        needs_response=True, merits_attention=False, indirect=True
    )
    quality = Quality(source="test", format="test", rows=1, kept=1)
    measured = MessageLog.of(frame, quality).measured()
    (subject,) = subjects(measured, Around.of(measured, set()))

    assert [(each.sense.value, each.value) for each in subject.annotations] == [
        ("needs_answer", True),
        ("needs_attention", False),
    ]
    assert subject.found_by == ("export",)
    assert subject.accounts == {"brand"}


def test_volume_is_unknown_at_first() -> None:
    """In the first week there is nothing to compare with."""
    found = known({"volume"}, *TALK)

    assert found["m0"].volume is None


def test_volume_rises_with_what_is_said_in_an_hour() -> None:
    """Twenty messages where ten are usual: (20 + 5) / (10 + 5)."""
    usual = [WEEK + each for each in range(10)]
    now = [2 * WEEK + each for each in range(20)]
    second = np.array([0, *usual, *now])
    found = times_usual(second * 0, second, second * 0 - HOUR)

    assert found[-1] == pytest.approx((20 + 5) / (5 + 5.5))


def test_topics_do_not_mix() -> None:
    """What is said about another topic makes no difference."""
    second = np.array([HOUR, WEEK + 2 * HOUR, WEEK + 2 * HOUR, WEEK + 2 * HOUR])
    alone = times_usual(np.array([0, 0, 1, 1]), second, second * 0)

    assert alone[1] == pytest.approx(6 / 5)


LINES = st.lists(
    st.tuples(
        st.integers(0, 50), st.none() | st.integers(0, 30), st.sampled_from([0.0, 10.0, np.inf])
    ),
    max_size=12,
)


def line(drawn: list[tuple[int, int | None, float]]) -> tuple[Line, np.ndarray[Any, Any]]:
    """Waits of one message each: when asked, after how long answered, with what allowance."""
    asked = np.array([each[0] for each in drawn], np.int64)
    took = [(-1 if each[1] is None else each[0] + each[1]) for each in drawn]
    waits = Line(
        asked=asked,
        answered=np.array(took, np.int64),
        queue=asked * 0,
        wait=np.arange(len(drawn)),
        second=asked,
    )
    return waits, np.array([each[2] for each in drawn], np.float64)


@given(LINES)
def test_replay_answers_as_often_and_at_the_same_instants(
    drawn: list[tuple[int, int | None, float]],
) -> None:
    """Nobody is answered before asking, and no answer is lost or made up."""
    waits, allowance = line(drawn)
    closed = replayed(waits, allowance)

    assert sorted(closed[closed >= 0]) == sorted(waits.answered[waits.answered >= 0])
    assert (closed[closed >= 0] >= waits.asked[closed >= 0]).all()


@given(LINES)
def test_nobody_overtakes_whose_turn_is_later(drawn: list[tuple[int, int | None, float]]) -> None:
    """Of two who wait at once, the one with the earlier turn is answered first."""
    waits, allowance = line(drawn)
    closed = np.where((found := replayed(waits, allowance)) < 0, np.iinfo(np.int64).max, found)
    turn = waits.asked + allowance
    pairs = permutations(range(len(turn)), 2)
    wrong = [
        (first, then)
        for first, then in pairs
        if turn[first] < turn[then] and waits.asked[first] <= closed[then] < closed[first]
    ]

    assert wrong == []


def test_a_later_message_raises_a_wait_from_when_it_was_sent() -> None:
    """Nobody knows before that it will come."""
    waits = Line(
        asked=np.array([0, 5]),
        answered=np.array([8, 30]),
        queue=np.array([0, 0]),
        wait=np.array([0, 0, 1]),
        second=np.array([0, 10, 5]),
    )
    closed = replayed(waits, np.array([np.inf, 0.0, 100.0]))

    assert closed.tolist() == [30, 8]


def test_brands_have_queues_of_their_own() -> None:
    """An answer of one brand never goes to a customer of another."""
    waits = Line(
        asked=np.array([0, 1]),
        answered=np.array([-1, 5]),
        queue=np.array([0, 1]),
        wait=np.array([0, 1]),
        second=np.array([0, 1]),
    )
    closed = replayed(waits, np.array([0.0, np.inf]))

    assert closed.tolist() == [-1, 5]


TEXTS = st.lists(
    st.builds(
        lambda minute, who, text, ours: (
            answers(minute, id=f"{minute}{who}a", customer_id=who)
            if ours
            else asks(minute, id=f"{minute}{who}q", customer_id=who, text=text)
        ),
        st.integers(0, 4000),
        st.sampled_from(["ada", "bo", "cy"]),
        st.sampled_from(["late", "late?", "thanks", "why?", "hm"]),
        st.booleans(),
    ),
    max_size=15,
    unique_by=lambda message: message.id,
)
BOOKS = st.lists(
    st.tuples(
        st.sampled_from(["late", "is:question", "thanks", "NOT late", "waiting:>5m", "is:new"]),
        st.sampled_from(["first/1", "first/2", "second/1", "noise"]),
    ),
    max_size=4,
    unique_by=lambda rule: rule[0],
).map(lambda rules: book(*rules))
POLICIES = st.sampled_from(
    [MeasurementPolicy.from_mapping({"opens": opens}) for opens in ("first", "last", "each")]
)


@settings(max_examples=20)
@given(messages=TEXTS, one=BOOKS, other=BOOKS, policy=POLICIES)
def test_numbers_add_up(
    messages: list[Message], one: RuleBook, other: RuleBook, policy: MeasurementPolicy
) -> None:
    """Every message is counted once, every wait too, and what changed is what is listed."""
    whole = log(*messages)
    found = backtest(whole, one, other, policy=policy)
    waits = whole.waits(policy)
    tiers = found.changes.filter(pl.col("tier_before") != pl.col("tier_after"))

    assert found.counts["messages"].sum() == found.messages == ranked(whole, one).height
    assert tiers.height == found.changed
    assert (found.rules["matched"] == found.rules["decided"] + found.rules["lost"]).all()
    assert found.losses["messages"].sum() == found.rules["lost"].sum()
    for times in (found.response_times, found.predicted):
        for name in ("before", "after"):
            mine = times.filter(pl.col("book") == name)
            assert mine["n"].sum() == (~waits["pending"]).sum()
            assert mine["pending"].sum() == waits["pending"].sum()


@settings(max_examples=20)
@given(messages=TEXTS, rules=BOOKS)
def test_ranks_are_those_of_the_book(messages: list[Message], rules: RuleBook) -> None:
    """Each tier has as many messages as `ranked` says."""
    whole = log(*messages)
    counts = backtest(whole, rules).counts.filter(pl.col("before") == pl.col("after"))
    counted = ranked(whole, rules)["tier"].to_list()

    assert counts["messages"].to_list() == [counted.count(tier) for tier in TIERS]
