"""Checks of routing before it is needed: what can't work, in words.

What is said here is certain: a team that nobody is in, a skill that nobody has, a language that
nobody speaks. Whether there are enough people is another question.
"""

from collections.abc import Collection, Iterator
from typing import Protocol

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.query.anchors import demanded
from socialcare.domain.query.nodes import Node
from socialcare.domain.rota import Rota
from socialcare.domain.routing.plan import Agent, Routing, Team, spoken

__all__ = ["Finding", "NamesTeams", "Problem", "check"]


class NamesTeams(Protocol):
    """Something that hands conversations to teams, as an escalation map does."""

    @property
    def teams(self) -> Collection[str]:
        """The teams that it names."""
        ...


class Problem(Choice):
    """What can be wrong with routing."""

    UNKNOWN_TEAM = "unknown_team"
    """A team is named that `teams` does not have."""
    EMPTY_TEAM = "empty_team"
    """Nobody is in a team."""
    NO_ROTA = "no_rota"
    """A team goes by a rota that does not have it."""
    UNKNOWN_MEMBER = "unknown_member"
    """The rota puts somebody on duty who is no agent of that team."""
    MISSING_SKILL = "missing_skill"
    """A skill is needed that nobody has who could be asked for it."""
    MISSING_LANGUAGE = "missing_language"
    """A language must be spoken that nobody speaks."""


@attrs.frozen(kw_only=True)
class Finding:
    """Something that is wrong with routing.

    Attributes:
        problem: What kind of thing.
        where: The key of the document, such as `agents[1].teams`; or what else names it.
        said: What is wrong, and what would be right.
    """

    problem: Problem = attrs.field(converter=Problem)
    where: str
    said: str

    def __str__(self) -> str:
        """The finding in a line."""
        return f"{self.problem}: {self.where}: {self.said}"


def check(
    routing: Routing, *, rota: Rota | None = None, escalation: NamesTeams | None = None
) -> tuple[Finding, ...]:
    """What is wrong with routing, in the order of its keys.

    Args:
        routing: The routing.
        rota: Who is on duty when, for teams that go by it.
        escalation: What hands conversations to teams.

    >>> routing = Routing.from_mapping(
    ...     {
    ...         "agents": [{"id": "anna", "teams": ["social"]}],
    ...         "teams": {"social": {"languages": ["de"]}},
    ...         "needs": [{"query": "refund", "skills": ["refunds"]}],
    ...     }
    ... )
    >>> [str(finding) for finding in check(routing)]
    ["missing_skill: needs[0].skills: nobody has the skill 'refunds'; give it to an agent"]
    """
    look = _Look(routing)
    return (
        *look.of_agents(),
        *look.of_teams(rota),
        *look.of_needs(),
        *look.of_escalation(escalation),
    )


@attrs.frozen
class _Look:
    """A look at what a routing names."""

    routing: Routing

    def of_agents(self) -> Iterator[Finding]:
        """Agents of teams that are not there."""
        for number, agent in enumerate(self.routing.agents):
            yield from self._unknown(agent.teams, f"agents[{number}].teams")

    def of_teams(self, rota: Rota | None) -> Iterator[Finding]:
        """Teams that nobody is in, whose languages nobody speaks, or that no rota has."""
        for team in self.routing.teams:
            where, members = f"teams.{team.name}", self._members(team.name)
            if not members:
                yield _found("empty_team", where, "nobody is in the team; name it with an agent")
            for language in team.languages:
                if members and not any(agent.speaks(language) for agent in members):
                    said = f"nobody in the team speaks {language!r}; give it to an agent"
                    yield _found("missing_language", f"{where}.languages", said)
            if team.on_duty:
                yield from self._of_rota(team, rota)

    def of_needs(self) -> Iterator[Finding]:
        """Needs of teams that are not there, and those that nobody could meet."""
        for number, need in enumerate(self.routing.needs):
            where = f"needs[{number}]"
            yield from self._unknown(need.teams, f"{where}.teams")
            asked_of = [agent for agent in self.routing.agents if _is_of(agent, need.teams)]
            for skill in need.skills:
                if not any(skill in agent.skills for agent in asked_of):
                    who = f"nobody of {' or '.join(need.teams)}" if need.teams else "nobody"
                    said = f"{who} has the skill {skill!r}; give it to an agent"
                    yield _found("missing_skill", f"{where}.skills", said)
            for language in _languages(need.query.node):
                if not any(agent.speaks(language) for agent in asked_of):
                    said = f"nobody speaks {language!r}, which it asks for; give it to an agent"
                    yield _found("missing_language", f"{where}.query", said)

    def of_escalation(self, escalation: NamesTeams | None) -> Iterator[Finding]:
        """Teams of an escalation map that are not there."""
        named = () if escalation is None else escalation.teams
        yield from self._unknown(sorted(named), "escalation")

    def _unknown(self, teams: Collection[str], where: str) -> Iterator[Finding]:
        for name in teams:
            if self.routing.team(name) is None:
                known = ", ".join(team.name for team in self.routing.teams) or "none"
                said = f"found the team {name!r}, expected one of those under `teams`: {known}"
                yield _found("unknown_team", where, said)

    def _members(self, team: str) -> list[Agent]:
        return [agent for agent in self.routing.agents if team in agent.teams]

    def _of_rota(self, team: Team, rota: Rota | None) -> Iterator[Finding]:
        where = f"teams.{team.name}.on_duty"
        own = next((each for each in rota.teams if each.name == team.name), None) if rota else None
        if own is None or rota is None:
            yield _found("no_rota", where, "the team is in no rota; nobody is on duty in it")
            return
        extra = (each.members for each in rota.extra if each.team == team.name)
        rows = (*(shift.members for shift in own.shifts), *extra)
        known = {agent.id for agent in self._members(team.name)}
        for name in dict.fromkeys(name for row in rows for name in row):
            if name not in known:
                said = f"the rota puts {name!r} on duty, who is no agent of the team"
                yield _found("unknown_member", where, said)


def _is_of(agent: Agent, teams: Collection[str]) -> bool:
    return not teams or not frozenset(teams).isdisjoint(agent.teams)


def _languages(node: Node) -> Iterator[str]:
    """The languages without which a query does not hold, each once."""
    facts = (fact for fact in demanded(node) if fact.field == "lang")
    yield from dict.fromkeys(spoken(fact.value) for fact in facts if fact.value)


def _found(problem: str, where: str, said: str) -> Finding:
    return Finding(problem=problem, where=where, said=said)
