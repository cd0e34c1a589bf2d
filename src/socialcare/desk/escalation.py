"""Escalation: the commands by which people hand a conversation to those who must see it, and back.

`Desk` has them all. Each takes `by`, who does it, and `now`; each raises `UnknownConversation` if
there is none of that name, and `Conflict` if somebody else was faster every time.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import attrs

from socialcare.desk import guidance
from socialcare.desk.case_file import CaseFile, case_file
from socialcare.desk.escalating import clock_of, next_id, overdue, take_down
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.escalation.check import Finding, check
from socialcare.domain.escalation.entry import EscalationEntry
from socialcare.domain.escalation.map import FIRST_LEVEL, EscalationMap
from socialcare.domain.escalation.steps import on_duty
from socialcare.domain.events import Cause, Escalated, Event, Returned, Taken
from socialcare.domain.handover import Escalation
from socialcare.domain.instants import instant
from socialcare.errors import InvalidValue, MissingDocument, NotAllowedNow

_Decide: TypeAlias = Callable[[Transaction, Conversation, Actor], None]


class Escalating:
    """How a conversation gets to those who must see it, and back to agents."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def escalate(
        self,
        conversation: str,
        *,
        reason: str,
        by: By,
        now: datetime,
        team: str | None = None,
        level: str | None = None,
        entry: str | None = None,
        note: str | None = None,
    ) -> Conversation:
        """Hands the whole case to a team that must see it, who are told; writes `Escalated`.

        From then on it is in the queue of that team, and under the clock of the map's steps, until
        it is handed back or settled by whoever took it. One that is escalated already goes on from
        where it is.

        Args:
            conversation: Which one.
            reason: Why somebody must see it.
            by: Who says so.
            now: When.
            team: To which team; by default the one that the level or the entry of the map has, or
                the one that has it now.
            level: To which level; by default the map's first, or the next one for what is
                escalated already.
            entry: The entry of the map that it is about, which says the rest.
            note: What those who get it should know.

        Raises:
            InvalidValue: If there is no reason, no such entry or level, or no team.
        """
        wish = _Wish(reason=reason, team=team, level=level, entry=entry, note=note)
        return _done(self._work, conversation, _escalate(self._work, wish, now), by=by, now=now)

    def take(
        self, conversation: str, *, by: By, now: datetime, agent_id: str | None = None
    ) -> Conversation:
        """Takes what is escalated: an agent, by default `by`, cares for it; writes `Taken`.

        Its steps stop. If it is not handed back or settled in the time that the map allows
        (`hold`), it goes on as if nobody had taken it.

        Raises:
            NotAllowedNow: If it is not escalated.
        """
        return _done(self._work, conversation, _take(agent_id, now), by=by, now=now)

    def hand_back(
        self,
        conversation: str,
        *,
        by: By,
        now: datetime,
        note: str | None = None,
        agent_id: str | None = None,
        team: str | None = None,
    ) -> Conversation:
        """Hands what is escalated back to agents, who may answer it then; writes `Returned`.

        Args:
            conversation: Which one.
            by: Who hands it back.
            now: When.
            note: What they need to know, such as what to answer.
            agent_id: To whom; by default to those whose it was before.
            team: To which team, likewise.

        Raises:
            NotAllowedNow: If it is not escalated; or `by` has not taken it, and is not of the team.
        """
        back = _hand_back(self._work, note, agent_id, team, now)
        return _done(self._work, conversation, back, by=by, now=now)

    def guidance(self, conversation: str, *, by: By, now: datetime) -> guidance.Guidance:
        """What somebody may do with it: answer or not, who must see it, what an answer needs."""
        transaction, name = opened(self._work.store, conversation)
        found = transaction.conversation(name)
        return guidance.guidance(self._work, found, who=actor(by), now=instant(now, where="now"))

    def check_map(self, *, now: datetime, weeks: int = 4) -> tuple[Finding, ...]:
        """What is wrong with the escalation map in force, by the rota in force.

        Args:
            now: From when on.
            weeks: How far ahead to look for times with nobody on duty.

        Raises:
            MissingDocument: If the desk has no map.
        """
        map_ = self._work.handbook.escalation
        if map_ is None:
            raise MissingDocument("escalation")
        return check(map_, now=now, rota=self._work.handbook.rota, weeks=weeks)

    def case(self, conversation: str, *, by: By, now: datetime, limit: int = 20) -> CaseFile:
        """The whole case for whoever takes it: history, context, trace, notes, guidance.

        Args:
            conversation: Which one.
            by: Who asks, since the guidance is for them.
            now: When.
            limit: At most so many earlier conversations of the customer.
        """
        moment = instant(now, where="now")
        return case_file(self._work, conversation, who=actor(by), now=moment, limit=limit)


@attrs.frozen(kw_only=True)
class _Wish:
    """What somebody asks for who escalates."""

    reason: str
    team: str | None
    level: str | None
    entry: str | None
    note: str | None


