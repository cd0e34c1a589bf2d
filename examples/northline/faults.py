"""Faults of the kinds that real exports have, planted on purpose and written down.

Each kind takes rows that no other kind has touched, so that every count can be told beforehand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from northline.desk import Desk
from northline.row import Row, stamp
from northline.world import DAY, HOUR, MINUTE, START, at

SHIFTED = ("chat", at(date(2026, 3, 29), 1), at(date(2026, 4, 2), 3))
"""From the clock change until it was mended, the chat tool wrote local time and called it UTC."""
NAIVE = ("forum", at(date(2026, 3, 12)), 14)
"""A run of the forum's stamps has lost its zone; in March of that year London is on UTC."""


@dataclass(kw_only=True)
class Planted:
    """One kind of fault: what it is, and which messages or lines have it."""

    code: str
    note: str
    keys: set[tuple[str, str]] = field(default_factory=set)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Damage:
    """The rows as they will be written, the raw lines among them, and what was done to them.

    Attributes:
        entries: Rows, or texts that are written as they stand, with the code of their fault.
    """

    entries: list[Row | tuple[str, str]]
    planted: list[Planted]


def damaged(desk: Desk) -> Damage:
    """The desk's messages in the order of arrival, with every kind of fault planted."""
    return _Planter(desk).damage()


