"""What the playbook has against an answer: it stops, is overruled with a reason, or is shown."""

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.events import FindingsOverruled
from socialcare.domain.playbook import Playbook
from socialcare.errors import NotAllowedNow, StoppedByPlaybook
from socialcare.testing import FakeChannel
from socialcare.testing.builders import asks, at

HERE = "fake:m0"
LOU = Actor(id="lou", roles=("lead",))
ASK = (Requirement(roles="lead"),)
RUDE = "What a fucking mess, we will look."
ASKING = "Please tell us your password."
BECAUSE = {"profanity": "the customer said it first, in jest"}


@pytest.fixture
def channel() -> FakeChannel:
    """A channel on which ada has asked something."""
    found = FakeChannel()
    found.says(asks(0, text="What the hell is wrong with my order?"))
    return found


@pytest.fixture
def desk(channel: FakeChannel) -> Desk:
    """A desk with a playbook."""
    found = Desk.open(channel, playbook=Playbook.from_mapping({"name": "house"}))
    found.poll("fake", now=at(1))
    return found


def test_what_the_playbook_stops_is_not_sent(desk: Desk) -> None:
    """Neither as a reply nor as a draft, and nothing is written of it."""
    before = desk.log()

    with pytest.raises(StoppedByPlaybook, match="profanity: ") as caught:
        desk.reply(HERE, RUDE, by="anna", now=at(2))
    with pytest.raises(StoppedByPlaybook):
        desk.draft(HERE, RUDE, by="anna", now=at(2), ask=ASK)
    assert caught.value.codes == ("profanity",)
    assert isinstance(caught.value, NotAllowedNow)
    assert desk.log() == before


def test_a_finding_is_overruled_with_a_reason(desk: Desk, channel: FakeChannel) -> None:
    """The log says what was overruled, by whom and why."""
    reply = desk.reply(HERE, RUDE, by="anna", now=at(2), overrule=BECAUSE)
    desk.deliver(now=at(3))
    [event] = [
        each.recorded.event
        for each in desk.log()
        if isinstance(each.recorded.event, FindingsOverruled)
    ]

    assert (event.by.id, event.reply_id) == ("anna", reply.id)
    assert [(each.code, each.overruled) for each in event.findings] == list(BECAUSE.items())
    assert [each.text for each in channel.sent] == [RUDE]


def test_what_nobody_may_overrule_stops(desk: Desk) -> None:
    """Whatever the reason; and an empty one overrules nothing."""
    with pytest.raises(StoppedByPlaybook, match="asks_secret"):
        desk.reply(HERE, ASKING, by="anna", now=at(2), overrule={"asks_secret": "I need it"})
    with pytest.raises(StoppedByPlaybook, match="profanity"):
        desk.reply(HERE, RUDE, by="anna", now=at(2), overrule={"profanity": ""})


def test_those_who_approve_see_what_was_found(desk: Desk, channel: FakeChannel) -> None:
    """With what was overruled and why; they decide with it, and no one is asked again."""
    draft = desk.draft(HERE, RUDE, by="anna", now=at(2), ask=ASK, overrule=BECAUSE)
    [waiting] = desk.awaiting("lead")
    desk.approve(HERE, draft.id, seal=draft.seal, by=LOU, now=at(3))
    desk.deliver(now=at(4))

    assert BECAUSE.items() <= {each.code: each.overruled for each in waiting.draft.findings}.items()
    assert [each.text for each in channel.sent] == [RUDE]


def test_an_edit_is_checked_anew(desk: Desk) -> None:
    """What was fine may not be fine any more, and the other way round."""
    draft = desk.draft(HERE, "We will look.", by="anna", now=at(2), ask=ASK)

    with pytest.raises(StoppedByPlaybook):
        desk.edit_and_approve(HERE, draft.id, RUDE, seal=draft.seal, by=LOU, now=at(3))
    with pytest.raises(StoppedByPlaybook):
        desk.edit_draft(HERE, draft.id, RUDE, by="anna", now=at(3))
    changed = desk.edit_draft(HERE, draft.id, "We look now.", by="anna", now=at(3))
    assert (changed.state, changed.editors) == ("awaiting", ("anna",))
    assert "profanity" not in {each.code for each in changed.findings}
