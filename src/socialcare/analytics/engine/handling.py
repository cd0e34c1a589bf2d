"""Handling over a whole table: the columnar twin of `socialcare.domain.handling`.

Time shared by k conversations counts 1/k for each.
The running total of such shares is one curve an agent, and a span is worth the difference of
two points of it.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Ints


def merged(spans: pl.DataFrame) -> pl.DataFrame:
    """Spans of one agent on one conversation, with those that overlap or touch made one.

    Args:
        spans: `conversation_id`, `agent_id`, `started`, `ended` (whole seconds).

    Returns:
        The same columns, sorted by conversation, agent and start.
    """
    own = ("conversation_id", "agent_id")
    return (
        spans.sort(*own, "started", "ended")
        .with_columns(reached=pl.col("ended").cum_max().shift().over(own))
        .with_columns(new=(pl.col("started") > pl.col("reached")).fill_null(value=True))
        .with_columns(run=pl.col("new").cast(pl.Int64).cum_sum())
        .group_by("run", *own, maintain_order=True)
        .agg(pl.col("started").min(), pl.col("ended").max())
        .drop("run")
    )


def handled_seconds(spans: pl.DataFrame) -> npt.NDArray[np.float64]:
    """Seconds of each merged span, with an agent's simultaneous ones shared equally.

    Args:
        spans: `agent_id`, `started`, `ended`, merged.
    """
    n = spans.height
    if not n:
        return np.zeros(0)
    agent = spans["agent_id"].rank("dense").to_numpy().astype(np.int64)
    started, ended = spans["started"].to_numpy(), spans["ended"].to_numpy()
    at = np.concatenate((started, ended))
    of = np.concatenate((agent, agent))
    change = np.concatenate((np.ones(n, np.int64), np.full(n, -1, np.int64)))
    order = np.lexsort((at, of))
    total = np.empty(2 * n)
    total[order] = _shared_time(of[order], at[order], change[order])
    return total[n:] - total[:n]


def _shared_time(agent: Ints, at: Ints, change: Ints) -> npt.NDArray[np.float64]:
    """For each event, in order, the agent's shared seconds until then."""
    busy = np.cumsum(change)
    length = np.zeros(len(at))
    length[:-1] = np.where(agent[1:] == agent[:-1], at[1:] - at[:-1], 0)
    shares = np.where(busy > 0, length / np.maximum(busy, 1), 0.0)
    return np.concatenate(([0.0], np.cumsum(shares)[:-1]))
