"""Guidance: what somebody may do with a conversation, as the map in force says.

It is asked before anybody begins to write, and again by the gate before anything goes out.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialcare.desk.answered import subjects, subjects_of
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.escalation import EscalationDecision, EscalationMap
from socialcare.domain.events import Reply
from socialcare.domain.handover import Escalation
from socialcare.domain.subject import Subject

__all__ = ["Guidance", "guidance", "is_of", "objection"]


@attrs.frozen(kw_only=True)
class Guidance:
    """What the map says of what a customer waits with, to somebody who would answer.

    Attributes:
        decision: Who answers, who must see it, and what an answer needs; None where there is no
            map.
        escalation: Who has it now, if it is escalated.
        objection: Why this person must not answer, in words; None if they may.
    """

    decision: EscalationDecision | None = None
    escalation: Escalation | None = None
    objection: str | None = None

    @property
    def may_answer(self) -> bool:
        """Whether this person may answer."""
        return self.objection is None

    def __str__(self) -> str:
        """What it says, in a few lines."""
        lines = ["you may answer" if self.objection is None else self.objection]
        if self.escalation is not None:
            held = self.escalation
            who = f"taken by {held.taken_by}" if held.taken_by else "taken by nobody yet"
            lines.append(f"escalated to {held.team_id} ({held.level}), {who}")
        if self.decision is not None:
            lines.append(str(self.decision))
        return "\n".join(lines)


def guidance(work: Workplace, found: Conversation, *, who: Actor, now: datetime) -> Guidance:
    """What somebody may do with a conversation as it is."""
    map_ = work.handbook.escalation
    if map_ is None:
        return Guidance(escalation=found.escalation)
    asked = subjects(work, found, now=now, fields=map_.fields)
    return Guidance(
        decision=map_.decide(asked),
        escalation=found.escalation,
        objection=next(_objections(work, map_, found, asked, (who,)), None),
    )


def objection(
    work: Workplace, found: Conversation, reply: Reply, people: Iterable[Actor], *, now: datetime
) -> str | None:
    """Why none of these people may answer what the answer is about; None if one of them may.

    Args:
        work: The workplace.
        found: The conversation as it is.
        reply: The answer.
        people: Whoever answers, and those who approve of the answer.
        now: When it is asked.
    """
    map_ = work.handbook.escalation
    if map_ is None:
        return None
    asked = subjects_of(work, found, reply, now=now, fields=map_.fields)
    return next(_objections(work, map_, found, asked, tuple(people)), None)


def _objections(
    work: Workplace,
    map_: EscalationMap,
    found: Conversation,
    asked: Iterable[Subject],
    people: tuple[Actor, ...],
) -> Iterator[str]:
    for subject in asked:
        decision = map_.decide((subject,))
        if decision.must_escalate and not _may(work, found, subject, decision, people):
            yield f"agents must not answer this, {decision.team} does: {decision.reason}"


def _may(
    work: Workplace,
    found: Conversation,
    subject: Subject,
    decision: EscalationDecision,
    people: tuple[Actor, ...],
) -> bool:
    """Whether one of them is of the team, has taken it, or it was handed back to agents."""
    if any(is_of(work, decision.team, who) for who in people):
        return True
    own = [
        each
        for each in found.escalations
        if each.covers(subject.message.key, entry=decision.entry, team=decision.team)
    ]
    names = {who.id for who in people}
    return any(not each.is_open or each.taken_by in names for each in own)


def is_of(work: Workplace, team: str | None, who: Actor) -> bool:
    """Whether somebody is of a team, by a role of its name or by the rota."""
    if team is None or team in who.roles:
        return team is not None
    rota = work.handbook.rota
    return rota is not None and who.id in rota.members(team)
