"""Where a crisis stands, as people see it, and what follows from declaring one."""

from collections.abc import Iterable
from datetime import datetime
from itertools import combinations

import attrs

from socialcare.desk import crisis_watch, issues
from socialcare.desk.crisis_watch import Head, head_of
from socialcare.desk.transaction import survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.crisis.plan import CrisisPlan, Opens
from socialcare.domain.crisis.states import CrisisState, Happening
from socialcare.domain.events import CrisisChanged, CrisisDriver, FloodFound
from socialcare.domain.query import Query
from socialcare.domain.stored_form import event_from
from socialcare.errors import InvalidValue
from socialcare.plugins.records import Asked

_TERMS = 3


@attrs.frozen(kw_only=True)
class CrisisStanding:
    """Where things stand.

    Attributes:
        state: `watching`, `suspected`, `declared` or `over`.
        since: Since when; None if nothing has ever happened.
        changed: The last change, by counts or by somebody.
        rise: The last change that counts brought about, with its reason and drivers.
        flood: The last rise that was no crisis, since too few people brought it.
        affected: The conversations of the messages behind the last rise, as far as they were kept.
        watches_from: When there is history enough to watch; None before the first message.
        watched_until: Up to when the log was watched; None before the first message.
    """

    state: CrisisState
    since: datetime | None
    changed: CrisisChanged | None
    rise: CrisisChanged | None
    flood: FloodFound | None
    affected: tuple[str, ...]
    watches_from: datetime | None
    watched_until: datetime | None

    @property
    def drivers(self) -> tuple[CrisisDriver, ...]:
        """What the messages of the last rise have in common."""
        return () if self.rise is None else self.rise.drivers


def standing(work: Workplace) -> CrisisStanding:
    """Where things stand now."""
    head = head_of(work)
    changed = None if head.changed is None else event_from(head.changed)
    flood = None if head.flood is None else event_from(head.flood)
    return CrisisStanding(
        state=head.state,
        since=head.since,
        changed=changed if isinstance(changed, CrisisChanged) else None,
        rise=head.last_rise,
        flood=flood if isinstance(flood, FloodFound) else None,
        affected=_conversations(work, head),
        watches_from=head.watches_from,
        watched_until=head.watched_until,
    )


def _conversations(work: Workplace, head: Head) -> tuple[str, ...]:
    """The conversations that the messages behind the last rise are in now."""
    keys = [(channel, id_) for channel, _, id_ in (each.partition(":") for each in head.behind)]
    if not keys:
        return ()
    wanted = set(keys)
    rows = work.store.around(Asked(keys=tuple(keys))).placed
    names = [row.conversation for row in rows if row.key in wanted and row.conversation]
    kept = survivors(work.store, *names)
    current = []
    for name in names:
        own = name
        while own in kept and (into := kept[own].summary.merged_into) is not None:
            own = into
        current.append(own)
    return tuple(dict.fromkeys(current))


def declare(work: Workplace, reason: str | None, *, who: Actor, now: datetime) -> CrisisChanged:
    """The decision that there is a crisis, with the issue that the plan has opened then."""
    event = crisis_watch.decide(work, Happening.DECLARED, reason, who=who, now=now)
    open_with_crisis(work, event, who=who, now=now)
    return event


def open_with_crisis(work: Workplace, event: CrisisChanged, *, who: Actor, now: datetime) -> None:
    """Opens an issue about what drives a crisis that was declared, if the plan says so.

    Its id follows from when that was, so that it is opened once whoever does it.
    """
    plan = work.handbook.crisis or CrisisPlan()
    if plan.mass_issue.opens is not Opens.WHEN_DECLARED:
        return
    rise = event if event.series is not None else head_of(work).last_rise
    query = None if rise is None else _driving(plan, rise)
    if query is None or rise is None:
        return
    issues.open_issue(
        work,
        f"crisis of {rise.found_at:%d %B %Y, %H:%M}",
        query,
        groups=plan.mass_issue.groups,
        who=who,
        now=now,
        issue_id=f"crisis-{rise.found_at:%Y%m%dT%H%M}",
    )


def _driving(plan: CrisisPlan, rise: CrisisChanged) -> Query | None:
    """What the messages of a rise have in common, as a query: topics, or else pairs of words."""
    names = {each.name for each in rise.drivers if each.kind == "topic"}
    topics = [each.query.text for each in plan.topics if each.name in names]
    if topics:
        return Query(" OR ".join(f"({each})" for each in topics))
    words = [f'"{each.name}"' for each in rise.drivers if each.kind == "term"][:_TERMS]
    if len(words) < 2:
        return Query(words[0]) if words else None
    return Query(" OR ".join(f"({one} {other})" for one, other in combinations(words, 2)))


def asked(work: Workplace, query: Query | str | None, topic: str | None) -> Query:
    """The query of an issue: as it was given, or that of a topic of the plan.

    Raises:
        InvalidQuery: If it can't be read.
        InvalidValue: If there is neither a query nor such a topic, or both.
    """
    if (query is None) == (topic is None):
        raise InvalidValue(query, where="issue", right="a query, or a topic, not both")
    if query is not None:
        return query if isinstance(query, Query) else Query(query)
    plan = work.handbook.crisis or CrisisPlan()
    known = {each.name: each.query for each in plan.topics}
    if topic not in known:
        raise InvalidValue(topic, where="issue topic", right=_one_of(known))
    return known[topic]


def _one_of(names: Iterable[str]) -> str:
    return f"a topic of the crisis plan: {', '.join(names) or 'it has none'}"
