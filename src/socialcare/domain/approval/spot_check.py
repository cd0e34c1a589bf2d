"""Spot checks: a share of an agent's answers that somebody else looks at.

Which ones is not left to chance but to a hash, so that it can be computed again by whoever doubts
it, and only by those who know the seed of the house beforehand.
The hash is over what is answered and not over the words: who tries again with other words, or
under another id, is checked or not checked as before.
"""

from collections.abc import Iterable
from hashlib import sha256

import attrs

from socialcare.domain.approval.requirement import Requirement, role_names
from socialcare.domain.choices import Choice
from socialcare.domain.events import Key
from socialcare.domain.stored_form import encoded
from socialcare.domain.validators import not_empty
from socialcare.errors import InvalidPolicy

_ALL = 2**64


class CheckWhen(Choice):
    """When a chosen answer is looked at."""

    BEFORE = "before"
    """It needs an approval before it goes out."""
    AFTER = "after"
    """It goes out, and is reviewed."""


def _names(value: Iterable[str] | str) -> frozenset[str]:
    return frozenset((value,) if isinstance(value, str) else value)


def _a_share(
    check: "SpotCheck",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[float]",  # noqa: ARG001 - attrs passes it
    value: float,
) -> None:
    if not 0 < value <= 1:
        right = "a share above 0 and up to 1, such as 0.2"
        raise InvalidPolicy(value, where="SpotCheck.share", right=right)


@attrs.frozen(kw_only=True)
class SpotCheck:
    """A share of answers that somebody else looks at.

    Attributes:
        name: How the check is called.
        share: Of the answers, such as 0.2.
        roles: Who looks, as in `Requirement`.
        people: How many of them.
        agents: Whose answers; everybody's if none are named.
        when: Before they go out, or after.

    Raises:
        InvalidPolicy: If the share is none, or the check has no name.
        InvalidValue: If there is no role, or another number of people.
    """

    name: str = attrs.field(validator=not_empty(error=InvalidPolicy))
    share: float = attrs.field(validator=_a_share)
    roles: tuple[str, ...] = attrs.field(converter=role_names)
    people: int = 1
    agents: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    when: CheckWhen = attrs.field(default=CheckWhen.BEFORE, converter=CheckWhen)
    requirement: Requirement = attrs.field(init=False, eq=False, repr=False)

    @requirement.default
    def _requirement(self) -> Requirement:
        reason = f"spot check {self.name!r}"
        return Requirement(roles=self.roles, people=self.people, reason=reason)

    def chooses(self, agent: str, conversation: str, asked: Key | None, *, seed: str) -> bool:
        """Whether it looks at what an agent answers.

        Args:
            agent: Whose answer it is.
            conversation: In which conversation.
            asked: The customer's last message, which is answered; None if there is none.
            seed: That of the house.
        """
        if self.agents and agent not in self.agents:
            return False
        return _place(seed, self.name, agent, conversation, *(asked or ())) < self.share * _ALL


def _place(*texts: str) -> int:
    """A number below 2**64 that is the same for the same texts, and as good as random."""
    return int.from_bytes(sha256(encoded(texts).encode("ascii")).digest()[:8], "big")
