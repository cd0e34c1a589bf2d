"""The listening audit: what a planner asks before a service begins, answered from an export.

Six questions: how many come in frustration; how many are technical or about an account; how many
are feedback, good or bad; how many a link to existing help would answer; how many need an answer or
would gain from one; and at what hours customers are active. And what share of what was heard was
never said to the brand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from os import PathLike
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from socialcare.analytics.audit_findings import Answer, ListeningAudit
from socialcare.analytics.audit_reading import (
    Classifies,
    Reading,
    chance,
    example,
    readings,
    subjects,
)
from socialcare.analytics.log import MessageLog
from socialcare.domain.audit_signs import AuditSigns, Evidence
from socialcare.domain.help_articles import HelpArticle, HelpIndex
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.priority import RuleBook
from socialcare.domain.query import Query, Subject
from socialcare.domain.statistics import Share
from socialcare.errors import InvalidValue

__all__ = ["QUESTIONS", "audit_page", "listening_audit"]

QUESTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "frustration": ("How many come in frustration?", ("frustration",)),
    "technical_or_account": (
        "How many are technical, or about an account of their own?",
        ("technical", "account"),
    ),
    "feedback": ("How many are feedback, good or bad?", ("good", "bad", "suggestion")),
    "answered_by_a_link": ("How many could be answered by a link to existing help?", ("link",)),
    "worth_an_answer": ("How many need an answer, or would gain from one?", ("need", "gain")),
    "never_addressed": ("What share never addressed the brand?", ("unaddressed",)),
}
"""The questions that are shares, in words, and the parts that each has; the sixth is the hours."""

_NAMES_BRAND = Query("mentions:brand")

NO_ARTICLES = "no help articles were given; list them with title, url and words"
NOBODY_SAYS = (
    "the data do not say what was found by listening, and no account of the brand is known; "
    "name its accounts"
)


def listening_audit(
    log: MessageLog,
    *,
    articles: Iterable[HelpArticle] = (),
    classifiers: Iterable[Classifies] = (),
    accounts: Iterable[str] = (),
    rules: RuleBook | None = None,
    signs: AuditSigns | None = None,
    tz: str = "UTC",
    examples: int = 5,
) -> ListeningAudit:
    """The answers to a planner's questions.

    Shares are of the messages that customers wrote and that can be read: those with a text, in a
    language of the signs or in one that nobody knows.

    Args:
        log: The messages.
        articles: The help that exists; without any that question is not answered.
        classifiers: Who reads the texts; where none says anything the signs and rules decide.
        accounts: The brand's accounts, besides those that the data name.
        rules: Who needs an answer, as the first tier; our book by default.
        signs: What is looked for; ours by default.
        tz: The zone of the hours.
        examples: How many for each part of a question.

    Raises:
        InvalidValue: If there is no such zone, or less than no example is asked for.
    """
    rules, signs = rules or RuleBook.default(), signs or AuditSigns.default()
    if examples < 0:
        raise InvalidValue(examples, where="examples", right="how many examples, from 0 on")
    zone, said = _zone(tz), sorted(log.to_domain(), key=lambda each: (each.order, each.key))
    asked, helps = tuple(classifiers), tuple(articles)
    customers = [message for message in said if message.by_customer]
    read = subjects(customers, asked, signs)
    index = HelpIndex(helps, (each.words for each in read)) if helps else None
    made = readings(read, signs, rules, index)
    missing = {} if helps else {"answered_by_a_link": NO_ARTICLES}
    answered = [_answer(name, made, examples) for name in _OF_TEXTS if name not in missing]
    beyond = _unaddressed(log, said, customers, frozenset(accounts))
    if beyond is None:
        missing["never_addressed"] = NOBODY_SAYS
    else:
        answered.append(_answer("never_addressed", beyond, examples))
    return ListeningAudit(
        answers=tuple(answered),
        not_answered=missing,
        messages=len(customers),
        read=len(read),
        signs=signs.called,
        rules=rules.called,
        classifiers=tuple(each.name for each in asked),
        timezone=tz,
        hours_table=_hours(said, zone),
        quality=log.quality,
        kind=log.kind,
    )


def audit_page(audit: ListeningAudit, path: str | PathLike[str]) -> Path:
    """Writes an audit as a page with charts and tables that needs no network, and gives its path.

    The page shows examples of what customers wrote, shortened. Personal data are only taken out of
    them where a classifier found them.

    Args:
        audit: What was found.
        path: Where the page is written; a file that is there is replaced, folders are made.

    Raises:
        MissingExtra: If the libraries that draw are not installed.
    """
    from socialcare.analytics.page import audit as drawn
    from socialcare.analytics.page import render

    target = Path(path)
    written = render.html(drawn.page(audit))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written, encoding="utf-8", errors="replace", newline="\n")
    return target


_OF_TEXTS = tuple(name for name in QUESTIONS if name != "never_addressed")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        right = "the name of a time zone, such as Europe/London or UTC"
        raise InvalidValue(name, where="tz", right=right) from None


def _answer(name: str, made: Sequence[Reading], examples: int) -> Answer:
    question, parts = QUESTIONS[name]
    holding = [each for each in made if not each.evidence.keys().isdisjoint(parts)]
    by_part = {part: [each for each in holding if part in each.evidence] for part in parts}
    by = Counter(_first(each, parts).by for each in holding)
    return Answer(
        name=name,
        question=question,
        share=Share(k=len(holding), n=len(made)),
        parts={
            part: Share(k=len(found), n=len(made))
            for part, found in by_part.items()
            if len(parts) > 1
        },
        by=dict(sorted(by.items())),
        examples=tuple(
            example(each, part)
            for part, found in by_part.items()
            for each in islice(_different(sorted(found, key=chance)), examples)
        ),
    )


def _different(made: Iterable[Reading]) -> Iterator[Reading]:
    """Readings of different texts, since what is said again and again shows nothing new."""
    seen: set[tuple[str, ...]] = set()
    for each in made:
        told = tuple(word for word in each.subject.words if word.isalpha())
        if told not in seen:
            seen.add(told)
            yield each


def _first(reading: Reading, parts: Sequence[str]) -> Evidence:
    return next(reading.evidence[part] for part in parts if part in reading.evidence)


# Who was addressed


def _unaddressed(
    log: MessageLog,
    said: Iterable[Message],
    customers: Sequence[Message],
    accounts: frozenset[str],
) -> tuple[Reading, ...] | None:
    """Every customer's message of which it is known, and why it counts; None where none is."""
    if "indirect" in log.table.columns and log.table["indirect"].count():
        return _as_the_data_say(log, customers)
    if not accounts and not any(message.account for message in customers):
        return None
    own = {message.key for message in said if message.direction is Direction.OUTBOUND}
    why = Evidence(
        sign="unaddressed",
        reason="names no account of the brand, answers nothing of it, and is not private",
        by="accounts",
    )
    read = (Subject(message=each, accounts=accounts) for each in customers)
    return tuple(
        Reading(subject=each, evidence={} if _is_to_brand(each, own) else {"unaddressed": why})
        for each in read
    )


