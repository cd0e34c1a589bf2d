"""The page in a real browser: it runs, sorts, turns dark and fits, without a network."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service import HOURS, POLICY, service
from socialcare.analytics import report

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
DRIVER = shutil.which("chromedriver")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
WIDTHS = (390, 768, 1280)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Chromium that keeps the log of its console and of its network."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("no chromium and chromedriver on the path")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service_ = webdriver.ChromeService(DRIVER)
    driver = webdriver.Chrome(options=options, service=service_)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of two months of service, on the disk."""
    path = tmp_path_factory.mktemp("page") / "care.html"
    return report(service(), path, hours=HOURS, policy=POLICY).resolve().as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Any:
    """The page, freshly opened at the width of a desktop on a light screen."""
    sized(browser, 1280)
    screen(browser, "light")
    browser.get(address)
    browser.execute_script("localStorage.clear()")
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(address)
    return browser


def sized(browser: Any, width: int) -> None:
    """Make the page so many pixels wide."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def screen(browser: Any, scheme: str, media: str = "") -> None:
    """Prefer a light or a dark scheme, on a screen or on paper."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})


def column(browser: Any, table: str, place: int) -> list[str]:
    """The texts of a column, from top to bottom."""
    script = (
        "return [...document.querySelectorAll(arguments[0])].map(one => one.textContent.trim())"
    )
    cells: list[str] = browser.execute_script(
        script, f"#{table} tbody tr > :nth-child({place + 1})"
    )
    return cells


def head(browser: Any, table: str, place: int) -> Any:
    """The heading of a column."""
    return browser.find_element(
        "css selector", f"#{table} thead tr:last-child th:nth-child({place + 1})"
    )


def background(browser: Any) -> str:
    """The colour of the page."""
    colour: str = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    return colour


def test_the_console_is_silent(page: Any) -> None:
    """No error, no warning, and nothing that the security policy refused."""
    assert page.get_log("browser") == []


def test_nothing_is_asked_of_the_network(page: Any, address: str) -> None:
    """The one request is for the page itself."""
    events = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = {
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    }

    assert asked == {address}


def test_no_text_of_the_data_ran(page: Any) -> None:
    """An alert from the data would be open now."""
    assert page.execute_script("return document.querySelectorAll('script').length") == 1
    assert page.title.startswith("Customer service report")


@pytest.mark.parametrize("width", WIDTHS)
def test_page_fits_its_width(page: Any, width: int) -> None:
    """Nothing makes the page scroll sideways; wide tables scroll in their own frame."""
    sized(page, width)
    outside = page.execute_script(
        """
        const frames = [...document.querySelectorAll('.wide-table')];
        return [...document.body.querySelectorAll('*')].filter((one) => {
          const box = one.getBoundingClientRect();
          const framed = frames.some((frame) => frame !== one && frame.contains(one));
          return !framed && !one.closest('svg, .skip, .unseen')
            && box.width && box.right > innerWidth + 1;
        }).map((one) => one.outerHTML.slice(0, 80));
        """
    )

    assert page.execute_script("return document.documentElement.scrollWidth") == width
    assert outside == []


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1280, "wide")])
def test_each_width_has_its_drawings(page: Any, width: int, shown: str) -> None:
    """A phone gets the narrow ones, a desktop the wide ones, and each is seen."""
    sized(page, width)
    seen = page.execute_script(
        "return [...document.querySelectorAll('.drawing')]"
        ".filter(one => one.getBoundingClientRect().height > 50).map(one => one.className)"
    )
    figures = page.execute_script("return document.querySelectorAll('figure').length")

    assert seen == [f"drawing {shown}"] * figures


def test_labels_of_drawings_do_not_overlap(page: Any) -> None:
    """No two labels of one axis or legend run into each other, on a phone either."""
    script = """
        const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
          && a.top < b.bottom - 2 && b.top < a.bottom - 2;
        const found = [];
        for (const svg of document.querySelectorAll('.drawing svg')) {
          const texts = [...svg.querySelectorAll('text')].filter((one) => one.textContent
            && one.getBoundingClientRect().width && Number(one.getAttribute('opacity') ?? 1) > 0);
          texts.forEach((one, i) => texts.slice(i + 1).forEach((other) => {
            if (meet(one.getBoundingClientRect(), other.getBoundingClientRect()))
              found.push([svg.getAttribute('aria-label'), one.textContent, other.textContent]);
          }));
        }
        return found;
    """
    found = []
    for width in (390, 1280):
        sized(page, width)
        found += page.execute_script(script)

    assert found == []


