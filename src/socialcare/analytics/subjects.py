"""The messages of a log as subjects, with what the log knows around each.

A log knows less than a desk: not who has how many followers, what the CRM calls them, or how a
conversation stood. What it does know is as it was when the message was sent: how many conversations
the customer had begun before, how long they had waited, and how much was said about the topic.
What an export says of a message itself, its category, sentiment and language, whether it needs a
response, merits attention, or never addressed the brand, is taken as it stands.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Floats, Ints
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.values import messages
from socialcare.analytics.volume import times_usual
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.message import Message
from socialcare.domain.subject import Subject

EXPORT = "export"
"""Who says what stands in an export, and by what query a message in it was found."""
_SAID: Mapping[str, Sense] = {
    "needs_response": Sense.NEEDS_ANSWER,
    "merits_attention": Sense.NEEDS_ATTENTION,
}
_AT_ONCE = 10_000
"""How many messages are made at a time."""


@attrs.frozen(kw_only=True, eq=False)
class Around:
    """What a log knows around some of its messages, one entry each.

    Attributes:
        place: Where they are in `Threads.order`.
        earlier: How many conversations the customer had begun before; -1 for no known customer.
        waiting: For how many seconds its author had waited; -1 for one who does not wait.
        volume: How many times as much was said about the topic as usual; NaN where nobody knows.
    """

    place: Ints
    earlier: Ints
    waiting: Ints
    volume: Floats

    @classmethod
    def of(cls, measured: Measurement, fields: Collection[str]) -> "Around":
        """What is known of every customer message.

        Args:
            measured: The log, measured.
            fields: The fields that anybody asks for; volume is counted only then.
        """
        place, _ = measured.bursts.members
        return cls._at(place, _waited(measured), measured, fields)

    @classmethod
    def of_all(cls, measured: Measurement, fields: Collection[str]) -> "Around":
        """The same of every message, the brand's and notes too."""
        place, _ = measured.bursts.members
        every = np.arange(len(measured.threads.order))
        waiting = np.full(len(every), -1)
        waiting[place] = _waited(measured)
        return cls._at(every, waiting, measured, fields)

    @classmethod
    def _at(
        cls, place: Ints, waiting: Ints, measured: Measurement, fields: Collection[str]
    ) -> "Around":
        counted = "volume" in fields
        return cls(
            place=place,
            earlier=_earlier(measured)[measured.threads.conversation[place]],
            waiting=waiting,
            volume=_volume(measured, place) if counted else np.full(len(place), np.nan),
        )


def subjects(measured: Measurement, around: Around) -> Iterator[Subject]:
    """The messages that something is known around, as subjects and in the same order."""
    accounts = _accounts(measured.frame)
    for start in range(0, len(around.place), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        table = measured.frame[measured.threads.order[around.place[some]]]
        known = zip(
            messages(table),
            table.iter_rows(named=True),
            around.earlier[some].tolist(),
            around.waiting[some].tolist(),
            around.volume[some].tolist(),
            strict=True,
        )
        for message, row, earlier, waiting, volume in known:
            yield _subject(
                message,
                row,
                accounts=accounts.get(message.brand, frozenset()),
                waiting=None if waiting < 0 else timedelta(seconds=waiting),
                earlier=None if earlier < 0 else earlier,
                volume=None if volume != volume else volume,
            )


def _subject(message: Message, row: Mapping[str, Any], **known: Any) -> Subject:  # noqa: ANN401 - as Subject takes it
    return Subject(
        message=message,
        annotations=tuple(
            Annotation(sense=sense, value=row[name], by=EXPORT)
            for name, sense in _SAID.items()
            if row.get(name) is not None
        ),
        found_by=(EXPORT,) if row.get("indirect") else (),
        **known,
    )


def _accounts(table: pl.DataFrame) -> dict[str | None, frozenset[str]]:
    """For each brand its accounts, and its own name, which many exports give for one."""
    named = [name for name in ("brand", "account") if name in table.columns]
    found: dict[str | None, frozenset[str]] = {}
    for row in table.select(named).unique().iter_rows(named=True) if named else ():
        brand = row.get("brand")
        found[brand] = found.get(brand, frozenset()) | {name for name in row.values() if name}
    return found


def _waited(measured: Measurement) -> Ints:
    """For how many seconds each customer message's author had waited, in their order."""
    place, burst = measured.bursts.members
    begun = measured.bursts.events.second[measured.bursts.begins]
    return measured.threads.second[place] - begun[burst]


def _earlier(measured: Measurement) -> Ints:
    """For each conversation how many its customer had begun before it; -1 for nobody known."""
    begun = measured.opening
    known = pl.DataFrame(
        {
            "brand": measured.column("brand", begun).cast(pl.String),
            "customer": measured.column("customer_id", begun).cast(pl.String),
            "second": measured.second_at(begun),
        }
    ).with_row_index("conversation")
    placed = (
        known.sort("second", "conversation")
        .with_columns(earlier=pl.int_range(pl.len()).over("brand", "customer"))
        .sort("conversation")
    )
    earlier = pl.when(pl.col("customer").is_null()).then(-1).otherwise("earlier")
    return placed.select(earlier.cast(pl.Int64)).to_series().to_numpy()


def _volume(measured: Measurement, place: Ints) -> Floats:
    """The volume around each message's category, or around the brand where it has none."""
    second = measured.threads.second[place]
    brand = measured.column("brand", place).cast(pl.String)
    category = measured.column("category", place).cast(pl.String)
    whose = numbered(brand)
    since = _first_of_each(whose, second)[whose]
    by_brand = times_usual(whose, second, since)
    if category.null_count() == len(category):
        return by_brand
    by_category = times_usual(numbered(brand, category), second, since)
    return np.where(category.is_null().to_numpy(), by_brand, by_category)


def _first_of_each(number: Ints, second: Ints) -> Ints:
    """The smallest second that stands beside each number."""
    first = np.full(int(number.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, number, second)
    return first


def numbered(*names: pl.Series) -> Ints:
    """A number from 0 for each different row of names."""
    rows = pl.DataFrame([name.alias(str(at)) for at, name in enumerate(names)])
    return rows.select(pl.struct(pl.all()).rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
