"""Business time and local time for columns of seconds: table look-ups, no calendar arithmetic.

`BusinessClock` turns opening hours into edges with running totals, so that the open seconds
between two instants are the difference of two look-ups.
`LocalTime` keeps the offset of a zone for each quarter of an hour, which is exact over clock
changes, since those happen on quarters of an hour in UTC.
"""

from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import from_epoch_second

_QUARTER = 900
_BLOCK = 1 << 18
"""How many instants are looked up at a time, so that what is between stays in the cache."""


@attrs.frozen(kw_only=True, eq=False)
class BusinessClock:
    """Open seconds since some instant, for any instant of a span."""

    opens: Ints
    closes: Ints
    before: Ints

    @classmethod
    def of(cls, hours: BusinessHours, first: int, last: int) -> "BusinessClock":
        """The clock of these hours for seconds from `first` to `last`."""
        windows = hours.windows(from_epoch_second(first), from_epoch_second(last + 1))
        edges = np.asarray(windows, np.int64).reshape(-1, 2)
        opens, closes = edges[:, 0], edges[:, 1]
        before = np.concatenate(([0], np.cumsum(closes - opens)))
        return cls(opens=opens, closes=closes, before=before)

    def total(self, second: Ints) -> Ints:
        """Open seconds before each instant."""
        at = np.searchsorted(self.opens, second, side="right")
        if not len(self.opens):
            return np.zeros_like(second)
        window = np.maximum(at - 1, 0)
        into = np.minimum(second, self.closes[window]) - self.opens[window]
        return np.where(at > 0, self.before[window] + into, 0)

    def elapsed(self, start: Ints, end: Ints) -> Ints:
        """Open seconds from each start to each end."""
        return self.total(end) - self.total(start)

    def is_open(self, second: Ints) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Whether each instant is inside a window."""
        at = np.searchsorted(self.opens, second, side="right")
        if not len(self.opens):
            return np.zeros(len(second), np.bool_)
        return (at > 0) & (second < self.closes[np.maximum(at - 1, 0)])


@attrs.frozen(kw_only=True, eq=False)
class LocalTime:
    """What the clock on the wall shows in one zone."""

    zone: str
    start: int
    offsets: Ints

    @classmethod
    def of(cls, zone: str, first: int, last: int) -> "LocalTime":
        """The local time of a zone for seconds from `first` to `last`."""
        start = first // _QUARTER * _QUARTER
        quarters = pl.Series("at", np.arange(start, last + _QUARTER, _QUARTER))
        local = (
            pl.from_epoch(pl.col("at"), "s").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
        )
        seen = quarters.to_frame().select(
            local.dt.replace_time_zone(None).dt.epoch("s") - pl.col("at")
        )
        return cls(zone=zone, start=start, offsets=seen.to_series().to_numpy())

    def seconds(self, second: Ints) -> Ints:
        """Each instant as seconds since 1970 on the local clock."""
        return second + self.offsets[(second - self.start) // _QUARTER]

    @cached_property
    def _hours_of_week(self) -> npt.NDArray[np.uint8]:
        """The local hour of the week in which each quarter of an hour lies."""
        local = self.start + np.arange(len(self.offsets)) * _QUARTER + self.offsets
        # 1970-01-01 was a Thursday, 72 hours into its week.
        return ((local // 3600 + 72) % 168).astype(np.uint8)

    def hour_of_week(self, second: Ints) -> npt.NDArray[np.uint8]:
        """Each instant's local hour of the week: 0 is Monday 00:00, 167 Sunday 23:00."""
        found = np.empty(len(second), np.uint8)
        for start in range(0, len(second), _BLOCK):
            block = slice(start, start + _BLOCK)
            found[block] = self._hours_of_week[(second[block] - self.start) // _QUARTER]
        return found
