"""Advising: what the playbook says of an answer, and of a conversation, while somebody works on it.

`Desk` has these questions besides the others. They write nothing.
"""

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialcare.desk import checking, reading
from socialcare.desk.answered import subjects
from socialcare.desk.replies import Wish, addressed
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.escalation import EscalationDecision
from socialcare.domain.message import Visibility
from socialcare.domain.playbook import Advice, Finding, Ordered, Suggestions
from socialcare.domain.playbook.contents import ArchiveRule
from socialcare.domain.summary import Summary
from socialcare.plugins.records import Page

__all__ = ["Advising", "Archivable"]

_QUEUE = Page()
_UNSENT = "unsent"
"""The id of a reply that is only looked at."""


@attrs.frozen(kw_only=True)
class Archivable:
    """A conversation that needs no answer, by the playbook.

    Attributes:
        summary: The conversation.
        rule: Why.
    """

    summary: Summary
    rule: ArchiveRule


class Advising:
    """What the playbook says."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def check(
        self,
        conversation: str,
        text: str,
        *,
        by: By,
        now: datetime,
        channel: str | None = None,
        visibility: Visibility | str | None = None,
        in_reply_to: str | None = None,
        problem: str | None = None,
    ) -> tuple[Finding, ...]:
        """What the playbook has to say of an answer, the worst first; nothing without a playbook.

        Args:
            conversation: Which one.
            text: What somebody means to say.
            by: Who.
            now: When.
            channel: As for `reply`.
            visibility: As for `reply`.
            in_reply_to: As for `reply`.
            problem: What concerns many, if this conversation is about it; by default the open
                issue that it is affected by.

        Raises:
            UnknownConversation: If there is none of that name.
            NotAllowedNow: If it would answer in public, unasked, what the customer wrote in
                private; or nobody knows the customer on that channel.
            UnknownChannel: If the desk has channels, and not that one.
            InvalidValue: If there is no text, or no such message to answer.
        """
        found = reading.conversation(self._work, conversation)
        wish = Wish(text=text, channel=channel, visibility=visibility, in_reply_to=in_reply_to)
        reply = addressed(self._work, found, wish, actor(by), _UNSENT)
        return checking.findings(self._work, found, reply, now=now, problem=problem)

    def advice(
        self, conversation: str, *, now: datetime, ordered: Ordered | None = None
    ) -> tuple[Advice, ...]:
        """Where to go on: in public, in private, elsewhere, or not at all; the most pressing first.

        What the escalation map says of it is among the facts of each.

        Args:
            conversation: Which one.
            now: When.
            ordered: Another channel that the host wants.

        Raises:
            UnknownConversation: If there is none of that name.
        """
        found = reading.conversation(self._work, conversation)
        playbook = self._work.handbook.playbook
        if playbook is None:
            return ()
        given = playbook.advice(found, ordered=ordered)
        said = tuple(_map_says(self._decision(found, now)))
        return tuple(attrs.evolve(each, facts=(*each.facts, *said)) for each in given)

    def _decision(self, found: Conversation, now: datetime) -> EscalationDecision | None:
        map_ = self._work.handbook.escalation
        return None if map_ is None else map_.decide(subjects(self._work, found, now=now))

    def suggest(self, conversation: str) -> Suggestions:
        """What fits it: examples to begin from, a help article, and what is not recorded yet.

        Also the rule of the playbook by which it needs no answer, if one holds.

        Raises:
            UnknownConversation: If there is none of that name.
        """
        found = reading.conversation(self._work, conversation)
        playbook = self._work.handbook.playbook
        return Suggestions() if playbook is None else playbook.suggestions(found)

    def archivable(self, page: Page = _QUEUE) -> tuple[Archivable, ...]:
        """Those of a page of the queue that need no answer by the playbook; `archive` ends them.

        Args:
            page: Which ones are looked at; by default the fifty whose turn is next. Noise is in no
                line: `Page(noise=True)` looks at it.
        """
        return tuple(self._archivable(page))

    def _archivable(self, page: Page) -> Iterator[Archivable]:
        playbook = self._work.handbook.playbook
        if playbook is None or not playbook.archive:
            return
        for summary in self._work.store.page(page):
            found = reading.conversation(self._work, summary.id)
            rule = playbook.suggestions(found).archive
            if rule is not None:
                yield Archivable(summary=summary, rule=rule)


def _map_says(decision: EscalationDecision | None) -> Iterator[str]:
    """What the map says of it, in words."""
    if decision is None or decision.entry is None:
        return
    who = f"{decision.team} answers it" if decision.must_escalate else "agents answer it"
    yield f"the map {decision.map}, {decision.entry!r}: {who}, since {decision.reason}"
    for each in decision.approval:
        yield f"an answer needs the approval of {' or '.join(each.roles)}"
