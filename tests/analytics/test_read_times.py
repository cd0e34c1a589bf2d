"""Times: written in many ways, read exactly, and never guessed in silence."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.analytics.readers.mapping import TimeRule
from socialcare.analytics.readers.times import Instants, instants

AT = datetime(2026, 3, 4, 9, 5, 6, tzinfo=UTC)


def read(*texts: Any, **rule: Any) -> Instants:
    """A column of these values as instants."""
    if isinstance(rule.get("format"), str):
        rule["format"] = (rule["format"],)
    return instants(pl.Series("at", texts), TimeRule(**rule), name="at")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04T09:05:06Z",
        "2026-03-04T09:05:06.000Z",
        "2026-03-04T10:05:06+01:00",
        "2026-03-04T10:05:06+0100",
        "2026-03-04 10:05:06+01",
        "2026-03-04 04:05:06 -0500",
        "2026-03-04 09:05:06 UTC",
        "2026/03/04 09:05:06 GMT",
        "Wed Mar 04 09:05:06 +0000 2026",
        "Wed Mar 04 10:05:06 +0100 2026",
        "Wed, 04 Mar 2026 09:05:06 +0000",
        "Wed, 4 Mar 2026 09:05:06 GMT",
        "04 Mar 2026 09:05:06 +0000",
        "1772615106",
        "1772615106000",
        "1772615106000000",
        "1772615106000000000",
        "1772615106.0",
        "  2026-03-04T09:05:06Z ",
        "20260304T090506Z",
        "March 4, 2026 9:05:06 AM UTC",
    ],
)
def test_a_time_is_read_however_it_is_written(text: str) -> None:
    """Each of these is the same instant, and names its zone."""
    column = read(text, None)

    assert column.values.to_list() == [AT, None]
    assert column.naive is None
    assert column.values.dtype == pl.Datetime("us", "UTC")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-03-04T09:05:06", 6),
        ("2026-03-04 09:05:06.000", 6),
        ("2026-03-04 09:05", 0),
        ("2026/03/04 09:05:06", 6),
        ("13/12/2025 09:05", None),
        ("2026-03-04", None),
    ],
)
def test_a_time_without_a_zone_is_utc_and_said_so(text: str, seconds: int | None) -> None:
    """A time that names no zone is marked."""
    column = read(text)

    assert column.naive is not None
    assert column.naive.to_list() == [True]
    if seconds is not None:
        assert column.values.to_list() == [AT.replace(second=seconds)]


@pytest.mark.parametrize(
    "text",
    ["", "soon", "12", "May", "2026", "09:05", "2026-02-30T09:00:00Z", "2026-13-01T00:00:00Z", "#"],
)
def test_what_is_no_time_is_none(text: str) -> None:
    """Nothing is filled in from today, and no day is invented."""
    assert read(text, "2026-03-04T09:05:06Z").values.to_list() == [None, AT]


def test_shapes_can_be_mixed() -> None:
    """Each value of a column is read by the shape that it has."""
    column = read(
        "2026-03-04T09:05:06Z", "1772615106", "2026-03-04 10:05:06+01:00", "2026-03-04 09:05:06"
    )

    assert column.values.to_list() == [AT] * 4
    assert column.naive is not None
    assert column.naive.to_list() == [False, False, False, True]


def test_day_and_month_are_told_apart_by_evidence() -> None:
    """One value that can only be read one way decides for the column, and that is said."""
    days = read("03/04/2026 09:05", "25/12/2025 10:00")
    months = read("03/04/2026 09:05", "12/25/2025 10:00")

    assert [at.day for at in days.values] == [3, 25]
    assert [at.day for at in months.values] == [4, 25]
    assert days.notes == ("at: the day comes first, since values up to 25 occur",)
    assert months.notes == ("at: the month comes first, since values up to 25 occur",)


def test_day_and_month_are_not_guessed() -> None:
    """Without evidence a time whose day and month could be swapped is not read."""
    column = read("03.04.2026", "04.04.2026", "05.03.2026")

    assert [at if at is None else at.day for at in column.values] == [None, 4, None]
    assert "can't be told apart (no value tells)" in column.notes[0]
    assert "day_first = true or false" in column.notes[0]
    mixed = read("13/02/2026", "02/13/2026", "03/04/2026")
    assert [at if at is None else at.day for at in mixed.values] == [13, 13, None]


def test_the_mapping_decides_about_day_and_month() -> None:
    """What the mapping says needs no evidence."""
    assert [at.day for at in read("03.04.2026", day_first=True).values] == [3]
    assert [at.day for at in read("03.04.2026", day_first=False).values] == [4]


def test_a_format_is_all_that_counts_where_it_is_given() -> None:
    """With a format, only what fits it is a time; several are tried in turn."""
    column = read("04.03.26 09:05:06", "2026-03-04T09:05:06Z", format="%d.%m.%y %H:%M:%S")
    several = read("04.03.26", "2026-03-04", format=("%d.%m.%y", "%Y-%m-%d"))

    assert column.values.to_list() == [AT, None]
    assert several.values.null_count() == 0
    assert read("1772615106", format="%s").values.to_list() == [AT]


def test_local_times_follow_their_zone() -> None:
    """Times without a zone are in the declared one; an hour that was twice or never is marked."""
    column = read(
        "2026-01-01 12:00", "2026-07-01 12:00", "2026-10-25 02:30", "2026-03-29 02:30",
        "2026-07-01T12:00Z", zone="Europe/Berlin",
    )  # fmt: skip

    assert [f"{at:%d %H:%M}" for at in column.values] == [
        "01 11:00",
        "01 10:00",
        "25 00:30",
        "29 01:30",
        "01 12:00",
    ]
    assert column.ambiguous is not None
    assert column.ambiguous.to_list() == [False, False, True, True, False]


def test_typed_columns_need_no_reading() -> None:
    """Instants, local times, dates and counts of a frame are taken for what they are."""
    berlin = timezone(timedelta(hours=1))
    zoned = pl.Series([AT.astimezone(berlin)]).dt.convert_time_zone("Europe/Berlin")
    local = pl.Series([AT.replace(tzinfo=None)])

    assert instants(zoned, TimeRule(), name="at").values.to_list() == [AT]
    assert instants(zoned, TimeRule(), name="at").naive is None
    assert instants(local, TimeRule(), name="at").naive is not None
    told = instants(local, TimeRule(zone="Europe/Berlin"), name="at")
    assert told.values.to_list() == [AT - timedelta(hours=1)]
    assert read(1772615106, 1772615106000).values.to_list() == [AT, AT]
    assert read(1772615106.0, float("nan")).values.to_list() == [AT, None]
    assert instants(local.dt.date(), TimeRule(), name="at").values.dt.hour().to_list() == [0]


def _local(second: float) -> datetime:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None)


@given(
    st.lists(st.floats(631152000, 4102444800).map(_local), min_size=1),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from([" ", "T"]),
)
def test_any_iso_time_is_what_python_says(times: list[datetime], offset: int, between: str) -> None:
    """Whatever Python writes in ISO 8601 is read back to the microsecond."""
    zone = timezone(timedelta(minutes=offset))
    aware = [at.replace(tzinfo=zone) for at in times]
    column = read(*(at.isoformat(sep=between) for at in aware))

    assert column.values.to_list() == [at.astimezone(UTC) for at in aware]
    assert column.naive is None
