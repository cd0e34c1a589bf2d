"""Guards: the apostrophe that keeps a spreadsheet from computing a text, taken off again.

An export of a desk has the column `formula_guard`, and in a CSV an apostrophe before every text
that begins like a formula, and before every text that would otherwise look as if it had one.
No other file has that column, so no text of another program is touched.
"""

from collections.abc import Sequence

import polars as pl

COLUMN = "formula_guard"
_GUARDED = r"^'+[=+\-@\t\r]"


def is_guarded(columns: Sequence[str]) -> bool:
    """Whether the texts of a file with these columns may have a guard."""
    return COLUMN in columns


def unguarded(columns: Sequence[str]) -> list[pl.Expr]:
    """Columns of texts as they were before they were guarded."""
    return [
        pl.when(pl.col(name).str.contains(_GUARDED))
        .then(pl.col(name).str.slice(1))
        .otherwise(pl.col(name))
        .alias(name)
        for name in columns
    ]
