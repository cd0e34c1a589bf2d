"""Comparison: which rule made two policies differ, conversation by conversation.

Two policies measure a conversation twice.
Where the waits or the resolution differ, the fields of the one policy are switched to those of the
other one at a time; a field whose switch alone changes the answer is a rule that made the
difference.
Some rules only bite together: if the fields found so far do not lead from the one answer to the
other, the fewest further fields that do are named with them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import combinations

import attrs

from socialcare.domain.changes import Assignment, Status, by_conversation
from socialcare.domain.conversation import Conversation
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.resolutions import Resolution, resolution
from socialcare.domain.stopwatch import Hours
from socialcare.domain.waits import Wait, waits

RULES = (
    "opens",
    "automated",
    "agent_began",
    "responses",
    "resolution_closes",
    "pauses",
    "hours_apply",
    "credited_to",
    "settle",
)
"""The fields of a policy that change a wait or a resolution, in the order in which they stand."""

Answer = tuple[tuple[Wait, ...], Resolution | None]
"""What a policy makes of one conversation."""


@attrs.frozen(kw_only=True)
class Difference:
    """A conversation that two policies measure differently.

    Attributes:
        conversation_id: The conversation.
        brand: Its brand.
        rules: The fields of the policy that made the difference, at least one.
        waits: What each of the two policies makes of its waits.
        resolutions: What each of the two makes of its resolution.
    """

    conversation_id: str
    brand: str | None
    rules: tuple[str, ...]
    waits: tuple[tuple[Wait, ...], tuple[Wait, ...]]
    resolutions: tuple[Resolution | None, Resolution | None]


def compare(
    policy_a: MeasurementPolicy,
    policy_b: MeasurementPolicy,
    conversations: Iterable[Conversation],
    *,
    as_of: datetime,
    hours: Hours | None = None,
    statuses: Iterable[Status] = (),
    assignments: Iterable[Assignment] = (),
    log_has_statuses: bool = False,
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[Difference, ...]:
    """The conversations that two policies measure differently, and the rules that make it so.

    Args:
        policy_a: The one policy.
        policy_b: The other.
        conversations: What to measure.
        as_of: The instant of the calculation.
        hours: Business hours, for differences in business time.
        statuses: The status table.
        assignments: The assignment table.
        log_has_statuses: Whether the log has a status table even if `statuses` is empty.
        misdated: Messages stamped before the one they answer.

    Returns:
        One row for each that differs, in the order of the conversations.
    """
    states = by_conversation(statuses)
    measure = _Measure(
        as_of=as_of,
        hours=hours,
        states=states,
        hands=by_conversation(assignments),
        has_statuses=log_has_statuses or bool(states),
        misdated=misdated,
    )
    found = (_difference(each, policy_a, policy_b, measure) for each in conversations)
    return tuple(difference for difference in found if difference is not None)


@attrs.frozen(kw_only=True)
class _Measure:
    """Everything but the policy that a measurement needs."""

    as_of: datetime
    hours: Hours | None
    states: Mapping[str, Sequence[Status]]
    hands: Mapping[str, Sequence[Assignment]]
    has_statuses: bool
    misdated: AbstractSet[tuple[str, str]]

    def answer(self, conversation: Conversation, policy: MeasurementPolicy) -> Answer:
        """What the policy makes of the conversation."""
        statuses = self.states.get(conversation.id, ())
        return (
            waits(
                conversation,
                as_of=self.as_of,
                policy=policy,
                hours=self.hours,
                statuses=statuses,
                assignments=self.hands.get(conversation.id, ()),
                misdated=self.misdated,
            ),
            resolution(
                conversation,
                as_of=self.as_of,
                policy=policy,
                hours=self.hours,
                statuses=statuses,
                log_has_statuses=self.has_statuses,
                misdated=self.misdated,
            ),
        )


def _difference(
    conversation: Conversation,
    policy_a: MeasurementPolicy,
    policy_b: MeasurementPolicy,
    measure: _Measure,
) -> Difference | None:
    answer_a = measure.answer(conversation, policy_a)
    answer_b = measure.answer(conversation, policy_b)
    if answer_a == answer_b:
        return None

    def switched(rules: Sequence[str]) -> Answer:
        return measure.answer(conversation, _switched(policy_a, policy_b, rules))

    return Difference(
        conversation_id=conversation.id,
        brand=conversation.brand,
        rules=_rules(_unlike(policy_a, policy_b), answer_a, answer_b, switched),
        waits=(answer_a[0], answer_b[0]),
        resolutions=(answer_a[1], answer_b[1]),
    )


def _unlike(policy_a: MeasurementPolicy, policy_b: MeasurementPolicy) -> tuple[str, ...]:
    return tuple(rule for rule in RULES if getattr(policy_a, rule) != getattr(policy_b, rule))


def _switched(
    policy_a: MeasurementPolicy, policy_b: MeasurementPolicy, rules: Sequence[str]
) -> MeasurementPolicy:
    """The one policy with these fields of the other."""
    return attrs.evolve(policy_a, **{rule: getattr(policy_b, rule) for rule in rules})


def _rules(
    unlike: Sequence[str],
    answer_a: Answer,
    answer_b: Answer,
    switched: Callable[[Sequence[str]], Answer],
) -> tuple[str, ...]:
    """The fields that change the answer alone, with as few more as it takes to explain it all."""
    alone = [rule for rule in unlike if switched([rule]) != answer_a]
    others = [rule for rule in unlike if rule not in alone]
    choices = (more for size in range(len(others) + 1) for more in combinations(others, size))
    enough = next(more for more in choices if switched([*alone, *more]) == answer_b)
    return tuple(rule for rule in unlike if rule in alone or rule in enough)
