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

_OF_A_HIT = ("term", "field", "found", "start", "end")


def _hits_as_rows(fields: Fields) -> Fields:
    """Makes a row of each hit of an assessment, which was an object."""
    decision = (fields.get("assessment") or {}).get("decision") or {}
    if "hits" in decision:
        decision["hits"] = [_row(hit) for hit in decision["hits"]]
    return fields


def _row(hit: Fields) -> list[Any]:
    unknown = hit.keys() - set(_OF_A_HIT)
    if unknown:
        raise ValueError(f"found unknown fields of a hit, {', '.join(sorted(unknown))}")
    return [hit.get(name) for name in _OF_A_HIT]


UPGRADES: Mapping[tuple[str, int], Upgrade] = MappingProxyType(
    {
        ("message_received", 1): _hits_as_rows,
        ("message_edited", 1): _hits_as_rows,
        ("assessed", 1): _hits_as_rows,
    }
)
"""Type and old version, and what brings its fields to the version after it."""
