"""Who works at Northline, where people write to it, and when somebody is there to answer."""

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from northline.figures import FIRST_RESPONSE_MINUTES, PROBABILITIES

BRAND = "northline"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONE = ZoneInfo("Europe/London")
FIRST_DAY = date(2026, 3, 9)
DAYS = 28
_SHIFT = 8 * 60.0
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def at(day: date, hour: int = 0, minute: int = 0) -> int:
    """A local time as milliseconds since 1970 in UTC."""
    local = datetime.combine(day, time(hour, minute), ZONE)
    return int(local.astimezone(UTC).timestamp()) * SECOND


START = at(FIRST_DAY)
END = at(FIRST_DAY + timedelta(days=DAYS))
OUTAGE = (at(date(2026, 3, 18), 6), at(date(2026, 3, 18), 15))
"""The signalling between two stations fails, the app follows, and everybody writes."""


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Somebody who answers, and how much longer than others they take."""

    id: str
    sign: str
    team: str
    weight: float
    pace: float


AGENTS = (
    Agent(id="anna", sign="AK", team="social", weight=0.34, pace=0.8),
    Agent(id="ben", sign="BO", team="social", weight=0.36, pace=2.6),
    Agent(id="chloe", sign="CM", team="social", weight=0.30, pace=0.9),
    Agent(id="dev", sign="DP", team="desk", weight=0.40, pace=0.9),
    Agent(id="elif", sign="EY", team="desk", weight=0.35, pace=1.0),
    Agent(id="farid", sign="FN", team="desk", weight=0.25, pace=1.2),
    Agent(id="grace", sign="GL", team="chat", weight=0.55, pace=0.9),
    Agent(id="hugo", sign="HB", team="chat", weight=0.45, pace=1.1),
)


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A place where people write.

    Attributes:
        share: Of all conversations, how many begin here.
        quoting: Whether an answer names the message that it answers.
        delivery: Seconds from being written to being received, at least and at most.
    """

    name: str
    account: str
    team: str
    share: float
    public: bool
    quoting: bool
    delivery: tuple[float, float]


_LISTED = (
    Channel(
        name="x",
        account="@northline",
        team="social",
        share=0.34,
        public=True,
        quoting=True,
        delivery=(1.0, 9.0),
    ),
    Channel(
        name="mastodon",
        account="@help@northline.example",
        team="social",
        share=0.10,
        public=True,
        quoting=True,
        delivery=(0.5, 6.0),
    ),
    Channel(
        name="instagram",
        account="northline.trains",
        team="social",
        share=0.12,
        public=True,
        quoting=True,
        delivery=(2.0, 15.0),
    ),
    Channel(
        name="email",
        account="care@northline.example",
        team="desk",
        share=0.18,
        public=False,
        quoting=True,
        delivery=(4.0, 90.0),
    ),
    Channel(
        name="chat",
        account="web",
        team="chat",
        share=0.15,
        public=False,
        quoting=False,
        delivery=(0.1, 0.8),
    ),
    Channel(
        name="forum",
        account="community",
        team="desk",
        share=0.11,
        public=True,
        quoting=True,
        delivery=(0.2, 2.0),
    ),
)
CHANNELS: Mapping[str, Channel] = MappingProxyType({one.name: one for one in _LISTED})


class OpenHours:
    """When the desk is open, read from the same `hours.toml` that readers of the data use."""

    def __init__(self, path: Path) -> None:
        described = tomllib.loads(path.read_text("utf-8"))
        days = [FIRST_DAY + timedelta(days=n) for n in range(DAYS + 28)]
        self._windows = [window for day in days for window in _windows(described, day)]
        self._opens = [opening for opening, _ in self._windows]
        self._before = [0, *accumulate(closing - opening for opening, closing in self._windows)]

    def is_open(self, instant: int) -> bool:
        """Whether somebody is there."""
        place = bisect_right(self._opens, instant) - 1
        return place >= 0 and instant < self._windows[place][1]

    def after(self, start: int, open_for: int) -> int:
        """The instant at which the desk has been open for so long since `start`."""
        wanted = self._worked(start) + open_for
        place = bisect_right(self._before, wanted) - 1
        if place >= len(self._windows):
            return self._windows[-1][1] + wanted - self._before[-1]
        return self._windows[place][0] + wanted - self._before[place]

    def _worked(self, instant: int) -> int:
        place = bisect_right(self._opens, instant) - 1
        if place < 0:
            return 0
        opening, closing = self._windows[place]
        return self._before[place] + min(instant, closing) - opening


def _windows(described: dict[str, Any], day: date) -> list[tuple[int, int]]:
    text = day.isoformat()
    if text in described["holidays"]:
        return []
    version = [one for one in described["versions"] if one["from"] <= text][-1]
    spans = described["dates"].get(text, version["weekly"].get(_WEEKDAYS[day.weekday()], []))
    return [_window(day, span) for span in spans]


def _window(day: date, span: str) -> tuple[int, int]:
    opening, closing = (tuple(map(int, edge.split(":"))) for edge in span.split("-"))
    return at(day, *opening), at(day, *closing)


def response_minutes(random: Random, channel: str) -> float:
    """How long a first response takes on this channel, drawn from the measured quantiles.

    What was measured includes nights: of anything beyond a shift, a third is time at the desk.
    """
    quantiles = random.choice(FIRST_RESPONSE_MINUTES[channel])
    chance = random.random() * PROBABILITIES[-1]
    place = bisect_right(PROBABILITIES, chance)
    low, high = PROBABILITIES[place - 1 : place + 1]
    part = (chance - low) / (high - low)
    minutes = quantiles[place - 1] + part * (quantiles[place] - quantiles[place - 1])
    return min(minutes, _SHIFT) + max(0.0, minutes - _SHIFT) / 3


def agent_for(random: Random, team: str) -> Agent:
    """One of the team, the busier ones more often."""
    members = [agent for agent in AGENTS if agent.team == team]
    return random.choices(members, [agent.weight for agent in members])[0]
