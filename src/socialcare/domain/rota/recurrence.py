"""Recurrences: on which local days something happens, by a rule of RFC 5545.

dateutil reads and expands the rule; this module sees to it that it ends.
A rule may repeat daily at most and says nothing of hours, minutes and seconds, so that it occurs
once a day. One that never comes to pass, such as every 30 February, is searched for by dateutil to
the end of the calendar; so everything is moved to near that end, by as many years as leave every
date on its weekday, and what was found once is kept.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
from dateutil.rrule import rrule, rruleset, rrulestr

from socialcare.errors import InvalidValue

__all__ = ["EARLIEST", "FREQUENCIES", "LATEST", "Recurrence"]

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Between these a rota can be asked about."""
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_KNOWN = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"),
    *("BYYEARDAY", "BYWEEKNO", "BYSETPOS"),
)
_RIGHT = "an RRULE such as 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' or 'FREQ=DAILY;INTERVAL=2'"
_PART = r"[A-Z]+=[A-Z0-9,:+\-]+"
_PARTS = re.compile(rf"{_PART}(;{_PART})*", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_COUNT = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_LONGEST = 500
_LATER = 19 * timedelta(days=146_097)
"""7,600 years: the calendar comes again after 400 years, which are 146,097 days and whole weeks."""
_LAST = LATEST.replace(tzinfo=None)


@attrs.frozen(kw_only=True, eq=False)
class Recurrence:
    """The local times of a rule, asked for period by period.

    Attributes:
        rule: The rule, moved to near the end of the calendar; it keeps what it has found.
    """

    rule: rrule | rruleset

    @classmethod
    def parse(
        cls, text: str, *, start: datetime, timezone: str = "UTC", where: str = "rule"
    ) -> "Recurrence":
        """The recurrence that the value of an RRULE names.

        Args:
            text: Such as `FREQ=WEEKLY;BYDAY=MO`; `RRULE:` may stand before it.
            start: The local time of the first possible occurrence.
            timezone: The zone of `start`, for an UNTIL that is given in UTC.
            where: What to call the place in an error.

        Raises:
            InvalidValue: If it is no rule, or one that repeats more often than daily.

        >>> Recurrence.parse("FREQ=SECONDLY", start=datetime(2026, 3, 2, 9))
        Traceback (most recent call last):
        ...
        socialcare.errors.InvalidValue: rule: found 'FREQ=SECONDLY', expected a rule with FREQ out \
of DAILY, WEEKLY, MONTHLY, YEARLY: a shift begins at most once a day
        """
        if not EARLIEST.year <= start.year < LATEST.year:
            right = f"a year from {EARLIEST.year} to {LATEST.year - 1}"
            raise InvalidValue(start.isoformat(" "), where="start", right=right)
        parts = _parts(text, where)
        try:
            if "COUNT" not in parts:
                until = _until(parts.get("UNTIL"), timezone) + _LATER
                parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
            rule = ";".join(f"{key}={value}" for key, value in parts.items())
            made = rrulestr(rule, dtstart=start + _LATER, cache=True)
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise InvalidValue(text, where=where, right=f"{_RIGHT} ({error})") from None
        return cls(rule=made)

    @property
    def never(self) -> bool:
        """Whether it never comes to pass."""
        return next(iter(self.rule), None) is None

    def between(self, begin: datetime, end: datetime) -> list[datetime]:
        """The local times from `begin` on and before `end` at which it occurs."""
        found = self.rule.between(begin + _LATER, end + _LATER, inc=True)
        return [at - _LATER for at in found if at - _LATER < end]


def _parts(text: str, where: str) -> dict[str, str]:
    """The parts of a rule, if it is one that ends.

    Raises:
        InvalidValue: If it is not.
    """
    bare = text.strip().upper().removeprefix("RRULE:")
    if len(bare) > _LONGEST or not _PARTS.fullmatch(bare):
        raise InvalidValue(text, where=where, right=_RIGHT)
    parts = dict(part.split("=", 1) for part in bare.split(";"))
    wrong = _wrong(parts)
    if wrong is not None:
        raise InvalidValue(text, where=where, right=wrong)
    return parts


def _wrong(parts: Mapping[str, str]) -> str | None:
    """What would be right, of a rule that is not; None of one that is."""
    if parts.get("FREQ") not in FREQUENCIES:
        often = ", ".join(FREQUENCIES)
        return f"a rule with FREQ out of {often}: a shift begins at most once a day"
    if not parts.keys() <= set(_KNOWN):
        return f"a rule of {', '.join(_KNOWN)}; the time of day is that of the start"
    if not _NUMBER.fullmatch(parts.get("INTERVAL", "1")):
        return "an INTERVAL from 1 to 999"
    if "COUNT" in parts and ("UNTIL" in parts or not _COUNT.fullmatch(parts["COUNT"])):
        return "a COUNT from 1 to 999999, or an UNTIL, and not both"
    return None


def _until(text: str | None, timezone: str) -> datetime:
    """The last possible local time; a date alone is all of that day."""
    if text is None:
        return _LAST
    if "T" not in text:
        return min(_LAST, datetime.strptime(f"{text}T235959", "%Y%m%dT%H%M%S"))  # noqa: DTZ007
    local = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local
    if text.endswith("Z"):
        local = local.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    return min(_LAST, local)
