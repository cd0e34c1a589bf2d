"""Facts: the intervals of a measurement as tidy integer tables, and their splits.

A metric is a function of `Facts`.
A split by columns or a period gives every table the same keys and partitions them, so the same
functions compute the whole and its parts, and the parts add up.

Each row is counted in one part only: a message by its own columns, a wait by its opening message
(its agent and team by the response), a conversation by its first customer message (its agent and
team by its first response), a resolution by its conversation (its agent and team by the last
response), handling by its agent and otherwise by its conversation, a stay at a level by its
conversation.
"""

from collections.abc import Iterator, Sequence

import attrs
import polars as pl

from socialcare.analytics.engine.clock import BusinessClock, LocalTime
from socialcare.domain.policy import MeasurementPolicy

TABLES = (
    "messages",
    "waits",
    "conversations",
    "activity",
    "resolutions",
    "handling",
    "clocks",
    "escalations",
)
CREDITED = ("agent_id", "team_id")


@attrs.frozen(kw_only=True, eq=False)
class Context:
    """What metrics need to know beside the tables.

    Attributes:
        end: The second of `as_of`.
        policy: What is counted, and how.
        has: Columns and inputs that the data have, by the names of `catalogue.INPUTS`.
        local: The local time of the report.
        clock: The business clock, where there are hours.
        promises: What a service level policy promises, by the words of its targets; None where
            there is no such policy.
    """

    end: int
    policy: MeasurementPolicy
    has: frozenset[str]
    local: LocalTime
    clock: BusinessClock | None
    promises: frozenset[str] | None = None


@attrs.frozen(kw_only=True, eq=False)
class Facts:
    """Everything that metrics are computed from.

    Attributes:
        messages: One row a message: `hour_of_week`, `inward`, `inbound`, `outbound`, `automated`,
            `note`, `by_customer`, `response`, and the columns that metrics name.
        waits: One row a wait: `conversation`, `first`, `pending`, `opened`, `seconds`, and
            `business` where there are hours, `lasted` and `approval`, the seconds of it that an
            answer waited for others, where there is a table of approvals.
        conversations: One row a conversation with a customer's message: `conversation`, `opened`,
            `customer`, `answered`, and what became of it.
        activity: One row a conversation and period in which its customer wrote.
        resolutions: One row a conversation with a customer's message: `opened`, `seconds`,
            `business`, `pending`, the same of the first resolution, `reopened`, `responses`.
        handling: One row a merged span: `conversation_id`, `agent_id`, `seconds`.
        clocks: One row a promise of a service level policy: `target`, `outcome`.
        escalations: One row a stay at a level: `conversation`, `level`, `reason`, `since_opened`,
            `seconds`, `pending`.
        context: What metrics need to know beside them.
    """

    messages: pl.DataFrame
    waits: pl.DataFrame
    conversations: pl.DataFrame
    activity: pl.DataFrame
    resolutions: pl.DataFrame
    handling: pl.DataFrame
    clocks: pl.DataFrame
    escalations: pl.DataFrame
    context: Context

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by name."""
        return {name: getattr(self, name) for name in TABLES}

    def split(self, keys: Sequence[str]) -> Iterator[tuple[dict[str, object], "Facts"]]:
        """The parts that share these key columns, in the order of the keys, nulls first."""
        parts = {
            name: table.partition_by(keys, as_dict=True, include_key=False)
            for name, table in self.tables().items()
        }
        found = pl.concat(table.select(keys) for table in self.tables().values()).unique()
        for key in found.sort(keys, nulls_last=False).rows():
            slices = {
                name: parts[name].get(key, table.clear()) for name, table in self.tables().items()
            }
            yield dict(zip(keys, key, strict=True)), Facts(**slices, context=self.context)
