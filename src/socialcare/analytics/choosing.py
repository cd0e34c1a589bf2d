"""Choosing: the conversations of a log that a query is about.

A conversation is chosen if the query holds for one of its messages, and then whole: a wait needs
both of its ends. Conversations are made of all messages first, and the log is looked at from the
same instant, so what is said of a chosen one is what the whole log says of it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.audit_reading import Classifies, said_of
from socialcare.analytics.engine.arrays import Flags
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.intervals import conversation_frame
from socialcare.analytics.log import MessageLog
from socialcare.analytics.subjects import Around, subjects
from socialcare.domain.query import Query, Subject
from socialcare.domain.query.fields import OF_THE_HOST
from socialcare.errors import InvalidQuery

__all__ = ["chosen", "needs_classifiers"]

_BY_CLASSIFIERS = frozenset(
    {"intent", "personal", "has:personal_data"} | {"is:complaint", "is:thanks", "is:urgent"}
)
"""What nothing but a classifier says of a message."""
_UNKNOWN: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("agent", "state", "tag", "team", "is:assigned", "is:reopened"), "a desk")
    | dict.fromkeys(("messages",), "a desk")
    | dict.fromkeys(("followers", "near", "place", "tier", "open", "is:verified"), "a directory")
    | dict.fromkeys(("name", "has:attachment", "is:edited"), "a channel")
)
"""What no log knows, and who does."""


def chosen(log: MessageLog, query: Query, classifiers: Sequence[Classifies] = ()) -> MessageLog:
    """The log of the conversations with a message for which the query holds.

    Args:
        log: All messages.
        query: What is asked of each.
        classifiers: What reads the texts.

    Raises:
        InvalidQuery: If it asks for what no log knows, or only a classifier would.
    """
    _refuse_unknown(query, read=bool(classifiers))
    measured = log.measured()
    holds = _holding(measured, query, classifiers)
    kept = np.zeros(len(measured.threads) + 1, np.bool_)  # the last is for what is in none
    kept[measured.threads.conversation[holds]] = True
    ids = conversation_frame(measured).filter(pl.Series(kept[:-1]))["conversation_id"]
    return attrs.evolve(
        log,
        table=log.table.filter(pl.Series(kept[measured.threads.of_row])),
        handling_table=_about(log.handling_table, ids),
        status_table=_about(log.status_table, ids),
        assignment_table=_about(log.assignment_table, ids),
        escalations_table=_about(log.escalations_table, ids),
        approvals_table=_about(log.approvals_table, ids),
        query=query,
        whole_until=log.as_of,
        rows_known=None,
    )


def needs_classifiers(query: Query) -> bool:
    """Whether a query asks for what only a classifier says."""
    return not _BY_CLASSIFIERS.isdisjoint(query.fields)


def _refuse_unknown(query: Query, *, read: bool) -> None:
    for field in sorted(query.fields):
        if field in _UNKNOWN or field.startswith(OF_THE_HOST):
            by = _UNKNOWN.get(field, "a directory")
            raise _refused(query, field, f"what an export says; only {by} knows this")
        if field in _BY_CLASSIFIERS and not read:
            raise _refused(query, field, "classifiers that read the texts, as this needs one")


def _refused(query: Query, field: str, right: str) -> InvalidQuery:
    at = max(query.text.lower().find(field.lower()), 0)
    return InvalidQuery(field, query=query.text, position=at, right=right)


def _holding(measured: Measurement, query: Query, classifiers: Sequence[Classifies]) -> Flags:
    """For each place in `Threads.order` whether the query holds for the message."""
    around = Around.of_all(measured, query.fields)
    found = (_read(each, classifiers) for each in subjects(measured, around))
    return np.fromiter(map(query.holds, found), np.bool_, len(around.place))


def _read(subject: Subject, classifiers: Sequence[Classifies]) -> Subject:
    """The subject with what classifiers say of it; what the export says counts above that."""
    if not classifiers:
        return subject
    said = said_of(subject.message, classifiers)
    return attrs.evolve(subject, annotations=(*said, *subject.annotations))


def _about(table: pl.DataFrame | None, conversations: pl.Series) -> pl.DataFrame | None:
    if table is None:
        return None
    return table.filter(pl.col("conversation_id").is_in(conversations.implode()))
