"""The lines of the printed report, read from the JSON document and nothing else.

A metric is sorted by its shape: a time has a median, a share has a `k`, anything else is a number.
What hangs below a metric, such as its business hours or a second share, is a line of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

from socialcare.analytics import formats
from socialcare.domain.catalogue import METRICS

NOTHING = "-"
"""Stands where there is no value."""

Entry = Mapping[str, Any]
"""One metric of the document, or a part of it, as JSON has it."""

_BELOW = {
    "business": "  in business hours",
    "conversations": "  of conversations",
    "first_response": "  first responses",
    "next_response": "  next responses",
    "resolution": "  resolutions",
    "time_in_team": "  times in a team",
    "needs_response": "  needs a response",
    "requested": "  had asked for it",
    "resolved_alone": "  resolved by peers alone",
}
"""Parts of a metric that stand below it."""
_BESIDE = {
    "time": "{title} (time)",
    "inside": "Begun inside hours",
    "outside": "Begun outside hours",
}
"""Parts of a metric that stand by themselves: in a table of times its share is not there."""
_KEYS = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"})
_MOST = 8
"""How many lines of a long table are printed; the files have them all."""


def plain(text: str) -> str:
    """Text with the signs of a keyboard, for a terminal and for what reads its output."""
    return text.translate(_KEYS)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> counted(0, "finding"), counted(1, "finding"), counted(2, "entry", "entries")
    ('no findings', '1 finding', '2 entries')
    """
    return plain(formats.plural(number, one, many)) if number else f"no {many or one + 's'}"


def cell(value: float | Sequence[float] | None, form: Callable[[Any], str]) -> str:
    """A value in its form, or the sign for none.

    >>> cell(691.8, formats.duration), cell(None, formats.count)
    ('11 min 32 s', '-')
    """
    return NOTHING if value is None else plain(form(value))


def entries(metrics: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """Every metric and every part of one with its title, which is indented below another."""
    for metric in METRICS:
        if metric.name in metrics:
            yield from _with_parts(metric.title, metrics[metric.name])


def _with_parts(title: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    yield title, entry
    for key, form in (_BELOW | _BESIDE).items():
        if isinstance(entry.get(key), Mapping):
            yield from _with_parts(form.format(title=title), entry[key])


def times(metrics: Mapping[str, Entry]) -> Iterator[tuple[str, ...]]:
    """Title, n, pending, median, p90, mean, and median and p90 with the pending counted."""
    for title, entry in entries(metrics):
        if "median" not in entry or not (entry.get("n") or entry.get("pending")):
            continue
        form = formats.business_duration if "in business" in title else formats.duration
        survival = entry.get("survival") or {}
        yield (
            title,
            cell(entry.get("n"), formats.count),
            cell(entry.get("pending"), formats.count),
            cell(entry["median"], form),
            cell(entry.get("p90"), form),
            cell(entry.get("mean"), form),
            cell(survival.get("median"), form),
            cell(survival.get("p90"), form),
        )


def shares(metrics: Mapping[str, Entry]) -> Iterator[tuple[str, ...]]:
    """Title, share, how many of how many, and the 95 % interval."""
    for title, entry in entries(metrics):
        if "k" not in entry or entry.get("value") is None:
            continue
        yield (
            title,
            cell(entry["value"], formats.share),
            f"{entry['k']:,} of {entry['n']:,}",
            cell(entry.get("interval"), formats.interval),
        )


def numbers(metrics: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Title, number, and what there is to say beside it."""
    for title, entry in entries(metrics):
        if "k" in entry or "median" in entry or entry.get("value") is None:
            continue
        yield title, amount(entry["value"], entry.get("unit", "")), _beside(entry)


def amount(value: float, unit: str) -> str:
    """A number with its unit, in the way of that unit.

    >>> amount(2778, "messages"), amount(61, "s"), amount(-0.5, "score"), amount(3.5, "EUR")
    ('2,778 messages', '1 min 1 s', '-0.50', '3.50 EUR')
    """
    if unit == "s":
        return cell(value, formats.duration)
    if unit == "score":
        return cell(value, formats.score)
    if unit in {"messages", "conversations"}:
        return f"{cell(value, formats.count)} {unit}"
    return plain(formats.money(value, unit))


def _beside(entry: Entry) -> str:
    words = (
        ("automated", "{:,} automated"),
        ("internal", "{:,} internal"),
        ("customers_reached", "{:,} customers reached"),
        ("n", "over {:,}"),
    )
    said = [form.format(entry[key]) for key, form in words if entry.get(key)]
    if entry.get("oldest") is not None:
        said.append(f"the oldest waits {cell(entry['oldest'], formats.duration)}")
    return ", ".join(said)


def categories(metrics: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """The largest categories and their inbound messages."""
    table = metrics.get("volume_by_category", {}).get("table") or ()
    largest = sorted(table, key=lambda line: -line["value"])[:_MOST]
    for line in largest:
        names = [formats.name(line[key]) for key in ("category", "subcategory") if line.get(key)]
        yield " / ".join(names) or formats.name(None), cell(line["value"], formats.count)


def busiest(metrics: Mapping[str, Entry]) -> str | None:
    """The hour of the week with the most inbound, in words; None where nothing came in."""
    week = metrics.get("hour_of_week", {})
    hours = [hour for hour in week.get("table") or () if hour["inbound"]]
    if not hours:
        return None
    top = max(hours, key=lambda hour: (hour["inbound"], -hour["weekday"], -hour["hour"]))
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return (
        f"Busiest hour: {days[top['weekday']]} {top['hour']:02d}:00 ({week['timezone']}), "
        f"{top['inbound']:,} inbound, {top['responses']:,} responses."
    )


GROUP = (
    "inbound",
    "responses",
    "conver-\nsations",
    "first\nresponse",
    "p90",
    "pending",
    "answered",
    "stands out in",
)
"""What stands in the line of a group, after its names."""


def group(names: Sequence[object], one: Mapping[str, Any]) -> tuple[str, ...]:
    """The line of a group: its names, and what `GROUP` says."""
    found = one["metrics"]
    first = found["first_response_time"]
    return (
        *(formats.name(name) for name in names),
        cell(found["inbound_volume"]["value"], formats.count),
        cell(found["response_volume"]["value"], formats.count),
        cell(found["conversation_volume"]["value"], formats.count),
        cell(first["median"], formats.duration),
        cell(first["p90"], formats.duration),
        cell(first["pending"], formats.count),
        cell(found["response_rate"]["value"], formats.share),
        unlike_the_rest(one["comparison"]),
    )


def unlike_the_rest(comparison: Mapping[str, Entry]) -> str:
    """In what a group differs from all others together by more than chance, in words.

    >>> unlike_the_rest({"response_rate": {"more_than_chance": True}})
    'answered'
    """
    names = {"first_response_time": "first response", "response_rate": "answered"}
    differs = (comparison.get(name, {}).get("more_than_chance") for name in names)
    return ", ".join(compress(names.values(), differs))
