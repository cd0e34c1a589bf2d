"""Search in SQL: messages by their words, all alike in every language."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Connection, and_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from socialcare.domain.instants import from_epoch_second
from socialcare.plugins.records import Found
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_types import AnyText


class Search:
    """Finds messages."""

    def __init__(self, tables: Tables) -> None:
        message, wording = tables.message, tables.wording
        is_its = and_(message.c.channel == wording.c.channel, message.c.id == wording.c.id)
        self._find = (
            select(message.c.conversation, message.c.channel, message.c.id, message.c.second)
            .join(wording, is_its)
            .where(
                wording.c.words.contains(bindparam("words", type_=ARRAY(AnyText()))),
                message.c.second.is_not(None),
            )
            .order_by(message.c.second.desc(), message.c.channel, message.c.id)
            .limit(bindparam("most", type_=BigInteger()))
        )

    def found(
        self, connection: Connection, words: Collection[str], limit: int
    ) -> tuple[Found, ...]:
        """The messages that have all of these words; none for no words."""
        if not words:
            return ()
        asked = {"words": list(words), "most": limit}
        return tuple(
            Found(
                conversation=conversation,
                channel=channel,
                message_id=name,
                sent_at=from_epoch_second(second),
            )
            for conversation, channel, name, second in connection.execute(self._find, asked)
        )
