"""Ranking: what is known around a message when it comes in, and what comes of it.

Who wrote it is asked of the directories, once for a batch and outside of any transaction; what the
text says is asked of the classifiers, once for a message; the rules decide with both, and with what
the log knows. What fails in a plugin is logged and not known: no message is lost for it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from socialcare.desk.workplace import Workplace
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.assessment import Assessment
from socialcare.domain.customer import Handle, handle_of
from socialcare.domain.events import Key
from socialcare.domain.message import Message
from socialcare.domain.priority import Decision
from socialcare.domain.profile import Profile
from socialcare.domain.query.flags import mentions_brand
from socialcare.domain.sla import SlaPolicy
from socialcare.domain.sla.rules import Promised
from socialcare.domain.states import SETTLED, State
from socialcare.domain.subject import NOBODY, Subject
from socialcare.domain.summary import Summary
from socialcare.plugins.records import CustomerKey, Page

_LOG = logging.getLogger("socialcare")
HISTORY = frozenset({"earlier", "open", "is:new", "is:returning"})
"""Fields that need the customer's other conversations."""
_MOST_LOOKED_AT = 200
"""How many earlier conversations are counted."""


class Ranking:
    """Reads the messages of one batch.

    Args:
        work: The workplace.
        messages: What came in.
        found_by: The listening queries that found some of them.
        now: When they came in.

    Attributes:
        demanding: Messages that agents must not answer, by the escalation map.
    """

    def __init__(
        self,
        work: Workplace,
        messages: Iterable[Message],
        found_by: Mapping[Key, tuple[str, ...]],
        *,
        now: datetime,
    ) -> None:
        self._work = work
        self._found_by = found_by
        self._now = now
        self._profiles = profiles(work, messages)
        self._annotations: dict[tuple[Key, datetime | None], tuple[Annotation, ...]] = {}
        self.demanding: set[Key] = set()

    def assessment(self, message: Message, known: Summary | None) -> Assessment | None:
        """What is made of a message; None for what is not a customer's, or where nobody looks.

        Args:
            message: The message.
            known: Its conversation before it; None for one that it begins.
        """
        found_by = self._found_by.get(message.key, ())
        if not message.by_customer:
            return None
        annotations = self._said(message)
        decision = self.decision(message, annotations, known)
        tier = self._profile(message).tier
        self._ask_map(message, annotations, known)
        if decision is None and not annotations and not found_by and tier is None:
            return None
        return Assessment(
            annotations=annotations,
            decision=decision,
            found_by=found_by,
            indirect=bool(found_by) and not self._is_addressed(message),
            tier=tier,
        )

    def _ask_map(
        self, message: Message, annotations: tuple[Annotation, ...], known: Summary | None
    ) -> None:
        """Takes down whether agents must not answer a message; what follows is decided later."""
        map_ = self._work.handbook.escalation
        if map_ is not None:
            subject = self._subject(message, annotations, known)
            if map_.decide((subject,)).must_escalate:
                self.demanding.add(message.key)

    def _profile(self, message: Message) -> Profile:
        handle = handle_of(message)
        return NOBODY if handle is None else self._profiles.get(handle, NOBODY)

    def _is_addressed(self, message: Message) -> bool:
        return mentions_brand(Subject(message=message, accounts=self._work.accounts))

    def decision(
        self, message: Message, annotations: tuple[Annotation, ...], known: Summary | None
    ) -> Decision | None:
        """What the rules say of a message, of which this is said; None where there are none."""
        rules = self._work.rules
        if rules is None:
            return None
        subject = self._subject(message, annotations, known)
        decision = rules.rank(subject, now=self._now)
        due_at = (
            None if self._work.deadlines is None else due(self._work.deadlines, subject, decision)
        )
        if due_at is None:
            return decision
        return decision.with_deadline(due_at, asked_at=message.sent_at)

    def _said(self, message: Message) -> tuple[Annotation, ...]:
        key = (message.key, message.edited_at)
        if key not in self._annotations:
            self._annotations[key] = annotations_of(self._work, message)
        return self._annotations[key]

    def _subject(
        self, message: Message, annotations: tuple[Annotation, ...], known: Summary | None
    ) -> Subject:
        asked = self._work.handbook.fields
        earlier, others = None, None
        if not asked.isdisjoint(HISTORY):
            earlier, others = history(self._work, message, known)
        return Subject(
            message=message,
            annotations=annotations,
            profile=self._profile(message),
            conversation=known,
            accounts=self._work.accounts,
            waiting=self._now - min(self._now, since(message, known)),
            earlier=earlier,
            open=others,
            volume=self._work.volume.times_usual(message) if "volume" in asked else None,
            found_by=self._found_by.get(message.key, ()),
        )


