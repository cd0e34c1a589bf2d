"""Makes a message table of any size, for timing: no texts, but the shape of real traffic.

    python benchmarks/make_messages.py messages.csv --rows 3000000

Rows are in the order of time, so that customers are interleaved as in a real export.
Talks come in bursts, seven messages in ten within an hour of the customer's one before; most
replies name the message just before, three or four in a hundred name one further back than three
messages, a few name one that is not there.
Agents write notes, and machines answer too.

Everything is drawn column by column: three million rows take a few seconds and some 600 MB.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]

ROWS = 3_000_000
SEED = 1
_CHUNK = 500_000
_FIRST_SECOND = 1_735_689_600  # 2025-01-01T00:00:00Z
_YEAR = 365 * 24 * 3_600
_ID_EPOCH_MS = 1_288_834_974_657
_CHANNELS = ("x", "mastodon", "instagram", "email", "chat")
_CHANNEL_SHARES = (0.5, 0.1, 0.15, 0.15, 0.1)
_PUBLIC = (True, True, True, False, False)
_CATEGORIES = (
    "delay",
    "cancellation",
    "refund",
    "lost_property",
    "booking",
    "app",
    "accessibility",
    "praise",
)
_AGENTS = 60


def messages(rows: int, seed: int = SEED) -> pl.DataFrame:
    """A message table of so many rows, in the order of time.

    Returns:
        `message_id` (Int64), `sent_at` (Datetime), `direction`, `customer_id`, `agent_id`,
        `channel`, `visibility`, `in_reply_to` (Int64), `category`, `automated` (Boolean).
    """
    random = np.random.default_rng(seed)
    talk, place = _talks(random, rows)
    second = _seconds(random, talk, place)
    outbound = _directions(random, place)
    parent = _parents(random, talk, place)
    order = np.argsort(second, kind="stable")
    ids = _ids(second[order])
    replies, parent_ids = _parent_ids(random, parent, order, ids)
    talks = int(talk[-1]) + 1
    channel = random.choice(len(_CHANNELS), talks, p=_CHANNEL_SHARES)[talk][order]
    note, automated = _asides(random, outbound[order], place[order])
    private = (place[order] > 2) & (random.random(talks) < 0.2)[talk][order]
    public = np.asarray(_PUBLIC)[channel] & ~private
    agent = random.integers(0, _AGENTS, rows)
    frame = pl.DataFrame(
        {
            "message_id": ids,
            "second": second[order],
            "outbound": outbound[order],
            "customer": random.integers(0, max(1, talks * 3 // 5), talks)[talk][order],
            "agent": agent,
            "channel": channel,
            "public": public,
            "note": note,
            "in_reply_to": parent_ids,
            "replies": replies,
            "category": random.integers(0, len(_CATEGORIES), talks)[talk][order],
            "automated": automated,
        }
    )
    return frame.select(_worded())


def _talks(random: np.random.Generator, rows: int) -> tuple[Ints, Ints]:
    """For each row its talk, and its place in it: talks of one to thirty messages, mostly few."""
    length = np.minimum(random.geometric(0.3, rows) + (random.random(rows) < 0.6), 30)
    length = length[: int(np.searchsorted(np.cumsum(length), rows)) + 1]
    talk = np.repeat(np.arange(len(length)), length)[:rows]
    start = np.concatenate(([0], np.cumsum(length)[:-1]))
    return talk, np.arange(rows) - start[talk]


def _seconds(random: np.random.Generator, talk: Ints, place: Ints) -> Ints:
    """When each row was written: days begin at random, talks in the day, messages in bursts."""
    rows = len(talk)
    pause = np.exp(random.normal(6.6, 1.6, rows)).astype(np.int64) + 5
    long = random.random(rows) < 0.02
    pause[long] += random.integers(20, 90, int(long.sum())) * 3_600
    pause[place == 0] = 0
    passed = np.cumsum(pause)
    begun = np.maximum.accumulate(np.where(place == 0, passed, 0))
    talks = int(talk[-1]) + 1
    day = random.integers(0, _YEAR // 86_400, talks) * 86_400
    time_of_day = (random.beta(3.0, 2.2, talks) * 86_400).astype(np.int64)
    return np.asarray(_FIRST_SECOND + (day + time_of_day)[talk] + passed - begun)


def _directions(random: np.random.Generator, place: Ints) -> npt.NDArray[np.bool_]:
    """Turns, with a fifth of the messages by whoever wrote the one before; customers begin."""
    turn = np.where(place == 0, 0, (random.random(len(place)) >= 0.2).astype(np.int64))
    turns = np.cumsum(turn)
    begun = np.maximum.accumulate(np.where(place == 0, turns, 0))
    proactive = (place == 0) & (random.random(len(place)) < 0.03)
    return np.asarray(((turns - begun) % 2 == 1) | proactive)


def _parents(random: np.random.Generator, talk: Ints, place: Ints) -> Ints:
    """The row that each row answers, or -1: the one before, one a little back, or the first."""
    rows = np.arange(len(talk))
    chance = random.random(len(talk))
    back = np.where(chance < 0.78, 1, np.where(chance < 0.88, 2, 3))
    back = np.where(chance > 0.9, place, back)
    parent = rows - np.minimum(back, place)
    return np.where((place == 0) | ((chance > 0.87) & (chance < 0.9)), -1, parent)


def _ids(second: Ints) -> Ints:
    """Ids that grow with time, as those of a large network do."""
    sequence = np.arange(len(second)) % (1 << 22)
    return ((second * 1_000 - _ID_EPOCH_MS) << 22) | sequence


def _parent_ids(
    random: np.random.Generator, parent: Ints, order: Ints, ids: Ints
) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Whether each row replies, and to what; three in a thousand to what is not there."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    parent = parent[order]
    replies = parent >= 0
    found = np.where(replies, ids[place[parent]], 0)
    lost = random.random(len(found)) < 0.003
    return replies, np.where(lost, found - (1 << 40), found)


def _asides(
    random: np.random.Generator, outbound: npt.NDArray[np.bool_], place: Ints
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Notes and automated messages among what the brand writes."""
    chance = random.random(len(outbound))
    return outbound & (chance < 0.04) & (place > 0), outbound & (chance > 0.96)


