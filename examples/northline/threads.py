"""Which messages are one conversation, so that handling spans can name it.

The rule is that of socialcare's message table, written out once more in plain Python: a customer's
neighbouring messages no further apart than a day, and replies, join; notes join nothing.
"""

from collections import defaultdict
from collections.abc import Iterable

from northline.row import Row

_GAP = 24 * 60 * 60


def conversations(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Conversation id to its messages, notes left out, in order."""
    spoken = sorted(
        {row.key: row for row in rows if not row.is_note and row.customer_id}.values(),
        key=lambda row: row.order,
    )
    parts = _Parts({row.key: row for row in spoken})
    latest: dict[str | None, Row] = {}
    for row in spoken:
        before = latest.get(row.customer_id)
        if before is not None and row.second - before.second <= _GAP:
            parts.join(before, row)
        latest[row.customer_id] = row
        parts.join_parent(row)
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in spoken:
        found[parts.root(row.key)].append(row)
    return {f"{talk[0].channel}:{talk[0].message_id}": talk for talk in found.values()}


class _Parts:
    """Connected parts, by union-find."""

    def __init__(self, rows: dict[tuple[str, str], Row]) -> None:
        self._rows = rows
        self._up = {key: key for key in rows}

    def root(self, key: tuple[str, str]) -> tuple[str, str]:
        while self._up[key] != key:
            self._up[key] = self._up[self._up[key]]
            key = self._up[key]
        return key

    def join(self, one: Row, other: Row) -> None:
        self._up[self.root(other.key)] = self.root(one.key)

    def join_parent(self, row: Row) -> None:
        parent = self._rows.get((row.channel, row.in_reply_to or ""))
        if parent is not None and parent.customer_id == row.customer_id:
            self.join(parent, row)
