"""The difference between two versions of a map, in words.

Each change is a sentence that says what it is for those who answer, so that somebody who approves
of a map need not read two documents side by side.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from socialcare.domain.durations import duration_text
from socialcare.domain.escalation.entry import AnsweredBy, EscalationEntry, EscalationStep
from socialcare.domain.escalation.map import EscalationMap

__all__ = ["difference", "steps_said"]

_WHO = {AnsweredBy.AGENTS: "agents themselves", AnsweredBy.TEAM: "its team only"}


def difference(old: EscalationMap, new: EscalationMap) -> tuple[str, ...]:
    """What changed from one version to another, a sentence each; empty if nothing did.

    >>> entry = {"name": "fire", "query": "fire", "answered_by": "team", "team": "safety"}
    >>> old = EscalationMap.from_mapping({"entries": [entry]})
    >>> new = EscalationMap.from_mapping({"entries": [entry | {"team": "crisis"}]})
    >>> difference(old, new)
    ("entry 'fire': the team was safety, and is crisis",)
    """
    return tuple(chain(_of_the_whole(old, new), _of_entries(old, new)))


def _of_the_whole(old: EscalationMap, new: EscalationMap) -> Iterator[str]:
    again, hold = "when the last level is told again", "when what was taken goes on"
    said = (
        ("the name", old.name, new.name),
        ("the version", old.version, new.version),
        ("the levels", _levels(old), _levels(new)),
        ("the steps of the map", steps_said(old.steps), steps_said(new.steps)),
        ("the hours that count", old.standard_hours, new.standard_hours),
        (again, duration_text(old.repeat), duration_text(new.repeat)),
        (hold, duration_text(old.hold), duration_text(new.hold)),
        ("private words in public", _allowed(old), _allowed(new)),
    )
    for what, before, after in said:
        if before != after:
            yield f"{what}: was {before}, and is {after}"
    yield from _by_name("the hours", dict(old.hours), dict(new.hours))
    yield from _by_name("the role", dict(old.roles), dict(new.roles))


def _by_name(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield f"{what} {name!r} is new"
        elif name not in new:
            yield f"{what} {name!r} is gone"
        elif old[name] != new[name]:
            yield f"{what} {name!r} changed"


def _of_entries(old: EscalationMap, new: EscalationMap) -> Iterator[str]:
    for entry in old.entries:
        if new.entry(entry.name) is None:
            yield f"entry {entry.name!r} is gone: {entry.reason}"
    for entry in new.entries:
        before = old.entry(entry.name)
        if before is None:
            yield f"entry {entry.name!r} is new: {_who(entry)}, since {entry.reason}"
        else:
            yield from _changes(before, entry)
    yield from _moved(old, new)


def _who(entry: EscalationEntry) -> str:
    if entry.must_escalate:
        return f"only {entry.team} answers"
    return "agents answer themselves"


def _changes(before: EscalationEntry, after: EscalationEntry) -> Iterator[str]:
    for what, was, now in zip(_ASPECTS, _said(before), _said(after), strict=True):
        if was != now:
            yield f"entry {after.name!r}: {what} was {was}, and is {now}"


_ASPECTS = (
    "the query",
    "who answers",
    "the team",
    "the first level",
    "the reason",
    "the approval",
    "whether private words may be answered in public",
    "the way on",
    "the hours that count",
)


def _said(entry: EscalationEntry) -> tuple[str, ...]:
    """The aspects of an entry as they are told, in the order of `_ASPECTS`."""
    return (
        repr(entry.query.text),
        _WHO[entry.answered_by],
        entry.team or "nobody",
        entry.level or "the map's",
        repr(entry.reason),
        "nobody's" if entry.approval is None else str(entry.approval),
        "yes" if entry.private_in_public else "no",
        "the map's" if entry.steps is None else steps_said(entry.steps),
        entry.hours or "the map's",
    )


def _moved(old: EscalationMap, new: EscalationMap) -> Iterator[str]:
    """Entries that were behind another one and are before it now, each told once."""
    places = {entry.name: place for place, entry in enumerate(old.entries)}
    kept = [entry.name for entry in new.entries if entry.name in places]
    for number, name in enumerate(kept):
        overtaken = [other for other in kept[number + 1 :] if places[other] < places[name]]
        if overtaken:
            yield f"entry {name!r} is asked before {', '.join(map(repr, overtaken))} now"


def steps_said(steps: tuple[EscalationStep, ...]) -> str:
    """The steps in words, such as `after 30m to the next level`."""
    return ", ".join(map(_step_said, steps)) or "nowhere"


def _step_said(step: EscalationStep) -> str:
    to = step.level or "the next level"
    of = f" ({step.team})" if step.team else ""
    return f"after {duration_text(step.after)} to {to}{of}"


def _levels(map_: EscalationMap) -> str:
    said = (f"{each.name} ({each.team})" if each.team else each.name for each in map_.levels)
    return ", ".join(said)


def _allowed(map_: EscalationMap) -> str:
    return "allowed" if map_.private_in_public else "not allowed"
