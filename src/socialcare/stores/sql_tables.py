"""The tables of the SQL store, as its statements see them.

`sql_migrations` makes them, with what statements need not know: what is never null, and indexes.
A test holds both alike.
They may live in a host's database: in a schema of their own, and with a prefix before each name.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Sequence, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from socialcare.errors import InvalidValue
from socialcare.stores.sql_types import AnyText, Brand, Instant, Json

PREFIX = re.compile(r"([a-z_][a-z0-9_]{0,29})?")
"""What may stand before the names of tables; a name has at most 63 characters in PostgreSQL."""

Columns: TypeAlias = Mapping[str, TypeEngine[Any]]
"""Columns by name."""
TEXT, INTEGER, NUMBER, FLAG = AnyText(), Integer(), BigInteger(), Boolean()
BRAND, INSTANT, JSON = Brand(), Instant(), Json()

CONVERSATION: Columns = {
    "version": INTEGER,
    "brand": BRAND,
    "customer_id": TEXT,
    "state": TEXT,
    "channel": TEXT,
    "last_at": INSTANT,
    "waiting_since": INSTANT,
    "turn_at": INSTANT,
    "agent_id": TEXT,
    "team_id": TEXT,
    "category": TEXT,
    "tags": JSONB(),
    "merged_into": TEXT,
    "summary": JSON,
}
MESSAGE: Columns = {
    "conversation": TEXT,
    "brand": BRAND,
    "customer_id": TEXT,
    "handle_id": TEXT,
    "second": NUMBER,
    "outbound": FLAG,
    "note": FLAG,
    "private": FLAG,
    "in_reply_to": TEXT,
    "given": TEXT,
    "anchored": FLAG,
    "digest": TEXT,
    "deleted": FLAG,
}
OUTBOX: Columns = {
    "key": TEXT,
    "target": TEXT,
    "lane": TEXT,
    "kind": TEXT,
    "what": JSON,
    "conversation": TEXT,
    "due_at": INSTANT,
    "state": TEXT,
    "attempts": INTEGER,
    "lease_until": INSTANT,
    "said": TEXT,
    "ready_at": INSTANT,
}


class Tables:
    """The tables, by what they hold.

    Attributes:
        version: One row: the version of the schema, and what is added to the number of a
            transaction to get the tick of its events.
        event: The log. `tick` is the transaction that wrote the event, `position` its place among
            all events, `conversation` the one to which it belongs now.
        conversation: Summaries; the columns beside `summary` are what a page is chosen by.
        customer: The versions of customers.
        message: The index of messages.
        wording: What search finds of messages.
        link: Whose a handle is.
        outbox: What is to be delivered. `ready_at` is when an entry may be claimed, null once it
            never may; the server works it out.
        cursor: How far channels were read.

    Raises:
        InvalidValue: If the prefix cannot begin a name.
    """

    def __init__(self, *, schema: str | None, prefix: str) -> None:
        if not PREFIX.fullmatch(prefix):
            raise InvalidValue(
                prefix, where="prefix", right="at most 30 of a-z, 0-9 and _, no digit first"
            )
        self.schema = schema
        self.prefix = prefix
        self.metadata = MetaData(schema=schema)
        self.position = Sequence(f"{prefix}position", metadata=self.metadata)
        key: Columns = {"channel": TEXT, "id": TEXT}
        event: Columns = {"conversation": TEXT, "event": JSON}
        self.version = self._table("version", {}, {"schema_version": INTEGER, "shift": NUMBER})
        self.event = self._table("event", {"tick": NUMBER, "position": NUMBER}, event)
        self.conversation = self._table("conversation", {"id": TEXT}, CONVERSATION)
        self.customer = self._table("customer", {"brand": BRAND, "id": TEXT}, {"version": INTEGER})
        self.message = self._table("message", key, MESSAGE)
        self.wording = self._table("wording", key, {"words": ARRAY(Text())})
        self.link = self._table("link", key, {"customer_id": TEXT})
        self.outbox = self._table("outbox", {"place": NUMBER}, OUTBOX)
        self.cursor = self._table("cursor", {"channel": TEXT}, {"cursor": TEXT})

    def _table(self, name: str, key: Columns, rest: Columns) -> Table:
        columns = [
            *(Column(each, kind, primary_key=True) for each, kind in key.items()),
            *(Column(each, kind) for each, kind in rest.items()),
        ]
        return Table(f"{self.prefix}{name}", self.metadata, *columns)
