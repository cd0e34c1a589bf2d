"""Reading: what a desk shows of its log."""

import attrs

from socialcare.desk.draft import opened, survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Customer
from socialcare.domain.summary import Summary
from socialcare.domain.words import words
from socialcare.plugins.records import Asked, Found, Page


def conversation(work: Workplace, name: str) -> Conversation:
    """The conversation of that name, or the one that it became part of."""
    draft, current = opened(work.store, name)
    return draft.conversation(current)


def history(
    work: Workplace, customer_id: str, *, brand: str | None, limit: int
) -> tuple[Summary, ...]:
    """All of a customer's conversations on all channels, the latest first."""
    return work.store.page(Page(customer=(brand, customer_id), limit=limit))


def customer(work: Workplace, customer_id: str) -> Customer:
    """A customer with the handles that were linked to them."""
    around = work.store.around(Asked(people=(customer_id,)))
    return Customer(id=customer_id, handles=around.handles.get(customer_id, ()))


def search(work: Workplace, text: str, *, limit: int) -> tuple[Found, ...]:
    """The messages with all of these words, each with the conversation that it is in now."""
    found = work.store.search(words(text), limit)
    kept = survivors(work.store, *{each.conversation for each in found if each.conversation})

    def current(name: str | None) -> str | None:
        while name in kept and kept[name].summary.merged_into is not None:
            name = kept[name].summary.merged_into
        return name

    return tuple(attrs.evolve(each, conversation=current(each.conversation)) for each in found)
