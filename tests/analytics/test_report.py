"""The page holds every section, needs nothing beside it, and lets no text become markup."""

import base64
import hashlib
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from service import AGENTS, CHANNELS, HOURS, POLICY, QUOTES, SCRIPT, SOURCE, TURNED, service
from socialcare.analytics import Period, formats, metrics, report
from socialcare.analytics.report import gathered, period_for
from socialcare.domain.catalogue import METRICS
from socialcare.errors import InvalidValue
from spoken import MONDAY, log_of, said

SHARED = Path(__file__).parents[3] / "shared" / "data"
SECTIONS = [
    "headline",
    "trends",
    "times",
    "shares",
    "week",
    "by-channel",
    "by-agent-id",
    "by-category",
    "sentiment",
    "hours",
    "faults",
    "rules",
    "metrics",
]
VOID = {"meta", "br", "img", "input", "link", "hr", "wbr", "base", "source", "embed"}


class Seen(HTMLParser):
    """What a browser would find in a page: elements in their order, and texts by element."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.unclosed: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that opens."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is empty."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """An element that closes, or does not."""
        if not self._open or self._open.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        """A text."""
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        """Everything that is read."""
        return " ".join(text for tag, text in self.texts if tag not in ("script", "style"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of two months of service, with everything that can be shown."""
    path = tmp_path_factory.mktemp("report") / "care.html"
    return report(service(), path, hours=HOURS, policy=POLICY).read_text("utf-8")


@pytest.fixture(scope="module")
def seen(page: str) -> Seen:
    """The same as a browser finds it."""
    return Seen(page)


def test_every_section_is_there_and_in_the_contents(seen: Seen) -> None:
    """Sections stand in their order, each with a heading that names it, each linked to."""
    sections = [one["id"] for one in seen.all("section")]
    links = [(one["href"] or "").removeprefix("#") for one in seen.all("a")]

    assert sections == SECTIONS
    assert [one for one in links if one != "main"] == SECTIONS
    assert [one["aria-labelledby"] for one in seen.all("section")] == [
        f"{one}-title" for one in SECTIONS
    ]


def test_page_is_well_formed(seen: Seen) -> None:
    """Every element is closed, and every id is there once."""
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]

    assert seen.unclosed == []
    assert len(ids) == len(set(ids))


def test_page_asks_for_nothing(page: str, seen: Seen) -> None:
    """No address, no picture, no frame, no sheet from elsewhere; the policy forbids the rest."""
    loading = {"src", "href", "srcset", "action", "data", "poster", "xlink:href", "background"}
    asked = [
        value
        for _, attributes in seen.elements
        for name, value in attributes.items()
        if name in loading and not (value or "").startswith("#")
    ]
    policy = next(one["content"] for one in seen.all("meta") if "http-equiv" in one)

    assert asked == []
    assert not {"img", "link", "iframe", "object", "embed", "base"} & {
        tag for tag, _ in seen.elements
    }
    assert "@import" not in page
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_only_our_script_may_run(page: str, seen: Seen) -> None:
    """There is one script, and the policy names its hash; nothing listens in an attribute."""
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(one["content"] for one in seen.all("meta") if "http-equiv" in one)
    listening = [name for _, its in seen.elements for name in its if name.startswith("on")]

    assert f"script-src 'sha256-{digest}'" in (policy or "")
    assert "alert" not in script
    assert listening == []


@pytest.mark.parametrize("text", [SCRIPT, QUOTES])
def test_texts_from_the_data_are_read_as_they_are(seen: Seen, text: str) -> None:
    """Agents, channels, categories, examples and lines set aside are shown, and stay text."""
    assert text in seen.text


def test_no_element_comes_from_the_data(seen: Seen) -> None:
    """The elements are those of the templates and the drawings."""
    ours = {
        *("html", "head", "meta", "title", "style", "body", "a", "header", "div", "h1", "h2", "h3"),
        *("p", "bdi", "button", "dl", "dt", "dd", "nav", "ul", "li", "main", "section", "footer"),
        *("script", "figure", "figcaption", "details", "summary", "table", "caption", "thead"),
        *("tbody", "tr", "th", "td", "span", "code", "strong"),
        *("svg", "g", "path", "line", "text", "rect", "defs", "clippath"),
    }

    assert {tag for tag, _ in seen.elements} <= ours


def test_marks_that_turn_the_writing_are_not_passed_on(page: str, seen: Seen) -> None:
    """Nor are control characters; each is shown as a sign that something was there."""
    unseen = [one for one in page if one in "\u202e\u202d\u2066\u2067\u200f\x00\x07"]

    assert unseen == []
    assert formats.name(TURNED) in seen.text


def test_the_folder_of_a_file_stays_at_home(page: str) -> None:
    """The name of the export is shown, and not where somebody keeps it."""
    folder = SOURCE.rsplit("/", 1)[0]

    assert folder not in page


def test_page_is_small(page: str) -> None:
    """It can go by post."""
    assert len(page.encode()) < 1_500_000


