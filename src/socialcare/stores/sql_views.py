"""What is looked up beside conversations: messages, their words, links, and cursors."""

from collections.abc import Mapping, Sequence, Set
from operator import attrgetter

from sqlalchemy import Column, Connection, Delete, Insert, Table, Text, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from socialcare.domain.customer import Handle
from socialcare.domain.events import Key
from socialcare.domain.placed import Placed
from socialcare.domain.words import words
from socialcare.errors import Conflict
from socialcare.plugins.records import Commit
from socialcare.stores.sql_rows import Rows, insertion, keys, upsertion
from socialcare.stores.sql_search import with_beginnings
from socialcare.stores.sql_tables import Tables


class Views:
    """Writes them. Rows of one table are always written in the same order, against deadlocks."""

    def __init__(self, tables: Tables) -> None:
        self._messages = Rows("message", tables.message.columns)
        self._as_row = attrgetter(*self._messages.names)
        self._begin = (
            insertion(tables.message, self._messages)
            .on_conflict_do_nothing()
            .returning(tables.message.c.channel, tables.message.c.id)
        )
        self._place = upsertion(tables.message, self._messages)
        self._texts = Rows("text", [*tables.wording.primary_key, Column("text", Text())])
        self._find_by = _finding(tables, self._texts)
        self._links = Rows("link", tables.link.columns)
        self._link = upsertion(tables.link, self._links)
        self._gone = Rows("gone", tables.link.primary_key)
        self._unlink = _deletion(tables.link, self._gone)
        self._forget = _deletion(tables.wording, self._gone)
        self._cursors = Rows("cursor", tables.cursor.columns)
        self._go_on = upsertion(tables.cursor, self._cursors)

    def write(self, connection: Connection, commit: Commit) -> None:
        """Writes what a commit changes in them.

        Raises:
            Conflict: If a message that is new is there already.
        """
        self._write_messages(connection, commit.placed, commit.new)
        self._write_texts(connection, commit.texts)
        self._write_links(connection, commit.links)
        if commit.cursors:
            connection.execute(self._go_on, self._cursors.given(sorted(commit.cursors.items())))

    def _write_messages(
        self, connection: Connection, placed: Sequence[Placed], new: Set[Key]
    ) -> None:
        rows = {row.key: self._as_row(row) for row in placed}
        begun = sorted(rows.keys() & new)
        changed = sorted(rows.keys() - new)
        if begun:
            given = self._messages.given(rows[key] for key in begun)
            written = set(connection.execute(self._begin, given))
            if missing := set(begun) - written:
                raise Conflict(f"message {min(missing)!r}")
        if changed:
            connection.execute(self._place, self._messages.given(rows[key] for key in changed))

    def _write_texts(self, connection: Connection, texts: Mapping[Key, str | None]) -> None:
        gone = sorted(key for key, text in texts.items() if text is None)
        if gone:
            connection.execute(self._forget, self._gone.given(gone))
        found = sorted((*key, _wording(text)) for key, text in texts.items() if text is not None)
        if found:
            connection.execute(self._find_by, self._texts.given(found))

    def _write_links(self, connection: Connection, links: Mapping[Handle, str | None]) -> None:
        gone = sorted((handle.channel, handle.id) for handle, who in links.items() if who is None)
        if gone:
            connection.execute(self._unlink, self._gone.given(gone))
        kept = sorted(
            (handle.channel, handle.id, who) for handle, who in links.items() if who is not None
        )
        if kept:
            connection.execute(self._link, self._links.given(kept))


def _wording(text: str) -> str:
    """What is kept of a text to find it by, with a blank between."""
    return " ".join(with_beginnings(words(text)))


def _finding(tables: Tables, texts: Rows) -> Insert:
    """Puts in the words of messages that have a row, or in the place of those before."""
    table, message = tables.wording, tables.message
    found = select(texts.c.channel, texts.c.id, func.string_to_array(texts.c.text, " ")).join_from(
        texts.table,
        message,
        and_(message.c.channel == texts.c.channel, message.c.id == texts.c.id),
    )
    new = insert(table).from_select(["channel", "id", "words"], found)
    return new.on_conflict_do_update(index_elements=keys(table), set_={"words": new.excluded.words})


def _deletion(table: Table, rows: Rows) -> Delete:
    return delete(table).where(*(table.c[each] == rows.c[each] for each in keys(table)))
