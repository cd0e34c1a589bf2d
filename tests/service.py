"""Two months of made-up service, large enough to fill every section of a report.

Names are as unpleasant as the law allows: markup, quotes, and marks that turn the direction of
writing, in every place where data can stand.
"""

import random
from collections.abc import Iterator
from datetime import timedelta

import attrs
import polars as pl

from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Fault, Quality, SetAside
from socialcare.analytics.table import HANDLING
from socialcare.domain.hours import BusinessHours
from socialcare.domain.message import Author, Message
from socialcare.domain.policy import MeasurementPolicy, Targets
from spoken import MONDAY, log_of, said

SCRIPT = "</script><script>alert(1)</script>"
QUOTES = "\"quoted\" & 'so on'"
TURNED = "Bo \u202eb txet"
AGENTS = (f"Ann {SCRIPT}", QUOTES, TURNED, "\u05e9\u05e8\u05d4", "\x00\x07bell", "dave", "eve")
CHANNELS = ("x", "mastodon", f"email{SCRIPT}")
CATEGORIES = ("delivery", f"<b>billing</b>{SCRIPT}", "returns", None)
SOURCE = f'/srv/exports/{QUOTES}<img src=x onerror="alert(1)">.csv'

HOURS = BusinessHours.from_mapping(
    {"timezone": "Europe/London", "weekly": {"mon-fri": ["09:00-17:30"], "sat": ["10:00-14:00"]}}
)
POLICY = MeasurementPolicy(
    targets=Targets(first_response=timedelta(hours=1), next_response=timedelta(hours=4))
)


def service(conversations: int = 400, *, seed: int = 2) -> MessageLog:
    """A log of so many conversations, with every optional part that a report shows."""
    chance = random.Random(seed)
    messages = [one for n in range(conversations) for one in _conversation(chance, n)]
    log = log_of(messages, handling=_handling(messages))
    quality = Quality(
        source=SOURCE,
        format="guessed",
        rows=len(log) + len(_SET_ASIDE),
        kept=len(log),
        faults=_FAULTS,
        notes=(f"`sent_at` was guessed from {SCRIPT}",),
        set_aside=_SET_ASIDE,
    )
    return attrs.evolve(log, quality=quality)


_SET_ASIDE = tuple(
    SetAside(line=line, reason=f"3 fields, {QUOTES}", code="broken_row", text=SCRIPT)
    for line in range(2, 60)
)
_FAULTS = (
    Fault(
        code="broken_row",
        count=58,
        meaning="A row has another number of fields than the header.",
        examples=({"line": 17, "found": SCRIPT}, {"line": 18, "found": TURNED}),
    ),
    Fault(code="future_time", count=1, meaning="A time is later than the reading."),
)


def _conversation(chance: random.Random, number: int) -> Iterator[Message]:
    """A few questions and, most of them, answers; slower by night, on e-mail, and by dave."""
    minute = _opening(chance)
    channel = chance.choices(CHANNELS, [6, 3, 2])[0]
    agent = chance.choice(AGENTS)
    pace = {"x": 10, "mastodon": 25}.get(channel, 120) * (4 if agent == "dave" else 1)
    mood = chance.uniform(-1, 0.4)
    shared = {"channel": channel, "category": chance.choice(CATEGORIES)}
    for _ in range(chance.choice((1, 1, 2, 3))):
        customer = f"customer {number}".replace(" ", "-")
        yield said(customer, minute, sentiment=max(-1.0, min(1.0, mood)), **shared)
        if chance.random() < 0.12:
            return
        minute += chance.lognormvariate(0, 1.2) * pace
        author = Author(id=agent, role="agent", team_id="front")
        visibility = "private" if chance.random() < 0.3 else "public"
        yield said(f"a: {customer}", minute, author=author, visibility=visibility, **shared)
        minute += chance.lognormvariate(3, 0.8)
        mood += chance.uniform(0, 0.7)


def _opening(chance: random.Random) -> float:
    """Minutes after Monday nine, on most days by day."""
    return chance.randrange(56) * 1440 + max(-500.0, min(880.0, chance.gauss(270, 240)))


def _handling(messages: list[Message]) -> pl.DataFrame:
    rows = [
        (f"{one.channel}:{one.id}", "dave", one.sent_at, one.sent_at + timedelta(minutes=7))
        for one in messages
        if one.agent_id is None and one.sent_at > MONDAY
    ]
    return pl.DataFrame(rows, schema=dict(HANDLING), orient="row")
