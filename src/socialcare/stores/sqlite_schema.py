"""What a database of ours looks like, and how an older one becomes one of today.

The schema is a row of steps. The first one makes version 1 out of nothing, and each later one
makes the next version out of the one before; a database says in `user_version` how many it has
taken. A step that was released is never changed again.
"""

import sqlite3
from collections.abc import Sequence
from time import sleep
from typing import TypeAlias

from socialcare.errors import StoreUnusable

APPLICATION = 0x534F4341
"""What says that a database is ours: `SOCA`."""
Step: TypeAlias = tuple[str, ...]
"""The statements that lead from one version to the next."""

_WAITS = "turn_at IS NOT NULL AND merged_into IS NULL"

FIRST: Step = (
    # Positions only grow: no event is ever taken out, so a number is never given again.
    """
    CREATE TABLE event (
        position INTEGER PRIMARY KEY,
        conversation TEXT,
        body TEXT NOT NULL
    )
    """,
    "CREATE INDEX event_of ON event (conversation)",
    # Instants are microseconds since 1970, which compare as they follow each other.
    """
    CREATE TABLE conversation (
        id TEXT NOT NULL PRIMARY KEY,
        version INTEGER NOT NULL,
        brand TEXT,
        customer_id TEXT,
        state TEXT NOT NULL,
        channel TEXT,
        opened_at INTEGER,
        last_at INTEGER,
        waiting_since INTEGER,
        turn_at INTEGER,
        priority TEXT,
        prioritised INTEGER NOT NULL,
        resolved_at INTEGER,
        reopened INTEGER NOT NULL,
        agent_id TEXT,
        team_id TEXT,
        category TEXT,
        subcategory TEXT,
        tags TEXT NOT NULL,
        messages INTEGER NOT NULL,
        given INTEGER NOT NULL,
        previous_id TEXT,
        merged_into TEXT,
        apart TEXT NOT NULL,
        absorbed TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    f"CREATE INDEX queue ON conversation (turn_at, id) WHERE {_WAITS}",
    """
    CREATE INDEX noise ON conversation (waiting_since, id)
    WHERE waiting_since IS NOT NULL AND turn_at IS NULL AND merged_into IS NULL
    """,
    *(
        f"CREATE INDEX queue_of_{name} ON conversation ({column}, turn_at, id) WHERE {_WAITS}"
        for name, column in (
            ("brand", "brand"),
            ("channel", "channel"),
            ("agent", "agent_id"),
            ("team", "team_id"),
        )
    ),
    f"""
    CREATE INDEX queue_of_category ON conversation (category, turn_at, id)
    WHERE {_WAITS} AND category IS NOT NULL
    """,
    f"""
    CREATE INDEX queue_of_tags ON conversation (turn_at, id)
    WHERE {_WAITS} AND tags <> '[]'
    """,
    """
    CREATE INDEX history ON conversation (customer_id, brand, last_at DESC, id)
    WHERE customer_id IS NOT NULL AND merged_into IS NULL
    """,
    # No brand is an empty blob, since a NULL would not be unique and '' may be a brand.
    """
    CREATE TABLE customer (
        id TEXT NOT NULL,
        brand NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (id, brand)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE message (
        number INTEGER PRIMARY KEY,
        channel TEXT NOT NULL,
        id TEXT NOT NULL,
        conversation TEXT,
        brand TEXT,
        customer_id TEXT,
        handle_id TEXT,
        second INTEGER,
        outbound INTEGER NOT NULL,
        note INTEGER NOT NULL,
        private INTEGER NOT NULL,
        in_reply_to TEXT,
        given TEXT,
        anchored INTEGER NOT NULL,
        digest TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        UNIQUE (id, channel)
    )
    """,
    """
    CREATE INDEX message_of ON message (customer_id, brand, second, note)
    WHERE customer_id IS NOT NULL AND second IS NOT NULL
    """,
    """
    CREATE INDEX message_answering ON message (in_reply_to, channel)
    WHERE in_reply_to IS NOT NULL
    """,
    """
    CREATE INDEX message_sent ON message (second DESC, channel, id) WHERE second IS NOT NULL
    """,
    # The words are kept beside their index, so that a text can be taken out of it again.
    """
    CREATE TABLE searched (
        message INTEGER PRIMARY KEY REFERENCES message (number) ON DELETE CASCADE,
        words TEXT NOT NULL
    )
    """,
    # Words come folded and with spaces between: all there is to do is to cut at what is no word.
    """
    CREATE VIRTUAL TABLE word USING fts5 (
        words, content = 'searched', content_rowid = 'message',
        tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0
    )
    """,
    """
    CREATE TRIGGER searched_added AFTER INSERT ON searched BEGIN
        INSERT INTO word (rowid, words) VALUES (new.message, new.words);
    END
    """,
    """
    CREATE TRIGGER searched_removed AFTER DELETE ON searched BEGIN
        INSERT INTO word (word, rowid, words) VALUES ('delete', old.message, old.words);
    END
    """,
    """
    CREATE TRIGGER searched_changed AFTER UPDATE ON searched BEGIN
        INSERT INTO word (word, rowid, words) VALUES ('delete', old.message, old.words);
        INSERT INTO word (rowid, words) VALUES (new.message, new.words);
    END
    """,
    """
    CREATE TABLE link (
        channel TEXT NOT NULL,
        handle_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        PRIMARY KEY (channel, handle_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX link_of ON link (customer_id)",
    """
    CREATE TABLE outbox (
        number INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        target TEXT NOT NULL,
        lane TEXT NOT NULL,
        kind TEXT NOT NULL,
        what TEXT NOT NULL,
        conversation TEXT,
        due_at INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        lease_until INTEGER,
        said TEXT
    )
    """,
    # What was sent stays, and is in none of these.
    "CREATE INDEX outbox_lane ON outbox (lane, number) WHERE state IN ('pending', 'claimed')",
    """
    CREATE INDEX outbox_free ON outbox (coalesce(lease_until, due_at), number)
    WHERE state IN ('pending', 'claimed')
    """,
    "CREATE INDEX outbox_state ON outbox (state, number) WHERE state <> 'sent'",
    "CREATE TABLE cursor (channel TEXT NOT NULL PRIMARY KEY, cursor TEXT NOT NULL) WITHOUT ROWID",
)

# One statement, so that all three are of one moment while another process makes the first tables.
_LOOK = """
    SELECT application_id, user_version, tables
    FROM pragma_application_id, pragma_user_version,
    (SELECT count(*) AS tables FROM sqlite_master)
"""

# To which level a conversation is escalated.
SECOND: Step = ("ALTER TABLE conversation ADD COLUMN level TEXT",)

STEPS: tuple[Step, ...] = (FIRST, SECOND)
"""Every step, in order; a new version is a new step at the end."""


def prepare(connection: sqlite3.Connection, location: str, steps: Sequence[Step] = STEPS) -> None:
    """Brings the database to the latest version, and makes it one of ours if it is empty.

    Raises:
        StoreUnusable: If it is somebody else's, or was written by a later release.
    """
    if _version(connection, location, len(steps)) < len(steps):
        _write_ahead(connection)
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have brought it up in the meantime, so it is looked at again.
        for step in steps[_version(connection, location, len(steps)) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection, location: str, latest: int) -> int:
    """How many steps the database has taken."""
    application, version, tables = connection.execute(_LOOK).fetchone()
    if application != APPLICATION and (application, version, tables) != (0, 0, 0):
        raise StoreUnusable(
            location, "it is the database of another program; give the path of one of ours or none"
        )
    if version > latest:
        raise StoreUnusable(
            location,
            f"it has version {version}, and this release knows {latest} at most; "
            "install a later release of socialcare",
        )
    return int(version)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Readers and one writer at once from now on: the database itself remembers it.

    SQLite gives up at once where two do this to an empty database at the same time.
    """
    for pause in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            sleep(pause)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")
