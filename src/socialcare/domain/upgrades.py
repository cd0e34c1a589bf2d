"""Upgrades: what brings the fields of a stored event from one version of its type to the next.

A step takes the fields as they were stored, and may change them. It names no class, since classes
go on to change and the texts of a version do not.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

Fields: TypeAlias = dict[str, Any]
"""A JSON object."""
Upgrade: TypeAlias = Callable[[Fields], Fields]
"""Makes the fields of one version of a type into those of the next."""

_ANNOTATION = ("sense", "value", "by", "confidence", "start", "end")
_DECISION = ("priority", "rule", "reason", "book", "hits", "category", "allowance", "due_at")
_HIT = ("term", "field", "found", "start", "end")


def _assessed_in_rows(fields: Fields) -> Fields:
    """Makes rows of what an assessment is made of, which were objects."""
    assessment = fields.get("assessment") or {}
    if "annotations" in assessment:
        assessment["annotations"] = [_row(each, _ANNOTATION) for each in assessment["annotations"]]
    decision = assessment.get("decision")
    if decision is not None:
        hits = [_row(each, _HIT) for each in decision.get("hits", ())]
        assessment["decision"] = _row({**decision, "hits": hits}, _DECISION)
    return fields


def _row(found: Fields, columns: tuple[str, ...]) -> list[Any]:
    unknown = found.keys() - set(columns)
    if unknown:
        raise ValueError(f"found unknown fields, {', '.join(sorted(unknown))}")
    return [found.get(column) for column in columns]


UPGRADES: Mapping[tuple[str, int], Upgrade] = MappingProxyType(
    {
        ("message_received", 1): _assessed_in_rows,
        ("message_edited", 1): _assessed_in_rows,
        ("assessed", 1): _assessed_in_rows,
    }
)
"""Type and old version, and what brings its fields to the version after it."""
