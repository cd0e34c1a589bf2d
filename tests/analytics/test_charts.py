"""Charts are valid Vega-Lite, show what they were given, and let no name become markup."""

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from service import AGENTS, HOURS, SCRIPT, TURNED, service
from socialcare.analytics import charts, formats, series, told
from socialcare.analytics.page.figures import NARROW, WIDE, Drawer
from socialcare.analytics.palette import DARK, LIGHT
from socialcare.analytics.plot import Plots
from socialcare.errors import InvalidValue
from spoken import log_of

PLOTS: dict[str, Callable[[Plots], Any]] = {
    "volume": lambda plots: plots.volume(),
    "volume by hour": lambda plots: plots.volume("hour"),
    "volume by week": lambda plots: plots.volume("week"),
    "volume by month": lambda plots: plots.volume("month"),
    "response_trend": lambda plots: plots.response_trend(),
    "response_times": lambda plots: plots.response_times(),
    "response_times of all": lambda plots: plots.response_times("all"),
    "survival": lambda plots: plots.survival(),
    "survival by channel": lambda plots: plots.survival("channel", kind="next"),
    "hour_of_week": lambda plots: plots.hour_of_week(),
    "hour_of_week of agents": lambda plots: plots.hour_of_week("agents"),
    "hour_of_week of time": lambda plots: plots.hour_of_week("median"),
    "by agent": lambda plots: plots.by("agent_id"),
    "sentiment": lambda plots: plots.sentiment(),
    "operating_hours": lambda plots: plots.with_measurement(hours=HOURS).operating_hours(),
}


def parsed(drawing: str) -> ElementTree.Element:
    """A drawing as a tree."""
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing


@pytest.fixture(scope="module")
def plots() -> Plots:
    """Charts of two months of service."""
    return service(120).plot


@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_valid_and_carries_sentences(plots: Plots, name: str) -> None:
    """Altair accepts the chart, and each mark says what it stands for."""
    chart = PLOTS[name](plots).to_dict()

    assert "told" in json.dumps(chart["datasets"])


@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_becomes_a_drawing(plots: Plots, name: str) -> None:
    """A drawing is well-formed, one image with a description, and as wide as it was asked to be."""
    chart = PLOTS[name](plots)
    figure = Drawer().figure(
        lambda width: chart.properties(width=width), id="f", title="T", alt=f"All <{SCRIPT}>"
    )

    for drawing, width in ((figure.wide, WIDE), (figure.narrow, NARROW)):
        root = parsed(drawing)
        assert (root.tag, root.get("role")) == ("svg", "img")
        assert root.get("aria-label") == f"All <{SCRIPT}>"
        assert float(root.attrib["viewBox"].split()[2]) == pytest.approx(width, abs=2)


def test_a_drawing_has_the_colours_of_the_page(plots: Plots) -> None:
    """Every colour is a variable, so that a dark page needs no second drawing."""
    figure = Drawer().figure(lambda _: plots.volume(), id="f", title="T", alt="A")

    assert "var(--responses)" in figure.wide
    assert not [value for value in LIGHT.values() if value in figure.wide]


def test_ids_of_two_drawings_never_meet(plots: Plots) -> None:
    """A clip path of one drawing is not used by the other."""
    drawer = Drawer()
    ids = [
        {element.get("id") for element in parsed(drawing).iter()} - {None}
        for figure in (
            drawer.figure(lambda _: plots.survival(), id="f", title="T", alt="A"),
            drawer.figure(lambda _: plots.survival(), id="g", title="T", alt="A"),
        )
        for drawing in (figure.wide, figure.narrow)
    ]

    assert sum(map(len, ids)) == len(set().union(*ids))


def test_names_in_a_drawing_are_text(plots: Plots) -> None:
    """Markup in an agent's name is written out, and marks that turn the writing are left out."""
    drawing = Drawer().figure(lambda _: plots.by("agent_id"), id="f", title="T", alt="A").wide
    texts = "".join(parsed(drawing).itertext())

    assert "<script" not in drawing
    assert SCRIPT in texts
    assert "\u202e" not in drawing
    assert formats.name(TURNED) in texts


def test_palette_has_a_dark_twin_for_every_colour() -> None:
    """Both have the same names, and no light value stands for two of them."""
    assert list(LIGHT) == list(DARK)
    assert len(set(LIGHT.values())) == len(LIGHT)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "muted", "inbound", "pending", "responses"])
