"""Acknowledgements: "we have seen this", and when one may go out by itself.

A machine that answers everybody is worse than silence, so much has to be so before one goes out:
the customer waits, nobody has said anything to them in this conversation, person or machine, the
rule of the playbook allows it at that hour, it is not about something that concerns many, and
nobody has to approve what is said.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.conversation import Conversation
from socialcare.domain.hours import BusinessHours
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.playbook.naming import called
from socialcare.domain.playbook.templates import Template
from socialcare.domain.states import State
from socialcare.domain.tier import Tier
from socialcare.errors import InvalidPlaybook

__all__ = ["Acknowledgement", "Acknowledging", "Automatic", "acknowledging"]

_DAY = timedelta(hours=24)


class Automatic(Choice):
    """When an acknowledgement goes out by itself."""

    NEVER = "never"
    """Only a person sends it."""
    OUTSIDE_HOURS = "outside_hours"
    """While nobody is there."""
    ALWAYS = "always"
    """At any hour."""


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _not_negative(
    acknowledgement: "Acknowledgement", attribute: "attrs.Attribute[timedelta]", value: timedelta
) -> None:
    if value < timedelta(0):
        where = f"acknowledgement {acknowledgement.name!r}: {attribute.name}"
        raise InvalidPlaybook(value, where=where, right="a duration")


@attrs.frozen(kw_only=True)
class Acknowledgement:
    """A text that says that a message was seen.

    Attributes:
        name: What it is called.
        text: What it says, with places to fill in.
        channels: Where it can be said; none for everywhere.
        visibility: In answer to what it can be said; None for either.
        automatic: When it goes out by itself.
        after: How long a customer has waited by then.
        within: After how long it is too late to say so.
        language: To whom it is said, as a BCP 47 tag; None for everybody.
    """

    name: str
    text: Template
    channels: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    visibility: Visibility | None = attrs.field(
        default=None, converter=attrs.converters.optional(Visibility)
    )
    automatic: Automatic = attrs.field(default=Automatic.NEVER, converter=Automatic)
    after: timedelta = attrs.field(default=timedelta(0), validator=_not_negative)
    within: timedelta = attrs.field(default=_DAY, validator=_not_negative)
    language: str | None = None

    def fits(self, message: Message) -> bool:
        """Whether it can be said in answer to a message."""
        return (
            (not self.channels or message.channel in self.channels)
            and self.visibility in (None, message.visibility)
            and (self.language is None or (message.language or self.language) == self.language)
        )


@attrs.frozen(kw_only=True)
class Acknowledging:
    """Whether an acknowledgement goes out by itself now, and why, or why not.

    Attributes:
        acknowledgement: The one that does; None for none.
        text: What it says.
        answered: The message that it answers.
        reason: Why, or why not.
        look_again: When that can be another; None for not before something happens.
    """

    acknowledgement: Acknowledgement | None = None
    text: str | None = None
    answered: Message | None = None
    reason: str
    look_again: datetime | None = None


def acknowledging(
    acknowledgements: Iterable[Acknowledgement],
    conversation: Conversation,
    *,
    now: datetime,
    hours: BusinessHours | None = None,
    problem: str | None = None,
    approval: bool = False,
) -> Acknowledging:
    """Whether one of the acknowledgements goes out by itself.

    Args:
        acknowledgements: In the order in which they are tried.
        conversation: What it is about.
        now: The instant.
        hours: When people answer; None for never, so that it is always outside of them.
        problem: What concerns many, if this conversation is about it.
        approval: Whether somebody has to approve what is said in it.
    """
    against = next(_against(conversation, problem=problem, approval=approval), None)
    if against is not None:
        return Acknowledging(reason=against)
    message = conversation.customer_messages[-1]
    found = [_verdict(each, conversation, message, now, hours) for each in acknowledgements]
    going = next((each for each in found if each.acknowledgement is not None), None)
    if going is not None:
        return going
    later = [each.look_again for each in found if each.look_again is not None]
    reason = next((each.reason for each in found if each.look_again is not None), None)
    return Acknowledging(
        reason=reason or "no acknowledgement goes out by itself there and then",
        look_again=min(later, default=None),
    )


def _against(conversation: Conversation, *, problem: str | None, approval: bool) -> Iterator[str]:
    """What forbids every acknowledgement."""
    if conversation.state is not State.NEW or conversation.waiting_since is None:
        yield "nobody waits for a first answer"
    if not conversation.customer_messages:
        yield "no customer wrote"
    if any(each.direction is Direction.OUTBOUND for each in conversation.spoken):
        yield "something was said already"
    if conversation.apart:
        yield "somebody took it apart, and so has seen it"
    if conversation.in_flight or conversation.failed:
        yield "an answer is on its way"
    if conversation.priority is not None and conversation.priority.tier is Tier.NOISE:
        yield "it needs no answer"
    if problem is not None:
        yield f"{problem!r} concerns many, who are told at once"
    if approval:
        yield "somebody has to approve what is said"


def _verdict(
    each: Acknowledgement,
    conversation: Conversation,
    message: Message,
    now: datetime,
    hours: BusinessHours | None,
) -> Acknowledging:
    if each.automatic is Automatic.NEVER or not each.fits(message):
        return Acknowledging(reason="it does not go out by itself there")
    since = conversation.waiting_since or message.sent_at
    if now > since + each.within:
        return Acknowledging(reason="it is too late for it")
    due = _due(each, max(now, since + each.after), hours)
    if due > since + each.within:
        return Acknowledging(reason="people are there before it is due")
    if due > now:
        return Acknowledging(reason=f"it is not due before {due.isoformat()}", look_again=due)
    values = called(message) if "customer" in each.text.names else {}
    try:
        text = each.text.filled(values)
    except InvalidPlaybook as error:
        return Acknowledging(reason=f"it can't be filled in: {error.right}")
    rule = "nobody is there" if each.automatic is Automatic.OUTSIDE_HOURS else "at any hour"
    reason = f"{each.name!r} goes out by itself: {rule}, and nothing was said yet"
    return Acknowledging(acknowledgement=each, text=text, answered=message, reason=reason)


def _due(each: Acknowledgement, at: datetime, hours: BusinessHours | None) -> datetime:
    """When it goes out, from an instant on."""
    if each.automatic is Automatic.ALWAYS or hours is None or not hours.is_open(at):
        return at
    return hours.next_close(at)
