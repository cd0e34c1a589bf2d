"""Reviews: answers that went out, and that somebody else looks at afterwards."""

from datetime import datetime

import attrs

from socialcare.domain.approval.deciding import missing
from socialcare.domain.approval.draft import Approval
from socialcare.domain.approval.requirement import Requirement


@attrs.frozen(kw_only=True)
class Verdict(Approval):
    """What somebody says of an answer that went out.

    Attributes:
        by: Who.
        roles: What roles they had then.
        at: When.
        fine: Whether it was as it should be.
        comment: What there is to say of it.
    """

    fine: bool
    comment: str | None = None


@attrs.frozen(kw_only=True)
class Review:
    """An answer that was chosen to be looked at.

    Attributes:
        reply_id: Which reply.
        writers: Who wrote it, or is credited with it.
        requirements: Who is to look at it, and why.
        asked_at: When it was chosen.
        verdicts: What was said of it, in order.
    """

    reply_id: str
    writers: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    asked_at: datetime
    verdicts: tuple[Verdict, ...] = ()

    @property
    def editors(self) -> tuple[str, ...]:
        """Nobody: it went out as it was written."""
        return ()

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """The verdicts, good or bad: each is somebody who looked."""
        return self.verdicts

    @property
    def done(self) -> bool:
        """Whether all have looked at it who should."""
        return not missing(self, self.verdicts, self.requirements)

    @property
    def roles(self) -> frozenset[str]:
        """The roles that are to look at it."""
        return frozenset(role for each in self.requirements for role in each.roles)
