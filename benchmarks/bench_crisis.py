"""How long a threefold rise goes unseen, by volume, beside simpler detectors.

Ours declares one false alarm in 30 days. The others look at the messages of the last hour: one
alarms above a fixed number, the other above so many standard deviations over the mean of that hour
of the day. Both get the threshold that gives them, on quiet months of the very channel, as many
false alarms as ours may have; ours knows nothing but four weeks of history.
All see the same simulated channels. The rise begins at 13:00, when most messages come and a fixed
number does best, or at 20:00.
Then comes what a million messages cost.

Run `python benchmarks/bench_crisis.py`; `--svg delays.svg` also draws the delays, and with
`--smoke` it takes few samples and judges nothing.
"""

import argparse
import random
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from statistics import fmean, pstdev
from time import perf_counter

import attrs

from socialcare.domain.crisis.detector import CrisisWatch, step
from socialcare.domain.crisis.learning import all_learnt
from socialcare.domain.crisis.observation import observation
from socialcare.domain.crisis.policy import VOLUME, CrisisPolicy
from socialcare.domain.crisis.rehearsal import Channel, delay
from socialcare.domain.message import Author, AuthorRole, Direction, Message

VOLUMES = (70.0, 200.0, 700.0, 2_000.0, 10_000.0)
GOALS = {70.0: timedelta(hours=3), 10_000.0: timedelta(minutes=10)}
"""What the median delay may be at most, of a rise in working hours."""
TIMES = (timedelta(hours=13), timedelta(hours=20))
DAY, HOUR = 1440, 60
HISTORY = 28
NEVER = timedelta(days=2)
Scores = Callable[[Sequence[int]], list[float]]
"""Makes of the messages of each minute how remarkable each minute is."""


@attrs.frozen(kw_only=True)
class Row:
    """Median delays at one volume, of rises that begin at one time of the day."""

    per_day: float
    at: timedelta
    ours: timedelta
    fixed: timedelta
    z_score: timedelta


def last_hour(minutes: Sequence[int]) -> list[int]:
    """The messages of the hour before the end of each minute."""
    totals = list(accumulate(minutes, initial=0))
    return [totals[at + 1] - totals[max(0, at + 1 - HOUR)] for at in range(len(minutes))]


def fixed(minutes: Sequence[int]) -> list[float]:
    """The messages of the last hour, after the history."""
    return [float(count) for count in last_hour(minutes)[HISTORY * DAY :]]


