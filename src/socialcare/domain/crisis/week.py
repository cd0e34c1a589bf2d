"""The hours of the local week, from one second to the next.

An expected count is kept for each of the 168 hours of a week, Monday's first, in the time of one
zone. It holds in the middle of its hour; in between it goes over evenly into that of the next, so
that nothing jumps at a full hour. A holiday has the hours of a Sunday.
"""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.instants import from_epoch_second
from socialcare.domain.wall_clock import offset_at

HOURS = 168
"""Hours of a week."""
_HOUR = 3600
_QUARTER = 900
_SUNDAY = 6


@attrs.frozen(kw_only=True, cache_hash=True)
class LocalWeek:
    """The clock and the calendar by which the hours of a week are told.

    Attributes:
        timezone: A zone of the IANA database.
        holidays: Local dates that are like Sundays.

    >>> LocalWeek(timezone="Europe/Berlin").hour(1_772_438_400)  # Monday 2 March 2026, 09:00 there
    9
    """

    timezone: str
    holidays: frozenset[date] = frozenset()

    def hour(self, second: int) -> int:
        """The hour of the week at that second of UTC: 0 is Monday's first, 167 Sunday's last."""
        return _hour(self, second // _QUARTER)

    def between(self, second: int) -> tuple[int, int, float]:
        """The two hours of the week between whose middles that second lies, and how far."""
        before, after, quarters = _between(self, second // _QUARTER)
        return before, after, (quarters * _QUARTER + second % _QUARTER) / _HOUR

    def into_hour(self, second: int) -> int:
        """Seconds since the local hour began."""
        return (second + offset_at(ZoneInfo(self.timezone), second)) % _HOUR


@lru_cache(maxsize=65_536)
def _hour(week: LocalWeek, quarter: int) -> int:
    """By quarters of an hour, at which all of today's zones change and begin their hours."""
    second = quarter * _QUARTER
    local = from_epoch_second(second + offset_at(ZoneInfo(week.timezone), second))
    weekday = _SUNDAY if local.date() in week.holidays else local.weekday()
    return weekday * 24 + local.hour


@lru_cache(maxsize=4096)
def _between(week: LocalWeek, quarter: int) -> tuple[int, int, int]:
    half = _HOUR // 2 // _QUARTER
    quarters = (week.into_hour(quarter * _QUARTER) // _QUARTER + half) % (2 * half)
    return _hour(week, quarter - half), _hour(week, quarter + half), quarters