def test_words_stand_out_from_the_page(colours: dict[str, str], name: str) -> None:
    """Text has a contrast of 4.5 to 1 with the page, as WCAG AA asks."""
    lighter, darker = sorted(map(_luminance, (colours[name], colours["surface"])), reverse=True)
    contrast = (lighter + 0.05) / (darker + 0.05)

    assert contrast >= (4.5 if name in ("ink", "muted", "inbound") else 4.0)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_groups_that_look_alike_stay_two_rows() -> None:
    """Names that are the same once they are shortened are told apart."""
    groups = pl.DataFrame(
        {
            "name": ["n" * 70 + "a", "n" * 70 + "b"],
            "median": [1.0, 2.0],
            "p90": [3.0, 4.0],
            "n": [1, 1],
            "pending": [0, 0],
        }
    )

    assert told.spread(groups)["label"].n_unique() == 2


def test_strengths_cover_the_counts() -> None:
    """Each hour's count lies within the bounds that the legend gives for its colour."""
    week = pl.DataFrame(
        {
            "weekday": [0] * 9,
            "hour": list(range(9)),
            "inbound": [0, 1, 2, 3, 5, 8, 13, 21, 22],
            "responses": [0] * 9,
            "agents": [0] * 9,
            "median": [None] * 9,
        },
        schema_overrides={"median": pl.Float64},
    )
    names = told.strengths(week, "inbound")

    for row in told.week(week, "inbound").iter_rows(named=True):
        low, _, high = names[row["strength"]].partition("\N{EN DASH}")
        assert int(low) <= row["inbound"] <= int(high or low)


def test_hours_with_few_messages_have_a_legend_without_holes() -> None:
    """Where the most is 2, the legend has 0, 1 and 2 and no empty range."""
    week = pl.DataFrame({"inbound": [0, 1, 2]})

    assert sorted(told.strengths(week, "inbound").values()) == ["0", "1", "2"]


@pytest.mark.parametrize("most", [5, 10])
@pytest.mark.parametrize("reach", [(1.0, 10.0), (200.0, 4000.0), (1.0, 4e7), (60.0, 90_000.0)])
def test_axes_of_durations_have_marks_with_names(reach: tuple[float, float], most: int) -> None:
    """At least one mark, no more than fit, none outside."""
    axis = charts._durations(reach, most).to_dict()

    assert 1 <= len(axis["values"]) <= max(most, 6)
    assert all(reach[0] <= at <= reach[1] for at in axis["values"])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda plots: plots.by("colour"),
        lambda plots: plots.survival("colour"),
        lambda plots: plots.hour_of_week("colour"),
        lambda plots: plots.response_times("colour"),
        lambda plots: plots.volume("fortnight"),
        lambda plots: plots.operating_hours(),
    ],
)
def test_what_does_not_exist_is_named(plots: Plots, wrong: Callable[[Any], object]) -> None:
    """A wrong column, measure, kind or period says what would be right."""
    with pytest.raises(ValueError, match="expected"):
        wrong(plots)


@pytest.mark.parametrize("name", ["volume", "response_times", "survival", "sentiment", "by agent"])
def test_an_empty_log_draws_no_empty_chart(name: str) -> None:
    """There is nothing to draw, and the error says so."""
    with pytest.raises(InvalidValue, match="expected"):
        PLOTS[name](log_of([]).plot)


def test_plots_are_measured_as_they_are_told(plots: Plots) -> None:
    """Another zone moves the hours of the week."""
    week = plots.hour_of_week().to_dict()["datasets"]
    later = plots.with_measurement(tz="Asia/Tokyo").hour_of_week().to_dict()["datasets"]

    assert week != later


def test_every_agent_is_in_the_chart(plots: Plots) -> None:
    """The chart by agent has a row for each agent who answered."""
    rows = next(iter(plots.by("agent_id").to_dict()["datasets"].values()))

    assert {row["name"] for row in rows} == set(AGENTS)


def test_wide_and_narrow_are_drawn_apart() -> None:
    """The function is asked for both widths."""
    asked: list[int] = []
    bins = series.histogram(pl.DataFrame({"calendar_seconds": [60], "pending": [False]}))

    def draw(width: int) -> Any:
        asked.append(width)
        return charts.response_times(bins, "T", width=width)

    Drawer().figure(draw, id="f", title="T", alt="A")

    assert asked == [WIDE, NARROW]
