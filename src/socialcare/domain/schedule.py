"""What is open on a local day: windows, and the versions of a schedule.

Everything here is said in local time, as people say it: a weekday, a date, a time on the wall.
When that is, in UTC, is the business of `wall_clock` and `openings`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property

import attrs

from socialcare.errors import InvalidHours

__all__ = ["DAY", "HoursVersion", "Window", "in_force"]

DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_TIME = r"(\d\d):(\d\d)(?::(\d\d))?"
_WINDOW = re.compile(rf"\s*{_TIME}\s*-\s*{_TIME}\s*", re.ASCII)
_RIGHT = "a window such as '09:00-17:30', '22:00-06:00' or '00:00-24:00'"


@attrs.frozen(kw_only=True, order=True)
class Window:
    """A stretch of local time, half open: the opening is in it, the close is not.

    Attributes:
        opens: Since midnight of the day that it belongs to, in whole seconds, under 24 hours.
        closes: Since the same midnight; over 24 hours where the window runs past midnight.

    Raises:
        InvalidHours: If it is empty, longer than a day, or not in whole seconds.

    >>> Window(opens=timedelta(hours=22), closes=timedelta(hours=30)) == Window.parse("22:00-06:00")
    True
    """

    opens: timedelta
    closes: timedelta

    def __attrs_post_init__(self) -> None:
        whole_seconds = not (self.opens % _SECOND or self.closes % _SECOND)
        if not (whole_seconds and _can_be_written(self.opens, self.closes)):
            raise InvalidHours((str(self.opens), str(self.closes)), where="Window", right=_RIGHT)

    @classmethod
    def parse(cls, text: object, *, where: str = "window") -> "Window":
        """The window that `HH:MM-HH:MM` or `HH:MM:SS-HH:MM:SS` names.

        Args:
            text: Two local times; a close at or before the opening is on the next day.
            where: What to call the place in an error.

        Raises:
            InvalidHours: If it is not that, or both times are the same.

        >>> str(Window.parse("22:00-00:00"))
        '22:00-24:00'
        """
        match = _WINDOW.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise InvalidHours(text, where=where, right=_RIGHT)
        opens = _since_midnight(match.groups()[:3])
        closes = _since_midnight(match.groups()[3:])
        if opens is None or closes is None or opens == DAY:
            right = "times from 00:00 to 23:59:59, and 24:00 only as an end"
            raise InvalidHours(text, where=where, right=right)
        if opens == closes:
            right = "two different times; a whole day is '00:00-24:00'"
            raise InvalidHours(text, where=where, right=right)
        return cls(opens=opens, closes=closes if closes > opens else closes + DAY)

    def __str__(self) -> str:
        closes = self.closes if self.closes <= DAY else self.closes - DAY
        return f"{_on_the_wall(self.opens)}-{_on_the_wall(closes)}"

    @cached_property
    def seconds(self) -> tuple[int, int]:
        """Opening and close in whole seconds since midnight."""
        return (self.opens // _SECOND, self.closes // _SECOND)


def _can_be_written(opens: timedelta, closes: timedelta) -> bool:
    """Whether two times on the wall name it: 22:00-22:00 would be nothing, or a day."""
    length = closes - opens
    return timedelta(0) <= opens < DAY and (
        timedelta(0) < length < DAY or (not opens and length == DAY)
    )


def _since_midnight(parts: Iterable[str | None]) -> timedelta | None:
    hours, minutes, seconds = (int(part or 0) for part in parts)
    time = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return time if minutes < 60 and seconds < 60 and time <= DAY else None


def _on_the_wall(time: timedelta) -> str:
    minutes, seconds = divmod(time // _SECOND, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{clock}:{seconds:02}" if seconds else clock


def _merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The windows of one day in order, those that overlap or touch as one."""
    merged: list[Window] = []
    for window in sorted(windows):
        joined = _joined(merged[-1], window) if merged else None
        if joined is None:
            merged.append(window)
        else:
            merged[-1] = joined
    return tuple(merged)


def _joined(first: Window, second: Window) -> Window | None:
    """Both as one; None where they are apart, or together too long for one window."""
    closes = max(first.closes, second.closes)
    if second.opens > first.closes or not _can_be_written(first.opens, closes):
        return None
    return Window(opens=first.opens, closes=closes)


def _week(days: Iterable[Iterable[Window]]) -> tuple[tuple[Window, ...], ...]:
    return tuple(_merged(day) for day in days)


def _ordered(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


def _by_date(
    dates: Mapping[date, Iterable[Window]] | Iterable[tuple[date, Iterable[Window]]],
) -> tuple[tuple[date, tuple[Window, ...]], ...]:
    return tuple((day, _merged(windows)) for day, windows in sorted(dict(dates).items()))


def _seven_days(_: object, __: object, value: tuple[tuple[Window, ...], ...]) -> None:
    if len(value) != 7:
        right = "windows for each of the 7 days from Monday"
        raise InvalidHours(value, where="HoursVersion.weekly", right=right)


@attrs.frozen(kw_only=True)
class HoursVersion:
    """The hours that hold from one date until the next version's.

    Attributes:
        name: What it is called in results; no other version of the same hours has that name.
        since: The local date from which it holds, or None for the first of all.
        weekly: The windows of the seven weekdays, Monday first, in order and merged.
        holidays: The dates on which none of the weekly windows opens.
        dates: Dates with windows of their own, in place of the weekly ones, also on a holiday.

    Raises:
        InvalidHours: If `weekly` has not seven days.
    """

    name: str
    since: date | None = None
    weekly: tuple[tuple[Window, ...], ...] = attrs.field(converter=_week, validator=_seven_days)
    holidays: tuple[date, ...] = attrs.field(default=(), converter=_ordered)
    dates: tuple[tuple[date, tuple[Window, ...]], ...] = attrs.field(default=(), converter=_by_date)

    def on(self, day: date) -> tuple[Window, ...]:
        """The windows that begin on that local day."""
        found = self._unlike_the_week.get(day)
        return self.weekly[day.weekday()] if found is None else found

    @property
    def is_empty(self) -> bool:
        """Whether it has no window at all."""
        return not (any(self.weekly) or any(windows for _, windows in self.dates))

    @property
    def particular_days(self) -> tuple[date, ...]:
        """Every date that it names: the day it begins, holidays, and dates with other hours."""
        return _ordered((*self._unlike_the_week, *([self.since] if self.since else [])))

    @cached_property
    def _unlike_the_week(self) -> dict[date, tuple[Window, ...]]:
        return dict.fromkeys(self.holidays, ()) | dict(self.dates)


def in_force(versions: tuple[HoursVersion, ...], day: date) -> HoursVersion:
    """The version that holds on a local day, of versions in the order of their dates.

    The first one also holds before its own date: nothing else is known of that time, and
    calling it closed would turn every wait in it into one of no length.
    """
    for version in reversed(versions):
        if version.since is not None and version.since <= day:
            return version
    return versions[0]
