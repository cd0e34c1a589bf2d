"""What assessments are made of, as rows, and as the objects that they were in version 1."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import attrs
import pytest

from builders import asks, at
from socialcare.domain.actor import Actor
from socialcare.domain.annotation import Annotation
from socialcare.domain.assessment import Assessment
from socialcare.domain.events import Assessed, Event, MessageEdited, MessageReceived
from socialcare.domain.priority import Decision
from socialcare.domain.query import Hit
from socialcare.domain.stored_form import event_from, event_text
from socialcare.domain.tier import Priority
from socialcare.errors import InvalidEvent

ANNA = Actor(id="anna")
SAID = Assessment(
    annotations=(
        Annotation(sense="language", value="en", by="reader 1"),
        Annotation(sense="personal_data", value="phone", by="finder 2", start=3, end=9),
        Annotation(sense="complaint", value=True, by="person:anna", confidence=1.0),
        Annotation(sense="sentiment", value=-0.5, by="scorer 3", confidence=0.25),
    ),
    decision=Decision(
        priority=Priority.of("first/3"),
        reason="dissatisfaction",
        book="default 1",
        rule="refunds",
        hits=(
            Hit(term="refund", field="text", found="Refund", start=0, end=6),
            Hit(term="is:complaint", field="is", found="complaint"),
        ),
        category="Payment / Refund",
        allowance=timedelta(hours=2),
        due_at=at(60),
    ),
    found_by=("brand",),
)
EVENTS: dict[str, Event] = {
    "message_received": MessageReceived(
        conversation="x:1", at=at(0), by=ANNA, message=asks(0), assessment=SAID
    ),
    "message_edited": MessageEdited(
        conversation="x:1", at=at(0), by=ANNA, message=asks(0), assessment=SAID
    ),
    "assessed": Assessed(
        conversation="x:1", at=at(0), by=ANNA, channel="x", message_id="0", assessment=SAID
    ),
}
"""One of every type that holds an assessment."""
OBJECTS: dict[str, Any] = {
    "annotations": [
        {"sense": "language", "value": "en", "by": "reader 1"},
        {"sense": "personal_data", "value": "phone", "by": "finder 2", "start": 3, "end": 9},
        {"sense": "complaint", "value": True, "by": "person:anna", "confidence": 1.0},
        {"sense": "sentiment", "value": -0.5, "by": "scorer 3", "confidence": 0.25},
    ],
    "decision": {
        "priority": "first/3",
        "reason": "dissatisfaction",
        "book": "default 1",
        "rule": "refunds",
        "hits": [
            {"term": "refund", "field": "text", "found": "Refund", "start": 0, "end": 6},
            {"term": "is:complaint", "field": "is", "found": "complaint"},
        ],
        "category": "Payment / Refund",
        "allowance": 7200.0,
        "due_at": at(60).isoformat(),
    },
    "found_by": ["brand"],
}
"""The assessment as version 1 had it."""
ROWS: dict[str, Any] = {
    "annotations": [
        ["language", "en", "reader 1", None, None, None],
        ["personal_data", "phone", "finder 2", None, 3, 9],
        ["complaint", True, "person:anna", 1.0, None, None],
        ["sentiment", -0.5, "scorer 3", 0.25, None, None],
    ],
    "decision": [
        "first/3",
        "refunds",
        "dissatisfaction",
        "default 1",
        [["refund", "text", "Refund", 0, 6], ["is:complaint", "is", "complaint", None, None]],
        "Payment / Refund",
        7200.0,
        at(60).isoformat(timespec="microseconds"),
    ],
    "found_by": ["brand"],
}
"""And as version 2 has it."""
VERSIONS: dict[int, dict[str, Any]] = {1: OBJECTS, 2: ROWS}


def text(name: str, version: int, assessment: object) -> str:
    """The text of an event in a version, with this assessment."""
    fields = json.loads(event_text(EVENTS[name]))
    return json.dumps(fields | {"version": version, "assessment": assessment})


@pytest.mark.parametrize("name", EVENTS)
def test_they_are_stored_as_rows(name: str) -> None:
    """An event is written as version 2 is."""
    assert json.loads(event_text(EVENTS[name])) == json.loads(text(name, 2, ROWS))


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (Annotation, ROWS["annotations"][0]),
        (Decision, ROWS["decision"]),
        (Hit, ROWS["decision"][4][0]),
    ],
)
def test_every_field_has_a_column(kind: type[attrs.AttrsInstance], row: list[object]) -> None:
    """A field that has none yet makes a new version of all events that hold such a row."""
    assert len(row) == len(attrs.fields(kind))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", EVENTS)
def test_both_versions_read_alike(name: str, version: int) -> None:
    """What was stored as objects says what it said."""
    assert event_from(text(name, version, VERSIONS[version])) == EVENTS[name]


@pytest.mark.parametrize("assessment", [{}, {"decision": None}, {"annotations": []}])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", EVENTS)
def test_an_assessment_may_say_nothing(
    name: str, version: int, assessment: dict[str, object]
) -> None:
    """Nobody may have read a message or ranked it."""
    event = event_from(text(name, version, assessment))

    assert json.loads(event_text(event)) == json.loads(text(name, 2, {}))


@pytest.mark.parametrize("version", VERSIONS)
def test_numbers_may_be_whole(version: int) -> None:
    """A number without a point is the number."""
    whole = json.loads(json.dumps(VERSIONS[version]).replace("7200.0", "7200").replace("1.0", "1"))

    assert event_from(text("assessed", version, whole)) == EVENTS["assessed"]


# What is damaged

WRONG: tuple[Any, ...] = ([], {}, ["x"], True, 5, 1e300, "", "x", None)


def _places(value: object, found: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value within a value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (*found, key)
            yield from _places(value[key], (*found, key))


def _inner(assessment: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        assessment = assessment[key]
    return assessment


def _damaged(version: int, name: str, damage: Callable[[Any, Any], None]) -> Iterator[str]:
    """The texts in which one value each was damaged, at every place in turn."""
    for place in _places(VERSIONS[version]):
        assessment = deepcopy(VERSIONS[version])
        damage(_inner(assessment, place[:-1]), place[-1])
        yield text(name, version, assessment)


def _is_what_it_says(damaged: str) -> bool:
    """Whether an event is refused, or read as what its text says and no other."""
    try:
        event = event_from(damaged)
    except InvalidEvent:
        return True
    fields = json.loads(damaged)
    if fields["version"] == 1:  # both are brought up alike, so this is of the class, not the text
        return event_from(event_text(event)) == event
    return bool(json.loads(event_text(event))["assessment"] == _usual(fields["assessment"]))


def _usual(assessment: Any) -> Any:
    """An assessment without what is at its default."""
    return {key: value for key, value in (assessment or {}).items() if value not in ([], None)}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_wrong_value_is_refused_or_kept(version: int, wrong: object) -> None:
    """Wherever another value stands, the event is refused, or says that very value."""

    def put(inside: Any, key: Any) -> None:
        inside[key] = wrong

    damaged = _damaged(version, "message_received", put)

    assert [each for each in damaged if not _is_what_it_says(each)] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_column_more_is_refused(version: int) -> None:
    """A row with a column more, or an object with a field more, is none."""
    fuller = deepcopy(VERSIONS[version])
    for place in (
        ("annotations", 0),
        ("decision",),
        ("decision", 4 if version == 2 else "hits", 0),
    ):
        damaged = deepcopy(fuller)
        inside = _inner(damaged, place)
        inside.append(None) if version == 2 else inside.update(surprise=5)

        with pytest.raises(InvalidEvent, match=r"^message_received.*(expected|surprise)"):
            event_from(text("message_received", version, damaged))


def test_a_column_less_is_refused() -> None:
    """A row that ends early is none."""
    for place in (("annotations", 0), ("decision",), ("decision", 4, 0)):
        damaged = deepcopy(ROWS)
        _inner(damaged, place).pop()

        with pytest.raises(InvalidEvent, match="expected"):
            event_from(text("message_received", 2, damaged))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_rows_of_the_other_version_are_refused(version: int) -> None:
    """Neither version takes what the other one has."""
    with pytest.raises(InvalidEvent, match="message_received"):
        event_from(text("message_received", version, VERSIONS[3 - version]))
