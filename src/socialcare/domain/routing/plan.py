"""Routing as data: the teams, and who is in them with what skills, languages and room.

What a conversation needs is asked in the query language: an entry of `needs` names the skills
without which nobody should answer what its query finds. How long a lease holds, who may take one
over, and what becomes of the conversations of somebody who goes away, stand here too.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.query import Query
from socialcare.domain.subject import Subject
from socialcare.errors import InvalidRouting

__all__ = ["Agent", "Leaving", "Need", "Routing", "Team", "spoken"]


class Leaving(Choice):
    """What becomes of the open conversations of somebody who goes away."""

    KEEP = "keep"
    """They stay theirs and are shown, until somebody gives them to another."""
    GIVE_BACK = "give_back"
    """They go back to their teams at once."""


def _names(value: Iterable[str]) -> tuple[str, ...]:
    given = (value,) if isinstance(value, str) else tuple(value)
    return tuple(dict.fromkeys(given))


def _named(
    instance: object,
    attribute: "attrs.Attribute[str]",
    value: str,
) -> None:
    if not value.strip():
        where = f"{type(instance).__name__}.{attribute.name}"
        raise InvalidRouting(value, where=where, right="a text that is not empty")


def _room(
    agent: "Agent",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[int]",
    value: int,
) -> None:
    if value < 1:
        right = "a number of conversations, at least 1"
        raise InvalidRouting(value, where=f"Agent.{attribute.name}", right=right)


def spoken(language: str) -> str:
    """A language as it is compared: `de` for `de-AT`.

    >>> spoken("pt_BR")
    'pt'
    """
    return language.casefold().replace("_", "-").partition("-")[0]


@attrs.frozen(kw_only=True)
class Agent:
    """Somebody who can be given conversations.

    Attributes:
        id: How the host names them.
        teams: The teams that they are in.
        skills: What they can do.
        languages: What they speak, as BCP 47 tags; none for any language.
        capacity: In how many conversations of theirs a customer may wait before they are full.

    Raises:
        InvalidRouting: If the id is empty, or there is no room.
    """

    id: str = attrs.field(validator=_named)
    teams: tuple[str, ...] = attrs.field(default=(), converter=_names)
    skills: tuple[str, ...] = attrs.field(default=(), converter=_names)
    languages: tuple[str, ...] = attrs.field(default=(), converter=_names)
    capacity: int = attrs.field(default=10, validator=_room)

    def speaks(self, language: str | None) -> bool:
        """Whether they speak a language; what nobody knows the language of anybody can read.

        >>> Agent(id="anna", languages=["de"]).speaks("de-AT")
        True
        """
        if language is None or not self.languages:
            return True
        return spoken(language) in {spoken(each) for each in self.languages}


@attrs.frozen(kw_only=True)
class Team:
    """A team.

    Attributes:
        name: How it is called.
        on_duty: Whether only those are given something whom the rota has on duty in it.
        languages: What must be spoken in it by somebody, which the check looks at.

    Raises:
        InvalidRouting: If the name is empty.
    """

    name: str = attrs.field(validator=_named)
    on_duty: bool = False
    languages: tuple[str, ...] = attrs.field(default=(), converter=_names)


@attrs.frozen(kw_only=True)
class Need:
    """Skills without which nobody should answer some conversations.

    Attributes:
        query: Which ones: it is asked of what the customer waits with.
        skills: All that are needed.
        teams: In which teams; none for all, and for conversations of no team.

    Raises:
        InvalidRouting: If no skill is named.
    """

    query: Query
    skills: tuple[str, ...] = attrs.field(converter=_names)
    teams: tuple[str, ...] = attrs.field(default=(), converter=_names)

    def __attrs_post_init__(self) -> None:
        if not self.skills:
            raise InvalidRouting((), where="Need.skills", right="at least one skill")

    def holds(self, subject: Subject, team: str | None) -> bool:
        """Whether it is about what is said, in the hands of a team."""
        return (not self.teams or team in self.teams) and self.query.holds(subject)


def _agents(value: Iterable[Agent]) -> tuple[Agent, ...]:
    return tuple(value)


def _teams(value: Iterable[Team]) -> tuple[Team, ...]:
    return tuple(value)


def _needs(value: Iterable[Need]) -> tuple[Need, ...]:
    return tuple(value)


def _told_apart(
    routing: "Routing",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[Agent, ...]] | attrs.Attribute[tuple[Team, ...]]",
    value: tuple[Agent, ...] | tuple[Team, ...],
) -> None:
    names = [each.id if isinstance(each, Agent) else each.name for each in value]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        where = f"Routing.{attribute.name}"
        raise InvalidRouting(twice, where=where, right="each of them only once")


def _above_zero(
    routing: "Routing",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: timedelta,
) -> None:
    if value <= timedelta():
        where = f"Routing.{attribute.name}"
        raise InvalidRouting(str(value), where=where, right="a duration above zero")


@attrs.frozen(kw_only=True)
class Routing:
    """Who can be given what.

    Attributes:
        name: How it is called.
        version: Which of that name; every proposal says it.
        agents: Those who can be given conversations.
        teams: The teams that they are in.
        needs: What skills are needed for what.
        lease: How long a lease holds where nobody says.
        leads: The roles that may take over, hand on and end a lease of somebody else.
        leaving: What becomes of the open conversations of somebody who goes away.
        sign_on: Whether somebody has to say that they are present before they are given anything;
            without, only those are left out who said that they are away or busy.

    Raises:
        InvalidRouting: If an agent or a team is there twice, or a lease holds for no time.

    >>> routing = Routing.from_mapping(
    ...     {"agents": [{"id": "anna", "teams": ["social"]}], "teams": {"social": {}}}
    ... )
    >>> routing.agent("anna").capacity
    10
    """

    name: str = attrs.field(default="routing", validator=_named)
    version: str = attrs.field(default="1", validator=_named)
    agents: tuple[Agent, ...] = attrs.field(default=(), converter=_agents, validator=_told_apart)
    teams: tuple[Team, ...] = attrs.field(default=(), converter=_teams, validator=_told_apart)
    needs: tuple[Need, ...] = attrs.field(default=(), converter=_needs)
    lease: timedelta = attrs.field(default=timedelta(minutes=15), validator=_above_zero)
    leads: tuple[str, ...] = attrs.field(default=("lead",), converter=_names)
    leaving: Leaving = attrs.field(default=Leaving.KEEP, converter=Leaving)
    sign_on: bool = False

    @property
    def called(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    def agent(self, agent_id: str) -> Agent | None:
        """The agent of that id; None for one who is not here."""
        return self._by_id.get(agent_id)

    def team(self, name: str | None) -> Team | None:
        """The team of that name; None for one that is not here."""
        return self._by_name.get(name or "")

    def skills_for(self, subject: Subject, team: str | None) -> Iterator[str]:
        """The skills that are needed for what is said, in the hands of a team, each once."""
        found = (skill for need in self.needs if need.holds(subject, team) for skill in need.skills)
        yield from dict.fromkeys(found)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "routing") -> "Routing":
        """The routing that a mapping describes, with the keys of the reference.

        Raises:
            InvalidRouting: If a key is unknown or a value is not right; the message names the key
                and what would be right.
        """
        from socialcare.domain.routing.document import read

        return read(mapping, where=where)

    @classmethod
    def from_toml(cls, path: str | Path) -> "Routing":
        """The routing in a TOML file.

        Raises:
            InvalidRouting: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.routing.document import read_toml

        return read_toml(path)

    def to_mapping(self) -> dict[str, object]:
        """The routing as `from_mapping` reads it, of texts, numbers, lists and dicts only."""
        from socialcare.domain.routing.document import written

        return written(self)

    @cached_property
    def _by_id(self) -> Mapping[str, Agent]:
        return {agent.id: agent for agent in self.agents}

    @cached_property
    def _by_name(self) -> Mapping[str, Team]:
        return {team.name: team for team in self.teams}
