"""Listening as a document: what stands in a TOML file.

What stands at the top holds for every group that does not say otherwise. A group may be one table
or, as competitors often are, a list of tables with a name each.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from socialcare.domain.documents import Table, anything, length, text, texts, whole
from socialcare.domain.listening import Listening, ListeningQuery
from socialcare.domain.listening_group import (
    COMPANIONS,
    KINDS,
    Interest,
    ListeningGroup,
    written_place,
    written_term,
)
from socialcare.domain.listening_limit import Limit
from socialcare.domain.query import Query
from socialcare.domain.query.document import queries, query_at
from socialcare.errors import InvalidQuery, InvalidValue

__all__ = ["listening"]

_NONE: tuple[str, ...] = ()
_RATE = 'messages a minute such as 60, or { messages = 100, within = "1h" }'


def listening(table: Table) -> Listening:
    """What a document listens for.

    Raises:
        InvalidValue: At the first key that is not right.
    """
    name, version = table.get("name", text, "listening"), table.get("version", text, "1")
    shared = _shared(table, {})
    groups = [each for interest in Interest for each in _groups(table, interest, shared)]
    written = [_written(each, shared) for each in table.tables("queries")]
    table.done()
    try:
        return Listening(name=name, version=version, groups=groups, written=written)
    except InvalidValue as error:
        raise InvalidValue(error.found, where=table.where, right=error.right) from None


def _shared(table: Table, default: Mapping[str, Any]) -> dict[str, Any]:
    """What a table says for everything in it, or else what is said above it."""
    return {
        "languages": table.get("languages", texts, default.get("languages", ())),
        "places": table.get("places", _places, default.get("places", ())),
        "exclude": table.get("exclude", queries, default.get("exclude", ())),
        "companions": table.get("companions", _terms, default.get("companions", COMPANIONS)),
        "exceptions": table.get("exceptions", _terms, default.get("exceptions", ())),
        "limit": table.get("limit", _limit, default.get("limit")),
        "sample": table.get("sample", _sample, default.get("sample", 1.0)),
    }


def _groups(
    table: Table, interest: Interest, shared: Mapping[str, Any]
) -> Iterator[ListeningGroup]:
    given = table.get(interest, anything, None)
    if isinstance(given, list | tuple):
        for each in table.tables(interest):
            yield _group(each, each.need("name", text, "a name"), interest, shared)
    elif given is not None:
        each = table.table(interest)
        yield _group(each, each.get("name", text, str(interest)), interest, shared)


def _group(
    table: Table, name: str, interest: Interest, shared: Mapping[str, Any]
) -> ListeningGroup:
    lists: dict[str, Any] = {
        kind: table.get(kind, _terms, _NONE) for kind in (*KINDS, "ambiguous", "misspelt")
    }
    settings = _shared(table, shared)
    table.done()
    try:
        group = ListeningGroup(name=name, interest=interest, **lists, **settings)
        for kind, query in group.texts.items():
            Query(query, group.exceptions_for(kind))
    except InvalidValue as error:
        raise InvalidValue(error.found, where=table.where, right=error.right) from None
    return group


def _written(table: Table, shared: Mapping[str, Any]) -> ListeningQuery:
    exceptions = table.get("exceptions", _terms, shared["exceptions"])
    found = ListeningQuery(
        name=table.need("name", text, "a name"),
        interest=table.get("about", _interest, Interest.BRAND),
        query=query_at(table.need("query", text, "a query"), exceptions, table.at("query")),
        limit=table.get("limit", _limit, shared["limit"]),
        sample=table.get("sample", _sample, shared["sample"]),
    )
    table.done()
    return found


def _terms(value: object, where: str) -> tuple[str, ...]:
    """Terms that a query can look for: words, hashtags or signs."""
    found = texts(value, where)
    for number, each in enumerate(found):
        try:
            Query(written_term(each))
        except InvalidQuery:
            place = where if isinstance(value, str) else f"{where}[{number}]"
            raise InvalidValue(each, where=place, right="a word, a phrase or a hashtag") from None
    return found


def _places(value: object, where: str) -> tuple[str, ...]:
    found = texts(value, where)
    for number, each in enumerate(found):
        try:
            Query(written_place(each))
        except InvalidQuery as error:
            place = where if isinstance(value, str) else f"{where}[{number}]"
            raise InvalidValue(each, where=place, right=error.right) from None
    return found


def _interest(value: object, where: str) -> Interest:
    word = text(value, where)
    if word not in tuple(Interest):
        raise InvalidValue(word, where=where, right=f"one of {', '.join(Interest)}")
    return Interest(word)


def _limit(value: object, where: str) -> Limit:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return Limit(messages=value)
    if not isinstance(value, Mapping):
        raise InvalidValue(value, where=where, right=_RATE)
    table = Table(value, where)
    count = whole("a number of messages, at least 1", least=1)
    messages = table.need("messages", count, "a number of messages")
    found = Limit(messages=messages, within=table.need("within", length, "a duration"))
    table.done()
    return found


def _sample(value: object, where: str) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 < value <= 1:  # type: ignore[operator]  # it is a number
        raise InvalidValue(value, where=where, right="a share above 0 and up to 1, such as 0.1")
    return float(value)  # type: ignore[arg-type]  # it is a number
