"""Making the tables, and bringing them up to this release.

Each step in `STEPS` makes one version of the schema out of the one before it, and is never changed
once released. The steps that a database lacks run in one transaction and behind one lock, so that
any number of processes may open a fresh database at once: one of them makes the tables.

The order of the log rests on the numbers of transactions, which a server counts for itself. A
database that was dumped and restored on another server may hold events by transactions that the new
one has yet to reach: they would be hidden, and later ones would sort before them. That is seen when
the store opens, and what is added to the number of a transaction goes up from then on.
"""

from sqlalchemy import BigInteger, Connection, Text, cast, func, insert, select, update
from sqlalchemy.schema import CreateSchema
from sqlalchemy.sql.elements import ColumnElement

from socialcare.errors import StoreUnusable
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_transactions import location

OLDEST_SERVER = 130000
"""The first PostgreSQL with transaction numbers that never wrap, as `server_version_num`."""
VERSION = "CREATE TABLE IF NOT EXISTS {version} (schema_version integer, shift bigint)"
"""Where the version is kept; made first, and under a lock."""
FIRST = """
CREATE SEQUENCE {position};
CREATE TABLE {event} (
    tick bigint,
    position bigint,
    conversation text COLLATE "C",
    event text NOT NULL,
    PRIMARY KEY (tick, position)
);
CREATE INDEX {prefix}event_conversation ON {event} (conversation, position);

CREATE TABLE {conversation} (
    id text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL,
    brand text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    channel text COLLATE "C",
    last_at timestamptz,
    waiting_since timestamptz,
    turn_at timestamptz,
    agent_id text COLLATE "C",
    team_id text COLLATE "C",
    category text COLLATE "C",
    tags jsonb NOT NULL,
    merged_into text COLLATE "C",
    summary text NOT NULL
);
CREATE INDEX {prefix}conversation_waiting ON {conversation} (turn_at, id)
    WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX {prefix}conversation_waiting_agent ON {conversation} (agent_id, turn_at, id)
    WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX {prefix}conversation_waiting_team ON {conversation} (team_id, turn_at, id)
    WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX {prefix}conversation_noise ON {conversation} (waiting_since, id)
    WHERE waiting_since IS NOT NULL AND turn_at IS NULL AND merged_into IS NULL;
CREATE INDEX {prefix}conversation_history
    ON {conversation} (customer_id, brand, last_at DESC NULLS LAST, id);

CREATE TABLE {customer} (
    id text COLLATE "C",
    brand text COLLATE "C",
    version integer NOT NULL,
    PRIMARY KEY (id, brand)
);

CREATE TABLE {message} (
    channel text COLLATE "C",
    id text COLLATE "C",
    conversation text COLLATE "C",
    brand text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C",
    handle_id text COLLATE "C",
    second bigint,
    outbound boolean NOT NULL,
    note boolean NOT NULL,
    private boolean NOT NULL,
    in_reply_to text COLLATE "C",
    given text COLLATE "C",
    anchored boolean NOT NULL,
    digest text COLLATE "C" NOT NULL,
    deleted boolean NOT NULL,
    PRIMARY KEY (channel, id)
);
CREATE INDEX {prefix}message_customer ON {message} (customer_id, brand, second);
CREATE INDEX {prefix}message_answers ON {message} (channel, in_reply_to)
    WHERE in_reply_to IS NOT NULL;

CREATE INDEX {prefix}message_sent ON {message} (second DESC, channel, id)
    WHERE second IS NOT NULL;

CREATE TABLE {wording} (
    channel text COLLATE "C",
    id text COLLATE "C",
    words text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (channel, id)
);
CREATE INDEX {prefix}wording_words ON {wording} USING gin (words);

CREATE TABLE {link} (
    channel text COLLATE "C",
    id text COLLATE "C",
    customer_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (channel, id)
);
CREATE INDEX {prefix}link_customer ON {link} (customer_id);

CREATE TABLE {outbox} (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    target text COLLATE "C" NOT NULL,
    lane text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    what text NOT NULL,
    conversation text COLLATE "C",
    due_at timestamptz NOT NULL,
    state text COLLATE "C" NOT NULL,
    attempts integer NOT NULL,
    lease_until timestamptz,
    said text,
    ready_at timestamptz GENERATED ALWAYS AS (
        CASE WHEN state IN ('pending', 'claimed') THEN coalesce(lease_until, due_at) END
    ) STORED
);
CREATE INDEX {prefix}outbox_ready ON {outbox} (ready_at, place) WHERE ready_at IS NOT NULL;
CREATE INDEX {prefix}outbox_lane ON {outbox} (lane, place) WHERE ready_at IS NOT NULL;
CREATE INDEX {prefix}outbox_state ON {outbox} (state, place);

CREATE TABLE {cursor} (channel text COLLATE "C" PRIMARY KEY, cursor text NOT NULL)
"""
STEPS = (FIRST,)
"""What makes each version out of the one before it; the first out of nothing."""


