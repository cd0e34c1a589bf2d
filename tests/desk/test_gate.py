"""The gate: nothing gets around what the map asks of an answer, by whichever command it comes."""

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.approval.template import Audience, Template
from socialcare.domain.escalation import EscalationMap
from socialcare.errors import ApprovalNeeded, NotAllowedNow
from socialcare.testing import FakeChannel
from socialcare.testing.builders import answers, asks, at

HERE = "fake:m0"
LENA = Actor(id="lena", roles=("legal",))
PIA = Actor(id="pia", roles=("pr",))
OURS = Template(id="seen", text="We have seen this.", audience=Audience(name="all who ask"))
MAP = EscalationMap.from_mapping(
    {
        "entries": [
            {"name": "law", "query": "court", "answered_by": "team", "team": "legal"},
            {"name": "press", "query": "press", "answered_by": "agents", "approval": "pr"},
        ]
    }
)


def asked(text: str, *plugins: object) -> Desk:
    """A desk on which ada has written that."""
    desk = Desk.open(*plugins, rules=None, escalation=MAP)
    desk.receive([asks(0, text=text)], now=at(1))
    return desk


def answered(*texts: str) -> Desk:
    """A desk on which ada was answered after the first of what she wrote, with approval."""
    desk = asked(texts[0])
    draft = desk.draft(HERE, "We call you.", by="anna", now=at(2))
    desk.approve(HERE, draft.id, seal=draft.seal, by=PIA, now=at(3))
    later = [asks(5 + minute, text=text) for minute, text in enumerate(texts[1:])]
    desk.receive([answers(4, id="a4", text="We call you."), *later], now=at(10))
    return desk


def test_an_old_message_is_answered_as_the_map_asks_of_it() -> None:
    """Also where the customer has said harmless things since."""
    desk = answered("I go to the press", "Thanks")
    desk.reply(HERE, "You are welcome.", by="anna", now=at(11))

    with pytest.raises(ApprovalNeeded, match="somebody out of pr"):
        desk.reply(HERE, "Do so.", by="anna", now=at(12), in_reply_to="m0")
    draft = desk.draft(HERE, "Do so.", by="anna", now=at(12), in_reply_to="m0")
    assert draft.roles == {"pr"}


@pytest.mark.parametrize("put_away", ["archive", "resolve"])
def test_what_nobody_answered_is_not_answered_by_putting_it_away(put_away: str) -> None:
    """What the customer says next is about it, too."""
    desk = asked("I go to the press")
    getattr(desk, put_away)(HERE, by="anna", now=at(2))
    desk.receive([asks(3, text="Hello?")], now=at(3))

    with pytest.raises(ApprovalNeeded, match="somebody out of pr"):
        desk.reply(HERE, "Do so.", by="anna", now=at(4))


def test_crediting_those_who_may_answer_is_not_enough() -> None:
    """It counts who says it, in a reply and in a draft."""
    desk = asked("See you in court")
    draft = desk.draft(HERE, "Do so.", by="anna", now=at(2), agent_id="lena")
    desk.take(HERE, by=LENA, now=at(2))

    with pytest.raises(NotAllowedNow, match="agents must not answer this, legal does"):
        desk.reply(HERE, "Do so.", by="anna", now=at(3), agent_id="lena")
    with pytest.raises(NotAllowedNow, match="agents must not answer this, legal does"):
        desk.submit(HERE, draft.id, by="anna", now=at(3))
    assert desk.submit(HERE, draft.id, by=LENA, now=at(4)).state == "queued"


def test_what_agents_must_not_answer_no_template_answers() -> None:
    """Unless those who may have sent it."""
    desk = asked("See you in court")
    desk.propose_template(OURS, by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match="agents must not answer this, legal does"):
        desk.send_template(HERE, "seen", by="anna", now=at(3))
    assert desk.send_template(HERE, "seen", by=LENA, now=at(3)).text == OURS.text


def test_whoever_sees_to_the_outbox_retries_what_others_said() -> None:
    """It counts who answered first."""
    channel = FakeChannel()
    desk = asked("See you in court", channel)
    reply = desk.reply(HERE, "Do so.", by=LENA, now=at(2))
    channel.fails(again=False)
    desk.deliver(now=at(3))
    desk.retry(reply.id, by="ops", now=at(4))
    desk.deliver(now=at(5))

    assert [each.text for each in channel.sent] == ["Do so."]


@pytest.mark.parametrize(("holder", "by", "is_free"), [("anna", "ops", True), ("bo", "ops", False)])
def test_what_failed_is_not_said_beside_whoever_answers_now(
    holder: str, by: str, *, is_free: bool
) -> None:
    """Unless it is theirs."""
    channel = FakeChannel()
    desk = asked("Where is it?", channel)
    reply = desk.reply(HERE, "Soon.", by="anna", now=at(2))
    channel.fails(again=False)
    desk.deliver(now=at(3))
    desk.lease(HERE, by=holder, now=at(4))

    if is_free:
        desk.retry(reply.id, by=by, now=at(5))
    else:
        with pytest.raises(NotAllowedNow, match="bo has it until"):
            desk.retry(reply.id, by=by, now=at(5))
    desk.deliver(now=at(6))
    assert bool(channel.sent) is is_free


def test_a_draft_does_not_answer_what_is_elsewhere_by_now() -> None:
    """There it was never looked at."""
    desk = asked("Where is it?")
    desk.receive([asks(1, customer_id="bea", text="See you in court")], now=at(1))
    desk.merge(HERE, "fake:m1", by="anna", now=at(2))
    draft = desk.draft(HERE, "Do so.", by="anna", now=at(3), in_reply_to="m1")
    desk.unmerge(HERE, "fake:m1", by="anna", now=at(4))

    with pytest.raises(NotAllowedNow, match="m1 is in another conversation by now"):
        desk.submit(HERE, draft.id, by="anna", now=at(5))
