"""Files that the command line writes: JSON, and intervals as Parquet or CSV.

A CSV is made to be opened in a spreadsheet, so no text in it can be taken for a formula.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import polars as pl

from socialcare.analytics.quality import Quality
from socialcare.errors import InvalidValue

STANDARD_OUTPUT = Path("-")
"""What `--json` is given to print the document instead of the tables."""
_FORMULA = "=+-@\t\r"
"""What a text begins with that a spreadsheet would compute."""

_INSTANT = "%Y-%m-%dT%H:%M:%S%.fZ"
"""Every instant that we write is in UTC."""


def writable(path: Path, option: str) -> Path:
    """The path of a file that can be written, tried before the work begins.

    Raises:
        InvalidValue: If its folder is missing, or it is a folder itself.
    """
    if path.is_dir():
        raise InvalidValue(str(path), where=option, right="a file, not a folder")
    if not path.parent.is_dir():
        right = f"a file in a folder that exists; {path.parent} does not"
        raise InvalidValue(str(path), where=option, right=right)
    return path


def folder(path: Path, option: str) -> Path:
    """The path of a folder, made where it is missing.

    Raises:
        InvalidValue: If a file has its name, or it can't be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "it cannot be made"
        raise InvalidValue(str(path), where=option, right=f"a folder ({reason})") from None
    return path


def to_json(document: Mapping[str, Any]) -> bytes:
    """The document as indented JSON in UTF-8, with a line feed at its end."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    # A lone surrogate has no UTF-8; a question mark is better than no report.
    return (text + "\n").encode("utf-8", "replace")


def check_json(to: Path | None) -> None:
    """Refuses a file for JSON that can't be written, before the work begins.

    Raises:
        InvalidValue: If its folder is missing, or it is a folder itself.
    """
    if to not in (None, STANDARD_OUTPUT):
        writable(to, "--json")


def json_printed(document: Mapping[str, Any], to: Path | None) -> bool:
    """Whether the document went to standard output; one that is to go to a file went there."""
    if to == STANDARD_OUTPUT:
        sys.stdout.buffer.write(to_json(document))
        return True
    if to is not None:
        to.write_bytes(to_json(document))
    return False


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would compute.

    That is a text, or a heading, that begins with `=`, `+`, `-`, `@`, a tab or a carriage return.

    >>> without_formulas(pl.DataFrame({"text": ["=1+1", "fine"]}))["text"].to_list()
    ["'=1+1", 'fine']
    """
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Categorical)]
    safe = frame.with_columns(map(_neutral, texts))
    return safe.rename(lambda name: f"'{name}" if name.startswith((*_FORMULA,)) else name)


def _neutral(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return pl.when(text.str.head(1).is_in([*_FORMULA])).then("'" + text).otherwise(text).alias(name)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame to a file of the kind that its ending says: `.parquet` or `.csv`."""
    if path.suffix == ".csv":
        without_formulas(frame).write_csv(path, datetime_format=_INSTANT)
    else:
        frame.write_parquet(path)


def set_aside(quality: Quality) -> pl.DataFrame:
    """The rows that could not be read, as `file`, `line`, `code`, `reason` and `text`."""
    texts = dict.fromkeys(("code", "reason", "text"), pl.String())
    schema: dict[str, pl.DataType] = {"file": pl.String(), "line": pl.Int64(), **texts}
    return pl.DataFrame([attrs.asdict(row) for row in quality.set_aside], schema=schema)
