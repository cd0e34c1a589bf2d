"""Commits in SQL: each part of one is a statement, however many rows it has.

Customers are written first, then conversations, in order of their names, and both before anything
else: so their rows are locked alike by everybody, and what follows needs few locks of its own.
The positions of events are drawn after that, so within a conversation they rise in the order of
commits.
"""

from sqlalchemy import Connection

from socialcare.domain.events import Recorded
from socialcare.domain.stored_form import text_of
from socialcare.plugins.records import Commit, Kept
from socialcare.stores.names import written
from socialcare.stores.sql_log import Log
from socialcare.stores.sql_outbox import Outbox
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_versions import Versioned
from socialcare.stores.sql_views import Views


class Writing:
    """Writes commits."""

    def __init__(self, tables: Tables, log: Log, outbox: Outbox) -> None:
        self._outbox = outbox
        self._customers = Versioned(tables.customer, kind="customer")
        self._conversations = Versioned(tables.conversation, kind="conversation")
        self._log = log
        self._views = Views(tables)

    def commit(self, connection: Connection, commit: Commit) -> tuple[Recorded, ...]:
        """Writes all of it within the transaction; the events as recorded.

        Raises:
            Conflict: If somebody changed first what it changes.
        """
        self._customers.write(
            connection,
            {who: (*who, version + 1) for who, version in commit.customers.items()},
        )
        self._conversations.write(
            connection, {kept.summary.id: _conversation(kept) for kept in commit.summaries}
        )
        self._log.move(connection, commit.moves)
        recorded = self._log.add(connection, commit.events)
        self._views.write(connection, commit)
        self._outbox.add(connection, commit.outbox)
        self._outbox.settle(connection, commit.settled)
        return recorded


def _conversation(kept: Kept) -> tuple[object, ...]:
    row = kept.summary
    return (
        row.id,
        kept.version + 1,
        row.brand,
        row.customer_id,
        row.state,
        row.channel,
        row.last_at,
        row.waiting_since,
        row.turn_at,
        row.agent_id,
        row.team_id,
        row.category,
        [written(tag) for tag in row.tags],
        row.merged_into,
        text_of(row),
    )
