"""The order of customers and time: one sort of integers, and what it leaves to be set right."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from socialcare.analytics.engine.ordering import ordered
from socialcare.analytics.engine.told import RECORD, TRAIT_BITS, Told
from socialcare.analytics.engine.traits import OUTBOUND, PLACED

ALIKE = (0, 1, 2, 2**63, 2**63 + 1)
"""Hashes that are the same but for their last bits, which the sort has no room for."""

rows = st.lists(
    st.tuples(
        st.sampled_from(ALIKE),
        st.integers(0, 3),
        st.booleans(),
        st.integers(0, 99).map(str),
        st.booleans(),
    ),
    max_size=30,
    unique_by=lambda row: row[3],
)
"""Name, second, whether outbound, id, whether in a group at all."""


def told(found: list[tuple[int, int, bool, str, bool]]) -> Told:
    """What sorting looks at, of rows that answer nothing."""
    records = np.zeros(len(found), RECORD)
    for at, (name, second, outbound, _, placed) in enumerate(found):
        traits = OUTBOUND * outbound | PLACED * placed
        records[at] = (name, 0, 0, second << TRAIT_BITS | traits)
    ids = pl.Series([row[3] for row in found], dtype=pl.String)
    frame = pl.DataFrame({"message_id": ids}).with_columns(channel=pl.lit("x"))
    return Told(records=records, frame=frame)


@given(rows)
def test_rows_are_in_the_order_of_their_full_hashes(
    found: list[tuple[int, int, bool, str, bool]],
) -> None:
    """Whatever clashes or ties, rows come by (group, second, direction, id)."""
    placed = [at for at, row in enumerate(found) if row[4]]

    assert ordered(told(found)).order.tolist() == sorted(placed, key=lambda at: found[at][:4])


@given(rows)
def test_groups_are_those_of_the_full_hashes(
    found: list[tuple[int, int, bool, str, bool]],
) -> None:
    """Two hashes are two groups, however alike; and groups are counted in their order."""
    numbers = {name: n for n, name in enumerate(sorted({row[0] for row in found if row[4]}))}
    got = ordered(told(found))

    assert got.group.tolist() == [numbers[found[at][0]] for at in got.order.tolist()]
