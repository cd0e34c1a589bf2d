"""Handovers: what was escalated, to which levels it went, and in whose hands it is.

An escalation begins when somebody must see a conversation, and goes on from level to level while
nobody takes it. It ends when it is handed back, or when the conversation is settled by those who
took it. What nobody took does not end by being settled: then somebody has closed what others had to
see, and they see it all the same.

Events are taken one by one, in the order of their positions, and name the escalation that they are
about; so two conversations that were merged keep both of theirs, and a merge that is taken back
leaves each with its own. What is so already is passed over.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from socialcare.domain import events
from socialcare.domain.events import Cause, Event, Key

__all__ = ["Escalation", "Escalations", "Stay", "gone_on"]


@attrs.frozen(kw_only=True)
class Stay:
    """A time at one level: a row of the table of escalations.

    Attributes:
        at: Since when.
        level, team_id: Where.
        reason: Why somebody must see it.
        because: Why it went there.
        entry: The entry of the map; None where somebody escalated it without one.
        taken_at: When somebody there took it.
        returned_at: When it left that level: it was handed back, settled, or went on.
    """

    at: datetime
    level: str
    team_id: str
    reason: str
    because: Cause
    entry: str | None = None
    taken_at: datetime | None = None
    returned_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Escalation:
    """Something that a team must see, as the log tells it.

    Attributes:
        id: How it is called.
        conversation: The conversation that it is about now.
        stays: The levels at which it was, in order.
        map: Name and version of the map by which it began.
        step: How many steps of its entry it has gone.
        since: From when on its steps count.
        since_step: The step at which it was then.
        ladder_stay: The number of the stay with which it was put on the ladder of its entry.
        told_at: When somebody was told last.
        told: Who; None where nobody knew who was on duty.
        messages: The messages that it is about, and those that came while it was open.
        found: The words and facts by which its entry held at first.
        notes: What those who escalated it or handed it back wrote, in order.
        agent_id: Who has it: whoever took it, or was given it.
        taken_by: Who took it; None while nobody has.
        ended_at: When it was handed back, or settled; None while it is open.
    """

    id: str
    conversation: str | None
    stays: tuple[Stay, ...]
    map: str | None = None
    step: int = 0
    since: datetime
    since_step: int = 0
    ladder_stay: int = 0
    told_at: datetime
    told: tuple[str, ...] | None = None
    messages: tuple[Key, ...] = ()
    found: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    agent_id: str | None = None
    taken_by: str | None = None
    ended_at: datetime | None = None

    @property
    def stay(self) -> Stay:
        """Where it is, or was last."""
        return self.stays[-1]

    @property
    def began_at(self) -> datetime:
        """When it began."""
        return self.stays[0].at

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to care for it."""
        return self.ended_at is None

    @property
    def level(self) -> str:
        """The level where it is, or was last."""
        return self.stay.level

    @property
    def team_id(self) -> str:
        """The team that has it, or had it last."""
        return self.stay.team_id

    @property
    def entry(self) -> str | None:
        """The entry of the map that says who must see it."""
        return self.stay.entry

    def covers(self, key: Key, *, entry: str | None, team: str | None) -> bool:
        """Whether a message was, or is, with those who must see it by this entry."""
        own = entry in {stay.entry for stay in self.stays} or team in {
            stay.team_id for stay in self.stays
        }
        return own and key in self.messages


def gone_on(before: Escalation | None, event: events.Escalated) -> Escalation:
    """The escalation after it began, or went on."""
    if before is None:
        return _begun(event)
    after = attrs.evolve(
        before,
        told_at=event.at,
        told=event.told,
        messages=_with(before.messages, event.messages),
        notes=_noted(before.notes, event.note),
    )
    if event.because is Cause.REPEATED:
        return after
    left = attrs.evolve(before.stay, returned_at=event.at)
    after = attrs.evolve(
        after,
        stays=(*before.stays[:-1], left, _stay(event)),
        step=event.step,
        agent_id=None,
        taken_by=None,
    )
    if event.because in _ON_A_CLOCK:
        return after
    after = attrs.evolve(after, since=event.at, since_step=event.step)
    is_on = event.because is Cause.HELD
    return after if is_on else attrs.evolve(after, ladder_stay=len(before.stays))


