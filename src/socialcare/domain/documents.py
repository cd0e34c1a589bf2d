"""Documents: what people write down as TOML or JSON, read key by key.

A `Table` knows where in the document it stands, so that whatever is wrong is told with the path of
its key, such as `entries[2].first_response`, with what was found there and what would be right.
Whoever reads a table asks for every key that it may have, and then calls `done`: a key that nobody
asked for is a mistake, most often of spelling.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from socialcare.domain.durations import RIGHT, duration
from socialcare.domain.hours import BusinessHours
from socialcare.errors import InvalidValue

__all__ = [
    "Reader",
    "Table",
    "anything",
    "business_hours",
    "each_of",
    "length",
    "several",
    "text",
    "texts",
    "toml_table",
    "truth",
    "whole",
    "word_of",
]

_Value = TypeVar("_Value")
Reader = Callable[[object, str], _Value]
"""Makes a value of what stands at a place, or raises an error that names the place."""


class Table:
    """A table of a document, and the keys that were asked for.

    Args:
        value: What should be a table.
        where: Its place: the name of the document, and the path to the table.
        error: The kind of error to raise.

    Raises:
        InvalidValue: If it is no table with texts as keys.

    >>> Table({"name": "desk", "wait": "soon"}, "sla.toml").length("wait")
    Traceback (most recent call last):
    ...
    socialcare.errors.InvalidValue: sla.toml: wait: found 'soon', expected a duration such as \
"30m", "24h", "3d" or "1h30m"
    """

    def __init__(
        self, value: object, where: str, *, error: type[InvalidValue] = InvalidValue
    ) -> None:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise error(value, where=where, right="a table")
        self._value: Mapping[str, object] = value
        self._where = where
        self._error = error
        self._asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._value

    @property
    def where(self) -> str:
        """The place of the table."""
        return self._where

    def at(self, key: str) -> str:
        """The place of a key: after a colon at the top of a document, after a dot below."""
        return f"{self._where}.{key}" if self._is_inside else f"{self._where}: {key}"

    def get(self, key: str, reader: "Reader[_Value]", default: _Value) -> _Value:
        """What a reader makes of a key's value; the default where it is not given."""
        self._asked.append(key)
        if key not in self._value:
            return default
        return self._read(self._value[key], self.at(key), reader)

    def need(self, key: str, reader: "Reader[_Value]", right: str) -> _Value:
        """What a reader makes of a key's value, which must be given."""
        self._asked.append(key)
        if key not in self._value:
            raise self._error("nothing", where=self.at(key), right=right)
        return self._read(self._value[key], self.at(key), reader)

    def given(self, **readers: "Reader[object]") -> dict[str, Any]:
        """What readers make of the values of their keys, as far as these are given."""
        found = {key: self.get(key, reader, None) for key, reader in readers.items()}
        return {key: value for key, value in found.items() if key in self}

    def length(self, key: str) -> timedelta | None:
        """A duration; None where it is not given."""
        return self.get(key, _maybe(length), None)

    def tables(self, key: str) -> "Iterator[Table]":
        """The tables of a list, none where it is not given."""
        values: tuple[object, ...] = self.get(key, several, ())
        for number, value in enumerate(values):
            yield Table(value, f"{self.at(key)}[{number}]", error=self._error)

    def table(self, key: str) -> "Table":
        """The table under a key, an empty one where it is not given."""
        empty: object = {}
        return Table(self.get(key, anything, empty), self.at(key), error=self._error)

    def named(self, key: str) -> "Iterator[tuple[str, Table]]":
        """The tables under a key by their names, none where it is not given."""
        inside = self.table(key)
        for name in inside._value:
            yield name, inside.table(name)

    def entries(self, reader: "Reader[_Value]") -> Iterator[tuple[str, _Value]]:
        """Every key of a table whose keys are names, with what the reader makes of its value."""
        for key in self._value:
            yield key, self.need(key, reader, "a value")

    def refuse_repeated(self, key: str, names: Iterable[str]) -> None:
        """Refuses a name that two tables of a list have.

        Args:
            key: The key of the list.
            names: The name of each of its tables, in order.

        Raises:
            InvalidValue: At the first that one before it has.
        """
        first: dict[str, int] = {}
        for place, name in enumerate(names):
            if first.setdefault(name, place) != place:
                right = f"a name that {self.at(key)}[{first[name]}] does not have"
                raise self._error(name, where=f"{self.at(key)}[{place}].name", right=right)

    def made(
        self,
        of: Callable[..., _Value],
        fields: Mapping[str, Any],
        *,
        called: Mapping[str, str] = MappingProxyType({}),
    ) -> _Value:
        """A value of these fields; what it refuses is told with the place of its key.

        Args:
            of: What makes it; an error of its names the field after a dot, as `Team.name`.
            fields: The fields.
            called: The keys of fields that the document calls otherwise.

        Raises:
            InvalidValue: If the value refuses a field.
        """
        try:
            return of(**fields)
        except InvalidValue as error:
            field = error.where.partition(".")[2] or error.where
            at = self.at(called.get(field, field))
            raise self._error(error.found, where=at, right=error.right) from None

    def done(self) -> None:
        """Refuses a key that nobody asked for.

        Raises:
            InvalidValue: Which says what keys there are, the nearest first.
        """
        for key in self._value:
            if key not in self._asked:
                known = dict.fromkeys(self._asked)
                near = get_close_matches(key, known, n=1)
                others = [each for each in known if each not in near]
                right = f"a key out of {', '.join((*near, *others))}"
                raise self._error(key, where=self._where, right=right)

    @property
    def _is_inside(self) -> bool:
        """Whether the table stands inside a document, and is not all of it."""
        return ": " in self._where

    def _read(self, value: object, where: str, reader: "Reader[_Value]") -> _Value:
        try:
            return reader(value, where)
        except InvalidValue as error:
            at = error.where if error.where.startswith(where) else where
            raise self._error(error.found, where=at, right=error.right) from None


