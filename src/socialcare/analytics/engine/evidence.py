"""From a measurement to the facts that metrics are computed from."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.approved import approval_seconds
from socialcare.analytics.engine.arrays import Flags, Ints
from socialcare.analytics.engine.clock import LocalTime
from socialcare.analytics.engine.escalated import escalated
from socialcare.analytics.engine.facts import CREDITED, Context, Facts
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.engine.outcomes import Outcomes, outcomes
from socialcare.analytics.engine.periods import Period, starts
from socialcare.analytics.engine.promised import Clocked
from socialcare.analytics.engine.waits import CUSTOMER, RESPONSE
from socialcare.domain.instants import epoch_second
from socialcare.domain.policy import ResolutionCloses, Target

PART = 240_000
"""Messages that one thread works on at a time: some 60 MB, and small enough for the caches."""

WORKERS = 2
"""NumPy leaves the interpreter free while it works, but the memory of each worker adds up."""

_NAMED = (
    "agent_id",
    "category",
    "subcategory",
    "sentiment",
    "merits_attention",
    "needs_response",
    "indirect",
)


@attrs.frozen(kw_only=True, eq=False)
class Splits:
    """What the facts are split by: columns of the message table, and perhaps a period."""

    by: tuple[str, ...]
    period: Period | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns of every table."""
        return tuple(f"by_{name}" for name in (*self.by, *(["period"] if self.period else [])))


def facts(
    measured: Measurement,
    *,
    splits: Splits,
    local: LocalTime,
    handling: pl.DataFrame | None,
    has: frozenset[str],
    clocked: Clocked | None = None,
    promises: frozenset[str] | None = None,
) -> Facts:
    """The facts of a measurement, with the key columns of the splits on every table.

    Args:
        measured: The intervals.
        splits: What the facts will be split by.
        local: The local time of the report.
        handling: `conversation_id`, `agent_id`, `started`, `ended`, `seconds`, where there is any.
        has: What the data have, for `Context.has`.
        clocked: The clocks of a service level policy, where there is one.
        promises: What it promises, for `Context.promises`.
    """
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        # The parts are made as they go, so that each is forgotten when its tables are there.
        parts = measured.parts(PART)
        tables = pool.map(lambda part: _intervals(part, splits, local), parts)
        messages = _messages(measured, splits, local)
        joined = _joined(tables)
    return Facts(
        messages=messages,
        **joined,
        handling=_handling(measured, splits, local, handling),
        clocks=_clocks(measured, splits, local, clocked),
        escalations=escalated(measured, joined["conversations"], splits.keys),
        context=Context(
            end=measured.end,
            policy=measured.policy,
            has=has,
            local=local,
            clock=measured.clock,
            promises=promises,
        ),
    )


