"""The file of a linear model: JSON with a format version, and what can be wrong with it."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socialcare.errors import InvalidValue

__all__ = ["read", "write"]

FORMAT = "socialcare linear model"
VERSION = 1
_KEYS = ("labels", "temperature", "texts", "weights")


def write(path: Path, fields: Mapping[str, Any]) -> None:
    """Writes the fields of a model."""
    document = {"format": FORMAT, "version": VERSION, **{key: fields[key] for key in _KEYS}}
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def read(path: Path) -> dict[str, Any]:
    """The fields of the model that a file holds.

    Raises:
        InvalidValue: At the first thing that is wrong.
    """
    document = _document(path)
    labels = _labels(document["labels"], path)
    temperature, texts = document["temperature"], document["texts"]
    if not _is_number(temperature) or temperature <= 0:
        raise _wrong(temperature, path, "temperature", "a number above 0")
    if isinstance(texts, bool) or not isinstance(texts, int) or texts < 1:
        raise _wrong(texts, path, "texts", "how many texts it learnt from")
    weights = document["weights"]
    if not isinstance(weights, dict):
        raise _wrong(weights, path, "weights", "a table of features")
    return {
        "labels": labels,
        "temperature": float(temperature),
        "texts": texts,
        "weights": {
            name: _row(row, len(labels), path, f"weights[{name!r}]")
            for name, row in weights.items()
        },
    }


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        right = f"a model that LinearModel.save wrote ({error})"
        raise InvalidValue("no JSON", where=str(path), right=right) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, dict) else type(document).__name__
        raise _wrong(found, path, "format", repr(FORMAT))
    if document.get("version") != VERSION:
        right = f"{VERSION}, the only version that this release reads"
        raise _wrong(document.get("version"), path, "version", right)
    for key in _KEYS:
        if key not in document:
            raise _wrong("nothing", path, key, "this key to be given")
    return document


def _labels(labels: object, path: Path) -> tuple[Any, ...]:
    right = "at least two different labels, texts or bools"
    if not isinstance(labels, list) or not all(
        isinstance(label, bool) or (isinstance(label, str) and label) for label in labels
    ):
        raise _wrong(labels, path, "labels", right)
    if len(set(labels)) < max(2, len(labels)):
        raise _wrong(labels, path, "labels", right)
    return tuple(labels)


def _row(row: object, length: int, path: Path, key: str) -> tuple[float, ...]:
    if not isinstance(row, list) or len(row) != length or not all(map(_is_number, row)):
        raise _wrong(row, path, key, f"a list of {length} numbers, one for each label")
    return tuple(map(float, row))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong(found: object, path: Path, key: str, right: str) -> InvalidValue:
    return InvalidValue(found, where=f"{path}: {key}", right=right)
