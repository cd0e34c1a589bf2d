"""Mappings: how an export's columns become the message table, as values and as TOML.

A preset and a user's own mapping are the same thing: a small declarative document.
Unknown keys are refused, since a misspelt key that is passed over is a wrong number later.
"""

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from socialcare.errors import InvalidMapping

FIELDS = (
    "message_id",
    "sent_at",
    "received_at",
    "direction",
    "customer_id",
    "author_id",
    "agent_id",
    "team_id",
    "brand",
    "account",
    "channel",
    "visibility",
    "in_reply_to",
    "conversation_id",
    "author_role",
    "automated",
    "category",
    "subcategory",
    "sentiment",
    "sentiment_scorer",
    "language",
    "text",
    "merits_attention",
    "needs_response",
    "indirect",
    "redirected",
    "redirect_requested",
)
"""Fields of the message table that a column can be."""

CONSTANTS = ("brand", "account", "channel", "direction", "language", "team_id", "visibility")
"""Fields that can be one value for a whole export."""

WORDED = ("author_role", "automated", "direction", "visibility")
"""Fields whose values an export may call by other names."""

CHOICES: AbstractMapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "author_role": ("agent", "bot", "customer", "peer"),
        "automated": ("false", "true"),
        "direction": ("inbound", "outbound", "skip"),
        "visibility": ("internal", "private", "public", "skip"),
    }
)
"""What each worded field can be; `skip` leaves rows out that are no messages."""

SIDE_TABLES: AbstractMapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "handling": ("conversation_id", "agent_id", "started_at", "ended_at"),
        "status": ("conversation_id", "at", "status", "by"),
        "assignment": ("conversation_id", "at", "agent_id", "team_id"),
    }
)
"""The further tables that a directory of exports can give, and their columns."""

_T = TypeVar("_T")
_Names = AbstractMapping[str, tuple[str, ...]]


@attrs.frozen(kw_only=True)
class TimeRule:
    """How times are written.

    Attributes:
        format: `strptime` patterns, tried in turn; none to recognise them.
        zone: The time zone of times that name none.
        day_first: Whether 03/04 is the third of April; None to tell by evidence.
    """

    format: tuple[str, ...] = ()
    zone: str | None = None
    day_first: bool | None = None


@attrs.frozen(kw_only=True)
class BrandRule:
    """Which authors are the brand, where no column says the direction.

    Attributes:
        authors: Their ids.
        pattern: A regular expression that is found in their ids.
    """

    authors: tuple[str, ...] = ()
    pattern: str | None = None

    def __bool__(self) -> bool:
        return bool(self.authors or self.pattern)


@attrs.frozen(kw_only=True)
class Join:
    """Another table of a directory whose columns are wanted beside the messages.

    Attributes:
        table: Its file's name without the ending.
        on: One column of the messages, and the column of the table that equals it.
    """

    table: str
    on: tuple[str, str]


@attrs.frozen(kw_only=True)
class SideTable:
    """Handling spans, statuses or assignments in a table of their own."""

    table: str
    columns: AbstractMapping[str, str]


