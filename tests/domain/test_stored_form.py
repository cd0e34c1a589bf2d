"""Events and other values as text, and back."""

import json
import typing
from datetime import UTC, datetime, timedelta, timezone

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asks, at
from effort import examples
from socialcare.domain import events
from socialcare.domain.actor import Actor
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.approval.kept_finding import KeptFinding
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.template import Audience, Template
from socialcare.domain.assessment import Assessment
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.crisis.states import Happening as CrisisHappening
from socialcare.domain.customer import Handle
from socialcare.domain.events import (
    Assigned,
    Event,
    MessageReceived,
    Released,
    Reply,
)
from socialcare.domain.message import Attachment, Author, AuthorRole, Direction, Message, Visibility
from socialcare.domain.priority import Decision
from socialcare.domain.query import Hit
from socialcare.domain.routing import Presence
from socialcare.domain.states import State
from socialcare.domain.stored_form import TYPES, event_from, event_text, text_of, value_from
from socialcare.domain.summary import Summary
from socialcare.domain.tier import Priority, Tier
from socialcare.domain.upgrades import UPGRADES as OURS
from socialcare.domain.verdict import Verdict
from socialcare.errors import InvalidEvent

ANNA = Actor(id="anna", roles=("agent", "admin"), address="2001:db8::1")
LAW = settings(deadline=None, max_examples=examples(15, many=500))

