"""Which mapping fits an export: the one that was given, a preset, or one that is guessed."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import attrs
import polars as pl

from socialcare.analytics.readers.mapping import FIELDS
from socialcare.analytics.readers.mapping import Mapping as ExportMapping
from socialcare.analytics.readers.shapes import read_alone, shapes_of
from socialcare.analytics.readers.values import dictionary
from socialcare.analytics.readers.words import COLUMN_NAMES, plain
from socialcare.errors import InvalidMapping, InvalidValue, UnreadableExport

GUESSED = "guessed"
"""The name of the mapping that is made from column names."""

_WANTED = {
    "message_id": "an id for each message",
    "sent_at": "when it was sent",
    "direction": "whether it came from a customer (inbound) or from the brand (outbound)",
    "customer_id": "whose message it is",
}


@attrs.frozen(kw_only=True)
class Recognised:
    """How a table will be read.

    Attributes:
        mapping: The mapping that fits.
        chosen: For each field the column that holds it.
        guessed: Pairs of column and field that were told by the column's name alone.
    """

    mapping: ExportMapping
    chosen: Mapping[str, str]
    guessed: tuple[tuple[str, str], ...] = ()


@cache
def presets() -> Mapping[str, ExportMapping]:
    """The presets that are shipped, by name."""
    folder = files("socialcare.analytics.readers") / "presets"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    loaded = (ExportMapping.from_toml(str(folder / name)) for name in names)
    return {mapping.name: mapping for mapping in loaded}


def preset(name: str) -> ExportMapping:
    """The preset of that name.

    Raises:
        InvalidValue: If there is none.
    """
    if name not in presets():
        right = f"auto, or a preset: {', '.join(presets())}"
        raise InvalidValue(name, where="format", right=right)
    return presets()[name]


def recognised(
    head: pl.DataFrame, given: ExportMapping | None, *, source: str, own: bool
) -> Recognised:
    """How a table with these columns is to be read.

    Args:
        head: The first rows of the table.
        given: The mapping that the user gave or named; None to recognise it.
        source: What the table is called.
        own: Whether the mapping is the user's own, whose columns must all be there.

    Raises:
        InvalidMapping: If the user's mapping names columns that are not there.
        UnreadableExport: If a column that every message needs can't be found.
    """
    if given is None:
        given = _fitting(head.columns)
    if given is None:
        return _guessed(head, source)
    chosen = _chosen(given, head.columns)
    if own:
        _check_own(given, chosen, head.columns)
    _check_complete(given, chosen, head.columns, source)
    return Recognised(mapping=given, chosen=chosen)


def _fitting(columns: Sequence[str]) -> ExportMapping | None:
    """The preset with the most telling columns, if all of them are there."""
    fitting = [
        mapping
        for mapping in presets().values()
        if mapping.logic == "messages"
        and set(mapping.recognise) <= set(columns)
        and not _lacking(mapping, _chosen(mapping, columns))
    ]
    return max(fitting, key=lambda mapping: len(mapping.recognise), default=None)


def _chosen(mapping: ExportMapping, columns: Sequence[str]) -> dict[str, str]:
    there = set(columns)
    found = (
        (field, next((name for name in names if name in there), None))
        for field, names in mapping.columns.items()
    )
    return {field: name for field, name in found if name is not None}


def _check_own(mapping: ExportMapping, chosen: Mapping[str, str], columns: Sequence[str]) -> None:
    lost = [
        (f"columns.{f}", " or ".join(mapping.columns[f]))
        for f in mapping.columns
        if f not in chosen
    ]
    lost += [("keep", name) for name in mapping.keep if name not in columns]
    for key, name in lost:
        raise InvalidMapping(
            name,
            where=f"{mapping.source}: {key}",
            right=f"a column of the export: {_list(columns)}",
        )


def _lacking(mapping: ExportMapping, chosen: Mapping[str, str]) -> list[str]:
    """The fields that every message needs and nothing gives."""
    direction = (
        "direction" in chosen
        or "direction" in mapping.constants
        or "author_role" in chosen
        or (mapping.brand and "author_id" in chosen)
    )
    there = {
        "message_id": "message_id" in chosen,
        "sent_at": "sent_at" in chosen,
        "direction": direction,
        "customer_id": "customer_id" in chosen or "author_id" in chosen,
    }
    return [field for field, given in there.items() if not given]


def _check_complete(
    mapping: ExportMapping, chosen: Mapping[str, str], columns: Sequence[str], source: str
) -> None:
    for field in _lacking(mapping, chosen):
        raise UnreadableExport(
            source,
            f"no column gives {field} ({_WANTED[field]}); found the columns {_list(columns)}; "
            f'name one of them {field}, or say which it is in a mapping: [columns] {field} = "..."',
        )


def _list(columns: Iterable[str]) -> str:
    names = list(columns)
    return ", ".join(names[:40]) + (", ..." if len(names) > 40 else "")


def _guessed(head: pl.DataFrame, source: str) -> Recognised:
    """A mapping made from the names of the columns, and their first values."""
    chosen: dict[str, str] = {}
    for field in FIELDS:
        column = _guess(field, head, taken=set(chosen.values()))
        if column is not None:
            chosen[field] = column
    mapping = ExportMapping(name=GUESSED, columns={f: (name,) for f, name in chosen.items()})
    _check_complete(mapping, chosen, head.columns, source)
    guessed = tuple((name, field) for field, name in chosen.items() if name != field)
    return Recognised(mapping=mapping, chosen=chosen, guessed=guessed)


def _guess(field: str, head: pl.DataFrame, *, taken: set[str]) -> str | None:
    if field in head.columns:
        return field
    by_name = {plain(name): name for name in reversed(head.columns) if name not in taken}
    candidates = (by_name[name] for name in (field, *COLUMN_NAMES[field]) if name in by_name)
    return next((name for name in candidates if _believable(field, head[name])), None)


def _believable(field: str, column: pl.Series) -> bool:
    """Whether the first values of a column are such as the field has; no row tells nothing."""
    if not len(column):
        return True
    values = column.drop_nulls().unique().sort()
    if field in ("direction", "visibility", "author_role"):
        texts = [text for text in values.cast(pl.String).to_list() if text.strip()]
        known = dictionary(field, column.name, texts, _NOTHING)
        return bool(texts) and 2 * len(known) >= len(texts)
    if field == "sent_at" and column.dtype == pl.String:
        texts = [text.strip() for text in values.head(100).to_list() if text.strip()]
        return not texts or 2 * sum(map(_looks_like_time, texts)) >= len(texts)
    return True


def _looks_like_time(text: str) -> bool:
    return bool(shapes_of(text)) or read_alone(text, day_first=True) is not None


_NOTHING = ExportMapping()
