"""Running numbers: they say what the metrics say of the same moment, at constant cost an event."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, bot, note
from effort import examples
from histories import MOMENTS, Step, happen, histories
from ledger import Ledger
from socialcare.desk.live import LiveNumbers
from socialcare.desk.numbers import message_log
from socialcare.desk.snapshot import Snapshot, Times, Volume
from socialcare.domain.events import Archived, Reopened, Resolved
from socialcare.domain.folding import fold
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.policy import Automated, MeasurementPolicy, Opens, Pause, Target
from socialcare.domain.states import State
from socialcare.domain.statistics import quantile
from socialcare.errors import InvalidPolicy, InvalidValue
from socialcare.plugins.memory import MemoryStore
from socialcare.plugins.protocols import Store

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
TARGETS = (timedelta(minutes=7), HOUR, DAY)


@pytest.fixture
def ledger() -> Ledger:
    """An empty log."""
    return Ledger()


def live(store: Store, **fields: Any) -> LiveNumbers:
    """Running numbers of a log."""
    return LiveNumbers(store=store, **fields)


def seen(numbers: LiveNumbers, minutes: float) -> Snapshot:
    """The numbers at a moment, caught up."""
    numbers.catch_up(now=at(minutes))
    return numbers.snapshot(now=at(minutes))


# What the metrics say, by another way


def times(seconds: Iterable[int]) -> Times:
    """Response times as the metrics have them."""
    found = sorted(seconds)
    return Times(
        n=len(found),
        mean=fmean(found) if found else None,
        median=quantile(found, 0.5),
        p90=quantile(found, 0.9),
    )


def states(store: Store) -> dict[str, State]:
    """The state of each conversation, by its events."""
    names = {logged.belongs_to for logged in store.log(None, 10_000)} - {None}
    told = {name: store.events(name) for name in names if name is not None}
    return {
        name: fold(name, own).state
        for name, own in told.items()
        if any(isinstance(getattr(each.event, "message", None), Message) for each in own)
    }


def volumes(messages: pl.DataFrame) -> dict[str, Volume]:
    """Volumes by channel, out of the message table."""
    found = {}
    for channel in sorted(messages["channel"].cast(pl.String).unique()):
        own = messages.filter(pl.col("channel") == channel).to_dicts()
        kinds = Counter(
            "notes"
            if row["visibility"] == "internal"
            else "automated"
            if row["automated"]
            else row["direction"]
            for row in own
        )
        found[channel] = Volume(**kinds)
    return found


def expected(store: Store, now: datetime, policy: MeasurementPolicy | None = None) -> Snapshot:
    """The snapshot of a moment by the engine of the metrics, over the whole log."""
    log, told = message_log(store), states(store)
    second = pl.col("sent_at").dt.epoch("s")
    start, end = epoch_second(now) - int(DAY.total_seconds()), epoch_second(now)
    waits = log.waits(policy, as_of=now).to_dicts()
    waiting = {name for name, state in told.items() if state in (State.NEW, State.OPEN)}
    opened = [w for w in waits if w["closed_at"] is None and w["conversation_id"] in waiting]
    ages = [end - epoch_second(wait["opened_at"]) for wait in opened]
    closed = [w for w in waits if w["closed_at"] and epoch_second(w["closed_at"]) > start]
    took = {
        kind: [w["calendar_seconds"] for w in closed if w["kind"] == kind]
        for kind in ("first", "next")
    }
    return Snapshot(
        at=now,
        window=DAY,
        waits_open=len(opened),
        oldest_wait=timedelta(seconds=max(ages)) if ages else None,
        older_than={each: sum(age > each.total_seconds() for age in ages) for each in TARGETS},
        first_response=times(took["first"]),
        next_response=times(took["next"]),
        responses=times([*took["first"], *took["next"]]),
        recent=volumes(log.messages().filter(second > start, second <= end)),
        total=volumes(log.messages()),
        states={state: list(told.values()).count(state) for state in State},
    )


def rounded(snapshot: Snapshot) -> Snapshot:
    """Without the last digits of means, which depend on the order of a sum."""

    def less(one: Times) -> Times:
        return attrs.evolve(one, mean=None if one.mean is None else round(one.mean, 6))

    return attrs.evolve(
        snapshot,
        first_response=less(snapshot.first_response),
        next_response=less(snapshot.next_response),
        responses=less(snapshot.responses),
    )


# The law


POLICIES = (
    MeasurementPolicy(),
    MeasurementPolicy(opens=Opens.LAST, automated=Automated.STOP),
    MeasurementPolicy(opens=Opens.EACH, automated=Automated.COUNT),
)


@settings(deadline=None, max_examples=examples(20, many=500))
@given(
    history=histories(),
    pauses=st.lists(st.sampled_from((*MOMENTS, *[None] * 20)), min_size=24, max_size=24),
    policy=st.sampled_from(POLICIES),
)
def test_running_numbers_are_the_metrics_of_the_moment(
    history: list[Step], pauses: list[timedelta | None], policy: MeasurementPolicy
) -> None:
    """Late, repeated, edited, merged, split, resolved: at every look they equal the metrics."""
    ledger, came = Ledger(), list[Message]()
    now: datetime | None = None
    numbers = live(ledger.store, older_than=TARGETS, policy=policy)
    for step, pause in zip(history, pauses, strict=False):
        happen(step, ledger, came)
        if pause is not None and came:
            now = pause + (now or came[0].sent_at)
            numbers.catch_up(now=now)

            _assert_equal(numbers, ledger.store, now, policy)
    now = DAY + (now or came[0].sent_at)
    numbers.catch_up(now=now)

    _assert_equal(numbers, ledger.store, now, policy)


def _assert_equal(
    numbers: LiveNumbers, store: Store, now: datetime, policy: MeasurementPolicy
) -> None:
    assert rounded(numbers.snapshot(now=now)) == rounded(expected(store, now, policy))


@settings(deadline=None, max_examples=examples(20, many=500))
@given(history=histories(), places=st.sets(st.integers(0, 20)))
def test_when_it_was_caught_up_makes_no_difference(history: list[Step], places: set[int]) -> None:
    """Numbers kept up to date all along equal those that are rebuilt from the log."""
    ledger, came = Ledger(), list[Message]()
    kept = live(ledger.store)
    for place, step in enumerate(history):
        happen(step, ledger, came)
        if place in places and came:
            kept.catch_up(now=min(each.sent_at for each in came))
    now = max(each.sent_at for each in came) + HOUR
    rebuilt = live(ledger.store)
    kept.catch_up(now=now)
    rebuilt.catch_up(now=now)

    assert rounded(kept.snapshot(now=now)) == rounded(rebuilt.snapshot(now=now))


# In few words


def test_nothing_has_happened_yet(ledger: Ledger) -> None:
    """An empty log has volumes of nothing, and no value where there is none."""
    found = seen(live(ledger.store, older_than=TARGETS), 0)

    assert (found.waits_open, found.oldest_wait) == (0, None)
    assert found.responses == Times(n=0, mean=None, median=None, p90=None)
    assert (found.recent, found.total) == ({}, {})
    assert set(found.states.values()) == {0}


def test_waits_are_open_until_somebody_answers(ledger: Ledger) -> None:
    """Open waits are counted with the age of the oldest, and how many are older than targets."""
    numbers = live(ledger.store, older_than=(HOUR,))
    ledger.receive(asks(0), into="c1")
    ledger.receive(asks(30), into="c2")
    before = seen(numbers, 61)
    ledger.deliver(answers(62), into="c1")
    after = seen(numbers, 63)

    assert (before.waits_open, before.oldest_wait) == (2, timedelta(minutes=61))
    assert before.older_than == {HOUR: 1}
    assert (after.waits_open, after.oldest_wait) == (1, timedelta(minutes=33))
    assert after.older_than == {HOUR: 0}


def test_a_wait_of_exactly_the_target_is_not_older(ledger: Ledger) -> None:
    """A target is kept until it has passed."""
    ledger.receive(asks(0))

    assert seen(live(ledger.store, older_than=(HOUR,)), 60).older_than == {HOUR: 0}


def test_nobody_waits_in_settled_conversations(ledger: Ledger) -> None:
    """A question that was settled without an answer is no open wait; taken up again, it is."""
    numbers = live(ledger.store)
    ledger.receive(asks(0))
    found = []
    for place, kind in enumerate((Resolved, Reopened, Archived)):
        ledger.act(kind, at(1 + place))
        found.append(seen(numbers, 10).waits_open)

    assert found == [0, 1, 0]


def test_response_times_are_those_of_the_window(ledger: Ledger) -> None:
    """A response counts for as long as it was sent within the window."""
    numbers = live(ledger.store, window=HOUR)
    ledger.receive(asks(0), answers(10), asks(20), answers(50))
    found = [seen(numbers, minutes) for minutes in (50, 69, 70, 110)]

    assert [each.first_response.median for each in found] == [600, 600, None, None]
    assert [each.next_response.median for each in found] == [1800, 1800, 1800, None]
    assert [each.responses.n for each in found] == [2, 2, 1, 0]


def test_volumes_are_by_channel_and_kind(ledger: Ledger) -> None:
    """What machines and colleagues write is apart, and the window forgets."""
    ledger.receive(asks(0), answers(1), bot(2), note(3), asks(4, channel="email"))
    numbers = live(ledger.store, window=HOUR)
    early, late = seen(numbers, 5), seen(numbers, 63)
    whole = {
        "email": Volume(inbound=1),
        "x": Volume(inbound=1, outbound=1, automated=1, notes=1),
    }

    assert (early.total, early.recent) == (whole, whole)
    assert (late.total, late.recent) == (whole, {"email": Volume(inbound=1)})


def test_what_is_stamped_later_than_now_counts_when_its_time_has_come(ledger: Ledger) -> None:
    """A channel's clock may be ahead of ours: nobody waits before the question was asked."""
    numbers = live(ledger.store)
    ledger.receive(asks(3))
    found = [seen(numbers, minutes) for minutes in (2, 4)]

    assert [each.waits_open for each in found] == [0, 1]
    assert [each.recent for each in found] == [{}, {"x": Volume(inbound=1)}]


