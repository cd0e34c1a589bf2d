"""Who may answer a customer now."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import at
from socialcare.domain.routing.lease import TABLE, Hold, Lease, Step, Verdict, hold_of, may

LEASE = Lease(agent_id="anna", since=at(0), until=at(15))


@pytest.mark.parametrize(
    ("lease", "who", "minute", "hold"),
    [
        (None, "anna", 0, Hold.FREE),
        (LEASE, "anna", 0, Hold.OWN),
        (LEASE, "bo", 0, Hold.ANOTHERS),
        (LEASE, "bo", 14.99, Hold.ANOTHERS),
        (LEASE, "bo", 15, Hold.FREE),
        (LEASE, "anna", 15, Hold.FREE),
    ],
)
def test_how_it_is_held(lease: Lease | None, who: str, minute: float, hold: Hold) -> None:
    """Until the instant at which it ends, and not at it."""
    assert hold_of(lease, who, at(minute)) is hold


@given(
    agents=st.lists(st.sampled_from(["anna", "bo", "cy"]), min_size=2, max_size=2, unique=True),
    minute=st.integers(-5, 40),
    lasts=st.integers(1, 30),
    step=st.sampled_from([Step.LEASE, Step.ANSWER, Step.TAKE, Step.END, Step.HAND]),
    roles=st.sets(st.sampled_from(["lead", "agent"])),
)
@settings(max_examples=50, deadline=None)
def test_the_table_is_exclusive(
    agents: list[str], minute: int, lasts: int, step: Step, roles: set[str]
) -> None:
    """While somebody holds it no other may have it or answer, but by a lead's word."""
    holder, other = agents
    lease = Lease(agent_id=holder, since=at(0), until=at(lasts))
    is_allowed = may(lease, step, other, roles=roles, leads=["lead"], now=at(minute))

    if minute < lasts:
        of_a_lead = step not in (Step.LEASE, Step.ANSWER) and "lead" in roles
        assert is_allowed == of_a_lead
        assert may(lease, Step.ANSWER, holder, roles=(), leads=(), now=at(minute))
    else:
        assert is_allowed == (step in (Step.LEASE, Step.ANSWER, Step.TAKE))


def test_the_table_knows_every_hold() -> None:
    """Whatever is held how, somebody may answer or everybody knows why not."""
    assert {(hold, Step.ANSWER) for hold in Hold} <= TABLE.keys()
    assert TABLE[Hold.ANOTHERS, Step.ANSWER] is Verdict.NOBODY


def test_in_words() -> None:
    """Who has it until when."""
    assert str(LEASE) == "anna has it until 2026-03-02 09:15:00 UTC"
    assert not LEASE.holds(at(0) + timedelta(minutes=15))
