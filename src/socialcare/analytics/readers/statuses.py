"""Statuses of conversations whose changes an export does not list."""

from collections.abc import Mapping

import polars as pl

from socialcare.analytics.readers.ids import tidied
from socialcare.analytics.readers.mapping import TimeRule
from socialcare.analytics.readers.times import instants
from socialcare.analytics.table import STATUS, empty


def with_last_status(
    sides: Mapping[str, pl.DataFrame], last: pl.DataFrame, rule: TimeRule
) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    """The side tables, with the last status of conversations of which no change is listed.

    Args:
        sides: The side tables, perhaps with `status`.
        last: For each conversation `conversation_id`, `at` (when it was last changed) and
            `status`, as texts.
        rule: How times are written.
    """
    known = sides.get("status", empty(STATUS))
    told = last.with_columns(
        conversation_id=tidied(last["conversation_id"]),
        at=instants(last["at"], rule, name="updated_at").values,
        by=pl.lit(None, dtype=pl.String),
    ).drop_nulls(["conversation_id", "at", "status"])
    more = told.join(known, on="conversation_id", how="anti", maintain_order="left")
    if not more.height:
        return dict(sides), ()
    status = pl.concat([known, more.select(*STATUS)]).sort("conversation_id", "at")
    note = (
        f"status: {more.height:,} conversations list no change of status; "
        "the time of their last change stands for it"
    )
    return {**sides, "status": status}, (note,)