def _as_the_data_say(log: MessageLog, customers: Iterable[Message]) -> tuple[Reading, ...]:
    table = log.table.select(pl.col("channel").cast(pl.String), "message_id", "indirect")
    indirect = {(channel, id_): found for channel, id_, found in table.iter_rows()}
    why = Evidence(sign="unaddressed", reason="the data call it indirect", by="the data")
    known = (each for each in customers if indirect[each.key] is not None)
    return tuple(
        Reading(
            subject=Subject(message=each),
            evidence={"unaddressed": why} if indirect[each.key] else {},
        )
        for each in known
    )


def _is_to_brand(subject: Subject, own: "set[tuple[str, str]]") -> bool:
    message = subject.message
    return (
        message.visibility is Visibility.PRIVATE
        or message.account is not None
        or (message.channel, message.in_reply_to) in own
        or _NAMES_BRAND.holds(subject)
    )


# When


def _hours(said: Iterable[Message], zone: ZoneInfo) -> pl.DataFrame:
    """The hours of the week as `series.week` has them, of customers' messages and responses."""
    inbound, responses = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for message in said:
        counted = inbound if message.by_customer else responses
        if message.by_customer or _is_response(message):
            local = message.sent_at.astimezone(zone)
            counted[(local.weekday(), local.hour)] += 1
    rows = [
        (day, hour, inbound[(day, hour)], responses[(day, hour)], None, None)
        for day in range(7)
        for hour in range(24)
    ]
    return pl.DataFrame(rows, schema=_WEEK, orient="row")


def _is_response(message: Message) -> bool:
    outbound = message.direction is Direction.OUTBOUND
    return outbound and not message.automated and not message.is_note


_WEEK = {
    **dict.fromkeys(("weekday", "hour", "inbound", "responses", "agents"), pl.Int64),
    "median": pl.Float64,
}
