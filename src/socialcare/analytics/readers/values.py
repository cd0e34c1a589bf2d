"""Worded and numeric values: directions, visibilities, roles, yes and no, scores."""

from collections.abc import Iterable, Mapping

import polars as pl

from socialcare.analytics.readers.mapping import Mapping as ExportMapping
from socialcare.analytics.readers.words import meanings, plain

_FEW = 6
"""Up to so many words it is faster to compare with each than to look them up."""

SKIP = "skip"
"""The value of rows that are no messages."""


def dictionary(
    field: str, column: str, found: Iterable[str], mapping: ExportMapping
) -> dict[str, str]:
    """What each value found in a column means for a worded field; unknown values are absent.

    Words of the mapping are compared as they stand, then without regard to case and signs.
    Where the mapping names words for a field, only these count.
    """
    named = {
        word: value for value, words in mapping.values.get(field, {}).items() for word in words
    }
    known: Mapping[str, str] = named or meanings(field, column)
    loose = {plain(word): value for word, value in known.items()}
    return {
        text: value
        for text in found
        if (value := named.get(text.strip()) or loose.get(plain(text))) is not None
    }


def worded(column: pl.Expr, means: Mapping[str, str], kind: pl.DataType) -> pl.Expr:
    """A column of texts by what they mean; null where that is not known."""
    if len(means) <= _FEW:
        return pl.coalesce(
            *(
                pl.when(column == word).then(_constant(value, kind))
                for word, value in means.items()
            ),
            pl.lit(None, dtype=kind),
        )
    old = pl.Series(list(means), dtype=pl.String)
    if kind == pl.Boolean:
        new = pl.Series([value == "true" for value in means.values()])
    else:
        new = pl.Series(list(means.values()), dtype=pl.String).cast(kind, strict=False)
    return column.replace_strict(old, new, default=None, return_dtype=kind)


def _constant(value: str, kind: pl.DataType) -> pl.Expr:
    return pl.lit(value == "true") if kind == pl.Boolean else pl.lit(value, dtype=kind)


def renamed(column: pl.Expr, field: str, mapping: ExportMapping) -> pl.Expr:
    """A column of texts with the mapping's names for its values; others stay as they are."""
    names = {
        word: value for value, words in mapping.values.get(field, {}).items() for word in words
    }
    return column.replace(names) if names else column


def score(column: pl.Expr) -> pl.Expr:
    """A column of texts or numbers as scores from -1.0 to 1.0; null where it is none."""
    number = column.cast(pl.Float64, strict=False)
    return pl.when(number.is_between(-1.0, 1.0)).then(number)
