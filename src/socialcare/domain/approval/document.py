"""Approval policies as mappings: what stands in a TOML file, and back.

Every error names the document, the key as a path such as `spot_checks[0].share`, what was found
there and what would be right.
"""

from collections.abc import Mapping
from pathlib import Path

from socialcare.domain.approval.policy import DAY, ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.spot_check import CheckWhen, SpotCheck
from socialcare.domain.documents import Table, text, texts, toml_table, truth, whole, word_of
from socialcare.domain.durations import duration_text
from socialcare.errors import InvalidPolicy

__all__ = ["read", "read_toml", "written"]

_NOBODY: tuple[str, ...] = ()
_count = whole("1 or 2")


def read(mapping: Mapping[str, object], *, where: str) -> ApprovalPolicy:
    """The policy that a mapping describes.

    Raises:
        InvalidPolicy: At the first key that is not right.
    """
    return _policy(Table(mapping, where, error=InvalidPolicy))


def read_toml(path: str | Path) -> ApprovalPolicy:
    """The policy in a TOML file.

    Raises:
        InvalidPolicy: At the first key that is not right, or if it is no TOML.
        OSError: If the file cannot be opened.
    """
    return _policy(toml_table(path, error=InvalidPolicy))


def written(policy: ApprovalPolicy) -> dict[str, object]:
    """The policy as texts, numbers and lists; `read` gives an equal one back."""
    return {
        "name": policy.name,
        "version": policy.version,
        "expires": duration_text(policy.expires),
        "editors_approve": policy.editors_approve,
        "seed": policy.seed,
        "spot_checks": [_check_written(each) for each in policy.spot_checks],
        **({} if policy.templates is None else {"templates": _asked_written(policy.templates)}),
    }


def _policy(table: Table) -> ApprovalPolicy:
    expires = table.length("expires")
    fields = {
        "name": table.get("name", text, "approvals"),
        "version": table.get("version", text, "1"),
        "expires": DAY if expires is None else expires,
        "editors_approve": table.get("editors_approve", truth, default=True),
        "seed": table.get("seed", _any_text, ""),
        "spot_checks": [_check(each) for each in table.tables("spot_checks")],
        "templates": _asked(table.table("templates")) if "templates" in table else None,
    }
    table.done()
    return table.made(ApprovalPolicy, fields)


def _check(table: Table) -> SpotCheck:
    fields = {
        "name": table.need("name", text, "what the check is called"),
        "share": table.need("share", _number, "a share such as 0.2"),
        "roles": table.need("roles", texts, "the roles that look at answers"),
        "people": table.get("people", _count, 1),
        "agents": table.get("agents", texts, _NOBODY),
        "when": table.get("when", word_of(CheckWhen), CheckWhen.BEFORE),
    }
    table.done()
    return table.made(SpotCheck, fields)


def _asked(table: Table) -> Requirement:
    fields = {
        "roles": table.need("roles", texts, "the roles that approve"),
        "people": table.get("people", _count, 1),
        "every_role": table.get("every_role", truth, default=False),
        "reason": table.get("reason", _any_text, ""),
    }
    table.done()
    return table.made(Requirement, fields)


def _any_text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InvalidPolicy(value, where=where, right="a text")
    return value


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidPolicy(value, where=where, right="a number")
    return float(value)


def _asked_written(requirement: Requirement) -> dict[str, object]:
    return {
        "roles": list(requirement.roles),
        "people": requirement.people,
        "every_role": requirement.every_role,
        "reason": requirement.reason,
    }


def _check_written(check: SpotCheck) -> dict[str, object]:
    return {
        "name": check.name,
        "share": check.share,
        "roles": list(check.requirement.roles),
        "people": check.people,
        "agents": sorted(check.agents),
        "when": check.when.value,
    }
