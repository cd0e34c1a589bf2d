"""Rotas as mappings: what stands in a TOML file, and back.

Times are local: texts such as `2026-03-02 09:00`, or local dates and times of TOML.
A date alone is the midnight at which it begins; as an end it is the midnight at which it is over,
so that an absence from one date to the same date is one day.
Every error names the document, the key as a path such as `teams.social.shifts[0].rule`, what was
found there and what would be right.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from socialcare.domain.documents import (
    Reader,
    Table,
    anything,
    business_hours,
    text,
    texts,
    toml_table,
)
from socialcare.domain.durations import duration_text
from socialcare.domain.rota.plan import Rota
from socialcare.domain.rota.shifts import Absence, ExtraShift, Gap, ShiftRule, Swap, Team
from socialcare.errors import InvalidValue

__all__ = ["read", "read_toml", "written"]

_Value = TypeVar("_Value")
_DAY = timedelta(days=1)
_A_TIME = "a local time such as '2026-03-02 09:00', or a date"
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_A_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OPTIONAL: Mapping[object, tuple[str, ...]] = {
    Swap: ("team",),
    Absence: ("reason",),
    Gap: ("team", "reason"),
    ExtraShift: (),
}
_BETWEEN = {"start": "from", "end": "to"}
"""What documents call the fields of an exception, where that is another name."""


def read(mapping: Mapping[str, object], *, where: str) -> Rota:
    """The rota that a mapping describes.

    Raises:
        InvalidValue: At the first key that is not right.
    """
    return _rota(Table(mapping, where))


def read_toml(path: str | Path) -> Rota:
    """The rota in a TOML file.

    Raises:
        InvalidValue: At the first key that is not right, or if it is no TOML.
        OSError: If the file cannot be opened.
    """
    return _rota(toml_table(path))


def written(rota: Rota) -> dict[str, object]:
    """The rota as texts, lists and dicts; `read` gives an equal one back."""
    lists: dict[str, list[dict[str, object]]] = {
        "swaps": [
            {**_between(each), "member": each.member, "substitute": each.substitute, **_in(each)}
            for each in rota.swaps
        ],
        "absences": [
            {**_between(each), "member": each.member, **_why(each)} for each in rota.absences
        ],
        "gaps": [{**_between(each), **_in(each), **_why(each)} for each in rota.gaps],
        "extra": [
            {**_between(each), "team": each.team, "members": list(each.members)}
            for each in rota.extra
        ],
    }
    return {
        "name": rota.name,
        "version": rota.version,
        "timezone": rota.timezone,
        "teams": {team.name: _team_written(team) for team in rota.teams},
        **{key: each for key, each in lists.items() if each},
    }


def _rota(table: Table) -> Rota:
    table.need("teams", anything, "at least one team")
    fields = {
        "name": table.get("name", text, "rota"),
        "version": table.get("version", text, "1"),
        "timezone": table.need("timezone", text, "a time zone such as 'Europe/London'"),
        "teams": [_team(each, name) for name, each in table.named("teams")],
        "swaps": [
            _exception(each, Swap, member=text, substitute=text) for each in table.tables("swaps")
        ],
        "absences": [_exception(each, Absence, member=text) for each in table.tables("absences")],
        "gaps": [_exception(each, Gap) for each in table.tables("gaps")],
        "extra": [
            _exception(each, ExtraShift, team=text, members=texts) for each in table.tables("extra")
        ],
    }
    table.done()
    return table.made(Rota, fields)


def _team(table: Table, name: str) -> Team:
    fields = {
        "name": name,
        "shifts": [_shift(each) for each in table.tables("shifts")],
        "cover": table.get("cover", business_hours, None),
    }
    table.done()
    return table.made(Team, fields)


def _shift(table: Table) -> ShiftRule:
    start = table.need("start", _first, _A_TIME)
    fields = {
        "name": table.need("name", text, "what the shift is called"),
        "start": start,
        "lasts": _lasts(table, start),
        "rule": table.get("rule", text, "FREQ=DAILY"),
        "members": table.need("members", texts, "the people who are on"),
        "turns": table.length("turns"),
    }
    table.done()
    return table.made(ShiftRule, fields, called={"lasts": "duration"})


def _lasts(table: Table, start: datetime) -> timedelta:
    """From the start to the end: until a time of day, or for a duration on the wall."""
    lasts, end = table.length("duration"), table.get("end", _time_of_day, None)
    if (lasts is None) == (end is None):
        found = "nothing" if lasts is None else "both"
        right = "an end such as '17:00', or a duration such as '8h' or '1w'"
        raise InvalidValue(found, where=table.at("end"), right=right)
    if end is None:
        return lasts or timedelta(0)
    since_midnight = timedelta(hours=start.hour, minutes=start.minute, seconds=start.second)
    return end - since_midnight if end > since_midnight else end + _DAY - since_midnight


def _time_of_day(value: object, where: str) -> timedelta | None:
    found = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    time = found and timedelta(hours=int(found[1]), minutes=int(found[2]))
    if not found or time is None or time > _DAY:
        raise InvalidValue(value, where=where, right="a time of day such as '17:00'")
    return time


def _exception(table: Table, of: Callable[..., _Value], **needed: "Reader[object]") -> _Value:
    fields = {
        "start": table.need("from", _first, _A_TIME),
        "end": table.need("to", _last, _A_TIME),
        **{key: table.need(key, reader, f"the {key}") for key, reader in needed.items()},
    }
    optional = {key: table.get(key, text, "") for key in _OPTIONAL[of]}
    fields.update({key: value for key, value in optional.items() if value})
    table.done()
    return table.made(of, fields, called=_BETWEEN)


def _first(value: object, where: str) -> datetime:
    return _moment(value, where)[0]


def _last(value: object, where: str) -> datetime:
    moment, whole_day = _moment(value, where)
    return moment + _DAY if whole_day else moment


def _moment(value: object, where: str) -> tuple[datetime, bool]:
    """A local time, and whether it was given as a date alone."""
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError:
            raise InvalidValue(value, where=where, right=_A_TIME) from None
        return found, _A_DATE.fullmatch(value.strip()) is not None
    if isinstance(value, datetime):
        return value, False
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day), True  # noqa: DTZ001 - a local one
    raise InvalidValue(value, where=where, right=_A_TIME)


def _team_written(team: Team) -> dict[str, object]:
    cover = {} if team.cover is None else {"cover": team.cover.to_mapping()}
    return {"shifts": [_shift_written(shift) for shift in team.shifts], **cover}


def _shift_written(shift: ShiftRule) -> dict[str, object]:
    turns = {} if shift.turns is None else {"turns": duration_text(shift.turns)}
    return {
        "name": shift.name,
        "start": shift.start.isoformat(" "),
        "duration": duration_text(shift.lasts),
        "rule": shift.rule,
        "members": list(shift.members),
        **turns,
    }


def _between(each: Swap | Absence | Gap | ExtraShift) -> dict[str, object]:
    return {"from": each.start.isoformat(" "), "to": each.end.isoformat(" ")}


def _in(each: Swap | Gap) -> dict[str, object]:
    return {} if each.team is None else {"team": each.team}


def _why(each: Absence | Gap) -> dict[str, object]:
    return {"reason": each.reason} if each.reason else {}
