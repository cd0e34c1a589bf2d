"""Waits: how long customers waited for a response.

A wait opens at a message by the customer and closes at the next response.
The messages of a conversation are first cut into turns (`socialcare.domain.responses`); then the
policy says which messages of a turn open a wait and whom the response is credited to.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

import attrs

from socialcare.domain.changes import Assignment, Status, by_conversation
from socialcare.domain.choices import Choice
from socialcare.domain.conversation import Conversation
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.policy import AgentBegan, CreditedTo, MeasurementPolicy, Opens, Target
from socialcare.domain.responses import Turn, turns
from socialcare.domain.stopwatch import Hours, Stopwatch
from socialcare.domain.threading import until


class WaitKind(Choice):
    """Whether a wait is the one for the first response."""

    FIRST = "first"
    NEXT = "next"


_TARGET = {WaitKind.FIRST: Target.FIRST_RESPONSE, WaitKind.NEXT: Target.NEXT_RESPONSE}


@attrs.frozen(kw_only=True)
class Wait:
    """A customer waited for a response.

    Attributes:
        conversation_id: The conversation.
        brand: Its brand.
        customer_id: Its customer.
        channel: The channel of the opening message.
        kind: `first`, or `next` for every later one.
        opened_at: When the opening message was sent.
        closed_at: When the response was sent; None while pending.
        opening_message_id: The customer's message, on `channel`.
        closing_message_id: The response, on `closing_channel`; None while pending.
        opening_visibility: Who could see the opening message.
        closing_visibility: Who could see the response; None while pending.
        closing_channel: Where the response was sent; None while pending.
        agent_id: Whom the response is credited to; None while pending or where nobody knows.
        team_id: Their team; None likewise.
        calendar_seconds: How long it took; while pending, how long it has been so far.
        business_seconds: The same within business hours; None where no hours were given.
        hours_version: The version of the hours in force when it opened; None without hours.
    """

    conversation_id: str
    brand: str | None
    customer_id: str | None
    channel: str
    kind: WaitKind
    opened_at: datetime
    closed_at: datetime | None
    opening_message_id: str
    closing_message_id: str | None
    opening_visibility: Visibility
    closing_visibility: Visibility | None
    closing_channel: str | None
    agent_id: str | None
    team_id: str | None
    calendar_seconds: int
    business_seconds: int | None
    hours_version: str | None

    @property
    def pending(self) -> bool:
        """Whether nobody had answered yet."""
        return self.closed_at is None

    @property
    def target(self) -> Target:
        """What was promised for such a wait."""
        return _TARGET[self.kind]


def waits(
    conversation: Conversation,
    *,
    as_of: datetime,
    policy: MeasurementPolicy = MeasurementPolicy(),  # noqa: B008 - frozen
    hours: Hours | None = None,
    statuses: Iterable[Status] = (),
    assignments: Iterable[Assignment] = (),
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[Wait, ...]:
    """The waits of one conversation, in the order in which they opened.

    Args:
        conversation: The conversation; what was sent after `as_of` is left out.
        as_of: The instant of the calculation, at which the unanswered are pending.
        policy: The rules; ours by default.
        hours: Business hours, for `business_seconds`.
        statuses: The status table, for policies in which waits pause; of any conversations.
        assignments: The assignment table, for policies that credit the assignee.
        misdated: Messages stamped before the one they answer, as
            `socialcare.domain.threading.misdated` gives them.
    """
    began_by_agent = not conversation.began_by_customer
    if began_by_agent and policy.agent_began is AgentBegan.EXCLUDE:
        return ()
    can_be_first = not began_by_agent or policy.agent_began is AgentBegan.FIRST
    timed = Stopwatch.of(
        conversation.id, statuses=statuses, as_of=as_of, policy=policy, hours=hours
    )
    assigned = [row for row in assignments if row.conversation_id == conversation.id]
    found: list[Wait] = []
    for number, turn in enumerate(turns(until(conversation.messages, as_of), policy, misdated)):
        for place, opening in enumerate(_openings(turn, policy.opens)):
            first = can_be_first and number == 0 and place == 0
            kind = WaitKind.FIRST if first else WaitKind.NEXT
            if turn.ends is None or turn.answered:
                credit = _credit(turn.ends, policy, assigned)
                found.append(_wait(conversation, kind, opening, turn.ends, credit, timed))
    return tuple(found)


def waits_of(
    conversations: Iterable[Conversation],
    *,
    as_of: datetime,
    policy: MeasurementPolicy = MeasurementPolicy(),  # noqa: B008 - frozen
    hours: Hours | None = None,
    statuses: Iterable[Status] = (),
    assignments: Iterable[Assignment] = (),
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[Wait, ...]:
    """The waits of many conversations, in their order; arguments as for `waits`."""
    states, hands = by_conversation(statuses), by_conversation(assignments)
    each = (
        waits(
            conversation,
            as_of=as_of,
            policy=policy,
            hours=hours,
            statuses=states.get(conversation.id, ()),
            assignments=hands.get(conversation.id, ()),
            misdated=misdated,
        )
        for conversation in conversations
    )
    return tuple(wait for found in each for wait in found)


def _openings(turn: Turn, opens: Opens) -> tuple[Message, ...]:
    """The messages of a turn that open a wait."""
    match opens:
        case Opens.FIRST:
            return turn.asks[:1]
        case Opens.LAST:
            return turn.asks[-1:]
        case Opens.EACH:
            return turn.asks


def _credit(
    closing: Message | None, policy: MeasurementPolicy, assigned: Sequence[Assignment]
) -> tuple[str | None, str | None]:
    """The agent and the team whose response it was."""
    if closing is None:
        return (None, None)
    outbound = closing.direction is Direction.OUTBOUND
    author = (closing.agent_id, closing.author.team_id if outbound else None)
    if policy.credited_to is CreditedTo.AUTHOR:
        return author
    before = [row for row in assigned if epoch_second(row.at) <= closing.second]
    latest = max(before, key=lambda row: row.order, default=None)
    if latest is None or latest.agent_id is None:
        return author
    return (latest.agent_id, latest.team_id)


def _wait(
    conversation: Conversation,
    kind: WaitKind,
    opening: Message,
    closing: Message | None,
    credit: tuple[str | None, str | None],
    timed: Stopwatch,
) -> Wait:
    end = timed.as_of if closing is None else closing.second
    calendar, business = timed.seconds(_TARGET[kind], opening.second, end)
    return Wait(
        conversation_id=conversation.id,
        brand=conversation.brand,
        customer_id=conversation.customer_id,
        channel=opening.channel,
        kind=kind,
        opened_at=opening.sent_at,
        closed_at=None if closing is None else closing.sent_at,
        opening_message_id=opening.id,
        closing_message_id=None if closing is None else closing.id,
        opening_visibility=opening.visibility,
        closing_visibility=None if closing is None else closing.visibility,
        closing_channel=None if closing is None else closing.channel,
        agent_id=credit[0],
        team_id=credit[1],
        calendar_seconds=calendar,
        business_seconds=business,
        hours_version=timed.version_at(opening.second),
    )
