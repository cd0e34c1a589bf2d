"""Stretches in another time zone are named; mere disorder is not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from socialcare.analytics.readers import read
from socialcare.analytics.readers.findings import ROW
from socialcare.analytics.readers.zones import HOUR, shifted

NOW = datetime(2026, 6, 1, tzinfo=UTC)
START = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there")


def frame(sent: "np.ndarray", received: "np.ndarray | None" = None) -> pl.DataFrame:
    """Messages of one channel with these seconds, in this order."""
    columns = {"sent_at": sent} if received is None else {"sent_at": sent, "received_at": received}
    return pl.DataFrame(columns).select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW),
        pl.int_range(pl.len()).cast(pl.String).alias("message_id"),
        *(
            pl.from_epoch(pl.col(name), time_unit="s")
            .dt.cast_time_unit("us")
            .dt.replace_time_zone("UTC")
            .alias(name)
            for name in columns
        ),
        pl.lit("x").alias("channel"),
    )


def lines(rows: Sequence[int]) -> list[int | None]:
    """Rows of a plain file."""
    return [row + 2 for row in rows]


def arrivals(seed: int, count: int = 2000, usual: float = 90.0) -> "np.ndarray":
    """Seconds at which messages came in."""
    gaps = np.random.default_rng(seed).exponential(usual, count)
    return START + np.cumsum(gaps).astype(np.int64)


@pytest.mark.parametrize("hours", [-9, -1, 1, 2, 5])
@pytest.mark.parametrize("seed", range(4))
def test_a_stretch_is_found_by_the_order_of_rows(hours: int, seed: int) -> None:
    """A stretch off by whole hours is found with its first and last row, and its size."""
    sent = arrivals(seed, usual=20.0)
    sent[700:1100] += hours * HOUR
    fault = shifted(frame(sent), lines)

    assert fault.count == 400
    (example,) = fault.examples
    assert (example["line"], example["hours"], example["count"]) == (702, hours, 400)
    assert example["from"] == datetime.fromtimestamp(int(sent[700]), UTC).isoformat()
    assert example["to"] == datetime.fromtimestamp(int(sent[1099]), UTC).isoformat()


def test_newest_first_is_an_order_too() -> None:
    """An export that begins with the newest rows shows its stretches as well."""
    sent = arrivals(1, usual=20.0)
    sent[700:1100] += HOUR
    fault = shifted(frame(sent[::-1].copy()), lines)

    assert fault.count == 400
    assert fault.examples[0]["hours"] == 1


@pytest.mark.parametrize("hours", [-5, 1, 3])
def test_a_stretch_is_found_by_when_it_was_received(hours: int) -> None:
    """Where it says when messages were received, the difference tells, in any order of rows."""
    received = arrivals(2, usual=2000.0)
    sent = received - np.random.default_rng(2).integers(0, 60, len(received))
    sent[300:340] += hours * HOUR
    order = np.random.default_rng(3).permutation(len(sent))
    fault = shifted(frame(sent[order], received[order]), lines)

    assert fault.count == 40
    assert fault.examples[0]["hours"] == hours


def test_each_channel_is_looked_at_by_itself() -> None:
    """A channel whose clock is off is named among others that are right."""
    sent = arrivals(4, usual=20.0)
    channel = np.where(np.arange(len(sent)) % 3 == 0, "chat", "x")
    off = (channel == "chat") & (np.arange(len(sent)) >= 600) & (np.arange(len(sent)) < 1200)
    sent[off] -= 2 * HOUR
    fault = shifted(frame(sent).with_columns(channel=pl.Series(channel)), lines)

    assert fault.count == 200
    assert {example["channel"] for example in fault.examples} == {"chat"}
    assert fault.examples[0]["hours"] == -2


@pytest.mark.parametrize("seed", range(10))
def test_disorder_is_no_stretch(seed: int) -> None:
    """Rows in no order, and single rows that come late, say nothing about zones."""
    random = np.random.default_rng(seed)
    sent = arrivals(seed)
    late = sent.copy()
    late[random.integers(0, len(late), 8)] -= random.integers(0, 5 * HOUR, 8)
    nights = sent + (sent - START) // (12 * HOUR) * 9 * HOUR

    assert shifted(frame(random.permutation(sent)), lines).count == 0
    assert shifted(frame(late), lines).count == 0
    assert shifted(frame(nights), lines).count == 0
    assert shifted(frame(sent[:0]), lines).count == 0


def test_transport_that_takes_hours_is_no_stretch() -> None:
    """Where messages take hours to arrive, whole hours among them are chance."""
    received = arrivals(5)
    sent = received - np.random.default_rng(5).integers(0, 5 * HOUR, len(received))

    assert shifted(frame(sent, received), lines).count == 0


@needs_shared
@pytest.mark.parametrize("name", ["twcs_5000.csv", "forum_week.csv"])
def test_no_false_alarm_on_real_exports(name: str) -> None:
    """Two real exports that have no such stretch are not accused of one."""
    assert read(SHARED / name, now=NOW).quality.count("shifted_zone") == 0


def test_offsets_that_differ_are_no_fault(tmp_path: Path) -> None:
    """Stamps with their own offsets are exact, however often these change."""
    rows = [
        f"{n},2026-03-02T{9 + n % 2:02}:{n % 60:02}:00+0{1 + n % 2}:00,inbound,ada,x\n"
        for n in range(60)
    ]
    path = tmp_path / "export.csv"
    path.write_text("message_id,sent_at,direction,customer_id,channel\n" + "".join(rows))

    assert read(path, now=NOW).quality.faults == ()