def _done(
    work: Workplace, conversation: str, decide: _Decide, *, by: By, now: datetime
) -> Conversation:
    """The conversation after what time had done to it was written, and then what was decided."""
    who = actor(by)
    instant(now, where="now")

    def attempt() -> Conversation:
        transaction, name = opened(work.store, conversation)
        _catch_up(work, transaction, name, now)
        decide(transaction, transaction.conversation(name), who)
        transaction.commit()
        return transaction.conversation(name)

    return work.retried(attempt)


def _catch_up(work: Workplace, transaction: Transaction, name: str, now: datetime) -> None:
    """Writes the steps that were due before, so that they do not depend on who looked when."""
    clock, found = clock_of(work), transaction.conversation(name)
    if clock is not None:
        for event in overdue(clock, found, now=now):
            take_down(work, transaction, event, now=now)


def _held(found: Conversation, wanted: str) -> Escalation:
    if found.escalation is None:
        raise NotAllowedNow(found.id, wanted=wanted, found="it is not escalated")
    return found.escalation


# Escalating


def _escalate(work: Workplace, wish: _Wish, now: datetime) -> _Decide:
    if not wish.reason.strip():
        right = "a reason, for those who must see it"
        raise InvalidValue(wish.reason, where="escalate", right=right)

    def decide(transaction: Transaction, found: Conversation, who: Actor) -> None:
        event = _wished(work, wish, found, who, now)
        held = found.escalation
        if held is None or (held.level, held.team_id) != (event.level, event.team_id):
            take_down(work, transaction, event, now=now)

    return decide


def _wished(
    work: Workplace, wish: _Wish, found: Conversation, who: Actor, now: datetime
) -> Escalated:
    map_, held = work.handbook.escalation, found.escalation
    entry = _entry(map_, wish.entry)
    level = _level(map_, wish, entry, held)
    team = _team(map_, wish, entry, level) or (held.team_id if held else found.team_id)
    if team is None:
        right = "a team, since neither the map nor the conversation says one"
        raise InvalidValue(None, where="escalate: team", right=right)
    return Escalated(
        conversation=found.id,
        at=now,
        by=who,
        escalation=held.id if held is not None else next_id(found),
        level=level,
        team_id=team,
        reason=wish.reason,
        because=Cause.PERSON,
        entry=entry.name if entry is not None else (held.entry if held is not None else None),
        map=None if map_ is None else map_.called,
        told=on_duty(work.handbook.rota, team, now),
        messages=tuple(each.key for each in found.customer_messages),
        note=wish.note,
    )


def _entry(map_: EscalationMap | None, name: str | None) -> EscalationEntry | None:
    if name is None:
        return None
    entry = None if map_ is None else map_.entry(name)
    if entry is None:
        known = "none, since there is no map" if map_ is None else ", ".join(map_.names)
        raise InvalidValue(name, where="escalate: entry", right=f"an entry of the map: {known}")
    return entry


def _level(
    map_: EscalationMap | None,
    wish: _Wish,
    entry: EscalationEntry | None,
    held: Escalation | None,
) -> str:
    if map_ is None:
        return wish.level or FIRST_LEVEL
    if wish.level is not None and wish.level not in map_.level_names:
        right = f"one of the levels {', '.join(map_.level_names)}"
        raise InvalidValue(wish.level, where="escalate: level", right=right)
    if wish.level is not None:
        return wish.level
    if entry is not None:
        return map_.level_of(entry)
    return map_.above(None if held is None or wish.team is not None else held.level)


def _team(
    map_: EscalationMap | None, wish: _Wish, entry: EscalationEntry | None, level: str
) -> str | None:
    own = None if entry is None else entry.team
    stands = None if map_ is None else map_.team_of(level)
    return wish.team or own or stands


# Taking and handing back


def _take(agent_id: str | None, now: datetime) -> _Decide:
    def decide(transaction: Transaction, found: Conversation, who: Actor) -> None:
        held, agent = _held(found, "take it"), agent_id or who.id
        if held.taken_by != agent:
            transaction.add(
                Taken(conversation=found.id, at=now, by=who, escalation=held.id, agent_id=agent)
            )

    return decide


def _hand_back(
    work: Workplace, note: str | None, agent_id: str | None, team: str | None, now: datetime
) -> _Decide:
    def decide(transaction: Transaction, found: Conversation, who: Actor) -> None:
        held = _held(found, "hand it back")
        if who.id != held.taken_by and not guidance.is_of(work, held.team_id, who):
            has = "nobody" if held.taken_by is None else held.taken_by
            said = f"{held.team_id} must see it, and {has} has taken it; take it first"
            raise NotAllowedNow(found.id, wanted="hand it back", found=said)
        agent, own = (agent_id, team) if agent_id or team else _before(found, held)
        event: Event = Returned(
            conversation=found.id,
            at=now,
            by=who,
            escalation=held.id,
            agent_id=agent,
            team_id=own,
            note=note,
        )
        transaction.add(event)

    return decide


def _before(found: Conversation, held: Escalation) -> tuple[str | None, str | None]:
    """Whose it was before it was escalated."""
    earlier = [each for each in found.assignments if each.at < held.began_at]
    return (earlier[-1].agent_id, earlier[-1].team_id) if earlier else (None, None)
