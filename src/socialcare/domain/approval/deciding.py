"""Deciding: who may approve a draft, and whether that is enough.

Whoever wrote a draft never approves it, nor does the one whom it is credited to, and nobody counts
twice. Whoever changed it since is a co-author. They stand behind it beside its writer, so where one
person is needed their approval will do, unless the house wants another's; where two are needed, at
least one of them has written nothing of it.
"""

from collections.abc import Iterable
from typing import Protocol

from socialcare.domain.actor import Actor
from socialcare.domain.approval.draft import Approval
from socialcare.domain.approval.requirement import Requirement, in_words


class Written(Protocol):
    """What somebody wrote and others approve: a draft, or a template."""

    @property
    def writers(self) -> tuple[str, ...]:
        """Who wrote it, or is credited with it."""
        ...

    @property
    def editors(self) -> tuple[str, ...]:
        """Who changed it since."""
        ...

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """The approvals that it has as it is now."""
        ...


def objection(
    written: Written,
    who: Actor,
    requirements: Iterable[Requirement],
    *,
    editors_approve: bool = True,
) -> str | None:
    """Why somebody may not approve it, in words; None if they may.

    Args:
        written: What it is about.
        who: Who wants to, with their roles.
        requirements: Whose approval it needs.
        editors_approve: Whether those may who changed it.
    """
    needed = tuple(requirements)
    if who.id in written.writers:
        return f"{who.id} wrote it, and nobody approves what they wrote"
    if who.id in written.editors and not editors_approve:
        return f"{who.id} changed it, and this house wants somebody else to approve it"
    if any(each.by == who.id for each in written.approvals):
        return f"{who.id} has approved it, and nobody counts twice"
    if not any(set(who.roles) & set(each.roles) for each in needed):
        has = ", ".join(who.roles) or "none"
        return f"{who.id} has the roles: {has}; expected {in_words(needed)}"
    return None


def missing(
    written: Written, approvals: Iterable[Approval], requirements: Iterable[Requirement]
) -> tuple[Requirement, ...]:
    """The requirements that these approvals do not meet yet."""
    given = tuple(approvals)
    return tuple(each for each in requirements if not _is_met(written, given, each))


def _is_met(written: Written, approvals: Iterable[Approval], requirement: Requirement) -> bool:
    wanted = set(requirement.roles)
    people = {
        each.by: each.roles
        for each in approvals
        if each.by not in written.writers and not wanted.isdisjoint(each.roles)
    }
    others = people.keys() - set(written.editors)
    return requirement.suffice(people) and (requirement.people == 1 or bool(others))
