"""Crisis policies as values, mappings and TOML files, and what is wrong with them."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.errors import InvalidPolicy

FILE = """\
version = "2026-03"
false_alarm_every = "60d"
timezone = "Europe/London"
holidays = [2026-12-25, "2026-12-26"]
negative = false
topics = ["refunds", "login"]
windows = ["5m", "1h", "4h"]
quiet_for = "1h"
declared_at = "365d"
smallest_rise = 2.5
"""


def file_with(path: Path, text: str) -> Path:
    """A file with that text."""
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_makes_a_policy(tmp_path: Path) -> None:
    """Every kind of key is read."""
    policy = CrisisPolicy.from_toml(file_with(tmp_path / "crisis.toml", FILE))

    assert policy == CrisisPolicy(
        version="2026-03",
        false_alarm_every=timedelta(days=60),
        timezone="Europe/London",
        holidays=frozenset({date(2026, 12, 25), date(2026, 12, 26)}),
        negative=False,
        topics=("refunds", "login"),
        windows=(timedelta(minutes=5), timedelta(hours=1), timedelta(hours=4)),
        quiet_for=timedelta(hours=1),
        declared_at=timedelta(days=365),
        smallest_rise=2.5,
    )


def test_a_policy_reads_back_equal(tmp_path: Path) -> None:
    """What was written is what is read, with and without a stricter threshold."""
    policy = CrisisPolicy.from_toml(file_with(tmp_path / "crisis.toml", FILE))

    assert CrisisPolicy.from_mapping(policy.to_mapping()) == policy
    assert CrisisPolicy.from_mapping(CrisisPolicy().to_mapping()) == CrisisPolicy()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("false_alarms = 1", "crisis.toml: found 'false_alarms', expected a key out of false_"),
        (
            'false_alarm_every = "often"',
            "crisis.toml: false_alarm_every: found 'often', expected a",
        ),
        ('false_alarm_every = "5m"', "false_alarm_every: found '0:05:00', expected a length of"),
        ("false_alarm_every = 30", "crisis.toml: false_alarm_every: found 30, expected a duration"),
        ('timezone = "Mars"', "crisis.toml: timezone: found 'Mars', expected a time zone such as"),
        ("holidays = [2026-13-01]", "crisis.toml: found "),
        ('holidays = ["soon"]', "crisis.toml: holidays[0]: found 'soon', expected a date such as"),
        ("holidays = [2026-01-01T00:00:00]", "crisis.toml: holidays[0]: found '2026-01-01"),
        ("volume = 1", "crisis.toml: volume: found 1, expected true or false"),
        (
            "volume = false\nnegative = false\nnegative_share = false",
            "crisis.toml: topics: found 'nothing', expected",
        ),
        ('topics = ["a", "a"]', "crisis.toml: topics: found 'a', expected names that are not"),
        ('topics = [""]', "crisis.toml: topics[0]: found '', expected a text that is not empty"),
        ('windows = ["7m"]', "crisis.toml: windows: found '0:07:00', expected at least one window"),
        ("windows = []", "crisis.toml: windows: found (), expected at least one window"),
        (
            'quiet_for = "3h"',
            "crisis.toml: quiet_for: found '3:00:00', expected one of the windows",
        ),
        ("smallest_rise = 0.5", "crisis.toml: smallest_rise: found 0.5, expected 1.0 or more"),
        ("smallest_rise = nan", "crisis.toml: smallest_rise: found nan, expected 1.0 or more"),
        ("fewest = 2.5", "crisis.toml: fewest: found 2.5, expected a whole number above 0"),
        ('history = "3d"', "crisis.toml: history: found '3 days, 0:00:00', expected a length"),
        ("most_new = 1.5", "crisis.toml: most_new: found 1.5, expected a share from 0.0 to 1.0"),
        ("topics", "crisis.toml: found "),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """An error names the file, the key, what was found and what would be right."""
    path = file_with(tmp_path / "crisis.toml", text)

    with pytest.raises(InvalidPolicy) as wrong:
        CrisisPolicy.from_toml(path)
    assert said in str(wrong.value)
    assert "expected" in str(wrong.value)


def test_a_mapping_names_itself() -> None:
    """A policy that is no file is called as its giver calls it."""
    with pytest.raises(InvalidPolicy, match="settings: version: found 7, expected a text"):
        CrisisPolicy.from_mapping({"version": 7}, where="settings")


@pytest.mark.parametrize("fields", [{"topics": ("a",)}, {"windows": (timedelta(hours=2),)}])
def test_what_is_watched_shares_the_false_alarms(fields: dict[str, Any]) -> None:
    """No series and no window may take more than its part."""
    policy = CrisisPolicy(**fields)

    assert policy.share_of_alarms * len(policy.series) <= 1.0


def test_windows_are_in_order() -> None:
    """The shortest window comes first, however they were written."""
    policy = CrisisPolicy(windows=(timedelta(hours=2), timedelta(minutes=5)))

    assert policy.windows == (timedelta(minutes=5), timedelta(hours=2))
