"""Shapes of written times: how a time looks, and the format that reads it.

A shape is found by looking at one value; the frame engine then reads the whole column by its
format.
A day and a month that could be swapped make two shapes, and the column's other rows decide.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product

import attrs
from dateutil import parser
from dateutil.parser import ParserError

_ISO = r"(?P<iso>\d{4}(?P<dash>[-/.])\d{2}(?P=dash)\d{2})"
_SWAP = r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"
_CLOCK = (
    r"(?:(?P<gap>[T ]|, )(?P<hour>\d{1,2}):\d{2}"
    r"(?P<seconds>:\d{2}(?P<fraction>\.\d+)?)?(?P<half> ?[AaPp][Mm])?"
    r"(?P<zone>Z| UTC| GMT| ?[+-]\d{2}(?::?\d{2})?)?)?"
)
_DATED = re.compile(f"(?:{_ISO}|{_SWAP}){_CLOCK}")
_NAMED = re.compile(
    r"(?P<day>[A-Z][a-z]{2}(?P<comma>,)? )?"
    r"(?:(?P<american>[A-Z][a-z]{2} \d{1,2})|(?P<british>\d{1,2} [A-Z][a-z]{2} \d{4}))"
    r" \d{2}:\d{2}:\d{2}(?P<zone> [+-]\d{4}| GMT| UTC)?(?P<year> \d{4})?"
)
_COUNT = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}|\d{15,16}|\d{18,19}")

EPOCH = "%s"
"""The format of a count since 1970, whose size tells its unit."""


@attrs.frozen(kw_only=True)
class Shape:
    """How a time is written.

    Attributes:
        format: A `strptime` pattern as the frame engine has it; `EPOCH` for a count since 1970.
        naive: Whether it names no zone.
        order: `dm` or `md` where the day and month could be swapped, else empty.
    """

    format: str
    naive: bool = False
    order: str = ""


def shapes_of(text: str) -> tuple[Shape, ...]:
    """The shapes that a written time may have: none, one, or two if day and month could be swapped.

    >>> [shape.format for shape in shapes_of("2026-03-02T09:00:00Z")]
    ['%Y-%m-%dT%H:%M:%SZ']
    >>> [shape.format for shape in shapes_of("03.04.2026 09:00")]
    ['%d.%m.%Y %H:%M', '%m.%d.%Y %H:%M']
    """
    dated = _DATED.fullmatch(text)
    if dated:
        return _dated(dated)
    named = _NAMED.fullmatch(text)
    if named and bool(named["american"]) == bool(named["year"]):
        return (_named(named),)
    return (Shape(format=EPOCH),) if _COUNT.fullmatch(text) else ()


def _dated(match: "re.Match[str]") -> tuple[Shape, ...]:
    clock, naive = _clock(match)
    if match["iso"]:
        dash = match["dash"]
        return (Shape(format=f"%Y{dash}%m{dash}%d{clock}", naive=naive),)
    mark, year = match["mark"], "%Y" if len(match["year"]) == 4 else "%y"
    orders = {"dm": f"%d{mark}%m", "md": f"%m{mark}%d"}
    return tuple(
        Shape(format=f"{date}{mark}{year}{clock}", naive=naive, order=order)
        for order, date in orders.items()
    )


def _clock(match: "re.Match[str]") -> tuple[str, bool]:
    """The format of the time of day, and whether it names no zone."""
    if match["gap"] is None:
        return "", True
    seconds = (":%S%.f" if match["fraction"] else ":%S") if match["seconds"] else ""
    half = match["half"]
    hours = "%I:%M" if half else "%H:%M"
    ending = "" if half is None else (" %p" if half.startswith(" ") else "%p")
    return f"{match['gap']}{hours}{seconds}{ending}{_zone(match['zone'])}", match["zone"] is None


def _zone(zone: str | None) -> str:
    if zone is None or zone in ("Z", " UTC", " GMT"):
        return zone or ""
    return " %#z" if zone.startswith(" ") else "%#z"


def _named(match: "re.Match[str]") -> Shape:
    day = "" if match["day"] is None else ("%a, " if match["comma"] else "%a ")
    zone = match["zone"]
    written = "" if zone is None else (" %z" if zone[1] in "+-" else zone)
    if match["american"]:
        return Shape(format=f"{day}%b %d %H:%M:%S{written} %Y", naive=zone is None)
    return Shape(format=f"{day}%d %b %Y %H:%M:%S{written}", naive=zone is None)


@lru_cache(maxsize=4096)
def read_alone(text: str, *, day_first: bool | None) -> datetime | None:
    """One written time, by the libraries for single values; None if it can't be one.

    A time that leaves out its year, month or day is none: nothing is filled in from today.
    Nor is one whose day and month could be swapped, unless `day_first` says.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    first, *others = product(_FILLED_IN, (True, False) if day_first is None else (day_first,))
    found = _by_dateutil(text, *first)
    agreed = found is not None and all(_by_dateutil(text, *other) == found for other in others)
    return found if agreed else None


_FILLED_IN = (datetime(2000, 1, 1), datetime(1999, 2, 2))  # noqa: DTZ001  # a date to complete
"""Two dates that agree in nothing: what changes with them was not in the text."""


def _by_dateutil(text: str, default: datetime, day_first: bool) -> datetime | None:
    try:
        found = parser.parse(text, default=default, dayfirst=day_first)
        return found if found.tzinfo is None else found.astimezone(UTC)
    except (ParserError, OverflowError, ValueError, TypeError, ArithmeticError):
        return None
