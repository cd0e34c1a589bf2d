"""The stored form: events and other values as JSON, and back.

An event is one JSON object: `type`, the name of its class in snake case; `version`, that of the
class's stored form; then its fields by name. What is at its default is left out, and instants are
in UTC with microseconds, so the same value is always the same text. The text is ASCII, so that
whatever a customer wrote goes through any database and comes back as it was.

A text of an older version is brought up step by step, by `socialcare.domain.upgrades`; one of a
newer version, or of a type that nobody here knows, is refused.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import attrs
from cattrs.fns import identity
from cattrs.preconf.json import make_converter

from socialcare.domain import events
from socialcare.domain.actor import Actor
from socialcare.domain.annotation import Annotation
from socialcare.domain.events import Event
from socialcare.domain.message import Author, AuthorRole, Direction, Visibility
from socialcare.domain.priority import Decision
from socialcare.domain.stored_rows import (
    annotation_from,
    decision_from,
    row_of_annotation,
    row_of_decision,
)
from socialcare.domain.stored_scalars import duration, iso, number
from socialcare.domain.tier import Priority
from socialcare.domain.upgrades import UPGRADES, Fields, Upgrade
from socialcare.errors import InvalidEvent

_SHORT = 4096
"""Characters of a text that is worth remembering: longer ones are few and take much room."""

_Value = TypeVar("_Value")
_BEFORE_A_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_decoded = json.JSONDecoder().raw_decode
encoded: Callable[[object], str] = json.JSONEncoder(
    separators=(",", ":"), check_circular=False
).encode
"""What JSON can say, without blanks, and in ASCII."""


def _snake(name: str) -> str:
    return _BEFORE_A_CAPITAL.sub("_", name).lower()


TYPES: Mapping[str, type[Event]] = MappingProxyType(
    {_snake(kind.__name__): kind for kind in events.kinds()}
)
"""Every type of event by its name in the stored form."""
_NAMES = {kind: name for name, kind in TYPES.items()}


def _instant(value: Any, _: object) -> datetime:  # noqa: ANN401 - out of a JSON text
    return datetime.fromisoformat(value)


def _seconds(value: Any, _: object) -> timedelta:  # noqa: ANN401 - out of a JSON text
    return duration(value)


def _priority(value: Any, _: object) -> Priority:  # noqa: ANN401 - out of a JSON text
    return Priority.of(value)


def _as_it_is(value: Any, _: object) -> Any:  # noqa: ANN401 - out of a JSON text
    return value


def _exactly(*kinds: type) -> Callable[[Any, object], Any]:
    """Takes a value of these very kinds, where cattrs would make one of anything."""
    names = " or ".join(kind.__name__ for kind in kinds)

    def taken(value: Any, _: object) -> Any:  # noqa: ANN401 - out of a JSON text
        if type(value) not in kinds:
            raise TypeError(f"found {value!r}, expected {names}")
        return value

    return taken


_converter = make_converter(detailed_validation=False, omit_if_default=True)
_converter.register_unstructure_hook(datetime, iso)
_converter.register_unstructure_hook(float, number)
_converter.register_unstructure_hook(float | None, number)
_converter.register_structure_hook(datetime, _instant)
_converter.register_unstructure_hook(timedelta, timedelta.total_seconds)
_converter.register_structure_hook(timedelta, _seconds)
_converter.register_unstructure_hook(Priority, str)
_converter.register_structure_hook(Priority, _priority)
for _kind in (str, bool, int):
    _converter.register_structure_hook(_kind, _exactly(_kind))
_converter.register_structure_hook(str | None, _exactly(str, type(None)))
for _word in (Direction, Visibility, AuthorRole):
    _converter.register_structure_hook(_word, _as_it_is)  # their fields convert by themselves
    _converter.register_unstructure_hook(_word, identity)  # and they are texts themselves
for _plain in (str, str | None, bool, int, int | None):
    _converter.register_unstructure_hook(_plain, identity)


_AS_THEY_ARE: Mapping[object, type] = MappingProxyType(
    {
        str: str,
        str | None: str,
        Direction: str,
        Visibility: str,
        AuthorRole: str,
        int: int,
        int | None: int,
        bool: bool,
    }
)
"""Types of fields whose values are in the JSON text as they are, and of what type they are there.

