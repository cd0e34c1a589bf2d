"""Columns of a table as arrays of integers and flags."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Ints: TypeAlias = npt.NDArray[np.int64]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]


def epoch_seconds(name: str) -> pl.Expr:
    """Whole seconds since 1970 of a column of instants, floored."""
    return pl.col(name).dt.epoch("us") // 1_000_000
