"""Mappings from documents of plain values, with errors that name file, key and remedy."""

import re
from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from socialcare.analytics.readers.mapping import (
    CHOICES,
    CONSTANTS,
    FIELDS,
    SIDE_TABLES,
    WORDED,
    BrandRule,
    Join,
    Mapping,
    Names,
    SideTable,
    TimeRule,
)
from socialcare.errors import InvalidMapping


def mapping_in(document: AbstractMapping[str, Any], source: str) -> Mapping:
    """The mapping that a document describes.

    Args:
        document: Plain values, as TOML gives them.
        source: Where it was read from, for messages.

    Raises:
        InvalidMapping: If it has an unknown key or a value that makes no sense.
    """
    return _Reader(source).mapping(document)


@attrs.frozen
class _Reader:
    """Turns plain values into a `Mapping`, and names the file and key of what it can't."""

    source: str

    def mapping(self, document: AbstractMapping[str, Any]) -> Mapping:
        top = self._table(document, "", KEYS)
        constants = self._texts(top.get("constants", {}), "constants", CONSTANTS)
        return Mapping(
            name=self._text(top.get("name", "mapping"), "name"),
            title=self._text(top.get("title", ""), "title"),
            recognise=self._list(top.get("recognise", ()), "recognise"),
            logic=self._choice(top.get("logic", "messages"), "logic", _LOGICS),
            table=self._list(top.get("table", ()), "table"),
            where=self._names(top.get("where", {}), "where", None),
            joins=tuple(self._joins(top.get("joins", ()))),
            columns=self._names(top.get("columns", {}), "columns", FIELDS),
            constants=constants,
            keep=self._list(top.get("keep", ()), "keep"),
            time=self._time(top.get("time", {})),
            values=self._values(top.get("values", {})),
            brand=self._brand(top.get("brand", {})),
            authors=self._choice(top.get("authors", "agent"), "authors", ("agent", "brand")),
            customer=self._customer(top.get("customer")),
            sign_off=self._sign_off(top.get("sign_off", False)),
            entities=self._flag(top.get("entities", False), "entities"),
            side={
                key: tuple(self._sides(top[key], key, columns))
                for key, columns in SIDE_TABLES.items()
                if key in top
            },
            source=self.source,
        )

    def _wrong(self, found: object, key: str, right: str) -> InvalidMapping:
        return InvalidMapping(found, where=f"{self.source}: {key or 'document'}", right=right)

    def _table(
        self, value: object, key: str, known: Iterable[str] | None
    ) -> AbstractMapping[str, Any]:
        """A table whose keys are known; any keys will do if `known` is None."""
        if not isinstance(value, AbstractMapping):
            raise self._wrong(value, key, "a table of keys and values")
        for name in value:
            if known is not None and name not in known:
                raise self._wrong(name, key, _known_keys(str(name), tuple(known)))
        return value

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str):
            raise self._wrong(value, key, "a text")
        return value

    def _optional(self, value: object, key: str) -> str | None:
        return None if value is None else self._text(value, key)

    def _flag(self, value: object, key: str) -> bool:
        if not isinstance(value, bool):
            raise self._wrong(value, key, "true or false")
        return value

    def _list(self, value: object, key: str) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, (list, tuple)):
            raise self._wrong(value, key, "a text, or a list of texts")
        return tuple(self._text(item, key) for item in value)

    def _choice(self, value: object, key: str, choices: Iterable[str]) -> str:
        if value not in tuple(choices):
            raise self._wrong(value, key, f"one of {', '.join(choices)}")
        return str(value)

    def _texts(self, value: object, key: str, known: Iterable[str]) -> AbstractMapping[str, str]:
        table = self._table(value, key, known)
        texts = {name: self._text(item, f"{key}.{name}") for name, item in table.items()}
        for name in ("direction", "visibility"):
            if name in texts:
                self._choice(texts[name], f"{key}.{name}", CHOICES[name])
        return texts

    def _names(self, value: object, key: str, known: Iterable[str] | None) -> Names:
        table = self._table(value, key, known)
        return {name: self._list(item, f"{key}.{name}") for name, item in table.items()}

    def _values(self, value: object) -> AbstractMapping[str, Names]:
        table = self._table(value, "values", WORDED)
        return {
            name: self._names(item, f"values.{name}", CHOICES.get(name))
            for name, item in table.items()
        }

    def _time(self, value: object) -> TimeRule:
        table = self._table(value, "time", ("format", "zone", "day_first"))
        zone = self._optional(table.get("zone"), "time.zone")
        day_first = table.get("day_first")
        return TimeRule(
            format=tuple(map(self._format, self._list(table.get("format", ()), "time.format"))),
            zone=None if zone is None else self._zone(zone),
            day_first=None if day_first is None else self._flag(day_first, "time.day_first"),
        )

    def _format(self, pattern: str) -> str:
        if "%" not in pattern:
            raise self._wrong(pattern, "time.format", "a strptime pattern, such as %d.%m.%Y %H:%M")
        if "%Z" in pattern:
            right = "a pattern without %Z, whose names mean many things; say zone instead, or %z"
            raise self._wrong(pattern, "time.format", right)
        return pattern

    def _zone(self, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            right = "the name of a time zone, such as Europe/Berlin"
            raise self._wrong(name, "time.zone", right) from None
        return name

    def _brand(self, value: object) -> BrandRule:
        table = self._table(value, "brand", ("authors", "pattern"))
        pattern = self._optional(table.get("pattern"), "brand.pattern")
        return BrandRule(
            authors=self._list(table.get("authors", ()), "brand.authors"),
            pattern=None if pattern is None else self._pattern(pattern, "brand.pattern"),
        )

    def _pattern(self, value: str, key: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise self._wrong(value, key, f"a regular expression ({error})") from None
        return value

    def _customer(self, value: object) -> str | None:
        if value is None:
            return None
        return self._choice(value, "customer", ("column", "asker", "reply_chain"))

    def _sign_off(self, value: object) -> bool | str:
        if isinstance(value, bool):
            return value
        pattern = self._pattern(self._text(value, "sign_off"), "sign_off")
        if "name" not in re.compile(pattern).groupindex:
            raise self._wrong(value, "sign_off", "a pattern with a group (?P<name>...)")
        return pattern

    def _joins(self, value: object) -> Iterable[Join]:
        if not isinstance(value, (list, tuple)):
            raise self._wrong(value, "joins", "a list of tables, written [[joins]]")
        for item in value:
            table = self._table(item, "joins", ("table", "on", "where"))
            on = self._list(table.get("on", ()), "joins.on")
            if len(on) != 2:
                right = "two columns: that of the messages and that of the table"
                raise self._wrong(list(on), "joins.on", right)
            yield Join(
                table=self._list(table.get("table"), "joins.table"),
                on=(on[0], on[1]),
                where=self._names(table.get("where", {}), "joins.where", None),
            )

    def _sides(self, value: object, key: str, known: tuple[str, ...]) -> Iterable[SideTable]:
        """One table, or a list of them."""
        for item in value if isinstance(value, (list, tuple)) else (value,):
            table = self._table(item, key, ("table", "columns", "where", "values"))
            columns = self._names(table.get("columns", {}), f"{key}.columns", known)
            if not columns.keys() >= {"conversation_id"}:
                raise self._wrong(sorted(columns), f"{key}.columns", "at least conversation_id")
            yield SideTable(
                table=self._list(table.get("table"), f"{key}.table"),
                columns=columns,
                where=self._names(table.get("where", {}), f"{key}.where", None),
                values=self._names(table.get("values", {}), f"{key}.values", None),
            )


KEYS = (
    "name",
    "title",
    "recognise",
    "logic",
    "table",
    "where",
    "joins",
    "columns",
    "constants",
    "keep",
    "time",
    "values",
    "brand",
    "authors",
    "customer",
    "sign_off",
    "entities",
    *SIDE_TABLES,
)
"""The keys of a mapping."""

_LOGICS = ("messages", "zendesk", "intercom")


def _known_keys(found: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(found, known, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"one of {', '.join(known)}{hint}"
