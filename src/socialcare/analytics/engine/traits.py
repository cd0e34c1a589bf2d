"""What kind of message each row is, as the bits of one byte.

One byte a row is computed and brought into order once, where eight flags would be one by one;
and what follows from the kind of a message is a table of 256 entries.
"""

from collections.abc import Collection
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Flags

Traits: TypeAlias = npt.NDArray[np.uint8]

OUTBOUND, NOTE, PRIVATE, AUTOMATED, PEER, ANSWERS, GIVEN, PLACED = (1 << bit for bit in range(8))
"""From the brand; internal; private; a machine's (a bot's too); of another customer; names the
message that it answers; is in a conversation as given; is in a group at all."""

EVERY: Traits = np.arange(256, dtype=np.uint8)
"""Every byte there is, to compute a table from."""


def has(traits: Traits, wanted: int) -> Flags:
    """Which of them have one of the wanted traits at least."""
    return np.asarray((traits & np.uint8(wanted)) != 0)


def traits_of(columns: Collection[str], *, keep_given: bool) -> pl.Expr:
    """The traits of each row of a message table that has these columns.

    Args:
        columns: The names of the columns.
        keep_given: Whether conversations of the export count as given.
    """
    given = _there("conversation_id", columns) if keep_given else pl.lit(value=False)
    bot, peer = (_is("author_role", role, columns) for role in ("bot", "peer"))
    flags = {
        OUTBOUND: _is("direction", "outbound", columns),
        NOTE: _is("visibility", "internal", columns),
        PRIVATE: _is("visibility", "private", columns),
        AUTOMATED: _true("automated", columns) | bot,
        PEER: peer,
        ANSWERS: _there("in_reply_to", columns),
        GIVEN: given,
        PLACED: given | _there("customer_id", columns),
    }
    bits = (flag.cast(pl.UInt8) * pl.lit(bit, pl.UInt8) for bit, flag in flags.items())
    return pl.sum_horizontal(bits)


def _is(name: str, value: str, columns: Collection[str]) -> pl.Expr:
    return _or_false(pl.col(name) == value, name, columns)


def _true(name: str, columns: Collection[str]) -> pl.Expr:
    return _or_false(pl.col(name), name, columns)


def _there(name: str, columns: Collection[str]) -> pl.Expr:
    return _or_false(pl.col(name).is_not_null(), name, columns)


def _or_false(flag: pl.Expr, name: str, columns: Collection[str]) -> pl.Expr:
    return flag.fill_null(value=False) if name in columns else pl.lit(value=False)
