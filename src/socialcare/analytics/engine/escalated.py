"""Escalations as facts: one row a stay at a level, with the keys of its conversation.

The plain form of what follows from them is `socialcare.domain.escalation.measures`.
"""

from collections.abc import Sequence

import polars as pl

from socialcare.analytics.engine.arrays import epoch_seconds
from socialcare.analytics.engine.measurement import Measurement

_COLUMNS = {
    "conversation": pl.Int64(),
    "level": pl.String(),
    "reason": pl.String(),
    "second": pl.Int64(),
    "since_opened": pl.Int64(),
    "seconds": pl.Int64(),
    "pending": pl.Boolean(),
}


def escalated(
    measured: Measurement, conversations: pl.DataFrame, keys: Sequence[str]
) -> pl.DataFrame:
    """The stays of conversations with a customer's message.

    Args:
        measured: The measurement.
        conversations: Its facts of conversations: `conversation`, `opened` and the keys.
        keys: The key columns of the splits.

    Returns:
        `conversation`, `level`, `reason`, `second` at which it began, `since_opened` in seconds,
        `seconds` that it lasted, whether it is `pending`, and the keys.
    """
    whose = conversations.select("conversation", "opened", *keys)
    if measured.escalations is None:
        none = pl.DataFrame(schema=_COLUMNS)
        return none.with_columns(whose.clear()[key] for key in keys)
    left = epoch_seconds("returned_at")
    stays = measured.placed(measured.escalations).select(
        "conversation",
        "level",
        pl.col("reason").fill_null(""),
        second=epoch_seconds("at"),
        pending=pl.col("returned_at").is_null() | (left > measured.end),
        left=left,
    )
    return (
        stays.join(whose.with_columns(pl.col("conversation").cast(pl.Int64)), on="conversation")
        .sort("conversation", "second")
        .select(
            "conversation",
            "level",
            "reason",
            "second",
            (pl.col("second") - pl.col("opened")).alias("since_opened"),
            pl.when("pending")
            .then(measured.end)
            .otherwise("left")
            .sub(pl.col("second"))
            .alias("seconds"),
            "pending",
            *keys,
        )
    )
