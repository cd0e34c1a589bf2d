"""Writes the message table, the handling spans and the list of what was planted."""

import csv
import io
import json
from collections import defaultdict
from pathlib import Path

from northline.faults import Damage, Planted
from northline.handling import Span
from northline.row import COLUMNS, Row, stamp

_HANDLING = ("conversation_id", "agent_id", "started_at", "ended_at")


def write_messages(path: Path, damage: Damage) -> dict[str, list[int]]:
    """Writes the table; returns the line, counted from 1, on which each fault begins."""
    lines: dict[str, list[int]] = defaultdict(list)
    codes = {key: planted.code for planted in damage.planted for key in planted.keys}
    number, parts = 2, [_line(COLUMNS)]
    seen: set[tuple[str, str]] = set()
    for entry in damage.entries:
        if isinstance(entry, Row):
            text, code = _line(entry.cells()), codes.get(entry.key)
            if code == "repeated_id" and entry.key not in seen:
                code = None
            seen.add(entry.key)
        else:
            code, text = entry[0], f"{entry[1]}\n"
        if code is not None:
            lines[code].append(number)
        number += text.count("\n")
        parts.append(text)
    _write(path, "".join(parts))
    return lines


def write_handling(path: Path, spans: list[Span]) -> None:
    """Writes the spans, one a line, in the order in which they began."""
    rows = (
        (span.conversation_id, span.agent_id, stamp(span.started), stamp(span.ended))
        for span in spans
    )
    _write(path, "".join(_line(row) for row in (_HANDLING, *rows)))


def write_planted(
    path: Path, *, seed: int, planted: list[Planted], lines: dict[str, list[int]]
) -> None:
    """Writes what was planted: for each fault its code, count, ids and lines."""
    faults = [
        {
            "code": one.code,
            "count": len(lines[one.code]),
            "note": one.note,
            **one.extra,
            "messages": [f"{channel}:{name}" for channel, name in sorted(one.keys)],
            "lines": lines[one.code],
        }
        for one in planted
    ]
    told = ",\n".join(json.dumps(fault, ensure_ascii=False) for fault in faults)
    _write(path, f'{{"seed": {seed}, "faults": [\n{told}\n]}}\n')


def _line(cells: tuple[str, ...] | list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
