"""Pages of a queue or a history: a walk along an index from where the last page ended."""

from collections.abc import Iterator
from typing import TypeAlias

from socialcare.domain.summary import Summary
from socialcare.plugins.records import CustomerKey, Page
from socialcare.stores.names import written, written_or_none
from socialcare.stores.sqlite_rows import SUMMARY, Row, listed, microseconds_or_none

Part: TypeAlias = tuple[str, Row]
"""A condition, and what stands for its question marks."""

_HAS_TAG = "tags <> '[]' AND EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)"
_INDEXES = (
    ("agent_id = ?", "queue_of_agent"),
    ("category = ?", "queue_of_category"),
    (_HAS_TAG, "queue_of_tags"),
    ("team_id = ?", "queue_of_team"),
    ("agent_id IS NULL", "queue_of_agent"),
    ("channel = ?", "queue_of_channel"),
    ("brand = ?", "queue_of_brand"),
)
"""The index to walk for a condition, the one that is likely to leave the fewest first."""


def page_query(page: Page) -> Part:
    """The statement that finds the rows of a page, in columns of `SUMMARY`, and its arguments."""
    if page.customer is None:
        waits = _noise(page.after) if page.noise else _waiting(page.after)
        order = "waiting_since, id" if page.noise else "turn_at, id"
        return _query(page, [*_narrowed(page), *waits], order)
    parts = [*_of(page.customer), *_narrowed(page), *_earlier(page.after)]
    return _query(page, parts, "last_at DESC, id")


def _query(page: Page, parts: list[Part], order: str) -> Part:
    conditions = [condition for condition, _ in parts]
    index = "history" if page.customer else "noise" if page.noise else _index(conditions)
    wanted = " AND ".join(["merged_into IS NULL", *conditions])
    statement = (
        f"SELECT {SUMMARY} FROM conversation INDEXED BY {index} "  # noqa: S608 - constants of ours
        f"WHERE {wanted} ORDER BY {order} LIMIT ?"
    )
    return statement, (*(given for _, row in parts for given in row), page.limit)


def _index(conditions: list[str]) -> str:
    return next((index for condition, index in _INDEXES if condition in conditions), "queue")


def _narrowed(page: Page) -> Iterator[Part]:
    for column, name in (
        ("brand", page.brand),
        ("channel", page.channel),
        ("agent_id", page.agent_id),
        ("team_id", page.team_id),
        ("category", page.category),
    ):
        if name is not None:
            yield f"{column} = ?", (written(name),)
    if page.unassigned:
        yield "agent_id IS NULL", ()
    if page.states is not None:
        yield "state IN (SELECT value FROM json_each(?))", (listed(sorted(page.states)),)
    if page.tag is not None:
        yield _HAS_TAG, (written(page.tag),)


def _waiting(after: Summary | None) -> Iterator[Part]:
    yield "turn_at IS NOT NULL", ()
    if after is not None:
        # One without a turn is after all that have one: nothing is greater than NULL.
        yield "(turn_at, id) > (?, ?)", (microseconds_or_none(after.turn_at), written(after.id))


def _noise(after: Summary | None) -> Iterator[Part]:
    yield "waiting_since IS NOT NULL AND turn_at IS NULL", ()
    if after is not None:
        since = microseconds_or_none(after.waiting_since)
        yield "(waiting_since, id) > (?, ?)", (since, written(after.id))


def _of(customer: CustomerKey) -> Iterator[Part]:
    brand, name = customer
    yield "customer_id = ? AND brand IS ?", (written(name), written_or_none(brand))


def _earlier(after: Summary | None) -> Iterator[Part]:
    """What comes behind one in a history; conversations without a message come last."""
    if after is None:
        return
    last, name = microseconds_or_none(after.last_at), written(after.id)
    if last is None:
        yield "last_at IS NULL AND id > ?", (name,)
    else:
        yield "(last_at < ? OR last_at = ? AND id > ? OR last_at IS NULL)", (last, last, name)
