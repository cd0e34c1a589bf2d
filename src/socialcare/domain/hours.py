"""Business hours: when somebody is there to answer, and how much of that lies between two instants.

A schedule is weekly windows in one time zone, with holidays, dates that have other hours, and
versions that follow one another.
Windows are half open: a desk that closes at 17:30 is closed at 17:30.
One that runs past midnight, `22:00-06:00`, belongs to the day on which it begins: a holiday on
that day takes all of it away, a holiday on the next day takes nothing, and the version in force
is that of the day on which it begins.

Elapsed time is real time inside the windows, over clock changes too: `wall_clock` says how.
It is exact to the microsecond, and costs two look-ups in a table: `openings` says how.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import attrs

from socialcare.domain import hours_mapping
from socialcare.domain.instants import EPOCH, instant
from socialcare.domain.openings import Openings
from socialcare.domain.schedule import HoursVersion, Window, in_force
from socialcare.errors import InvalidHours, NaiveDatetime

__all__ = ["BusinessHours", "HoursVersion", "Window"]

_SECOND = timedelta(seconds=1)
_ZERO = timedelta(0)


def _in_order(versions: Iterable[HoursVersion]) -> tuple[HoursVersion, ...]:
    return tuple(sorted(versions, key=lambda each: (each.since is not None, each.since or 0)))


def _known_zone(_: object, __: object, value: str) -> None:
    # Besides KeyError, zoneinfo lets through what the file system says of odd names.
    try:
        ZoneInfo(value)
    except (KeyError, OSError, TypeError, ValueError):
        raise InvalidHours(value, where="timezone", right=_a_zone_near(value)) from None


def _a_zone_near(value: object) -> str:
    """What to say to somebody whose zone is not one."""
    zones = sorted(available_timezones())
    if not zones:
        return "a time zone database on this computer: pip install tzdata"
    by_folded = {zone.casefold(): zone for zone in zones}
    near = get_close_matches(str(value).casefold(), by_folded, n=1)
    return f"a time zone such as {by_folded[near[0]] if near else 'Europe/London'!r}"


def _told_apart(_: object, __: object, value: tuple[HoursVersion, ...]) -> None:
    for key, right in (
        ("since", "one version for each date, and one without a date"),
        ("name", "a name for each version that no other has"),
    ):
        seen = [getattr(version, key) for version in value]
        twice = [each for each in seen if seen.count(each) > 1]
        if twice:
            found = twice[0] if isinstance(twice[0], str) else str(twice[0])
            raise InvalidHours(found, where="versions", right=right)


def _somebody_there(_: object, __: object, value: tuple[HoursVersion, ...]) -> None:
    if all(version.is_empty for version in value):
        right = "at least one window; around the clock is {'mon-sun': ['00:00-24:00']}"
        raise InvalidHours("no hours at all", where="weekly", right=right)


@attrs.frozen(kw_only=True)
class BusinessHours:
    """When somebody is there, with the arithmetic of it.

    Values with the same content are equal and hash alike.
    Every method takes aware datetimes in any zone and returns them in UTC.

    Attributes:
        timezone: The zone of the IANA database in which every window is meant.
        versions: The schedules that follow one another, in the order of their dates.

    Raises:
        InvalidHours: If the zone is unknown, there is no window at all, or two versions have one
            date or one name.
        NaiveDatetime: From every method, if an instant has no time zone.

    >>> from datetime import UTC
    >>> hours = BusinessHours.from_mapping(
    ...     {"timezone": "Europe/London", "weekly": {"mon-fri": ["09:00-12:30", "13:00-17:30"]}}
    ... )
    >>> monday = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    >>> str(hours.elapsed(monday, monday + timedelta(days=1)))
    '8:00:00'
    >>> hours.after(monday, timedelta(hours=5)).isoformat()
    '2026-03-02T17:30:00+00:00'
    """

    timezone: str = attrs.field(validator=_known_zone)
    versions: tuple[HoursVersion, ...] = attrs.field(
        converter=_in_order, validator=[_told_apart, _somebody_there]
    )

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], *, where: str = "business hours"
    ) -> "BusinessHours":
        """The hours that a mapping describes.

        Args:
            mapping: `timezone`, `weekly`, and where wanted `name`, `holidays`, `dates` and
                `versions`, as in the reference.
            where: What to call the mapping in an error: a file, a setting.

        Raises:
            InvalidHours: If a key is unknown or a value is not right; the message names the key
                and what would be right.

        >>> BusinessHours.from_mapping({"timezone": "UTC", "weekly": {"mon": ["9-17"]}})
        Traceback (most recent call last):
            ...
        socialcare.errors.InvalidHours: business hours: weekly.mon[0]: found '9-17', expected \
