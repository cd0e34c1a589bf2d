"""Reaching out: messages that nobody asked for, to those whom a known problem concerns.

`Desk` has these commands and questions besides the others. Each command takes `by`, who does it,
and `now`, and raises `Conflict` if somebody else was faster every time.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from socialcare.desk import opt_outs, outreach, outreach_course, outreach_view
from socialcare.desk.gate import NOTHING
from socialcare.desk.outreach_view import OutreachView
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By, actor
from socialcare.domain.instants import instant
from socialcare.domain.message import Visibility
from socialcare.domain.outreach import Outreach
from socialcare.domain.query import Query
from socialcare.domain.summary import Summary


class ReachingOut:
    """How many are told what they did not ask for."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # Who wants none

    def opt_out(self, customer_id: str, *, by: By, now: datetime, brand: str | None = None) -> bool:
        """Whether it is new that a customer wants no such messages; writes `OptedOut`.

        What is queued for them and not being sent yet is taken back: `ReplyFailed`.

        Args:
            customer_id: Who.
            by: Who says so, the customer perhaps.
            now: From when on.
            brand: Whose customer.

        Raises:
            InvalidValue: If the id is empty.
        """
        return opt_outs.opt_out(self._work, customer_id, brand, who=actor(by), now=instant(now))

    def opt_in(self, customer_id: str, *, by: By, now: datetime, brand: str | None = None) -> bool:
        """Whether it is new that a customer takes such messages again; writes `OptedIn`."""
        return opt_outs.opt_in(self._work, customer_id, brand, who=actor(by), now=instant(now))

    def opted_out(self, customer_id: str, *, brand: str | None = None) -> bool:
        """Whether a customer wants no such messages."""
        return opt_outs.is_opted_out(self._work, customer_id, brand)

    # Telling many

    def start_outreach(
        self,
        template_id: str,
        values: Mapping[str, str] = NOTHING,
        *,
        by: By,
        now: datetime,
        conversations: Iterable[str] | None = None,
        query: Query | str | None = None,
        issue_id: str | None = None,
        per_minute: int = 30,
        channel: str | None = None,
        visibility: Visibility | str = Visibility.PRIVATE,
    ) -> OutreachView:
        """The message that goes to many from now on, to each customer once.

        Writes `OutreachStarted`. `watch` queues the replies, a few minutes ahead and each with its
        moment: `ReplyQueued`, or `OutreachSkipped` with the reason; in the end `OutreachEnded`.
        Whoever got the same template before is left out, and whoever opted out is skipped.

        Args:
            template_id: What they are told: an approved template, whose audience it must suit.
            values: What stands in its blanks.
            by: Who begins it, in whose name it is sent.
            now: When.
            conversations: Whose customers are told ...
            query: ... or those for whose messages a query holds, the latest five thousand ...
            issue_id: ... or those affected by an issue who were not told yet.
            per_minute: To how many in a minute at most.
            channel: Where; by default where each wrote last.
            visibility: How openly.

        Raises:
            NotAllowedNow: If the template may not be used, or there is nobody to tell.
            InvalidValue: If there is no such template or issue, the values do not fit its blanks,
                or it is not said to whom.
            UnknownConversation: If there is no such conversation.
        """
        names = outreach_view.audience(
            self._work, conversations=conversations, query=query, issue_id=issue_id
        )
        wanted = Outreach(
            id=self._work.ids(),
            template_id=template_id,
            seal="",
            values=tuple(sorted(values.items())),
            channel=channel,
            visibility=visibility,
            per_minute=per_minute,
            started_at=instant(now),
            started_by=actor(by).id,
            issue_id=issue_id,
        )
        outreach.start(self._work, wanted, names, who=actor(by), now=instant(now))
        return outreach_view.view(self._work, wanted.id)

    def outreach(self, outreach_id: str) -> OutreachView:
        """A message to many, and how far it has come.

        Raises:
            InvalidValue: If there is none of that id.
        """
        return outreach_view.view(self._work, outreach_id)

    def stop_outreach(
        self, outreach_id: str, *, by: By, now: datetime, reason: str
    ) -> OutreachView:
        """The message to many, which goes to nobody else; writes `OutreachEnded`.

        What is queued and not being sent yet is taken back: `ReplyFailed`.

        Args:
            outreach_id: Which one.
            by: Who stops it.
            now: When.
            reason: Why.

        Raises:
            InvalidValue: If there is none of that id.
            NotAllowedNow: If it has ended.
        """
        outreach_course.stop(self._work, outreach_id, reason, who=actor(by), now=instant(now))
        return outreach_view.view(self._work, outreach_id)

    def to_tell(self, issue_id: str) -> tuple[Summary, ...]:
        """The conversations of those affected by an issue who were not told yet.

        Told is who got an outreach about it, or is still to get one that is going on.

        Raises:
            InvalidValue: If there is no such issue.
        """
        return outreach_view.to_tell(self._work, issue_id)

    def tell(
        self,
        issue_id: str,
        template_id: str,
        values: Mapping[str, str] = NOTHING,
        *,
        by: By,
        now: datetime,
        per_minute: int | None = None,
        visibility: Visibility | str = Visibility.PRIVATE,
    ) -> OutreachView:
        """The message that goes to all of `to_tell`, such as that it is fixed.

        As `start_outreach`, at the pace of the crisis plan unless another is given.
        """
        pace = per_minute or outreach_view.pace(self._work)
        return self.start_outreach(
            template_id,
            values,
            by=by,
            now=now,
            issue_id=issue_id,
            per_minute=pace,
            visibility=visibility,
        )