def test_numbers_are_those_of_the_metrics(seen: Seen) -> None:
    """The headline has the same numbers as the JSON, as people say them."""
    found = metrics(service(), hours=HOURS, policy=POLICY)
    first = found["first_response_time"]

    for shown in (
        formats.duration(first["median"]),
        formats.duration(first["survival"]["median"]),
        formats.business_duration(first["business"]["median"]),
        f"{formats.count(first['n'])} / {formats.count(first['pending'])}",
        formats.share(found["response_rate"]["value"]),
        formats.interval(found["response_rate"]["interval"]),
        formats.share(found["sla_attainment"]["value"]),
        formats.duration(found["average_handling_time"]["value"]),
        formats.count(found["backlog"]["value"]),
    ):
        assert shown in seen.text


def test_every_metric_has_its_definition(seen: Seen) -> None:
    """Computed or not."""
    assert [one.name for one in METRICS if one.definition not in seen.text] == []


def test_metrics_that_were_not_computed_say_why(seen: Seen) -> None:
    """The reason stands beside each."""
    reasons = metrics(service(), hours=HOURS, policy=POLICY).not_computed.values()

    assert seen.text.count("Not computed.") >= len(reasons)


def test_tables_can_be_read_and_sorted(seen: Seen) -> None:
    """Each has a caption; headings of a table that sorts are buttons and say how it is sorted."""
    tables = seen.all("table")
    sorted_ = [one for one in seen.all("th") if "aria-sort" in one]

    assert len(seen.all("caption")) == len(tables)
    assert len([one for one in tables if one.get("class") == "sortable"]) >= 4
    assert {one["aria-sort"] for one in sorted_} == {"none"}


def test_charts_can_be_read_without_sight(seen: Seen) -> None:
    """Each drawing is one image with a description."""
    drawings = seen.all("svg")

    assert len(drawings) >= 20
    assert {one.get("role") for one in drawings} == {"img"}
    assert all(len(one.get("aria-label") or "") > 20 for one in drawings)


def test_slow_agents_and_channels_are_marked(seen: Seen) -> None:
    """Dave takes four times as long as the others, which is more than chance."""
    marks = [text for tag, text in seen.texts if tag == "span"]

    assert "slower" in marks
    assert "faster" in marks


def test_same_log_makes_the_same_page(page: str, tmp_path: Path) -> None:
    """The page depends on the log and what was asked, and on nothing else."""
    again = report(service(), tmp_path / "again.html", hours=HOURS, policy=POLICY)

    assert again.read_text("utf-8") == page


def test_path_is_made_and_given_back(tmp_path: Path) -> None:
    """Folders that are not there are made, and what was there is replaced."""
    path = tmp_path / "new" / "care.html"
    path.parent.mkdir()
    path.write_text("old", "utf-8")

    assert report(log_of([]), str(path)) == path
    assert "old" not in path.read_text("utf-8")[:100]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The page of a log without messages."""
    path = tmp_path_factory.mktemp("report") / "empty.html"
    return Seen(report(log_of([]), path).read_text("utf-8"))


def test_an_empty_log_has_a_page_too(empty: Seen) -> None:
    """Every section is there and says why there is nothing in it; no chart is empty."""
    assert [one["id"] for one in empty.all("section")] == SECTIONS
    assert empty.all("svg") == []
    assert "There are no messages." in empty.text
    assert formats.TOO_FEW in empty.text


def test_what_the_data_lack_is_named(tmp_path: Path) -> None:
    """Columns, hours, sentiment and spans that are not there leave a sentence behind."""
    log = log_of([said("ada", 0)])
    text = Seen(report(log, tmp_path / "r.html", by="category").read_text("utf-8")).text

    assert re.search(r"The data have no column\s+category", text)
    assert "No business hours were given" in text
    assert "Needs business hours." in text
    assert "Needs the table of handling spans." in text
    assert re.search(r"Needs the column\s+sentiment", text)


def test_one_message_is_enough(tmp_path: Path) -> None:
    """One customer who was never answered: pending counts, and medians are too few to say."""
    seen = Seen(report(log_of([said("ada", 0)]), tmp_path / "r.html").read_text("utf-8"))

    assert "0 / 1" in seen.text
    assert formats.TOO_FEW in seen.text
    assert "NaN" not in seen.text
    assert "None" not in seen.text.replace("None were given", "")


def test_only_the_brand_spoke(tmp_path: Path) -> None:
    """A log of announcements has volumes and no waits."""
    log = log_of([said("anna: ada", minute) for minute in range(3)])
    text = Seen(report(log, tmp_path / "r.html").read_text("utf-8")).text

    assert "No conversation was begun by a customer." in text


def test_by_takes_any_column(tmp_path: Path) -> None:
    """Also one, given as a word, and one twice."""
    log = log_of([said("ada", 0), said("anna: ada", 5)])
    by = ("visibility", "visibility", "team_id")
    seen = Seen(report(log, tmp_path / "r.html", by=by).read_text("utf-8"))
    sections = [one["id"] for one in seen.all("section")]

    assert [one for one in sections if one and one.startswith("by-")] == [
        "by-visibility",
        "by-team-id",
    ]


def test_as_of_is_shown_in_the_zone(tmp_path: Path) -> None:
    """What came later is left out, and the instant reads as on the clocks of the zone."""
    log = log_of([said("ada", 0), said("anna: ada", 60)])
    at = MONDAY + timedelta(minutes=30)
    page = report(log, tmp_path / "r.html", as_of=at, tz="Asia/Tokyo").read_text("utf-8")

    assert formats.moment(at + timedelta(hours=9)) in Seen(page).text
    assert "0 / 1" in Seen(page).text


def test_a_zone_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The error names it, and no page is left behind."""
    path = tmp_path / "r.html"
    with pytest.raises(InvalidValue, match="Middle/Earth"):
        report(log_of([said("ada", 0)]), path, tz="Middle/Earth")

    assert not path.exists()


