"""What a listening audit found: shares with examples, and the hours at which customers are active.

Every share has its count, what it is of, its 95 % interval and who counted: a classifier, rules or
the data. A question that can't be answered is named with the reason, and is never a zero.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import attrs
import polars as pl

from socialcare.analytics.frames import Frame, Kind, to_kind
from socialcare.analytics.quality import Quality
from socialcare.domain.statistics import Share

__all__ = ["Answer", "Example", "ListeningAudit"]

SCHEMA = "socialcare.listening_audit/1"


@attrs.frozen(kw_only=True)
class Example:
    """A message that counts, and why.

    Attributes:
        message_id: Its id.
        channel: Where it was written.
        sent_at: When.
        part: For which part of the question it counts.
        text: What was said, shortened.
        reason: Why it counts, in words.
        words: The pieces of the text that were found.
        by: Who found it: a classifier, rules or an index, by name and version.
    """

    message_id: str
    channel: str
    sent_at: datetime
    part: str
    text: str
    reason: str
    words: tuple[str, ...]
    by: str

    def to_dict(self) -> dict[str, Any]:
        """The example as plain values."""
        return {**attrs.asdict(self), "sent_at": _written(self.sent_at), "words": list(self.words)}


@attrs.frozen(kw_only=True)
class Answer:
    """The answer to one question of a planner.

    Attributes:
        name: Of the question: `frustration`, `technical_or_account`, ...
        question: The question in words.
        share: How many messages it is.
        parts: The same for each part of the question; a message may count for several.
        by: Who counted how many.
        examples: A few messages for each part, picked by chance and always the same.
    """

    name: str
    question: str
    share: Share
    parts: Mapping[str, Share]
    by: Mapping[str, int]
    examples: tuple[Example, ...]

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values."""
        return {
            "name": self.name,
            "question": self.question,
            **_plain(self.share),
            "parts": {name: _plain(share) for name, share in self.parts.items()},
            "by": dict(self.by),
            "examples": [example.to_dict() for example in self.examples],
        }


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListeningAudit:
    """The answers to a planner's questions, with their evidence.

    Attributes:
        answers: Of the questions that could be answered, in order.
        not_answered: The others, each with the reason.
        messages: How many messages customers wrote.
        read: How many of them could be read, which the shares are of.
        signs: Name and version of what was looked for.
        rules: Name and version of the book of rules.
        classifiers: The classifiers that were asked, by name and version.
        timezone: The zone of the hours.
        hours_table: The 168 hours of the week, as `series.week` has them.
        quality: What reading found.
        kind: The kind of frame that is given back.
    """

    answers: tuple[Answer, ...]
    not_answered: Mapping[str, str]
    messages: int
    read: int
    signs: str
    rules: str
    classifiers: tuple[str, ...]
    timezone: str
    hours_table: pl.DataFrame
    quality: Quality
    kind: Kind

    def __getitem__(self, name: str) -> Answer:
        """The answer to the question of that name.

        Raises:
            KeyError: If it was not answered; the error says why.
        """
        for answer in self.answers:
            if answer.name == name:
                return answer
        raise KeyError(self.not_answered.get(name, f"{name!r} is no question of an audit"))

    def shares(self) -> Frame:
        """One row for each question and each of its parts.

        Returns:
            `question`, `part` (String, null for the question itself), `k`, `n` (Int64), `value`,
            `low` and `high` (Float64: the share and its 95 % interval).
        """
        rows = [
            (answer.name, part, share.k, share.n, share.value, *(share.interval or (None, None)))
            for answer in self.answers
            for part, share in ((None, answer.share), *answer.parts.items())
        ]
        return to_kind(pl.DataFrame(rows, schema=_SHARES, orient="row"), self.kind)

    def examples(self) -> Frame:
        """One row an example.

        Returns:
            `question`, `part`, `message_id`, `channel`, `text`, `reason`, `words` (joined by `, `)
            and `by` (String), and `sent_at` (Datetime in UTC).
        """
        rows = [
            {
                "question": answer.name,
                **attrs.asdict(example),
                "words": ", ".join(example.words),
            }
            for answer in self.answers
            for example in answer.examples
        ]
        return to_kind(pl.DataFrame(rows, schema=_EXAMPLES), self.kind)

    def hours(self) -> Frame:
        """One row for each hour of the week on the clocks of `timezone`.

        Returns:
            `weekday` (0 is Monday), `hour`, `inbound` and `responses` (Int64).
        """
        chosen = self.hours_table.select("weekday", "hour", "inbound", "responses")
        return to_kind(chosen, self.kind)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the JSON of `socialcare listen audit`, schema version 1."""
        chosen = self.hours_table.select("weekday", "hour", "inbound", "responses")
        return {
            "schema": SCHEMA,
            "messages": self.messages,
            "read": self.read,
            "signs": self.signs,
            "rules": self.rules,
            "classifiers": list(self.classifiers),
            "questions": [answer.to_dict() for answer in self.answers],
            "not_answered": dict(self.not_answered),
            "hours": {"timezone": self.timezone, "table": chosen.to_dicts()},
            "quality": self.quality.to_dict(),
        }

    def __repr__(self) -> str:
        """What was read, and how many questions were answered, in a line."""
        return (
            f"<ListeningAudit of {self.read:,} messages from {self.quality.source}, "
            f"{len(self.answers)} questions answered>"
        )


_SHARES = {
    "question": pl.String,
    "part": pl.String,
    "k": pl.Int64,
    "n": pl.Int64,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
_EXAMPLES: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("question", "part", "message_id", "channel"), pl.String),
    "sent_at": pl.Datetime("us", "UTC"),
    **dict.fromkeys(("text", "reason", "words", "by"), pl.String),
}


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(share: Share) -> dict[str, Any]:
    """A share as plain values."""
    bounds = share.interval
    return {
        "k": share.k,
        "n": share.n,
        "value": share.value,
        "interval": None if bounds is None else list(bounds),
    }