def toml_table(path: str | Path, *, error: type[InvalidValue] = InvalidValue) -> Table:
    """The table that a TOML file holds.

    Raises:
        InvalidValue: If it is not TOML in UTF-8.
        OSError: If the file cannot be opened.
    """
    text = Path(path).read_bytes()
    try:
        mapping = tomllib.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise error(str(wrong), where=str(path), right="a TOML file in UTF-8") from None
    return Table(mapping, str(path), error=error)


def anything(value: object, _: str) -> object:
    """The value as it stands."""
    return value


def text(value: object, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(value, where=where, right="a text that is not empty")
    return value


def several(value: object, where: str) -> tuple[object, ...]:
    """The members of a list."""
    if not isinstance(value, list | tuple):
        raise InvalidValue(value, where=where, right="a list")
    return tuple(value)


def each_of(reader: "Reader[_Value]") -> "Reader[tuple[_Value, ...]]":
    """Reads a list, every member by the same reader; a single text may stand without its list."""

    def members(value: object, where: str) -> tuple[_Value, ...]:
        if isinstance(value, str):
            return (reader(value, where),)
        found = several(value, where)
        return tuple(reader(each, f"{where}[{number}]") for number, each in enumerate(found))

    return members


def texts(value: object, where: str) -> tuple[str, ...]:
    """One text, or a list of them."""
    return each_of(text)(value, where)


def word_of(choice: Callable[[str], _Value]) -> "Reader[_Value]":
    """Reads one word out of a few; the choice itself says which there are."""

    def word(value: object, where: str) -> _Value:
        try:
            return choice(text(value, where))
        except InvalidValue as error:
            raise InvalidValue(error.found, where=where, right=error.right) from None

    return word


def truth(value: object, where: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise InvalidValue(value, where=where, right="true or false")
    return value


def whole(right: str, *, least: int | None = None) -> "Reader[int]":
    """Reads a whole number; `right` says which ones there are, if it is none or less than least."""

    def number(value: object, where: str) -> int:
        is_less = isinstance(value, int) and least is not None and value < least
        if not isinstance(value, int) or isinstance(value, bool) or is_less:
            raise InvalidValue(value, where=where, right=right)
        return value

    return number


def length(value: object, where: str) -> timedelta:
    """A duration, written as text."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise InvalidValue(value, where=where, right=RIGHT)
    return duration(value, where=where)


def business_hours(value: object, where: str) -> BusinessHours:
    """Business hours, written as a table with timezone and weekly."""
    if not isinstance(value, Mapping):
        raise InvalidValue(value, where=where, right="a table with timezone and weekly")
    try:
        return BusinessHours.from_mapping(value, where=where)
    except InvalidValue as error:
        at = error.where.replace(f"{where}: ", f"{where}.")
        raise InvalidValue(error.found, where=at, right=error.right) from None


def _maybe(reader: "Reader[_Value]") -> "Reader[_Value | None]":
    return reader
