"""Messages, customers and conversations as 64-bit hashes of their names.

Full hashes clash once in some millions of logs of a million messages, and no sooner.
"""

from collections.abc import Collection

import polars as pl

_CHANNEL_SEED = 0x9E37
_GIVEN_SEED = 0x79B9
_SALT = 0x9E3779B97F4A7C15


def message_key(name: str) -> pl.Expr:
    """The message that a column of ids names, by channel and id; as UInt64."""
    # Channels are few and known by number: hashing the numbers spares hashing texts row by row.
    return pl.col(name).hash() ^ pl.col("channel").to_physical().hash(_CHANNEL_SEED)


def group_name(columns: Collection[str], *, keep_given: bool) -> pl.Expr:
    """Each row's group, a customer or a conversation as given, by name; as UInt64.

    Args:
        columns: The columns of the message table.
        keep_given: Whether conversations of the export are groups.
    """
    customer = _named("customer_id", columns, _CHANNEL_SEED)
    if not keep_given or "conversation_id" not in columns:
        return customer
    conversation = _named("conversation_id", columns, _GIVEN_SEED)
    return pl.when(pl.col("conversation_id").is_not_null()).then(conversation).otherwise(customer)


def _named(name: str, columns: Collection[str], seed: int) -> pl.Expr:
    """Hashes of the names in a column; names of two brands differ."""
    names = pl.col(name).cast(pl.String).hash(seed)
    if "brand" not in columns:
        return names
    return names ^ (pl.col("brand").hash(seed + 1) * pl.lit(_SALT, pl.UInt64))
