"""Redirects read from the texts of a log, for exports that do not say so."""

from collections.abc import Callable

import polars as pl

from socialcare.domain.message import Direction, Visibility
from socialcare.domain.playbook.redirects import COULD, ENGLISH, is_asking_elsewhere, is_redirected

__all__ = ["with_redirects"]


def with_redirects(table: pl.DataFrame) -> pl.DataFrame:
    """A message table with `redirected` and `redirect_requested` (Boolean), by the texts.

    What the table says itself stays. A text of which nobody can tell is null: one in another
    language than English.
    """
    if "text" not in table.columns:
        return table
    outbound = pl.col("direction").cast(pl.String) == Direction.OUTBOUND
    note = pl.col("visibility").cast(pl.String) == Visibility.INTERNAL
    read = {
        "redirected": (outbound & ~note, is_redirected),
        "redirect_requested": (~outbound & ~note, is_asking_elsewhere),
    }
    columns = [_told(table, name, whose, tells) for name, (whose, tells) in read.items()]
    return table.with_columns(columns)


def _told(
    table: pl.DataFrame, name: str, whose: pl.Expr, tells: Callable[[str], bool | None]
) -> pl.Series:
    """A column: what it said before, or else what the texts tell."""
    text = pl.col("text").cast(pl.String)
    plain = text.str.to_lowercase()
    could = whose & plain.str.contains(COULD)
    asked = table.select(
        row=pl.int_range(pl.len()),
        text=pl.when(could).then(text),
        no=whose & plain.str.contains(ENGLISH),
    )
    values: list[bool | None] = [False if each else None for each in asked["no"]]
    for row, said in asked.select("row", "text").filter(pl.col("text").is_not_null()).iter_rows():
        values[row] = tells(said)
    told = pl.Series(name, values, dtype=pl.Boolean)
    return told if name not in table.columns else table[name].cast(pl.Boolean).fill_null(told)
