"""Loose ends of a map: hours and levels that it names and does not have, and steps to nobody."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialcare.domain.escalation.entry import CALENDAR, EscalationEntry
from socialcare.errors import InvalidEscalationMap

if TYPE_CHECKING:
    from socialcare.domain.escalation.map import EscalationMap

__all__ = ["refuse_loose_ends"]


def refuse_loose_ends(map_: "EscalationMap") -> None:
    """Refuses a map that names what it does not have.

    Raises:
        InvalidEscalationMap: With the key, and what would be right.
    """
    hours = (CALENDAR, *(name for name, _ in map_.hours))
    for where, name in _named_hours(map_):
        if name not in hours:
            right = f"one of {', '.join(hours)}"
            raise InvalidEscalationMap(name, where=f"EscalationMap.{where}", right=right)
    for where, level in _named_levels(map_):
        if level not in map_.level_names:
            right = f"one of the levels {', '.join(map_.level_names)}"
            raise InvalidEscalationMap(level, where=f"EscalationMap.{where}", right=right)
    for place, entry in enumerate(map_.entries):
        _refuse_nobody(map_, place, entry)


def _named_hours(map_: "EscalationMap") -> Iterator[tuple[str, str]]:
    yield "standard_hours", map_.standard_hours
    for place, entry in enumerate(map_.entries):
        if entry.hours is not None:
            yield f"entries[{place}].hours", entry.hours


def _named_levels(map_: "EscalationMap") -> Iterator[tuple[str, str]]:
    steps = [("steps", map_.steps)]
    for place, entry in enumerate(map_.entries):
        if entry.level is not None:
            yield f"entries[{place}].level", entry.level
        steps.append((f"entries[{place}].steps", entry.steps or ()))
    for where, ladder in steps:
        for number, step in enumerate(ladder):
            if step.level is not None:
                yield f"{where}[{number}].level", step.level


def _refuse_nobody(map_: "EscalationMap", place: int, entry: EscalationEntry) -> None:
    for number, rung in enumerate(map_.ladder(entry)[1:]):
        if rung.team is None:
            where = f"EscalationMap.entries[{place}].steps[{number}].team"
            right = f"a team, there, in the entry or for the level {rung.level!r}"
            raise InvalidEscalationMap(None, where=where, right=right)
