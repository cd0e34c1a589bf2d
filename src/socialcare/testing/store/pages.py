"""Pages: the queue, and what there was with a customer before."""

from typing import Any

import pytest

from socialcare.domain.states import State
from socialcare.domain.summary import Summary
from socialcare.domain.tier import Priority
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Commit, Page
from socialcare.testing.store.place import OnAStore
from socialcare.testing.store.samples import ADA, at, kept, names

IN_ORDER = ("B", "a", "b", "é", "\uff5e", "\U0001f600")
"""Ids in the order of their code points, which is neither an alphabet's nor that of UTF-16."""


def _walked(store: Store, limit: int, **fields: Any) -> list[str]:  # noqa: ANN401
    met: list[Summary] = []
    while page := store.page(Page(limit=limit, after=met[-1] if met else None, **fields)):
        assert len(page) <= limit
        met += page
    return names(tuple(met))


class Pages(OnAStore):
    """What `Store.page` promises."""

    def test_the_longest_wait_comes_first(self, store: Store) -> None:
        """The queue is in order of the waits, whatever the order in which they were written."""
        store.commit(Commit(summaries=(kept("c1", 5), kept("c2", 1), kept("c3", 3))))

        assert names(store.page(Page())) == ["c2", "c3", "c1"]

    def test_who_does_not_wait_is_not_in_the_queue(self, store: Store) -> None:
        """A conversation without a wait, or that became part of another, is in no queue."""
        store.commit(
            Commit(summaries=(kept("c1", None), kept("c2", 1), kept("c3", 2, merged_into="c2")))
        )

        assert names(store.page(Page())) == ["c2"]

    def test_a_wait_that_ended_leaves_the_queue(self, store: Store) -> None:
        """The queue shows conversations as they were committed last."""
        store.commit(Commit(summaries=(kept("c1", 1), kept("c2", 2))))
        store.commit(Commit(summaries=(kept("c1", None, version=1), kept("c2", 3, version=1))))

        assert names(store.page(Page())) == ["c2"]

    def test_a_turn_comes_before_a_longer_wait(self, store: Store) -> None:
        """The queue is in order of the turns, which need not be that of the waits."""
        urgent = kept("c1", 5, priority=Priority.of("first/1"))
        store.commit(Commit(summaries=(kept("c2", 1, turn_at=at(9)), urgent)))

        assert names(store.page(Page())) == ["c1", "c2"]

    @pytest.mark.parametrize("limit", [1, 50])
    def test_noise_is_in_no_queue_and_can_be_looked_at(self, store: Store, limit: int) -> None:
        """What has no turn is on a page of its own, the longest wait first."""
        noise = [kept(f"c{number}", number, turn_at=None) for number in (3, 1, 2)]
        store.commit(Commit(summaries=(*noise, kept("c4", 4), kept("c5", None))))

        assert _walked(store, limit) == ["c4"]
        assert _walked(store, limit, noise=True) == ["c1", "c2", "c3"]

    def test_waits_of_one_instant_go_by_id(self, store: Store) -> None:
        """Ties are in the order of the ids' code points."""
        store.commit(Commit(summaries=tuple(kept(name, 1) for name in reversed(IN_ORDER))))

        assert names(store.page(Page())) == list(IN_ORDER)

    def test_a_microsecond_is_enough_to_come_first(self, store: Store) -> None:
        """Waits are told apart by microseconds."""
        microsecond = 1 / 60_000_000
        store.commit(Commit(summaries=(kept("c1", microsecond), kept("c2", 0))))

        assert names(store.page(Page())) == ["c2", "c1"]

    @pytest.mark.parametrize("limit", [1, 2, 3, 50])
    def test_the_queue_is_walked_page_by_page(self, store: Store, limit: int) -> None:
        """Going on after the last one meets every conversation exactly once, ties too."""
        rows = [kept(f"c{number}", number // 4) for number in range(11)]
        store.commit(Commit(summaries=tuple(reversed(rows))))

        assert _walked(store, limit) == sorted(
            (row.summary.id for row in rows), key=lambda name: (int(name[1:]) // 4, name)
        )

    @pytest.mark.parametrize("limit", [1, 2, 3, 50])
    def test_a_history_is_walked_page_by_page(self, store: Store, limit: int) -> None:
        """A history is walked from the latest message on, and ends with those without one."""
        rows = [kept(f"c{number:02}", number // 4) for number in range(11)]
        bare = [kept(name, None) for name in ("d2", "d1")]
        store.commit(Commit(summaries=(*bare, *rows)))
        expected = ["c08", "c09", "c10", "c04", "c05", "c06", "c07", "c00", "c01", "c02", "c03"]

        assert _walked(store, limit, customer=ADA) == [*expected, "d1", "d2"]

    def test_a_history_is_one_customers(self, store: Store) -> None:
        """A history has no conversation of another customer or brand, and no merged one."""
        store.commit(
            Commit(
                summaries=(
                    kept("c1", 1),
                    kept("c2", 2, state=State.RESOLVED, waiting_since=None, turn_at=None),
                    kept("c3", 3, customer_id="bo"),
                    kept("c4", 4, brand="north"),
                    kept("c5", 5, merged_into="c1"),
                    kept("c6", 6, customer_id=None),
                )
            )
        )

        assert names(store.page(Page(customer=ADA))) == ["c2", "c1"]
        assert names(store.page(Page(customer=("north", "ada")))) == ["c4"]
        assert names(store.page(Page(customer=(None, "cy")))) == []

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({"states": frozenset({State.OPEN})}, ["c2", "c5"]),
            ({"states": frozenset({State.OPEN, State.NEW})}, ["c1", "c2", "c3", "c4", "c5"]),
            ({"states": frozenset({State.ARCHIVED})}, []),
            ({"states": frozenset()}, []),
            ({"brand": "north"}, ["c2", "c3"]),
            ({"channel": "email"}, ["c3", "c5"]),
            ({"agent_id": "anna"}, ["c2", "c4"]),
            ({"team_id": "social"}, ["c4", "c5"]),
            ({"category": "delivery"}, ["c1", "c4"]),
            ({"tag": "vip"}, ["c2", "c5"]),
            ({"tag": "vi"}, []),
            ({"unassigned": True}, ["c1", "c3", "c5"]),
            ({"unassigned": True, "team_id": "social"}, ["c5"]),
            ({"agent_id": "anna", "team_id": "social"}, ["c4"]),
            ({"channel": "email", "tag": "vip", "states": frozenset({State.OPEN})}, ["c5"]),
            ({"brand": "north", "channel": "x", "agent_id": "anna"}, ["c2"]),
            ({"agent_id": "anna", "unassigned": True}, []),
        ],
    )
    def test_a_page_holds_what_was_wanted(
        self, store: Store, wanted: dict[str, Any], found: list[str]
    ) -> None:
        """Every filter narrows the queue, and so do several together; a history likewise."""
        store.commit(
            Commit(
                summaries=(
                    kept("c1", 1, category="delivery"),
                    kept(
                        "c2", 2, brand="north", agent_id="anna", tags=("new", "vip"), state="open"
                    ),
                    kept("c3", 3, brand="north", channel="email"),
                    kept("c4", 4, agent_id="anna", team_id="social", category="delivery"),
                    kept("c5", 5, channel="email", team_id="social", tags=("vip",), state="open"),
                )
            )
        )
        of_ada = [name for name in ("c5", "c4", "c1") if name in found]

        assert names(store.page(Page(**wanted))) == found
        assert _walked(store, 1, **wanted) == found
        assert names(store.page(Page(customer=ADA, **wanted))) == of_ada

    def test_a_page_goes_on_although_its_last_one_changed(self, store: Store) -> None:
        """A page begins after where the last one stood, even if that one is gone."""
        store.commit(Commit(summaries=(kept("c1", 1), kept("c2", 2), kept("c3", 3))))
        (last,) = store.page(Page(limit=1))
        store.commit(Commit(summaries=(kept("c1", None, version=1),)))

        assert names(store.page(Page(after=last))) == ["c2", "c3"]