Nearly all values are of these; what is of another type all the same goes to the converter."""


def _of_fields(kind: type) -> Callable[[Any, object], Any]:
    """Makes a value of a class from its fields.

    Each field goes on under the name that the class has for it, which Python finds faster among
    the parameters than an equal one that was just read.
    """
    fields = {
        field.name: (
            field.name,
            _AS_THEY_ARE.get(field.type),
            _converter.get_structure_hook(field.type),
            field.type,
        )
        for field in attrs.fields(kind)
    }

    def made(found: Any, _: object) -> object:  # noqa: ANN401 - out of a JSON text
        given = {}
        for key, value in found.items():
            name, plain, take, own = fields[key]
            given[name] = value if type(value) is plain else take(value, own)
        return kind(**given)

    return made


_converter.register_structure_hook_factory(attrs.has, _of_fields)


def _is_optional(kind: object) -> bool:
    parts = get_args(kind)
    return get_origin(kind) in (Union, UnionType) and len(parts) == 2 and type(None) in parts


def _optional(kind: object) -> Callable[[Any, object], Any]:
    """Makes a value or None; what makes the value is looked up once, and not for each."""
    own = next(each for each in get_args(kind) if each is not type(None))
    take = _converter.get_structure_hook(own)
    return lambda value, _: None if value is None else take(value, own)


def _is_row(kind: object) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _row(kind: object) -> Callable[[Any, object], Any]:
    """Makes a tuple of values of one type."""
    own = get_args(kind)[0]
    take = _converter.get_structure_hook(own)

    def taken(values: Any, _: object) -> tuple[Any, ...]:  # noqa: ANN401 - out of a JSON text
        if type(values) is not list:
            raise TypeError(f"found {values!r}, expected a list")
        return tuple([take(each, own) for each in values])

    return taken


_converter.register_structure_hook_factory(_is_optional, _optional)
_converter.register_structure_hook_factory(_is_row, _row)


def _shared(kind: type) -> Callable[[Any, object], Any]:
    """Makes one value of all that are the same: the same few people are in thousands of events."""
    make = _converter.get_structure_hook(kind)

    @lru_cache(maxsize=4096)
    def made(fields: tuple[tuple[str, Any], ...]) -> object:
        return make(dict(fields), kind)

    def taken(value: Any, _: object) -> object:  # noqa: ANN401 - out of a JSON text
        try:
            return made(tuple(value.items()))
        except TypeError:  # it holds a list, or is wrong
            return make(value, kind)

    return taken


for _somebody in (Actor, Author):
    _converter.register_structure_hook(_somebody, _shared(_somebody))


def _annotation(value: Any, _: object) -> Annotation:  # noqa: ANN401 - out of a JSON text
    return annotation_from(value)


def _decision(value: Any, _: object) -> Decision:  # noqa: ANN401 - out of a JSON text
    return decision_from(value)


_converter.register_structure_hook(Annotation, _annotation)
_converter.register_unstructure_hook(Annotation, row_of_annotation)
_converter.register_structure_hook(Decision, _decision)
_converter.register_unstructure_hook(Decision, row_of_decision)
_HOOKS = {kind: _converter.get_structure_hook(kind) for kind in TYPES.values()}
"""What makes an event of its fields, for each class."""


def fields_of(value: object) -> Fields:
    """The fields of a value as JSON has them, without those that are at their defaults."""
    fields: Fields = _converter.unstructure(value)
    return fields


def text_of(value: object) -> str:
    """The stored form of a value that is no event, such as a reply or a summary."""
    return encoded(_converter.unstructure(value))


def value_from(text: str, kind: type[_Value]) -> _Value:
    """The value that `text_of` stored.

    Raises:
        InvalidEvent: If the text is no such value.
    """
    take = _converter.get_structure_hook(kind)
    return _structured(_object(text, kind.__name__), kind, take, kind.__name__)


def event_text(event: Event) -> str:
    """The stored form of an event.

    >>> from datetime import UTC
    >>> from socialcare.domain.actor import Actor
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> print(event_text(events.Released(conversation="x:1", at=nine, by=Actor(id="anna"))))
    {"type":"released","version":1,"conversation":"x:1",\
"at":"2026-03-02T09:00:00.000000+00:00","by":{"id":"anna"}}
    """
    kind = type(event)
    head = {"type": _NAMES[kind], "version": kind.VERSION}
    return encoded(head | _converter.unstructure(event))


def event_from(text: str, upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES) -> Event:
    """The event that `event_text` stored, by this version of its type or an older one.

    Args:
        text: The stored form.
        upgrades: What brings older versions up; for each type, every version up to the latest.

    Raises:
        InvalidEvent: If the type is unknown, the version newer than ours, or the text damaged.
    """
    if upgrades is UPGRADES and len(text) <= _SHORT:
        return _remembered(text)
    return _read(text, upgrades)


def _read(text: str, upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES) -> Event:
    fields = _object(text, "event")
    name, version = fields.pop("type", None), fields.pop("version", None)
    kind = TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise InvalidEvent(
            f"{name} in version {version}", f"no such type of event, expected {_known()}"
        )
    if type(version) is not int or version != kind.VERSION:
        fields = _brought_up(fields, kind, version, upgrades)
    return _structured(fields, kind, _HOOKS[kind], name)


_remembered = lru_cache(maxsize=4096)(_read)
"""The same, remembered: an event never changes, and a desk reads the same ones again and again."""


def _known() -> str:
    return f"one of {', '.join(sorted(TYPES))}"


def _brought_up(
    fields: Fields,
    kind: type[Event],
    version: object,
    upgrades: Mapping[tuple[str, int], Upgrade],
) -> Fields:
    """The fields in the latest version."""
    name = _NAMES[kind]
    if type(version) is not int or not 0 < version < kind.VERSION:
        raise InvalidEvent(
            f"{name} in version {version!r}",
            f"expected a version up to {kind.VERSION}; a later release may have written this",
        )
    for step in range(version, kind.VERSION):
        if (name, step) not in upgrades:
            raise InvalidEvent(f"{name} in version {step}", "nothing here brings it up to the next")
        try:
            fields = upgrades[name, step](fields)
        except (AttributeError, TypeError, ValueError) as wrong:
            raise InvalidEvent(f"{name} in version {step}", str(wrong)) from wrong
    return fields


def _object(text: str, where: str) -> Fields:
    bare = text.strip()
    try:
        found, end = _decoded(bare)
    except ValueError as wrong:
        raise InvalidEvent(where, f"this is no JSON: {wrong}") from wrong
    if end < len(bare):
        raise InvalidEvent(where, f"this is no JSON: something follows it at character {end}")
    if not isinstance(found, dict):
        raise InvalidEvent(where, f"found {found!r}, expected a JSON object")
    return found


def _structured(
    fields: Fields, kind: type[_Value], take: Callable[[Any, type[_Value]], _Value], where: str
) -> _Value:
    try:
        return take(fields, kind)
    except KeyError as unknown:
        raise InvalidEvent(where, f"found an unknown field, {unknown}") from unknown
    except (AttributeError, OverflowError, TypeError, ValueError) as wrong:
        raise InvalidEvent(where, str(wrong)) from wrong
