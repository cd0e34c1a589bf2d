"""What counts as a crisis, and how many false alarms are worth it: a policy, as data.

The one number that matters is `false_alarm_every`. All thresholds follow from it, from what is
usual, and from how much is watched: the more is watched, the less each part may cry wolf.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.crisis.week import LocalWeek
from socialcare.domain.documents import toml_table
from socialcare.errors import InvalidPolicy

VOLUME = "volume"
"""The series of all messages by customers."""
NEGATIVE = "negative"
"""The series of those that sound bad."""
SHARE = "negative share"
"""The same series, held to how many messages came at all: the share that sounds bad."""
TOPIC = "topic:"
"""What the series of a topic is called, before the topic's own name."""

MINUTE = timedelta(minutes=1)
"""The bins in which messages are counted, and how often the counts are looked at."""
STEP = 5 * MINUTE
"""The bins of the history; every window is a number of these."""
_DAY = timedelta(days=1)
_APART = 3.0
"""How many windows share the false alarms of a series as if they had nothing in common."""

_Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]


def _refused(field: "attrs.Attribute[Any]", found: object, right: str) -> InvalidPolicy:
    return InvalidPolicy(found, where=f"CrisisPolicy.{field.name}", right=right)


def _lasts(least: timedelta, words: str) -> _Validator:
    def validator(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
        if not isinstance(value, timedelta) or value < least:
            found = str(value) if isinstance(value, timedelta) else value
            raise _refused(field, found, f"a length of time of {words} or more")

    return validator


def _number(least: float, words: str, *, whole: bool = False, most: float = 1e9) -> _Validator:
    kinds = (int,) if whole else (int, float)

    def validator(_: object, field: "attrs.Attribute[Any]", value: Any) -> None:  # noqa: ANN401
        fits = isinstance(value, kinds) and not isinstance(value, bool)
        if not fits or not least <= value <= most:
            raise _refused(field, value, words)

    return validator


def _true_or_false(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, bool):
        raise _refused(field, value, "true or false")


def _named(_: object, field: "attrs.Attribute[Any]", value: tuple[object, ...]) -> None:
    for each in value:
        if not isinstance(each, str) or not each or value.count(each) > 1:
            raise _refused(field, each, "names that are not empty, each once")


def _known_zone(_: object, field: "attrs.Attribute[Any]", value: str) -> None:
    # Besides KeyError, zoneinfo lets through what the file system says of odd names.
    try:
        ZoneInfo(value)
    except (KeyError, OSError, TypeError, ValueError):
        raise _refused(field, value, "a time zone such as 'Europe/London'") from None


def _in_steps(_: object, field: "attrs.Attribute[Any]", value: tuple[timedelta, ...]) -> None:
    right = "at least one window, each once, of 5m, 10m and so on up to 24h"
    if not value:
        raise _refused(field, value, right)
    for each in value:
        if each % STEP or not STEP <= each <= _DAY or value.count(each) > 1:
            raise _refused(field, str(each), right)


def _in_order(value: Iterable[timedelta]) -> tuple[timedelta, ...]:
    return tuple(sorted(value))


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _dates(value: Iterable[date]) -> frozenset[date]:
    return frozenset(value)


def _default_windows() -> tuple[timedelta, ...]:
    return tuple(minutes * MINUTE for minutes in (5, 15, 30, 60, 120, 240, 480))


@attrs.frozen(kw_only=True)
class CrisisPolicy:
    """What is watched, what is worth an alarm, and when it is over.

    Attributes:
        version: Which of the house's policies this is; alarms record it.
        false_alarm_every: No more than one false alarm, over everything that is watched, in this
            time on average.
        volume: Whether all messages by customers are watched together.
        negative: Whether those that sound bad are watched.
        negative_share: Whether their share of all messages is watched, however many those are.
        topics: The names of topics that are watched each by itself.
        smallest_rise: Counts below this many times the usual are never worth an alarm.
        fewest: Windows with fewer messages than this are never worth an alarm.
        windows: The lengths of time over which messages are counted, shortest first.
        over_below: A rise is over when counts are below this many times the usual, or can't be
            told from it ...
        quiet_for: ... over so long a time, which is one of the windows.
        declared_at: A rise that chance brings less often than once in this time is declared a
            crisis by itself; None leaves that to people.
        timezone: The zone in which days and hours have their rhythm.
        holidays: Local dates that are like Sundays.
        history: How much history is needed before anything is watched.
        learns_from: How much of the latest history is learnt from.
        adapts_in: The time in which the level goes half of the way to a new one.
        remembers: The time in which half of a level of the past is forgotten; going back to what
            is remembered is no rise.
        most_by_author: How many messages of one author count towards a crisis at once.
        repeats: An author who sends the same text this many times at once counts no more.
        most_new: Where more than this share of those who send one text are new accounts, their
            messages don't count.

    Raises:
        InvalidPolicy: If a value makes no sense, or nothing is watched.

    >>> CrisisPolicy(topics=("refunds",)).series
    ('volume', 'negative', 'negative share', 'topic:refunds')
    """

    version: str = "1"
    false_alarm_every: timedelta = attrs.field(
        default=timedelta(days=30), validator=_lasts(timedelta(hours=1), "an hour")
    )
    volume: bool = attrs.field(default=True, validator=_true_or_false)
    negative: bool = attrs.field(default=True, validator=_true_or_false)
    negative_share: bool = attrs.field(default=True, validator=_true_or_false)
    topics: tuple[str, ...] = attrs.field(default=(), converter=_names, validator=_named)
    smallest_rise: float = attrs.field(default=2.0, validator=_number(1.0, "1.0 or more"))
    fewest: int = attrs.field(default=5, validator=_number(1, "a whole number above 0", whole=True))
    windows: tuple[timedelta, ...] = attrs.field(
        factory=_default_windows, converter=_in_order, validator=_in_steps
    )
    over_below: float = attrs.field(default=1.5, validator=_number(1.0, "1.0 or more"))
    quiet_for: timedelta = timedelta(hours=2)
    declared_at: timedelta | None = attrs.field(
        default=None, validator=attrs.validators.optional(_lasts(timedelta(hours=1), "an hour"))
    )
    timezone: str = attrs.field(default="UTC", validator=_known_zone)
    holidays: frozenset[date] = attrs.field(default=frozenset(), converter=_dates)
    history: timedelta = attrs.field(
        default=timedelta(days=28), validator=_lasts(timedelta(days=14), "two weeks")
    )
    learns_from: timedelta = attrs.field(
        default=timedelta(days=91), validator=_lasts(timedelta(days=14), "two weeks")
    )
    adapts_in: timedelta = attrs.field(default=timedelta(days=7), validator=_lasts(_DAY, "a day"))
    remembers: timedelta = attrs.field(default=timedelta(days=28), validator=_lasts(_DAY, "a day"))
    most_by_author: int = attrs.field(
        default=3, validator=_number(1, "a whole number above 0", whole=True)
    )
    repeats: int = attrs.field(
        default=3, validator=_number(2, "a whole number above 1", whole=True)
    )
    most_new: float = attrs.field(
        default=0.5, validator=_number(0.0, "a share from 0.0 to 1.0", most=1.0)
    )

    def __attrs_post_init__(self) -> None:
        """Refuses fields that don't go together."""
        if not self.series:
            right = "volume, negative or a topic to be watched"
            raise InvalidPolicy("nothing", where="CrisisPolicy.topics", right=right)
        if self.quiet_for not in self.windows:
            right = "one of the windows"
            raise InvalidPolicy(str(self.quiet_for), where="CrisisPolicy.quiet_for", right=right)

    @property
    def series(self) -> tuple[str, ...]:
        """The names of all that is watched."""
        wanted = {VOLUME: self.volume, NEGATIVE: self.negative, SHARE: self.negative_share}
        own = (name for name, is_wanted in wanted.items() if is_wanted)
        return (*own, *(TOPIC + topic for topic in self.topics))

    @property
    def week(self) -> LocalWeek:
        """The clock and calendar of the house."""
        return LocalWeek(timezone=self.timezone, holidays=self.holidays)

    @property
    def share_of_alarms(self) -> float:
        """The part of all false alarms that one window of one series may raise.

        Series share the alarms in equal parts. Windows of a series, one half of the next, hold
        much of the same messages and raise most of their false alarms together: simulations find
        no more than three of them would find apart.
        """
        return min(1.0, _APART / len(self.windows)) / len(self.series)

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], *, where: str = "crisis policy"
    ) -> "CrisisPolicy":
        """The policy that a mapping describes; a key that is missing has our default.

        Args:
            mapping: The fields by name; lengths of time as texts such as `30d`.
            where: What to call the mapping in errors, such as the name of its file.

        Raises:
            InvalidPolicy: If a key is unknown or its value not right; the message names the key
                and what would be right.

        >>> CrisisPolicy.from_mapping({"false_alarm_every": "90d"}).false_alarm_every.days
        90
        """
        from socialcare.domain.crisis.mapping import policy_from

        return policy_from(mapping, where=where)

    @classmethod
    def from_toml(cls, path: str | Path) -> "CrisisPolicy":
        """The policy in a TOML file.

        Raises:
            InvalidPolicy: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.crisis.mapping import policy_in

        return policy_in(toml_table(path, error=InvalidPolicy))

    def to_mapping(self) -> dict[str, object]:
        """The policy as `from_mapping` reads it, of texts, numbers, lists and truths only."""
        from socialcare.domain.crisis.mapping import mapping_of

        return mapping_of(self)
