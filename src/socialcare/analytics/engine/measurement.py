"""One measurement: a log, a policy, hours and an instant, and every interval that follows.

Intervals are computed once, on integers, when they are first asked for.
Metrics, frames and plots are all views of them.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Ints, epoch_seconds
from socialcare.analytics.engine.clock import BusinessClock, LocalTime
from socialcare.analytics.engine.pauses import Pauses
from socialcare.analytics.engine.resolutions import Resolutions, resolutions
from socialcare.analytics.engine.rows import Rows
from socialcare.analytics.engine.threads import Threads
from socialcare.analytics.engine.traits import NOTE
from socialcare.analytics.engine.waits import (
    Bursts,
    Events,
    Kinds,
    Waits,
    began_by_customer,
    kinds,
    waits,
)
from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.policy import CreditedTo, HoursApply, MeasurementPolicy, Target
from socialcare.domain.threading import Given, ThreadingPolicy


@attrs.frozen(kw_only=True, eq=False)
class Measurement:
    """Intervals of one table under one policy.

    Attributes:
        frame: The messages sent by `as_of`.
        rows: The same as integers.
        threading: What makes a conversation.
        policy: What is counted, and how.
        hours: Business hours, where there are any.
        as_of: The instant at which it is looked at.
        status: Changes of status until then, where there is such a table.
        assignment: Assignments until then, where there is such a table.
        escalations: Stays at levels that began until then, where there is such a table.
        approvals: Rounds that began until then in which a draft waited, where there is such a
            table.
        kind: What each row of the frame does to a wait.
        first_second: The second of the first message, or of `as_of` where there is none.
    """

    frame: pl.DataFrame
    rows: Rows
    threading: ThreadingPolicy
    policy: MeasurementPolicy
    hours: BusinessHours | None
    as_of: datetime
    status: pl.DataFrame | None
    assignment: pl.DataFrame | None
    escalations: pl.DataFrame | None = None
    approvals: pl.DataFrame | None = None
    kind: Kinds = attrs.field(
        default=attrs.Factory(lambda self: kinds(self.rows, self.policy), takes_self=True)
    )
    first_second: int = attrs.field(
        default=attrs.Factory(
            lambda self: min(int(self.rows.second.min(initial=self.end)), self.end),
            takes_self=True,
        )
    )

    def parts(self, most: int) -> Iterator["Measurement"]:
        """The same measurement in parts of whole customers, of about `most` messages each.

        Side tables name conversations, which are known only when all are, so a log that has any
        is one part.
        """
        beside = (self.status, self.assignment, self.escalations, self.approvals)
        if len(self.rows.order) <= most or any(table is not None for table in beside):
            yield self
            return
        for rows in self.rows.parts(most):
            yield attrs.evolve(self, rows=rows)

    @property
    def end(self) -> int:
        """The second of `as_of`."""
        return epoch_second(self.as_of)

    @cached_property
    def threads(self) -> Threads:
        """The conversations."""
        return Threads.of(self.rows, self.threading)

    @cached_property
    def events(self) -> Events:
        """The messages that matter to waits and resolutions."""
        return Events.of(self.threads, self.kind)

    @cached_property
    def bursts(self) -> Bursts:
        """What customers wrote in a row."""
        return Bursts.of(self.events)

    @cached_property
    def opening(self) -> Ints:
        """The place of each conversation's first customer message in `threads.order`, or -1."""
        return self.threads.first(self.bursts.opened_at)

    @cached_property
    def waits(self) -> Waits:
        """The waits, as places in `threads.order`."""
        return waits(self.threads, self.bursts, self.began_by_customer, self.policy)

    @cached_property
    def resolutions(self) -> Resolutions:
        """The resolutions, in whole seconds."""
        return resolutions(
            self.frame,
            self.threads,
            self.bursts,
            self.opening,
            as_of=self.end,
            settle=int(self.policy.settle.total_seconds()),
            states=self.states,
        )

    def second_at(self, places: Ints) -> Ints:
        """The second of the message at each place; `as_of` where the place is -1."""
        return self._seconds[places]

    @cached_property
    def _seconds(self) -> Ints:
        """The second of each place in `threads.order`, and that of `as_of` behind the last."""
        return np.append(self.threads.second, self.end)

    def calendar_seconds(
        self, start: Ints, end: Ints, conversation: Ints, target: Target | Flags
    ) -> Ints:
        """Seconds from each start to each end, pauses left out.

        Args:
            start: Whole seconds.
            end: Whole seconds.
            conversation: Whose spans they are.
            target: What they count for; flags say which are waits for a first response.
        """
        return (end - start) - self._paused(start, end, conversation, target, None)

    def business_seconds(
        self, start: Ints, end: Ints, conversation: Ints, target: Target | Flags
    ) -> Ints | None:
        """Open seconds from each start to each end, pauses left out; None without hours."""
        if self.hours is None:
            return None
        found = np.zeros(len(start), np.int64)
        for clock, mine in self._clocks(start):
            elapsed = clock.elapsed(start[mine], end[mine])
            which = target[mine] if isinstance(target, np.ndarray) else target
            paused = self._paused(start[mine], end[mine], conversation[mine], which, clock)
            found[mine] = elapsed - paused
        return found

    def _paused(
        self,
        start: Ints,
        end: Ints,
        conversation: Ints,
        target: Target | Flags,
        clock: BusinessClock | None,
    ) -> Ints | int:
        """Paused seconds; a flag says which of the spans are waits of a conversation's first."""
        states = self.states
        if not self.policy.pauses or states is None:
            return 0

        def within(one: Target) -> Ints:
            pauses = Pauses.of(states, self.policy.pausing(one), self.end)
            return pauses.within(start, end, conversation, clock)

        if isinstance(target, Target):
            return within(target)
        return np.where(target, within(Target.FIRST_RESPONSE), within(Target.NEXT_RESPONSE))

    def _clocks(self, start: Ints) -> list[tuple[BusinessClock, Ints]]:
        """Business clocks, each with the spans that it measures."""
        if self.hours is None or self.clock is None or not len(start):
            return []
        if self.policy.hours_apply is HoursApply.EACH_MOMENT:
            return [(self.clock, np.arange(len(start)))]
        versions = self.hours_versions(start).to_numpy()
        clocks = []
        for version in np.unique(versions):
            mine = np.flatnonzero(versions == version)
            alone = self.hours.at(from_epoch_second(int(start[mine[0]])))
            clocks.append((BusinessClock.of(alone, self.first_second, self.end), mine))
        return clocks

    def hours_versions(self, second: Ints) -> pl.Series:
        """The version of the hours in force at each instant; null without hours."""
        if self.hours is None or not len(second):
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(second))
        local = LocalTime.of(self.hours.timezone, self.first_second, self.end)
        # One version holds for whole local days, so each day is looked up once.
        _, first, whose = np.unique(
            local.seconds(second) // 86_400, return_index=True, return_inverse=True
        )
        names = [self.hours.version_at(from_epoch_second(int(second[at]))) for at in first]
        return pl.Series(names, dtype=pl.String).gather(pl.Series(whose, dtype=pl.UInt32))

    @cached_property
    def clock(self) -> BusinessClock | None:
        """The business clock over the whole span; None without hours."""
        if self.hours is None:
            return None
        return BusinessClock.of(self.hours, self.first_second, self.end)

    @cached_property
    def conversation_ids(self) -> pl.DataFrame:
        """One row a conversation: `conversation_id`, as given or from its first message."""
        place = self.threads.first(self.threads.lacking(NOTE))
        place = np.where(place < 0, self.threads.starts, place)
        keep = self.threading.given is Given.KEEP and "conversation_id" in self.frame.columns
        names = ["channel", "message_id", *(["conversation_id"] if keep else [])]
        first = self.frame.select(names)[self.threads.order[place]]
        computed = pl.concat_str(pl.col("channel").cast(pl.String), "message_id", separator=":")
        return first.select(
            conversation_id=pl.coalesce("conversation_id", computed) if keep else computed
        )

    def credited(self, name: str, places: Ints) -> pl.Series:
        """`agent_id` or `team_id` of those to whom the response at each place is credited."""
        if self.policy.credited_to is CreditedTo.ASSIGNEE:
            return self._assignees(name, places)
        return self.column(name, places)

    @cached_property
    def began_by_customer(self) -> Flags:
        """Which conversations the customer began."""
        return began_by_customer(self.threads)

    def _assignees(self, name: str, places: Ints) -> pl.Series:
        """`agent_id` or `team_id` of the assignment in force at each place, else of its author."""
        author = self.column(name, places)
        if self.assignment is None or not len(places):
            return author
        table = (
            self.placed(self.assignment)
            .filter(pl.col("conversation").is_not_null())
            .with_columns(second=epoch_seconds("at"))
            .sort("conversation", "second", "agent_id", "team_id", nulls_last=False)
        )
        if not table.height:
            return author
        there, at = self._latest(table, places)
        assigned = table[at].with_columns(pl.Series("there", there), author.alias("author"))
        assigned_to_someone = pl.col("there") & pl.col("agent_id").is_not_null()
        return assigned.select(
            pl.when(assigned_to_someone).then(pl.col(name)).otherwise("author").alias(name)
        )[name]

    def _latest(self, table: pl.DataFrame, places: Ints) -> tuple[Flags, Ints]:
        """For each place whether a row of the table came before it, and the latest such row.

        Args:
            table: `conversation`, `second`, in that order.
            places: Places in `threads.order`, or -1.
        """
        of, second = table["conversation"].to_numpy(), table["second"].to_numpy()
        first = min(self.first_second, int(second.min()))
        conversation = self.threads.conversation[places]
        wanted = (conversation << 33) | (self.second_at(places) - first)
        at = np.searchsorted((of << 33) | (second - first), wanted, side="right") - 1
        there = (at >= 0) & (places >= 0) & (of[np.maximum(at, 0)] == conversation)
        return there, np.maximum(at, 0)

    def column(self, name: str, places: Ints) -> pl.Series:
        """The value of a column at each place of `threads.order`; null where the place is -1."""
        if name not in self.frame.columns:
            return pl.Series(name, [None], pl.String).new_from_index(0, len(places))
        rows = self.threads.order[places] if len(places) else places
        if not len(places) or places.min() >= 0:
            return self.frame[name].gather(pl.Series(rows, dtype=pl.UInt32))
        at = pl.select(pl.when(pl.Series(places >= 0)).then(pl.Series(rows, dtype=pl.UInt32)))
        return self.frame[name].gather(at.to_series())

    def placed(self, table: pl.DataFrame) -> pl.DataFrame:
        """A side table with the number of each row's conversation; null where there is none.

        A row that names conversations of two brands by one id speaks of both.
        """
        numbers = self.conversation_ids.with_row_index("conversation").with_columns(
            pl.col("conversation").cast(pl.Int64)
        )
        return table.join(numbers, on="conversation_id", how="left", maintain_order="left")

    @cached_property
    def states(self) -> pl.DataFrame | None:
        """Changes of status: `conversation`, `second`, `status` (lower case), in their order."""
        if self.status is None:
            return None
        return (
            self.placed(self.status)
            .filter(pl.col("conversation").is_not_null())
            .select(
                "conversation",
                "by",
                second=epoch_seconds("at"),
                status=pl.col("status").str.to_lowercase(),
            )
            .sort("conversation", "second", "status", "by", nulls_last=False)
        )
