"""How fast a desk on SQLite takes messages in, shows its queue, and opens a conversation.

    python benchmarks/bench_desk.py                 20,000 messages, a million waiting, three runs
    python benchmarks/bench_desk.py --smoke         a few hundred, once; judges nothing but counts

The floor is what no desk on this database can beat: the very rows that the desk wrote, put into an
empty database of the same schema and durability by SQLite alone, so many messages to a
transaction. Both are timed in turns, so that they share the good and bad moments of the machine.
"""

import argparse
import json
import platform
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs

from socialcare import Author, Desk, Message, State, hookimpl
from socialcare.domain.annotation import Annotation, Sense, Value
from socialcare.domain.summary import Summary
from socialcare.plugins.protocols import Classifier
from socialcare.plugins.records import Commit, Kept
from socialcare.stores.sqlite import SqliteStore

BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
TABLES = ("customer", "conversation", "event", "message", "searched")
TEXT = """hello where is my parcel order number late again please help refund thanks train delayed
the app does not open since yesterday and nobody answers could you look into it for me today"""
CHANNELS = ("x", "mastodon", "email")
BATCH = 1_000
LONG = 1_000
"""Events of the conversation that is opened."""
GOALS = {
    "batches of 1,000 / floor": 6.0,
    "single messages / floor": 3.0,
    "queue, ms": 5.0,
    "open 1,000 events, ms": 20.0,
    "open them again, ms": 20.0,
    "growth, MiB": 16.0,
}
"""At most so much; growth is of memory, from reading and writing on a log ten times as long."""


def messages(count: int, customers: int, seed: int = 1) -> Iterator[Message]:
    """So many messages of so many customers, in bursts, in the order of time."""
    chance, words = random.Random(seed), TEXT.split()
    at = BEGINNING
    for number in range(count):
        at += timedelta(seconds=chance.randrange(1, 60))
        whose = chance.randrange(customers)
        customer = f"customer-{whose}"
        inbound = chance.random() < 0.6
        yield Message(
            id=f"{number:012}",
            text=" ".join(chance.choices(words, k=chance.randrange(4, 30))),
            sent_at=at,
            direction="inbound" if inbound else "outbound",
            author=Author(id=customer, role="customer")
            if inbound
            else Author(id=f"agent-{chance.randrange(20)}", role="agent"),
            customer_id=customer,
            channel=CHANNELS[whose % len(CHANNELS)],
            visibility=chance.choice(("public", "private")),
        )


def later(given: Sequence[Message]) -> datetime:
    """A moment after all of them."""
    return given[-1].sent_at + timedelta(minutes=1)


def taken_in(path: Path, given: Sequence[Message], size: int) -> float:
    """Seconds in which a desk takes them in, so many at a time."""
    now = later(given)
    with Desk.open(path) as desk:
        desk.receive([], now=now)
        started = time.perf_counter()
        for first in range(0, len(given), size):
            desk.receive(given[first : first + size], now=now)
        return time.perf_counter() - started


