"""The message table as integers: what threading and the intervals compute on.

One sort does most of the work.
Rows are packed into 64 bits as ``customer << 32 | second << 1 | direction`` and sorted once;
after that a conversation is a run of rows, and a neighbour is the row beside it.

Customers and messages stand for themselves as 64-bit hashes of their names.
The packed key has room for 31 bits of a customer, so two customers can share one;
such clashes are found by the full hash and set right.
Full hashes clash once in some millions of logs of a million messages, and no sooner.
"""

from functools import cached_property
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

Ints: TypeAlias = npt.NDArray[np.int64]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_NEAR = 3
_LAST = np.iinfo(np.int64).max
_CHANNEL_SEED = 0x9E37
_GIVEN_SEED = 0x79B9
_SALT = np.uint64(0x9E3779B97F4A7C15)


@attrs.frozen(kw_only=True, eq=False)
class Links:
    """Replies whose parent is not one of the three rows before, as row numbers of the frame.

    Attributes:
        child: The replying rows.
        parent: The rows that they answer, or -1 where the data have none.
    """

    child: Ints
    parent: Ints
    second: Ints

    @property
    def orphans(self) -> Ints:
        """Rows that answer a message that is not in the data."""
        return np.asarray(self.child[self.parent < 0])

    @property
    def to_self(self) -> Ints:
        """Rows that name themselves as the one that they answer."""
        return np.asarray(self.child[self.parent == self.child])

    @property
    def misdated(self) -> Ints:
        """Rows stamped before the one that they answer."""
        known = self.parent >= 0
        child, parent = self.child[known], self.parent[known]
        return np.asarray(child[self.second[child] < self.second[parent]])


@attrs.frozen(kw_only=True, eq=False)
class Rows:
    """One entry a row of the frame, and the rows in the order of customers and time.

    Attributes:
        second: Whole seconds since 1970.
        outbound, note, automated, peer: What kind of message it is; a bot's is automated.
        key: The message, by channel and id.
        parent: The message that it answers, by the same hash; meaningless where `replies` is False.
        replies: Whether it answers one.
        order: Row numbers by (group, second, direction, id, channel); rows in no group are absent.
        group: The group of each row in `order`: a customer of a brand, or a given conversation.
        whole: Whether the group of each row in `order` is a conversation as given.
    """

    second: Ints
    outbound: Flags
    note: Flags
    automated: Flags
    peer: Flags
    key: Hashes
    parent: Hashes
    replies: Flags
    order: Ints
    group: Ints
    whole: Flags

    @classmethod
    def of(cls, frame: pl.DataFrame, *, keep_given: bool = True) -> "Rows":
        """The frame's rows; with `keep_given`, conversations of the export are groups."""
        second = _column(frame, pl.col("sent_at").dt.epoch("us")) // 1_000_000
        outbound = _column(frame, pl.col("direction") == "outbound")
        key = _message_keys(frame, "message_id")
        names, placed, whole = _groups(frame, keep_given=keep_given)
        order, group = _ordered(frame, names, placed, second, outbound)
        return cls(
            second=second,
            outbound=outbound,
            note=_column(frame, pl.col("visibility") == "internal"),
            automated=_flag(frame, "automated") | _role(frame, "bot"),
            peer=_role(frame, "peer"),
            key=key,
            parent=_message_keys(frame, "in_reply_to") if "in_reply_to" in frame.columns else key,
            replies=_present(frame, "in_reply_to"),
            order=order,
            group=group,
            whole=whole[order],
        )

    def __len__(self) -> int:
        return len(self.second)

    @property
    def by_customer(self) -> Flags:
        """Rows that the customer wrote: no machine, no peer, no note."""
        return ~(self.outbound | self.automated | self.note | self.peer)

    @cached_property
    def near(self) -> npt.NDArray[np.int8]:
        """For each row in `order`: how many rows before it its parent stands, 1 to 3, or 0."""
        key, parent = self.key[self.order], self.parent[self.order]
        asks = self.replies[self.order]
        near = np.zeros(len(self.order), np.int8)
        for step in range(_NEAR, 0, -1):
            if step >= len(near):
                continue
            hit = asks[step:] & (parent[step:] == key[:-step])
            hit &= self.group[step:] == self.group[:-step]
            near[step:][hit] = step
        return near

    @cached_property
    def links(self) -> Links:
        """The replies that `near` does not explain, joined over the whole table."""
        far = self.replies.copy()
        far[self.order[self.near > 0]] = False
        child = np.flatnonzero(far)
        return Links(child=child, parent=_find(self.parent[child], self.key), second=self.second)