def _worded() -> list[pl.Expr]:
    named = pl.col("outbound") & ~pl.col("automated")
    return [
        pl.col("message_id"),
        pl.from_epoch("second").alias("sent_at"),
        pl.when("outbound")
        .then(pl.lit("outbound"))
        .otherwise(pl.lit("inbound"))
        .alias("direction"),
        pl.format("c{}", 10_000_000 + pl.col("customer")).alias("customer_id"),
        pl.when(named).then(pl.format("agent{}", pl.col("agent"))).alias("agent_id"),
        _name("channel", _CHANNELS),
        pl.when("note")
        .then(pl.lit("internal"))
        .when("public")
        .then(pl.lit("public"))
        .otherwise(pl.lit("private"))
        .alias("visibility"),
        pl.when("replies").then("in_reply_to"),
        _name("category", _CATEGORIES),
        pl.col("automated"),
    ]


def _name(column: str, names: tuple[str, ...]) -> pl.Expr:
    return pl.lit(pl.Series(names)).gather(pl.col(column)).alias(column)


def write(path: Path, rows: int, seed: int = SEED) -> None:
    """Writes such a table as CSV, instants as ISO 8601 in UTC."""
    frame = messages(rows, seed)
    with path.open("wb") as file:
        for start in range(0, rows, _CHUNK):
            part = frame[start : start + _CHUNK]
            part.write_csv(file, include_header=start == 0, datetime_format="%Y-%m-%dT%H:%M:%SZ")


def main() -> None:
    """Reads the command line and writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    write(chosen.path, chosen.rows, chosen.seed)


if __name__ == "__main__":
    main()
