"""Routing as a mapping: what stands in a TOML file, and back.

Every error names the document, the key as a path such as `agents[1].capacity`, what was found
there and what would be right.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from socialcare.domain.documents import (
    Reader,
    Table,
    anything,
    length,
    text,
    texts,
    toml_table,
    word_of,
)
from socialcare.domain.durations import duration_text
from socialcare.domain.query import Query
from socialcare.domain.query.document import query_at
from socialcare.domain.routing.plan import Agent, Leaving, Need, Routing, Team
from socialcare.errors import InvalidRouting, InvalidValue

__all__ = ["read", "read_toml", "written"]

_Value = TypeVar("_Value")
_NONE: tuple[str, ...] = ()


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
    inside = table.table("teams")
    names = table.get("teams", _keys, _NONE)
    fields = {
        "agents": [_agent(each) for each in table.tables("agents")],
        "teams": [_team(inside.table(name), name) for name in names],
        "needs": [_need(each) for each in table.tables("needs")],
        **_given(
            table,
            name=text,
            version=text,
            lease=length,
            leads=texts,
            leaving=word_of(Leaving),
            sign_on=_truth,
        ),
    }
    table.done()
    return _made(Routing, table, fields)


def _given(table: Table, **readers: "Reader[object]") -> dict[str, Any]:
    """The fields that the table gives."""
    found = {key: table.get(key, reader, None) for key, reader in readers.items()}
    return {key: value for key, value in found.items() if key in table}


def _made(of: Callable[..., _Value], table: Table, fields: Mapping[str, Any]) -> _Value:
    """A value of these fields; what it refuses is told with the place of its table."""
    try:
        return of(**fields)
    except InvalidValue as error:
        _, _, field = error.where.partition(".")
        raise InvalidRouting(error.found, where=table.at(field), right=error.right) from None


def _keys(value: object, where: str) -> tuple[str, ...]:
    return tuple(name for name, _ in Table(value, where).entries(anything))


def _agent(table: Table) -> Agent:
    fields = {
        "id": table.need("id", text, "how the host names them"),
        **_given(table, teams=texts, skills=texts, languages=texts, capacity=_count),
    }
    table.done()
    return _made(Agent, table, fields)


def _team(table: Table, name: str) -> Team:
    fields = {"name": name, **_given(table, on_duty=_truth, languages=texts)}
    table.done()
    return _made(Team, table, fields)


def _need(table: Table) -> Need:
    fields = {
        "query": table.need("query", _query, "a query"),
        "skills": table.need("skills", texts, "the skills that are needed"),
        **_given(table, teams=texts),
    }
    table.done()
    return _made(Need, table, fields)


def _query(value: object, where: str) -> Query:
    return query_at(text(value, where), (), where)


def _count(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValue(value, where=where, right="a number of conversations, at least 1")
    return value


def _truth(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue(value, where=where, right="true or false")
    return value


def _agent_written(agent: Agent) -> dict[str, object]:
    lists = {name: list(getattr(agent, name)) for name in ("teams", "skills", "languages")}
    return {"id": agent.id, **lists, "capacity": agent.capacity}


def _team_written(team: Team) -> dict[str, object]:
    return {"on_duty": team.on_duty, "languages": list(team.languages)}


def _need_written(need: Need) -> dict[str, object]:
    return {"query": need.query.text, "skills": list(need.skills), "teams": list(need.teams)}
