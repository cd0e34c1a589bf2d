"""Scalars: how the stored form says instants, durations and numbers, and back.

Each value has one text only, so that equal events are equal texts.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache


def iso(value: datetime) -> str:
    """An instant in UTC, with microseconds; `datetime.fromisoformat` reads it."""
    return _in_utc(value if value.tzinfo is UTC else value.astimezone(UTC))


@lru_cache(maxsize=1024)  # a batch comes at one instant, and a message is written twice
def _in_utc(value: datetime) -> str:
    return value.isoformat(timespec="microseconds")


@lru_cache(maxsize=64)  # there are not many, and they are in every event
def duration(seconds: float) -> timedelta:
    """The duration that `timedelta.total_seconds` gave."""
    return timedelta(seconds=seconds)


def number(value: float | None) -> float | None:
    """The same for 1 as for 1.0, and for 0.0 as for its negative."""
    return None if value is None else value + 0.0