def test_answers_stamped_later_than_now_are_none_yet(ledger: Ledger) -> None:
    """A response counts from the moment at which it was sent."""
    numbers = live(ledger.store)
    ledger.receive(asks(0), answers(5))

    assert [seen(numbers, minutes).responses.n for minutes in (4, 6)] == [0, 1]


def test_a_late_question_elsewhere_takes_an_answer_back(ledger: Ledger) -> None:
    """An answer stamped before the question that it names answers nothing, in any conversation."""
    numbers = live(ledger.store)
    ledger.receive(asks(0), answers(10, in_reply_to="m20"), into="c1")
    before = seen(numbers, 30).responses.n
    ledger.receive(asks(20), into="c2")

    assert (before, seen(numbers, 30).responses.n) == (1, 0)


def test_conversations_are_counted_by_state(ledger: Ledger) -> None:
    """Each conversation is in one state, and a merged one is none."""
    numbers = live(ledger.store)
    ledger.receive(asks(0), into="c1")
    ledger.receive(asks(0.5), into="c2")
    ledger.receive(asks(1), answers(2), into="c3")
    before = seen(numbers, 3).states
    ledger.merge("c1", "c2")
    ledger.act(Resolved, at(4), into="c3")
    after = seen(numbers, 5).states

    assert {state for state, number in before.items() if number} == {State.NEW, State.WAITING}
    assert before[State.NEW] == 2
    assert (after[State.NEW], after[State.WAITING], after[State.RESOLVED]) == (1, 0, 1)


