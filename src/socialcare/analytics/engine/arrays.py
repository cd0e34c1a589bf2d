"""Columns of a table as arrays of integers and flags."""

from typing import Any, TypeAlias

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


def column(frame: pl.DataFrame, expression: pl.Expr) -> npt.NDArray[Any]:
    """What an expression says of each row."""
    return frame.select(expression.alias("it"))["it"].to_numpy()


def flag(frame: pl.DataFrame, name: str) -> Flags:
    """A Boolean column; False where it is null or not there."""
    if name not in frame.columns:
        return np.zeros(frame.height, np.bool_)
    return np.asarray(column(frame, pl.col(name).fill_null(value=False)), np.bool_)


def has_role(frame: pl.DataFrame, role: str) -> Flags:
    """Whether each message was written in a role."""
    if "author_role" not in frame.columns:
        return np.zeros(frame.height, np.bool_)
    return np.asarray(column(frame, (pl.col("author_role") == role).fill_null(value=False)))


def present(frame: pl.DataFrame, name: str) -> Flags:
    """Whether a column has a value."""
    if name not in frame.columns:
        return np.zeros(frame.height, np.bool_)
    return np.asarray(column(frame, pl.col(name).is_not_null()))
