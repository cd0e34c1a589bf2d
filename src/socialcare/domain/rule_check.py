"""Checks of a book of rules for itself, before it ranks anything.

A rule can be right alone and do nothing in its book: it asks for what can't be, it has ended, or a
rule before it always comes first. What is said here is certain, for every message there can be;
a book without findings may still hold rules that do little, which a backtest shows.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain, islice

import attrs

from socialcare.domain.asked import asked
from socialcare.domain.categories import SEPARATOR, lineage
from socialcare.domain.choices import Choice
from socialcare.domain.implication import contradiction, implies
from socialcare.domain.priority import Rule, RuleBook
from socialcare.domain.query.matching import leaves
from socialcare.domain.query.nodes import Fact
from socialcare.domain.words import folded


class Code(Choice):
    """What kind of finding it is."""

    IMPOSSIBLE = "impossible"
    """Its query contradicts itself."""
    ENDED = "ended"
    """It was in force, and is not any more."""
    REPEATED = "repeated"
    """It asks what a rule before it asks."""
    SHADOWED = "shadowed"
    """A rule before it, of the same tier, holds whenever it does."""
    CONFLICT = "conflict"
    """A rule before it, of another tier, holds whenever it does, and so this one comes too late."""
    UNKNOWN_CATEGORY = "unknown_category"
    """It names a category that there is not."""


@attrs.frozen(kw_only=True)
class Finding:
    """Something that is wrong with a rule.

    Attributes:
        code: What kind of thing.
        rule: The rule.
        other: The rule before it that has to do with it; None where there is none.
        said: What is wrong, and what would be right.
    """

    code: Code = attrs.field(converter=Code)
    rule: str
    other: str | None = None
    said: str

    def __str__(self) -> str:
        """The finding in a line."""
        return f"{self.code}: rule {self.rule!r} {self.said}"


def check(
    book: RuleBook, *, now: datetime, categories: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """What is wrong with a book, in the order of its rules.

    Args:
        book: The book.
        now: The instant from which on it is to rank.
        categories: The paths of the brand's categories, such as `CategoryTree.paths`; None where
            nobody knows them.

    >>> book = RuleBook.from_mapping(
    ...     {
    ...         "rules": [
    ...             {"name": "late", "query": "late", "priority": "second"},
    ...             {"name": "very late", "query": "late weeks", "priority": "first"},
    ...         ]
    ...     }
    ... )
    >>> from socialcare.testing.builders import NINE
    >>> [(finding.code.value, finding.rule, finding.other) for finding in check(book, now=NINE)]
    [('conflict', 'very late', 'late')]
    """
    found = (_of_rule(book.rules, place, now) for place in range(len(book.rules)))
    if categories is None:
        return tuple(chain.from_iterable(found))
    known = frozenset(chain.from_iterable(lineage(_plain(each)) for each in categories))
    unknown = (_unknown_categories(rule, known) for rule in book.rules)
    return tuple(chain.from_iterable(chain(*pair) for pair in zip(found, unknown, strict=True)))


def _of_rule(rules: tuple[Rule, ...], place: int, now: datetime) -> Iterator[Finding]:
    """What is wrong with one rule, or with where it stands; one thing at a time."""
    rule = rules[place]
    if rule.until is not None and rule.until <= now:
        said = f"ended at {rule.until.isoformat()} and does nothing any more: remove it"
        yield Finding(code=Code.ENDED, rule=rule.name, said=said)
        return
    clash = contradiction(rule.query)
    if clash is not None:
        said = f"can never fire, since it asks for what can't be: {clash}; mend its query"
        yield Finding(code=Code.IMPOSSIBLE, rule=rule.name, said=said)
        return
    beside = (_beside(earlier, rule, now) for earlier in rules[:place])
    yield from islice(filter(None, beside), 1)


def _beside(earlier: Rule, rule: Rule, now: datetime) -> Finding | None:
    """What is wrong with a rule because of one before it."""
    if not _together(earlier, rule, now) or not implies(rule.query, earlier.query):
        return None
    always = _as_long(earlier, rule, now)
    name, when = repr(earlier.name), "" if always else " while both are in force"
    if always and implies(earlier.query, rule.query):
        said = f"asks what {name} asks before it, and never decides: keep one of them"
        return Finding(code=Code.REPEATED, rule=rule.name, other=earlier.name, said=said)
    if rule.priority.tier is not earlier.priority.tier:
        said = (
            f"({rule.priority}) never decides{when}: {name} ({earlier.priority}) comes before it "
            f"and holds whenever it does; put {rule.name!r} before {name}"
        )
        return Finding(code=Code.CONFLICT, rule=rule.name, other=earlier.name, said=said)
    if not always:
        return None
    said = f"never decides: {name} comes before it and holds whenever it does; remove or move it"
    return Finding(code=Code.SHADOWED, rule=rule.name, other=earlier.name, said=said)


def _together(one: Rule, other: Rule, now: datetime) -> bool:
    """Whether there will be an instant at which both are in force."""
    begin = max(each for each in (now, one.since, other.since) if each is not None)
    return all(rule.until is None or begin < rule.until for rule in (one, other))


def _as_long(earlier: Rule, rule: Rule, now: datetime) -> bool:
    """Whether the earlier rule is in force whenever the other is, from now on."""
    begin = now if rule.since is None else max(now, rule.since)
    in_time = earlier.since is None or earlier.since <= begin
    return in_time and (
        earlier.until is None or (rule.until is not None and rule.until <= earlier.until)
    )


def _unknown_categories(rule: Rule, known: frozenset[str]) -> Iterator[Finding]:
    for name in dict.fromkeys(_categories(rule)):
        if _plain(name) not in known:
            said = f"names {name!r}, which is none of the categories; name one that there is"
            yield Finding(code=Code.UNKNOWN_CATEGORY, rule=rule.name, said=said)


def _categories(rule: Rule) -> Iterator[str]:
    """The categories that a rule gives or asks for."""
    if rule.category is not None:
        yield rule.category
    facts = (leaf for leaf in leaves(rule.query.node) if isinstance(leaf, Fact))
    paths = (asked(fact).path for fact in facts if fact.field == "category")
    yield from (path for path in paths if path is not None)


def _plain(category: str) -> str:
    return SEPARATOR.join(" ".join(part.split()) for part in folded(category).split("/"))


__all__ = ["Code", "Finding", "check"]
