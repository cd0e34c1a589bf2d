"""Events about what concerns many: crises, issues, and messages that nobody asked for."""

from datetime import datetime

import attrs

from socialcare.domain.crisis.states import CrisisState, Happening
from socialcare.domain.events.fact import Event
from socialcare.domain.instants import instant


def _found_at(value: datetime) -> datetime:
    return instant(value, where="found_at")


@attrs.frozen(kw_only=True)
class CrisisDriver:
    """Something that the messages of a rise have in common, more than usual ones.

    Attributes:
        kind: `term`, `topic`, `post`, `link`, `place` or `customer`.
        name: Which one.
        count: How many messages have it.
    """

    kind: str
    name: str
    count: int


@attrs.frozen(kw_only=True)
class CrisisChanged(Event):
    """A crisis was suspected, declared, over or dismissed, or the watch goes on as before.

    Attributes:
        was, state: The state before, and since.
        happening: What changed it: counts, or somebody's decision.
        found_at: When: the end of a minute, or when somebody decided.
        policy: The version of the policy.
        reason: Why, as a sentence.
        series: What rose; None where no rise changed it.
        count, usual: How many messages came in its window, and how many were to be expected.
        of: Of a share, how many messages came in all.
        genuine: How many of the count are people, as far as can be told.
        drivers: What the messages of the rise have in common.
    """

    was: CrisisState = attrs.field(converter=CrisisState)
    state: CrisisState = attrs.field(converter=CrisisState)
    happening: Happening = attrs.field(converter=Happening)
    found_at: datetime = attrs.field(converter=_found_at)
    policy: str
    reason: str | None = None
    series: str | None = None
    count: int | None = None
    usual: float | None = None
    of: int | None = None
    genuine: int | None = None
    drivers: tuple[CrisisDriver, ...] = ()


@attrs.frozen(kw_only=True)
class FloodFound(Event):
    """Much came that few wrote, or accounts made for it: no crisis.

    Attributes:
        found_at: When: the end of a minute.
        policy: The version of the policy.
        reason: What came, as a sentence.
        messages, authors: How many messages were looked at, and how many people wrote them.
        said: Who wrote, in words.
    """

    found_at: datetime = attrs.field(converter=_found_at)
    policy: str
    reason: str
    messages: int
    authors: int
    said: str


@attrs.frozen(kw_only=True)
class IssueOpened(Event):
    """A matter that concerns many is handled as one from now on.

    Attributes:
        issue_id: Which one.
        name: What it is called.
        query: Which messages are about it.
        groups: Whether those affected leave the line.
    """

    issue_id: str
    name: str
    query: str
    groups: bool = True


@attrs.frozen(kw_only=True)
class IssueUpdated(Event):
    """Something was said in public about an issue, instead of a reply to each.

    Attributes:
        issue_id: Which one.
        reply_id: The post, as it stands in the outbox.
        channel: Where.
        text: What it says.
    """

    issue_id: str
    reply_id: str
    channel: str
    text: str


@attrs.frozen(kw_only=True)
class IssueClosed(Event):
    """An issue is over: nobody new is affected, and who waits is in the line again.

    Attributes:
        issue_id: Which one.
        said: How it ended.
    """

    issue_id: str
    said: str | None = None


@attrs.frozen(kw_only=True)
class OptedOut(Event):
    """A customer wants no messages that they did not ask for."""

    customer_id: str
    brand: str | None = None


@attrs.frozen(kw_only=True)
class OptedIn(Event):
    """A customer takes messages again that they did not ask for."""

    customer_id: str
    brand: str | None = None


@attrs.frozen(kw_only=True)
class OutreachStarted(Event):
    """A message to many begins to go out, so many a minute.

    Attributes:
        outreach_id: Which one.
        template_id: What they are told: an approved template.
        seal: Over its words and its audience.
        recipients: How many customers there are.
        per_minute: To how many in a minute.
        issue_id: About which issue.
    """

    outreach_id: str
    template_id: str
    seal: str
    recipients: int
    per_minute: int
    issue_id: str | None = None


@attrs.frozen(kw_only=True)
class OutreachSkipped(Event):
    """A recipient of a message to many does not get it.

    Attributes:
        outreach_id: Which one.
        customer_id: Who.
        said: Why not.
    """

    outreach_id: str
    customer_id: str | None
    said: str


@attrs.frozen(kw_only=True)
class OutreachEnded(Event):
    """A message to many has gone to all who get it, or was stopped.

    Attributes:
        outreach_id: Which one.
        sent, skipped: To how many it went out, and who of them does not get it.
        reason: Why it was stopped; None if it was not.
    """

    outreach_id: str
    sent: int
    skipped: int
    reason: str | None = None