class _Planter:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._random = desk.random
        self._rows = sorted(desk.rows, key=lambda row: (row.received, row.key))
        self._by_key = {row.key: row for row in self._rows}
        self._place = {row.key: place for place, row in enumerate(self._rows)}
        self._answered = {
            (row.channel, row.in_reply_to) for row in self._rows if row.in_reply_to is not None
        }
        self._touched: set[tuple[str, str]] = set()
        self._planted: list[Planted] = []

    def damage(self) -> Damage:
        self._list_broadcasts()
        self._shift()
        self._lose_zones()
        self._orphan()
        self._name_themselves()
        self._misdate()
        self._damage_ids()
        self._empty()
        self._make_awkward()
        return Damage(entries=self._with_lines(self._with_repeats()), planted=self._planted)

    # --- faults of single cells ---------------------------------------------------------------

    def _list_broadcasts(self) -> None:
        """News for everybody: nothing is wrong with them, but a reader has to notice."""
        self._change(
            self._where(lambda row: row.customer_id is None),
            lambda row: row,
            code="unknown_customer",
            note="News for everybody; no customer is named, and none can be.",
        )

    def _shift(self) -> None:
        channel, first, last = SHIFTED
        rows = self._where(lambda row: row.channel == channel and first <= row.sent < last)
        self._change(
            rows,
            lambda row: replace(row, sent=row.sent + HOUR),
            code="shifted_zone",
            note="sent_at is one hour late, received_at is right: local time that is called UTC.",
            extra={"channel": channel, "from": stamp(first), "to": stamp(last), "hours": "1"},
        )

    def _lose_zones(self) -> None:
        channel, first, count = NAIVE
        rows = self._where(lambda row: row.channel == channel and row.sent >= first)[:count]
        self._change(
            rows,
            lambda row: replace(row, zoned=False),
            code="naive_time",
            note="sent_at has no zone; it is UTC.",
            extra={"channel": channel},
        )

    def _orphan(self) -> None:
        """The first days answer what was said before the export; one post was deleted later."""
        rows = self._where(
            lambda row: (
                row.direction == "inbound"
                and row.channel in {"x", "mastodon", "email"}
                and row.visibility != "internal"
                and row.in_reply_to is None
                and row.sent < START + 3 * DAY
            )
        )
        self._change(
            self._some(rows, 19),
            lambda row: replace(row, in_reply_to=self._unseen(row)),
            code="orphan",
            note="in_reply_to names a message from before the first day, which is not here.",
        )

    def _unseen(self, row: Row) -> str:
        before = START - self._desk.between(60, 3 * 24 * 60)
        return self._desk.new_id(row.channel, before, ours=True)

    def _name_themselves(self) -> None:
        rows = self._where(
            lambda row: row.channel == "mastodon" and row.in_reply_to is None and not row.is_note
        )
        self._change(
            self._some(rows, 5),
            lambda row: replace(row, in_reply_to=row.message_id),
            code="self_reply",
            note="in_reply_to names the message itself.",
        )

    def _misdate(self) -> None:
        """Answers with the time of their draft, to questions that did not begin their talk."""
        rows = self._where(
            lambda row: row.channel == "email" and row.is_response and self._deep(row)
        )
        self._change(
            self._some(rows, 6),
            lambda row: replace(row, sent=self._parent(row).sent - self._desk.between(0.5, 5)),
            code="reply_before_question",
            note="An answer has the time of its draft, minutes before what it answers.",
        )

    def _deep(self, row: Row) -> bool:
        """Whether what it answers is itself an answer, some way before."""
        parent = self._by_key.get((row.channel, row.in_reply_to or ""))
        if parent is None or parent.in_reply_to is None or parent.direction == "outbound":
            return False
        grandparent = self._by_key.get((parent.channel, parent.in_reply_to))
        return grandparent is not None and parent.sent - grandparent.sent > 10 * MINUTE

    def _parent(self, row: Row) -> Row:
        return self._by_key[row.channel, row.in_reply_to or ""]

    def _damage_ids(self) -> None:
        """A spreadsheet was here; only messages that nobody answers, lest orphans follow."""
        rows = self._where(
            lambda row: (
                row.channel == "x"
                and row.is_response
                and row.in_reply_to is not None
                and row.key not in self._answered
            )
        )
        chosen = {_rounded(row.message_id): row for row in self._some(rows, 8)}
        self._change(
            list(chosen.values()),
            lambda row: replace(row, message_id=_rounded(row.message_id)),
            code="damaged_id",
            note="A spreadsheet has rounded message_id.",
        )

    def _empty(self) -> None:
        rows = self._where(lambda row: row.channel == "instagram" and row.direction == "inbound")
        self._change(
            self._some(rows, 9),
            lambda row: replace(row, text="", sentiment=None),
            code="empty_text",
            note="A picture without words.",
        )

    def _make_awkward(self) -> None:
        """Not faults of the data: texts that must not run, break a table, or be believed."""
        texts = self._desk.words.awkward()
        rows = self._where(lambda row: row.channel == "x" and row.author_role == "customer")
        for row, text in zip(self._some(rows, len(texts)), texts, strict=True):
            self._replace(row, replace(row, text=text))

    # --- faults of whole rows -----------------------------------------------------------------

    def _with_repeats(self) -> list[Row]:
        """Some rows come again, as they are, some way down: a page of the export was read twice."""
        rows = self._rows
        begin = len(rows) // 3
        again = [row for row in rows[begin : begin + 60] if row.key not in self._touched][:24]
        self._planted.append(
            Planted(
                code="repeated_id",
                note="The row is there twice.",
                keys={row.key for row in again},
            )
        )
        place = begin + 90
        return [*rows[:place], *again, *rows[place:]]

    def _with_lines(self, rows: list[Row]) -> list[Row | tuple[str, str]]:
        """Lines that hold no message are put among those that do."""
        lines = _lines(rows[len(rows) // 2])
        entries: list[Row | tuple[str, str]] = list(rows)
        for number, (code, note, text) in enumerate(lines):
            entries.insert(len(rows) // 2 + 37 * number, (code, text))
            if not any(one.code == code for one in self._planted):
                self._planted.append(Planted(code=code, note=note))
        return entries

    # --- how ----------------------------------------------------------------------------------

    def _where(self, holds: Callable[[Row], bool]) -> list[Row]:
        return [row for row in self._rows if row.key not in self._touched and holds(row)]

    def _some(self, rows: list[Row], count: int) -> list[Row]:
        return self._random.sample(rows, count)

    def _change(
        self,
        rows: Iterable[Row],
        change: Callable[[Row], Row],
        *,
        code: str,
        note: str,
        extra: dict[str, str] | None = None,
    ) -> None:
        changed = [self._replace(row, change(row)) for row in rows]
        keys = {row.key for row in changed}
        self._planted.append(Planted(code=code, note=note, keys=keys, extra=extra or {}))

    def _replace(self, old: Row, new: Row) -> Row:
        self._touched |= {old.key, new.key}
        self._rows[self._place[old.key]] = new
        self._by_key[new.key] = new
        return new


def _rounded(number: str) -> str:
    """What a spreadsheet leaves of a long number."""
    return f"{float(number):.5E}"


def _lines(model: Row) -> list[tuple[str, str, str]]:
    """Code, note and text of lines that hold no message."""
    cells = replace(model, text="Handed over", in_reply_to=None).cells()
    fields = len(cells) - 1
    moved = [
        ",".join([f"move-{number}", *cells[1:3], "transfer", *cells[4:]]) for number in range(2)
    ]
    too_many = ",".join([*cells[:-1], "Sorry, we cannot, today, find it"])
    too_few = ",".join(cells[:2])
    return [
        ("unknown_direction", "The direction is neither inbound nor outbound.", moved[0]),
        ("blank_row", "A row of empty cells.", "," * fields),
        ("broken_row", "A text with commas was not quoted; a row was cut off.", too_many),
        ("unknown_direction", "", moved[1]),
        ("broken_row", "", too_few),
    ]
