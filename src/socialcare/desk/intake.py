"""Intake: what channels bring, in any order and as often as they like.

A batch is one transaction: the log is asked once, what is new is placed, what is known is compared,
and everything is committed together with what was refused. While others change the same customers
it is tried again, and a batch that keeps getting in others' way is halved.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from socialcare.desk.arrivals import surroundings
from socialcare.desk.batch import Batch
from socialcare.desk.escalating import escalated_at_once
from socialcare.desk.ranking import Ranking
from socialcare.desk.receipts import Outcome, Receipt
from socialcare.desk.screening import Refused, refused
from socialcare.desk.walk import cursor
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By
from socialcare.domain.heard import Heard
from socialcare.domain.instants import instant
from socialcare.domain.message import Message
from socialcare.errors import Conflict
from socialcare.plugins.protocols import Deletion


def receive(
    work: Workplace,
    brought: Iterable[object],
    *,
    now: datetime,
    by: By | None,
    cursors: Mapping[str, str] | None = None,
) -> tuple[Receipt, ...]:
    """What became of each thing that was brought, in the order in which they were given.

    Args:
        work: The workplace.
        brought: Messages, what listening heard, and deletions.
        now: When they came.
        by: Who brings them; by default their channel.
        cursors: How far channels were read with this.
    """
    now = instant(now, where="now")
    every, read = tuple(brought), cursors or {}
    shown = [each.message if isinstance(each, Heard) else each for each in every]
    ranking = _ranking(work, every, shown, now)
    try:
        receipts = work.retried(lambda: _taken_in(work, shown, now, by, read, ranking))
    except Conflict:
        if len(every) <= 1:
            raise
    else:
        _count(work, shown, receipts)
        return receipts
    half = len(every) // 2
    first = receive(work, every[:half], now=now, by=by)
    return first + receive(work, every[half:], now=now, by=by, cursors=cursors)


def _count(work: Workplace, shown: Iterable[object], receipts: Iterable[Receipt]) -> None:
    """Takes down how much is said, each message once."""
    for each, receipt in zip(shown, receipts, strict=True):
        if isinstance(each, Message) and receipt.outcome in (Outcome.NEW, Outcome.MERGED):
            work.volume.add(each)


def _ranking(
    work: Workplace, brought: Iterable[object], shown: Iterable[object], now: datetime
) -> Ranking:
    found_by = {each.message.key: each.found_by for each in brought if isinstance(each, Heard)}
    messages = (each for each in shown if isinstance(each, Message))
    return Ranking(work, messages, found_by, now=now)


def webhook(
    work: Workplace, channel: str, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> tuple[Receipt, ...]:
    """What became of each thing that a webhook call brought."""
    lower = {name.lower(): value for name, value in headers.items()}
    return receive(work, work.channel(channel).parse(lower, body), now=now, by=None)


def poll(work: Workplace, channel: str, *, now: datetime) -> tuple[Receipt, ...]:
    """What became of each thing that was new on a channel.

    How far the channel was read is committed together with what it brought.
    """
    at = work.channel(channel)
    before = cursor(work.store, channel)
    polled = at.poll(before)
    further = polled.cursor if polled.cursor != before else None
    cursors = {} if further is None else {channel: further}
    return receive(work, polled.incoming, now=now, by=None, cursors=cursors)


def _taken_in(
    work: Workplace,
    brought: Sequence[object],
    now: datetime,
    by: By | None,
    cursors: Mapping[str, str],
    ranking: Ranking,
) -> tuple[Receipt, ...]:
    wrong = _wrong(work, brought, now)
    whole = [each for place, each in enumerate(brought) if place not in wrong]
    messages = [each for each in whole if isinstance(each, Message)]
    deleted = [(each.channel, each.id) for each in whole if isinstance(each, Deletion)]
    around = surroundings(work, messages, deleted)
    batch = Batch(
        now=now,
        by=by,
        brought=brought,
        around=around,
        transaction=around.transaction(),
        assess=ranking.assessment,
        escalate=partial(escalated_at_once, work, ranking.demanding, now),
    )
    batch.take_in(wrong, cursors)
    return tuple(batch.receipts[place] for place in range(len(brought)))


def _wrong(work: Workplace, brought: Sequence[object], now: datetime) -> dict[int, Refused]:
    """What is wrong with some of it by itself, by place."""
    found = (
        refused(each, now=now, channels=work.channels, max_text=work.max_text) for each in brought
    )
    return {place: wrong for place, wrong in enumerate(found) if wrong is not None}
