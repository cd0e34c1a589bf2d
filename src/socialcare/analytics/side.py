"""Side tables: handling spans as they come, checked before they count."""

import polars as pl

from socialcare.analytics.quality import EXAMPLES, Fault


def handling_spans(table: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Fault, ...]]:
    """The spans that can count, and the faults of those that cannot.

    Args:
        table: `conversation_id`, `agent_id`, `started_at`, `ended_at`.
    """
    whole = pl.all_horizontal(pl.all().is_not_null()) & (pl.col("ended_at") >= pl.col("started_at"))
    bad = table.filter(~whole)
    if not bad.height:
        return table, ()
    examples = bad.head(EXAMPLES).with_columns(pl.col("started_at", "ended_at").cast(pl.String))
    fault = Fault(
        code="bad_span",
        count=bad.height,
        meaning="A handling span lacks a value or ends before it starts; it was left out.",
        examples=examples.to_dicts(),
    )
    return table.filter(whole), (fault,)