anything = st.text(st.characters(codec=None, categories=None))
"""Texts of every plane, halves of surrogate pairs and NUL characters among them."""
names = anything.filter(bool)
instants = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 - likewise
    timezones=st.sampled_from((UTC, timezone(timedelta(hours=-9, minutes=-30)))),
)
maybe = st.none() | anything
actors = st.builds(Actor, id=names, roles=st.lists(anything, max_size=3).map(tuple), address=maybe)
authors = st.builds(Author, id=maybe, role=st.sampled_from(AuthorRole), name=maybe, team_id=maybe)
messages = st.builds(
    Message,
    id=names,
    sent_at=instants,
    direction=st.sampled_from(Direction),
    author=authors,
    customer_id=st.none() | names,
    channel=names,
    visibility=st.sampled_from(Visibility),
    received_at=st.none() | instants,
    in_reply_to=maybe,
    automated=st.booleans(),
    text=maybe,
    sentiment=st.none() | st.floats(-1, 1) | st.sampled_from((-1, 0, 1, -0.0)),
    attachments=st.lists(st.builds(Attachment, url=anything, media_type=maybe), max_size=2).map(
        tuple
    ),
    edited_at=st.none() | instants,
    deleted_at=st.none() | instants,
)
numbers = st.floats(0, 1)
annotations = st.one_of(
    st.builds(
        Annotation,
        sense=st.just(Sense.SENTIMENT),
        value=st.none() | st.floats(-1, 1),
        by=names,
        confidence=st.none() | numbers,
    ),
    st.builds(
        Annotation,
        sense=st.sampled_from((Sense.COMPLAINT, Sense.QUESTION)),
        value=st.none() | st.booleans(),
        by=names,
    ),
    st.builds(
        Annotation,
        sense=st.sampled_from((Sense.CATEGORY, Sense.PERSONAL_DATA)),
        value=st.none() | names,
        by=names,
        start=st.just(0),
        end=st.integers(0, 9),
    ),
)
priorities = st.builds(Priority, st.sampled_from(Tier), st.integers(1, 9))
allowances = st.none() | st.timedeltas(timedelta(), timedelta(days=9))
hits = st.builds(Hit, term=anything, field=anything, found=anything, start=st.none() | st.just(3))
assessments = st.builds(
    Assessment,
    annotations=st.lists(annotations, max_size=2).map(tuple),
    decision=st.none()
    | st.builds(
        Decision,
        priority=priorities,
        rule=maybe,
        reason=anything,
        book=anything,
        hits=st.lists(hits, max_size=2).map(tuple),
        category=maybe,
        allowance=allowances,
        due_at=st.none() | instants,
    ),
    found_by=st.lists(names, max_size=2).map(tuple),
)
requirements = st.builds(
    Requirement, roles=st.lists(names, min_size=1, max_size=2), people=st.integers(1, 2)
)
findings = st.builds(
    KeptFinding,
    code=names,
    severity=names,
    reason=anything,
    may_overrule=st.booleans(),
    overruled=maybe,
)
attachments = st.lists(st.builds(Attachment, url=anything, media_type=maybe), max_size=2)
replies = st.builds(
    Reply,
    id=anything,
    text=anything,
    channel=anything,
    visibility=st.sampled_from(Visibility),
    customer_id=maybe,
    attachments=attachments,
)
FIELDS: dict[object, st.SearchStrategy[typing.Any]] = {
    str: anything,
    str | None: maybe,
    bool: st.booleans(),
    float: st.floats(-1, 1),
    datetime: instants,
    datetime | None: st.none() | instants,
    Actor: actors,
    Message: messages,
    Handle: st.builds(Handle, channel=anything, id=anything),
    Reply: replies,
    Reply | None: st.none() | replies,
    events.Key | None: st.none() | st.tuples(anything, anything),
    tuple[Requirement, ...]: st.lists(requirements, max_size=2).map(tuple),
    tuple[KeptFinding, ...]: st.lists(findings, max_size=2).map(tuple),
    Template: st.builds(
        Template,
        id=names,
        text=names,
        attachments=attachments,
        audience=st.builds(
            Audience,
            name=names,
            channels=st.lists(anything, max_size=2),
            visibility=st.sampled_from((Visibility.PUBLIC, Visibility.PRIVATE)),
            brand=maybe,
        ),
    ),
    Assessment: assessments,
    Assessment | None: st.none() | assessments,
    Priority | None: st.none() | priorities,
    timedelta | None: allowances,
    Verdict: st.sampled_from(Verdict),
    Presence: st.sampled_from(Presence),
    int | None: st.none() | st.integers(0, 9),
    float | None: st.none() | st.floats(-1, 1),
    CrisisState: st.sampled_from(CrisisState),
    CrisisHappening: st.sampled_from(CrisisHappening),
    tuple[events.CrisisDriver, ...]: st.lists(
        st.builds(events.CrisisDriver, kind=anything, name=anything, count=st.integers(0, 9)),
        max_size=2,
    ).map(tuple),
    events.Refusal: st.sampled_from(events.Refusal),
    events.Because: st.sampled_from(events.Because),
    events.Cause: st.sampled_from(events.Cause),
    int: st.integers(0, 9),
    tuple[str, ...] | None: st.none() | st.lists(anything, max_size=3).map(tuple),
    tuple[str, ...]: st.lists(anything, max_size=3).map(tuple),
    tuple[events.Key, ...]: st.lists(st.tuples(anything, anything), max_size=3).map(tuple),
}
"""How to make a field of each type that events have."""


def facts(kind: type[Event]) -> st.SearchStrategy[Event]:
    """Events of one type, with anything in their fields."""
    return st.builds(kind, **{field.name: FIELDS[field.type] for field in attrs.fields(kind)})


each_type = pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES.keys())


@each_type
@LAW
@given(st.data())
def test_every_event_reads_back_equal(kind: type[Event], data: st.DataObject) -> None:
    """Whatever people wrote, in every plane of Unicode, an event is read as it was stored."""
    event = data.draw(facts(kind))

    assert event_from(event_text(event)) == event


@each_type
@settings(deadline=None, max_examples=examples(10, many=200))
@given(st.data())
def test_the_stored_form_is_one(kind: type[Event], data: st.DataObject) -> None:
    """What was read is stored as the very same text, which is ASCII."""
    text = event_text(data.draw(facts(kind)))

    assert event_text(event_from(text)) == text
    assert text.isascii()


def test_every_class_of_event_has_a_name() -> None:
    """No event can be written that could not be read."""
    kinds = {
        kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
    }

    assert set(TYPES.values()) == kinds