def test_policy_can_be_the_name_of_a_preset(tmp_path: Path) -> None:
    """As in `metrics`."""
    page = report(log_of([said("ada", 0)]), tmp_path / "r.html", policy="zendesk")

    assert "zendesk, version" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("days", "period"),
    [(0, Period.HOUR), (2, Period.HOUR), (3, Period.DAY), (99, Period.DAY), (100, Period.WEEK)],
)
def test_trends_have_some_dozens_of_steps(days: int, period: Period) -> None:
    """The longer the time, the longer the step."""
    assert period_for(MONDAY, MONDAY + timedelta(days=days)) is period


def test_stray_messages_do_not_stretch_a_trend(tmp_path: Path) -> None:
    """One message of years ago is left out of the drawing, and the page says so."""
    log = log_of([said("ada", -3_000_000), *(said("ada", 60.0 * hour) for hour in range(200))])
    page = report(log, tmp_path / "r.html").read_text("utf-8")

    assert gathered(log).period == "day"
    assert "1\N{NO-BREAK SPACE}stray message long before" in page


def test_many_groups_are_cut_and_counted(tmp_path: Path) -> None:
    """A table has 100 rows at most, and says how many it leaves out."""
    log = log_of([said(f"c{n}", n) for n in range(230)])
    page = report(log, tmp_path / "r.html", by="customer_id").read_text("utf-8")

    assert "130\N{NO-BREAK SPACE}smaller rows left out here." in page


def test_every_agent_and_channel_has_a_row(seen: Seen) -> None:
    """Nobody is missing from the tables."""
    cells = {text for tag, text in seen.texts if tag == "bdi"}

    assert {formats.name(one) for one in (*AGENTS, *CHANNELS)} <= cells


def test_unnamed_rows_come_last() -> None:
    """Waits that nobody has answered have no agent, and stand at the end."""
    from socialcare.analytics.page import groups

    found = gathered(service(60), by=("agent_id",))
    table = groups._table(found.groups["agent_id"], "agent_id", "agent")

    assert table.rows[-1][0].text == "(none)"
    assert "(none)" not in [row[0].text for row in table.rows[:-1]]


def test_a_log_shows_itself_in_a_notebook() -> None:
    """Volumes, faults and their meaning, all escaped; nothing runs."""
    seen = Seen(service(60)._repr_html_())

    assert seen.unclosed == []
    assert "script" not in {tag for tag, _ in seen.elements}
    assert "broken_row" in seen.text
    assert QUOTES in seen.text


def test_a_clean_log_says_so_in_a_notebook() -> None:
    """No faults is a finding too."""
    log = log_of([said("ada", 0)])

    assert "No faults were found." in Seen(log._repr_html_()).text
    assert Seen(log_of([])._repr_html_()).unclosed == []


@pytest.mark.parametrize("by", [(), ("agent_id",), ("channel", "category")])
def test_metrics_show_themselves_in_a_notebook(by: tuple[str, ...]) -> None:
    """Times, shares, counts, groups and what is missing, all escaped."""
    found = metrics(service(60), by=by, hours=HOURS, policy=POLICY)
    seen = Seen(found._repr_html_())

    assert seen.unclosed == []
    assert "script" not in {tag for tag, _ in seen.elements}
    assert formats.duration(found["first_response_time"]["median"]) in seen.text
    assert f"Not computed: {len(found.not_computed)}" in seen.text


def test_metrics_of_nothing_show_themselves() -> None:
    """Empty input has a card without a number that is not there."""
    text = Seen(metrics(log_of([]))._repr_html_()).text

    assert "no messages" in text
    assert "None" not in text


@pytest.mark.parametrize("name", ["twcs_5000.csv", "forum_week.csv"])
def test_real_exports_have_a_page(name: str, tmp_path: Path) -> None:
    """Also without agents, categories or sentiment."""
    source = SHARED / name
    if not source.exists():
        pytest.skip(f"no {name} beside the repository")
    from socialcare.analytics import read

    path = report(read(source), tmp_path / "r.html", by=("brand", "channel", "agent_id"))
    seen = Seen(path.read_text("utf-8"))

    assert seen.unclosed == []
    assert path.stat().st_size < 1_500_000


def test_findings_are_values() -> None:
    """What a page is written from cannot be changed behind its back."""
    found = gathered(log_of([said("ada", 0)]))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.period = "week"  # type: ignore[misc]  # that is the point