def _begun(event: events.Escalated) -> Escalation:
    return Escalation(
        id=event.escalation,
        conversation=event.conversation,
        stays=(_stay(event),),
        map=event.map,
        step=event.step,
        since=event.at,
        since_step=event.step,
        told_at=event.at,
        told=event.told,
        messages=event.messages,
        found=event.found,
        notes=_noted((), event.note),
    )


def _stay(event: events.Escalated) -> Stay:
    return Stay(
        at=event.at,
        level=event.level,
        team_id=event.team_id,
        reason=event.reason,
        because=event.because,
        entry=event.entry,
    )


_BY_TIME = frozenset({Cause.UNTAKEN, Cause.NOBODY_ON_DUTY, Cause.HELD, Cause.REPEATED})
"""Causes by which an escalation goes on that was there already."""
_ON_A_CLOCK = frozenset({Cause.UNTAKEN, Cause.NOBODY_ON_DUTY})
"""Causes by which the steps go on counting from where they began."""


def _with(before: tuple[Key, ...], more: Iterable[Key]) -> tuple[Key, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def _noted(before: tuple[str, ...], note: str | None) -> tuple[str, ...]:
    return before if note is None else (*before, note)


class Escalations:
    """The escalations of a conversation after some of its events."""

    def __init__(self) -> None:
        self._known: dict[str, Escalation] = {}

    @property
    def all(self) -> tuple[Escalation, ...]:
        """All of them; the one that somebody, or the map, escalated last stands last."""
        return tuple(self._known.values())

    @property
    def open(self) -> Escalation | None:
        """The open one that stands last; None if none is open.

        A step that another one goes with time does not take the conversation from its team.
        """
        return next((each for each in reversed(self._known.values()) if each.is_open), None)

    def _escalated(self, event: events.Escalated) -> None:
        known = self._known.get(event.escalation)
        if known is not None and not known.is_open:
            return  # it has ended meanwhile, so time does nothing to it any more
        after = gone_on(known, event)
        if event.because not in _BY_TIME:
            self._known.pop(event.escalation, None)
        self._known[event.escalation] = after

    def _taken(self, event: events.Taken) -> None:
        known = self._known.get(event.escalation)
        if known is not None and known.is_open:
            first = known.stay.taken_at or event.at
            self._known[known.id] = attrs.evolve(
                known,
                stays=(*known.stays[:-1], attrs.evolve(known.stay, taken_at=first)),
                agent_id=event.agent_id,
                taken_by=event.agent_id,
            )

    def _returned(self, event: events.Returned) -> None:
        known = self._known.get(event.escalation)
        if known is not None and known.is_open:
            self._end(known, event.at, _noted(known.notes, event.note))

    def _end(self, known: Escalation, at: datetime, notes: tuple[str, ...]) -> None:
        left = attrs.evolve(known.stay, returned_at=max(at, known.stay.at))
        self._known[known.id] = attrs.evolve(
            known, stays=(*known.stays[:-1], left), ended_at=left.returned_at, notes=notes
        )

    def _settled(self, event: Event) -> None:
        for known in self._within(event.conversation):
            if known.taken_by is not None:
                self._end(known, event.at, known.notes)

    def _assigned(self, event: events.Assigned) -> None:
        for known in self._within(event.conversation):
            self._known[known.id] = attrs.evolve(known, agent_id=event.agent_id)

    def _released(self, event: events.Released) -> None:
        for known in self._within(event.conversation):
            self._known[known.id] = attrs.evolve(known, agent_id=None, taken_by=None)

    def _heard(self, event: events.MessageReceived) -> None:
        if self._known and event.message.by_customer:
            for known in self._within(event.conversation):
                more = _with(known.messages, (event.message.key,))
                self._known[known.id] = attrs.evolve(known, messages=more)

    def _merged(self, event: events.Merged) -> None:
        for known in self._within(event.other):
            self._known[known.id] = attrs.evolve(known, conversation=event.conversation)

    def _within(self, conversation: str | None) -> list[Escalation]:
        """The open ones of what was one conversation then."""
        every = self._known.values()
        return [each for each in every if each.is_open and each.conversation == conversation]

    TAKES: Mapping[type[Event], Callable[..., None]] = MappingProxyType(
        {
            events.Escalated: _escalated,
            events.Taken: _taken,
            events.Returned: _returned,
            events.Resolved: _settled,
            events.Archived: _settled,
            events.Assigned: _assigned,
            events.Released: _released,
            events.MessageReceived: _heard,
            events.Merged: _merged,
        }
    )
    """What is done with each type of event that is about escalations, or may be."""