def test_what_is_at_its_default_is_left_out() -> None:
    """A text says no more than it must, and its keys stand as the fields do."""
    event = Assigned(conversation="x:1", at=at(0), by=Actor(id="anna"), agent_id="sam")

    assert event_text(event) == (
        '{"type":"assigned","version":1,"conversation":"x:1",'
        '"at":"2026-03-02T09:00:00.000000+00:00","by":{"id":"anna"},"agent_id":"sam"}'
    )


@LAW
@given(
    st.builds(
        Summary,
        id=anything,
        state=st.sampled_from(State),
        opened_at=st.none() | instants,
        reopened=st.integers(0, 9),
        tags=st.lists(anything).map(tuple),
        given=st.booleans(),
    )
)
def test_summaries_read_back_equal(summary: Summary) -> None:
    """Values that are no events are stored alike."""
    assert value_from(text_of(summary), Summary) == summary


def _named(fields: dict[str, typing.Any]) -> dict[str, typing.Any]:
    return {**fields, "by": {"id": fields["by"]}}


def _with_zone(fields: dict[str, typing.Any]) -> dict[str, typing.Any]:
    return {**fields, "at": fields["at"] + "+00:00"}


UPGRADES = {("released", 1): _named, ("released", 2): _with_zone}


def test_old_versions_are_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of the first version goes through every upgrade up to the latest."""
    monkeypatch.setattr(Released, "VERSION", 3)
    text = (
        '{"type": "released", "version": 1, "conversation": "x:1",'
        ' "at": "2026-03-02T09:00:00", "by": "anna"}'
    )

    assert event_from(text, UPGRADES) == Released(conversation="x:1", at=at(0), by=Actor(id="anna"))


def test_an_old_version_without_an_upgrade_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is missing is named."""
    monkeypatch.setattr(Released, "VERSION", 3)

    with pytest.raises(InvalidEvent, match="released in version 2: nothing here brings it up"):
        event_from('{"type": "released", "version": 2}', {})


def test_a_newer_version_is_refused() -> None:
    """What a later release wrote is not guessed at; type and version are named."""
    with pytest.raises(InvalidEvent, match="released in version 2: expected a version up to 1"):
        event_from('{"type": "released", "version": 2}')


def test_an_unknown_type_is_refused() -> None:
    """A type that nobody here knows is named, with its version."""
    with pytest.raises(InvalidEvent, match="teleported in version 1: no such type"):
        event_from('{"type": "teleported", "version": 1}')


def test_every_version_is_brought_up() -> None:
    """Whatever an older release wrote can be read: for every step there is what takes it."""
    steps = {(name, step) for name, kind in TYPES.items() for step in range(1, kind.VERSION)}

    assert steps == set(OURS)


RECEIVED = json.loads(
    event_text(MessageReceived(conversation="x:1", at=at(0), by=ANNA, message=asks(0)))
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"type": ["released"], "version": 1}',
        '{"type": "released", "version": "1"}',
        '{"type": "released", "version": true}',
        json.dumps(RECEIVED | {"at": "yesterday"}),
        json.dumps(RECEIVED | {"at": "2026-03-02T09:00:00"}),
        json.dumps(RECEIVED | {"at": 5}),
        json.dumps(RECEIVED | {"by": None}),
        json.dumps(RECEIVED | {"by": {"id": ""}}),
        json.dumps(RECEIVED | {"conversation": 5}),
        json.dumps(RECEIVED | {"surprise": 5}),
        json.dumps(RECEIVED | {"surprise": "5"}),
        json.dumps({key: value for key, value in RECEIVED.items() if key != "message"}),
        json.dumps(RECEIVED | {"message": RECEIVED["message"] | {"direction": "sideways"}}),
        json.dumps(RECEIVED | {"message": RECEIVED["message"] | {"automated": "no"}}),
        json.dumps(RECEIVED | {"message": RECEIVED["message"] | {"sentiment": 7}}),
        json.dumps(RECEIVED | {"message": []}),
    ],
)
def test_damaged_texts_are_refused(text: str) -> None:
    """Whatever is wrong with a stored text ends in an error that says where."""
    with pytest.raises(InvalidEvent, match=":"):
        event_from(text)