def z_score(minutes: Sequence[int]) -> list[float]:
    """How many standard deviations the last hour is over the mean of its hour of the day."""
    counts = last_hour(minutes)
    of_hour = [[counts[day * DAY + hour * HOUR] for day in range(1, HISTORY)] for hour in range(24)]
    means = [fmean(each) for each in of_hour]
    spreads = [max(pstdev(each), 0.5) for each in of_hour]
    return [
        (counts[at] - means[at // HOUR % 24]) / spreads[at // HOUR % 24]
        for at in range(HISTORY * DAY, len(counts))
    ]


def episodes(scores: Sequence[float], threshold: float) -> int:
    """How often the threshold is reached, after two hours below it."""
    found, last = 0, -3 * HOUR
    for at, score in enumerate(scores):
        if score >= threshold:
            found += at - last > 2 * HOUR
            last = at
    return found


def tuned(method: Scores, channel: Channel, *, months: int) -> float:
    """The lowest threshold that gives one false alarm a month, on months with no crisis."""
    quiet = [
        method(channel.minutes(HISTORY + 30, random.Random(f"quiet {month}"))[0])
        for month in range(months)
    ]
    candidates = sorted({round(score, 2) for scores in quiet for score in scores if score > 0})
    place = bisect_left(
        candidates,
        True,
        key=lambda threshold: sum(episodes(each, threshold) for each in quiet) <= months,
    )
    return candidates[min(place, len(candidates) - 1)]


def delay_of(
    method: Scores, threshold: float, channel: Channel, *, at: timedelta, seed: int
) -> timedelta:
    """How long the rise goes unseen."""
    began = at // timedelta(minutes=1)
    rise = (HISTORY * DAY + began, 3.0)
    scores = method(channel.minutes(HISTORY + 2, random.Random(seed), rise=rise)[0])
    hits = (minute for minute, score in enumerate(scores) if minute >= began and score >= threshold)
    found = next(hits, None)
    return NEVER if found is None else timedelta(minutes=found + 1 - began)


def middle(lengths: Sequence[timedelta]) -> timedelta:
    """The median of an odd number of delays."""
    return sorted(lengths)[len(lengths) // 2]


def rows_of(per_day: float, *, seeds: int, months: int) -> list[Row]:
    """The medians at one volume."""
    channel, policy = Channel(per_day=per_day), CrisisPolicy(history=timedelta(days=HISTORY))
    limits = {method: tuned(method, channel, months=months) for method in (fixed, z_score)}
    rows = []
    for at in TIMES:
        ours = [
            delay(channel, policy, factor=3.0, at=at, chance=random.Random(seed)) or NEVER
            for seed in range(seeds)
        ]
        others = [
            middle([delay_of(each, limit, channel, at=at, seed=seed) for seed in range(seeds)])
            for each, limit in limits.items()
        ]
        rows.append(
            Row(per_day=per_day, at=at, ours=middle(ours), fixed=others[0], z_score=others[1])
        )
    return rows


def said(length: timedelta) -> str:
    """A delay as a cell of the table."""
    return "not within 2 days" if length >= NEVER else str(length)


def show(rows: Sequence[Row]) -> None:
    """Prints the delays as a table."""
    print(f"{'messages a day':>14} {'began':>8} {'ours':>18} {'fixed':>18} {'z-score':>18}")
    for each in rows:
        cells = (said(each.ours), said(each.fixed), said(each.z_score))
        print(f"{each.per_day:>14,.0f} {each.at!s:>8} " + " ".join(f"{cell:>18}" for cell in cells))


def draw(rows: Sequence[Row], path: str) -> None:
    """Writes the delays as a chart."""
    import altair as alt
    import polars as pl

    names = {"ours": "socialcare", "fixed": "a fixed number an hour", "z_score": "a z-score"}
    frame = pl.DataFrame(
        [
            {
                "messages a day": each.per_day,
                "began": f"a threefold rise from {str(each.at)[:-3]} on",
                "detector": name,
                "minutes": getattr(each, field) / timedelta(minutes=1),
            }
            for each in rows
            for field, name in names.items()
        ]
    )
    marks = {1: "1 min", 10: "10 min", 60: "1 h", 180: "3 h", 600: "10 h", 2880: "2 d"}
    named = "{" + ", ".join(f"{at}: '{name}'" for at, name in marks.items()) + "}[datum.value]"
    alt.Chart(frame, width=280, height=230).mark_line(point=True, strokeWidth=2).encode(
        x=alt.X("messages a day:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=[*VOLUMES])),
        y=alt.Y(
            "minutes:Q",
            scale=alt.Scale(type="log", domain=[1, 2880]),
            axis=alt.Axis(values=[*marks], labelExpr=named),
            title="found after, in the median",
        ),
        color=alt.Color(
            "detector:N",
            sort=list(names.values()),
            scale=alt.Scale(range=["#2a67aa", "#c55f1b", "#6b7280"]),
            legend=alt.Legend(orient="top", title=None),
        ),
        strokeDash=alt.StrokeDash("detector:N", sort=list(names.values()), legend=None),
        column=alt.Column("began:N", title=None, header=alt.Header(labelFontSize=12)),
    ).properties(background="white").save(path)


def messages(count: int) -> list[Message]:
    """So many messages at 10,000 a day, from a pool of texts."""
    chance = random.Random(20260302)
    start = datetime(2026, 3, 2, tzinfo=UTC)
    words = ("parcel", "order", "card", "app", "login", "phone", "agent", "refund", "late", "store")
    texts = [" ".join(chance.choices(words, k=15)) for _ in range(5_000)]
    gap = timedelta(days=1) / 10_000
    return [
        Message(
            id=str(number),
            sent_at=start + number * gap,
            direction=Direction.INBOUND,
            author=Author(id=f"c{chance.randrange(50_000)}", role=AuthorRole.CUSTOMER),
            customer_id="c",
            channel="x",
            text=texts[chance.randrange(5_000)],
        )
        for number in range(count)
    ]


def show_cost(count: int) -> None:
    """Prints what messages cost, minute by minute, without the time to make them."""
    policy = CrisisPolicy()
    came = messages(count)
    start = came[0].sent_at
    steps = policy.history // timedelta(minutes=5)
    flat = {name: [35 if name == VOLUME else 12] * steps for name in (VOLUME, *policy.series)}
    learnt = perf_counter()
    second = int((start - policy.history).timestamp())
    baselines = all_learnt(flat, start=second, policy=policy)
    seen = perf_counter()
    observed = [observation(each) for each in came]
    stepped = perf_counter()
    watch, place, now = CrisisWatch.begun(policy, baselines, now=start), 0, start
    while place < len(observed):
        now += timedelta(minutes=1)
        until = bisect_left(observed, now, lo=place, key=lambda one: one.at)
        watch = step(watch, observed[place:until], now=now).watch
        place = until
    end = perf_counter()
    print(f"\n{'learning four weeks of three series':<44} {seen - learnt:>8.2f} s")
    print(f"{f'reading {count:,} messages, fingerprints too':<44} {stepped - seen:>8.2f} s")
    print(f"{'watching them, at 10,000 a day':<44} {end - stepped:>8.2f} s")


def main() -> int:
    """Measure and print; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="few samples, and no judgement")
    parser.add_argument("--svg", metavar="FILE", help="where to draw the delays")
    options = parser.parse_args()
    volumes = VOLUMES[:1] if options.smoke else VOLUMES
    seeds, months = (1, 1) if options.smoke else (31, 24)
    rows = [row for per_day in volumes for row in rows_of(per_day, seeds=seeds, months=months)]
    show(rows)
    if options.svg:
        draw(rows, options.svg)
    show_cost(1_000 if options.smoke else 1_000_000)
    goals = [(each.ours, GOALS.get(each.per_day, NEVER)) for each in rows if each.at == TIMES[0]]
    missed = [ours for ours, goal in goals if ours > goal]
    return 0 if options.smoke or not missed else 1


if __name__ == "__main__":
    sys.exit(main())
