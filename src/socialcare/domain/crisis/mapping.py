"""Crisis policies and baselines as mappings: what stands in a TOML file or a store, and back.

Every error names the document, the key, what was found there and what would be right.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.chance import Spread
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.week import LocalWeek
from socialcare.domain.documents import (
    Reader,
    Table,
    anything,
    each_of,
    length,
    several,
    text,
    texts,
)
from socialcare.domain.durations import duration_text
from socialcare.errors import InvalidPolicy

_A_DATE = "a date such as 2026-12-25"
_A_NUMBER = "a number, zero or more"


def _date(value: object, where: str) -> date:
    if isinstance(value, datetime):
        raise InvalidPolicy(str(value), where=where, right=_A_DATE)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise InvalidPolicy(value, where=where, right=_A_DATE) from None


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise InvalidPolicy(value, where=where, right=_A_NUMBER)
    return float(value)


def _windows(value: object, where: str) -> tuple[object, ...]:
    return each_of(length)(value, where)


def _dates(value: object, where: str) -> frozenset[date]:
    return frozenset(each_of(_date)(several(value, where), where))


_POLICY: Mapping[str, Reader[Any]] = MappingProxyType(
    {
        "version": text,
        "false_alarm_every": length,
        "volume": anything,
        "negative": anything,
        "negative_share": anything,
        "topics": texts,
        "smallest_rise": anything,
        "fewest": anything,
        "windows": _windows,
        "over_below": anything,
        "quiet_for": length,
        "declared_at": length,
        "timezone": text,
        "holidays": _dates,
        "history": length,
        "learns_from": length,
        "adapts_in": length,
        "remembers": length,
        "most_by_author": anything,
        "repeats": anything,
        "most_new": anything,
    }
)
"""What reads each key; what is only `anything` here is judged by the policy's own fields."""


def policy_from(mapping: Mapping[str, object], *, where: str) -> CrisisPolicy:
    """The policy that a mapping describes.

    Raises:
        InvalidPolicy: At the first key that is not right.
    """
    return policy_in(Table(mapping, where, error=InvalidPolicy))


def policy_in(table: Table) -> CrisisPolicy:
    """The policy that a table of a document holds, and nothing else.

    Raises:
        InvalidPolicy: At the first key that is not right.
    """
    found = policy_among(table)
    table.done()
    return found


def policy_among(table: Table, *, topics: Reader[tuple[str, ...]] = texts) -> CrisisPolicy:
    """The policy whose keys stand in a table of a document, perhaps among others.

    Args:
        table: The table.
        topics: What reads the names of the topics.

    Raises:
        InvalidPolicy: At the first key that is not right.
    """
    return table.made(CrisisPolicy, table.given(**{**_POLICY, "topics": topics}))


def mapping_of(policy: CrisisPolicy) -> dict[str, object]:
    """The policy as texts, numbers, lists and truths; `policy_from` gives an equal one back."""
    fields = attrs.asdict(policy, recurse=False)
    lengths = ("false_alarm_every", "quiet_for", "history", "learns_from", "adapts_in", "remembers")
    written: dict[str, object] = {
        **fields,
        **{key: duration_text(fields[key]) for key in lengths},
        "topics": list(policy.topics),
        "windows": [duration_text(window) for window in policy.windows],
        "holidays": sorted(day.isoformat() for day in policy.holidays),
    }
    del written["declared_at"]  # TOML has no word for nothing
    return written | (
        {} if policy.declared_at is None else {"declared_at": duration_text(policy.declared_at)}
    )


def baseline_from(mapping: Mapping[str, object], *, where: str) -> Baseline:
    """The baseline that a mapping describes.

    Raises:
        InvalidPolicy: At the first key that is not right.
    """
    table = Table(mapping, where, error=InvalidPolicy)
    right = "this key, as `to_mapping` writes it"
    week = LocalWeek(
        timezone=table.need("timezone", text, right),
        holidays=table.get("holidays", _dates, frozenset()),
    )
    try:
        found = Baseline(
            series=table.need("series", text, right),
            week=week,
            profile=table.need("profile", each_of(_number), right),
            doubts=table.need("doubts", each_of(_number), right),
            spreads=dict(_spread(each) for each in table.tables("spreads")),
            seen=table.need("seen", _number, right),
            usual=table.need("usual", _number, right),
            half_life=table.need("half_life", length, right),
            long_seen=table.need("long_seen", _number, right),
            long_usual=table.need("long_usual", _number, right),
            remembers=table.need("remembers", length, right),
        )
    except InvalidPolicy as error:
        field = error.where.removeprefix("Baseline.")
        at = error.where if field == error.where else table.at(field)
        raise InvalidPolicy(error.found, where=at, right=error.right) from None
    table.done()
    return found


def _spread(table: Table) -> tuple[int, Spread]:
    right = "this key, as `to_mapping` writes it"
    seconds = table.need("seconds", _number, right)
    clumps = table.need("clumps", _number, right)
    wavering = table.need("wavering", _number, right)
    table.done()
    if clumps < 1:
        raise InvalidPolicy(clumps, where=table.at("clumps"), right="1.0 or more")
    return int(seconds), Spread(clumps=clumps, wavering=wavering)


def baseline_mapping(baseline: Baseline) -> dict[str, object]:
    """The baseline as texts, numbers, lists and dicts; `baseline_from` gives an equal one back."""
    return {
        "series": baseline.series,
        "timezone": baseline.week.timezone,
        "holidays": sorted(day.isoformat() for day in baseline.week.holidays),
        "profile": list(baseline.profile),
        "doubts": list(baseline.doubts),
        "spreads": [
            {"seconds": seconds, "clumps": spread.clumps, "wavering": spread.wavering}
            for seconds, spread in sorted(baseline.spreads.items())
        ],
        "seen": baseline.seen,
        "usual": baseline.usual,
        "half_life": duration_text(baseline.half_life),
        "long_seen": baseline.long_seen,
        "long_usual": baseline.long_usual,
        "remembers": duration_text(baseline.remembers),
    }