a window such as '09:00-17:30', '22:00-06:00' or '00:00-24:00'
        """
        timezone, versions = hours_mapping.read(mapping, where=where)
        try:
            return cls(timezone=timezone, versions=versions)
        except InvalidHours as error:
            at = f"{where}: {error.where}"
            raise InvalidHours(error.found, where=at, right=error.right) from None

    @classmethod
    def from_toml(cls, path: str | Path) -> "BusinessHours":
        """The hours in a TOML file.

        Raises:
            InvalidHours: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            OSError: If the file cannot be opened.
        """
        text = Path(path).read_bytes()
        try:
            mapping = tomllib.loads(text.decode("utf-8-sig"))
        except ValueError as error:
            raise InvalidHours(str(error), where=str(path), right="a TOML file in UTF-8") from None
        return cls.from_mapping(mapping, where=str(path))

    def to_mapping(self) -> dict[str, object]:
        """The hours as `from_mapping` reads them, of texts, lists and dicts only.

        >>> BusinessHours.from_mapping(
        ...     {"timezone": "UTC", "weekly": {"sat-sun": "10:00-14:00"}}
        ... ).to_mapping()["weekly"]
        {'sat': ['10:00-14:00'], 'sun': ['10:00-14:00']}
        """
        return hours_mapping.written(self.timezone, self.versions)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` to `end`; negative where they are reversed."""
        return self._openings.between(_since_1970(start, "start"), _since_1970(end, "end"))

    def after(self, start: datetime, duration: timedelta) -> datetime:
        """The instant at which that much open time has passed since `start`.

        The inverse of `elapsed`: an amount that exactly fills a window ends at its close.
        Zero ends at `start` inside hours, and at the next opening outside them.
        A negative duration is `before`.

        Raises:
            InvalidHours: If the hours never again have so much open time.
        """
        if duration < _ZERO:
            return self.before(start, -duration)
        at = _since_1970(start, "start")
        if duration:
            found = self._openings.after(at, duration)
        else:
            found = at if self._openings.is_open(at) else self._openings.next_open(at)
        right = "an instant with {} of business time after it"
        return _dated(found, start, "after", right, duration)

    def before(self, end: datetime, duration: timedelta) -> datetime:
        """The instant from which that much open time passes until `end`.

        The mirror of `after`: an amount that exactly fills a window begins at its opening.
        Zero begins at `end` inside hours, and at the last close outside them.
        A negative duration is `after`.

        Raises:
            InvalidHours: If the hours never had so much open time.
        """
        if duration < _ZERO:
            return self.after(end, -duration)
        at = _since_1970(end, "end")
        if duration:
            found = self._openings.before(at, duration)
        else:
            found = at if self._openings.is_open(at) else self._openings.last_close(at)
        right = "an instant with {} of business time before it"
        return _dated(found, end, "before", right, duration)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` is inside a window: from its opening on, and no more at its close."""
        return self._openings.is_open(_since_1970(at, "at"))

    def next_open(self, at: datetime) -> datetime:
        """The first opening later than `at`, whether it is open now or not.

        Windows that touch are one: there is no opening where nothing was closed.

        Raises:
            InvalidHours: If nothing opens any more, or nothing ever closes.
        """
        found = self._openings.next_open(_since_1970(at, "at"))
        return _dated(found, at, "next_open", "an instant with an opening after it")

    def next_close(self, at: datetime) -> datetime:
        """The first close later than `at`, whether it is open now or not.

        Raises:
            InvalidHours: If nothing closes any more.
        """
        found = self._openings.next_close(_since_1970(at, "at"))
        return _dated(found, at, "next_close", "an instant with a close after it")

    def windows(self, start: datetime, end: datetime) -> list[tuple[int, int]]:
        """The open windows from `start` to `end`, as whole seconds since 1970 in UTC.

        Each is (opening, close), half open; in order, apart, and cut at the whole seconds around
        `start` and `end`.
        """
        begin = _since_1970(start, "start") // _SECOND * _SECOND
        until = -(-_since_1970(end, "end") // _SECOND) * _SECOND
        found = self._openings.windows(begin, until)
        return [(opens // _SECOND, closes // _SECOND) for opens, closes in found]

    def version_at(self, at: datetime) -> str:
        """The name of the version in force on the local date of `at`.

        The tail of a window past midnight is still of the version of the day before.
        """
        return self._version_at(at).name

    def at(self, at: datetime) -> "BusinessHours":
        """The version in force on the local date of `at`, as hours for all time.

        Raises:
            InvalidHours: If that version has no window at all.
        """
        only = attrs.evolve(self._version_at(at), since=None)
        return BusinessHours(timezone=self.timezone, versions=(only,))

    def _version_at(self, at: datetime) -> HoursVersion:
        local = instant(at, where="at").astimezone(self._openings.zone)
        return in_force(self.versions, local.date())

    @cached_property
    def _openings(self) -> Openings:
        return Openings(zone=ZoneInfo(self.timezone), versions=self.versions)


def _since_1970(value: datetime, where: str) -> timedelta:
    try:
        return value - EPOCH
    except TypeError:  # Python's own word for a difference with a naive datetime
        raise NaiveDatetime(value, where=where) from None


def _dated(
    found: timedelta | None, asked: datetime, method: str, right: str, *parts: object
) -> datetime:
    """The instant that was found, in UTC, or the error that there is none."""
    if found is not None:
        try:
            return EPOCH + found
        except OverflowError:
            pass  # past the year 9999, or before the year 1: there is none either
    where = f"BusinessHours.{method}"
    raise InvalidHours(asked.isoformat(), where=where, right=right.format(*parts))
