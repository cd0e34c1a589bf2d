"""Notices: what colleagues are told, through the outbox, each notifier by itself."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from socialcare.desk.looks import Told
from socialcare.desk.workplace import Workplace
from socialcare.plugins.records import Entry, Notice


def entries(
    work: Workplace, *, kind: str, conversation: str | None, to: str | None, said: str, at: datetime
) -> tuple[Entry, ...]:
    """One entry of the outbox for each notifier; each is a lane of its own.

    So a notifier that is out of order holds up neither another one nor its own next notice.
    """
    if not work.notifiers:
        return ()
    notice = Notice(id=work.ids(), kind=kind, conversation=conversation, to=to, said=said, at=at)
    return tuple(_entry(notice, name) for name in sorted(work.notifiers))


def of(
    work: Workplace, told: Iterable[Told], *, conversation: str | None, at: datetime
) -> Iterator[Entry]:
    """The entries of all that colleagues are to be told about a conversation."""
    for each in told:
        yield from entries(
            work, kind=each.kind, conversation=conversation, to=each.to, said=each.said, at=at
        )


def _entry(notice: Notice, notifier: str) -> Entry:
    key = f"{notice.id}:{notifier}"
    return Entry(
        key=key,
        target=f"notifier:{notifier}",
        lane=key,
        what=notice,
        conversation=notice.conversation,
        due_at=notice.at,
    )
