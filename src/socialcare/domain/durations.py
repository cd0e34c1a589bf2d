"""Durations as people write them: `30m`, `24h`, `3d`, `1h30m`."""

import re
from datetime import timedelta
from fractions import Fraction

from socialcare.errors import InvalidValue

UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
RIGHT = 'a duration such as "30m", "24h", "3d" or "1h30m"'
_PARTS = re.compile(
    r"(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9}(?:\.\d{1,6})?)s)?",
    re.ASCII,
)
_WITHIN_A_WEEK = ("d", "h", "m", "s")


def duration(text: str, *, where: str = "duration") -> timedelta:
    """The length of time that a text such as `1h30m` names.

    Units are w, d, h, m and s, each at most once and the longest first; a day is 24 hours.
    Spaces and capitals do not matter.

    Raises:
        InvalidValue: If the text names none, or one too long to count.

    >>> duration("1h30m"), duration("3d")
    (datetime.timedelta(seconds=5400), datetime.timedelta(days=3))
    """
    found = _PARTS.fullmatch(re.sub(r"\s", "", text).lower())
    if found is None or not any(found.groups()):
        raise InvalidValue(text, where=where, right=RIGHT)
    try:
        return sum(map(_part, found.groups(), UNITS.values()), timedelta())
    except OverflowError:
        raise InvalidValue(text, where=where, right="fewer than a thousand million days") from None


def _part(amount: str | None, unit: timedelta) -> timedelta:
    microseconds = Fraction(amount or 0) * (unit // timedelta(microseconds=1))
    return timedelta(microseconds=int(microseconds))


def duration_text(value: timedelta) -> str:
    """A duration of zero or more as `duration` reads it, with no part that is zero.

    >>> duration_text(timedelta(hours=25, minutes=30)), duration_text(timedelta())
    ('1d1h30m', '0s')
    """
    parts = []
    for unit in _WITHIN_A_WEEK:
        amount, rest = divmod(value, UNITS[unit])
        parts.append((amount, unit))
        value = rest
    if value:
        seconds, unit = parts.pop()
        return "".join(_written(parts)) + f"{seconds}.{value.microseconds:06}".rstrip("0") + unit
    return "".join(_written(parts)) or "0s"


def _written(parts: list[tuple[int, str]]) -> list[str]:
    return [f"{amount}{unit}" for amount, unit in parts if amount]
