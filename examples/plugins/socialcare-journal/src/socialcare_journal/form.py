"""From a commit to what JSON can hold, and back.

Events have a stored form of their own, which later releases read; the rest is plain values.
Mappings whose keys are no texts are lists of pairs.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args, get_origin

import attrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter
from socialcare.domain.events import Event
from socialcare.domain.stored_form import event_from, event_text
from socialcare.plugins.records import Commit

_converter = make_converter(omit_if_default=True)


@attrs.frozen(kw_only=True)
class Claim:
    """A claim of entries of the outbox, as it was asked for."""

    targets: tuple[str, ...]
    now: datetime
    until: datetime
    limit: int


def plain(value: Commit | Claim) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """What JSON can hold of it."""
    return _converter.unstructure(value)


def commit_from(value: object) -> Commit:
    """The commit that this was made from."""
    return _converter.structure(value, Commit)


def claim_from(value: object) -> Claim:
    """The claim that this was made from."""
    return _converter.structure(value, Claim)


def _pairs(mapping: Mapping[Any, Any]) -> list[Any]:
    return [[_converter.unstructure(key), each] for key, each in mapping.items()]


def _mapping(pairs: list[Any], kind: Any) -> dict[Any, Any]:  # noqa: ANN401 - a type at run time
    key, _ = get_args(kind)
    return {_converter.structure(each, key): value for each, value in pairs}


def _is_event(kind: Any) -> bool:  # noqa: ANN401 - a type at run time
    return isinstance(kind, type) and issubclass(kind, Event)


_converter.register_unstructure_hook_func(_is_event, lambda event: json.loads(event_text(event)))
_converter.register_structure_hook(Event, lambda value, _: event_from(json.dumps(value)))

_MAPPINGS: dict[str, Any] = {
    field.name: override(unstruct_hook=_pairs, struct_hook=_mapping)
    for field in attrs.fields(Commit)
    if get_origin(field.type) is Mapping
}
_written = make_dict_unstructure_fn(Commit, _converter, _cattrs_omit_if_default=True, **_MAPPINGS)
_converter.register_unstructure_hook(Commit, _written)
_converter.register_structure_hook(Commit, make_dict_structure_fn(Commit, _converter, **_MAPPINGS))
