"""Messages, customers and conversations as 64-bit hashes of their names.

Full hashes clash once in some millions of logs of a million messages, and no sooner.
"""

import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Hashes, column, present

_CHANNEL_SEED = 0x9E37
_GIVEN_SEED = 0x79B9
_SALT = np.uint64(0x9E3779B97F4A7C15)


def message_keys(frame: pl.DataFrame) -> tuple[Hashes, Hashes, Flags]:
    """Each message by channel and id, the one that it answers likewise, and whether it does."""
    channel = pl.col("channel").hash(_CHANNEL_SEED)
    key = (pl.col("message_id").hash() ^ channel).alias("key")
    if "in_reply_to" not in frame.columns:
        keys = column(frame, key)
        return keys, keys, np.zeros(frame.height, np.bool_)
    found = frame.select(
        key,
        parent=pl.col("in_reply_to").hash() ^ channel,
        answers=pl.col("in_reply_to").is_not_null(),
    )
    return found["key"].to_numpy(), found["parent"].to_numpy(), found["answers"].to_numpy()


def groups(frame: pl.DataFrame, *, keep_given: bool) -> tuple[Hashes, Flags, Flags]:
    """Each row's group by name, whether it has one, and whether it is a given conversation."""
    customers = named(frame, "customer_id", _CHANNEL_SEED)
    placed = present(frame, "customer_id")
    if not keep_given or "conversation_id" not in frame.columns:
        return customers, placed, np.zeros(frame.height, np.bool_)
    given = present(frame, "conversation_id")
    return (
        np.where(given, named(frame, "conversation_id"), customers),
        placed | given,
        given,
    )


def named(frame: pl.DataFrame, name: str, seed: int = _GIVEN_SEED) -> Hashes:
    """Hashes of the names in a column; names of two brands differ."""
    names = column(frame, pl.col(name).cast(pl.String).hash(seed))
    if "brand" in frame.columns:
        brands = column(frame, pl.col("brand").hash(seed + 1))
        names = names ^ (brands * _SALT)
    return np.asarray(names)
