"""Ranking a log: what a book of rules would have said of every customer message in it.

Each message is ranked at the instant at which it was sent, with what the log knew then; see
`socialcare.analytics.subjects`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Floats, Ints
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.frames import Frame, to_kind
from socialcare.analytics.log import MessageLog
from socialcare.analytics.subjects import Around, subjects
from socialcare.domain.priority import RuleBook
from socialcare.domain.subject import Subject
from socialcare.domain.tier import Priority, Tier

TIER = pl.Enum([tier.value for tier in Tier])

Held = tuple[int, ...]
"""The rules of a book that held for a message, by their places and in order."""


def ranked(log: MessageLog, book: RuleBook) -> Frame:
    """Every customer message of a log with its priority, in the kind of frame that was read.

    Returns:
        ``channel`` String, ``message_id`` String, ``sent_at`` Datetime, ``tier`` Enum(first,
        second, noise), ``level`` Int64, ``rule`` String (null where none holds), ``reason``
        String, ``words`` List(String) (what was found in the text), ``facts`` List(String) (what
        else was used, such as `is: inbound`).
    """
    measured = log.measured()
    around = Around.of(measured, book.fields)
    rows = [_row(subject, book) for subject in subjects(measured, around)]
    schema = {
        "tier": TIER,
        "level": pl.Int64(),
        "rule": pl.String(),
        "reason": pl.String(),
        "words": pl.List(pl.String()),
        "facts": pl.List(pl.String()),
    }
    decided = pl.DataFrame(rows, schema=schema, orient="row")
    return to_kind(pl.concat([keys(measured, around.place), decided], how="horizontal"), log.kind)


def _row(subject: Subject, book: RuleBook) -> tuple[object, ...]:
    decision = book.rank(subject, now=subject.message.sent_at)
    return (
        decision.priority.tier.value,
        decision.priority.level,
        decision.rule,
        decision.reason,
        list(decision.words),
        [f"{field}: {value}" for field, value in decision.facts.items()],
    )


def keys(measured: Measurement, place: Ints) -> pl.DataFrame:
    """Channel, id and instant of the messages at some places."""
    return pl.DataFrame(
        {
            "channel": measured.column("channel", place).cast(pl.String),
            "message_id": measured.column("message_id", place),
            "sent_at": measured.column("sent_at", place),
        }
    )


@attrs.frozen(kw_only=True, eq=False)
class Ranks:
    """What a book said of many messages.

    Attributes:
        book: The book.
        held: The different sets of rules that held.
        which: For each message the number of its set.
        in_force: For each rule how many messages were sent while it was in force.
    """

    book: RuleBook
    held: tuple[Held, ...]
    which: Ints
    in_force: tuple[int, ...]

    @property
    def rules(self) -> list[str | None]:
        """For each set the rule that decided."""
        return [self.book.rules[places[0]].name if places else None for places in self.held]

    @property
    def priorities(self) -> list[Priority]:
        """For each set the priority."""
        rules, otherwise = self.book.rules, self.book.otherwise
        return [rules[places[0]].priority if places else otherwise for places in self.held]

    @property
    def order(self) -> Ints:
        """For each message the place of its priority among all; the smaller comes first."""
        places = [10 * tier + level for tier, level in (each.place for each in self.priorities)]
        return np.array(places, np.int64)[self.which]

    @property
    def allowance(self) -> Floats:
        """For each message how many seconds after asking its turn is; infinite for noise."""
        found = (self.book.ageing.allowance(each) for each in self.priorities)
        seconds = [np.inf if each is None else each.total_seconds() for each in found]
        return np.array(seconds, np.float64)[self.which]

    def frame(self, end: str) -> pl.DataFrame:
        """Tier, level and rule of each message, in columns whose names end so."""
        sets = pl.DataFrame(
            {
                f"tier_{end}": pl.Series([each.tier for each in self.priorities], dtype=TIER),
                f"level_{end}": pl.Series([each.level for each in self.priorities], dtype=pl.Int64),
                f"rule_{end}": pl.Series(self.rules, dtype=pl.String),
            }
        )
        return sets[self.which]

    def counted(self) -> list[tuple[Held, int]]:
        """The sets of rules that held, each with its number of messages."""
        numbers = np.bincount(self.which, minlength=len(self.held))
        return list(zip(self.held, numbers.tolist(), strict=True))

    def rule_table(self) -> pl.DataFrame:
        """One row a rule: `place`, `rule`, `priority`, `in_force`, `matched`, `decided`, `lost`."""
        matched: Counter[int] = Counter()
        decided: Counter[int] = Counter()
        for places, number in self.counted():
            matched.update(dict.fromkeys(places, number))
            decided.update(dict.fromkeys(places[:1], number))
        rows = [
            (at + 1, rule.name, str(rule.priority), number, matched[at], decided[at])
            for at, (rule, number) in enumerate(zip(self.book.rules, self.in_force, strict=True))
        ]
        schema = {"place": pl.Int64, "rule": pl.String, "priority": pl.String}
        schema |= dict.fromkeys(("in_force", "matched", "decided"), pl.Int64)
        table = pl.DataFrame(rows, schema=schema, orient="row")
        return table.with_columns(lost=pl.col("matched") - pl.col("decided"))

    def losses(self) -> pl.DataFrame:
        """How often a rule held and another decided: `rule`, `lost_to`, `messages`."""
        found: Counter[tuple[int, int]] = Counter()
        for places, number in self.counted():
            found.update({(later, places[0]): number for later in places[1:]})
        return self._pairs(found, "lost_to")

    def conflicts(self) -> pl.DataFrame:
        """How often rules of two tiers held at once: `rule`, `tier`, `later`, `later_tier`."""
        found: Counter[tuple[int, int]] = Counter()
        for places, number in self.counted():
            pairs = (pair for pair in combinations(places, 2) if self._differ(*pair))
            found.update(dict.fromkeys(pairs, number))
        table = self._pairs(found, "later")
        return table.with_columns(
            tier=self._tiers(table["rule"]), later_tier=self._tiers(table["later"])
        )

    def _tiers(self, rules: pl.Series) -> pl.Series:
        tiers = {rule.name: rule.priority.tier.value for rule in self.book.rules}
        return pl.Series([tiers[name] for name in rules], dtype=TIER)

    def _differ(self, one: int, other: int) -> bool:
        rules = self.book.rules
        return rules[one].priority.tier is not rules[other].priority.tier

    def _pairs(self, found: Counter[tuple[int, int]], name: str) -> pl.DataFrame:
        rules = self.book.rules
        rows = [
            (rules[one].name, rules[other].name, number)
            for (one, other), number in sorted(found.items(), key=lambda each: (-each[1], each[0]))
        ]
        schema = {"rule": pl.String, name: pl.String, "messages": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def ranks(measured: Measurement, around: Around, books: Sequence[RuleBook]) -> tuple[Ranks, ...]:
    """What each of some books says of every customer message."""
    seen = [_Seen(book) for book in books]
    for subject in subjects(measured, around):
        for each in seen:
            each.add(subject)
    return tuple(each.ranks() for each in seen)


class _Seen:
    """The sets of rules of one book that held, as message after message is ranked."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._place = {rule.name: at for at, rule in enumerate(book.rules)}
        self._sets: dict[Held, int] = {}
        self._which: list[int] = []
        self._sent: list[datetime] = []

    def add(self, subject: Subject) -> None:
        """Rank one message more."""
        now = subject.message.sent_at
        holding = self._book.holding(subject, now=now)
        held = tuple(self._place[rule.name] for rule, _ in holding)
        self._which.append(self._sets.setdefault(held, len(self._sets)))
        self._sent.append(now)

    def ranks(self) -> Ranks:
        """What was seen."""
        return Ranks(
            book=self._book,
            held=tuple(self._sets),
            which=np.array(self._which, np.int64),
            in_force=tuple(self._in_force()),
        )

    def _in_force(self) -> Iterable[int]:
        for rule in self._book.rules:
            always = rule.since is None and rule.until is None
            yield len(self._sent) if always else sum(map(rule.in_force, self._sent))
