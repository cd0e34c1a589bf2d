"""Search in SQL: messages by their words, all alike in every language, or by when they were sent.

The words of a message are an array, and so are the first letters of each, behind a sign that is in
no word: thus one index finds words and beginnings of words alike. A `tsvector` would do both, too,
but holds no more than a megabyte, and a text may be longer.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.query.needs import Alternatives, Needs
from socialcare.plugins.records import Found
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_types import AnyText

_SIGN = "*"
"""What stands before the beginning of a word."""
_LENGTHS = (3, 6)
"""How long the beginnings are that are kept."""
_WORDS = ARRAY(AnyText())


def with_beginnings(words: Iterable[str]) -> tuple[str, ...]:
    """What is kept of the words of a text: each once, and how they begin."""
    every = tuple(dict.fromkeys(words))
    begun = (_SIGN + word[:length] for length in _LENGTHS for word in every if len(word) >= length)
    return tuple(dict.fromkeys((*every, *begun)))


class Search:
    """Finds messages."""

    def __init__(self, tables: Tables) -> None:
        self._message, self._wording = tables.message.c, tables.wording.c
        message, wording = tables.message, tables.wording
        is_its = and_(message.c.channel == wording.c.channel, message.c.id == wording.c.id)
        self._every = (
            select(message.c.conversation, message.c.channel, message.c.id, message.c.second)
            .join(wording, is_its)
            .where(message.c.second.is_not(None))
            .order_by(message.c.second.desc(), message.c.channel, message.c.id)
        )

    def found(
        self, connection: Connection, needs: Needs, limit: int, after: Found | None
    ) -> tuple[Found, ...]:
        """The messages with a text that meet these needs, the latest first."""
        conditions = (*map(self._has, needs.words), *self._within(needs), *self._behind(after))
        asked = self._every.where(*conditions).limit(limit)
        return tuple(
            Found(
                conversation=row.conversation,
                channel=row.channel,
                message_id=row.id,
                sent_at=from_epoch_second(row.second),
            )
            for row in connection.execute(asked)
        )

    def _has(self, alternatives: Alternatives) -> ColumnElement[bool]:
        """Whether a text has one of some words, by the index as far as it goes."""
        every = sorted(alternatives)
        words = [each.word for each in every if not each.prefix]
        beginnings = [each.word for each in every if each.prefix]
        if not beginnings:
            return self._has_one(words)
        begun = or_(self._has_one(words), self._has_beginning(beginnings))
        if min(map(len, beginnings)) < min(_LENGTHS):
            return begun
        return and_(self._has_one([*words, *map(_kept, beginnings)]), begun)

    def _has_one(self, words: Sequence[str]) -> ColumnElement[bool]:
        return self._wording.words.overlap(literal(list(words), _WORDS)) if words else false()

    def _has_beginning(self, beginnings: Sequence[str]) -> ColumnElement[bool]:
        word = func.unnest(self._wording.words).column_valued("word")
        begins = (func.starts_with(word, literal(each, AnyText())) for each in beginnings)
        return exists(select(word).where(or_(*begins)))

    def _within(self, needs: Needs) -> Iterator[ColumnElement[bool]]:
        if needs.first is not None:
            yield self._message.second >= needs.first
        if needs.last is not None:
            yield self._message.second <= needs.last

    def _behind(self, after: Found | None) -> Iterator[ColumnElement[bool]]:
        if after is not None:
            second = literal(epoch_second(after.sent_at), BigInteger())
            key = tuple_(self._message.channel, self._message.id)
            last = tuple_(literal(after.channel, AnyText()), literal(after.message_id, AnyText()))
            yield self._message.second <= second
            yield or_(self._message.second < second, key > last)


def _kept(beginning: str) -> str:
    """The longest part of a beginning that is kept."""
    return _SIGN + beginning[: max(each for each in _LENGTHS if each <= len(beginning))]
