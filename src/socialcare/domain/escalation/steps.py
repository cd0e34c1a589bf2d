"""Steps over time: where something goes on to that nobody took, answered, or finished in time.

What is due follows from the log, the map and the rota alone. Whoever looks, and however late, finds
the same steps at the same instants; each is in the log once it is written, and so is never due
again.

Nobody on duty is no reason to wait: from the first moment at which the steps count and nobody of
the team is there, it is the next step's turn. Outside of the hours in which steps count nothing
goes on, so what comes in at night does not climb to the top of a shop that is closed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from socialcare.domain.actor import Actor
from socialcare.domain.escalation.entry import EscalationEntry
from socialcare.domain.escalation.map import EscalationMap, Rung
from socialcare.domain.events import Cause, Escalated
from socialcare.domain.handover import Escalation, gone_on
from socialcare.domain.rota import Rota
from socialcare.domain.sla.time import Hours
from socialcare.errors import InvalidHours

__all__ = ["Clock", "Step", "on_duty"]


@attrs.frozen(kw_only=True)
class Step:
    """Where something goes on to, and when.

    Attributes:
        at: When.
        level, team: Where.
        number: How many steps of its entry that is.
        because: Why it goes there then.
    """

    at: datetime
    level: str
    team: str
    number: int
    because: Cause


def on_duty(rota: Rota | None, team: str, at: datetime) -> tuple[str, ...] | None:
    """Who of a team is on duty; None where no rota knows the team."""
    if rota is None or team not in {each.name for each in rota.teams}:
        return None
    return rota.on_duty(team, at)


@attrs.frozen(kw_only=True)
class Clock:
    """What time does to what is escalated, or to what agents answer themselves.

    Attributes:
        map: The map in force.
        rota: Who is on duty when; None where nobody knows.
    """

    map: EscalationMap
    rota: Rota | None = None

    def next_step(self, escalation: Escalation) -> Step | None:
        """Where an open escalation goes on to if nobody does anything; None if nowhere, ever."""
        entry = self.map.entry(escalation.entry)
        hours = self.map.hours_of(entry)
        ladder = self._ladder(entry, escalation)
        above = ladder[escalation.step + 1] if escalation.step + 1 < len(ladder) else None
        if escalation.taken_by is not None:
            return self._held(escalation, above, hours)
        if above is None or above.level is None or above.team is None:
            return self._repeated(escalation, hours)
        return self._untaken(escalation, ladder, above, hours)

    def unanswered(self, entry: EscalationEntry, waiting_since: datetime) -> Step | None:
        """Where it goes if agents, who answer it themselves, don't; None if nowhere."""
        above = self.map.ladder(entry)[1:2]
        if entry.must_escalate or not above:
            return None
        at = _after(self.map.hours_of(entry), waiting_since, above[0].after)
        return _step(above[0], 1, at, Cause.UNANSWERED)

    def gone_on(
        self, escalation: Escalation, *, conversation: str, by: Actor, now: datetime
    ) -> Iterator[Escalated]:
        """What happened to an open escalation by an instant, in order, as events."""
        while (step := self.next_step(escalation)) is not None and step.at <= now:
            event = self.event(escalation, step, conversation=conversation, by=by)
            escalation = gone_on(escalation, event)
            yield event

    def event(
        self, escalation: Escalation, step: Step, *, conversation: str, by: Actor
    ) -> Escalated:
        """What is written when an escalation goes a step."""
        return Escalated(
            conversation=conversation,
            at=step.at,
            by=by,
            escalation=escalation.id,
            level=step.level,
            team_id=step.team,
            reason=escalation.stay.reason,
            because=step.because,
            entry=escalation.entry,
            map=self.map.called,
            step=step.number,
            told=on_duty(self.rota, step.team, step.at),
        )

    def _ladder(self, entry: EscalationEntry | None, escalation: Escalation) -> tuple[Rung, ...]:
        """The ladder that it climbs: of its entry, from where it was put on it."""
        first = escalation.stays[escalation.ladder_stay]
        if first.because is Cause.UNANSWERED:
            return self.map.ladder(entry)
        return self.map.ladder(entry, level=first.level, team=first.team_id)

    def _untaken(
        self, escalation: Escalation, ladder: tuple[Rung, ...], above: Rung, hours: Hours
    ) -> Step | None:
        base = ladder[escalation.since_step].after
        at = _after(hours, escalation.since, above.after - base)
        because = Cause.UNTAKEN
        opens = _opening(hours, escalation.told_at)
        if opens is not None and on_duty(self.rota, escalation.team_id, opens) == ():
            at = opens if at is None else min(at, opens)
            because = Cause.NOBODY_ON_DUTY if at == opens else because
        at = None if at is None else max(at, escalation.told_at)
        return _step(above, escalation.step + 1, at, because)

    def _held(self, escalation: Escalation, above: Rung | None, hours: Hours) -> Step | None:
        """Where it goes that somebody took and was not done with: on, or to others there."""
        taken_at = escalation.stay.taken_at or escalation.told_at
        own = Rung(level=escalation.level, team=escalation.team_id)
        at = _after(hours, taken_at, self.map.hold)
        number = escalation.step if above is None else escalation.step + 1
        return _step(above or own, number, at, Cause.HELD)

    def _repeated(self, escalation: Escalation, hours: Hours) -> Step | None:
        own = Rung(level=escalation.level, team=escalation.team_id)
        at = _after(hours, escalation.told_at, self.map.repeat)
        return _step(own, escalation.step, at, Cause.REPEATED)


def _step(rung: Rung, number: int, at: datetime | None, because: Cause) -> Step | None:
    if at is None or rung.level is None or rung.team is None:
        return None
    return Step(at=at, level=rung.level, team=rung.team, number=number, because=because)


def _after(hours: Hours, start: datetime, duration: timedelta) -> datetime | None:
    """When so much time has counted; None if the hours never give that much."""
    try:
        return hours.after(start, duration)
    except (InvalidHours, OverflowError):
        return None


def _opening(hours: Hours, at: datetime) -> datetime | None:
    """The first moment from an instant on at which time counts."""
    if hours.is_open(at):
        return at
    try:
        return hours.next_open(at)
    except InvalidHours:
        return None
