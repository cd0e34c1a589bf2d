"""Priority: what comes first, by rules that a manager wrote, and why.

A rule is a query with a priority and a reason. A book is an ordered list of them, with a version:
the first rule that holds decides, and what it found is kept with the decision, so that it can be
read later why a message stood where it stood.

A priority ages. Somebody of a lower priority has the same turn as somebody of a higher one once
they have waited longer by what the book says: `allowance` is how much later than the moment of
asking a turn comes. So the order of a queue does not depend on when one looks at it, and nobody
waits for ever behind those who come later. Noise has no turn: it can be looked at, and waits in no
line.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import attrs

from socialcare.domain.instants import instant
from socialcare.domain.query import Hit, Match, Query, QuerySet, Subject
from socialcare.domain.query.found import facts_found, words_found
from socialcare.domain.tier import NOISE, Ageing, Priority, Tier
from socialcare.errors import InvalidRules

_AGEING = Ageing()


def _named(
    rule: "Rule",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[str]",
    value: str,
) -> None:
    if not value.strip():
        raise InvalidRules(value, where=f"Rule.{attribute.name}", right="a text that is not empty")


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, where="Rule")


@attrs.frozen(kw_only=True)
class Rule:
    """A query, and what comes of it where it holds.

    Attributes:
        name: Unique in its book.
        query: When it holds.
        priority: What the message gets then.
        reason: Why, for those who read the decision.
        category: What the message is about then, in the brand's tree; None for no opinion.
        since, until: When it is in force, from the first and up to the second; None without end.

    Raises:
        InvalidRules: If a name or reason is empty, or it ends before it begins.
    """

    name: str = attrs.field(validator=_named)
    query: Query
    priority: Priority
    reason: str = attrs.field(validator=_named)
    category: str | None = None
    since: datetime | None = attrs.field(default=None, converter=_moment)
    until: datetime | None = attrs.field(default=None, converter=_moment)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since >= self.until:
            where, right = f"rule {self.name!r}: until", f"an instant after {self.since}"
            raise InvalidRules(str(self.until), where=where, right=right)

    def in_force(self, now: datetime) -> bool:
        """Whether it holds at an instant."""
        return (self.since is None or self.since <= now) and (
            self.until is None or now < self.until
        )


@attrs.frozen(kw_only=True)
class Decision:
    """The priority of a message, and everything that it came from.

    Attributes:
        priority: What it is.
        rule: The rule that decided; None where none held.
        reason: Why.
        book: Name and version of the book, such as `default 1`.
        hits: The words and facts that made the rule hold.
        category: What the rule says that it is about.
        allowance: How much later than the moment of asking its turn comes; None for no turn.
        due_at: By when an answer was promised, so that its turn comes no later; None for no
            promise.
    """

    priority: Priority
    rule: str | None = None
    reason: str
    book: str
    hits: tuple[Hit, ...] = ()
    category: str | None = None
    allowance: timedelta | None = None
    due_at: datetime | None = None

    def with_deadline(self, due_at: datetime, *, asked_at: datetime) -> "Decision":
        """The decision with a promise: what was asked has its turn by then, if it has any."""
        until = max(due_at - asked_at, timedelta())
        sooner = None if self.allowance is None else min(self.allowance, until)
        return attrs.evolve(self, due_at=due_at, allowance=sooner)

    @property
    def words(self) -> tuple[str, ...]:
        """The pieces of the text that were found, each once: words as they stand, then signs."""
        return words_found(self.hits)

    @property
    def facts(self) -> Mapping[str, str]:
        """The fields that were used, with their values; commas between several of one field."""
        return facts_found(self.hits)

    def __str__(self) -> str:
        """The decision in a few lines, as an agent reads it."""
        by = f"rule {self.rule!r}" if self.rule else "no rule"
        lines = [f"{self.priority}: {self.reason}", f"  by {by} of {self.book}"]
        if self.words:
            lines.append(f"  words: {', '.join(map(repr, self.words))}")
        lines += [f"  {field}: {value}" for field, value in self.facts.items()]
        if self.due_at is not None:
            lines.append(f"  due: {self.due_at:%Y-%m-%d %H:%M} UTC")
        return "\n".join(lines)


def _rules(value: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(value)


def _different(
    book: "RuleBook",
    attribute: "attrs.Attribute[tuple[Rule, ...]]",  # noqa: ARG001 - attrs passes it
    value: tuple[Rule, ...],
) -> None:
    names = [rule.name for rule in value]
    for place, name in enumerate(names):
        if name in names[:place]:
            where = f"{book.name}: rules[{place}].name"
            raise InvalidRules(name, where=where, right="a name that no rule before it has")


@attrs.frozen(kw_only=True)
class RuleBook:
    """Rules in the order in which they are asked; the first that holds decides.

    Attributes:
        name: What it is called.
        version: Which state of it this is; every decision says it.
        rules: The rules.
        otherwise: What a message gets for which no rule holds.
        ageing: How priorities age.

    Raises:
        InvalidRules: If two rules have one name.
    """

    name: str = attrs.field(validator=_named)
    version: str = attrs.field(validator=_named)
    rules: tuple[Rule, ...] = attrs.field(converter=_rules, validator=_different)
    otherwise: Priority = NOISE
    ageing: Ageing = _AGEING

    @classmethod
    def from_toml(cls, path: str | Path) -> "RuleBook":
        """The book that a TOML file holds.

        Raises:
            InvalidRules: At the first key that is not right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.documents import toml_table
        from socialcare.domain.rule_document import book

        return book(toml_table(path, error=InvalidRules))

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "rules") -> "RuleBook":
        """The book that a mapping holds, as a TOML file would.

        Raises:
            InvalidRules: At the first key that is not right; `where` names the document.
        """
        from socialcare.domain.documents import Table
        from socialcare.domain.rule_document import book

        return book(Table(mapping, where, error=InvalidRules))

    @classmethod
    def default(cls) -> "RuleBook":
        """The field's own rules, for texts in English; `default_rules.toml` beside this module."""
        from socialcare.domain.rule_document import default

        return default()

    def to_mapping(self) -> dict[str, object]:
        """The book as `from_mapping` reads it, with all terms spelt out."""
        from socialcare.domain.rule_document import written

        return written(self)

    @property
    def called(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that its rules look at, so that nobody looks up what none asks for.

        A flag is there with its name, as `is:new`.
        """
        return frozenset().union(*(rule.query.fields for rule in self.rules))

    @cached_property
    def _by_name(self) -> Mapping[str, Rule]:
        return {rule.name: rule for rule in self.rules}

    @cached_property
    def _queries(self) -> QuerySet:
        return QuerySet({rule.name: rule.query for rule in self.rules})

    def holding(self, subject: Subject, *, now: datetime) -> Iterator[tuple[Rule, Match]]:
        """The rules in force that hold for a subject, in order, each with what it found."""
        for name, match in self._queries.each(subject):
            if self._by_name[name].in_force(now):
                yield self._by_name[name], match

    def rank(self, subject: Subject, *, now: datetime) -> Decision:
        """The priority of a message, and why.

        Args:
            subject: The message, with what is known around it.
            now: When it is asked, since rules begin and end.
        """
        for rule, match in self.holding(subject, now=now):
            return Decision(
                priority=rule.priority,
                rule=rule.name,
                reason=rule.reason,
                book=self.called,
                hits=match.hits,
                category=rule.category,
                allowance=self.ageing.allowance(rule.priority),
            )
        return Decision(
            priority=self.otherwise,
            reason="no rule holds",
            book=self.called,
            allowance=self.ageing.allowance(self.otherwise),
        )

    def explain(self, subject: Subject, *, now: datetime) -> str:
        """The decision in words, with the rules that hold too and came too late."""
        later = [rule for rule, _ in self.holding(subject, now=now)][1:]
        lines = [str(self.rank(subject, now=now))]
        lines += [f"  also {rule.name!r}, {rule.priority}: {rule.reason}" for rule in later]
        return "\n".join(lines)


__all__ = ["NOISE", "Ageing", "Decision", "Priority", "Rule", "RuleBook", "Tier"]
