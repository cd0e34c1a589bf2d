"""JSON Lines, or one JSON array, as a table of texts.

Objects within objects become columns with a dot in their names; lists stay JSON.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs
import polars as pl

from socialcare.analytics.quality import SetAside
from socialcare.analytics.readers.csv_lines import MAX_LINE, TOO_LONG, lines_of
from socialcare.analytics.readers.csv_table import LINE_REASONS
from socialcare.analytics.readers.findings import Findings, shortened
from socialcare.analytics.readers.tables import HEAD, Loaded
from socialcare.errors import UnreadableExport

_BATCH = 20_000


@attrs.frozen(kw_only=True)
class _Parsed:
    """All objects of a file, their lines, and what is wrong with the rest."""

    frame: pl.DataFrame
    lines: pl.Series
    findings: Findings


@attrs.frozen(kw_only=True, slots=False)
class JsonTable:
    """A file of JSON Lines, or one with a JSON array, in UTF-8."""

    name: str
    path: Path
    array: bool

    @cached_property
    def _parsed(self) -> _Parsed:
        findings = Findings()
        objects = self._array() if self.array else self._lines(findings)
        frames: list[pl.DataFrame] = []
        lines: list[int] = []
        for batch in _batches(objects):
            lines.extend(line for line, _ in batch)
            frames.append(_frame([_flat(found) for _, found in batch]))
        frame = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
        return _Parsed(
            frame=frame, lines=pl.Series("line", lines, dtype=pl.UInt32), findings=findings
        )

    def head(self) -> pl.DataFrame:
        """Its first objects, with the columns of all of them.

        Raises:
            UnreadableExport: If it holds no object at all.
        """
        frame = self._parsed.frame
        if not frame.width:
            raise UnreadableExport(
                self.name, "found no JSON object; expected one message in each line, or an array"
            )
        return frame.head(HEAD)

    def load(self, columns: Sequence[str], *, careful: bool = False) -> Loaded:  # noqa: ARG002  # it always is
        """The columns of all objects; lines that hold none are set aside."""
        parsed = self._parsed
        return Loaded(
            frame=parsed.frame.select(columns).lazy(),
            lines=lambda rows: parsed.lines.gather(list(rows)).to_list(),
            findings=parsed.findings,
        )

    def _array(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        try:
            found = json.loads(self.path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise UnreadableExport(self.name, f"this is no JSON array ({error})") from error
        for place, one in enumerate(found, start=1):
            if not isinstance(one, dict):
                right = (
                    f"expected objects in the array, found {type(one).__name__} as number {place}"
                )
                raise UnreadableExport(self.name, right)
            yield place, one

    def _lines(self, findings: Findings) -> Iterator[tuple[int, Mapping[str, Any]]]:
        with self.path.open("rb") as file:
            for line in lines_of(file):
                if TOO_LONG in line.troubles:
                    reason = f"the line is over {MAX_LINE:,} bytes"
                    findings.lose(_aside(line.number, TOO_LONG, reason, line.text))
                    continue
                if not line.text.strip():
                    continue
                found = _object(line.text)
                if isinstance(found, str):
                    findings.lose(_aside(line.number, "broken_row", found, line.text))
                    continue
                for code in line.troubles:
                    findings.flag_line(code, line.number, LINE_REASONS[code], shortened(line.text))
                yield line.number, found


def _aside(line: int, code: str, reason: str, text: str) -> SetAside:
    return SetAside(line=line, reason=reason, code=code, text=shortened(text))


def _object(text: str) -> Mapping[str, Any] | str:
    """The object in a line, or why there is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"the line is no JSON ({error})"
    return found if isinstance(found, dict) else "the line is no JSON object"


def _batches(
    objects: Iterable[tuple[int, Mapping[str, Any]]],
) -> Iterator[list[tuple[int, Mapping[str, Any]]]]:
    batch: list[tuple[int, Mapping[str, Any]]] = []
    for one in objects:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _flat(found: Mapping[str, Any], prefix: str = "") -> dict[str, str | None]:
    """An object as texts, those of inner objects by names with dots."""
    flat: dict[str, str | None] = {}
    for name, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = _text(value)
    return flat


def _text(value: object) -> str | None:
    if value is None or value != value:  # only NaN differs from itself
        return None
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (int, float)) else json.dumps(value)


def _frame(rows: Sequence[Mapping[str, str | None]]) -> pl.DataFrame:
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame(
        [pl.Series(name, [row.get(name) for row in rows], dtype=pl.String) for name in names]
    )
