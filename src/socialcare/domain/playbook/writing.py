"""Playbooks as mappings: what `document` reads, written down again."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from socialcare.domain.durations import duration_text
from socialcare.domain.playbook.channels import Channel
from socialcare.domain.playbook.findings import OURS, Code, Treatment
from socialcare.domain.playbook.templates import Template
from socialcare.domain.query import Query

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["written"]

_LISTS = (
    "dos",
    "donts",
    "examples",
    "resources",
    "stakeholders",
    "elsewhere",
    "archive",
    "record",
    "acknowledgements",
)
_LIMITS = ("longest", "longest_private", "questions", "sentences", "in_a_row")


def written(playbook: "Playbook") -> dict[str, object]:
    """The playbook as texts, numbers, lists and dicts."""
    hours = playbook.hours
    return {
        "name": playbook.name,
        "version": playbook.version,
        "house": _fields(playbook.house),
        "voice": {key.removesuffix("_"): value for key, value in _fields(playbook.voice).items()},
        "channels": {name: _channel(each) for name, each in playbook.channels.items()},
        "placeholders": dict(playbook.placeholders),
        "privacy": _fields(playbook.privacy),
        **({} if hours is None else {"hours": hours.to_mapping()}),
        "findings": _findings(playbook.findings),
        **{key: [_fields(each) for each in getattr(playbook, key)] for key in _LISTS},
    }


def _fields(value: object) -> dict[str, object]:
    """The fields of a part that say anything."""
    given = {
        field.name: getattr(value, field.name)
        for field in attrs.fields(type(value))  # type: ignore[arg-type]  # every part is one of attrs
        if not field.name.startswith("_")
    }
    return {key: _plain(each) for key, each in given.items() if each is not None and each != ()}


def _plain(value: object) -> object:
    match value:
        case StrEnum():
            return value.value
        case Query() | Template():
            return value.text
        case timedelta():
            return duration_text(value)
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case tuple():
            return [_plain(each) for each in value]
    return value


def _channel(channel: Channel) -> dict[str, object]:
    limits = {key: getattr(channel, key) or "none" for key in _LIMITS}
    return {key: each for key, each in (_fields(channel) | limits).items() if key != "name"}


def _findings(treatments: Mapping[Code, Treatment]) -> dict[str, object]:
    changed = {code: each for code, each in treatments.items() if each != OURS[code]}
    return {
        code.value: {
            "severity": "off" if each.severity is None else each.severity.value,
            "overrule": each.overrule,
        }
        for code, each in changed.items()
    }
