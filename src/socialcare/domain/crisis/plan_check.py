"""A crisis plan looked at before it is needed: what nobody would notice until it is too late."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from socialcare.domain.crisis.plan import Answer, CrisisPlan
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.implication import contradiction, implies
from socialcare.domain.length import X_RULES_3, weighted_length

__all__ = ["Finding", "FindingCode", "check"]


class FindingCode(StrEnum):
    """What can be missing from a plan, or be of no use in it."""

    NOBODY_TOLD = "nobody_told"
    NOTHING_TO_SAY = "nothing_to_say"
    TOO_LONG = "too_long"
    IMPOSSIBLE = "impossible"
    NEVER_REACHED = "never_reached"
    NO_QUERY = "no_query"
    NO_UPDATES = "no_updates"
    NOTHING_AFTERWARDS = "nothing_afterwards"


@attrs.frozen(kw_only=True)
class Finding:
    """Something about a plan that should be looked at once more.

    Attributes:
        code: What kind of thing.
        where: Which part of the plan.
        said: What is so, and what would be right.
    """

    code: FindingCode
    where: str
    said: str


def check(plan: CrisisPlan, *, channels: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What should be looked at once more.

    Args:
        plan: The plan.
        channels: Where the house answers; each should have something that can be said at once.
    """
    parts = (_told(plan), _said(plan, channels), _lengths(plan), _queries(plan), _rest(plan))
    return tuple(each for part in parts for each in part)


def _told(plan: CrisisPlan) -> Iterator[Finding]:
    for state in (CrisisState.SUSPECTED, CrisisState.DECLARED):
        if not plan.told(state):
            said = f"nobody in particular is told when a crisis is {state}; name who decides then"
            yield Finding(code=FindingCode.NOBODY_TOLD, where="tell", said=said)


def _said(plan: CrisisPlan, channels: Iterable[str]) -> Iterator[Finding]:
    missing = [name for name in channels if plan.holding_message(name) is None]
    if not plan.holding:
        said = "there is nothing that can be said at once; write a text, for every channel"
        yield Finding(code=FindingCode.NOTHING_TO_SAY, where="holding", said=said)
    elif missing:
        said = f"nothing can be said at once on {', '.join(missing)} in any language; write a text"
        yield Finding(code=FindingCode.NOTHING_TO_SAY, where="holding", said=said)


def _lengths(plan: CrisisPlan) -> Iterator[Finding]:
    """Texts that X would not take, before anything is filled in."""
    for place, each in enumerate(plan.holding):
        over = weighted_length(each.text.text).weighted_length - X_RULES_3.longest
        if "x" in (each.channels or ("x",)) and over > 0:
            said = f"is {over} too long for x; shorten it, or give x a text of its own"
            yield Finding(code=FindingCode.TOO_LONG, where=f"holding[{place}]", said=said)


def _queries(plan: CrisisPlan) -> Iterator[Finding]:
    if plan.policy.topics and not plan.topics:
        said = "topics without a query are only counted by who says which messages they are about"
        yield Finding(code=FindingCode.NO_QUERY, where="topics", said=said)
    queries = [(f"topics.{each.name}", each.query) for each in plan.topics]
    queries += [(f"answers.{each.name}", each.query) for each in plan.answers]
    for where, query in queries:
        clash = contradiction(query)
        if clash is not None:
            said = f"never holds, since it asks for what can't be: {clash}; mend its query"
            yield Finding(code=FindingCode.IMPOSSIBLE, where=where, said=said)
    for place, each in enumerate(plan.answers):
        before = _before(each, plan.answers[:place])
        if before is not None:
            said = f"is never given: {before.name!r} comes before it and holds whenever it does"
            yield Finding(code=FindingCode.NEVER_REACHED, where=f"answers.{each.name}", said=said)


def _before(answer: Answer, earlier: Iterable[Answer]) -> Answer | None:
    """The first of these answers that is given wherever this one would be."""
    return next(
        (
            each
            for each in earlier
            if each.language in (None, answer.language) and implies(answer.query, each.query)
        ),
        None,
    )


def _rest(plan: CrisisPlan) -> Iterator[Finding]:
    issue, after = plan.mass_issue, plan.afterwards
    if issue.status_every is None:
        said = "says nothing of how often the public hears of it; give `status_every`"
        yield Finding(code=FindingCode.NO_UPDATES, where="mass_issue", said=said)
    if after.text is None and not after.todo:
        said = "nothing is to be done when it is over; write what those affected are told"
        yield Finding(code=FindingCode.NOTHING_AFTERWARDS, where="afterwards", said=said)
