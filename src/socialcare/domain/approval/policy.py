"""Approval policies: how a house goes about approvals, besides what its map asks for."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import attrs

from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.spot_check import CheckWhen, SpotCheck
from socialcare.domain.events import Key
from socialcare.errors import InvalidPolicy

DAY = timedelta(days=1)


def _positive(
    policy: "ApprovalPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: timedelta,
) -> None:
    if value <= timedelta():
        right = "a duration above zero"
        raise InvalidPolicy(value, where=f"ApprovalPolicy.{attribute.name}", right=right)


def _each_name_once(
    policy: "ApprovalPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[SpotCheck, ...]]",  # noqa: ARG001 - attrs passes it
    value: tuple[SpotCheck, ...],
) -> None:
    names = [each.name for each in value]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        right = "spot checks of different names"
        raise InvalidPolicy(twice, where="ApprovalPolicy.spot_checks", right=right)


def _checks(value: Iterable[SpotCheck]) -> tuple[SpotCheck, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class ApprovalPolicy:
    """How long approvals may take, and whose answers are looked at by chance.

    Attributes:
        name: How the policy is called.
        version: Its version.
        expires: How long a draft waits before it expires.
        editors_approve: Whether those may approve a draft who changed it, see
            `socialcare.domain.approval.deciding`.
        seed: What spot checks are chosen with; known to nobody whose answers are checked.
        spot_checks: The spot checks.
        templates: Whose approval every template needs; None where the house asks for none.

    Raises:
        InvalidPolicy: If drafts expire at once, or two checks have one name.
    """

    name: str = "approvals"
    version: str = "1"
    expires: timedelta = attrs.field(default=DAY, validator=_positive)
    editors_approve: bool = True
    seed: str = ""
    spot_checks: tuple[SpotCheck, ...] = attrs.field(
        default=(), converter=_checks, validator=_each_name_once
    )
    templates: Requirement | None = None

    def checks(
        self, agent: str | None, conversation: str, asked: Key | None, when: CheckWhen
    ) -> tuple[Requirement, ...]:
        """Who is to look at what an agent answers, by chance; nobody at what a machine writes."""
        if agent is None:
            return ()
        return tuple(
            each.requirement
            for each in self.spot_checks
            if each.when is when and each.chooses(agent, conversation, asked, seed=self.seed)
        )

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], *, where: str = "approvals"
    ) -> "ApprovalPolicy":
        """The policy that a mapping describes, as it stands in a TOML file.

        Raises:
            InvalidPolicy: At the first key that is not right.
        """
        from socialcare.domain.approval import document

        return document.read(mapping, where=where)

    @classmethod
    def from_toml(cls, path: str | Path) -> "ApprovalPolicy":
        """The policy in a TOML file.

        Raises:
            InvalidPolicy: At the first key that is not right, or if it is no TOML.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.approval import document

        return document.read_toml(path)

    def to_mapping(self) -> dict[str, object]:
        """The policy as texts, numbers and lists; `from_mapping` gives an equal one back."""
        from socialcare.domain.approval import document

        return document.written(self)