def history(
    work: Workplace, message: Message, known: Summary | None
) -> tuple[int | None, int | None]:
    """How many other conversations there are with the customer, and how many are open."""
    person = known.customer_id if known is not None else message.customer_id
    if person is None:
        return None, None
    customer: CustomerKey = (message.brand or None, person)
    page = Page(customer=customer, limit=_MOST_LOOKED_AT)
    others = [each for each in work.store.page(page) if known is None or each.id != known.id]
    return len(others), sum(each.state not in SETTLED for each in others)


def due(policy: SlaPolicy, subject: Subject, decision: Decision) -> datetime | None:
    """By when an answer to a message is promised, which is ranked like this; None for no promise.

    A policy's `priority` is the tier: `first`, `second` or `noise`.
    """
    message, known = subject.message, subject.conversation
    entry = policy.entry_for(
        {
            "brand": message.brand,
            "channel": message.channel,
            "visibility": message.visibility,
            "priority": decision.priority.tier,
            "tier": subject.profile.tier,
            "category": decision.category or message.category,
            "team": None if known is None else known.team_id,
        }
    )
    is_first = known is None or known.state is State.NEW
    target = Promised.FIRST_RESPONSE if is_first else Promised.NEXT_RESPONSE
    promised = None if entry is None else entry.promise(target)
    if entry is None or promised is None:
        return None
    hours = policy.hours_named(policy.hours_of(entry))
    return message.sent_at + promised if hours is None else hours.after(message.sent_at, promised)


def since(message: Message, known: Summary | None) -> datetime:
    """Since when the customer waits who wrote a message."""
    waiting = None if known is None else known.waiting_since
    return message.sent_at if waiting is None else min(waiting, message.sent_at)


def annotations_of(work: Workplace, message: Message) -> tuple[Annotation, ...]:
    """What every classifier says of a message; later ones know the language by earlier ones."""
    found: list[Annotation] = []
    language = message.language
    for name, classifier in work.classifiers.items():
        try:
            said = classifier.annotations(message.text or "", language=language)
        except Exception:  # noqa: BLE001 - a plugin may fail in any way
            _LOG.exception("classifier %r failed on %s:%s", name, message.channel, message.id)
            continue
        found.extend(said)
        language = language or _language(said)
    return tuple(found)


def _language(said: Sequence[Annotation]) -> str | None:
    tags = (each.value for each in said if each.sense is Sense.LANGUAGE)
    return next((str(tag) for tag in tags if tag is not None), None)


def profiles(work: Workplace, messages: Iterable[Message]) -> Mapping[Handle, Profile]:
    """What the directories know of those who wrote some messages."""
    handles = {handle for each in messages if (handle := handle_of(each)) is not None}
    known: dict[Handle, Profile] = {}
    for name, directory in work.directories.items() if handles else ():
        try:
            found = directory.profiles(tuple(handles))
        except Exception:  # noqa: BLE001 - a plugin may fail in any way
            _LOG.exception("directory %r failed for %d people", name, len(handles))
            continue
        for handle, profile in found.items():
            known[handle] = known[handle].filled_in(profile) if handle in known else profile
    return known
