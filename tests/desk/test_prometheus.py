"""Prometheus: what its own parser makes of the numbers."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import exposition
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as openmetrics_families,
)
from prometheus_client.parser import text_string_to_metric_families

from builders import answers, asks, at, bot
from ledger import Ledger
from socialcare.desk.live import LiveNumbers
from socialcare.desk.prometheus import expose
from socialcare.errors import MissingExtra
from socialcare.plugins.memory import MemoryStore

HOUR = timedelta(hours=1)


@pytest.fixture
def ledger() -> Ledger:
    """An empty log."""
    return Ledger()


def clock_at(minutes: float) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: at(minutes)


def families(ledger: Ledger, minutes: float) -> Mapping[str, Metric]:
    """What a registry says at a moment, read back, by name."""
    registry = CollectorRegistry()
    numbers = LiveNumbers(store=ledger.store, older_than=(HOUR,))
    expose(numbers, registry, clock=clock_at(minutes))
    text = generate_latest(registry).decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def values(family: Metric) -> dict[tuple[str, ...], float]:
    """Its samples by the values of their labels, in order of the names of these."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for sample in family.samples
    }


def test_open_waits_are_gauges(ledger: Ledger) -> None:
    """How many, how old the oldest is, and how many are older than a target."""
    ledger.receive(asks(0), into="c1")
    ledger.receive(asks(60), into="c2")
    found = families(ledger, 90)

    assert found["socialcare_waits_open"].type == "gauge"
    assert values(found["socialcare_waits_open"]) == {(): 2}
    assert values(found["socialcare_wait_age_seconds_max"]) == {(): 5400}
    assert values(found["socialcare_waits_open_older"]) == {("3600",): 1}


def test_response_times_have_quantiles(ledger: Ledger) -> None:
    """Median and nine in ten of first and of later responses."""
    ledger.receive(asks(0), answers(10), into="c1")
    ledger.receive(asks(0.5), answers(20.5), asks(30), answers(31), into="c2")
    found = families(ledger, 60)

    assert values(found["socialcare_response_time_seconds"]) == {
        ("0.5", "first"): 900,
        ("0.9", "first"): 1140,
        ("0.5", "next"): 60,
        ("0.9", "next"): 60,
    }
    assert values(found["socialcare_response_time_seconds_mean"]) == {
        ("first",): 900,
        ("next",): 60,
    }
    assert values(found["socialcare_responses_recent"]) == {("first",): 2, ("next",): 1}


def test_messages_are_a_counter_by_kind_and_channel(ledger: Ledger) -> None:
    """All messages ever are a counter, those of the window a gauge."""
    ledger.receive(asks(0), answers(1), bot(2_000))
    found = families(ledger, 2_001)
    total, recent = found["socialcare_messages"], found["socialcare_messages_recent"]

    assert (total.type, recent.type) == ("counter", "gauge")
    assert [sample.name for sample in total.samples] == ["socialcare_messages_total"] * 4
    assert values(total) == {
        ("x", "inbound"): 1,
        ("x", "outbound"): 1,
        ("x", "automated"): 1,
        ("x", "note"): 0,
    }
    assert values(recent)["x", "inbound"] == 0
    assert values(recent)["x", "automated"] == 1


def test_conversations_are_gauges_by_state(ledger: Ledger) -> None:
    """Every state is there, also those in which no conversation is."""
    ledger.receive(asks(0), answers(1))

    assert values(families(ledger, 2)["socialcare_conversations"]) == {
        ("new",): 0,
        ("open",): 0,
        ("waiting",): 1,
        ("resolved",): 0,
        ("archived",): 0,
    }


def test_what_has_no_value_is_absent(ledger: Ledger) -> None:
    """Where nobody waits and nothing was answered there is no 0 to be taken for a time."""
    found = families(ledger, 0)

    assert values(found["socialcare_wait_age_seconds_max"]) == {}
    assert values(found["socialcare_response_time_seconds"]) == {}
    assert values(found["socialcare_waits_open"]) == {(): 0}


def test_each_scrape_catches_up(ledger: Ledger) -> None:
    """The registry is asked again and again, and each time says what is so now."""
    registry = CollectorRegistry()
    expose(LiveNumbers(store=ledger.store), registry, clock=clock_at(5))
    before = registry.get_sample_value("socialcare_waits_open")
    ledger.receive(asks(0))

    assert (before, registry.get_sample_value("socialcare_waits_open")) == (0, 1)


def test_names_are_those_of_open_metrics_too(ledger: Ledger) -> None:
    """The stricter parser finds nothing wrong with names and units."""
    ledger.receive(asks(0), answers(10), asks(20))
    registry = CollectorRegistry()
    expose(LiveNumbers(store=ledger.store), registry, clock=clock_at(30))
    text = exposition.generate_latest(registry).decode()  # type: ignore[no-untyped-call]  # so it is
    found = openmetrics_families(text)  # type: ignore[no-untyped-call]  # likewise

    assert {family.name for family in found} == {
        "socialcare_waits_open",
        "socialcare_wait_age_seconds_max",
        "socialcare_waits_open_older",
        "socialcare_response_time_seconds",
        "socialcare_response_time_seconds_mean",
        "socialcare_responses_recent",
        "socialcare_messages",
        "socialcare_messages_recent",
        "socialcare_conversations",
    }


def test_registering_reads_nothing() -> None:
    """A host can register before its database is there; the names are known at once."""

    class Absent(MemoryStore):
        def log(self, after: str | None, limit: int) -> tuple[()]:
            raise OSError(after, limit)

    registry = CollectorRegistry()
    numbers = LiveNumbers(store=Absent())
    expose(numbers, registry, clock=clock_at(0))

    with pytest.raises(ValueError, match="socialcare_waits_open"):
        expose(numbers, registry, clock=clock_at(0))


def test_collectors_can_be_unregistered(ledger: Ledger) -> None:
    """What was registered is given back, and can be taken out again."""
    registry = CollectorRegistry()
    collector = expose(LiveNumbers(store=ledger.store), registry, clock=clock_at(0))
    registry.unregister(collector)

    assert generate_latest(registry) == b""


def test_without_the_library_the_extra_is_named(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra that brings the client library is said."""
    registry = CollectorRegistry()
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    with pytest.raises(MissingExtra, match=r"socialcare\[prometheus\]"):
        expose(LiveNumbers(store=ledger.store), registry, clock=clock_at(0))
