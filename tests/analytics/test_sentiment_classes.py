"""Where a score stops being neutral, in columns as in the domain."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from socialcare.analytics.engine.outcomes import _class
from socialcare.domain.sentiment import NEGATIVE_AT_MOST, POSITIVE_AT_LEAST, sentiment_class

SCORES = st.one_of(
    st.none(), st.sampled_from((NEGATIVE_AT_MOST, POSITIVE_AT_LEAST, 0.0, -0.0)), st.floats(-1, 1)
)


@given(st.lists(SCORES))
def test_columns_have_the_classes_of_the_domain(scores: list[float | None]) -> None:
    """A score is in the same class whether it is looked at by itself or in a column."""
    column = pl.Series(scores, dtype=pl.Float64)

    assert _class(column).to_list() == [sentiment_class(score) for score in scores]
