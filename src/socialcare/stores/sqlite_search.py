"""Search in SQLite: candidates by their words, or a walk along time where no word is needed."""

from collections.abc import Iterator

from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.query.needs import Alternatives, Needed, Needs
from socialcare.domain.words import cut
from socialcare.plugins.records import Found
from socialcare.stores.names import written
from socialcare.stores.sqlite_pages import Part
from socialcare.stores.sqlite_rows import Row

_COLUMNS = "SELECT message.conversation, message.channel, message.id, message.second "
_BY_WORDS = "FROM word CROSS JOIN message ON message.number = word.rowid WHERE word MATCH ?"
_BY_TIME = (
    "FROM message INDEXED BY message_sent "
    "CROSS JOIN searched ON searched.message = message.number WHERE TRUE"
)

_NOWHERE = "FROM message WHERE FALSE"


def search_query(needs: Needs, limit: int, after: Found | None) -> Part:
    """The statement that finds the messages, for `found_from`, and its arguments."""
    parts = [_with_words(needs), ("message.second IS NOT NULL", ())]
    parts += [*_within(needs), *_behind(after)]
    statement = (
        _COLUMNS
        + " AND ".join(condition for condition, _ in parts)
        + " ORDER BY message.second DESC, message.channel, message.id LIMIT ?"
    )
    return statement, (*(given for _, row in parts for given in row), limit)


def found_from(row: Row) -> Found:
    """What a row says was found."""
    return Found(
        conversation=row[0],
        channel=row[1],
        message_id=row[2],
        sent_at=from_epoch_second(row[3]),
    )


def _with_words(needs: Needs) -> Part:
    """Where to look, and what FTS5 is asked for."""
    sets = [_able(each) for each in needs.words]
    if not sets:
        return _BY_TIME, ()
    if not all(sets):
        return _NOWHERE, ()
    return _BY_WORDS, (" AND ".join(f"({' OR '.join(map(_quoted, each))})" for each in sets),)


def _able(alternatives: Alternatives) -> list[Needed]:
    """What is a word: all else is in no text, and must be no command to the index either."""
    return sorted(each for each in alternatives if _is_word(each.word))


def _quoted(needed: Needed) -> str:
    return f'"{needed.word}"' + (" *" if needed.prefix else "")


def _is_word(word: str) -> bool:
    return cut(word) == (word,) and word == word.lower()


def _within(needs: Needs) -> Iterator[Part]:
    if needs.first is not None:
        yield "message.second >= ?", (needs.first,)
    if needs.last is not None:
        yield "message.second <= ?", (needs.last,)


def _behind(after: Found | None) -> Iterator[Part]:
    if after is not None:
        second = epoch_second(after.sent_at)
        yield "message.second <= ?", (second,)
        key = (written(after.channel), written(after.message_id))
        yield "(message.second < ? OR (message.channel, message.id) > (?, ?))", (second, *key)
