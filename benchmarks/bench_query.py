"""How many messages a second a thousand listening queries are asked of, on one core.

The messages are made up: what people write about brands and their service, with the words of a
language in the proportions in which words are used. The queries are those that people listen with:
names of brands and products with slips, phrases, hashtags, mentions, and fields.
Then the cost of one message with ten, a thousand and ten thousand queries, beside the naive loop
that asks one query after the other; it may rise by a factor of five at most.

Run `python benchmarks/bench_query.py`; with `--smoke` it takes few messages and judges nothing.
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from time import process_time

import attrs

from socialcare.domain.message import Message
from socialcare.domain.query import Query, QuerySet, Subject
from socialcare.testing.builders import asks

SEED = 20260302
GOAL = 20_000
"""Messages a second with a thousand queries."""
DEAREST = 5.0
"""How many times the cost of ten queries ten thousand may have."""
SIZES = (10, 1_000, 10_000)
COMMON = """
    the i to my and a you it is for of in on me have this that with was your not so but can at be
    just do get are no they what from all when please been as how if an we now why will would still
    phone order service time day app help account bag card flight email late waiting refund thanks
"""
SYLLABLES = """
    ba co da fe gi ho ju ka le mi no pa qua re si to ul ve wi xo yo za bri clo dra fla
"""
EMOJI = ("\U0001f621", "\U0001f62d", "\U0001f602", "\u2764\ufe0f", "\U0001f64f")


@attrs.frozen(kw_only=True)
class Row:
    """The cost of one message in microseconds."""

    queries: int
    together: float
    one_by_one: float
    held: float


class World:
    """Brands, words and people, alike every time."""

    def __init__(self, *, words: int = 20_000, brands: int = 10_000) -> None:
        self.chance = random.Random(SEED)
        self.words = [*COMMON.split(), *self._made_up(words)]
        self.brands = self._made_up(brands)
        self._weights = [1 / (1 + place) for place in range(len(self.words))]

    def _made_up(self, size: int) -> list[str]:
        found: dict[str, None] = {}
        parts = SYLLABLES.split()
        while len(found) < size:
            found["".join(self.chance.choices(parts, k=self.chance.choice((2, 3, 3, 4))))] = None
        return list(found)

    def messages(self, size: int) -> list[Message]:
        """What people write; every fifth names a brand."""
        lines = self.chance.choices(self.words, self._weights, k=18 * size)
        plain = asks(0)
        return [
            attrs.evolve(plain, id=str(at), text=self._text(lines[18 * at : 18 * at + 18]))
            for at in range(size)
        ]

    def _text(self, words: list[str]) -> str:
        chance = self.chance
        words = words[: chance.randrange(5, 18)]
        if chance.random() < 0.2:
            words.insert(chance.randrange(len(words)), self._name(chance.choice(self.brands)))
        ending = chance.choices(
            (".", "!", "?", f" {chance.choice(EMOJI)}", "\u2026"), (6, 2, 2, 1, 1)
        )
        return " ".join(words).capitalize() + ending[0]

    def _name(self, brand: str) -> str:
        slip = self.chance.randrange(1, len(brand))
        wrong = brand[:slip] + brand[slip + 1 :]
        return self.chance.choice((brand, brand.title(), f"@{brand}", f"#{brand}", wrong))

    def queries(self, size: int) -> dict[str, Query]:
        """What people listen with, each for a brand of its own as far as there are any."""
        return {str(at): Query(self._query(at)) for at in range(size)}

    def _query(self, at: int) -> str:
        brand, other = self.brands[at % len(self.brands)], self.chance.choice(self.brands)
        word = self.chance.choice(self.words[60:2_000])
        return (
            f"{brand}~1 OR @{brand} OR #{brand}",
            f'"{brand} {word}" OR "{brand} fail" OR #{brand}fail',
            f"({brand} OR {other}) (late OR refund OR waiting) -is:private",
            f"{brand} is:question",
            f"@{brand} -thanks",
            f"{brand[:4]}* {word}",
            f'"{brand} service"~3',
            f"{brand}~ channel:fake lang:en",
        )[at % 8]


def timed(work: Callable[[], object], rounds: int) -> float:
    """The least of the seconds of the processor that it takes: others can only add to them."""
    return min(_once(work) for _ in range(rounds))


def _once(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def together(queries: QuerySet, messages: Sequence[Message]) -> int:
    """How many queries hold, all asked at once."""
    return sum(len(queries.matches(Subject(message=message))) for message in messages)


def one_by_one(queries: Sequence[Query], messages: Sequence[Message]) -> int:
    """How many queries hold, asked one after the other."""
    return sum(
        query.matches(subject) is not None
        for message in messages
        for subject in (Subject(message=message),)
        for query in queries
    )


def row(world: World, size: int, messages: Sequence[Message], *, rounds: int) -> Row:
    """The cost of one message with so many queries."""
    queries = world.queries(size)
    every = QuerySet(queries)
    held = together(every, messages)
    few = messages[: max(1, 20_000 // size)]
    naive = timed(lambda: one_by_one(list(queries.values()), few), 1) / len(few)
    return Row(
        queries=size,
        together=1e6 * timed(lambda: together(every, messages), rounds) / len(messages),
        one_by_one=1e6 * naive,
        held=held / len(messages),
    )


def show(rows: Sequence[Row]) -> None:
    """Prints the costs as a table."""
    print(f"{'queries':>8} {'us a message':>13} {'messages/s':>11} {'naive, us':>11} {'held':>6}")
    for each in rows:
        print(
            f"{each.queries:>8,} {each.together:>13.1f} {1e6 / each.together:>11,.0f} "
            f"{each.one_by_one:>11,.1f} {each.held:>6.2f}"
        )


def main() -> int:
    """Measure and print; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="few messages, and no judgement")
    smoke = parser.parse_args().smoke
    world = World()
    messages = world.messages(200 if smoke else 20_000)
    rows = [row(world, size, messages, rounds=1 if smoke else 5) for size in SIZES]
    show(rows)
    ten, thousand, most = rows
    rate, factor = 1e6 / thousand.together, most.together / ten.together
    print(f"\n{rate:,.0f} messages a second with 1,000 queries, goal {GOAL:,}")
    print(f"10,000 queries cost {factor:.1f} times what 10 cost, goal at most {DEAREST:g}")
    return 0 if smoke or (rate >= GOAL and factor <= DEAREST) else 1


if __name__ == "__main__":
    sys.exit(main())
