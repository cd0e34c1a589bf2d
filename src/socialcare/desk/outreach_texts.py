"""What is kept of messages to many, beside the log: to whom, how far, and who wants none.

The list of recipients is written once. How far it has come is a small text, written together with
each reply and only as it was read: so each recipient is dealt with once, however many watch.
Whether somebody opted out is a text for each customer of a brand.
"""

from collections.abc import Iterable, Iterator

import attrs

from socialcare.desk.transaction import Transaction, survivors
from socialcare.desk.versioned import Versioned, each_versioned, versioned
from socialcare.desk.workplace import Workplace
from socialcare.domain.outreach import Outreach, Progress, Recipient, outreach_of
from socialcare.domain.stored_form import text_of, value_from
from socialcare.errors import InvalidValue, UnknownConversation
from socialcare.plugins.records import Asked

REGISTER = "desk:outreach"
OUT, IN = "out", "in"
"""What is written of a customer who opted out, and of one who takes messages again."""


@attrs.frozen(kw_only=True)
class Register:
    """Which messages to many there are: all, and those that go on; by id, in order."""

    every: tuple[str, ...] = ()
    running: tuple[str, ...] = ()


@attrs.frozen
class Going:
    """A message to many, and how far it has come, as it was read."""

    outreach: Outreach
    progress: Progress
    texts: Versioned

    def put(self, transaction: Transaction, progress: Progress) -> None:
        """Takes down how far it has come, to be written only if nobody else was faster."""
        self.texts.put(transaction, {progress_key(self.outreach.id): text_of(progress)})

    @property
    def sent_to(self) -> tuple[Recipient, ...]:
        """To whom it was queued."""
        return tuple(self.outreach.recipients[place] for place in self.progress.sent)


def key_of(outreach_id: str) -> str:
    """Under what the list of recipients is kept."""
    return f"{REGISTER}:{outreach_id}"


def progress_key(outreach_id: str) -> str:
    """Under what it is kept how far it has come."""
    return f"{REGISTER}:{outreach_id}:progress"


def register(work: Workplace) -> tuple[Register, Versioned]:
    """Which ones there are, as it was read."""
    texts = versioned(work.store, REGISTER)
    written = texts.texts.get(REGISTER)
    return (Register() if written is None else value_from(written, Register)), texts


def going(work: Workplace, outreach_id: str) -> Going:
    """One, and how far it has come.

    Raises:
        InvalidValue: If there is none of that id.
    """
    own, progress = key_of(outreach_id), progress_key(outreach_id)
    texts = versioned(work.store, own, (own, progress))
    if own not in texts.texts:
        raise InvalidValue(outreach_id, where="outreach", right="the id of one that was started")
    known = value_from(texts.texts[own], Outreach)
    return Going(known, value_from(texts.texts[progress], Progress), texts)


def recipients(work: Workplace, names: Iterable[str]) -> Iterator[Recipient]:
    """The customers of conversations, by what these are part of now."""
    wanted = tuple(names)
    kept = survivors(work.store, *wanted)
    for name in wanted:
        if name not in kept:
            raise UnknownConversation(name)
        while (into := kept[name].summary.merged_into) is not None:
            name = into
        summary = kept[name].summary
        yield Recipient(conversation=name, customer_id=summary.customer_id, brand=summary.brand)


def then_and_now(work: Workplace, told: Iterable[Recipient]) -> Iterator[Recipient]:
    """These people, by what they were called then and by what they are called now."""
    given = tuple(told)
    yield from given
    yield from recipients(work, (each.conversation for each in given))


@attrs.frozen
class Wishes:
    """Whether somebody wants no messages that they did not ask for, as it was read.

    Attributes:
        out: Whether they want none.
        texts: What is written of each name that they have, their own first.
    """

    out: bool
    texts: tuple[Versioned, ...]

    def hold(self, transaction: Transaction) -> None:
        """Has a transaction be a conflict if they change their mind meanwhile."""
        for each in self.texts:
            each.put(transaction, {})


def wishes_of(work: Workplace, customer_id: str, brand: str | None) -> Wishes:
    """What a customer wishes, under whichever name they said so."""
    names = (f"desk:opt-out:{brand or ''}:{each}" for each in names_of(work, customer_id))
    texts = tuple(each_versioned(work.store, names).values())
    return Wishes(any(each.texts.get(each.name) == OUT for each in texts), texts)


def names_of(work: Workplace, customer_id: str) -> tuple[str, ...]:
    """What a customer was called before somebody linked their handles, their own id first."""
    handles = work.store.around(Asked(people=(customer_id,))).handles.get(customer_id, ())
    return tuple(dict.fromkeys((customer_id, *(each.id for each in handles))))


def against_again(
    work: Workplace, transaction: Transaction, name: str, reply_id: str
) -> str | None:
    """Why a reply is not sent again which was one of many; None if it may be, or was not."""
    outreach_id, place = outreach_of(reply_id)
    if place is None:
        return None
    known = going(work, outreach_id)
    if known.progress.reason is not None:
        return f"it was taken back: {known.progress.reason}"
    (now,) = recipients(work, (name,))
    if now.customer_id is None:
        return None
    wishes = wishes_of(work, now.customer_id, now.brand)
    wishes.hold(transaction)
    return "they opted out" if wishes.out else None
