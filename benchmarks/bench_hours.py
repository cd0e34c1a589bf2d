"""How long one question about business hours takes, beside businesstimedelta in the same run.

Both answer the same spans with the same hours: Monday to Friday, 09:00 to 17:30 in London with
half an hour for lunch.
They take turns, round by round, and the medians are compared; the goal is a hundredth of its time
for one answer, whatever the span.
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
    "a day": (timedelta(days=1), 200),
    "a week": (timedelta(weeks=1), 100),
    "a quarter": (timedelta(days=91), 20),
    "five years": (timedelta(days=5 * 365), 3),
}
"""How long spans may be, and how many of them there are."""
LONDON = pytz.timezone("Europe/London")
HOUR = timedelta(hours=1)
Span = tuple[datetime, datetime]


@attrs.frozen(kw_only=True)
class Row:
    """The median time of one answer in microseconds, and the share that was the same."""

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


def timed(question: Callable[[], object]) -> float:
    """Seconds until the answer."""
    start = perf_counter()
    question()
    return perf_counter() - start


def compared(
    question: str,
    ours: Callable[[datetime, datetime], object],
    theirs: Callable[[datetime, datetime], object],
    cases: list[Span],
    *,
    rounds: int,
) -> Row:
    """One question, asked about all cases in turn, by both in every round."""
    same = sum(ours(*case) == theirs(*case) for case in cases)
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for answer, times in zip((ours, theirs), spent, strict=True):
            times.append(timed(lambda: [answer(*case) for case in cases]))  # noqa: B023  # at once
    our_time, their_time = (1e6 * median(times) / len(cases) for times in spent)
    return Row(question=question, ours=our_time, theirs=their_time, same=same / len(cases))


def rows(*, smoke: bool) -> list[Row]:
    """Elapsed time over spans of several lengths, and deadlines."""
    hours, rules = week(), their_week()
    rounds = 2 if smoke else 7
    found = [
        compared(
            f"elapsed, up to {name}",
            hours.elapsed,
            lambda start, end: rules.difference(start, end).timedelta,
            spans(length, 10 if smoke else samples),
            rounds=rounds,
        )
        for name, (length, samples) in LENGTHS.items()
        if not smoke or length < timedelta(days=30)
    ]
    amount = BusinessTimeDelta(rules, hours=8)
    deadline = compared(
        "deadline, 8 hours",
        lambda start, _: hours.after(start, 8 * HOUR),
        lambda start, _: start + amount,
        spans(HOUR, 10 if smoke else 100),
        rounds=rounds,
    )
    return [*found, deadline]


def show(found: list[Row]) -> None:
    """Prints the times as a table."""
    print(
        f"{'median of one answer, in us':<28} {'ours':>8} {'theirs':>12} {'ratio':>8} {'same':>6}"
    )
    for row in found:
        print(
            f"{row.question:<28} {row.ours:>8.1f} {row.theirs:>12.1f} "
            f"{row.ratio:>7.0f}x {row.same:>6.0%}"
        )


def show_alone() -> None:
    """Prints what a first question costs, and two hundred years."""
    day = datetime(2026, 3, 2, 10, tzinfo=UTC)
    first = timed(lambda: week().elapsed(day, day + HOUR))
    hours = week()
    ages = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    cold, warm = (timed(lambda: hours.elapsed(*ages)) for _ in range(2))
    print(f"{'ours: the first question, with its table':<44} {1e3 * first:>9.2f} ms")
    print(f"{'ours: 200 years, with their tables':<44} {1e3 * cold:>9.2f} ms")
    print(f"{'ours: 200 years again':<44} {1e3 * warm:>9.2f} ms")


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
    found = rows(smoke=smoke)
    show(found)
    show_alone()
    show_nights()
    slowest = min(row.ratio for row in found)
    print(f"\nslowest ratio {slowest:.0f}, goal {GOAL:.0f}")
    return 0 if smoke or slowest >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