def bring_up(connection: Connection, tables: Tables, steps: tuple[str, ...] = STEPS) -> None:
    """Makes the tables what this release works with, whatever they are now.

    Raises:
        StoreUnusable: If the server, the database or the tables are none that it can work with.
    """
    _refuse_foreign(connection)
    if _version(connection, tables) != len(steps):
        _lock(connection, tables)
        _migrate(connection, tables, steps)
    if _is_restored(connection, tables):
        _lock(connection, tables)
        _shift(connection, tables)


def tick(tables: Tables) -> ColumnElement[int]:
    """The tick of events that are written now."""
    return _number(func.pg_current_xact_id()) + _shift_of(tables)


def first_open_tick(tables: Tables) -> ColumnElement[int]:
    """The first tick with which an event may still turn up; nothing is before it but what is seen.

    A transaction that is still open anywhere on the server holds it back.
    """
    return _number(func.pg_snapshot_xmin(func.pg_current_snapshot())) + _shift_of(tables)


def _number(transaction: ColumnElement[object]) -> ColumnElement[int]:
    return cast(cast(transaction, Text), BigInteger)


def _shift_of(tables: Tables) -> ColumnElement[int]:
    return select(tables.version.c.shift).scalar_subquery()


def _refuse_foreign(connection: Connection) -> None:
    setting = func.current_setting
    asked = select(cast(setting("server_version_num"), BigInteger), setting("server_encoding"))
    version, encoding = connection.execute(asked).one()
    if version < OLDEST_SERVER:
        raise StoreUnusable(
            location(connection.engine),
            f"found PostgreSQL {version // 10000}, expected 13 or later",
        )
    if encoding != "UTF8":
        raise StoreUnusable(
            location(connection.engine), f"found encoding {encoding}, expected UTF8"
        )


def _names(connection: Connection, tables: Tables) -> dict[str, str]:
    """The names of tables as they stand in a statement, by what the steps call them."""
    written = connection.dialect.identifier_preparer.format_table
    schema = connection.dialect.identifier_preparer.format_sequence(tables.position)
    own = {
        each.name.removeprefix(tables.prefix): written(each)
        for each in tables.metadata.tables.values()
    }
    return own | {"position": schema, "prefix": tables.prefix}


def _version(connection: Connection, tables: Tables) -> int:
    """The version of the tables; 0 if there are none."""
    name = _names(connection, tables)["version"]
    if connection.scalar(select(cast(func.to_regclass(name), Text))) is None:
        return 0
    return connection.scalar(select(tables.version.c.schema_version)) or 0


def _lock(connection: Connection, tables: Tables) -> None:
    """Waits until nobody else makes or changes these tables; holds until the transaction ends."""
    name = f"socialcare:{tables.version.fullname}"
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _migrate(connection: Connection, tables: Tables, steps: tuple[str, ...]) -> None:
    names = _names(connection, tables)
    _make_schema(connection, tables.schema)
    connection.exec_driver_sql(VERSION.format_map(names))
    # Only now: the server may have gone on believing that somebody else's table was not there.
    found = connection.scalar(select(tables.version.c.schema_version))
    if found is None:
        connection.execute(insert(tables.version).values(schema_version=0, shift=0))
        found = 0
    if found > len(steps):
        reason = f"found tables of version {found}, expected at most {len(steps)}"
        raise StoreUnusable(location(connection.engine), f"{reason}; a later release wrote them")
    for step in steps[found:]:
        for statement in step.format_map(names).split(";\n"):
            connection.exec_driver_sql(statement)
    connection.execute(update(tables.version).values(schema_version=len(steps)))


def _make_schema(connection: Connection, schema: str | None) -> None:
    if schema is None:
        return
    preparer = connection.dialect.identifier_preparer
    if connection.scalar(select(cast(func.to_regnamespace(preparer.quote(schema)), Text))) is None:
        connection.execute(CreateSchema(schema, if_not_exists=True))


def _is_restored(connection: Connection, tables: Tables) -> bool:
    """Whether there are events by transactions that this server has not reached."""
    latest = select(func.max(tables.event.c.tick)).scalar_subquery()
    reached = _number(func.pg_snapshot_xmax(func.pg_current_snapshot())) + _shift_of(tables)
    return bool(connection.scalar(select(latest >= reached)))


def _shift(connection: Connection, tables: Tables) -> None:
    """Makes the next tick a later one than any that there is."""
    if not _is_restored(connection, tables):
        return
    latest = select(func.max(tables.event.c.tick)).scalar_subquery()
    open_now = _number(func.pg_snapshot_xmin(func.pg_current_snapshot()))
    connection.execute(update(tables.version).values(shift=latest + 1 - open_now))
