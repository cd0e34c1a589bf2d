"""Prometheus: running numbers in the words of its client library, on a registry of the host's.

    expose(numbers, registry, clock=lambda: datetime.now(UTC))

Whenever the registry is asked, the numbers catch up with the log first. What has no value is left
out, and is never 0. Needs the extra `prometheus`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from socialcare.desk.live import LiveNumbers
from socialcare.desk.snapshot import Snapshot, Times, Volume
from socialcare.errors import MissingExtra

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric


def expose(
    numbers: LiveNumbers, registry: "CollectorRegistry", *, clock: Callable[[], datetime]
) -> "Collector":
    """The collector that was registered; the registry can unregister it.

    Args:
        numbers: The running numbers.
        registry: Where they are to be found, such as `prometheus_client.REGISTRY`.
        clock: Gives the time, aware, when the numbers are asked for.

    Raises:
        MissingExtra: If the extra `prometheus` is not installed.
    """
    _client()
    collector = Collector(numbers=numbers, clock=clock)
    registry.register(collector)
    return collector


def _client() -> None:
    try:
        import prometheus_client
    except ImportError as error:
        raise MissingExtra("prometheus", module=error.name or "prometheus_client") from error
    del prometheus_client


@attrs.frozen(kw_only=True, eq=False)
class Collector:
    """What a registry asks for metrics.

    Attributes:
        numbers: The running numbers.
        clock: Gives the time.
    """

    numbers: LiveNumbers
    clock: Callable[[], datetime]

    def describe(self) -> Iterable["Metric"]:
        """The metrics without values: their names, for which nothing need be read."""
        return _families(None)

    def collect(self) -> Iterable["Metric"]:
        """The metrics as they are now."""
        now = self.clock()
        self.numbers.catch_up(now=now)
        return _families(self.numbers.snapshot(now=now))


def _families(now: Snapshot | None) -> Iterator["Metric"]:
    """Every metric; without samples if there is no snapshot."""
    yield from _of_waits(now)
    yield from _of_responses(now)
    yield from _of_messages(now)
    states = _gauge("conversations", "Conversations by state.", "state")
    for state, number in now.states.items() if now else ():
        states.add_metric((state.value,), number)
    yield states


def _of_waits(now: Snapshot | None) -> Iterator["Metric"]:
    waiting = _gauge("waits_open", "Customers' waits for a response that are open.")
    oldest = _gauge("wait_age_seconds_max", "The age of the oldest open wait; absent if none is.")
    older = _gauge(
        "waits_open_older", "Open waits that are older than so many seconds.", "than_seconds"
    )
    if now is not None:
        waiting.add_metric((), now.waits_open)
        if now.oldest_wait is not None:
            oldest.add_metric((), now.oldest_wait.total_seconds())
        for target, number in now.older_than.items():
            older.add_metric((f"{target.total_seconds():g}",), number)
    yield from (waiting, oldest, older)


def _of_responses(now: Snapshot | None) -> Iterator["Metric"]:
    told = (
        "of the responses in the sliding window; wait says whether to a first or a later question."
    )
    quantiles = _gauge("response_time_seconds", f"Quantiles {told}", "wait", "quantile")
    mean = _gauge("response_time_seconds_mean", f"The mean {told}", "wait")
    count = _gauge("responses_recent", f"The number {told}", "wait")
    for wait, times in _by_wait(now).items():
        _add(quantiles, (wait, "0.5"), times.median)
        _add(quantiles, (wait, "0.9"), times.p90)
        _add(mean, (wait,), times.mean)
        _add(count, (wait,), times.n)
    yield from (quantiles, mean, count)


def _by_wait(now: Snapshot | None) -> Mapping[str, Times]:
    return {"first": now.first_response, "next": now.next_response} if now else {}


def _of_messages(now: Snapshot | None) -> Iterator["Metric"]:
    told = "by channel and by what they are: inbound, outbound, automated, note."
    total = _counter("messages", f"All messages of the log, {told}", "kind", "channel")
    recent = _gauge("messages_recent", f"Messages of the window, {told}", "kind", "channel")
    if now is not None:
        _add_volumes(total, now.total)
        _add_volumes(recent, now.recent)
    yield from (total, recent)


def _add_volumes(
    family: "GaugeMetricFamily | CounterMetricFamily", volumes: Mapping[str, Volume]
) -> None:
    for channel, volume in volumes.items():
        for kind, number in volume.counts().items():
            family.add_metric((kind.value, channel), number)


def _add(family: "GaugeMetricFamily", labels: tuple[str, ...], value: float | None) -> None:
    if value is not None:
        family.add_metric(labels, value)


def _gauge(name: str, told: str, *labels: str) -> "GaugeMetricFamily":
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(f"socialcare_{name}", told, labels=labels)


def _counter(name: str, told: str, *labels: str) -> "CounterMetricFamily":
    from prometheus_client.core import CounterMetricFamily

    return CounterMetricFamily(f"socialcare_{name}", told, labels=labels)
