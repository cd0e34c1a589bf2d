"""Policies as mappings: what stands in a TOML file or a report, and back.

cattrs takes the mapping apart along the types of the fields.
What it finds wrong is said in our words: the file, the key as a path such as `pauses[0].states`,
what was found there and what would be right.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import NoReturn, TypeVar

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn

from socialcare.domain.choices import Choice
from socialcare.domain.durations import RIGHT, duration, duration_text
from socialcare.domain.policy import (
    CostTable,
    MeasurementPolicy,
    Pause,
    ResponseType,
    Target,
    Targets,
)
from socialcare.errors import InvalidPolicy, InvalidValue

_Value = TypeVar("_Value")
_Several = Callable[[object, object], frozenset[_Value]]
_PRICES = Mapping[str, float]
_SETS: Mapping[object, Callable[[str], object]] = {
    frozenset[str]: str,
    frozenset[Target]: Target,
    frozenset[ResponseType]: ResponseType,
}


def read(mapping: object, *, where: str) -> MeasurementPolicy:
    """The policy that a mapping describes, by itself or as a departure from a preset.

    Raises:
        InvalidPolicy: At the first key that is not right.
    """
    complete = _complete(mapping, where)
    try:
        return _READER.structure(complete, MeasurementPolicy)
    except (cattrs.BaseValidationError, InvalidValue) as error:
        _refuse(error, where)


def written(policy: MeasurementPolicy) -> dict[str, object]:
    """The policy as texts, numbers, lists and dicts; `read` gives an equal one back."""
    mapping: dict[str, object] = _READER.unstructure(policy)
    return mapping


def _complete(mapping: object, where: str) -> object:
    """The mapping, over the fields of the preset that it names."""
    if not isinstance(mapping, Mapping) or "preset" not in mapping:
        return mapping
    name = mapping["preset"]
    try:
        base = MeasurementPolicy.preset(_text(name, str))
    except InvalidPolicy as error:
        raise InvalidPolicy(name, where=f"{where}: preset", right=error.right) from None
    own = {key: value for key, value in mapping.items() if key != "preset"}
    called = {"name": f"{base.name}, changed"} if own else {}
    return {**written(base), **called, **own}


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise InvalidPolicy(value, where="", right="a text in quotation marks")
    return value


def _length(value: object, _: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise InvalidPolicy(value, where="", right=RIGHT)
    return duration(value)


def _number(value: float, _: object) -> float:
    return value  # the field's own converter refuses what is no amount, and says which field


def _prices(value: object, _: object) -> Mapping[str, float]:
    if not isinstance(value, Mapping):
        raise InvalidPolicy(value, where="", right="a table of channels and amounts")
    return value


def _several(of: Callable[[str], _Value]) -> _Several[_Value]:
    def structure(value: object, _: object) -> frozenset[_Value]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise InvalidPolicy(value, where="", right="a list of texts")
        return frozenset(of(_text(each, str)) for each in value)

    return structure


def _pauses(value: object, _: object) -> tuple[Pause, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidPolicy(value, where="", right="a list of tables with states and targets")
    return tuple(_READER.structure(value, list[Pause]))


def _table(of: type[_Value]) -> Callable[[object, object], _Value]:
    """Reads the table of one of our classes, and refuses what is no table."""
    names = _names(of)
    fields = make_dict_structure_fn(of, _READER, _cattrs_forbid_extra_keys=True)

    def structure(value: object, _: object) -> _Value:
        if not isinstance(value, Mapping):
            raise InvalidPolicy(value, where="", right=f"a table with keys out of {names}")
        return fields(value, of)

    return structure


def _names(of: type) -> str:
    return ", ".join(attribute.name for attribute in attrs.fields(of))


def _is(wanted: object) -> Callable[[object], bool]:
    return lambda kind: kind == wanted


def _chosen(value: object, of: type[Choice]) -> Choice:
    return of(_text(value, str))


def _word(choice: Choice) -> str:
    return choice.value


def _words(values: Iterable[str]) -> list[str]:
    return sorted(map(str, values))


def _fill(reader: cattrs.Converter) -> None:
    """Teaches the reader the types of our fields; a class comes after those of its fields."""
    reader.register_structure_hook(str, _text)
    reader.register_structure_hook(float, _number)
    reader.register_structure_hook(timedelta, _length)
    reader.register_unstructure_hook(timedelta, duration_text)
    reader.register_structure_hook_func(_is(_PRICES), _prices)
    reader.register_unstructure_hook_func(_is(_PRICES), dict)
    reader.register_structure_hook(Choice, _chosen)
    reader.register_unstructure_hook(Choice, _word)
    for several, of in _SETS.items():
        reader.register_structure_hook_func(_is(several), _several(of))
        reader.register_unstructure_hook_func(_is(several), _words)
    reader.register_structure_hook_func(_is(tuple[Pause, ...]), _pauses)
    for kind in (Pause, Targets, CostTable, MeasurementPolicy):
        reader.register_structure_hook(kind, _table(kind))


_READER = cattrs.Converter(detailed_validation=True)
_fill(_READER)


def _refuse(error: BaseException, where: str, path: str = "") -> NoReturn:
    """Says what is wrong at the first leaf of what cattrs found.

    Raises:
        InvalidPolicy: Always.
    """
    if isinstance(error, cattrs.BaseValidationError):
        inner = error.exceptions[0]
        _refuse(inner, where, path + _step(inner))
    found: object = "nothing"
    right = "this key to be given"
    match error:
        case cattrs.ForbiddenExtraKeysError():
            found = min(error.extra_fields)
            right = f"a key out of {_names(error.cl)}"
        case InvalidValue():
            field = error.where.partition(".")[2]
            path = path if path.endswith(field) else f"{path}.{field}"
            found, right = error.found, error.right
    at = ": ".join(filter(None, (where, path.lstrip("."))))
    raise InvalidPolicy(found, where=at, right=right) from None


def _step(error: BaseException) -> str:
    """The part of the path that cattrs noted on this error."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, cattrs.AttributeValidationNote):
            return f".{note.name}"
        if isinstance(note, cattrs.IterableValidationNote):
            return f"[{note.index}]"
    return ""
