"""Escalation maps as mappings: what stands in a TOML file, and back.

Every error names the document, the key as a path such as `entries[1].steps[0].after`, what was
found there and what would be right.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.documents import (
    Reader,
    Table,
    business_hours,
    length,
    text,
    texts,
    toml_table,
    truth,
    whole,
    word_of,
)
from socialcare.domain.durations import duration_text
from socialcare.domain.escalation.entry import (
    AnsweredBy,
    EscalationEntry,
    EscalationStep,
    Level,
)
from socialcare.domain.escalation.map import EscalationMap
from socialcare.domain.query.terms import Terms
from socialcare.errors import InvalidEscalationMap, InvalidValue

__all__ = ["read", "read_toml", "steps_written", "written"]

_Value = TypeVar("_Value")
_count = whole("1 or 2")


def read(mapping: Mapping[str, object], *, where: str) -> EscalationMap:
    """The map that a mapping describes.

    Raises:
        InvalidEscalationMap: At the first key that is not right.
    """
    return _map(Table(mapping, where, error=InvalidEscalationMap))


def read_toml(path: str | Path) -> EscalationMap:
    """The map in a TOML file.

    Raises:
        InvalidEscalationMap: At the first key that is not right, or if it is no TOML.
        OSError: If the file cannot be opened.
    """
    return _map(toml_table(path, error=InvalidEscalationMap))


def written(map_: EscalationMap) -> dict[str, object]:
    """The map as texts, numbers, lists and dicts; `read` gives an equal one back."""
    exceptions = sorted({word for each in map_.entries for word in each.query.exceptions})
    optional: dict[str, object] = {
        "exceptions": exceptions,
        "roles": {role: list(people) for role, people in map_.roles},
        "hours": {name: hours.to_mapping() for name, hours in map_.hours},
    }
    return {
        "name": map_.name,
        "version": map_.version,
        "standard_hours": map_.standard_hours,
        "repeat": duration_text(map_.repeat),
        "hold": duration_text(map_.hold),
        "private_in_public": map_.private_in_public,
        "levels": [_given(name=level.name, team=level.team) for level in map_.levels],
        "steps": steps_written(map_.steps),
        **{key: value for key, value in optional.items() if value},
        "entries": [_entry_written(entry) for entry in map_.entries],
    }


def _map(table: Table) -> EscalationMap:
    terms = Terms.of(table)
    fields = {
        **table.given(name=text, version=text, standard_hours=text, repeat=length, hold=length),
        **table.given(private_in_public=truth, levels=_levels, steps=_steps),
        "hours": dict(table.table("hours").entries(business_hours)),
        "roles": dict(table.table("roles").entries(texts)),
        "entries": [_entry(each, terms) for each in table.tables("entries")],
    }
    table.done()
    return table.made(EscalationMap, fields)


def _entry(table: Table, terms: Terms) -> EscalationEntry:
    name = table.need("name", text, "what the entry is called")
    fields = {
        "name": name,
        "query": table.need("query", terms.query, "a query"),
        "answered_by": table.need(
            "answered_by", word_of(AnsweredBy), f"who answers, one of {', '.join(AnsweredBy)}"
        ),
        "reason": table.get("reason", text, name),
        **table.given(team=text, level=text, hours=text, private_in_public=truth),
        **table.given(approval=_approval, steps=_steps),
    }
    table.done()
    return table.made(EscalationEntry, fields)


def _levels(value: object, where: str) -> tuple[Level, ...]:
    return tuple(_each(value, where, _level))


def _level(value: object, where: str) -> Level:
    if isinstance(value, str):
        return Level(name=text(value, where))
    table = Table(value, where, error=InvalidEscalationMap)
    fields = {
        "name": table.need("name", text, "what the level is called"),
        **table.given(team=text),
    }
    table.done()
    return table.made(Level, fields)


def _steps(value: object, where: str) -> tuple[EscalationStep, ...]:
    return tuple(_each(value, where, _step))


def _step(value: object, where: str) -> EscalationStep:
    table = Table(value, where, error=InvalidEscalationMap)
    fields = {
        "after": table.need("after", length, "how long after the escalation, such as '30m'"),
        **table.given(level=text, team=text),
    }
    table.done()
    return table.made(EscalationStep, fields)


def _each(value: object, where: str, reader: "Reader[_Value]") -> list[_Value]:
    if not isinstance(value, list | tuple):
        raise InvalidValue(value, where=where, right="a list")
    return [reader(each, f"{where}[{number}]") for number, each in enumerate(value)]


def _approval(value: object, where: str) -> Requirement:
    """A role, several of which any will do, or a table that also says how many people."""
    if not isinstance(value, Mapping):
        return Requirement(roles=texts(value, where))
    table = Table(value, where, error=InvalidEscalationMap)
    fields = {
        "roles": table.need("roles", texts, "the roles that may approve, such as 'legal'"),
        **table.given(people=_count, every_role=truth),
    }
    table.done()
    return table.made(Requirement, fields)


def _given(**fields: object) -> dict[str, object]:
    """The fields that have a value."""
    return {key: value for key, value in fields.items() if value is not None}


def _entry_written(entry: EscalationEntry) -> dict[str, object]:
    return _given(
        name=entry.name,
        query=entry.query.text,
        answered_by=entry.answered_by.value,
        team=entry.team,
        level=entry.level,
        reason=entry.reason,
        approval=None if entry.approval is None else _approval_written(entry.approval),
        private_in_public=entry.private_in_public or None,
        steps=None if entry.steps is None else steps_written(entry.steps),
        hours=entry.hours,
    )


def steps_written(steps: tuple[EscalationStep, ...]) -> list[dict[str, object]]:
    """The steps as tables."""
    return [
        _given(after=duration_text(step.after), level=step.level, team=step.team) for step in steps
    ]


def _approval_written(approval: Requirement) -> dict[str, object]:
    """Who must approve, as a table."""
    return {
        "roles": list(approval.roles),
        "people": approval.people,
        **({"every_role": True} if approval.every_role else {}),
    }
