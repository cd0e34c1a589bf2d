"""Rules as documents: what stands in a TOML file.

Terms that many rules share are written once, under `terms`, and a query names them in angle
brackets, as `<outage> lang:en`. What is wrong is said with file, key and, in a query, character.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from socialcare.domain.documents import Table, length, text, texts
from socialcare.domain.durations import duration_text
from socialcare.domain.priority import NOISE, Ageing, Priority, Rule, RuleBook
from socialcare.domain.query import Query
from socialcare.domain.query.document import queries, query_at
from socialcare.errors import InvalidRules, InvalidValue

_NAMED = re.compile(r"<([\w-]+)>", re.ASCII)


def book(table: Table) -> RuleBook:
    """The book that a document holds.

    Raises:
        InvalidRules: At the first key that is not right.
    """
    terms = dict(table.table("terms").entries(_alternatives))
    none: tuple[str, ...] = ()
    exceptions = table.get("exceptions", texts, none)
    rules = tuple(_rule(each, terms, exceptions) for each in table.tables("rules"))
    _check_names(rules, table.at("rules"))
    found = RuleBook(
        name=table.get("name", text, "rules"),
        version=table.get("version", text, "1"),
        rules=rules,
        otherwise=table.get("otherwise", _priority, NOISE),
        ageing=_ageing(table.table("ageing")),
    )
    table.done()
    return found


def _check_names(rules: tuple[Rule, ...], where: str) -> None:
    first: dict[str, int] = {}
    for place, rule in enumerate(rules):
        if first.setdefault(rule.name, place) != place:
            right = f"a name that {where}[{first[rule.name]}] does not have"
            raise InvalidRules(rule.name, where=f"{where}[{place}].name", right=right)


def written(rules: RuleBook) -> dict[str, object]:
    """The book as `book` reads it; terms are spelt out, and exceptions hold for all rules."""
    exceptions = frozenset[str]().union(*(rule.query.exceptions for rule in rules.rules))
    return {
        "name": rules.name,
        "version": rules.version,
        "exceptions": sorted(exceptions),
        "rules": [_rule_written(rule) for rule in rules.rules],
        "otherwise": str(rules.otherwise),
        "ageing": {
            "level": duration_text(rules.ageing.level),
            "tier": duration_text(rules.ageing.tier),
        },
    }


def _rule_written(rule: Rule) -> dict[str, object]:
    fields: dict[str, object] = {
        "name": rule.name,
        "query": rule.query.text,
        "priority": str(rule.priority),
        "reason": rule.reason,
        "category": rule.category,
        "since": rule.since,
        "until": rule.until,
    }
    return {key: value for key, value in fields.items() if value is not None}


@cache
def default() -> RuleBook:
    """The book that we ship."""
    name = "default_rules.toml"
    document = tomllib.loads((files(__package__) / name).read_text("utf-8"))
    return book(Table(document, name, error=InvalidRules))


def _alternatives(value: object, where: str) -> str:
    """Terms as one query: any of them will do."""
    every = queries(value, where)
    if not every:
        raise InvalidRules(value, where=where, right="at least one term")
    # Without parentheses that need not be, a long list is one look at the words of a text.
    return "(" + " OR ".join(f"({each})" if "+" in each else each for each in every) + ")"


def _rule(table: Table, terms: Mapping[str, str], exceptions: tuple[str, ...]) -> Rule:
    def query(value: object, where: str) -> Query:
        written = text(value, where)
        # Names stand for words while it is tried, so that an error counts what was written.
        query_at(_NAMED.sub(lambda found: "x" * len(found[0]), written), exceptions, where)
        return query_at(_with_terms(written, terms, where), exceptions, where)

    name = table.need("name", text, "a name")
    since, until = table.get("since", _moment, None), table.get("until", _moment, None)
    if since is not None and until is not None and since >= until:
        right = f"an instant after {since.isoformat()}, when it begins"
        raise InvalidRules(until.isoformat(), where=table.at("until"), right=right)
    found = Rule(
        name=name,
        query=table.need("query", query, "a query"),
        priority=table.need("priority", _priority, "a priority such as first/2"),
        reason=table.get("reason", text, name),
        category=table.get("category", text, None),
        since=since,
        until=until,
    )
    table.done()
    return found


def _with_terms(query: str, terms: Mapping[str, str], where: str) -> str:
    def spelt_out(found: "re.Match[str]") -> str:
        if found[1] not in terms:
            known = ", ".join(terms) or "none"
            right = f"a name out of those under `terms`: {known}"
            raise InvalidRules(found[0], where=where, right=right)
        return terms[found[1]]

    return _NAMED.sub(spelt_out, query)


def _priority(value: object, where: str) -> Priority:
    try:
        return Priority.of(text(value, where))
    except InvalidValue as error:
        raise InvalidRules(value, where=where, right=error.right) from None


def _ageing(table: Table) -> Ageing:
    own = Ageing()
    found = Ageing(
        level=table.get("level", length, own.level), tier=table.get("tier", length, own.tier)
    )
    table.done()
    return found


def _moment(value: object, where: str) -> datetime:
    """A date or an instant; without a zone it is in UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    right = "a date or time such as 2026-12-01 or 2026-12-01T09:00:00Z, without quotation marks"
    raise InvalidRules(value, where=where, right=right)


__all__ = ["book", "default", "written"]
