"""Promises: what a desk can be asked about its deadlines.

`Desk` has them all; they stand by themselves beside the other questions.
"""

from collections.abc import Iterator
from datetime import datetime

from socialcare.desk import deadlines
from socialcare.desk.workplace import Workplace
from socialcare.domain.sla import Attainment, SlaClock, SlaPolicy, WhatIf, attainment
from socialcare.domain.sla.rules import Promised


class Promises:
    """What can be asked about deadlines; all of it raises `MissingDocument` where there are none.

    A period is from `since` on and before `until`, of promises that began in it; None for no end.
    """

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def clocks(self, conversation: str, *, now: datetime) -> tuple[SlaClock, ...]:
        """What was promised in a conversation, how much of it is used, and when it is due.

        Raises:
            UnknownConversation: If there is none of that name.
        """
        return deadlines.clocks(self._work, conversation, now=now)

    def every_clock(
        self,
        *,
        now: datetime,
        since: datetime | None = None,
        until: datetime | None = None,
        policy: SlaPolicy | None = None,
    ) -> Iterator[SlaClock]:
        """The clocks of all conversations, for numbers of one's own; reads the whole log.

        Args:
            now: The instant of the look.
            since: Where the period begins.
            until: Where it ends.
            policy: By another policy than the one in force.
        """
        return deadlines.every_clock(self._work, policy, now=now, since=since, until=until)

    def attainment(
        self,
        *,
        now: datetime,
        since: datetime | None = None,
        until: datetime | None = None,
        target: Promised | str | None = None,
    ) -> Attainment:
        """How many promises were kept, of those that are decided; reads the whole log.

        Args:
            now: The instant of the look: what is not over by then and late is breached.
            since: Where the period begins.
            until: Where it ends.
            target: Only `first_response`, `next_response`, `resolution` or `time_in_team`.
        """
        wanted = None if target is None else Promised(target)
        every = self.every_clock(now=now, since=since, until=until)
        return attainment(clock for clock in every if wanted in (None, clock.target))

    def what_if(
        self,
        policy: SlaPolicy,
        *,
        now: datetime,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> WhatIf:
        """What the log comes to under the policy in force and under another; reads all of it.

        Args:
            policy: The other policy, as it could be.
            now: The instant of the look.
            since: Where the period begins.
            until: Where it ends.
        """
        return deadlines.what_if_other(self._work, policy, now=now, since=since, until=until)
