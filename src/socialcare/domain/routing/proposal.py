"""Proposals: who gets a conversation, and why; and where nobody can, why not.

Those who can are present, of the team, on duty where the team goes by a rota, have room, the skills
and the language. Of them the one gets it who knows the customer, whoever dealt with them last
first; else whose turn it is: who was given something longest ago, those never given anything
before all others; of those of one instant who was given fewer then, then by id.

All of it follows from what is in the log, so two desks that read one log propose the same, and a
desk that was restarted goes on where it was.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.instants import EPOCH, instant
from socialcare.domain.rota import Rota
from socialcare.domain.routing.plan import Agent, Routing
from socialcare.domain.routing.presence import Card, Presence, agent_named

__all__ = ["Case", "Proposal", "Refusal", "Staff", "Why", "propose"]


class Why(Choice):
    """Why somebody can't be given a conversation."""

    TEAM = "team"
    """They are of another team."""
    ABSENT = "absent"
    """They are away, or never said that they are present where that is asked for."""
    BUSY = "busy"
    OFF_DUTY = "off_duty"
    FULL = "full"
    SKILL = "skill"
    LANGUAGE = "language"


_NOT_ASKED = frozenset({Why.BUSY, Why.OFF_DUTY})
"""What does not matter where somebody asks for a conversation themselves."""


@attrs.frozen(kw_only=True)
class Refusal:
    """Why somebody can't be given a conversation.

    Attributes:
        agent_id: Who.
        why: What kind of thing.
        said: In words.
    """

    agent_id: str
    why: Why = attrs.field(converter=Why)
    said: str


def _moment(value: datetime) -> datetime:
    return instant(value, where="Staff.now")


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class Case:
    """What has to be known of a conversation to say who gets it.

    Attributes:
        team_id: The team in whose hands it is; None for anybody's.
        language: What the customer writes in; None where nobody knows.
        skills: What is needed.
        dealt_with: Who dealt with the customer before, the latest first.
    """

    team_id: str | None = None
    language: str | None = None
    skills: tuple[str, ...] = attrs.field(default=(), converter=_names)
    dealt_with: tuple[str, ...] = attrs.field(default=(), converter=_names)


@attrs.frozen(kw_only=True)
class Proposal:
    """Who gets a conversation.

    Attributes:
        agent_id: Who; None where nobody can.
        team_id: In whose hands it is then.
        reasons: Why, in words: why this one, or why nobody.
        refusals: Why each of the others can't.
        routing: Name and version of the routing.
    """

    agent_id: str | None
    team_id: str | None = None
    reasons: tuple[str, ...]
    refusals: tuple[Refusal, ...] = ()
    routing: str

    def __str__(self) -> str:
        """The proposal in a line."""
        return f"{self.agent_id or 'nobody'}: {', '.join(self.reasons)}"


