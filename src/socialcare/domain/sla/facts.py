"""What is known of a conversation from when on, and so what was promised at each moment.

A clock may look only at what was known by the moment that it judges. So priority, customer tier,
category and team are told as facts with an instant, and the entry that fits is worked out for each
stretch between two of them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import attrs

from socialcare.domain.categories import SEPARATOR
from socialcare.domain.changes import Assignment, Kind
from socialcare.domain.conversation import Conversation
from socialcare.domain.instants import epoch_second, from_epoch_second, instant
from socialcare.domain.sla.policy import SlaEntry, SlaPolicy
from socialcare.domain.sla.promises import Promise
from socialcare.domain.sla.rules import OnChange

__all__ = ["Fact", "Facts", "Known", "Terms", "terms_over"]

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Before everything: the instant of a fact that always held."""


def _at(value: datetime) -> datetime:
    return instant(value, where="Fact.at")


@attrs.frozen(kw_only=True)
class Fact:
    """From this instant on something is so, until the next fact of its kind.

    Attributes:
        at: From when on.
        value: What holds; None where it holds no more.
    """

    at: datetime = attrs.field(converter=_at)
    value: str | None


def _told(value: "Iterable[Fact] | str | None") -> tuple[Fact, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (Fact(at=BEGINNING, value=value),)
    return tuple(sorted(value, key=lambda fact: fact.at))


@attrs.frozen(kw_only=True)
class Facts:
    """What is known of a conversation beyond what it holds itself.

    A text in place of the facts holds from the beginning.

    Attributes:
        priorities: Which priority it had from when on.
        tiers: Which tier its customer had.
        categories: What it was about; the conversation's own category where none are given.
        states: Which state it was in, where that is known of all states: pauses go by these and no
            longer by the statuses, and nobody waits for a response in one that settles.

    >>> Facts(tiers="gold").tiers[0].value
    'gold'
    """

    priorities: tuple[Fact, ...] = attrs.field(default=(), converter=_told)
    tiers: tuple[Fact, ...] = attrs.field(default=(), converter=_told)
    categories: tuple[Fact, ...] = attrs.field(default=(), converter=_told)
    states: tuple[Fact, ...] = attrs.field(default=(), converter=_told)

    @classmethod
    def of(cls, conversation: Conversation) -> "Facts":
        """What a desk has learnt of a conversation; of one out of an export what it says itself.

        That is the categories of its messages, each from when it was sent.
        """
        told: dict[Kind, list[Fact]] = {kind: [] for kind in Kind}
        for each in conversation.learnt:
            told[each.kind].append(Fact(at=each.at, value=each.value))
        return cls(
            priorities=told[Kind.PRIORITY],
            tiers=told[Kind.TIER],
            categories=told[Kind.CATEGORY] or _categories(conversation),
            states=told[Kind.STATE],
        )


def _categories(conversation: Conversation) -> list[Fact]:
    return [
        Fact(at=each.sent_at, value=SEPARATOR.join(filter(None, (each.category, each.subcategory))))
        for each in conversation.messages
        if each.category is not None
    ]


@attrs.frozen(kw_only=True)
class Known:
    """All that an entry's conditions can ask for, by the end of a look.

    Attributes:
        brand: Whose customer it is.
        changing: By condition, the facts no later than the look, in order.
    """

    brand: str | None
    changing: Mapping[str, tuple[Fact, ...]]

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        facts: Facts,
        assignments: Iterable[Assignment],
        *,
        as_of: datetime,
    ) -> "Known":
        """What was known of a conversation by an instant, to its second."""
        own = [row for row in assignments if row.conversation_id == conversation.id]
        changing = {
            "priority": facts.priorities,
            "tier": facts.tiers,
            "category": facts.categories or _told(conversation.category),
            "team": tuple(
                Fact(at=row.at, value=row.team_id) for row in sorted(own, key=lambda row: row.order)
            ),
        }
        last = epoch_second(as_of)
        kept = {
            name: tuple(fact for fact in told if epoch_second(fact.at) <= last)
            for name, told in changing.items()
        }
        given = {name: told for name, told in kept.items() if told}
        return cls(brand=conversation.brand, changing=given)


@attrs.frozen(kw_only=True)
class Terms:
    """What is promised for one clock from an instant on.

    Attributes:
        entry: The entry that says so.
        target: How much time may pass.
        hours: The name of the hours in which it counts.
        because: The conditions of the entry, and what was found.
    """

    entry: SlaEntry
    target: timedelta
    hours: str
    because: tuple[tuple[str, str], ...]


def terms_over(
    policy: SlaPolicy, promise: Promise, known: Known
) -> tuple[tuple[datetime, Terms | None], ...]:
    """The terms of a promise from its opening on, each with the instant from which they hold.

    Where no entry fits, or the one that does promises nothing, the terms are None.
    """
    opened = epoch_second(promise.opened_at)
    closed = None if promise.closed_at is None else epoch_second(promise.closed_at)
    moments = {
        second
        for facts in known.changing.values()
        for fact in facts
        if opened < (second := epoch_second(fact.at)) and (closed is None or second < closed)
    }
    found: list[tuple[datetime, Terms | None]] = []
    for second in (opened, *sorted(moments)):
        terms = _terms(policy, promise, _circumstances(policy, promise, known, second))
        if not found or not _alike(found[-1][1], terms):
            found.append((from_epoch_second(second), terms))
    return tuple(found)


def _alike(one: Terms | None, other: Terms | None) -> bool:
    """Whether the same entry promises the same; a tier that changed beside it changes nothing."""
    if one is None or other is None:
        return one is other
    return one.entry.name == other.entry.name


def _terms(
    policy: SlaPolicy, promise: Promise, circumstances: Mapping[str, str | None]
) -> Terms | None:
    entry = policy.entry_for(circumstances)
    target = None if entry is None else entry.promise(promise.target, promise.team)
    if entry is None or target is None:
        return None
    return Terms(
        entry=entry,
        target=target,
        hours=policy.hours_of(entry),
        because=entry.because(circumstances),
    )


def _circumstances(
    policy: SlaPolicy, promise: Promise, known: Known, second: int
) -> dict[str, str | None]:
    keep = policy.rules.on_change is OnChange.KEEP
    opened = epoch_second(promise.opened_at)
    changing = {
        name: _kept(facts, opened, second) if keep else _value(facts, second)
        for name, facts in known.changing.items()
    }
    return {
        "brand": known.brand,
        "channel": promise.channel,
        "visibility": promise.visibility,
        **changing,
    }


def _value(facts: Iterable[Fact], second: int) -> str | None:
    """What the last fact no later than that second says."""
    found = None
    for fact in facts:
        if epoch_second(fact.at) > second:
            break
        found = fact.value
    return found


def _kept(facts: tuple[Fact, ...], opened: int, second: int) -> str | None:
    """What held at the opening, or else what was learnt first since."""
    held = _value(facts, opened)
    if held is not None:
        return held
    since = (fact for fact in facts if opened < epoch_second(fact.at) <= second)
    return next((fact.value for fact in since if fact.value is not None), None)
