"""How long one question about business hours takes, beside businesstimedelta in the same run.

Both answer the same spans with the same hours: Monday to Friday, 09:00 to 17:30 in London with
half an hour for lunch.
They take turns, every answer is timed by itself, and the medians are compared; the goal is a
hundredth of its time for one interval.
Then come nights on which the answers differ, beside the one that the definition gives.

Run `python benchmarks/bench_hours.py`; with `--smoke` it takes few samples and judges nothing.
"""

import argparse
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import perf_counter

import attrs
import pytz  # type: ignore[import-untyped]  # what businesstimedelta takes its zones from
from businesstimedelta import (  # type: ignore[import-untyped]  # it has no types
    BusinessTimeDelta,
    LunchTimeRule,
    Rules,
    WorkDayRule,
)

from socialcare.domain.hours import BusinessHours

GOAL = 100.0
"""How many times faster one interval has to be."""
LENGTHS = {
    "a day": timedelta(days=1),
    "a week": timedelta(weeks=1),
    "a quarter": timedelta(days=91),
    "five years": timedelta(days=5 * 365),
}
LONDON = pytz.timezone("Europe/London")
HOUR = timedelta(hours=1)
Span = tuple[datetime, datetime]


@attrs.frozen(kw_only=True)
class Row:
    """The medians of one question, in microseconds, and how many answers were the same."""

    question: str
    ours: float
    theirs: float
    same: float

    @property
    def ratio(self) -> float:
        """How many times longer theirs took."""
        return self.theirs / self.ours


def week() -> BusinessHours:
    """Our hours, with no table built yet."""
    return BusinessHours.from_mapping(
        {"timezone": "Europe/London", "weekly": {"mon-fri": ["09:00-12:30", "13:00-17:30"]}}
    )


def their_week() -> Rules:
    """The same hours of theirs, whose days are Monday to Friday by default."""
    work = WorkDayRule(start_time=time(9), end_time=time(17, 30), tz=LONDON)
    lunch = LunchTimeRule(start_time=time(12, 30), end_time=time(13), tz=LONDON)
    return Rules([work, lunch])


def spans(length: timedelta, samples: int) -> list[Span]:
    """Spans of up to that length in whole seconds, from somewhere in 2025."""
    chance = random.Random(20260302)
    year = datetime(2025, 1, 1, tzinfo=UTC)
    starts = [year + timedelta(seconds=chance.randrange(31_536_000)) for _ in range(samples)]
    return [
        (start, start + timedelta(seconds=chance.randrange(int(length.total_seconds()))))
        for start in starts
    ]


def timed(question: Callable[[], object]) -> tuple[float, object]:
    """Microseconds until the answer, and the answer."""
    start = perf_counter()
    answer = question()
    return 1e6 * (perf_counter() - start), answer


def elapsed_row(name: str, length: timedelta, samples: int) -> Row:
    """Elapsed time over spans of one length."""
    hours, rules = week(), their_week()
    ours, theirs, same = [], [], 0
    for start, end in spans(length, samples):
        spent, answer = timed(lambda: hours.elapsed(start, end))  # noqa: B023  # called at once
        their_spent, their_answer = timed(lambda: rules.difference(start, end).timedelta)  # noqa: B023
        ours.append(spent)
        theirs.append(their_spent)
        same += answer == their_answer
    return Row(
        question=f"elapsed, up to {name}",
        ours=median(ours),
        theirs=median(theirs),
        same=same / samples,
    )


def after_row(duration: timedelta, samples: int) -> Row:
    """Deadlines."""
    hours, rules = week(), their_week()
    amount = BusinessTimeDelta(rules, timedelta=duration)
    ours, theirs, same = [], [], 0
    for start, _ in spans(HOUR, samples):
        spent, answer = timed(lambda: hours.after(start, duration))  # noqa: B023  # called at once
        their_spent, their_answer = timed(lambda: start + amount)  # noqa: B023
        ours.append(spent)
        theirs.append(their_spent)
        same += answer == their_answer
    return Row(
        question=f"deadline, {duration // HOUR} hours",
        ours=median(ours),
        theirs=median(theirs),
        same=same / samples,
    )


def show(rows: list[Row]) -> None:
    """Prints the times as a table."""
    print(
        f"{'median of one answer, in us':<28} {'ours':>8} {'theirs':>12} {'ratio':>8} {'same':>6}"
    )
    for row in rows:
        print(
            f"{row.question:<28} {row.ours:>8.1f} {row.theirs:>12.1f} "
            f"{row.ratio:>7.0f}x {row.same:>6.0%}"
        )


def show_alone() -> None:
    """Prints what a first question costs, and two hundred years."""
    day = datetime(2026, 3, 2, 10, tzinfo=UTC)
    first, _ = timed(lambda: week().elapsed(day, day + HOUR))
    hours = week()
    ages = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    cold, _ = timed(lambda: hours.elapsed(*ages))
    warm, _ = timed(lambda: hours.elapsed(*ages))
    print(f"{'ours: the first question, with its table':<44} {first / 1e3:>9.2f} ms")
    print(f"{'ours: 200 years, with their tables':<44} {cold / 1e3:>9.2f} ms")
    print(f"{'ours: 200 years again':<44} {warm / 1e3:>9.2f} ms")


def show_nights() -> None:
    """Prints the nights on which the answers differ."""
    print(f"\n{'hours from start to end':<44} {'right':>7} {'ours':>7} {'theirs':>7}")
    for name, window, day, start, end, right in (
        ("Friday 22:00-06:00, asked on Saturday at 3", (22, 0, 6), 4, (2026, 3, 7, 3), 6, 3.0),
        ("Sunday 01:30-05:00, 01:30 does not exist", (1, 30, 5), 6, (2026, 3, 29, 0), 12, 3.0),
        ("Sunday 01:30-05:00, 01:30 comes twice", (1, 30, 5), 6, (2026, 10, 25, 0), 12, 4.5),
    ):
        hour, minute, until = window
        text = f"{hour:02}:{minute:02}-{until:02}:00"
        key = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day]
        hours = BusinessHours.from_mapping({"timezone": "Europe/London", "weekly": {key: text}})
        rule = WorkDayRule(
            start_time=time(hour, minute), end_time=time(until), working_days=[day], tz=LONDON
        )
        begin = datetime(*start, tzinfo=UTC)
        ours = hours.elapsed(begin, begin + end * HOUR) / HOUR
        theirs = rule.difference(begin, begin + end * HOUR).timedelta / HOUR
        print(f"{name:<44} {right:>7} {ours:>7} {theirs:>7}")


def main() -> int:
    """Measure and print; 1 if the goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="few samples, and no judgement")
    smoke = parser.parse_args().smoke
    samples = 10 if smoke else 200
    lengths = dict(list(LENGTHS.items())[:2]) if smoke else LENGTHS
    rows = [elapsed_row(name, length, samples) for name, length in lengths.items()]
    show([*rows, after_row(8 * HOUR, samples)])
    show_alone()
    show_nights()
    print(f"\nslowest ratio of an interval: {min(row.ratio for row in rows):.0f}, goal {GOAL:.0f}")
    return 0 if smoke or min(row.ratio for row in rows) >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
