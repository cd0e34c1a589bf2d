"""Service level policies as mappings: what stands in a TOML file, and back.

Every error names the document, the key as a path such as `entries[1].resolution`, what was found
there and what would be right.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.documents import (
    Reader,
    Table,
    business_hours,
    each_of,
    length,
    several,
    text,
    texts,
    toml_table,
    word_of,
)
from socialcare.domain.durations import duration_text
from socialcare.domain.policy import AgentBegan, Automated, HoursApply, ResponseType
from socialcare.domain.sla.policy import CONDITIONS, SlaEntry, SlaPolicy
from socialcare.domain.sla.presets import preset
from socialcare.domain.sla.rules import (
    FollowUp,
    OnChange,
    Promised,
    Reopening,
    SlaPause,
    SlaRules,
)
from socialcare.errors import InvalidPolicy

__all__ = ["read", "read_toml", "written"]

_CHOICES: Mapping[str, type[Choice]] = {
    "follow_up": FollowUp,
    "reopening": Reopening,
    "on_change": OnChange,
    "automated": Automated,
    "agent_began": AgentBegan,
    "hours_apply": HoursApply,
}
_DURATIONS = ("first_response", "next_response", "resolution")


def read(mapping: Mapping[str, object], *, where: str) -> SlaPolicy:
    """The policy that a mapping describes.

    Raises:
        InvalidPolicy: At the first key that is not right.
    """
    return _policy(Table(mapping, where, error=InvalidPolicy))


def read_toml(path: str | Path) -> SlaPolicy:
    """The policy in a TOML file.

    Raises:
        InvalidPolicy: At the first key that is not right, or if it is no TOML.
        OSError: If the file cannot be opened.
    """
    return _policy(toml_table(path, error=InvalidPolicy))


def written(policy: SlaPolicy) -> dict[str, object]:
    """The policy as texts, numbers, lists and dicts; `read` gives an equal one back."""
    return {
        "name": policy.name,
        "version": policy.version,
        "standard_hours": policy.standard_hours,
        "warnings": list(policy.warnings),
        "rules": _rules_written(policy.rules),
        "hours": {name: hours.to_mapping() for name, hours in policy.hours},
        "entries": [_entry_written(entry) for entry in policy.entries],
    }


def _policy(table: Table) -> SlaPolicy:
    fields = {
        "name": table.need("name", text, "what the policy is called"),
        "version": table.get("version", text, "1"),
        "rules": _rules(table.table("rules")),
        "hours": dict(table.table("hours").entries(business_hours)),
        "entries": [_entry(each) for each in table.tables("entries")],
        **table.given(standard_hours=text, warnings=several),
    }
    table.done()
    return table.made(SlaPolicy, fields)


def _rules(table: Table) -> SlaRules:
    base = table.get("preset", _preset, SlaRules())
    readers: dict[str, Reader[object]] = {key: word_of(of) for key, of in _CHOICES.items()}
    fields = table.given(name=text, responses=each_of(word_of(ResponseType)), **readers)
    pauses = [_pause(each) for each in table.tables("pauses")]
    if "pauses" in table:
        fields["pauses"] = pauses
    table.done()
    if "preset" in table and fields:
        fields.setdefault("name", f"{base.name}, changed")
    return table.made(partial(attrs.evolve, base), fields)


def _preset(value: object, where: str) -> SlaRules:
    return preset(text(value, where))


def _pause(table: Table) -> SlaPause:
    fields: dict[str, Any] = {
        "states": table.need("states", texts, "states such as 'pending'"),
        **table.given(targets=each_of(word_of(Promised))),
    }
    table.done()
    return table.made(SlaPause, fields)


def _entry(table: Table) -> SlaEntry:
    readers: dict[str, Callable[[object, str], object]] = {
        **dict.fromkeys(CONDITIONS, texts),
        **dict.fromkeys(_DURATIONS, length),
        "hours": text,
        "warnings": several,
    }
    fields = {
        "name": table.need("name", text, "what the entry is called"),
        **table.given(**readers),
        "time_in_team": dict(table.table("time_in_team").entries(length)),
    }
    table.done()
    return table.made(SlaEntry, fields)


def _word(choice: Choice) -> str:
    return choice.value


def _rules_written(rules: SlaRules) -> dict[str, object]:
    return {
        "name": rules.name,
        **{key: _word(getattr(rules, key)) for key in _CHOICES},
        "responses": sorted(map(str, rules.responses)),
        "pauses": [
            {"states": sorted(pause.states), "targets": sorted(map(str, pause.targets))}
            for pause in rules.pauses
        ],
    }


def _entry_written(entry: SlaEntry) -> dict[str, object]:
    durations = {key: getattr(entry, key) for key in _DURATIONS}
    optional: dict[str, object] = {
        **{key: sorted(getattr(entry, key)) for key in CONDITIONS},
        **{key: each and duration_text(each) for key, each in durations.items()},
        "time_in_team": {team: duration_text(most) for team, most in entry.time_in_team},
        "hours": entry.hours,
        "warnings": None if entry.warnings is None else list(entry.warnings),
    }
    kept = {key: value for key, value in optional.items() if value or key == "warnings"}
    return {"name": entry.name, **{key: each for key, each in kept.items() if each is not None}}
