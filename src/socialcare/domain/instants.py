"""Instants: aware, in UTC, and counted in whole seconds.

Metrics compare whole seconds, so an instant is floored to its second before anything is compared.
The value itself keeps its fraction, so that what was stored reads back equal.
"""

from datetime import UTC, datetime, timedelta

from socialcare.errors import NaiveDatetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def instant(value: datetime, *, where: str = "instant") -> datetime:
    """The same instant in UTC.

    Raises:
        NaiveDatetime: If `value` has no time zone.

    >>> from datetime import timezone
    >>> instant(datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2)))).isoformat()
    '2026-03-29T00:30:00+00:00'
    """
    if value.tzinfo is UTC:  # as nearly all are
        return value
    if value.utcoffset() is None:
        raise NaiveDatetime(value, where=where)
    return value.astimezone(UTC)


def epoch_second(value: datetime) -> int:
    """Whole seconds since 1970 in UTC, floored.

    >>> epoch_second(datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC))
    -1
    """
    return (value - EPOCH) // _SECOND


def from_epoch_second(seconds: int) -> datetime:
    """The instant that many whole seconds after 1970, in UTC."""
    return EPOCH + timedelta(seconds=seconds)
