"""Business hours as mappings: what stands in a TOML file, and back.

The keys at the top hold for every version; a version's own keys stand in their place, whole.
Where the top gives weekly hours it is a version itself, the one in force before all dated ones;
where it does not, what it gives is only what the versions have in common.
Every error names the key as a path, such as `weekly.mon[1]`, and what would be right there.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from socialcare.domain.schedule import HoursVersion, Window
from socialcare.errors import InvalidHours

__all__ = ["read", "written"]

_OWN = ("name", "weekly", "holidays", "dates")
_TOP = ("timezone", *_OWN, "versions")
_VERSION = ("from", *_OWN)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NUMBERS = {name: number for names in (_DAYS, _FULL) for number, name in enumerate(names)}
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_A_DATE = "a date such as '2026-12-25'"


def read(mapping: Mapping[str, object], *, where: str) -> tuple[str, tuple[HoursVersion, ...]]:
    """The time zone and the versions that a mapping describes.

    Raises:
        InvalidHours: At the first key that is not right.
    """
    try:
        return _read(mapping)
    except InvalidHours as error:
        at = f"{where}: {error.where}" if error.where else where
        raise InvalidHours(error.found, where=at, right=error.right) from None


def written(timezone: str, versions: tuple[HoursVersion, ...]) -> dict[str, object]:
    """The mapping of texts, lists and dicts from which `read` makes the same versions."""
    first, *others = versions
    if first.since is not None:
        return {"timezone": timezone, "versions": [_version_written(each) for each in versions]}
    mapping = {"timezone": timezone, **_version_written(first)}
    return (
        {**mapping, "versions": [_version_written(each) for each in others]} if others else mapping
    )


def _read(mapping: object) -> tuple[str, tuple[HoursVersion, ...]]:
    top = _table(mapping, "", known=_TOP)
    timezone = top.get("timezone")
    if not isinstance(timezone, str):
        right = "a time zone such as 'Europe/London'"
        raise InvalidHours(timezone, where="timezone", right=right)
    dated = [
        _dated(each, top, f"versions[{number}]")
        for number, each in enumerate(_list(top.get("versions", []), "versions", of="tables"))
    ]
    if "weekly" in top or not dated:
        name = _name(top, "", default="default")
        return timezone, (_version(top, "", name=name, since=None), *dated)
    return timezone, tuple(dated)


def _dated(value: object, top: Mapping[str, object], where: str) -> HoursVersion:
    """A version with its date, over what the top gives."""
    own = _table(value, where, known=_VERSION)
    if "from" not in own:
        raise InvalidHours("no date", where=f"{where}.from", right=_A_DATE)
    since = _date(own["from"], f"{where}.from")
    prefix = f"{_name(top, '', default='')} " if "name" in top else ""
    name = _name(own, f"{where}.", default=f"{prefix}{since}")
    return _version({**top, **own}, f"{where}.", name=name, since=since)


def _version(
    keys: Mapping[str, object], prefix: str, *, name: str, since: date | None
) -> HoursVersion:
    if "weekly" not in keys and "dates" not in keys:
        right = "windows by weekday, such as {'mon-fri': ['09:00-17:30']}"
        raise InvalidHours("no hours", where=f"{prefix}weekly", right=right)
    return HoursVersion(
        name=name,
        since=since,
        weekly=_weekly(keys.get("weekly", {}), f"{prefix}weekly"),
        holidays=tuple(_holidays(keys.get("holidays", []), f"{prefix}holidays")),
        dates=_dates(keys.get("dates", {}), f"{prefix}dates"),
    )


def _name(keys: Mapping[str, object], prefix: str, *, default: str) -> str:
    name = keys.get("name", default)
    if not isinstance(name, str) or (not name and "name" in keys):
        raise InvalidHours(name, where=f"{prefix}name", right="a text that is not empty")
    return name


def _weekly(value: object, where: str) -> tuple[tuple[Window, ...], ...]:
    """The windows of the seven weekdays, Monday first."""
    week: dict[int, tuple[Window, ...]] = {}
    for key, windows in _table(value, where).items():
        at = f"{where}.{key}"
        for day in _weekdays(key, where):
            if day in week:
                right = f"the windows of {_DAYS[day]} only once"
                raise InvalidHours(key, where=at, right=right)
            week[day] = _windows(windows, at)
    return tuple(week.get(day, ()) for day in range(7))


def _weekdays(key: object, where: str) -> list[int]:
    """The numbers of the days that `mon`, `Monday` or `mon-fri` names; `fri-mon` goes round."""
    names = key.lower().split("-") if isinstance(key, str) else []
    days = [_DAY_NUMBERS.get(name.strip(), -1) for name in names]
    if not 1 <= len(days) <= 2 or -1 in days:
        right = f"a weekday ({', '.join(_DAYS)}), its full name, or a range such as 'mon-fri'"
        raise InvalidHours(key, where=where, right=right)
    return [(days[0] + step) % 7 for step in range((days[-1] - days[0]) % 7 + 1)]


def _windows(value: object, where: str) -> tuple[Window, ...]:
    """The windows of one day; a single one may stand without its list."""
    if isinstance(value, str):
        return (Window.parse(value, where=where),)
    texts = _list(value, where, of="windows such as '09:00-17:30'")
    return tuple(
        Window.parse(text, where=f"{where}[{number}]") for number, text in enumerate(texts)
    )


def _holidays(value: object, where: str) -> Iterator[date]:
    for number, day in enumerate(_list(value, where, of="dates such as '2026-12-25'")):
        yield _date(day, f"{where}[{number}]")


def _dates(value: object, where: str) -> dict[date, tuple[Window, ...]]:
    dates: dict[date, tuple[Window, ...]] = {}
    for key, windows in _table(value, where).items():
        day = _date(key, where)
        if day in dates:
            raise InvalidHours(key, where=where, right="every date only once")
        dates[day] = _windows(windows, f"{where}.{day}")
    return dates


def _date(value: object, where: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            right = f"{_A_DATE} ({error})"
            raise InvalidHours(value, where=where, right=right) from None
    raise InvalidHours(value, where=where, right=_A_DATE)


def _table(value: object, where: str, *, known: tuple[str, ...] = ()) -> Mapping[Any, object]:
    """The value as a table, with keys out of `known` where there are any."""
    right = f"a key out of {', '.join(known)}"
    if not isinstance(value, Mapping):
        raise InvalidHours(
            value, where=where, right=f"a table, with {right}" if known else "a table"
        )
    for key in value if known else ():
        if key not in known:
            single = key == "timezone"
            raise InvalidHours(
                key, where=where, right="one time zone for all, at the top" if single else right
            )
    return value


def _list(value: object, where: str, *, of: str) -> list[object]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise InvalidHours(value, where=where, right=f"a list of {of}")
    return list(value)


def _version_written(version: HoursVersion) -> dict[str, object]:
    since = {} if version.since is None else {"from": version.since.isoformat()}
    return {
        **since,
        "name": version.name,
        "weekly": {
            name: [str(each) for each in windows]
            for name, windows in zip(_DAYS, version.weekly, strict=True)
            if windows
        },
        "holidays": [day.isoformat() for day in version.holidays],
        "dates": {
            day.isoformat(): [str(each) for each in windows] for day, windows in version.dates
        },
    }
