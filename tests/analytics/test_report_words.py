"""Numbers and rules read as people say them, whichever they are."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.analytics import formats
from socialcare.analytics.page import words
from socialcare.analytics.page.render import prose
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from strategies import policies

OFFICE = {"mon-thu": ["09:00-12:30", "13:00-17:30"], "fri": ["22:00-06:00"]}


def plain(text: str) -> str:
    """A text with common spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{EN DASH}", "-")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.5, "1 min"),
        (3_599.6, "1 h"),
        (3_601, "1 h"),
        (86_399, "1 d"),
        (90_000, "1 d 1 h"),
        (100 * 86_400, "100 d"),
        (1_500 * 86_400, "1,500 d"),
    ],
)
def test_durations_round_into_the_next_unit(seconds: float, words: str) -> None:
    """There are never 60 seconds, 60 minutes or 24 hours."""
    assert plain(formats.duration(seconds)) == words


@given(st.floats(0, 1e10))
def test_durations_are_near_what_they_say(seconds: float) -> None:
    """What is read differs by half of the smaller unit at most."""
    units = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
    parts = plain(formats.duration(seconds)).replace(",", "").split()
    said = sum(int(n) * units[unit] for n, unit in zip(parts[::2], parts[1::2], strict=True))
    coarse = 3_600 if seconds >= 86_370 else 60 if seconds >= 3_570 else 1

    assert abs(said - seconds) <= coarse / 2 + 1e-6


def test_what_is_missing_is_never_a_number() -> None:
    """Every format has the same words for it."""
    shown = (
        formats.duration(None),
        formats.business_duration(None),
        formats.count(None),
        formats.share(None),
        formats.interval(None),
        formats.score(None),
        formats.money(None, "EUR"),
    )

    assert set(shown) == {formats.TOO_FEW}


def test_moments_are_those_of_the_zone() -> None:
    """The same instant reads differently in London and Tokyo."""
    at = datetime(2026, 7, 1, 20, 5, tzinfo=UTC)

    assert plain(formats.moment(at, ZoneInfo("Europe/London"))) == "1 Jul 2026, 21:05"
    assert plain(formats.moment("2026-07-01T20:05:00Z", ZoneInfo("Asia/Tokyo"))) == (
        "2 Jul 2026, 05:05"
    )


@given(st.text())
def test_names_hold_nothing_unseen(text: str) -> None:
    """On one line, at most 60 characters, and fit for a drawing in XML."""
    name = formats.name(text)

    assert 1 <= len(name) <= 60
    assert all(one.isprintable() or one in "\u200c\u200d" for one in name)


def test_names_keep_joined_letters_and_emoji() -> None:
    """Persian words and families are not taken apart."""
    family = "\U0001f469\u200d\U0001f467"

    assert (
        formats.name(f"{family} \u0645\u06cc\u200c\u062e") == f"{family} \u0645\u06cc\u200c\u062e"
    )


@given(policies())
def test_every_policy_has_its_words(policy: MeasurementPolicy) -> None:
    """Each choice is a sentence, whatever was chosen."""
    sentences = words.policy(policy.to_mapping())

    assert all(one.endswith(".") and "None" not in one for one in sentences)


@pytest.mark.parametrize("name", ["socialcare", "zendesk", "chatwoot", "zammad", "frappe"])
def test_every_preset_has_its_words(name: str) -> None:
    """Also those of the peers."""
    mapping = MeasurementPolicy.preset(name).to_mapping()

    assert len(words.policy(mapping)) >= 10
    assert words.policy_name(mapping).startswith(name)


def test_policies_differ_in_words() -> None:
    """A choice that changes the numbers changes a sentence."""
    ours = words.policy(MeasurementPolicy().to_mapping())
    last = words.policy(MeasurementPolicy(opens="last").to_mapping())

    assert [one for one in last if one not in ours] == [
        "A wait opens at the last customer message before the response."
    ]


def test_hours_name_days_with_the_same_windows_together() -> None:
    """Monday to Thursday is one run; holidays are counted."""
    hours = BusinessHours.from_mapping(
        {"timezone": "Europe/London", "weekly": OFFICE, "holidays": ["2026-12-25"]}
    ).to_mapping()

    assert [plain(one) for one in words.hours(hours)] == [
        "Business time is counted on the clocks of Europe/London.",
        "Open Mon-Thu 09:00-12:30 and 13:00-17:30, Fri 22:00-06:00; 1 holiday.",
    ]
    assert plain(words.hours_in_short(hours)).startswith("Mon-Thu 09:00-12:30")


def test_hours_with_versions_say_from_when() -> None:
    """Each version is a sentence."""
    hours = BusinessHours.from_mapping(
        {
            "timezone": "Europe/London",
            "weekly": OFFICE,
            "versions": [{"from": "2026-06-01", "weekly": {"sat": ["10:00-14:00"]}}],
        }
    ).to_mapping()
    told = [plain(one) for one in words.hours(hours)]

    assert told[2] == "From 2026-06-01: Sat 10:00-14:00."
    assert plain(words.hours_in_short(hours)) == "2 versions (Europe/London)"


def test_no_hours_are_none() -> None:
    """Which is said, and not taken for around the clock."""
    assert words.hours(None) == ()
    assert words.hours_in_short(None) == "none given: calendar time only"


@given(st.text(alphabet="ab`<&\"'"))
def test_prose_lets_nothing_through(text: str) -> None:
    """Backticks make code, and everything else is escaped."""
    shown = str(prose(text)).replace("<code>", "").replace("</code>", "")

    assert "<" not in shown
    assert '"' not in shown
