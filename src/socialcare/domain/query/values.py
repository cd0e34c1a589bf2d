"""Values of fields: how each kind is written in a query, and which values fit it."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

import attrs

from socialcare.domain.durations import RIGHT as DURATION
from socialcare.domain.durations import duration, duration_text
from socialcare.domain.instants import EPOCH
from socialcare.domain.profile import Point
from socialcare.errors import InvalidValue

Span: TypeAlias = tuple[float, float]
"""What a written value covers, from the first to the last, both included: a day is more than an
instant."""

NUMBER = "a number such as 10000, 10k or -0.5"
INSTANT = "a date or time such as 2026-01-31 or 2026-01-31T09:00+01:00"
CIRCLE = "a place, or latitude,longitude,kilometres such as near:51.5,-0.12,25km"
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
_THOUSANDS = re.compile(r"(-?\d{1,30}(?:\.\d{1,30})?)(k|m)?", re.ASCII | re.IGNORECASE)
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}
_DEGREES = r"(-?\d{1,3}(?:\.\d{1,30})?)"
_CIRCLE = re.compile(rf"{_DEGREES},{_DEGREES},(\d{{1,5}}(?:\.\d{{1,30}})?)(?:km)?", re.ASCII)
_LIKE_A_CIRCLE = re.compile(r"-?\d[\d.]*,-?\d.*", re.ASCII)


@attrs.frozen(kw_only=True)
class Bounds:
    """From where to where values fit.

    Attributes:
        low, high: The ends; None for no end.
        with_low, with_high: Whether the end itself fits.
    """

    low: float | None = None
    high: float | None = None
    with_low: bool = True
    with_high: bool = True

    def holds(self, value: float) -> bool:
        """Whether a value fits."""
        above = self.low is None or value > self.low or (self.with_low and value == self.low)
        below = self.high is None or value < self.high or (self.with_high and value == self.high)
        return above and below


def compared(sign: str, span: Span) -> Bounds:
    """The values that stand to what is written as the sign says."""
    low, high = span
    match sign:
        case ">":
            return Bounds(low=high, with_low=False)
        case ">=":
            return Bounds(low=low)
        case "<":
            return Bounds(high=low, with_high=False)
        case _:
            return Bounds(high=high)


def between(low: Span | None, high: Span | None, *, with_low: bool, with_high: bool) -> Bounds:
    """The values between two that are written; None is no bound."""
    return Bounds(
        low=None if low is None else low[0 if with_low else 1],
        high=None if high is None else high[1 if with_high else 0],
        with_low=with_low,
        with_high=with_high,
    )


def number(text: str) -> Span:
    """The number that a text says; `10k` is ten thousand.

    Raises:
        InvalidValue: If it says none.
    """
    found = _THOUSANDS.fullmatch(text)
    if found is None:
        raise InvalidValue(text, where="query", right=NUMBER)
    value = float(found[1]) * _SCALE[(found[2] or "").lower()]
    return value, value


def length(text: str) -> Span:
    """The length of time that a text says, in seconds.

    Raises:
        InvalidValue: If it says none.
    """
    try:
        seconds = duration(text).total_seconds()
    except InvalidValue:
        raise InvalidValue(text, where="query", right=DURATION) from None
    return seconds, seconds


def moment(text: str) -> Span:
    """The instant or the day in UTC that a text says, in seconds since 1970.

    Raises:
        InvalidValue: If it says neither.
    """
    try:
        return _day(text) or _instant(text)
    except (ValueError, OverflowError):
        raise InvalidValue(text, where="query", right=INSTANT) from None


def _day(text: str) -> Span | None:
    try:
        day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    except ValueError:
        return None
    return seconds_of(day), seconds_of(day + _DAY - _MOMENT)


def _instant(text: str) -> Span:
    at = datetime.fromisoformat(text)
    second = seconds_of(at if at.tzinfo else at.replace(tzinfo=UTC))
    return second, second


def circle(text: str) -> tuple[Point, float] | None:
    """The middle and kilometres around it that a text says; None if it is no such thing.

    Raises:
        InvalidValue: If it looks like one and is none.
    """
    found = _CIRCLE.fullmatch(text.lower())
    if found is None:
        if _LIKE_A_CIRCLE.fullmatch(text.lower()):
            raise InvalidValue(text, where="query", right=CIRCLE)
        return None
    north, east, kilometres = map(float, found.groups())
    return Point(north, east), kilometres


def seconds_of(at: datetime) -> float:
    """Seconds since 1970, with fraction."""
    return (at - EPOCH) / timedelta(seconds=1)


def shown_moment(seconds: float) -> str:
    """An instant as a query says it."""
    return (EPOCH + timedelta(seconds=seconds)).isoformat()


def shown_length(seconds: float) -> str:
    """A length of time as a query says it."""
    return duration_text(timedelta(seconds=seconds))