def test_catching_up_says_how_much_was_new(ledger: Ledger) -> None:
    """Each event is read once."""
    numbers = live(ledger.store)
    ledger.receive(asks(0), asks(1))
    first = numbers.catch_up(now=at(2))
    ledger.receive(asks(3))

    assert (first, numbers.catch_up(now=at(4)), numbers.catch_up(now=at(4))) == (2, 1, 0)


def test_settings_that_make_no_sense_are_refused(ledger: Ledger) -> None:
    """A window of nothing, or a policy whose waits pause, is named with what would be right."""
    pause = Pause(states=frozenset({"hold"}), targets=frozenset({Target.FIRST_RESPONSE}))

    with pytest.raises(InvalidValue, match="a second or more"):
        live(ledger.store, window=timedelta(0))
    with pytest.raises(InvalidPolicy, match="without pauses"):
        live(ledger.store, policy=MeasurementPolicy(pauses=(pause,)))


# Cost


class Counting(MemoryStore):
    """Counts what it is asked, and how many events it gives."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()
        self.given = 0
        self.fails = False

    def log(self, after: str | None, limit: int) -> Any:
        """A page."""
        self.calls["log"] += 1
        found = super().log(after, limit)
        self.given += len(found)
        return found

    def events(self, conversation: str | None) -> Any:
        """A conversation."""
        self.calls["events"] += 1
        if self.fails:
            raise OSError(conversation)
        found = super().events(conversation)
        self.given += len(found)
        return found

    def around(self, asked: Any) -> Any:
        """Rows around."""
        self.calls["around"] += 1
        return super().around(asked)

    def summaries(self, ids: Any) -> Any:
        """Summaries."""
        self.calls["summaries"] += 1
        return super().summaries(ids)

    def page(self, page: Any) -> Any:
        """A page of a queue."""
        self.calls["page"] += 1
        return super().page(page)


def cost_of_one_more(size: int) -> tuple[dict[str, int], int]:
    """What the store is asked for one more message, after so many conversations."""
    store = Counting()
    ledger, numbers = Ledger(store), live(store)
    for number in range(size):
        ledger.receive(asks(number, customer_id=f"c{number}"), into=f"c{number}")
    numbers.catch_up(now=at(size))
    ledger.deliver(answers(size, in_reply_to="m3"), into="c3")
    store.calls.clear()
    store.given = 0
    numbers.catch_up(now=at(size))
    return dict(store.calls), store.given


def test_an_event_costs_the_same_in_a_log_of_any_size() -> None:
    """One event asks for two pages, its message, its summary and its conversation, and no more."""
    calls, given = cost_of_one_more(10)

    assert calls == {"log": 2, "around": 1, "summaries": 1, "events": 1}
    assert given == 3
    assert cost_of_one_more(200) == (calls, given)


def test_what_is_over_is_not_read_again() -> None:
    """A log is rebuilt from without reading the conversations of which there is nothing to say."""
    store = Counting()
    ledger = Ledger(store)
    for number in range(20):
        ledger.receive(asks(number), answers(number + 0.5), into=f"c{number}")
    store.calls.clear()
    seen(live(store), 10_000)

    assert store.calls == {"log": 2, "around": 1, "summaries": 1}


def test_memory_holds_only_who_waits_or_was_answered_lately(ledger: Ledger) -> None:
    """After the window nothing is held of conversations in which nobody waits."""
    numbers = live(ledger.store, window=HOUR)
    for number in range(20):
        ledger.receive(asks(number), answers(number + 0.5), into=f"c{number}")
    ledger.receive(asks(21), into="waits")
    held = []
    for minutes in (30, 5_000):
        numbers.catch_up(now=at(minutes))
        held.append(numbers.held)

    assert held == [21, 1]


def test_a_store_that_fails_counts_nothing_twice() -> None:
    """A page that could not be taken in is taken in as a whole the next time."""
    store = Counting()
    ledger, numbers = Ledger(store), live(store)
    ledger.receive(asks(0), answers(1))
    store.fails = True

    with pytest.raises(OSError, match="c1"):
        numbers.catch_up(now=at(2))
    store.fails = False
    assert seen(numbers, 2).total == {"x": Volume(inbound=1, outbound=1)}


def test_several_threads_may_ask_at_once(ledger: Ledger) -> None:
    """Whoever catches up, each event is counted once."""
    ledger.receive(*(asks(minute) for minute in range(60)))
    numbers = live(ledger.store)
    with ThreadPoolExecutor(4) as pool:
        read = sum(pool.map(lambda _: numbers.catch_up(now=at(60)), range(8)))

    assert read == 60
    assert numbers.snapshot(now=at(60)).total == {"x": Volume(inbound=60)}
