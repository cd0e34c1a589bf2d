"""Backtests: what a book of rules would have done to a log, before it is switched on.

Every customer message is ranked by one book, or by two, as it would have been when it was sent.
Where the books differ is shown message by message; which rules never decide is counted; and the
queue is replayed in the order of each book, which shows whom it would have answered sooner and whom
later. What is assumed for that is said in `socialcare.analytics.replay`, and what a log can't know
in `socialcare.analytics.subjects`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Ints
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.engine.statistics import summarise
from socialcare.analytics.frames import Frame, Kind, to_kind
from socialcare.analytics.intervals import KIND
from socialcare.analytics.log import MessageLog
from socialcare.analytics.ranking import TIER, Ranks, keys, ranks
from socialcare.analytics.replay import PENDING, Line, replayed
from socialcare.analytics.subjects import Around, numbered
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.priority import RuleBook
from socialcare.domain.tier import Tier

SCHEMA = "socialcare.backtest/1"
BOOK = pl.Enum(["before", "after"])
CLOCK = pl.Enum(["calendar", "business"])
_EXCERPT = 140
"""How many characters of a text are shown with a change."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Backtest:
    """What one book, or one after another, would have done to a log.

    `before` is the first book that was given, and `after` the second; with a single book there is
    only `before`, and nothing changes. Frames are of the kind that the log was read from.

    Attributes:
        before: The name and version of the first book.
        after: Those of the second; None where there was one.
        messages: How many customer messages were ranked.
        as_of: The instant at which the log was looked at; None for a log without messages.
        tables: Every frame by name, as polars frames.
        kind: The kind of frame to give back.
    """

    before: str
    after: str | None
    messages: int
    as_of: datetime | None
    tables: Mapping[str, pl.DataFrame]
    kind: Kind

    @property
    def changes(self) -> Frame:
        """The messages whose priority changes, one row each.

        Returns:
            ``channel`` String, ``message_id`` String, ``sent_at`` Datetime, ``tier_before`` Enum,
            ``level_before`` Int64, ``rule_before`` String (null where none holds),
            ``tier_after``, ``level_after``, ``rule_after``, ``text`` String (its beginning).
        """
        return self._frame("changes")

    @property
    def counts(self) -> Frame:
        """How many messages go from which tier to which, one row a pair of tiers.

        Returns:
            ``before`` Enum, ``after`` Enum, ``messages`` Int64, ``share`` Float64 (of all
            messages; null where there are none).
        """
        return self._frame("counts")

    @property
    def rules(self) -> Frame:
        """What became of each rule, one row a rule of a book.

        A rule that matched nothing never fired; one that matched and decided nothing was shadowed
        in these messages.

        Returns:
            ``book`` Enum(before, after), ``place`` Int64 (in the book, from 1), ``rule`` String,
            ``priority`` String, ``in_force`` Int64 (messages sent while it was), ``matched`` Int64,
            ``decided`` Int64, ``lost`` Int64 (held, and another decided).
        """
        return self._frame("rules")

    @property
    def losses(self) -> Frame:
        """To which earlier rules a rule lost how many messages, one row a pair.

        Returns:
            ``book`` Enum(before, after), ``rule`` String, ``lost_to`` String, ``messages`` Int64.
        """
        return self._frame("losses")

    @property
    def conflicts(self) -> Frame:
        """On how many messages two rules of different tiers held at once, one row a pair.

        Returns:
            ``book`` Enum(before, after), ``rule`` String (which comes first), ``later`` String,
            ``messages`` Int64, ``tier`` Enum, ``later_tier`` Enum.
        """
        return self._frame("conflicts")

    @property
    def response_times(self) -> Frame:
        """How long waits really took, by the tier that each book gives them.

        The tier of a wait is the highest priority of the customer messages in it.

        Returns:
            ``book`` Enum(before, after), ``tier`` Enum, ``kind`` Enum(first, next), ``clock``
            Enum(calendar, business), ``n`` Int64 (answered), ``pending`` Int64, ``median``
            Float64, ``p90`` Float64, ``survival_median`` Float64, ``survival_p90`` Float64 (with
            the pending counted); in seconds, null where there is nothing to say.
        """
        return self._frame("response_times")

    @property
    def predicted(self) -> Frame:
        """How long waits would have taken in the order of each book: `response_times`, replayed."""
        return self._frame("predicted")

    @property
    def changed(self) -> int:
        """How many messages change their tier."""
        counts = self.tables["counts"].filter(pl.col("before") != pl.col("after"))
        return int(counts["messages"].sum())

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the JSON of `socialcare rules test`, schema version 1."""
        return {
            "schema": SCHEMA,
            "before": self.before,
            "after": self.after,
            "as_of": None if self.as_of is None else _written(self.as_of),
            "messages": self.messages,
            "changed": self.changed,
            **{name: list(_plain(table)) for name, table in self.tables.items()},
        }

    def __str__(self) -> str:
        """What it comes to, in a few lines."""
        if self.after is None:
            head = f"{self.before}: {self.messages:,} customer messages"
        else:
            head = (
                f"{self.before} -> {self.after}: {self.changed:,} of {self.messages:,} customer "
                f"messages change their tier"
            )
        return "\n".join([head, *self._tiers(), *self._idle()])

    def _tiers(self) -> Iterator[str]:
        last = self.tables["counts"].group_by("after").agg(pl.col("messages").sum()).sort("after")
        for tier, number in last.iter_rows():
            yield f"  {tier}: {number:,}"

    def _idle(self) -> Iterator[str]:
        rules = self.tables["rules"].filter(pl.col("decided") == 0)
        for book, rule, matched in rules.select("book", "rule", "matched").iter_rows():
            name = self.before if book == "before" else self.after
            why = "always came too late" if matched else "never fired"
            yield f"  rule {rule!r} of {name} {why}"

    def __repr__(self) -> str:
        """What it is of, in a line."""
        books = self.before if self.after is None else f"{self.before} and {self.after}"
        return f"<Backtest of {books} on {self.messages:,} messages>"

    def _frame(self, name: str) -> Frame:
        return to_kind(self.tables[name], self.kind)


def backtest(
    log: MessageLog,
    book_a: RuleBook,
    book_b: RuleBook | None = None,
    *,
    hours: BusinessHours | None = None,
    policy: MeasurementPolicy | str | None = None,
) -> Backtest:
    """What a book of rules would have done to a log, beside another.

    Args:
        log: The messages.
        book_a: The book that is in force, or the only one.
        book_b: The book that would come after it.
        hours: Business hours, for business seconds beside calendar seconds.
        policy: What waits are: a policy, the name of a preset, or None for ours.
    """
    books = (book_a,) if book_b is None else (book_a, book_b)
    rules = MeasurementPolicy.preset(policy) if isinstance(policy, str) else policy
    measured = log.measured(policy=rules, hours=hours)
    around = Around.of(measured, frozenset().union(*(book.fields for book in books)))
    found = ranks(measured, around, books)
    return Backtest(
        before=book_a.called,
        after=None if book_b is None else book_b.called,
        messages=len(around.place),
        as_of=measured.as_of if len(log) else None,
        tables=_tables(measured, around, found),
        kind=log.kind,
    )


def _tables(
    measured: Measurement, around: Around, found: tuple[Ranks, ...]
) -> dict[str, pl.DataFrame]:
    line = Line.of(measured, _queues(measured))
    return {
        "counts": _counts(found),
        "rules": _of_books(each.rule_table() for each in found),
        "losses": _of_books(each.losses() for each in found),
        "conflicts": _of_books(each.conflicts() for each in found),
        "response_times": _of_books(
            _times(measured, line.first(each.order, _LAST), line.answered) for each in found
        ),
        "predicted": _of_books(
            _times(measured, line.first(each.order, _LAST), replayed(line, each.allowance))
            for each in found
        ),
        "changes": _changes(measured, around, found),
    }


_LAST = 10 * list(Tier).index(Tier.NOISE)
"""The tier of a wait without a message that was ranked; there is none."""


def _of_books(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The tables of the books below each other, with the book before all other columns."""
    named = zip(BOOK.categories, tables, strict=False)
    return pl.concat(
        table.select(pl.lit(name, dtype=BOOK).alias("book"), pl.all()) for name, table in named
    )


