"""Outreach begun: an approved template, to customers whom a known problem concerns, each once."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialcare.desk import templates
from socialcare.desk.outreach_texts import (
    REGISTER,
    Going,
    Register,
    going,
    key_of,
    progress_key,
    recipients,
    register,
    then_and_now,
)
from socialcare.desk.transaction import Transaction
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.approval.states import DraftState
from socialcare.domain.events import OutreachStarted
from socialcare.domain.outreach import Outreach, Progress, Recipient, each_once
from socialcare.domain.stored_form import text_of
from socialcare.errors import NotAllowedNow


def start(
    work: Workplace, wanted: Outreach, names: Iterable[str], *, who: Actor, now: datetime
) -> Going:
    """The message that was begun, to the customers of these conversations, each once.

    Whoever got the same template before is left out.

    Raises:
        NotAllowedNow: If the template may not be used, or there is nobody to tell.
        InvalidValue: If there is no such template, or the values do not fit its blanks.
    """
    proposal = templates.proposal(work, wanted.template_id)
    if proposal.state is not DraftState.APPROVED:
        found = f"the template is {proposal.state}"
        raise NotAllowedNow(wanted.template_id, wanted="tell many with it", found=found)
    proposal.template.filled(dict(wanted.values))
    wanted = attrs.evolve(wanted, seal=proposal.template.seal)
    given = tuple(names)

    def attempt() -> None:
        known, texts = register(work)
        told = _told_before(work, known, wanted)
        chosen = each_once(recipients(work, given), told)
        if not chosen:
            found = "everybody was told, or there is nobody"
            raise NotAllowedNow(wanted.template_id, wanted="tell many with it", found=found)
        made = attrs.evolve(wanted, recipients=chosen)
        transaction = Transaction(store=work.store, kept={})
        transaction.add(_started(made, who, now))
        every = (*known.every, made.id)
        running = (*known.running, made.id)
        texts.put(
            transaction,
            {
                REGISTER: text_of(Register(every=every, running=running)),
                key_of(made.id): text_of(made),
                progress_key(made.id): text_of(Progress(next_at=now)),
            },
        )
        transaction.commit()

    work.retried(attempt)
    return going(work, wanted.id)


def _started(made: Outreach, who: Actor, now: datetime) -> OutreachStarted:
    return OutreachStarted(
        conversation=None,
        at=now,
        by=who,
        outreach_id=made.id,
        template_id=made.template_id,
        seal=made.seal,
        recipients=len(made.recipients),
        per_minute=made.per_minute,
        issue_id=made.issue_id,
    )


def _told_before(work: Workplace, known: Register, wanted: Outreach) -> Iterator[Recipient]:
    """Who got the same template, or the same about the issue, before."""
    for each in known.every:
        earlier = going(work, each)
        same = earlier.outreach.template_id == wanted.template_id
        if same and earlier.outreach.seal == wanted.seal:
            on = earlier.progress.ended_at is None
            yield from then_and_now(work, earlier.outreach.recipients if on else earlier.sent_to)
