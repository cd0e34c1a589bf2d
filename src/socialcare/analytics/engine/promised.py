"""What was promised, beside the columns: clocks, and the messages by which they are split."""

import attrs
import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.domain.sla import ClockState, SlaClock

_DECIDED = {
    ClockState.MET: "met",
    ClockState.BREACHED: "breached",
    ClockState.WITHDRAWN: "withdrawn",
}
UNDECIDED = "undecided"


@attrs.frozen(kw_only=True, eq=False)
class Clocked:
    """The clocks of a measurement.

    Attributes:
        clocks: The clocks.
        conversation: The number of each one's conversation.
        opening: The place in `threads.order` of the message by which it is split, or -1.
        credited: The place of the response by whose agent and team it is split, or -1.
    """

    clocks: tuple[SlaClock, ...]
    conversation: Ints
    opening: Ints
    credited: Ints

    def columns(self) -> dict[str, pl.Series]:
        """`target`, and what became of it as `outcome`: met, breached, withdrawn or undecided."""
        return {
            "target": pl.Series([each.target.value for each in self.clocks], dtype=pl.String),
            "outcome": pl.Series(
                [_DECIDED.get(each.state, UNDECIDED) for each in self.clocks], dtype=pl.String
            ),
        }
