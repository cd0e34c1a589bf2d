"""The message table as integers: what threading and the intervals compute on.

After one sort by customer and time a conversation is a run of rows, and a neighbour is the row
beside it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Ints
from socialcare.analytics.engine.links import Links, links_of, repeated_keys
from socialcare.analytics.engine.ordering import ordered
from socialcare.analytics.engine.told import Told
from socialcare.analytics.engine.traits import (
    AUTOMATED,
    NOTE,
    OUTBOUND,
    Traits,
    has,
)


@attrs.frozen(kw_only=True, eq=False)
class Rows:
    """One entry a row of the frame, and the rows in the order of customers and time.

    Attributes:
        second: Whole seconds since 1970.
        traits: What kind of message it is: the bits of `traits`.
        order: Row numbers by (group, second, direction, id, channel); rows in no group are absent.
        when: The second of each row in `order`.
        what: The traits of each row in `order`.
        group: The group of each row in `order`: a customer of a brand, or a given conversation.
        near: For each row in `order`, how many rows before it its parent stands: 1 to 3, or 0.
        far: Other replies and the messages of the same group that they answer, as places in
            `order`; the replies ascend.
        links: The same, and all that answer somebody else or nothing, as row numbers.
        repeated: Rows that share their key with another.
        before: How many places of the whole order are before these, if they are a part of it.
    """

    second: Ints
    traits: Traits
    order: Ints
    when: Ints
    what: Traits
    group: Ints
    near: npt.NDArray[np.int8]
    far: tuple[Ints, Ints]
    links: Links
    repeated: Ints
    before: int = 0

    @classmethod
    def of(cls, frame: pl.DataFrame, *, keep_given: bool = True) -> "Rows":
        """The frame's rows; with `keep_given`, conversations of the export are groups."""
        told = Told.of(frame, keep_given=keep_given)
        with ThreadPoolExecutor(max_workers=1) as beside:
            repeated = beside.submit(repeated_keys, told.key)
            found = ordered(told)
            links = links_of(told, found)
        return cls(
            second=told.second,
            traits=told.traits,
            order=found.order,
            when=found.when,
            what=found.what,
            group=found.group,
            near=found.near,
            far=found.far,
            links=links,
            repeated=repeated.result(),
        )

    def __len__(self) -> int:
        return len(self.second)

    @property
    def outbound(self) -> Flags:
        """Rows that the brand wrote."""
        return has(self.traits, OUTBOUND)

    @property
    def note(self) -> Flags:
        """Rows that only the brand can see."""
        return has(self.traits, NOTE)

    @property
    def automated(self) -> Flags:
        """Rows that a machine wrote."""
        return has(self.traits, AUTOMATED)

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
            what=self.what[start:end],
            group=self.group[start:end],
            near=self.near[start:end],
            far=(child[mine] - start, parent[mine] - start),
            before=self.before + start,
        )


def repeated(frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """The rows whose channel and id another row has too, with their numbers in column `row`."""
    # Even an empty choice of rows would put every column in one piece first.
    found = frame[rows.repeated] if len(rows.repeated) else frame.clear()
    suspects = found.with_columns(pl.Series("row", rows.repeated, pl.UInt32))
    return suspects.filter(pl.len().over("channel", "message_id") > 1)
