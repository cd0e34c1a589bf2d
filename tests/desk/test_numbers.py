"""The metrics of a desk: those that an analyst computes from its export."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, note, peer
from effort import examples
from histories import Step, happen, histories
from ledger import Ledger
from socialcare import analytics
from socialcare.desk.export import export
from socialcare.desk.numbers import message_log, metrics
from socialcare.domain.events import Assigned, HandlingStarted, HandlingStopped, Reopened, Resolved
from socialcare.domain.hours import BusinessHours
from socialcare.domain.message import Message
from socialcare.domain.threading import Given, ThreadingPolicy
from socialcare.errors import InvalidValue, MissingExtra

NOW = at(2_000_000)
HOURS = BusinessHours.from_mapping(
    {"timezone": "Europe/London", "weekly": {"mon": ["09:00-17:30"], "tue": ["10:00-12:00"]}}
)
ENDINGS = ("", ".csv", ".jsonl", ".parquet")


@pytest.fixture
def ledger() -> Ledger:
    """An empty log."""
    return Ledger()


def numbers_of(found: analytics.Metrics) -> dict[str, Any]:
    """Everything that was computed; what reading found is the reader's."""
    return {name: value for name, value in found.to_dict().items() if name != "quality"}


@settings(deadline=None, max_examples=examples(12, many=300))
@given(
    history=histories(),
    by=st.sampled_from(((), "channel", ("agent_id", "category"))),
    period=st.sampled_from((None, "day")),
    hours=st.sampled_from((None, HOURS)),
    policy=st.sampled_from((None, "zendesk")),
)
def test_metrics_of_the_log_are_those_of_its_export(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Step],
    by: Any,
    period: str | None,
    hours: BusinessHours | None,
    policy: str | None,
) -> None:
    """Whatever happened at a desk, the analyst's door computes the same from the folder."""
    ledger, came = Ledger(), list[Message]()
    for step in history:
        happen(step, ledger, came)
    folder = tmp_path_factory.mktemp("numbers") / "care"
    export(ledger.store, folder)
    log = analytics.read(folder, now=NOW)
    wanted: dict[str, Any] = {"by": by, "period": period, "hours": hours, "policy": policy}

    assert numbers_of(metrics(ledger.store, **wanted)) == numbers_of(
        analytics.metrics(log, **wanted)
    )


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda each: each or "folder")
def test_every_kind_of_export_gives_the_same_numbers(
    ledger: Ledger, tmp_path: Path, ending: str
) -> None:
    """Where nothing lies beside the messages, all files say the same."""
    ledger.receive(asks(0, sentiment=-0.5), answers(5), peer(6), note(7), asks(60, sentiment=0.5))
    ledger.receive(answers(70, customer_id=None), into=None)
    export(ledger.store, tmp_path / f"care{ending}")
    log = analytics.read(tmp_path / f"care{ending}", now=NOW)

    assert numbers_of(metrics(ledger.store)) == numbers_of(analytics.metrics(log))


def test_conversations_are_those_of_the_desk(ledger: Ledger) -> None:
    """What people merged is one conversation, however far apart its messages are."""
    ledger.receive(asks(0), into="c1")
    ledger.receive(asks(100_000), answers(100_005), into="c2")
    before = metrics(ledger.store)["conversation_volume"]["began"]
    ledger.merge("c1", "c2")

    assert (before, metrics(ledger.store)["conversation_volume"]["began"]) == (2, 1)


def test_what_people_did_is_measured(ledger: Ledger) -> None:
    """Resolutions, reopenings and time spent come from the log."""
    ledger.receive(asks(0), answers(5))
    ledger.act(Assigned, at(1), agent_id="anna")
    ledger.act(HandlingStarted, at(2), agent_id="anna")
    ledger.act(HandlingStopped, at(5), agent_id="anna")
    ledger.act(Resolved, at(6))
    ledger.act(Reopened, at(8))
    ledger.act(Resolved, at(10))
    found = metrics(ledger.store)

    assert found["total_handling_time"]["value"] == 180
    assert found["resolution_time"]["median"] == 600
    assert found["time_to_first_resolution"]["median"] == 360
    assert (found["reopen_rate"]["k"], found["reopen_rate"]["n"]) == (1, 1)


def test_an_empty_log_has_no_numbers(ledger: Ledger) -> None:
    """Volumes of nothing are 0, and everything else has no value."""
    found = metrics(ledger.store)

    assert found["inbound_volume"]["value"] == 0
    assert found["first_response_time"]["median"] is None
    assert found.as_of is None


def test_numbers_of_an_earlier_moment(ledger: Ledger) -> None:
    """What came after `as_of` is left out."""
    ledger.receive(asks(0), answers(5))

    assert metrics(ledger.store, as_of=at(2))["backlog"] == {
        "unit": "conversations",
        "value": 1,
        "oldest": 120,
    }


def test_metrics_name_the_threading_of_the_desk(ledger: Ledger) -> None:
    """The gap that made the conversations is told, and they are kept as they are."""
    threading = ThreadingPolicy(gap=timedelta(hours=2), given=Given.IGNORE)
    ledger.receive(asks(0), asks(600))
    found = metrics(ledger.store, threading=threading)

    assert found.threading == ThreadingPolicy(gap=timedelta(hours=2))
    assert found["conversation_volume"]["began"] == 1


def test_columns_that_are_not_there_are_refused(ledger: Ledger) -> None:
    """A split by what no message has says what there is."""
    with pytest.raises(InvalidValue, match="columns of the messages"):
        metrics(ledger.store, by="colour")


def test_the_log_can_be_had_as_an_analyst_has_it(ledger: Ledger) -> None:
    """Frames of messages, waits and conversations, as from any export."""
    ledger.receive(asks(0), answers(5))
    log = message_log(ledger.store)

    assert log.waits()["calendar_seconds"].to_list() == [300]
    assert log.quality.rows == 2


@pytest.fixture
def no_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """As though the extra `analytics` was not installed."""
    for name in [name for name in sys.modules if name.startswith("socialcare.analytics")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "polars", None)


@pytest.mark.usefixtures("no_frames")
@pytest.mark.parametrize("asked", [metrics, message_log])
def test_numbers_without_the_extra_say_what_to_install(ledger: Ledger, asked: Any) -> None:
    """A desk without frame libraries names the extra that brings them."""
    with pytest.raises(MissingExtra, match=r"socialcare\[analytics\]"):
        asked(ledger.store)


@pytest.mark.usefixtures("no_frames")
def test_parquet_without_the_extra_says_what_to_install(ledger: Ledger, tmp_path: Path) -> None:
    """The other kinds of files need no extra."""
    ledger.receive(asks(0))

    assert [export(ledger.store, tmp_path / f"care{each}") for each in ("", ".csv", ".jsonl")]
    with pytest.raises(MissingExtra, match=r"socialcare\[analytics\]"):
        export(ledger.store, tmp_path / "care.parquet")
