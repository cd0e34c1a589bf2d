"""The message table as integers: what threading and the intervals compute on.

After one sort by customer and time a conversation is a run of rows, and a neighbour is the row
beside it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import pairwise

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Ints, column, epoch_seconds, flag, has_role
from socialcare.analytics.engine.keys import groups, message_keys
from socialcare.analytics.engine.links import Links, far_links, links_of, repeated_keys
from socialcare.analytics.engine.ordering import Told, ordered


@attrs.frozen(kw_only=True, eq=False)
class Rows:
    """One entry a row of the frame, and the rows in the order of customers and time.

    Attributes:
        second: Whole seconds since 1970.
        outbound, note, private, automated, peer: What kind of message it is; a bot's is automated.
        order: Row numbers by (group, second, direction, id, channel); rows in no group are absent.
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
    group: Ints
    whole: Flags
    near: npt.NDArray[np.int8]
    far: tuple[Ints, Ints]
    links: Links
    repeated: Ints

    @classmethod
    def of(cls, frame: pl.DataFrame, *, keep_given: bool = True) -> "Rows":
        """The frame's rows; with `keep_given`, conversations of the export are groups."""
        second = column(frame, epoch_seconds("sent_at"))
        outbound = column(frame, pl.col("direction") == "outbound")
        names, placed, whole = groups(frame, keep_given=keep_given)
        key, parent, answers = message_keys(frame)
        told = Told(names, second, outbound, key, parent, answers, frame)
        with ThreadPoolExecutor(max_workers=1) as beside:
            repeated = beside.submit(repeated_keys, key)
            order, group, near = ordered(told, placed)
            del told, names
            links = links_of(key, parent, answers, order, near, second)
        return cls(
            second=second,
            outbound=outbound,
            note=column(frame, pl.col("visibility") == "internal"),
            private=column(frame, pl.col("visibility") == "private"),
            automated=flag(frame, "automated") | has_role(frame, "bot"),
            peer=has_role(frame, "peer"),
            order=order,
            group=group,
            whole=whole[order],
            near=near,
            far=far_links(links, order, group, len(second)),
            links=links,
            repeated=repeated.result(),
        )

    def __len__(self) -> int:
        return len(self.second)

    @cached_property
    def when(self) -> Ints:
        """The second of each row in `order`."""
        return self.second[self.order]

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
            group=self.group[start:end],
            whole=self.whole[start:end],
            near=self.near[start:end],
            far=(child[mine] - start, parent[mine] - start),
        )


def repeated(frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """The rows whose channel and id another row has too, with their numbers in column `row`."""
    suspects = frame[rows.repeated].with_columns(pl.Series("row", rows.repeated, pl.UInt32))
    return suspects.filter(pl.len().over("channel", "message_id") > 1)
