"""The lines of the printed report, read from the JSON document and nothing else.

A metric is sorted by its shape: a time has a median, a share has a `k`, anything else is a number.
What hangs below a metric, such as its business hours or a second share, is a line of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from socialcare.analytics import formats
from socialcare.domain.catalogue import METRICS

NOTHING = "-"
"""Stands where there is no value."""

Entry = Mapping[str, Any]
"""One metric of the document, or a part of it, as JSON has it."""

_PARTS = {
    "business": "in business hours",
    "conversations": "of conversations",
    "first_response": "first responses",
    "next_response": "next responses",
    "resolution": "resolutions",
    "needs_response": "needs a response",
    "requested": "had asked for it",
    "resolved_alone": "resolved by peers alone",
    "time": "time to it",
    "inside": "begun inside hours",
    "outside": "begun outside hours",
}
_KEYS = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"})
_MOST = 8
"""How many lines of a long table are printed; the files have them all."""


def plain(text: str) -> str:
    """Text with the signs of a keyboard, for a terminal and for what reads its output."""
    return text.translate(_KEYS)


def seen(text: str) -> str:
    r"""Text with what can't be seen made visible, so that it can't move a terminal's cursor.

    >>> seen("red \x1b[31m alert")
    'red \ufffd[31m alert'
    """
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def cell(value: float | Sequence[float] | None, form: Callable[[Any], str]) -> str:
    """A value in its form, or the sign for none.

    >>> cell(691.8, formats.duration), cell(None, formats.count)
    ('11 min 32 s', '-')
    """
    return NOTHING if value is None else plain(form(value))


def entries(metrics: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """Every metric and every part of one, with its title; a part's title begins with two spaces."""
    for metric in METRICS:
        entry = metrics.get(metric.name)
        if entry is None:
            continue
        yield metric.title, entry
        yield from _parts(entry)


def _parts(entry: Entry) -> Iterator[tuple[str, Entry]]:
    for key, title in _PARTS.items():
        part = entry.get(key)
        if isinstance(part, Mapping):
            yield f"  {title}", part
            yield from ((f"  {name}", below) for name, below in _parts(part))


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
    words = {
        "automated": lambda value: f"{value:,} automated",
        "internal": lambda value: f"{value:,} internal",
        "began": lambda value: f"{value:,} began in it",
        "customers_reached": lambda value: f"{value:,} customers reached",
        "oldest": lambda value: f"the oldest waits {cell(value, formats.duration)}",
    }
    said = [say(entry[key]) for key, say in words.items() if entry.get(key)]
    if "n" in entry:
        said.append(f"over {entry['n']:,}")
    return ", ".join(said)


def categories(metrics: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """The largest categories and their inbound messages."""
    table = metrics.get("volume_by_category", {}).get("table") or ()
    largest = sorted(table, key=lambda line: -line["value"])[:_MOST]
    for line in largest:
        names = [formats.name(line[key]) for key in ("category", "subcategory") if line.get(key)]
        yield " / ".join(names) or NOTHING, cell(line["value"], formats.count)


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


def groups(by: list[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each group its key's columns, and its line.

    The line is: names, inbound, responses, conversations, the median and p90 of the first response
    time, how many of those are pending, and the response rate.
    """
    for group in by:
        keys = tuple(key for key in group if key not in {"metrics", "comparison"})
        found = group["metrics"]
        first = found["first_response_time"]
        yield (
            keys,
            (
                *(formats.name(group[key]) for key in keys),
                cell(found["inbound_volume"]["value"], formats.count),
                cell(found["response_volume"]["value"], formats.count),
                cell(found["conversation_volume"]["value"], formats.count),
                cell(first["median"], formats.duration),
                cell(first["p90"], formats.duration),
                cell(first["pending"], formats.count),
                cell(found["response_rate"]["value"], formats.share),
            ),
        )
