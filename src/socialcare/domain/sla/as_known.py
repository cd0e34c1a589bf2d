"""As known: the warnings and breaches that looks at every moment would have found.

A message may come in after it was sent, an answer too. Whoever looked before it came in knew
nothing of it, and found a breach that the whole story does not have any more. What a desk warns of
must not depend on when somebody looks; so what was crossed between the moment in which a message
was sent and the one in which it came in is judged without it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialcare.domain.conversation import Conversation
from socialcare.domain.events import DeadlineBreached, DeadlineWarned
from socialcare.domain.instants import epoch_second
from socialcare.domain.sla.clock import Crossing, SlaClock, crossings, sla_clocks
from socialcare.domain.sla.facts import Facts
from socialcare.domain.sla.policy import SlaPolicy
from socialcare.domain.threading import misdated

__all__ = ["clocks_of", "crossed", "unwritten"]


def clocks_of(
    conversation: Conversation, policy: SlaPolicy, *, now: datetime, facts: Facts | None = None
) -> tuple[SlaClock, ...]:
    """The clocks of a conversation of a desk, by what the desk knows of it, or by these facts."""
    wrong = misdated(conversation.messages)
    return sla_clocks(conversation, policy, now=now, facts=facts, misdated=wrong)


def crossed(
    conversation: Conversation,
    policy: SlaPolicy,
    clocks: Iterable[SlaClock],
    *,
    now: datetime,
) -> tuple[Crossing, ...]:
    """The warnings and breaches before `now` that were ones by what was known at their moment.

    They are a function of what was taken in when, so no sequence of looks changes them. In the
    order of their instants. What came in before the conversation was looked at last is judged as
    if it had come at once: that look knew better, and wrote what it found.

    Args:
        conversation: The conversation of a desk.
        policy: What was promised.
        clocks: Its clocks at `now`, as `clocks_of` has them.
        now: The instant of the look.
    """
    found = crossings(clocks, None, now)
    every = dict.fromkeys((*found, *_before_it_came(conversation, policy, now)))
    return tuple(sorted(every, key=lambda each: (each.at, each.share)))


def _before_it_came(
    conversation: Conversation, policy: SlaPolicy, now: datetime
) -> Iterator[Crossing]:
    """What was crossed after a message was sent and before it came in, by what was known then."""
    for came, sent in _late(conversation).items():
        before = _known_before(conversation, came)
        if before is not None and epoch_second(came) <= epoch_second(now):
            known, facts = before
            yield from crossings(clocks_of(known, policy, now=came, facts=facts), sent, came)


def _late(conversation: Conversation) -> dict[datetime, datetime]:
    """When messages came in since the last look, each with when the first of them was sent."""
    found: dict[datetime, datetime] = {}
    for message in conversation.messages:
        came = conversation.taken_in.get(message.key)
        if came is not None and (conversation.looked_at is None or came > conversation.looked_at):
            found[came] = min(message.sent_at, found.get(came, message.sent_at))
    return found


def _known_before(conversation: Conversation, until: datetime) -> tuple[Conversation, Facts] | None:
    """The conversation without what came in at a moment or later, and what was known of it then.

    None where that is all of it.
    """
    came = conversation.taken_in
    unknown = {each for each, at in came.items() if at >= until}
    messages = [each for each in conversation.messages if each.key not in unknown]
    if not messages:
        return None
    unsaid = {each.sent_at for each in conversation.messages if each.key in unknown}
    before = attrs.evolve(conversation, messages=messages)
    facts = Facts.of(before)
    states = [each for each in facts.states if each.at not in unsaid]
    return before, attrs.evolve(facts, states=states)


def unwritten(
    conversation: Conversation,
    policy: SlaPolicy,
    clocks: Iterable[SlaClock],
    *,
    now: datetime,
) -> tuple[Crossing, ...]:
    """The warnings and breaches before `now` that the conversation's log does not have yet.

    Under another policy than before, what was written of a clock stands: of the time up to then
    nothing is said once more, only because it would have been a minute earlier or later.

    Arguments as for `crossed`.
    """
    return tuple(
        each
        for each in crossed(conversation, policy, clocks, now=now)
        if not any(_says(event, each, policy) for event in conversation.crossed)
    )


def _says(event: DeadlineWarned | DeadlineBreached, crossing: Crossing, policy: SlaPolicy) -> bool:
    """Whether an event says what a crossing does."""
    clock = (crossing.target.value, crossing.team, crossing.opened_at)
    if (event.target, event.team, event.opened_at) != clock:
        return False
    if (event.share, event.crossed_at) == (crossing.share, crossing.at):
        return True
    by_another = (event.policy, event.policy_version) != (policy.name, policy.version)
    return by_another and event.share >= crossing.share and crossing.at <= event.at
