"""A crisis policy tried on a log: what it would have found, when, and how surely.

The messages go the course that they would go at a desk (`socialcare.domain.crisis.course`).
How a message sounds is taken from the export, or else from a classifier; where neither says
anything, what sounds bad is not watched, and the alarms are shared by the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from socialcare.analytics.audit_reading import Classifies, said_of
from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.crisis.detector import Flood
from socialcare.domain.crisis.drivers import Driver
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.crisis.policy import NEGATIVE, SHARE
from socialcare.domain.crisis.replay import Alarm, Point, Replay, replay
from socialcare.domain.crisis.windows import Rise
from socialcare.domain.message import Message
from socialcare.domain.query import Subject
from socialcare.errors import InvalidValue

__all__ = ["CrisisReplay", "crisis_page", "crisis_replay"]

SCHEMA = "socialcare.crisis_replay/1"
SILENCE = timedelta(days=14)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CrisisReplay:
    """What a plan's policy would have found in a log.

    Attributes:
        plan: The plan, with the policy that was tried.
        found: Alarms, floods and counts.
        messages: How many messages by customers there were.
        stray: How many others there were, before or after a silence.
        scored: How many of them anybody could say of how they sound.
        classifiers: Who was asked, by name and version.
        not_watched: Series that the policy asks for and the data don't allow.
        quality: What reading the log found.
    """

    plan: CrisisPlan
    found: Replay
    messages: int
    stray: int
    scored: int
    classifiers: tuple[str, ...]
    not_watched: tuple[str, ...]
    quality: Quality

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the JSON of `socialcare crisis replay`, schema version 1."""
        found, policy = self.found, self.plan.policy
        return {
            "schema": SCHEMA,
            "source": self.quality.source,
            "plan": self.plan.name,
            "policy": policy.to_mapping(),
            "since": found.since.isoformat(),
            "until": found.until.isoformat(),
            "messages": self.messages,
            "stray": self.stray,
            "scored": self.scored,
            "classifiers": list(self.classifiers),
            "series": list(policy.series),
            "not_watched": list(self.not_watched),
            "false_alarms_allowed": found.allowed,
            "chance_of_so_many": found.chance_of(len(found.alarms)),
            "alarms": [_alarm(each) for each in found.alarms],
            "floods": [_flood(each, policy.timezone) for each in found.floods],
            "points": [_point(each) for each in found.points],
        }


def _alarm(alarm: Alarm) -> dict[str, Any]:
    return {
        "at": alarm.at.isoformat(),
        "ended": None if alarm.ended is None else alarm.ended.isoformat(),
        "state": alarm.state.value,
        "reason": alarm.reason,
        "genuine": alarm.genuine,
        "rise": _rise(alarm.rise),
        "drivers": [_driver(each) for each in alarm.drivers],
    }


def _flood(flood: Flood, timezone: str) -> dict[str, Any]:
    return {
        "at": flood.at.isoformat(),
        "reason": flood.rise.words(timezone),
        "rise": _rise(flood.rise),
        "messages": flood.voices.messages,
        "authors": flood.voices.authors,
        "repeated": flood.voices.repeated,
    }


def _rise(rise: Rise) -> dict[str, Any]:
    return {
        "series": rise.series,
        "since": rise.since.isoformat(),
        "until": rise.until.isoformat(),
        "count": rise.count,
        "usual": rise.usual,
        "of": rise.of,
        "once_in_days": rise.once_in.total_seconds() / 86_400,
    }


def _driver(driver: Driver) -> dict[str, Any]:
    return attrs.asdict(driver)


def _point(point: Point) -> dict[str, Any]:
    return {
        "series": point.series,
        "start": point.start.isoformat(),
        "end": point.end.isoformat(),
        "count": point.count,
        "of": point.of,
        "expected": point.expected,
        "threshold": point.threshold,
        "state": point.state.value,
    }


def crisis_replay(
    log: MessageLog,
    plan: CrisisPlan,
    *,
    classifiers: Iterable[Classifies] = (),
    accounts: Iterable[str] = (),
    top: int = 5,
) -> CrisisReplay:
    """What a plan's policy would have found in a log, judged by nothing that came later.

    Args:
        log: The messages.
        plan: What is watched; its topics are looked for with their queries.
        classifiers: Who says how messages sound that come without a score.
        accounts: The brand's own accounts, by name, for queries that ask for them.
        top: How many drivers of each kind are told.

    Raises:
        InvalidValue: If the log is no longer than the history that the policy wants, or nothing
            is left to be watched.
    """
    asked = tuple(classifiers)
    reading = _Reading(plan, asked, frozenset(accounts))
    every = [each for each in log.to_domain() if each.by_customer]
    busiest = max(_without_silence(every), key=len, default=[])
    said = [reading.read(each) for each in busiest]
    scored = sum(score is not None for _, score, _ in said)
    watched, missing = (plan, ()) if scored else _without_sentiment(plan)
    known = {message.key: (score, topics) for message, score, topics in said}
    found = replay(
        (message for message, _, _ in said),
        watched.policy,
        topics=lambda message: known[message.key][1],
        sentiment=lambda message: known[message.key][0],
        top=top,
    )
    return CrisisReplay(
        plan=watched,
        found=found,
        messages=len(said),
        stray=len(every) - len(said),
        scored=scored,
        classifiers=tuple(each.name for each in asked),
        not_watched=missing,
        quality=log.quality,
    )


def _without_silence(messages: Iterable[Message]) -> Iterator[Sequence[Message]]:
    """The messages in order, cut wherever nobody wrote for long."""
    part: list[Message] = []
    for message in sorted(messages, key=lambda each: each.sent_at):
        if part and message.sent_at - part[-1].sent_at > SILENCE:
            yield part
            part = []
        part.append(message)
    yield part


@attrs.frozen
class _Reading:
    """Says of messages how they sound and what they are about."""

    plan: CrisisPlan
    classifiers: tuple[Classifies, ...]
    accounts: frozenset[str]

    def read(self, message: Message) -> tuple[Message, float | None, tuple[str, ...]]:
        """The message, its score from -1.0 to 1.0, and its topics."""
        said: tuple[Annotation, ...] = ()
        if self.classifiers and (message.text or "").strip():
            said = said_of(message, self.classifiers)
        subject = Subject(message=message, annotations=said, accounts=self.accounts)
        score = message.sentiment
        if score is None:
            own = subject.known(Sense.SENTIMENT)
            score = own if isinstance(own, float) else None
        return message, score, self.plan.topics_of(subject)


def _without_sentiment(plan: CrisisPlan) -> tuple[CrisisPlan, tuple[str, ...]]:
    """The plan without what needs a score, and what that was."""
    missing = tuple(name for name in plan.policy.series if name in (NEGATIVE, SHARE))
    if missing == plan.policy.series:
        right = "messages of which anybody says how they sound, or volume or a topic to be watched"
        raise InvalidValue("no sentiment", where="crisis policy", right=right)
    policy = attrs.evolve(plan.policy, negative=False, negative_share=False)
    return attrs.evolve(plan, policy=policy), missing


def crisis_page(found: CrisisReplay, path: str | PathLike[str]) -> Path:
    """Writes a replay as a page with plots and tables that needs no network, and gives its path.

    Args:
        found: What was found.
        path: Where the page is written; a file that is there is replaced, folders are made.

    Raises:
        MissingExtra: If the libraries that draw are not installed.
    """
    from socialcare.analytics.page import crisis as drawn
    from socialcare.analytics.page import render

    target = Path(path)
    written = render.html(drawn.page(found))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written, encoding="utf-8", errors="replace", newline="\n")
    return target
