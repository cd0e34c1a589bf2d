"""Opt-outs: customers who want no messages that they did not ask for.

What is queued for them and not being sent yet is taken back at once.
"""

from datetime import datetime

from socialcare.desk.outreach_course import take_back
from socialcare.desk.outreach_texts import IN, OUT, wishes_of
from socialcare.desk.transaction import Transaction
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.events import OptedIn, OptedOut
from socialcare.errors import InvalidValue


def is_opted_out(work: Workplace, customer_id: str, brand: str | None) -> bool:
    """Whether a customer wants no such messages."""
    return wishes_of(work, customer_id, brand).out


def opt_out(
    work: Workplace, customer_id: str, brand: str | None, *, who: Actor, now: datetime
) -> bool:
    """Whether that is new; what waits to be sent to them is taken back."""
    is_new = _set(work, OptedOut, customer_id, brand, who, now)
    take_back(work, customer_id, brand, now=now)
    return is_new


def opt_in(
    work: Workplace, customer_id: str, brand: str | None, *, who: Actor, now: datetime
) -> bool:
    """Whether that is new."""
    return _set(work, OptedIn, customer_id, brand, who, now)


def _set(
    work: Workplace,
    kind: type[OptedOut | OptedIn],
    customer_id: str,
    brand: str | None,
    who: Actor,
    now: datetime,
) -> bool:
    if not customer_id:
        raise InvalidValue(customer_id, where="opt out", right="the id of a customer")
    wanted = kind is OptedOut

    def attempt() -> bool:
        wishes = wishes_of(work, customer_id, brand)
        if wishes.out is wanted:
            return False
        transaction = Transaction(store=work.store, kept={})
        transaction.add(
            kind(conversation=None, at=now, by=who, customer_id=customer_id, brand=brand)
        )
        for each in wishes.texts:
            each.put(transaction, {each.name: OUT if wanted else IN})
        transaction.commit()
        return True

    return work.retried(attempt)
