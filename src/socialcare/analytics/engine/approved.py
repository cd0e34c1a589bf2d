"""Approvals as facts: how much of each wait went by while an answer waited for others.

The plain form is `socialcare.domain.approval.waits`.
"""

import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Ints, epoch_seconds
from socialcare.analytics.engine.measurement import Measurement


def approval_seconds(measured: Measurement, conversation: Ints, opened: Ints, closed: Ints) -> Ints:
    """Seconds of each wait in which an answer waited for approval.

    Args:
        measured: The measurement.
        conversation: The conversation of each wait.
        opened: The second at which it opened.
        closed: The second at which it closed, or that of `as_of`.
    """
    found = np.zeros(len(conversation), np.int64)
    spans = _spans(measured)
    if not spans.height:
        return found
    waits = pl.DataFrame({"conversation": conversation, "opened": opened, "closed": closed})
    within = (
        waits.with_row_index("wait")
        .with_columns(pl.col("conversation").cast(pl.Int64))
        .join(spans, on="conversation")
        .select(
            "wait",
            seconds=pl.min_horizontal("ended", "closed") - pl.max_horizontal("begun", "opened"),
        )
        .filter(pl.col("seconds") > 0)
        .group_by("wait")
        .agg(pl.col("seconds").sum())
    )
    found[within["wait"].to_numpy()] = within["seconds"].to_numpy()
    return found


def _spans(measured: Measurement) -> pl.DataFrame:
    """The stretches in which something waited: `conversation`, `begun`, `ended`, none overlapping.

    A round that is not decided by then lasts until `as_of`.
    """
    none = pl.DataFrame(
        schema={"conversation": pl.Int64(), "begun": pl.Int64(), "ended": pl.Int64()}
    )
    if measured.approvals is None:
        return none
    rounds = measured.placed(measured.approvals).filter(pl.col("conversation").is_not_null())
    return (
        rounds.select(
            "conversation",
            begun=epoch_seconds("asked_at"),
            ended=pl.min_horizontal(
                epoch_seconds("decided_at").fill_null(measured.end), pl.lit(measured.end)
            ),
        )
        .filter(pl.col("ended") > pl.col("begun"))
        .sort("conversation", "begun", "ended")
        .with_columns(reached=pl.col("ended").cum_max().shift().over("conversation"))
        .with_columns(new=(pl.col("begun") > pl.col("reached")).fill_null(value=True))
        .with_columns(run=pl.col("new").cast(pl.Int64).cum_sum())
        .group_by("run", "conversation", maintain_order=True)
        .agg(pl.col("begun").min(), pl.col("ended").max())
        .drop("run")
    )