@attrs.frozen(kw_only=True)
class Staff:
    """The agents, as they are at an instant.

    Attributes:
        routing: Who can be given what.
        now: When.
        cards: What is known of them, by id.
        load: In how many conversations of theirs a customer waits, by id; 0 for who is not named.
        rota: Who is on duty, for teams that go by it.
    """

    routing: Routing
    now: datetime = attrs.field(converter=_moment)
    cards: Mapping[str, Card] = MappingProxyType({})
    load: Mapping[str, int] = MappingProxyType({})
    rota: Rota | None = None

    def refusal(self, case: Case, agent: Agent) -> Refusal | None:
        """Why somebody can't be given a conversation; None for who can."""
        found = next(self._against(case, agent), None)
        return None if found is None else Refusal(agent_id=agent.id, why=found[0], said=found[1])

    def refusal_to_ask(self, case: Case, agent: Agent) -> Refusal | None:
        """Why somebody can't have a conversation that they ask for: who asks is not busy."""
        against = (each for each in self._against(case, agent) if each[0] not in _NOT_ASKED)
        found = next(against, None)
        return None if found is None else Refusal(agent_id=agent.id, why=found[0], said=found[1])

    def turn(self, agent: Agent) -> tuple[datetime, int, str]:
        """By what turns go: the longest ago, of one instant the fewest then, ties by id."""
        card = agent_named(agent.id, self.cards)
        return (card.given_at or EPOCH, card.given_then, agent.id)

    def _against(self, case: Case, agent: Agent) -> Iterator[tuple[Why, str]]:
        name = agent.id
        if case.team_id is not None and case.team_id not in agent.teams:
            yield Why.TEAM, f"{name} is not of the team {case.team_id}"
        missing = [each for each in case.skills if each not in agent.skills]
        if missing:
            yield Why.SKILL, f"{name} can't do {', '.join(missing)}"
        if not agent.speaks(case.language):
            yield Why.LANGUAGE, f"{name} does not speak {case.language}"
        yield from self._not_there(case, agent)
        load = self.load.get(name, 0)
        if load >= agent.capacity:
            yield Why.FULL, f"{name} is full: {load} of {agent.capacity}"

    def _not_there(self, case: Case, agent: Agent) -> Iterator[tuple[Why, str]]:
        card = agent_named(agent.id, self.cards)
        presence = card.at(self.now)
        if presence is Presence.AWAY or (presence is None and self.routing.sign_on):
            yield Why.ABSENT, card.said(self.now)
        if presence is Presence.BUSY:
            yield Why.BUSY, card.said(self.now)
        teams = agent.teams if case.team_id is None else (case.team_id,)
        if teams and not any(self._on_duty(team, agent) for team in teams):
            yield Why.OFF_DUTY, f"{agent.id} is not on duty in {' or '.join(teams)}"

    def _on_duty(self, name: str, agent: Agent) -> bool:
        """Whether somebody is on duty in a team, where that matters; without a rota nobody is."""
        team = self.routing.team(name)
        if team is None or not team.on_duty:
            return True
        if self.rota is None or name not in {each.name for each in self.rota.teams}:
            return False
        return agent.id in self.rota.on_duty(name, self.now)


def propose(case: Case, staff: Staff) -> Proposal:
    """Who gets a conversation, and why.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> routing = Routing(agents=[Agent(id="anna", languages=["de"]), Agent(id="bo")])
    >>> case = Case(language="de", dealt_with=["anna"])
    >>> str(propose(case, Staff(routing=routing, now=noon)))
    'anna: knows the customer, speaks de'
    >>> away = {"anna": Card(agent_id="anna", presence="away", since=noon)}
    >>> str(propose(case, Staff(routing=routing, now=noon, cards=away)))
    'bo: next in turn'
    """
    agents = staff.routing.agents
    refused = {agent.id: found for agent in agents if (found := staff.refusal(case, agent))}
    able = {agent.id: agent for agent in agents if agent.id not in refused}
    known = next((each for each in case.dealt_with if each in able), None)
    chosen = able[known] if known else min(able.values(), key=staff.turn, default=None)
    return Proposal(
        agent_id=None if chosen is None else chosen.id,
        team_id=_team(case, chosen),
        reasons=_why_nobody(refused.values()) if chosen is None else _why(case, chosen, known),
        refusals=tuple(refused.values()),
        routing=staff.routing.called,
    )


def _team(case: Case, chosen: Agent | None) -> str | None:
    """In whose hands it is then: a conversation of no team is in the only one that somebody has."""
    if case.team_id is not None or chosen is None:
        return case.team_id
    return chosen.teams[0] if len(chosen.teams) == 1 else None


def _why(case: Case, chosen: Agent, known: str | None) -> tuple[str, ...]:
    reasons = ["knows the customer" if known else "next in turn"]
    if case.language is not None and chosen.languages:
        reasons.append(f"speaks {case.language}")
    if case.skills:
        reasons.append(f"can do {', '.join(case.skills)}")
    return tuple(reasons)


def _why_nobody(refused: Iterable[Refusal]) -> tuple[str, ...]:
    return tuple(each.said for each in refused) or ("there are no agents",)
