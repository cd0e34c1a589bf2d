"""Measures: how much is escalated, how soon, and how long it stays at each level.

One row of the table of escalations is a stay at a level. It begins when the conversation went there
and ends when it left: it was handed back, settled, or went on to the next level. One that has not
ended is pending, and counts with the time that it has lasted by then.

Only what is known of conversations with a customer's message counts, since these are what the rate
is a share of. The time to a level is that to the first stay there; one that is stamped before its
conversation opened is a fault in the data, and has no time.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from socialcare.domain.instants import epoch_second, instant
from socialcare.domain.statistics import Summary, summarise

__all__ = ["AtLevel", "EscalationMeasures", "EscalationRow", "escalation_measures"]

_Place = tuple[str, str]
"""A level, and the reason for it."""


def _at(value: datetime) -> datetime:
    return instant(value, where="EscalationRow")


def _maybe_at(value: datetime | None) -> datetime | None:
    return None if value is None else _at(value)


@attrs.frozen(kw_only=True)
class EscalationRow:
    """A stay at a level, as the table of escalations has it.

    Attributes:
        conversation_id: The conversation.
        at: When it went there.
        level, team_id: Where.
        reason: Why.
        entry: The entry of the map, or None.
        taken_at: When somebody there took it, or None.
        returned_at: When it left that level, or None.
    """

    conversation_id: str
    at: datetime = attrs.field(converter=_at)
    level: str
    team_id: str | None = None
    reason: str = ""
    entry: str | None = None
    taken_at: datetime | None = attrs.field(default=None, converter=_maybe_at)
    returned_at: datetime | None = attrs.field(default=None, converter=_maybe_at)


@attrs.frozen(kw_only=True)
class AtLevel:
    """What the stays at a level come to that have one reason.

    Attributes:
        level: The level.
        reason: The reason.
        conversations: How many were there.
        time_to: Seconds from the opening of each to its first stay there.
        time_at: Seconds of its stays there.
    """

    level: str
    reason: str
    conversations: int
    time_to: Summary
    time_at: Summary


@attrs.frozen(kw_only=True)
class EscalationMeasures:
    """What a table of escalations comes to.

    Attributes:
        conversations: How many there are with a customer's message.
        escalated: How many of them were escalated.
        time_to: Seconds from the opening of each to its first stay at any level.
        time_at: Seconds of all stays.
        levels: The same by level and reason, in alphabetical order.
    """

    conversations: int
    escalated: int
    time_to: Summary
    time_at: Summary
    levels: tuple[AtLevel, ...]


def escalation_measures(
    rows: Iterable[EscalationRow], opened: Mapping[str, datetime], *, as_of: datetime
) -> EscalationMeasures:
    """What stays at levels come to, by an instant.

    Args:
        rows: The stays, in any order.
        opened: When the customer of each conversation opened it, by its id; conversations without a
            customer's message are not there.
        as_of: The instant; what is later is not known yet.
    """
    last = epoch_second(as_of)
    known = [row for row in rows if row.conversation_id in opened and epoch_second(row.at) <= last]
    known.sort(key=lambda row: (row.conversation_id, epoch_second(row.at)))
    places: dict[_Place, list[EscalationRow]] = {}
    for row in known:
        places.setdefault((row.level, row.reason), []).append(row)
    return EscalationMeasures(
        conversations=len(opened),
        escalated=len({row.conversation_id for row in known}),
        time_to=_time_to(known, opened),
        time_at=_time_at(known, last),
        levels=tuple(_at_level(key, places[key], opened, last) for key in sorted(places)),
    )


def _at_level(
    place: _Place, rows: list[EscalationRow], opened: Mapping[str, datetime], last: int
) -> AtLevel:
    level, reason = place
    return AtLevel(
        level=level,
        reason=reason,
        conversations=len({row.conversation_id for row in rows}),
        time_to=_time_to(rows, opened),
        time_at=_time_at(rows, last),
    )


def _time_to(rows: Iterable[EscalationRow], opened: Mapping[str, datetime]) -> Summary:
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.conversation_id, epoch_second(row.at))
    lasted = (second - epoch_second(opened[name]) for name, second in first.items())
    return summarise(seconds for seconds in lasted if seconds >= 0)


def _time_at(rows: Iterable[EscalationRow], last: int) -> Summary:
    ended: list[int] = []
    pending: list[int] = []
    for row in rows:
        left = None if row.returned_at is None else epoch_second(row.returned_at)
        is_over = left is not None and left <= last
        lasted = (left if is_over and left is not None else last) - epoch_second(row.at)
        if lasted >= 0:
            (ended if is_over else pending).append(lasted)
    return summarise(ended, pending)
