"""Crises: when much more is said than usual, and what is done for all together.

`Desk` has these commands and questions besides the others. Each command takes `by`, who does it,
and `now`; each raises `Conflict` if somebody else was faster every time, and those about an issue
raise `InvalidValue` if there is none of that id.
"""

from collections.abc import Mapping
from datetime import datetime

from socialcare.desk import crisis_standing, crisis_watch, issues, statuses
from socialcare.desk.crisis_standing import CrisisStanding
from socialcare.desk.gate import NOTHING
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By, actor
from socialcare.domain.crisis.plan import CrisisPlan, Holding
from socialcare.domain.crisis.states import Happening
from socialcare.domain.events import CrisisChanged, Reply
from socialcare.domain.instants import instant
from socialcare.domain.issue import Issue
from socialcare.domain.query import Query
from socialcare.domain.summary import Summary


class Crises:
    """What is done when much more is said than usual."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # The crisis

    def crisis(self) -> CrisisStanding:
        """Where things stand: the state, why, what drives it, and who is affected.

        `watch` keeps it up to date, by the plan that the desk was opened with.
        """
        return crisis_standing.standing(self._work)

    def declare_crisis(self, *, by: By, now: datetime, reason: str | None = None) -> CrisisChanged:
        """The decision that there is a crisis; writes `CrisisChanged`.

        Those are told whom the plan names. Where it says so, an issue is opened about what drives
        the crisis: `IssueOpened`.

        Raises:
            NotAllowedNow: If it is declared already.
        """
        return crisis_standing.declare(self._work, reason, who=actor(by), now=now)

    def dismiss_crisis(self, *, by: By, now: datetime, reason: str | None = None) -> CrisisChanged:
        """The decision that it is none, or that it has ended; writes `CrisisChanged`.

        The detector says no more of it until counts have been usual.

        Raises:
            NotAllowedNow: If nothing is suspected or declared.
        """
        return crisis_watch.decide(self._work, Happening.DISMISSED, reason, who=actor(by), now=now)

    def holding_message(self, channel: str, language: str | None = None) -> Holding | None:
        """What the plan has to be said at once; None where nothing was written for that.

        Args:
            channel: Where.
            language: In which language, as a BCP 47 tag; None where nobody knows.
        """
        plan = self._work.handbook.crisis or CrisisPlan()
        return plan.holding_message(channel, language)

    # Issues

    def open_issue(
        self,
        name: str,
        query: Query | str | None = None,
        *,
        by: By,
        now: datetime,
        topic: str | None = None,
        groups: bool | None = None,
    ) -> Issue:
        """The issue that was opened, with everybody who is affected already; writes `IssueOpened`.

        Their conversations get its tag: `Tagged`. While all that a customer waits with is about
        it, the conversation leaves the line: `Prioritised`. `watch` does the same for whoever
        writes from now on.

        Args:
            name: What it is called.
            query: Which messages are about it.
            by: Who opens it.
            now: When.
            topic: A topic of the crisis plan, in the place of a query.
            groups: Whether those affected leave the line; by default as the plan says.

        Raises:
            InvalidQuery: If the query can't be read.
            InvalidValue: If there is neither a query nor such a topic.
        """
        asked = crisis_standing.asked(self._work, query, topic)
        plan = self._work.handbook.crisis or CrisisPlan()
        grouped = plan.mass_issue.groups if groups is None else groups
        return issues.open_issue(
            self._work, name, asked, groups=grouped, who=actor(by), now=instant(now)
        )

    def issues(self, *, open_only: bool = True) -> tuple[Issue, ...]:
        """The issues, in the order in which they were opened.

        Args:
            open_only: Whether those that are over are left out.
        """
        return issues.every(self._work, open_only=open_only)

    def issue(self, issue_id: str) -> Issue:
        """An issue, with what was said in public about it."""
        return issues.issue(self._work, issue_id)

    def affected(self, issue_id: str) -> tuple[Summary, ...]:
        """The conversations in which somebody wrote about an issue, each once, as they are now.

        Those who still wait are also a page of the queue: `Page(noise=True, tag=issue.tag)`.
        """
        return issues.affected(self._work, issue_id)

    def post_status(
        self,
        issue_id: str,
        text: str | None = None,
        *,
        channel: str,
        by: By,
        now: datetime,
        template_id: str | None = None,
        values: Mapping[str, str] = NOTHING,
        brand: str | None = None,
        account: str | None = None,
    ) -> Reply:
        """The post to all, which `deliver` sends; writes `ReplyQueued` and `IssueUpdated`.

        Args:
            issue_id: About which issue.
            text: What it says.
            channel: Where.
            by: Who says it.
            now: When.
            template_id: An approved template, in the place of a text.
            values: What stands in its blanks.
            brand: On whose behalf.
            account: From which account.

        Raises:
            ApprovalNeeded: If the house asks for approval of what many read, and it is no template.
            NotAllowedNow: If the issue is over, or the template may not be used there.
            UnknownChannel: If the desk has channels, and not that one.
            InvalidValue: If there are both a text and a template, or neither.
        """
        wanted = statuses.Post(
            text=text,
            template_id=template_id,
            values=values,
            channel=channel,
            brand=brand,
            account=account,
        )
        return statuses.post(self._work, issue_id, wanted, who=actor(by), now=instant(now))

    def close_issue(
        self, issue_id: str, *, by: By, now: datetime, said: str | None = None
    ) -> Issue:
        """The issue, which is over; writes `IssueClosed`.

        Whoever still waits is in the line again: `Prioritised`. `to_tell` has those who should
        hear that it is over.

        Args:
            issue_id: Which one.
            by: Who says so.
            now: When.
            said: How it ended.

        Raises:
            NotAllowedNow: If it is over already.
        """
        return issues.close_issue(self._work, issue_id, said, who=actor(by), now=instant(now))
