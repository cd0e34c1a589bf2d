"""How many messages a second are heard with 1,000 listening queries, on one core.

The messages are made up: words by a Zipf law, as in any language, and in about one of ten something
that is listened for. Beside it runs the naive loop, which asks every query of every message, on a
few of them. The goal is 20,000 messages a second; what making the messages costs is not counted.

Run `python benchmarks/bench_listening.py`; with `--smoke` it takes few messages and judges nothing.
"""

import argparse
import itertools
import random
import sys
from collections.abc import Sequence
from time import process_time

import attrs

from socialcare.domain.listening import Limit, Listening, ListeningQuery
from socialcare.domain.message import Message
from socialcare.domain.query import Query, Subject
from socialcare.testing.builders import asks

GOAL = 20_000
QUERIES = 1_000
WORDS = 20_000
RARE = 1_000
"""From which rank on a word may be a name that is listened for; names are not everyday words."""
NAIVE_PART = 100
"""Of how many messages the naive loop takes one, since it is slow."""


@attrs.frozen(kw_only=True)
class Rate:
    """Messages a second."""

    way: str
    messages: int
    heard: int
    seconds: float

    @property
    def a_second(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds


def made_up(chance: random.Random, count: int) -> tuple[list[str], list[float]]:
    """Different words of two to nine letters, with how often each is said."""
    letters = "eeeetttaaaoooiiinnnsshhrrddlucmfwygpbvk"
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(chance.choices(letters, k=chance.randint(2, 9)))] = None
    return list(words), list(itertools.accumulate(1 / rank for rank in range(1, count + 1)))


def listening(chance: random.Random, words: Sequence[str], count: int) -> Listening:
    """Queries as people write them: names, phrases, misspellings, companions, hashtags."""
    rare = [word for word in words[RARE:] if len(word) > 4]
    shapes = (
        lambda: f'{chance.choice(rare)} OR "{chance.choice(rare)} {chance.choice(rare)}"',
        lambda: f"{chance.choice(rare)}~ (lang:en OR NOT lang:*)",
        lambda: f"({chance.choice(rare)} OR #{chance.choice(rare)}) NOT {chance.choice(words)}",
        lambda: f'"{chance.choice(rare)} {chance.choice(words)}"~6 OR @{chance.choice(rare)}',
        lambda: f"{chance.choice(rare)} ({chance.choice(words)} OR {chance.choice(words)})",
    )
    queries = (Query(shapes[number % len(shapes)]()) for number in range(count))
    limit = Limit(messages=60)
    return Listening(
        written=(
            ListeningQuery(name=f"query {number}", query=query, limit=limit)
            for number, query in enumerate(queries)
        )
    )


def messages(
    chance: random.Random, words: Sequence[str], odds: Sequence[float], count: int
) -> list[Message]:
    """Messages of about 18 words, three of them a second."""
    return [
        asks(
            number / 180,
            id=str(number),
            text=" ".join(chance.choices(words, cum_weights=odds, k=chance.randint(6, 30))),
        )
        for number in range(count)
    ]


def heard(what: Listening, said: Sequence[Message]) -> Rate:
    """The rate of `Listening.hear`."""
    start = process_time()
    found = sum(1 for _ in what.hear(said))
    return Rate(way="hear", messages=len(said), heard=found, seconds=process_time() - start)


def naive(what: Listening, said: Sequence[Message]) -> Rate:
    """The rate of asking every query of every message."""
    start = process_time()
    found = 0
    for subject in (Subject(message=each) for each in said):
        names = [each.name for each in what.queries if each.query.holds(subject)]
        found += bool(names)
    return Rate(way="naive", messages=len(said), heard=found, seconds=process_time() - start)


def main(*, smoke: bool) -> int:
    """Measure, print, and say whether the goal is reached."""
    chance = random.Random(20260302)
    words, odds = made_up(chance, WORDS)
    what = listening(chance, words, 50 if smoke else QUERIES)
    said = messages(chance, words, odds, 500 if smoke else 100_000)
    rates = [heard(what, said), naive(what, said[::NAIVE_PART])]
    print(f"{len(what.queries):,} queries, one core, processor time")
    for rate in rates:
        print(
            f"{rate.way:>6}: {rate.a_second:>10,.0f} messages a second "
            f"({rate.heard:,} heard of {rate.messages:,})"
        )
    if smoke:
        return 0
    reached = rates[0].a_second >= GOAL
    print(f"goal: {GOAL:,} messages a second: {'reached' if reached else 'not reached'}")
    return 0 if reached else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="few messages, no judgement")
    sys.exit(main(smoke=parser.parse_args().smoke))