def repeated(frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """The rows whose channel and id another row has too, with their numbers in column `row`."""
    ordered = np.sort(rows.key)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    found = np.flatnonzero(_among(rows.key, twice))
    suspects = frame[found].with_columns(pl.Series("row", found, pl.UInt32))
    return suspects.filter(pl.len().over("channel", "message_id") > 1)


def _column(frame: pl.DataFrame, expression: pl.Expr) -> npt.NDArray[Any]:
    return frame.select(expression.alias("it"))["it"].to_numpy()


def _flag(frame: pl.DataFrame, name: str) -> Flags:
    if name not in frame.columns:
        return np.zeros(frame.height, np.bool_)
    return np.asarray(_column(frame, pl.col(name).fill_null(value=False)), np.bool_)


def _role(frame: pl.DataFrame, role: str) -> Flags:
    if "author_role" not in frame.columns:
        return np.zeros(frame.height, np.bool_)
    return np.asarray(_column(frame, (pl.col("author_role") == role).fill_null(value=False)))


def _present(frame: pl.DataFrame, name: str) -> Flags:
    if name not in frame.columns:
        return np.zeros(frame.height, np.bool_)
    return np.asarray(_column(frame, pl.col(name).is_not_null()))


def _message_keys(frame: pl.DataFrame, name: str) -> Hashes:
    ids = _column(frame, pl.col(name).cast(pl.String).hash())
    channels = _column(frame, pl.col("channel").hash(_CHANNEL_SEED))
    return np.asarray(ids ^ (channels * _SALT))


def _groups(frame: pl.DataFrame, *, keep_given: bool) -> tuple[Hashes, Flags, Flags]:
    """Each row's group by name, whether it has one, and whether it is a given conversation."""
    customers = named(frame, "customer_id", _CHANNEL_SEED)
    placed = _present(frame, "customer_id")
    if not keep_given or "conversation_id" not in frame.columns:
        return customers, placed, np.zeros(frame.height, np.bool_)
    given = _present(frame, "conversation_id")
    return (
        np.where(given, named(frame, "conversation_id"), customers),
        placed | given,
        given,
    )


def named(frame: pl.DataFrame, name: str, seed: int = _GIVEN_SEED) -> Hashes:
    """Hashes of the names in a column; names of two brands differ."""
    names = _column(frame, pl.col(name).cast(pl.String).hash(seed))
    if "brand" in frame.columns:
        brands = _column(frame, pl.col("brand").hash(seed + 1))
        names = names ^ (brands * _SALT)
    return np.asarray(names)


def _ordered(
    frame: pl.DataFrame, names: Hashes, placed: Flags, second: Ints, outbound: Flags
) -> tuple[Ints, Ints]:
    """Row numbers by (group, second, direction, id, channel), and the group of each."""
    if not placed.any():
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    packed = _packed(names, second, outbound)
    packed[~placed] = _LAST
    order = np.argsort(packed)[: np.count_nonzero(placed)]
    packed = packed[order]
    name = names[order]
    order, name, packed = _clashes_set_right(order, name, packed)
    new = np.empty(len(order), np.bool_)
    new[0] = False
    np.not_equal(name[1:], name[:-1], out=new[1:])
    group = np.cumsum(new, dtype=np.int64)
    return _ties_set_right(frame, order, packed, group), group


def _packed(names: Hashes, second: Ints, outbound: Flags) -> Ints:
    since = second - second.min()
    if since.max() >= 2**31:
        raise OverflowError("a message table cannot span more than 68 years")
    return np.asarray(
        ((names >> np.uint64(33)).astype(np.int64) << 32) | (since << 1) | outbound, np.int64
    )


def _clashes_set_right(order: Ints, name: Hashes, packed: Ints) -> tuple[Ints, Hashes, Ints]:
    """The rows of customers that share their 31 bits, sorted by the full hash."""
    short = packed >> 32
    clash = (short[1:] == short[:-1]) & (name[1:] != name[:-1])
    if not clash.any():
        return order, name, packed
    at = np.flatnonzero(_among(short.view(np.uint64), short[1:][clash].view(np.uint64)))
    mended = at[np.lexsort((packed[at], name[at], short[at]))]
    for column in (order, name, packed):
        column[at] = column[mended]
    return order, name, packed


def _ties_set_right(frame: pl.DataFrame, order: Ints, packed: Ints, group: Ints) -> Ints:
    """Rows of one group, second and direction, sorted by id and channel as text."""
    same = (packed[1:] == packed[:-1]) & (group[1:] == group[:-1])
    if not same.any():
        return order
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    at = np.flatnonzero(tied)
    names = frame.select(pl.col("message_id", "channel").cast(pl.String))[order[at]]
    names = names.with_columns(
        pl.Series("group", group[at]), pl.Series("packed", packed[at]), pl.Series("row", order[at])
    )
    order[at] = names.sort("group", "packed", "message_id", "channel")["row"].to_numpy()
    return order


def _among(values: Hashes, few: Hashes) -> Flags:
    """Which values are one of the few: a coarse sieve, then an exact look."""
    if not len(few):
        return np.zeros(len(values), np.bool_)
    low = np.uint64((1 << 24) - 1)
    sieve = np.zeros(1 << 24, np.bool_)
    sieve[few & low] = True
    found = sieve[values & low]
    at = np.flatnonzero(found)
    found[at] = np.isin(values[at], few)
    return np.asarray(found)


def _find(wanted: Hashes, keys: Hashes) -> Ints:
    """For each wanted key the number of the row that has it, or -1."""
    rows = np.flatnonzero(_among(keys, wanted))
    if not len(rows):
        return np.full(len(wanted), -1, np.int64)
    rows = rows[np.argsort(keys[rows])]
    there = keys[rows]
    at = np.minimum(np.searchsorted(there, wanted), len(rows) - 1)
    return np.where(there[at] == wanted, rows[at], -1)
