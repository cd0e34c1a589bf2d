"""Numbers: every metric of a log, as a value that can be read, split, saved and shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs
import polars as pl

from socialcare.analytics.engine.calculations import (
    calculate,
    calculate_together,
    not_computed,
)
from socialcare.analytics.engine.calculations.shapes import Value
from socialcare.analytics.engine.clock import LocalTime
from socialcare.analytics.engine.comparisons import compared
from socialcare.analytics.engine.evidence import Splits, facts
from socialcare.analytics.engine.facts import Facts
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.engine.periods import Period
from socialcare.analytics.frames import Frame, Kind, to_kind
from socialcare.analytics.intervals import handled
from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.sla import SlaPolicy
from socialcare.domain.threading import ThreadingPolicy
from socialcare.errors import InvalidValue

SCHEMA = "socialcare.report/1"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Metrics(Mapping[str, Value]):
    """The metrics of a log by name, with what they were measured by.

    Attributes:
        values: Every metric of the catalogue, as plain values; `None` where there is none.
        not_computed: The metrics that the data do not allow, each with the reason.
        groups: The same for each part, where there was something to split by.
        by: The names of the keys of the groups.
        as_of: The instant at which the log was looked at; None for a log without messages.
        timezone: The zone of periods and of the hour-of-week table.
        policy: What was counted, and how.
        threading: What made a conversation.
        hours: The business hours, or None.
        quality: What reading found.
        query: What the conversations were chosen by, as it was written; None for all of them.
        deadlines: The service level policy that attainment is measured by, or None.
        kind: The kind of frame that `frame` returns.
    """

    values_: Mapping[str, Value] = attrs.field(alias="values")
    not_computed: Mapping[str, str]
    groups: tuple[Mapping[str, Any], ...]
    by: tuple[str, ...]
    as_of: datetime | None
    timezone: str
    policy: MeasurementPolicy
    threading: ThreadingPolicy
    hours: BusinessHours | None
    quality: Quality
    query: str | None
    deadlines: SlaPolicy | None
    kind: Kind

    def __getitem__(self, name: str) -> Value:
        """The metric of that name."""
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the metrics, in the order of the catalogue."""
        return iter(self.values_)

    def __len__(self) -> int:
        """How many metrics there are."""
        return len(self.values_)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the JSON of `socialcare report`, schema version 1."""
        return {
            "schema": SCHEMA,
            "as_of": None if self.as_of is None else _written(self.as_of),
            "timezone": self.timezone,
            "policy": self.policy.to_mapping(),
            "threading": {
                "gap": self.threading.gap.total_seconds(),
                "reopen_within": self.threading.reopen_within.total_seconds(),
                "given": self.threading.given.value,
            },
            "hours": None if self.hours is None else self.hours.to_mapping(),
            "query": self.query,
            "deadlines": None if self.deadlines is None else self.deadlines.to_mapping(),
            "quality": self.quality.to_dict(),
            "metrics": dict(self.values_),
            "not_computed": dict(self.not_computed),
            "by": [dict(group) for group in self.groups],
        }

    def frame(self) -> Frame:
        """Every number as a row, in the kind of frame that the log was read from.

        Returns:
            The keys of the groups (null for the whole), ``metric`` String, ``statistic`` String
            (a path such as `business.median`), ``value`` Float64.
        """
        rows = [*_numbers(dict.fromkeys(self.by), self.values_)]
        for group in self.groups:
            rows += _numbers({name: group[name] for name in self.by}, group["metrics"])
        schema: dict[str, Any] = dict.fromkeys(self.by, pl.String)
        schema |= {"metric": pl.String, "statistic": pl.String, "value": pl.Float64}
        return to_kind(pl.DataFrame(rows, schema=schema, orient="row"), self.kind)

    def __repr__(self) -> str:
        """What they are of, in a line."""
        return f"<Metrics of {self.quality.source} as of {self.as_of}, {len(self.groups)} groups>"

    def _repr_html_(self) -> str:
        from socialcare.analytics.page.cards import metrics_html

        return metrics_html(self)


def metrics(
    log: MessageLog,
    by: str | Iterable[str] = (),
    period: str | None = None,
    hours: BusinessHours | None = None,
    policy: MeasurementPolicy | str | None = None,
    as_of: datetime | None = None,
    *,
    tz: str | None = None,
    deadlines: SlaPolicy | None = None,
) -> Metrics:
    """Every metric that the data allow, for the whole log and for each part of it.

    Args:
        log: The messages.
        by: Columns of the message table to split by.
        period: `hour`, `day`, `week` or `month`, to split by time as well.
        hours: Business hours, for business seconds beside calendar seconds.
        policy: What is counted, and how: a policy, the name of a preset, or None for ours.
        as_of: The instant at which the log is looked at; by default the latest in the data.
        tz: The zone of periods and of the hour-of-week table; by default that of the hours, or
            UTC.
        deadlines: A service level policy: attainment is that of its clocks, in its own hours and
            by its own rules, and no longer that of the policy's targets.

    Returns:
        The metrics, with the names and reasons of those that could not be computed.

    Raises:
        InvalidValue: If a column, period or zone does not exist, or `as_of` is naive.
    """
    rules = MeasurementPolicy.preset(policy) if isinstance(policy, str) else policy
    splits = Splits(by=_columns(log, by), period=None if period is None else Period(period))
    measured = log.measured(policy=rules, hours=hours, as_of=as_of)
    zone = _zone(tz or (hours.timezone if hours else "UTC"))
    has = _inputs(log, measured, deadlines)
    whole = facts(
        measured,
        splits=splits,
        local=LocalTime.of(zone, measured.first_second, measured.end),
        handling=None if log.handling_table is None else handled(log.handling_table),
        has=has,
        clocked=None if deadlines is None else log.clocked(measured, deadlines),
        promises=None if deadlines is None else deadlines.promises,
    )
    return Metrics(
        values=calculate_together(whole),
        not_computed=not_computed(has),
        groups=_groups(whole, splits),
        by=(*splits.by, *(["period"] if splits.period else [])),
        as_of=None if log.as_of is None and as_of is None else measured.as_of,
        timezone=zone,
        policy=measured.policy,
        threading=log.threading,
        hours=hours,
        quality=log.quality,
        query=None if log.query is None else log.query.text,
        deadlines=deadlines,
        kind=log.kind,
    )


def _columns(log: MessageLog, by: str | Iterable[str]) -> tuple[str, ...]:
    names = (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name not in log.table.columns:
            raise InvalidValue(
                name, where="by", right=f"columns of the messages: {', '.join(log.table.columns)}"
            )
    return tuple(dict.fromkeys(names))


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValue(
            name, where="time zone", right="a name of the IANA database, such as Europe/London"
        ) from None
    return name


def _inputs(log: MessageLog, measured: Measurement, deadlines: SlaPolicy | None) -> frozenset[str]:
    promised = measured.policy.targets
    given = {
        "handling": log.handling_table is not None,
        "escalations": log.escalations_table is not None,
        "approvals": log.approvals_table is not None,
        "hours": measured.hours is not None,
        "targets": promised != type(promised)() or deadlines is not None,
        "costs": measured.policy.costs is not None,
    }
    return frozenset(log.table.columns) | {name for name, there in given.items() if there}


def _groups(whole: Facts, splits: Splits) -> tuple[Mapping[str, Any], ...]:
    if not splits.keys:
        return ()
    parts = [(key, part) for key, part in whole.split(splits.keys)]
    comparisons = compared(whole, parts)
    return tuple(
        {
            **{name.removeprefix("by_"): _plain(value) for name, value in key.items()},
            "metrics": calculate(part),
            "comparison": comparison,
        }
        for (key, part), comparison in zip(parts, comparisons, strict=True)
    )


def _plain(value: object) -> object:
    return _written(value) if isinstance(value, datetime) else value


def _written(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _numbers(keys: Mapping[str, Any], values: Mapping[str, Value]) -> Iterator[tuple[Any, ...]]:
    """Each number as (keys..., metric, statistic, value)."""
    for name, value in values.items():
        for path, number in _leaves(value):
            texts = (None if each is None else str(each) for each in keys.values())
            yield (*texts, name, path, number)


def _leaves(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, float | None]]:
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield from _leaves(each, f"{path}{name}.")
        elif each is None or isinstance(each, int | float):
            yield f"{path}{name}", each
        elif name == "interval" and isinstance(each, Sequence):
            low, high = each
            yield f"{path}interval.low", low
            yield f"{path}interval.high", high
