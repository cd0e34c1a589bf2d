"""Rules as documents: what stands in a TOML file.

What is wrong is said with file, key and, in a query, character. Terms that many rules share are
written once (`socialcare.domain.query.terms`).
"""

import tomllib
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from socialcare.domain.documents import Table, length, text
from socialcare.domain.durations import duration_text
from socialcare.domain.priority import NOISE, Ageing, Priority, Rule, RuleBook
from socialcare.domain.query.terms import Terms
from socialcare.errors import InvalidRules, InvalidValue


def book(table: Table) -> RuleBook:
    """The book that a document holds.

    Raises:
        InvalidRules: At the first key that is not right.
    """
    terms = Terms.of(table)
    rules = tuple(_rule(each, terms) for each in table.tables("rules"))
    table.refuse_repeated("rules", (rule.name for rule in rules))
    found = RuleBook(
        name=table.get("name", text, "rules"),
        version=table.get("version", text, "1"),
        rules=rules,
        otherwise=table.get("otherwise", _priority, NOISE),
        ageing=_ageing(table.table("ageing")),
    )
    table.done()
    return found


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


def _rule(table: Table, terms: Terms) -> Rule:
    name = table.need("name", text, "a name")
    since, until = table.get("since", _moment, None), table.get("until", _moment, None)
    if since is not None and until is not None and since >= until:
        right = f"an instant after {since.isoformat()}, when it begins"
        raise InvalidRules(until.isoformat(), where=table.at("until"), right=right)
    found = Rule(
        name=name,
        query=table.need("query", terms.query, "a query"),
        priority=table.need("priority", _priority, "a priority such as first/2"),
        reason=table.get("reason", text, name),
        category=table.get("category", text, None),
        since=since,
        until=until,
    )
    table.done()
    return found


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
