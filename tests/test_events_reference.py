"""The reference of events says what the events are, and its examples are events."""

import json
import re
from pathlib import Path

import attrs
import pytest

from socialcare.domain.events import Event
from socialcare.domain.stored_form import TYPES, event_from, event_text

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "events.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL))
IN_ALL = {field.name for field in attrs.fields(Event)}

each_type = pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))


def own_fields(kind: type[Event]) -> list[str]:
    """The fields that this kind has besides those of every event."""
    return [field.name for field in attrs.fields(kind) if field.name not in IN_ALL]


def test_every_event_has_a_section() -> None:
    """One each, in the order in which they are defined."""
    assert list(SECTIONS) == [kind.__name__ for kind in TYPES.values()]


@each_type
def test_a_section_begins_as_the_class_does(kind: type[Event]) -> None:
    """Its first line is that of the docstring."""
    said = (kind.__doc__ or "").splitlines()[0]

    assert SECTIONS[kind.__name__].splitlines()[0] == said


@each_type
def test_a_section_lists_the_fields(kind: type[Event]) -> None:
    """Each has a row, in order."""
    rows = re.findall(r"^\| `(\w+)` \|", SECTIONS[kind.__name__], re.MULTILINE)

    assert rows == own_fields(kind)


@each_type
def test_an_example_is_the_stored_form(kind: type[Event]) -> None:
    """It is an event of that type with all of its fields, and is stored just so."""
    (example,) = re.findall(r"```json\n(.*?)```", SECTIONS[kind.__name__], re.DOTALL)
    event = event_from(example)

    assert type(event) is kind
    assert event_text(event) == json.dumps(json.loads(example), separators=(",", ":"))
    assert {"type", "version", "at", "by", *own_fields(kind)} <= json.loads(example).keys()
