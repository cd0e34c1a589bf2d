"""Reply chains as arrays of row numbers, walked by doubling.

A chain of any length is walked in as many steps as its length has binary digits.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

NONE = -1
"""The row number of what is not in the data."""


def parents(frame: pl.DataFrame) -> Ints:
    """For each message the row of the one that it answers, or `NONE`.

    Where an id occurs more than once, its earliest row stands for it, whatever their order.
    """
    if "in_reply_to" not in frame.columns or not frame.height:
        return np.full(frame.height, NONE, np.int64)
    # Ids are unique within a channel; with one channel there is nothing else to compare.
    where = [] if frame["channel"].n_unique() == 1 else ["channel"]
    found = frame.select(*where, "in_reply_to").join(
        _places(frame, [*where, "message_id"]),
        left_on=[*where, "in_reply_to"],
        right_on=[*where, "message_id"],
        how="left",
        maintain_order="left",
    )
    return np.asarray(found["at"].fill_null(NONE).to_numpy(), np.int64)


def _places(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The row of each id as `at`, once for each."""
    rows = frame.select(key).with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    once = rows.unique(key, keep="any")
    if once.height == rows.height:
        return rows
    order = [name for name in _PRECEDENCE if name in frame.columns]
    earliest_first = frame.select(*key, *order).with_row_index("at").sort([*order, "at"])
    return earliest_first.unique(key, keep="first", maintain_order=True).select(
        pl.col("at").cast(pl.Int64), *key
    )


_PRECEDENCE = ("sent_at", "direction", "author_id", "text")


def end_of_chain(start: Ints, stop: Flags) -> Ints:
    """For each row the first row where it may stop, following `start` from itself; else `NONE`.

    Args:
        start: The next row of each row, or `NONE`.
        stop: The rows to stop at; a row that may stop is its own end.
    """
    rows = np.arange(len(start))
    ends = np.append(np.where(stop, rows, start), NONE)
    for _ in range(len(start).bit_length() + 1):
        further = ends[ends]
        if np.array_equal(further, ends):
            break
        ends = further
    ends = ends[:-1]
    there = ends >= 0
    there[there] = stop[ends[there]]
    return np.where(there, ends, NONE)


def earliest(of: Ints, rank: Ints, size: int) -> Ints:
    """For each of `size` rows the row in `of` that points to it and has the lowest rank.

    Args:
        of: For each row the row that it points to, or `NONE`.
        rank: The place of each row in time.
        size: How many rows there are.
    """
    first = np.full(size, NONE, np.int64)
    child = np.flatnonzero(of >= 0)
    child = child[np.argsort(-rank[child], kind="stable")]
    first[of[child]] = child
    return first


def spread(known: Ints, parent: Ints, among: Flags, rank: Ints) -> Ints:
    """Values handed on along replies, both ways, to the rows that have none; nearest first.

    Each step hands values to the neighbours of the rows that got theirs in the step before, so
    the work is linear in the rows.
    A row that two neighbours could give a value takes its parent's, else its earliest answer's.

    Args:
        known: For each row its value, or `NONE`.
        parent: For each row the row that it answers, or `NONE`.
        among: The rows that take part.
        rank: The place of each row in time.
    """
    values = known.copy()
    child = np.flatnonzero((parent >= 0) & among)
    child = child[among[parent[child]]]
    child = child[np.lexsort((rank[child], parent[child]))]
    begins = np.searchsorted(parent[child], np.arange(len(parent) + 1))
    front = np.flatnonzero((values >= 0) & among)
    while len(front):
        counts = begins[front + 1] - begins[front]
        down = child[_ranges(begins[front], counts)]
        givers_down = np.repeat(front, counts)
        up_from = front[(parent[front] >= 0)]
        up_from = up_from[among[parent[up_from]]]
        # Later entries win below: the earliest answer over a later one, the parent over both.
        up_from = up_from[np.argsort(-rank[up_from], kind="stable")]
        takers = np.concatenate((parent[up_from], down))
        givers = np.concatenate((up_from, givers_down))
        open_ = values[takers] < 0
        takers, givers = takers[open_], givers[open_]
        values[takers] = values[givers]
        front = np.unique(takers)
    return values


def _ranges(starts: Ints, counts: Ints) -> Ints:
    """The numbers of all ranges, one after the other.

    >>> _ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    if not counts.sum():
        return np.empty(0, np.int64)
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1]) + np.repeat(starts - (ends - counts), counts))
