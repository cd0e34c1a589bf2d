"""The message log: what an analyst holds in a notebook.

A `MessageLog` is a table of messages with what is known about its quality, and nothing else:
conversations, waits and metrics are computed from it when they are asked for.
Frames come back in the kind that the user brought.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs
import polars as pl

from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.engine.promised import Clocked
from socialcare.analytics.engine.rows import Rows
from socialcare.analytics.frames import Frame, Kind, to_kind
from socialcare.analytics.intervals import (
    conversation_frame,
    handling_frame,
    resolution_frame,
    wait_frame,
)
from socialcare.analytics.quality import Quality
from socialcare.analytics.side import handling_spans
from socialcare.analytics.table import (
    APPROVALS,
    ASSIGNMENT,
    ESCALATIONS,
    HANDLING,
    STATUS,
    assemble,
    conform,
)
from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import epoch_second, from_epoch_second, instant
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.query import Query
from socialcare.domain.sla import Facts, SlaPolicy
from socialcare.domain.threading import Given, ThreadingPolicy

if TYPE_CHECKING:
    from socialcare.analytics.audit_reading import Classifies
    from socialcare.analytics.plot import Plots


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MessageLog:
    """Messages, and how far they can be trusted.

    Made by `socialcare.analytics.read`, or from a frame in the columns of the message table.
    Repeats are removed, and faults that show between rows are added to the quality.

    Attributes:
        table: The messages as a polars frame, in the columns of the message table.
        quality: What reading found.
        kind: The kind of frame that the user brought, and gets back.
        threading: What makes a conversation.
        handling_table: Spans of work: `conversation_id`, `agent_id`, `started_at`, `ended_at`.
        status_table: Changes of status: `conversation_id`, `at`, `status`, `by`.
        assignment_table: Assignments: `conversation_id`, `at`, `agent_id`, `team_id`.
        escalations_table: Stays at levels: `conversation_id`, `at`, `level`, `team_id`, `reason`,
            `entry`, `taken_at`, `returned_at`.
        approvals_table: Rounds in which a draft waited: `conversation_id`, `draft`, `asked_at`,
            `decided_at`, `decision`, `by`, `message_id`.
        query: What these conversations were chosen by, out of a larger log; None for all of it.
        known: By conversation, what a desk knew of it beyond its messages: priority, tier and so
            on, each from when on.
    """

    table: pl.DataFrame
    quality: Quality
    kind: Kind = attrs.field(default=Kind.POLARS, converter=Kind)
    threading: ThreadingPolicy = attrs.field(factory=ThreadingPolicy)
    handling_table: pl.DataFrame | None = None
    status_table: pl.DataFrame | None = None
    assignment_table: pl.DataFrame | None = None
    escalations_table: pl.DataFrame | None = None
    approvals_table: pl.DataFrame | None = None
    query: Query | None = None
    known: Mapping[str, Facts] = MappingProxyType({})
    _whole_until: datetime | None = attrs.field(default=None, alias="whole_until")
    """The latest instant of the log that this one was chosen from."""
    _known: Rows | None = attrs.field(default=None, alias="rows_known")
    _measured: dict[Any, Measurement] = attrs.field(factory=dict, init=False, repr=False)
    _clocked: dict[Any, Clocked] = attrs.field(factory=dict, init=False, repr=False)

    @classmethod
    def of(
        cls,
        frame: pl.DataFrame,
        quality: Quality,
        *,
        kind: str = Kind.POLARS,
        handling: pl.DataFrame | None = None,
        status: pl.DataFrame | None = None,
        assignment: pl.DataFrame | None = None,
        escalations: pl.DataFrame | None = None,
        approvals: pl.DataFrame | None = None,
    ) -> "MessageLog":
        """The log of a frame that may hold repeats.

        Args:
            frame: Messages in the columns and types of the message table, in any order.
            quality: What reading found so far.
            kind: `polars`, `pandas`, `pyarrow` or `duckdb`: what frames to give back.
            handling: The handling table, if there is one.
            status: The status table, if there is one.
            assignment: The assignment table, if there is one.
            escalations: The table of escalations, if there is one.
            approvals: The table of approvals, if there is one.
        """
        table, rows, quality = assemble(frame, quality)
        log = cls(table=table, quality=quality, kind=kind, rows_known=rows)
        return log.with_tables(
            handling=handling,
            status=status,
            assignment=assignment,
            escalations=escalations,
            approvals=approvals,
        )

    def with_tables(
        self,
        *,
        handling: pl.DataFrame | None = None,
        status: pl.DataFrame | None = None,
        assignment: pl.DataFrame | None = None,
        escalations: pl.DataFrame | None = None,
        approvals: pl.DataFrame | None = None,
    ) -> "MessageLog":
        """A copy with these side tables; those that are not given stay."""
        quality = self.quality
        spans = self.handling_table
        if handling is not None:
            spans, faults = handling_spans(conform(handling, HANDLING))
            quality = quality.with_faults(*faults)
        return attrs.evolve(
            self,
            quality=quality,
            handling_table=spans,
            status_table=self.status_table if status is None else conform(status, STATUS),
            assignment_table=(
                self.assignment_table if assignment is None else conform(assignment, ASSIGNMENT)
            ),
            escalations_table=(
                self.escalations_table if escalations is None else conform(escalations, ESCALATIONS)
            ),
            approvals_table=(
                self.approvals_table if approvals is None else conform(approvals, APPROVALS)
            ),
        )

    def with_threading(self, threading: ThreadingPolicy) -> "MessageLog":
        """A copy whose conversations follow another rule."""
        known = self._known if threading.given is self.threading.given else None
        return attrs.evolve(self, threading=threading, rows_known=known)

    def with_redirects(self) -> "MessageLog":
        """A copy that says of its texts which send a customer to another channel, or ask for it.

        What it says already stays; see `redirects.with_redirects`.
        """
        from socialcare.analytics.redirects import with_redirects

        return attrs.evolve(self, table=with_redirects(self.table), rows_known=self._known)

    def where(
        self, query: Query | str, *, classifiers: "Sequence[Classifies]" = ()
    ) -> "MessageLog":
        """The conversations with a message for which a query holds, whole; see `choosing`.

        Args:
            query: What is asked of each message, the brand's and notes too.
            classifiers: What reads the texts, for queries such as `is:complaint`.

        Raises:
            InvalidQuery: If the query can't be read, or asks for what no log knows.
        """
        from socialcare.analytics.choosing import chosen

        return chosen(self, query if isinstance(query, Query) else Query(query), classifiers)

    def __len__(self) -> int:
        """How many messages it holds."""
        return self.table.height

    @cached_property
    def as_of(self) -> datetime | None:
        """The latest instant in the data, in whole seconds; None where there is none.

        Of conversations that were chosen, it is that of the log that they were chosen from.
        """
        if self._whole_until is not None:
            return self._whole_until
        columns = [self.table["sent_at"]]
        for table, name in (
            (self.handling_table, "ended_at"),
            (self.status_table, "at"),
            (self.assignment_table, "at"),
            (self.escalations_table, "at"),
            (self.escalations_table, "taken_at"),
            (self.escalations_table, "returned_at"),
            (self.approvals_table, "asked_at"),
            (self.approvals_table, "decided_at"),
        ):
            columns += [] if table is None else [table[name]]
        latest = pl.concat([each.rename("at") for each in columns]).max()
        return from_epoch_second(epoch_second(latest)) if isinstance(latest, datetime) else None

    @cached_property
    def rows(self) -> Rows:
        """The messages as integers, under the log's own threading."""
        return self._known or Rows.of(self.table, keep_given=self.threading.given is Given.KEEP)

    def measured(
        self,
        *,
        policy: MeasurementPolicy | None = None,
        hours: BusinessHours | None = None,
        as_of: datetime | None = None,
    ) -> Measurement:
        """The intervals of this log under a policy, hours and an instant; kept for the next call.

        Args:
            policy: What is counted, and how; ours by default.
            hours: Business hours, for business seconds.
            as_of: The instant at which it is looked at; by default the latest in the data.
                Messages sent after it are left out.
        """
        policy = policy or MeasurementPolicy()
        at = self.as_of if as_of is None else instant(as_of, where="as_of")
        at = at or from_epoch_second(0)
        key = (policy, hours, epoch_second(at))
        if key not in self._measured:
            self._measured.clear()
            self._measured[key] = self._measure(policy, hours, from_epoch_second(key[2]))
        return self._measured[key]

    def _measure(
        self, policy: MeasurementPolicy, hours: BusinessHours | None, as_of: datetime
    ) -> Measurement:
        whole = self.as_of is None or as_of >= self.as_of
        table = self.table
        if not whole:
            table = table.filter(pl.col("sent_at") < from_epoch_second(epoch_second(as_of) + 1))
        keep = self.threading.given is Given.KEEP
        return Measurement(
            frame=table,
            rows=self.rows if whole else Rows.of(table, keep_given=keep),
            threading=self.threading,
            policy=policy,
            hours=hours,
            as_of=as_of,
            status=_until(self.status_table, as_of),
            assignment=_until(self.assignment_table, as_of),
            escalations=_until(self.escalations_table, as_of),
            approvals=_until(self.approvals_table, as_of, "asked_at"),
        )

    def messages(self) -> Frame:
        """The messages, one row each, in the columns of the message table."""
        return to_kind(self.table, self.kind)

    def conversations(
        self,
        policy: MeasurementPolicy | None = None,
        *,
        hours: BusinessHours | None = None,
        as_of: datetime | None = None,
    ) -> Frame:
        """Conversations, one row each: see `intervals.conversation_frame` for the columns."""
        measured = self.measured(policy=policy, hours=hours, as_of=as_of)
        return to_kind(conversation_frame(measured), self.kind)

    def waits(
        self,
        policy: MeasurementPolicy | None = None,
        hours: BusinessHours | None = None,
        as_of: datetime | None = None,
    ) -> Frame:
        """Waits, one row each: see `intervals.wait_frame` for the columns."""
        measured = self.measured(policy=policy, hours=hours, as_of=as_of)
        return to_kind(wait_frame(measured), self.kind)

    def resolutions(
        self,
        policy: MeasurementPolicy | None = None,
        hours: BusinessHours | None = None,
        as_of: datetime | None = None,
    ) -> Frame:
        """Resolutions, one row each: see `intervals.resolution_frame` for the columns."""
        measured = self.measured(policy=policy, hours=hours, as_of=as_of)
        return to_kind(resolution_frame(measured), self.kind)

    def clocks(self, deadlines: SlaPolicy, *, as_of: datetime | None = None) -> Frame:
        """What was promised, one row a clock: see `promises.clock_frame` for the columns.

        Args:
            deadlines: What is promised, to whom, and how it counts.
            as_of: The instant at which it is looked at; by default the latest in the data.
        """
        from socialcare.analytics.promises import clock_frame

        found = self.clocked(self.measured(as_of=as_of), deadlines)
        return to_kind(clock_frame(found.clocks), self.kind)

    def clocked(self, measured: Measurement, deadlines: SlaPolicy) -> Clocked:
        """The clocks of a measurement of this log; kept for the next call."""
        from socialcare.analytics.promises import clocked

        key = (measured, deadlines)
        if key not in self._clocked:
            self._clocked.clear()
            self._clocked[key] = clocked(measured, deadlines, self.known)
        return self._clocked[key]

    def handling(self, *, shared: bool = True) -> Frame:
        """Time spent, one row a merged span: see `intervals.handling_frame` for the columns."""
        return to_kind(handling_frame(self.handling_table, shared=shared), self.kind)

    def to_domain(self) -> tuple[Message, ...]:
        """The messages as values of the domain, in no particular order."""
        from socialcare.analytics.values import messages

        return messages(self.table)

    @property
    def plot(self) -> "Plots":
        """Charts of this log, for a notebook."""
        from socialcare.analytics.plot import Plots

        return Plots(self)

    def __repr__(self) -> str:
        """What it holds and what is wrong with it, in a line."""
        faults = sum(fault.count for fault in self.quality.faults)
        return f"<MessageLog of {len(self):,} messages from {self.quality.source}, {faults} faults>"

    def _repr_html_(self) -> str:
        from socialcare.analytics.page.cards import log_html

        return log_html(self)


def _until(table: pl.DataFrame | None, as_of: datetime, begun: str = "at") -> pl.DataFrame | None:
    if table is None:
        return None
    return table.filter(pl.col(begun) < from_epoch_second(epoch_second(as_of) + 1))