def inserted(path: Path, rows: dict[str, list[tuple[object, ...]]], transactions: int) -> float:
    """Seconds in which SQLite inserts these rows, spread over so many transactions."""
    SqliteStore(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        inserts = {
            name: f"INSERT INTO {name} VALUES ({', '.join('?' * len(own[0]))})"  # noqa: S608 - ours
            for name, own in rows.items()
        }
        started = time.perf_counter()
        for number in range(transactions):
            connection.execute("BEGIN IMMEDIATE")
            for name, own in rows.items():
                part = _part(own, number, transactions)
                connection.executemany(inserts[name], part)
            connection.execute("COMMIT")
        return time.perf_counter() - started


def _part(rows: list[tuple[object, ...]], number: int, parts: int) -> list[tuple[object, ...]]:
    return rows[len(rows) * number // parts : len(rows) * (number + 1) // parts]


def written(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the tables in a database."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - ours
            for name in TABLES
        }


def beside_floor(folder: Path, given: Sequence[Message], size: int, runs: int) -> float:
    """The median, over runs, of the desk's time over the floor's."""
    ratios = []
    for run in range(runs):
        path = folder / f"desk-{size}-{run}.db"
        ours = taken_in(path, given, size)
        floor = inserted(folder / f"floor-{size}-{run}.db", written(path), -(-len(given) // size))
        ratios.append(ours / floor)
        print(
            f"  {len(given):,} messages by {size:,}: ours {ours / len(given) * 1e6:,.0f} us each, "
            f"floor {floor / len(given) * 1e6:,.0f} us each"
        )
    return statistics.median(ratios)


def median_ms(work: Callable[[], object], times: int = 21) -> float:
    """The median time of some work, in milliseconds."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append((time.perf_counter() - started) * 1_000)
    return statistics.median(found)


def queue_ms(path: Path, waiting: int) -> float:
    """Milliseconds for the first fifty of so many waiting conversations."""
    store = SqliteStore(path)
    for first in range(0, waiting, 20_000):
        store.commit(
            Commit(summaries=tuple(_waiting(n) for n in range(first, min(first + 20_000, waiting))))
        )
    with Desk.open(store=store) as desk:
        if len(desk.queue()) != min(50, waiting):
            raise SystemExit("the queue does not show what waits")
        found = median_ms(desk.queue)
    store.close()
    return found


def _waiting(number: int) -> Kept:
    at = BEGINNING + timedelta(seconds=(number * 7_919) % 5_000_000)
    return Kept(
        version=0,
        summary=Summary(
            id=f"x:{number}",
            customer_id=f"customer-{number}",
            state=State.OPEN,
            channel="x",
            opened_at=at,
            last_at=at,
            waiting_since=at,
            turn_at=at,
            messages=1,
        ),
    )


class Reader:
    """A plugin whose classifier says nine things of every text, as those of the extra `text` do."""

    name = "reader 1"

    @hookimpl
    def socialcare_classifiers(self) -> tuple[Classifier, ...]:
        """Itself."""
        return (self,)

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:
        """Language, sentiment and intent, and six truths, each with a confidence of its own."""
        said: dict[Sense, Value] = {
            Sense.LANGUAGE: language or "en",
            Sense.SENTIMENT: len(text) % 20 / 10 - 1,
            Sense.INTENT: None,
        }
        truths = ("question", "complaint", "thanks", "urgency", "needs_answer", "needs_attention")
        said |= {Sense(truth): len(text) % number == 0 for number, truth in enumerate(truths, 2)}
        return tuple(
            Annotation(sense=sense, value=value, by=self.name, confidence=len(text) % place / place)
            for place, (sense, value) in enumerate(said.items(), 90)
        )


def open_ms(
    path: Path, events: int, *plugins: object, conversations: int = 11
) -> tuple[float, float]:
    """Milliseconds for opening a conversation of so many events: the first time, and again."""
    given = [
        attrs.evolve(message, id=f"{number}-{message.id}", customer_id=f"customer-{number}")
        for number in range(conversations)
        for message in messages(events, customers=1, seed=number)
    ]
    now = max(message.sent_at for message in given) + timedelta(minutes=1)
    with Desk.open(path, *plugins) as desk:
        names = list(dict.fromkeys(str(each.conversation) for each in desk.receive(given, now=now)))
        if len(names) != conversations:
            raise SystemExit("each customer's messages should have made one conversation")
        waiting = iter(names)
        first = median_ms(lambda: desk.conversation(next(waiting)), times=conversations)
        return first, median_ms(lambda: desk.conversation(names[-1]))


def growth(folder: Path, count: int) -> float:
    """How many MiB more it takes to write and read a log ten times as long."""
    return _peak(folder / "long.db", count * 10) - _peak(folder / "short.db", count)


def _peak(path: Path, count: int) -> float:
    command = [sys.executable, __file__, "--peak", str(path), "--messages", str(count)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return float(said)


def peak(path: Path, count: int) -> float:
    """The peak MiB of a process that takes messages in, batch by batch, and reads the log."""
    batch: list[Message] = []
    with Desk.open(path) as desk:
        for message in messages(count, customers=count // 3):
            batch.append(message)
            if len(batch) == BATCH:
                desk.receive(batch, now=later(batch))
                batch = []
        cursor, page = None, desk.log(limit=BATCH)
        while page:
            cursor = page[-1].cursor
            page = desk.log(cursor, limit=BATCH)
    unit = 1 if sys.platform == "darwin" else 1_024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def measured(folder: Path, *, count: int, waiting: int, runs: int, log: int) -> dict[str, float]:
    """Every figure that there is a goal for."""
    given = list(messages(count, customers=max(1, count // 3)))
    first, again = open_ms(folder / "open.db", LONG)
    return {
        "batches of 1,000 / floor": beside_floor(folder, given, BATCH, runs),
        "single messages / floor": beside_floor(folder, given[: count // 10], 1, runs),
        "queue, ms": queue_ms(folder / "queue.db", waiting),
        "open 1,000 events, ms": first,
        "open them again, ms": again,
        "open 1,000 classified, ms": open_ms(folder / "read.db", LONG, Reader())[0],
        "growth, MiB": growth(folder, log),
    }


def main() -> int:
    """Reads the command line, measures, prints; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--waiting", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--smoke", action="store_true", help="a few hundred, once, no goals")
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.peak:
        print(peak(chosen.peak, chosen.messages))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = measured(
            Path(folder),
            count=500 if chosen.smoke else chosen.messages,
            waiting=1_000 if chosen.smoke else chosen.waiting,
            runs=1 if chosen.smoke else chosen.runs,
            log=1_000 if chosen.smoke else 10_000,
        )
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    for name, figure in found.items():
        goal = f"   goal at most {GOALS[name]:g}" if name in GOALS else ""
        print(f"{name:28}{figure:10.2f}{goal}")
    print(json.dumps(found))
    missed = [] if chosen.smoke else [name for name, goal in GOALS.items() if found[name] > goal]
    for name in missed:
        print(f"MISSED: {name}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