def _changes(measured: Measurement, around: Around, found: tuple[Ranks, ...]) -> pl.DataFrame:
    before, after = found[0], found[-1]
    parts = [before.frame("before"), after.frame("after")]
    at = np.flatnonzero(before.order != after.order)
    place = around.place[at]
    text = measured.column("text", place).cast(pl.String)
    excerpt = text.str.replace_all(r"\s+", " ").str.strip_chars().str.head(_EXCERPT)
    changed = [keys(measured, place), *(part[at] for part in parts), excerpt.to_frame("text")]
    return pl.concat(changed, how="horizontal").sort("sent_at", "channel", "message_id")


def _counts(found: tuple[Ranks, ...]) -> pl.DataFrame:
    before, after = (each.order // 10 for each in (found[0], found[-1]))
    tiers = [tier.value for tier in Tier]
    numbers = np.bincount(len(tiers) * before + after, minlength=len(tiers) ** 2)
    table = pl.DataFrame(
        {
            "before": pl.Series([one for one in tiers for _ in tiers], dtype=TIER),
            "after": pl.Series(tiers * len(tiers), dtype=TIER),
            "messages": pl.Series(numbers, dtype=pl.Int64),
        }
    )
    whole = max(len(before), 1)
    share = pl.col("messages") / whole if len(before) else pl.lit(None, pl.Float64)
    return table.with_columns(share=share)


def _queues(measured: Measurement) -> Ints:
    """The number of the brand of each wait."""
    start = measured.threads.starts[measured.waits.conversation]
    return numbered(measured.column("brand", start).cast(pl.String))


def _times(measured: Measurement, order: Ints, closed: Ints) -> pl.DataFrame:
    """Times of waits by tier, kind and clock.

    Args:
        measured: The log.
        order: The place of the priority of each wait.
        closed: When each wait closed, or would have; -1 while pending.
    """
    waits, pending = measured.waits, closed == PENDING
    asked = measured.second_at(waits.opened)
    spans = (asked, np.where(pending, measured.end, closed), waits.conversation, waits.first)
    clocks: dict[str, Ints | None] = {
        "calendar": measured.calendar_seconds(*spans),
        "business": measured.business_seconds(*spans),
    }
    rows = [
        (tier.value, kind, clock, *_summary(seconds[mine], pending[mine]))
        for number, tier in enumerate(Tier)
        for kind, first in (("first", True), ("next", False))
        for mine in [(order // 10 == number) & (waits.first == first)]
        for clock, seconds in clocks.items()
        if seconds is not None
    ]
    schema: dict[str, Any] = {"tier": TIER, "kind": KIND, "clock": CLOCK}
    schema |= {"n": pl.Int64, "pending": pl.Int64, "median": pl.Float64, "p90": pl.Float64}
    schema |= {"survival_median": pl.Float64, "survival_p90": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _summary(seconds: Ints, pending: Flags) -> tuple[float | None, ...]:
    found = summarise(seconds, pending)
    survival = (found.survival_median, found.survival_p90)
    return (found.n, found.pending, found.median, found.p90, *survival)


def _plain(table: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for row in table.iter_rows(named=True):
        yield {
            name: _written(value) if isinstance(value, datetime) else value
            for name, value in row.items()
        }


def _written(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