@attrs.frozen(kw_only=True)
class Mapping:
    """How one kind of export becomes the message table.

    Attributes:
        name: What it is called in the quality report, and as a `format`.
        title: What kind of export it describes.
        recognise: Columns (or tables of a directory) that together give this export away.
        logic: `messages` for a table of messages, or the help desk whose tables it reads.
        table: The table of messages, where the export is a directory.
        joins: Tables beside it; their columns are named `table.column`.
        columns: For each field the columns that may hold it; the first that is there counts.
        constants: Fields that are one value for the whole export.
        keep: Columns kept beside the fields, as text.
        time: How times are written.
        values: For each worded field what its values are called in the export.
        brand: Which authors are the brand, where no column says the direction.
        authors: What the author of an outbound message is: an `agent`, or the `brand`.
        customer: `column`, `asker` (the first to write in a conversation) or `reply_chain`.
        sign_off: Whether agents are told by their sign-off in the text, or a pattern whose group
            `name` finds it.
        entities: Whether texts hold HTML entities.
        side: Further tables: `handling`, `status`, `assignment`.
        source: Where it was read from, for messages.
    """

    name: str = "mapping"
    title: str = ""
    recognise: tuple[str, ...] = ()
    logic: str = "messages"
    table: str | None = None
    joins: tuple[Join, ...] = ()
    columns: _Names = attrs.field(factory=dict)
    constants: AbstractMapping[str, str] = attrs.field(factory=dict)
    keep: tuple[str, ...] = ()
    time: TimeRule = attrs.field(factory=TimeRule)
    values: AbstractMapping[str, _Names] = attrs.field(factory=dict)
    brand: BrandRule = attrs.field(factory=BrandRule)
    authors: str = "agent"
    customer: str | None = None
    sign_off: bool | str = False
    entities: bool = False
    side: AbstractMapping[str, SideTable] = attrs.field(factory=dict)
    source: str = "mapping"

    @classmethod
    def from_toml(cls, path: "str | Path") -> "Mapping":
        """The mapping in a TOML file.

        Raises:
            InvalidMapping: If the file is none, or says something that makes no sense.
        """
        try:
            document = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidMapping(
                str(path), where="mapping", right=f"a file that can be read ({error.strerror})"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidMapping(str(path), where="mapping", right=f"TOML: {error}") from error
        return cls.from_mapping({"name": Path(path).stem, **document}, source=str(path))

    @classmethod
    def from_mapping(
        cls, document: AbstractMapping[str, Any], *, source: str = "mapping"
    ) -> "Mapping":
        """The mapping that a document of plain values describes.

        Raises:
            InvalidMapping: If it has an unknown key or a value that makes no sense.
        """
        return _Reader(source).mapping(document)


@attrs.frozen
class _Reader:
    """Turns plain values into a `Mapping`, and names the file and key of what it can't."""

    source: str

    def mapping(self, document: AbstractMapping[str, Any]) -> Mapping:
        top = self._table(document, "", _TOP)
        constants = self._texts(top.get("constants", {}), "constants", CONSTANTS)
        return Mapping(
            name=self._text(top.get("name", "mapping"), "name"),
            title=self._text(top.get("title", ""), "title"),
            recognise=self._list(top.get("recognise", ()), "recognise"),
            logic=self._choice(top.get("logic", "messages"), "logic", _LOGICS),
            table=self._optional(top.get("table"), "table"),
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
                key: self._side(top[key], key, columns)
                for key, columns in SIDE_TABLES.items()
                if key in top
            },
            source=self.source,
        )

    def _wrong(self, found: object, key: str, right: str) -> InvalidMapping:
        return InvalidMapping(found, where=f"{self.source}: {key or 'document'}", right=right)

    def _table(self, value: object, key: str, known: Iterable[str]) -> AbstractMapping[str, Any]:
        if not isinstance(value, AbstractMapping):
            raise self._wrong(value, key, "a table of keys and values")
        for name in value:
            if name not in known:
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

    def _names(self, value: object, key: str, known: Iterable[str]) -> _Names:
        table = self._table(value, key, known)
        return {name: self._list(item, f"{key}.{name}") for name, item in table.items()}

    def _values(self, value: object) -> AbstractMapping[str, _Names]:
        table = self._table(value, "values", WORDED)
        return {
            name: self._names(item, f"values.{name}", CHOICES[name]) for name, item in table.items()
        }

    def _time(self, value: object) -> TimeRule:
        table = self._table(value, "time", ("format", "zone", "day_first"))
        zone = self._optional(table.get("zone"), "time.zone")
        day_first = table.get("day_first")
        return TimeRule(
            format=self._list(table.get("format", ()), "time.format"),
            zone=None if zone is None else self._zone(zone),
            day_first=None if day_first is None else self._flag(day_first, "time.day_first"),
        )

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
            table = self._table(item, "joins", ("table", "on"))
            on = self._list(table.get("on", ()), "joins.on")
            if len(on) != 2:
                right = "two columns: that of the messages and that of the table"
                raise self._wrong(list(on), "joins.on", right)
            yield Join(table=self._text(table.get("table"), "joins.table"), on=(on[0], on[1]))

    def _side(self, value: object, key: str, known: tuple[str, ...]) -> SideTable:
        table = self._table(value, key, ("table", "columns"))
        columns = self._table(table.get("columns", {}), f"{key}.columns", known)
        return SideTable(
            table=self._text(table.get("table"), f"{key}.table"),
            columns={
                name: self._text(item, f"{key}.columns.{name}") for name, item in columns.items()
            },
        )


_TOP = (
    "name",
    "title",
    "recognise",
    "logic",
    "table",
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
_LOGICS = ("messages", "zendesk", "intercom")


def _known_keys(found: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(found, known, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"one of {', '.join(known)}{hint}"
