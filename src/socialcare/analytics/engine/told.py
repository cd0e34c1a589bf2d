"""What the table says of each row: one record a row, filled a slice of the table at a time.

Sorting moves every row twice, to the rows of its part and to its place among them.
A record is found by one look into memory, where four columns would take four.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Hashes, Ints, epoch_seconds
from socialcare.analytics.engine.keys import group_name, message_key
from socialcare.analytics.engine.traits import Traits, traits_of

RECORD = np.dtype(
    [("name", np.uint64), ("key", np.uint64), ("parent", np.uint64), ("moment", np.int64)]
)
"""The hash of the group's name, of the message, of the one that it answers; when and what it is."""

Records: TypeAlias = npt.NDArray[Any]

_SLICE = 1 << 18
"""Rows that are hashed together: few enough that what is between takes little room."""

TRAIT_BITS = 8
"""A moment is its second, moved up by so many bits, and the traits."""


@attrs.frozen(kw_only=True, eq=False)
class Told:
    """What sorting looks at.

    Attributes:
        records: One `RECORD` a row of the frame.
        frame: The message table.
    """

    records: Records
    frame: pl.DataFrame

    @classmethod
    def of(cls, frame: pl.DataFrame, *, keep_given: bool) -> "Told":
        """What the frame says of each row; with `keep_given`, conversations of it are groups."""
        records = np.empty(frame.height, RECORD)

        def fill(start: int) -> None:
            said = frame[start : start + _SLICE].select(_said(frame.columns, keep_given=keep_given))
            for name in said.columns:
                records[name][start : start + said.height] = said[name].to_numpy()

        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(fill, range(0, frame.height, _SLICE)))
        return cls(records=records, frame=frame)

    @cached_property
    def second(self) -> Ints:
        """Whole seconds since 1970."""
        return second_of(self.records)

    @cached_property
    def traits(self) -> Traits:
        """What kind of message each row is."""
        return traits_in(self.records)

    @property
    def key(self) -> Hashes:
        """The messages, by channel and id."""
        return np.asarray(self.records["key"])

    @property
    def parent(self) -> Hashes:
        """The messages that they name as the ones that they answer."""
        return np.asarray(self.records["parent"])


def _said(names: list[str], *, keep_given: bool) -> Iterator[pl.Expr]:
    """The fields of `RECORD`."""
    parent = "in_reply_to" if "in_reply_to" in names else "message_id"
    traits = traits_of(names, keep_given=keep_given).cast(pl.Int64)
    yield group_name(names, keep_given=keep_given).alias("name")
    yield message_key("message_id").alias("key")
    yield message_key(parent).alias("parent")
    yield (epoch_seconds("sent_at") * (1 << TRAIT_BITS) + traits).alias("moment")


def second_of(records: Records) -> Ints:
    """When the messages of some records were sent, in whole seconds since 1970."""
    return np.asarray(records["moment"] >> TRAIT_BITS)


def traits_in(records: Records) -> Traits:
    """What kind of message each of some records is."""
    return np.asarray(records["moment"].astype(np.uint8))
