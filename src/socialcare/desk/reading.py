"""Reading: what a desk shows of its log."""

from socialcare.desk.transaction import opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Customer
from socialcare.domain.summary import Summary
from socialcare.plugins.records import Asked, Page


def conversation(work: Workplace, name: str) -> Conversation:
    """The conversation of that name, or the one that it became part of."""

    def attempt() -> Conversation:
        transaction, current = opened(work.store, name)
        return transaction.conversation(current)

    return work.retried(attempt)  # it may become part of another one between two looks


def history(
    work: Workplace, customer_id: str, *, brand: str | None, limit: int
) -> tuple[Summary, ...]:
    """All of a customer's conversations on all channels, the latest first."""
    return work.store.page(Page(customer=(brand, customer_id), limit=limit))


def customer(work: Workplace, customer_id: str) -> Customer:
    """A customer with the handles that were linked to them."""
    around = work.store.around(Asked(people=(customer_id,)))
    return Customer(id=customer_id, handles=around.handles.get(customer_id, ()))
