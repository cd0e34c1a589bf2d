"""A listening tried on a log: what each query would have found last month, and what not.

Nothing is sent to a desk: a trial shows what would have been, before it is switched on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import polars as pl

from socialcare.analytics.frames import Frame, Kind, to_kind
from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.domain.audit_signs import AuditSigns
from socialcare.domain.listening import (
    Hearing,
    Interest,
    Listening,
    ListeningQuery,
    ListeningRecord,
)
from socialcare.domain.message import Message
from socialcare.domain.query import Subject
from socialcare.domain.suggestions import Suggestion, rising

__all__ = ["Found", "ListeningTrial", "TermsHeard", "listening_trial", "suggested_terms"]

SCHEMA = "socialcare.listening_trial/1"


@attrs.frozen(kw_only=True)
class Found:
    """A message that a query passed on, and the words that it found.

    Attributes:
        message: The message.
        words: The pieces of the text, in order and each once.
    """

    message: Message
    words: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ListeningTrial:
    """What a listening hears of a log.

    Attributes:
        listening: What was listened for.
        record: What became of every message, and the same for each query.
        examples: For each query the first messages that it passed on.
        heard_table: What was heard, as polars.
        quality: What reading the log found.
        kind: The kind of frame that is given back.
    """

    listening: Listening
    record: ListeningRecord
    examples: Mapping[str, tuple[Found, ...]]
    heard_table: pl.DataFrame
    quality: Quality
    kind: Kind

    def heard(self) -> Frame:
        """One row a message that was heard, in order of time.

        Returns:
            `channel`, `message_id` (String), `sent_at` (Datetime in UTC), `found_by` (the queries,
            joined by `, `) and `text` (String).
        """
        return to_kind(self.heard_table, self.kind)

    def queries(self) -> Frame:
        """One row a query.

        Returns:
            `name`, `interest`, `query` (String), `looked_at`, `found`, `passed_on` and `held_back`
            (Int64).
        """
        return to_kind(pl.DataFrame(self._rows(), schema=_QUERIES), self.kind)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the JSON of `socialcare listen run`, schema version 1."""
        counts = attrs.asdict(self.record, filter=lambda field, _: field.name != "queries")
        return {
            "schema": SCHEMA,
            "listening": f"{self.listening.name} {self.listening.version}",
            **counts,
            "queries": [
                {**row, "examples": [_shown(each) for each in self.examples[row["name"]]]}
                for row in self._rows()
            ],
        }

    def _rows(self) -> list[dict[str, Any]]:
        pairs = zip(self.listening.queries, self.record.queries, strict=True)
        return [
            {
                "name": query.name,
                "interest": query.interest.value,
                "query": query.text,
                **attrs.asdict(counted, filter=lambda field, _: field.name != "name"),
            }
            for query, counted in pairs
        ]


_QUERIES: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("name", "interest", "query"), pl.String),
    **dict.fromkeys(("looked_at", "found", "passed_on", "held_back"), pl.Int64),
}
_HEARD: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("channel", "message_id"), pl.String),
    "sent_at": pl.Datetime("us", "UTC"),
    **dict.fromkeys(("found_by", "text"), pl.String),
}


def listening_trial(log: MessageLog, listening: Listening, *, examples: int = 3) -> ListeningTrial:
    """What a listening hears of the messages of a log, in order of time.

    Args:
        log: The messages.
        listening: What is listened for.
        examples: How many messages are kept for each query.
    """
    hearing = listening.hear(_in_order(log))
    queries = {query.name: query for query in listening.queries}
    kept: dict[str, list[Found]] = {name: [] for name in queries}
    rows = []
    for heard in hearing:
        message = heard.message
        rows.append((*message.key, message.sent_at, ", ".join(heard.found_by), message.text))
        for name in heard.found_by:
            if len(kept[name]) < examples:
                kept[name].append(_found(queries[name], message, listening))
    return ListeningTrial(
        listening=listening,
        record=hearing.record,
        examples={name: tuple(found) for name, found in kept.items()},
        heard_table=pl.DataFrame(rows, schema=_HEARD, orient="row"),
        quality=log.quality,
        kind=log.kind,
    )


def _in_order(log: MessageLog) -> list[Message]:
    return sorted(log.to_domain(), key=lambda message: (message.order, message.key))


def _found(query: ListeningQuery, message: Message, listening: Listening) -> Found:
    match = query.query.matches(Subject(message=message, accounts=listening.accounts))
    hits = () if match is None else match.hits
    found = (hit.found for hit in hits if hit.start is not None)
    return Found(message=message, words=tuple(dict.fromkeys(found)))


def _shown(found: Found) -> dict[str, Any]:
    channel, message_id = found.message.key
    return {
        "channel": channel,
        "message_id": message_id,
        "text": found.message.text,
        "words": list(found.words),
    }


# Terms that one could listen for besides


@attrs.frozen(kw_only=True)
class TermsHeard:
    """Terms that rise beside what is listened for.

    Attributes:
        beside: Those that are said more beside the brand's names than elsewhere.
        complaints: Those that tell complaints about the brand from what else is said of it.
        about: How many texts are about the brand.
        background: How many are not.
        complaining: How many of those about it complain.
    """

    beside: tuple[Suggestion, ...]
    complaints: tuple[Suggestion, ...]
    about: int
    background: int
    complaining: int


def suggested_terms(
    log: MessageLog, listening: Listening, *, most: int = 20, least: int = 3
) -> TermsHeard:
    """Terms of a log that are not listened for, and might be.

    Args:
        log: The messages.
        listening: What is listened for; the queries about the brand say what is about it.
        most: How many terms at most, of either kind.
        least: How many texts must have a term.
    """
    subjects = [Subject(message=each) for each in _texts(log, listening)]
    about, background = _parted(subjects, listening)
    sign = AuditSigns.default().signs["frustration"]
    complaining: list[str] = []
    content: list[str] = []
    for each in about:
        (complaining if sign.evidence(each) else content).append(each.text)
    return TermsHeard(
        beside=rising(
            (each.text for each in about),
            (each.text for each in background),
            known=listening.knows,
            most=most,
            least=least,
        ),
        complaints=rising(complaining, content, known=listening.knows, most=most, least=least),
        about=len(about),
        background=len(background),
        complaining=len(complaining),
    )


def _texts(log: MessageLog, listening: Listening) -> Iterator[Message]:
    """What others wrote; every text of one author once, since machines repeat themselves."""
    seen: defaultdict[str | None, set[str]] = defaultdict(set)
    own = Hearing(listening)
    for message in _in_order(log):
        text = (message.text or "").strip()
        if text and not own.is_own(message) and text not in seen[message.author.id]:
            seen[message.author.id].add(text)
            yield message


def _parted(
    subjects: Iterable[Subject], listening: Listening
) -> tuple[Sequence[Subject], Sequence[Subject]]:
    """The subjects that a query about the brand finds, and the others."""
    brand = [each.query for each in listening.queries if each.interest is Interest.BRAND]
    about: list[Subject] = []
    background: list[Subject] = []
    for subject in subjects:
        found = any(query.holds(subject) for query in brand)
        (about if found else background).append(subject)
    return about, background
