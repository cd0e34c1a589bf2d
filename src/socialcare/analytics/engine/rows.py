"""The message table as integers: what threading and the intervals compute on.

One sort does most of the work.
Rows are packed into 64 bits as ``customer << 32 | second << 1 | direction`` and sorted once;
after that a conversation is a run of rows, and a neighbour is the row beside it.

Customers and messages stand for themselves as 64-bit hashes of their names.
The packed key has room for 31 bits of a customer, so two customers can share one;
such clashes are found by the full hash and set right.
Full hashes clash once in some millions of logs of a million messages, and no sooner.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

Ints: TypeAlias = npt.NDArray[np.int64]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Flags: TypeAlias = npt.NDArray[np.bool_]

NEAR = 3
"""How many rows before a reply its parent is looked for at once."""
_SMALL = 200_000
_PART_BITS = 3
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
        outbound, note, private, automated, peer: What kind of message it is; a bot's is automated.
        order: Row numbers by (group, second, direction, id, channel); rows in no group are absent.
        when: The second of each row in `order`.
        group: The group of each row in `order`: a customer of a brand, or a given conversation.
        whole: Whether the group of each row in `order` is a conversation as given.
        near: For each row in `order`, how many rows before it its parent stands: 1 to 3, or 0.
        far: Other replies and the messages of the same group that they answer, as places in
            `order`; the replies ascend.
        links: The same, and all that answer somebody else or nothing, as row numbers.
        repeated: Rows that share their key with another.
    """

    second: Ints
    outbound: Flags
    note: Flags
    private: Flags
    automated: Flags
    peer: Flags
    order: Ints
    when: Ints
    group: Ints
    whole: Flags
    near: npt.NDArray[np.int8]
    far: tuple[Ints, Ints]
    links: Links
    repeated: Ints

    @classmethod
    def of(cls, frame: pl.DataFrame, *, keep_given: bool = True) -> "Rows":
        """The frame's rows; with `keep_given`, conversations of the export are groups."""
        second = _column(frame, pl.col("sent_at").dt.epoch("us") // 1_000_000)
        outbound = _column(frame, pl.col("direction") == "outbound")
        names, placed, whole = _groups(frame, keep_given=keep_given)
        key, parent, answers = _message_keys(frame)
        told = _Told(names, second, outbound, key, parent, answers, frame)
        order, when, group, near = _ordered(told, placed)
        links = _links(key, parent, answers, order, near, second)
        return cls(
            second=second,
            outbound=outbound,
            note=_column(frame, pl.col("visibility") == "internal"),
            private=_column(frame, pl.col("visibility") == "private"),
            automated=_flag(frame, "automated") | _role(frame, "bot"),
            peer=_role(frame, "peer"),
            order=order,
            when=when,
            group=group,
            whole=whole[order],
            near=near,
            far=_far(links, order, group, len(second)),
            links=links,
            repeated=_repeated(key),
        )

    def __len__(self) -> int:
        return len(self.second)

    @property
    def by_customer(self) -> Flags:
        """Rows that the customer wrote: no machine, no peer, no note."""
        return ~(self.outbound | self.automated | self.note | self.peer)

    def parts(self, most: int) -> Iterator["Rows"]:
        """The same rows in parts that hold whole groups, of about `most` places each."""
        ends = np.arange(most, len(self.order), most)
        cuts = np.searchsorted(self.group, self.group[ends], side="left")
        bounds = np.unique(np.concatenate(([0], cuts, [len(self.order)])))
        for start, end in pairwise(bounds.tolist()):
            yield self._between(start, end)

    def _between(self, start: int, end: int) -> "Rows":
        child, parent = self.far
        mine = slice(*np.searchsorted(child, (start, end)))
        return attrs.evolve(
            self,
            order=self.order[start:end],
            when=self.when[start:end],
            group=self.group[start:end],
            whole=self.whole[start:end],
            near=self.near[start:end],
            far=(child[mine] - start, parent[mine] - start),
        )


def repeated(frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """The rows whose channel and id another row has too, with their numbers in column `row`."""
    suspects = frame[rows.repeated].with_columns(pl.Series("row", rows.repeated, pl.UInt32))
    return suspects.filter(pl.len().over("channel", "message_id") > 1)


def _repeated(key: Hashes) -> Ints:
    """The rows whose key another row has too."""
    ordered = np.sort(key)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(_among(key, twice)) if len(twice) else np.zeros(0, np.int64)


def _links(
    key: Hashes,
    parent: Hashes,
    answers: Flags,
    order: Ints,
    near: npt.NDArray[np.int8],
    second: Ints,
) -> Links:
    """The replies that `near` does not explain, joined over the whole table."""
    far = answers.copy()
    far[order[near > 0]] = False
    child = np.flatnonzero(far)
    return Links(child=child, parent=_find(parent[child], key), second=second)


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


def _message_keys(frame: pl.DataFrame) -> tuple[Hashes, Hashes, Flags]:
    """Each message by channel and id, the one that it answers likewise, and whether it does."""
    channel = pl.col("channel").hash(_CHANNEL_SEED)
    key = (pl.col("message_id").hash() ^ channel).alias("key")
    if "in_reply_to" not in frame.columns:
        keys = _column(frame, key)
        return keys, keys, np.zeros(frame.height, np.bool_)
    found = frame.select(
        key,
        parent=pl.col("in_reply_to").hash() ^ channel,
        answers=pl.col("in_reply_to").is_not_null(),
    )
    return found["key"].to_numpy(), found["parent"].to_numpy(), found["answers"].to_numpy()


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


_Sorted: TypeAlias = tuple[Ints, Ints, Ints, npt.NDArray[np.int8]]


@attrs.frozen(eq=False)
class _Told:
    """What sorting looks at, one entry a row of the frame."""

    names: Hashes
    second: Ints
    outbound: Flags
    key: Hashes
    parent: Hashes
    answers: Flags
    frame: pl.DataFrame

    def at(self, rows: Ints) -> "_Told":
        """The same of some rows."""
        return _Told(
            names=self.names[rows],
            second=self.second[rows],
            outbound=self.outbound[rows],
            key=self.key[rows],
            parent=self.parent[rows],
            answers=self.answers[rows],
            frame=self.frame,
        )


def _ordered(told: _Told, placed: Flags) -> _Sorted:
    """Row numbers by (group, second, direction, id, channel), with `when`, `group` and `near`.

    Groups are dealt into parts by the first bits of their names, so that two threads can sort.
    """
    rows = np.arange(len(placed)) if placed.all() else np.flatnonzero(placed)
    dealt = [rows]
    if len(rows) > _SMALL:
        part = (told.names >> np.uint64(64 - _PART_BITS)).astype(np.uint8)[rows]
        by_part = rows[np.argsort(part, kind="stable")]
        dealt = np.split(by_part, np.cumsum(np.bincount(part, minlength=1 << _PART_BITS))[:-1])
    with ThreadPoolExecutor(max_workers=2) as pool:
        parts = list(pool.map(lambda own: _sorted(told, own), dealt))
    before = 0
    for _, _, group, _ in parts:
        group += before
        before = int(group[-1]) + 1 if len(group) else before
    order, when, group, near = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return order, when, group, near


def _sorted(told: _Told, rows: Ints) -> _Sorted:
    """Some rows in order with `when`, their groups counted from 0, and `near`."""
    if not len(rows):
        return rows, rows.copy(), rows.copy(), np.zeros(0, np.int8)
    # Each part is taken out of the whole once, so that what follows stays in the cache.
    own = told.at(rows)
    start = int(own.second.min())
    packed = _packed(own.names, own.second - start, own.outbound)
    order = np.argsort(packed)
    packed, names = packed[order], own.names[order]
    order, names, packed = _clashes_set_right(order, names, packed)
    new = np.zeros(len(order), np.bool_)
    np.not_equal(names[1:], names[:-1], out=new[1:])
    group = np.cumsum(new, dtype=np.int64)
    order = _ties_set_right(told.frame, rows, order, packed, group)
    when = ((packed & 0xFFFFFFFF) >> 1) + start
    return rows[order], when, group, _near(own, order, group)


def _near(told: _Told, order: Ints, group: Ints) -> npt.NDArray[np.int8]:
    """For each row in `order`: how many rows before it its parent stands, 1 to 3, or 0."""
    near = np.zeros(len(order), np.int8)
    asks = told.answers[order]
    if not asks.any():
        return near
    key, parent = told.key[order], told.parent[order]
    for step in range(min(NEAR, len(near) - 1), 0, -1):
        hit = (parent[step:] == key[:-step]) & asks[step:]
        hit &= group[step:] == group[:-step]
        near[step:][hit] = step
    return near


def _packed(names: Hashes, since: Ints, outbound: Flags) -> Ints:
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


def _ties_set_right(
    frame: pl.DataFrame, rows: Ints, order: Ints, packed: Ints, group: Ints
) -> Ints:
    """Rows of one group, second and direction, sorted by id and channel as text."""
    same = (packed[1:] == packed[:-1]) & (group[1:] == group[:-1])
    if not same.any():
        return order
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    at = np.flatnonzero(tied)
    names = frame.select(pl.col("message_id", "channel").cast(pl.String))[rows[order[at]]]
    names = names.with_columns(
        pl.Series("group", group[at]), pl.Series("packed", packed[at]), pl.Series("row", order[at])
    )
    order[at] = names.sort("group", "packed", "message_id", "channel")["row"].to_numpy()
    return order


def _far(links: Links, order: Ints, group: Ints, n: int) -> tuple[Ints, Ints]:
    """Places of far replies and of what they answer, where both are in one group."""
    known = links.parent >= 0
    child, parent = links.child[known], links.parent[known]
    wanted = np.zeros(n, np.bool_)
    wanted[child] = wanted[parent] = True
    place = np.flatnonzero(wanted[order])
    row = order[place]
    by_row = np.argsort(row)
    row, place = row[by_row], place[by_row]
    child, parent = _place_of(child, row, place), _place_of(parent, row, place)
    placed = (child >= 0) & (parent >= 0)
    child, parent = child[placed], parent[placed]
    same = group[child] == group[parent]
    by_place = np.argsort(child[same])
    return child[same][by_place], parent[same][by_place]


def _place_of(wanted: Ints, row: Ints, place: Ints) -> Ints:
    """The place of each wanted row, or -1; rows ascend."""
    if not len(row):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(row, wanted), len(row) - 1)
    return np.where(row[at] == wanted, place[at], -1)


def _among(values: Hashes, few: Hashes) -> Flags:
    """Which values are one of the few: a coarse sieve, then an exact look."""
    if not len(few):
        return np.zeros(len(values), np.bool_)
    low = np.uint64((1 << 22) - 1)
    sieve = np.zeros(1 << 22, np.bool_)
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
