"""Mappings: how an export's columns become the message table, as values and as TOML.

A preset and a user's own mapping are the same thing: a small declarative document.
Unknown keys are refused, since a misspelt key that is passed over is a wrong number later.
"""

import tomllib
from collections.abc import Mapping as AbstractMapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import attrs

from socialcare.analytics import table
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

WORDED = ("author_role", "automated", "channel", "direction", "visibility")
"""Fields whose values an export may call by other names; a channel may be called anything."""

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
    {name: tuple(columns) for name, columns in table.SIDE_TABLES.items()}
)
"""The further tables that a directory of exports can give, and their columns."""

Names: TypeAlias = AbstractMapping[str, tuple[str, ...]]
"""Names with what each may be called."""


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
        table: Its file's name without the ending, or several that it may have; its columns are
            called by the first.
        on: One column of the messages, and the column of the table that equals it.
        where: Values that columns of the table must have for a row to count.
    """

    table: tuple[str, ...]
    on: tuple[str, str]
    where: Names = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class SideTable:
    """Handling spans, statuses or assignments in a table of their own.

    Attributes:
        table: Its file's name without the ending, or several that it may have.
        columns: For each column of the side table the columns that may hold it.
        where: Values that columns of the table must have for a row to count.
        values: What statuses are called in the export; others stay as they are.
    """

    table: tuple[str, ...]
    columns: Names
    where: Names = attrs.field(factory=dict)
    values: Names = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Mapping:
    """How one kind of export becomes the message table.

    Attributes:
        name: What it is called in the quality report, and as a `format`.
        title: What kind of export it describes.
        recognise: Columns (or tables of a directory) that together give this export away.
        logic: `messages` for a table of messages, or the help desk whose tables it reads.
        table: The table of messages, where the export is a directory, by all names it may have.
        where: Values that columns of that table must have for a row to be a message.
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
    table: tuple[str, ...] = ()
    where: Names = attrs.field(factory=dict)
    joins: tuple[Join, ...] = ()
    columns: Names = attrs.field(factory=dict)
    constants: AbstractMapping[str, str] = attrs.field(factory=dict)
    keep: tuple[str, ...] = ()
    time: TimeRule = attrs.field(factory=TimeRule)
    values: AbstractMapping[str, Names] = attrs.field(factory=dict)
    brand: BrandRule = attrs.field(factory=BrandRule)
    authors: str = "agent"
    customer: str | None = None
    sign_off: bool | str = False
    entities: bool = False
    side: AbstractMapping[str, tuple[SideTable, ...]] = attrs.field(factory=dict)
    source: str = "mapping"

    @classmethod
    def from_toml(cls, path: "str | PathLike[str]") -> "Mapping":
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
        # The documents' module needs these values, and so can't come first.
        from socialcare.analytics.readers.documents import mapping_in

        return mapping_in(document, source)
