"""Kept findings: what the playbook had to say of an answer, as it stands in the log.

They are findings of the playbook as texts, so that the log can be read whatever kinds a later
playbook knows; and, where somebody sends the answer all the same, their reason.
"""

from collections.abc import Iterable, Mapping

import attrs

STOP = "stop"
"""The severity of what keeps an answer from being sent."""


@attrs.frozen(kw_only=True)
class KeptFinding:
    """Something that the playbook had to say of an answer.

    Attributes:
        code: What kind of thing.
        severity: How much it matters: `stop`, `warn` or `hint`.
        reason: What was found, and why that is wrong.
        suggestion: What to do instead.
        may_overrule: Whether the playbook leaves it to people to send the answer all the same.
        overruled: Why somebody does; None if nobody does.
    """

    code: str
    severity: str
    reason: str
    suggestion: str = ""
    may_overrule: bool = True
    overruled: str | None = None

    @property
    def stops(self) -> bool:
        """Whether it keeps the answer from being sent."""
        return self.severity == STOP and self.overruled is None


def overruled(
    findings: Iterable[KeptFinding], reasons: Mapping[str, str]
) -> tuple[KeptFinding, ...]:
    """The findings, with the reasons for which some are overruled, where the playbook allows it.

    Args:
        findings: What the playbook says.
        reasons: Codes of findings, and why each is overruled; an empty reason overrules nothing.
    """
    return tuple(
        attrs.evolve(each, overruled=reasons[each.code])
        if each.may_overrule and reasons.get(each.code)
        else each
        for each in findings
    )
