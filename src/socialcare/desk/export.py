"""The export: the log as the message table, in files that anybody can read.

`socialcare.analytics.read` and `socialcare report` read what is written here as it stands.
A path that ends in `.csv`, `.jsonl` or `.parquet` becomes one file, of the messages alone. Any
other becomes a folder with `messages.csv` and, where there is anything to say in them,
`handling.csv`, `status.csv`, `assignment.csv`, `escalations.csv` and `approvals.csv`.

A CSV is made to be opened in a spreadsheet, so no text in it can be taken for a formula: before
such a text stands an apostrophe, and `formula_guard` says yes in its row. Readers of ours take the
apostrophe off again.

Nobody sees half of an export: it is written beside its place, and put there once it is whole.
"""

import csv
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeAlias

from socialcare.desk.numbers import write_parquet
from socialcare.desk.tables import MESSAGES, TABLES, Cell, Row
from socialcare.desk.walk import rows
from socialcare.errors import InvalidValue
from socialcare.plugins.protocols import Store

GUARD = "formula_guard"
"""The column that says in which rows an apostrophe was put before a text."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a text begins with that a spreadsheet would compute; or that looks as if it were guarded."""
_OTHER_FILES = frozenset({".gz", ".json", ".ndjson", ".parq", ".tsv", ".txt", ".xlsx", ".zip"})

_Write: TypeAlias = Callable[[Sequence[Cell]], object]


def export(store: Store, path: "str | os.PathLike[str]") -> int:
    """How many messages were written to the path, which holds the whole log from then on.

    The messages of a conversation are in one run, oldest first. Memory is flat in the size of the
    log; the log is read twice. What is written while others write is of no single moment: each
    message is there once, as it was when its conversation was read.

    Args:
        store: The log.
        path: A file that ends in `.csv`, `.jsonl` or `.parquet`, for the messages alone; or a
            folder, for them and the tables beside them. What an earlier export left there is
            replaced.

    Raises:
        InvalidValue: If the path is of another kind of file, its folder is missing, or it is a
            folder that holds anything else.
        MissingExtra: If it ends in `.parquet` and the extra `analytics` is not installed.
    """
    target = Path(path)
    write = _WRITERS.get(target.suffix.lower(), _write_folder)
    _refuse_impossible(target, is_file=write is not _write_folder)
    with _beside(target) as place:
        count = write(rows(store), place)
        _put(place, target)
    return count


def _refuse_impossible(target: Path, *, is_file: bool) -> None:
    if target.suffix.lower() in _OTHER_FILES:
        right = f"a file that ends in {', '.join(_WRITERS)}, or a folder"
        raise InvalidValue(str(target), where="export", right=right)
    if not target.parent.is_dir():
        raise InvalidValue(str(target), where="export", right="a path in a folder that exists")
    if is_file and target.is_dir():
        raise InvalidValue(str(target), where="export", right="a file, not a folder")
    if not is_file and target.exists() and not _is_export(target):
        right = "a new folder, an empty one, or one that only holds an earlier export"
        raise InvalidValue(str(target), where="export", right=right)


def _is_export(target: Path) -> bool:
    """Whether it is a folder with nothing in it that an export would not have put there."""
    ours = {f"{table}.csv" for table in TABLES}
    return target.is_dir() and {each.name for each in target.iterdir()} <= ours


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new place in a hidden folder beside the target, on the same disk; gone afterwards."""
    folder = Path(mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield folder / target.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(place: Path, target: Path) -> None:
    """Puts what was written where it belongs, in place of what is there."""
    if not target.is_dir():
        place.replace(target)
        return
    # A folder that holds something can't be replaced in one step; in between there is none.
    before = place.with_name(f"{target.name} before")
    target.rename(before)
    try:
        place.replace(target)
    except OSError:
        before.rename(target)
        raise


# Kinds of files


def _write_csv(found: Iterable[Row], place: Path) -> int:
    with _csv(place, MESSAGES) as write:
        return _written_to(write, found)


def _write_json_lines(found: Iterable[Row], place: Path) -> int:
    columns = TABLES[MESSAGES]
    # Half of a surrogate pair has no UTF-8; a question mark is better than no export.
    with place.open("w", encoding="utf-8", errors="replace", newline="\n") as file:

        def write(cells: Sequence[Cell]) -> None:
            line = dict(zip(columns, map(_plain, cells), strict=True))
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

        count = _written_to(write, found)
        _settle(file.fileno(), file.flush)
    return count


def _write_parquet(found: Iterable[Row], place: Path) -> int:
    return write_parquet((cells for table, cells in found if table == MESSAGES), place)


def _write_folder(found: Iterable[Row], place: Path) -> int:
    place.mkdir()
    count = 0
    with ExitStack() as files:
        writers = {MESSAGES: files.enter_context(_csv(place / f"{MESSAGES}.csv", MESSAGES))}
        for table, cells in found:
            if table not in writers:
                writers[table] = files.enter_context(_csv(place / f"{table}.csv", table))
            writers[table](cells)
            count += table == MESSAGES
    return count


_WRITERS = {".csv": _write_csv, ".jsonl": _write_json_lines, ".parquet": _write_parquet}


def _written_to(write: _Write, found: Iterable[Row]) -> int:
    count = 0
    for table, cells in found:
        if table == MESSAGES:
            write(cells)
            count += 1
    return count


@contextmanager
def _csv(place: Path, table: str) -> Iterator[_Write]:
    """Writes rows of a table to a CSV file."""
    # Returns and feeds, so that the writer puts texts with either of them in quotes.
    with place.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow((*TABLES[table], GUARD))
        yield lambda cells: writer.writerow(_guarded(cells))
        _settle(file.fileno(), file.flush)


def _settle(number: int, flush: Callable[[], object]) -> None:
    """Waits until a file is on the disk, so that its new name never stands for an empty one."""
    flush()
    os.fsync(number)


def _guarded(cells: Sequence[Cell]) -> list[object]:
    """Cells as a CSV has them, and whether a text among them was guarded."""
    plain = [_plain(cell) for cell in cells]
    risky = [
        place for place, cell in enumerate(plain) if isinstance(cell, str) and _FORMULA.match(cell)
    ]
    for place in risky:
        plain[place] = f"'{plain[place]}"
    return [*(_word(cell) for cell in plain), "yes" if risky else None]


def _plain(cell: Cell) -> str | bool | float | None:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return cell


def _word(cell: str | bool | float | None) -> object:
    return str(cell).lower() if isinstance(cell, bool) else cell
