"""Rows: what an assessment is made of, stored as arrays.

A message of a customer brings a dozen of these values, and each has nearly all of its fields, so
their names would take more room, and longer to read, than what they name. The columns of a row are
the fields of its class, in order; so whoever adds a field makes a new version of the events that
hold such a row, and an upgrade to it.
"""

from datetime import datetime
from typing import Any, TypeAlias

from socialcare.domain.annotation import Annotation
from socialcare.domain.priority import Decision
from socialcare.domain.query import Hit
from socialcare.domain.stored_scalars import duration, iso, number
from socialcare.domain.tier import Priority

Row: TypeAlias = list[Any]
"""A JSON array."""
_NUMBERS = frozenset({int, float})
_VALUES = frozenset({bool, int, float, str})


def row_of_annotation(said: Annotation) -> Row:
    """The row that `annotation_from` reads."""
    value = number(said.value) if type(said.value) is float else said.value
    return [said.sense.value, value, said.by, number(said.confidence), said.start, said.end]


def annotation_from(row: Row) -> Annotation:
    """The annotation of a row.

    Raises:
        TypeError: If it has other columns, or other kinds of values in them.
        ValueError: If `Annotation` takes no such values.
    """
    if type(row) is list and len(row) == 6:
        sense, value, by, confidence, start, end = row
        if (
            type(sense) is type(by) is str
            and (value is None or type(value) in _VALUES)
            and (confidence is None or type(confidence) in _NUMBERS)
            and _is_part(start, end)
        ):
            return Annotation(
                sense=sense, value=value, by=by, confidence=confidence, start=start, end=end
            )
    raise _no_row(row, "an annotation as [sense, value, by, confidence, start, end]")


def row_of_decision(decision: Decision) -> Row:
    """The row that `decision_from` reads."""
    allowance, due_at = decision.allowance, decision.due_at
    return [
        str(decision.priority),
        decision.rule,
        decision.reason,
        decision.book,
        [row_of_hit(hit) for hit in decision.hits],
        decision.category,
        None if allowance is None else allowance.total_seconds(),
        None if due_at is None else iso(due_at),
    ]


def decision_from(row: Row) -> Decision:
    """The decision of a row.

    Raises:
        TypeError: If it has other columns, or other kinds of values in them.
        ValueError: If `Decision` takes no such values.
    """
    if type(row) is list and len(row) == 8:
        priority, rule, reason, book, hits, category, allowance, due_at = row
        if (
            type(priority) is type(reason) is type(book) is str
            and (rule is None or type(rule) is str)
            and type(hits) is list
            and (category is None or type(category) is str)
            and (allowance is None or type(allowance) in _NUMBERS)
            and (due_at is None or type(due_at) is str)
        ):
            return Decision(
                priority=Priority.of(priority),
                rule=rule,
                reason=reason,
                book=book,
                hits=tuple([hit_from(each) for each in hits]),
                category=category,
                allowance=None if allowance is None else duration(allowance),
                due_at=None if due_at is None else datetime.fromisoformat(due_at),
            )
    raise _no_row(
        row, "a decision as [priority, rule, reason, book, hits, category, allowance, due_at]"
    )


def row_of_hit(hit: Hit) -> Row:
    """The row that `hit_from` reads."""
    return [hit.term, hit.field, hit.found, hit.start, hit.end]


def hit_from(row: Row) -> Hit:
    """The hit of a row.

    Raises:
        TypeError: If it has other columns, or other kinds of values in them.
    """
    if type(row) is list and len(row) == 5:
        term, field, found, start, end = row
        if type(term) is type(field) is type(found) is str and _is_part(start, end):
            return Hit(term=term, field=field, found=found, start=start, end=end)
    raise _no_row(row, "a hit as [term, field, found, start, end]")


def _is_part(start: object, end: object) -> bool:
    """Whether these can be the ends of a part of a text."""
    return (start is None or type(start) is int) and (end is None or type(end) is int)


def _no_row(row: object, right: str) -> TypeError:
    return TypeError(f"found {row!r}, expected {right}")
