"""Drafts that wait while their conversations are merged, split and parted again."""

from collections.abc import Iterator

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.approval.draft import Draft
from socialcare.domain.approval.requirement import Requirement
from socialcare.errors import NotAllowedNow
from socialcare.testing import FakeChannel
from socialcare.testing.builders import answers, asks, at

FAR = 5000
HERE, THERE = "fake:m0", f"fake:m{FAR}"
ASK = (Requirement(roles="lead"),)
LOU = Actor(id="lou", roles=("lead",))


@pytest.fixture
def channel() -> FakeChannel:
    """A channel on which ada has asked twice, days apart."""
    found = FakeChannel()
    for message in (asks(0), answers(1), asks(FAR)):
        found.says(message)
    return found


@pytest.fixture
def desk(channel: FakeChannel) -> Iterator[Desk]:
    """A desk with two conversations of hers."""
    with Desk.open(channel) as found:
        found.poll("fake", now=at(FAR))
        yield found


def draft(desk: Desk, name: str) -> Draft:
    """A draft that waits there."""
    return desk.draft(name, "Soon.", by="anna", now=at(FAR + 1), ask=ASK)


def approve(desk: Desk, name: str, found: Draft) -> Draft:
    """The draft after it was approved as it was read."""
    return desk.approve(name, found.id, seal=found.seal, by=LOU, now=at(FAR + 9))


def states(desk: Desk, name: str) -> dict[str, str]:
    """The states of the drafts of a conversation, by id."""
    return {each.id: each.state.value for each in desk.drafts(name)}


def test_a_merge_makes_stale_what_waits_in_either(desk: Desk) -> None:
    """Each has more to answer than when it was put forward; both can be put forward again."""
    one, two = draft(desk, HERE), draft(desk, THERE)
    desk.merge(HERE, THERE, by="anna", now=at(FAR + 2))
    merged = states(desk, HERE)
    desk.watch(now=at(FAR + 3))
    again = desk.submit(HERE, two.id, by="anna", now=at(FAR + 4))

    assert merged == {one.id: "stale", two.id: "stale"}
    assert desk.drafts(HERE)[1].rounds[0].decided_at == at(FAR + 2)
    assert [(each.conversation, each.draft.id) for each in desk.awaiting()] == [(HERE, two.id)]
    assert approve(desk, HERE, again).state == "queued"


def test_what_is_parted_again_has_its_drafts(desk: Desk) -> None:
    """With what was done about them since, in whichever conversation that was."""
    one, two = draft(desk, HERE), draft(desk, THERE)
    desk.merge(HERE, THERE, by="anna", now=at(FAR + 2))
    desk.watch(now=at(FAR + 3))
    desk.withdraw(HERE, two.id, by="anna", now=at(FAR + 4))
    desk.unmerge(HERE, THERE, by="anna", now=at(FAR + 5))

    assert states(desk, HERE) == {one.id: "stale"}
    assert states(desk, THERE) == {two.id: "withdrawn"}


def test_what_was_sent_since_stays_with_its_reply(desk: Desk, channel: FakeChannel) -> None:
    """It is in one of the two only, and can't be approved in the other."""
    two = draft(desk, THERE)
    desk.merge(HERE, THERE, by="anna", now=at(FAR + 2))
    approve(desk, HERE, desk.submit(HERE, two.id, by="anna", now=at(FAR + 3)))
    desk.deliver(now=at(FAR + 10))
    desk.unmerge(HERE, THERE, by="anna", now=at(FAR + 11))

    assert states(desk, HERE) == {two.id: "queued"}
    assert states(desk, THERE) == {}
    assert [each.text for each in channel.sent] == ["Soon."]


def test_a_draft_goes_with_what_it_answers(desk: Desk, channel: FakeChannel) -> None:
    """When that is split off; and is stale, since what the customer said is not all there."""
    channel.says(asks(FAR + 1, id="other"))
    desk.poll("fake", now=at(FAR + 2))
    goes = desk.draft(THERE, "Yes.", by="anna", now=at(FAR + 3), ask=ASK, in_reply_to="other")
    stays = desk.draft(THERE, "Soon.", by="anna", now=at(FAR + 3), ask=ASK, in_reply_to=f"m{FAR}")
    into = desk.split(THERE, [("fake", "other")], by="anna", now=at(FAR + 4))
    again = desk.submit(into, goes.id, by="anna", now=at(FAR + 5))

    assert states(desk, THERE) == {stays.id: "stale"}
    assert [(each.conversation, each.draft.id) for each in desk.awaiting()] == [(into, goes.id)]
    with pytest.raises(NotAllowedNow, match="read it again"):
        approve(desk, into, goes)
    assert approve(desk, into, again).state == "queued"


def test_a_late_message_that_joins_makes_it_stale(desk: Desk, channel: FakeChannel) -> None:
    """What was two conversations is one, and nobody had seen both."""
    found = draft(desk, THERE)
    for minutes in range(1000, FAR, 1000):
        channel.says(asks(minutes, id=f"late{minutes}"))
    desk.poll("fake", now=at(FAR + 2))

    assert desk.conversation(THERE).id == HERE
    with pytest.raises(NotAllowedNow, match="stale"):
        approve(desk, HERE, found)


def test_notes_and_answers_change_nothing(desk: Desk) -> None:
    """What was approved is an answer to the customer still."""
    found = draft(desk, THERE)
    desk.note(THERE, "The depot has it.", by="anna", now=at(FAR + 2))
    desk.tag(THERE, "late", by="anna", now=at(FAR + 3))

    assert approve(desk, THERE, found).state == "queued"