def _joined(parts: Iterable[Mapping[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """The tables of all parts under each other."""
    found: dict[str, list[pl.DataFrame]] = {}
    for tables in parts:
        for name, table in tables.items():
            found.setdefault(name, []).append(table)
    return {name: pl.concat(tables) for name, tables in found.items()}


def _intervals(measured: Measurement, splits: Splits, local: LocalTime) -> dict[str, pl.DataFrame]:
    """The tables of intervals of a part."""
    keyed = _Keyed(Outcomes(measured), splits, local)
    conversations = keyed.conversations()
    return {
        "waits": keyed.waits(),
        "conversations": conversations,
        "activity": keyed.activity(conversations),
        "resolutions": keyed.resolutions(),
    }


def _messages(measured: Measurement, splits: Splits, local: LocalTime) -> pl.DataFrame:
    rows, frame = measured.rows, measured.frame
    outbound, note, automated = rows.outbound, rows.note, rows.automated
    spoken = ~(note | automated)
    named = [name for name in _NAMED if name in frame.columns]
    return pl.DataFrame(
        {
            **{name: frame[name] for name in named},
            "hour_of_week": local.hour_of_week(rows.second),
            "inbound": ~outbound & spoken,
            "outbound": outbound & spoken,
            "inward": ~outbound,
            "automated": automated & ~note,
            "note": note,
            "by_customer": measured.kind == CUSTOMER,
            "response": measured.kind == RESPONSE,
            **{f"by_{name}": _plain(frame[name]) for name in splits.by},
            **_period(rows.second, splits, local),
        }
    )


class _Keyed:
    """Makes each table of facts, with its keys."""

    def __init__(self, look: Outcomes, splits: Splits, local: LocalTime) -> None:
        self.look = look
        self.measured = look.measured
        self.splits = splits
        self.local = local

    def _number(self, conversation: Ints) -> Ints:
        """Conversations by numbers that no other part has; there are gaps between the parts."""
        return conversation + self.measured.rows.before

    def waits(self) -> pl.DataFrame:
        found, measured = self.measured.waits, self.measured
        opened = measured.second_at(found.opened)
        closed = measured.second_at(found.closed)
        spans = (opened, closed, found.conversation, found.first)
        business = measured.business_seconds(*spans)
        return pl.DataFrame(
            {
                "conversation": self._number(found.conversation),
                "first": found.first,
                "pending": found.pending,
                "opened": opened,
                "seconds": measured.calendar_seconds(*spans),
                **({} if business is None else {"business": business}),
                **self._approval(found.conversation, opened, closed),
                **self._by(found.opened, found.closed),
                **self._period(opened),
            }
        )

    def _approval(self, conversation: Ints, opened: Ints, closed: Ints) -> dict[str, Ints]:
        """How long each wait lasted, and how much of it went by waiting for an approval."""
        if self.measured.approvals is None:
            return {}
        return {
            "lasted": np.maximum(closed - opened, 0),
            "approval": approval_seconds(self.measured, conversation, opened, closed),
        }

    def conversations(self) -> pl.DataFrame:
        look = self.look
        return pl.DataFrame(
            {
                "conversation": self._number(look.number),
                **outcomes(look),
                **self._by(look.opening, look.first_response),
                **self._period(look.opened),
            }
        )

    def activity(self, conversations: pl.DataFrame) -> pl.DataFrame:
        """One row a conversation and period in which its customer wrote."""
        keys = self.splits.keys
        if self.splits.period is None:
            return conversations.select("conversation", *keys)
        wrote = self.measured.events.asked
        threads = self.measured.threads
        seen = pl.DataFrame(
            {
                "conversation": self._number(threads.conversation[wrote]),
                **self._period(threads.second[wrote]),
            }
        )
        whose = conversations.select("conversation", *(k for k in keys if k != "by_period"))
        return seen.unique().join(whose, on="conversation").select("conversation", *keys)

    def clocks(self, found: Clocked) -> pl.DataFrame:
        opened = [epoch_second(each.opened_at) for each in found.clocks]
        return pl.DataFrame(
            {
                **found.columns(),
                **self._by(found.opening, found.credited),
                **self._period(np.array(opened, np.int64)),
            }
        )

    def resolutions(self) -> pl.DataFrame:
        found, measured = self.measured.resolutions, self.measured
        at_first = measured.policy.resolution_closes is ResolutionCloses.FIRST
        closed = found.first if at_first else found.last
        end = np.where(closed < 0, measured.end, closed)
        first_end = np.where(found.first < 0, measured.end, found.first)
        count, place = self.look.responses_until(end)
        columns = {
            "conversation": self._number(found.conversation),
            "opened": found.opened,
            "pending": closed < 0,
            **self._lasting(found.opened, end, found.conversation, ""),
            "first_pending": found.first < 0,
            **self._lasting(found.opened, first_end, found.conversation, "first_"),
            "reopened": found.reopened,
            "responses": count,
            "in_channel": self._same_channel(self.look.opening, place),
            **self._by(self.look.opening, place),
            **self._period(found.opened),
        }
        return pl.DataFrame(columns)

    def _same_channel(self, one: Ints, other: Ints) -> Flags:
        """Whether messages at each pair of places are on one channel; not where `other` is -1."""
        number = self.measured.frame["channel"].to_physical().to_numpy()
        order = self.measured.threads.order
        known = np.flatnonzero(other >= 0)
        same = np.zeros(len(one), np.bool_)
        same[known] = number[order[one[known]]] == number[order[other[known]]]
        return same

    def _lasting(self, start: Ints, end: Ints, conversation: Ints, prefix: str) -> dict[str, Ints]:
        spans = (start, end, conversation, Target.RESOLUTION)
        business = self.measured.business_seconds(*spans)
        return {
            f"{prefix}seconds": self.measured.calendar_seconds(*spans),
            **({} if business is None else {f"{prefix}business": business}),
        }

    def _by(self, places: Ints, credited: Ints) -> dict[str, pl.Series]:
        """Key columns by the message at each place, agent and team by the credited one."""
        return {
            f"by_{name}": _plain(
                self.measured.credited(name, credited)
                if name in CREDITED
                else self.look.column(name, places)
            )
            for name in self.splits.by
        }

    def _period(self, second: Ints) -> dict[str, pl.Series]:
        return _period(second, self.splits, self.local)


def _clocks(
    measured: Measurement, splits: Splits, local: LocalTime, found: Clocked | None
) -> pl.DataFrame:
    """Clocks with their keys: those of the opening message, agent and team by the response."""
    if found is None:
        columns = {"target": pl.String, "outcome": pl.String}
        return pl.DataFrame(schema=columns).with_columns(**_no_keys(measured, splits, local))
    return _Keyed(Outcomes(measured), splits, local).clocks(found)


def _handling(
    measured: Measurement, splits: Splits, local: LocalTime, spans: pl.DataFrame | None
) -> pl.DataFrame:
    """Handling with its keys: its own agent, and otherwise those of its conversation."""
    if spans is None:
        columns = {"conversation_id": pl.String, "agent_id": pl.String, "seconds": pl.Float64}
        return pl.DataFrame(schema=columns).with_columns(**_no_keys(measured, splits, local))
    placed = measured.placed(spans.with_row_index("span"))
    spans = placed.unique("span", keep="first", maintain_order=True)
    number = spans["conversation"].fill_null(-1).to_numpy()
    look = Outcomes(measured)
    opening = np.full(len(measured.threads) + 1, -1, np.int64)
    opening[look.number] = look.opening
    keys = {name: measured.column(name, opening[number]) for name in splits.by}
    if "agent_id" in keys:
        keys["agent_id"] = spans["agent_id"]
    return spans.select("conversation_id", "agent_id", "seconds").with_columns(
        *(_plain(column).alias(f"by_{name}") for name, column in keys.items()),
        **_period(spans["started"].to_numpy(), splits, local),
    )


def _no_keys(measured: Measurement, splits: Splits, local: LocalTime) -> dict[str, pl.Series]:
    """The key columns of a table without rows: whoever has none need not look at the whole."""
    return {
        **{f"by_{name}": _plain(measured.frame[name].clear()) for name in splits.by},
        **_period(np.zeros(0, np.int64), splits, local),
    }


def _period(second: Ints, splits: Splits, local: LocalTime) -> dict[str, pl.Series]:
    """The period of each second as a key column, where facts are split by one."""
    if splits.period is None:
        return {}
    return {"by_period": starts(second, splits.period, local)}


def _plain(column: pl.Series) -> pl.Series:
    """Words as plain text, so that the keys of all tables have one type."""
    return column.cast(pl.String) if column.dtype in (pl.Enum, pl.Categorical) else column