def test_a_table_sorts_by_click(page: Any) -> None:
    """Numbers fall first and rise at the second click; the heading says which."""
    answered = head(page, "channel-table", 3)
    answered.find_element("css selector", "button").click()
    falling = [int(text.replace(",", "")) for text in column(page, "channel-table", 3)]
    way = answered.get_attribute("aria-sort")
    answered.find_element("css selector", "button").click()
    rising = [int(text.replace(",", "")) for text in column(page, "channel-table", 3)]

    assert (way, falling) == ("descending", sorted(falling, reverse=True))
    assert (answered.get_attribute("aria-sort"), rising) == ("ascending", sorted(falling))


def test_a_table_sorts_by_keyboard(page: Any) -> None:
    """The heading can be reached with Tab and pressed with Enter and Space."""
    from selenium.webdriver.common.keys import Keys

    name = head(page, "agent-id-table", 0)
    name.find_element("css selector", "button").send_keys(Keys.ENTER)
    rising = column(page, "agent-id-table", 0)
    name.find_element("css selector", "button").send_keys(Keys.SPACE)
    falling = column(page, "agent-id-table", 0)

    assert name.get_attribute("aria-sort") == "descending"
    assert falling[:-1] == rising[:-1][::-1]
    assert "Sorted by Agent, descending." in page.find_element("id", "said").get_attribute(
        "textContent"
    )


def test_what_has_no_value_stays_last(page: Any) -> None:
    """Whichever way a table is sorted, "too few to say" is at its end."""
    median = head(page, "agent-id-table", 4)
    button = median.find_element("css selector", "button")
    ends = []
    for _ in range(2):
        button.click()
        ends.append(column(page, "agent-id-table", 4)[-1])

    assert ends == ["too few to say"] * 2


def test_one_heading_is_sorted_at_a_time(page: Any) -> None:
    """Sorting by another column forgets the first."""
    for place in (1, 2):
        head(page, "channel-table", place).find_element("css selector", "button").click()
    ways = [
        one.get_attribute("aria-sort")
        for one in page.find_elements("css selector", "#channel-table th[aria-sort]")
    ]

    assert sorted(set(ways)) == ["descending", "none"]
    assert ways.count("descending") == 1


def test_the_page_follows_the_screen(page: Any) -> None:
    """Dark where the screen is dark, and the button offers the other."""
    light = background(page)
    screen(page, "dark")
    dark = background(page)

    assert light == "rgb(255, 255, 255)"
    assert dark != light
    assert page.find_element("id", "theme").text == "Light"


def test_the_button_turns_the_page_and_is_remembered(page: Any, address: str) -> None:
    """The reader's choice goes before the screen's, also the next time."""
    page.find_element("id", "theme").click()
    chosen = background(page)
    pressed = page.find_element("id", "theme").get_attribute("aria-pressed")
    page.get(address)
    kept = background(page)
    page.find_element("id", "theme").click()

    assert pressed == "true"
    assert chosen == kept != "rgb(255, 255, 255)"
    assert background(page) == "rgb(255, 255, 255)"


def test_dark_drawings_are_dark_too(page: Any) -> None:
    """The bars of a chart take the dark colours, from the same drawing."""
    script = "return getComputedStyle(document.querySelector('#demand .wide path[fill]')).fill"
    light = page.execute_script(script)
    screen(page, "dark")

    assert page.execute_script(script) != light


def test_paper_is_white_whatever_the_screen(page: Any) -> None:
    """Print is light, without buttons and contents, with the wide drawings."""
    page.find_element("id", "theme").click()
    screen(page, "dark", media="print")
    hidden = page.execute_script(
        "return ['nav', '.toggle', 'details.numbers', '.drawing.narrow']"
        ".map(one => getComputedStyle(document.querySelector(one)).display)"
    )
    page.find_element("tag name", "html")

    assert background(page) == "rgb(255, 255, 255)"
    assert hidden == ["none"] * 4


def test_the_page_prints(page: Any) -> None:
    """A PDF of some pages comes out."""
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})

    assert len(printed["data"]) > 50_000


def test_page_can_be_read_with_scripts_switched_off(browser: Any, address: str) -> None:
    """Sections, numbers and drawings are there; only the button is not."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(address)
        sections = browser.find_elements("css selector", "section h2")
        button = browser.find_element("id", "theme")

        assert len(sections) == 13
        assert not button.is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_an_address_within_the_page_works(page: Any, address: str) -> None:
    """The contents lead to their sections."""
    page.get(f"{address}#faults")

    assert (
        page.execute_script(
            "return Math.abs(document.querySelector('#faults').getBoundingClientRect().top)"
        )
        < 200
    )
    assert Path(page.current_url.split("#")[0].removeprefix("file://")).exists()
