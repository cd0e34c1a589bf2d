"""Routing as a mapping: what stands in a TOML file, and back.

Every error names the document, the key as a path such as `agents[1].capacity`, what was found
there and what would be right.
"""

from collections.abc import Mapping
from pathlib import Path

from socialcare.domain.documents import (
    Table,
    length,
    text,
    texts,
    toml_table,
    truth,
    whole,
    word_of,
)
from socialcare.domain.durations import duration_text
from socialcare.domain.query.document import one_query
from socialcare.domain.routing.plan import Agent, Leaving, Need, Routing, Team
from socialcare.errors import InvalidRouting

__all__ = ["read", "read_toml", "written"]

_count = whole("a number of conversations, at least 1")


def read(mapping: Mapping[str, object], *, where: str) -> Routing:
    """The routing that a mapping describes.

    Raises:
        InvalidRouting: At the first key that is not right.
    """
    return _routing(Table(mapping, where, error=InvalidRouting))


def read_toml(path: str | Path) -> Routing:
    """The routing in a TOML file.

    Raises:
        InvalidRouting: At the first key that is not right, or if it is no TOML.
        OSError: If the file cannot be opened.
    """
    return _routing(toml_table(path, error=InvalidRouting))


def written(routing: Routing) -> dict[str, object]:
    """The routing as texts, numbers, lists and dicts; `read` gives an equal one back."""
    return {
        "name": routing.name,
        "version": routing.version,
        "lease": duration_text(routing.lease),
        "leads": list(routing.leads),
        "leaving": routing.leaving.value,
        "sign_on": routing.sign_on,
        "teams": {team.name: _team_written(team) for team in routing.teams},
        "agents": [_agent_written(agent) for agent in routing.agents],
        "needs": [_need_written(need) for need in routing.needs],
    }


def _routing(table: Table) -> Routing:
    fields = {
        "agents": [_agent(each) for each in table.tables("agents")],
        "teams": [_team(each, name) for name, each in table.named("teams")],
        "needs": [_need(each) for each in table.tables("needs")],
        **table.given(
            name=text,
            version=text,
            lease=length,
            leads=texts,
            leaving=word_of(Leaving),
            sign_on=truth,
        ),
    }
    table.done()
    return table.made(Routing, fields)


def _agent(table: Table) -> Agent:
    fields = {
        "id": table.need("id", text, "how the host names them"),
        **table.given(teams=texts, skills=texts, languages=texts, capacity=_count),
    }
    table.done()
    return table.made(Agent, fields)


def _team(table: Table, name: str) -> Team:
    fields = {"name": name, **table.given(on_duty=truth, languages=texts)}
    table.done()
    return table.made(Team, fields)


def _need(table: Table) -> Need:
    fields = {
        "query": table.need("query", one_query, "a query"),
        "skills": table.need("skills", texts, "the skills that are needed"),
        **table.given(teams=texts),
    }
    table.done()
    return table.made(Need, fields)


def _agent_written(agent: Agent) -> dict[str, object]:
    lists = {name: list(getattr(agent, name)) for name in ("teams", "skills", "languages")}
    return {"id": agent.id, **lists, "capacity": agent.capacity}


def _team_written(team: Team) -> dict[str, object]:
    return {"on_duty": team.on_duty, "languages": list(team.languages)}


def _need_written(need: Need) -> dict[str, object]:
    return {"query": need.query.text, "skills": list(need.skills), "teams": list(need.teams)}
