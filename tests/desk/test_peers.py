"""Customers who help other customers, speak for the brand, or leave it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.customer import Handle
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.events import AnswerJudged, PeerAsked, ReplyQueued
from socialcare.domain.message import Author, Message
from socialcare.domain.peers import PeerPolicy
from socialcare.domain.peers.ledger import ledger
from socialcare.domain.verdict import Verdict
from socialcare.errors import ApprovalNeeded, InvalidValue, NotAllowedNow
from socialcare.testing import FakeChannel
from socialcare.testing.builders import answers, asks, at, message

DAY = 24 * 60
QUESTION = "How do I reset the router?"


def says(minute: float, who: str, text: str = "Hold the red button", **fields: Any) -> Message:
    """What a peer answers."""
    author = Author(id=who, role="peer")
    given = {"id": f"{who}{minute:g}", "text": text, **fields}
    return message(minute, "inbound", author, **given)  # type: ignore[arg-type]  # it converts


def helped(minute: float, who: str, customer: str, thanks: str = "Thanks!") -> list[Message]:
    """A customer asks, a peer answers, and it helps."""
    return [
        asks(minute, customer_id=customer, id=f"{customer}-asks", text=QUESTION),
        says(minute + 5, who, customer_id=customer, id=f"{customer}-is-told"),
        asks(minute + 9, customer_id=customer, id=f"{customer}-thanks", text=thanks),
    ]


EARLIER = [
    *helped(-900, "bo", "c1"),
    *helped(-800, "bo", "c2"),
    *helped(-700, "bo", "c3"),
    *helped(-600, "cy", "c4", "That does not help"),
    *helped(-500, "cy", "c5", "That does not help"),
]


def opened(**fields: Any) -> Desk:
    """A desk on which bo has helped three customers, and ada asks what they asked."""
    desk = Desk.open(**fields)
    desk.receive([*EARLIER, asks(0, text=QUESTION)], now=at(0))
    return desk


@pytest.fixture
def desk() -> Desk:
    """One without documents, on which bo wants to be asked."""
    found = opened()
    found.set_peer_consent("bo", given=True, by="anna", now=at(0))
    return found


def test_peers_are_ranked(desk: Desk) -> None:
    """By what came of their answers."""
    found = desk.peers(least=2)

    assert [(each.id, each.helped.k, each.helped.n) for each in found] == [
        ("bo", 3, 3),
        ("cy", 0, 2),
    ]


def test_handles_of_one_person_are_one_peer(desk: Desk) -> None:
    """Once somebody has linked them."""
    desk.link(Handle(channel="fake", id="cy"), "bo", by="anna", now=at(1))
    [peer] = desk.peers()

    assert (peer.id, len(peer.answers)) == ("bo", 5)


def test_whom_a_question_suits(desk: Desk) -> None:
    """Only who surely helps, with reasons, and with why they may not be asked."""
    [suited] = desk.peers_for("fake:m0", now=at(1))
    desk.set_peer_consent("bo", given=False, by="anna", now=at(2))
    [refused] = desk.peers_for("fake:m0", now=at(3))

    assert (suited.peer.id, suited.suits, suited.refused) == ("bo", 1.0, None)
    assert suited.reasons[0] == "helped 3 of the 3 who came back"
    assert refused.refused == "bo said that they do not want to be asked"


def test_asking_in_answers_nobody(desk: Desk) -> None:
    """It goes to the peer, beside the question, and the customer waits as before."""
    before = desk.conversation("fake:m0")
    reply = desk.ask_peer("fake:m0", "bo", "@bo, do you know?", by="anna", now=at(1))
    found = desk.conversation("fake:m0")
    kinds = [type(each.recorded.event) for each in desk.log()]

    assert (reply.customer_id, reply.in_reply_to, reply.visibility) == ("bo", "m0", "public")
    assert (found.state, found.waiting_since) == (before.state, before.waiting_since)
    assert PeerAsked in kinds
    assert ReplyQueued not in kinds


def test_what_was_asked_is_sent_once() -> None:
    """Through the outbox, to the peer, in a conversation of their own."""
    channel = FakeChannel()
    desk = Desk.open(channel, peers=PeerPolicy(consent="not_refused"))
    desk.receive([asks(0, text=QUESTION)], now=at(0))
    desk.ask_peer("fake:m0", "bo", "@bo, do you know?", by="anna", now=at(1))
    done = desk.deliver(now=at(2))
    [own] = desk.history("bo")

    assert [each.sent for each in done] == [True]
    assert [(each.customer_id, each.text) for each in channel.sent] == [("bo", "@bo, do you know?")]
    assert own.state == "waiting"
    assert desk.conversation("fake:m0").state == "new"


def test_consent_and_limits(desk: Desk) -> None:
    """Nobody is asked without their yes, or too often, or beside others."""
    with pytest.raises(NotAllowedNow, match="cy never said"):
        desk.ask_peer("fake:m0", "cy", "Please?", by="anna", now=at(1))
    desk.ask_peer("fake:m0", "bo", "Please?", by="anna", now=at(1))
    desk.set_peer_consent("cy", given=True, by="anna", now=at(1))
    with pytest.raises(NotAllowedNow, match="bo was asked about it already"):
        desk.ask_peer("fake:m0", "cy", "Please?", by="anna", now=at(2))
    desk.receive([asks(3, id="other", customer_id="dee")], now=at(3))
    with pytest.raises(NotAllowedNow, match="can't ask bo: bo was asked 2026-03-02"):
        desk.ask_peer("fake:other", "bo", "Please?", by="anna", now=at(4))


def test_who_does_not_answer_is_left_alone(desk: Desk) -> None:
    """After so many asks; an answer begins anew."""
    names = []
    for week in range(4):
        minute = 8 * DAY * week
        desk.receive([asks(minute, id=f"q{week}", customer_id=f"d{week}")], now=at(minute))
        names.append(f"fake:q{week}")
    for week in range(2):
        desk.ask_peer(names[week], "bo", "Please?", by="anna", now=at(8 * DAY * week + 1))
    with pytest.raises(NotAllowedNow, match="has not answered the last 2 times"):
        desk.ask_peer(names[2], "bo", "Please?", by="anna", now=at(16 * DAY + 1))
    desk.receive([says(16 * DAY + 2, "bo", customer_id="d1", in_reply_to="q1")], now=at(17 * DAY))
    desk.ask_peer(names[3], "bo", "Please?", by="anna", now=at(24 * DAY + 1))

    assert len(desk.contact("bo").asks) == 3


def test_what_is_private_is_for_nobody_else(desk: Desk) -> None:
    """A peer is not asked about it."""
    desk.receive([asks(5, visibility="private")], now=at(5))

    with pytest.raises(NotAllowedNow, match="private is for nobody else"):
        desk.ask_peer("fake:m0", "bo", "Please?", by="anna", now=at(6))


def test_what_needs_approval_is_said_to_nobody() -> None:
    """The map has the same word there as for an answer."""
    entry = {
        "name": "routers",
        "query": "router",
        "answered_by": "agents",
        "reason": "a recall",
        "approval": ["pr"],
    }
    desk = opened(escalation=EscalationMap.from_mapping({"entries": [entry]}))
    desk.set_peer_consent("bo", given=True, by="anna", now=at(0))

    with pytest.raises(ApprovalNeeded):
        desk.ask_peer("fake:m0", "bo", "Please?", by="anna", now=at(1))
    assert desk.contact("bo").asks == ()


def test_of_many_who_ask_at_once_one_does(desk: Desk) -> None:
    """And what is kept of it is what the log says."""
    desk.receive([asks(1, id=f"q{n}", customer_id=f"d{n}") for n in range(6)], now=at(1))

    def asked(number: int) -> bool:
        try:
            desk.ask_peer(f"fake:q{number}", "bo", "Please?", by="anna", now=at(2))
        except NotAllowedNow:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(asked, range(6)))
    known = ledger(each.recorded.event for each in desk.log())

    assert sum(done) == 1
    assert known == {"bo": desk.contact("bo")}


def test_thanking_a_peer(desk: Desk) -> None:
    """Beside what they said; not again soon."""
    reply = desk.thank("fake:c1-asks", "bo", "You are kind", by="anna", now=at(1), reason="help")

    assert (reply.customer_id, reply.in_reply_to) == ("bo", "c1-is-told")
    assert desk.contact("bo").thanked_at == at(1)
    with pytest.raises(NotAllowedNow, match="bo was thanked"):
        desk.thank("fake:c2-asks", "bo", "You are kind", by="anna", now=at(DAY))
    desk.thank("fake:c2-asks", "bo", "You are kind", by="anna", now=at(31 * DAY))


def test_thanks_for_what_was_private_are_not_public(desk: Desk) -> None:
    """Unless somebody says so; to the customer they are private, as any answer."""
    desk.receive([asks(5, text="My number is 4711", visibility="private")], now=at(5))
    with pytest.raises(NotAllowedNow, match="give visibility"):
        desk.thank("fake:m0", "cy", "You are kind", by="anna", now=at(6))
    own = desk.thank("fake:m0", "ada", "Thanks for 4711", by="anna", now=at(6))
    said = desk.thank("fake:m0", "cy", "Kind", by="anna", now=at(6), visibility="public")

    assert (own.visibility, said.visibility) == ("private", "public")


def test_who_is_answered_by_somebody_is_thanked_by_nobody_else(desk: Desk) -> None:
    """A favour that is asked of a customer is a reply to them."""
    desk.lease("fake:m0", by="max", now=at(1))

    with pytest.raises(NotAllowedNow, match="max has it until"):
        desk.thank("fake:m0", "ada", "You are kind", by="anna", now=at(2))


def test_what_failed_is_said_beside_only_as_things_are_by_then() -> None:
    """The customer has said since what must be approved."""
    channel = FakeChannel()
    map_ = {"entries": [{"name": "law", "query": "sue", "answered_by": "agents", "approval": "pr"}]}
    desk = Desk.open(channel, escalation=EscalationMap.from_mapping(map_))
    desk.receive([*EARLIER, asks(0, text=QUESTION)], now=at(0))
    desk.set_peer_consent("bo", given=True, by="anna", now=at(0))
    reply = desk.ask_peer("fake:m0", "bo", "Please?", by="anna", now=at(1))
    channel.fails(again=False)
    desk.deliver(now=at(2))
    desk.receive([asks(3, text="I will sue")], now=at(3))

    with pytest.raises(ApprovalNeeded, match="somebody out of pr"):
        desk.retry(reply.id, by="anna", now=at(4))


# What the house says of answers


def test_confirming(desk: Desk) -> None:
    """It counts from then on; only what a peer said can be judged."""
    desk.receive([says(5, "cy", id="tip")], now=at(5))
    found = desk.confirm_answer("fake:m0", ("fake", "tip"), by="anna", now=at(6))
    by_id = {each.id: each for each in desk.peers()}

    assert [each.verdict for each in found.judgements] == [Verdict.CONFIRMED]
    assert (by_id["cy"].helped.k, by_id["cy"].judged(Verdict.CONFIRMED)) == (1, 1)
    assert found.state == "new"
    with pytest.raises(InvalidValue, match="by a peer"):
        desk.confirm_answer("fake:m0", ("fake", "m0"), by="anna", now=at(6))


def test_correcting(desk: Desk) -> None:
    """What is right goes out as an answer to that message, in one transaction."""
    desk.receive([says(5, "cy", id="tip")], now=at(5))
    reply = desk.correct_answer("fake:m0", ("fake", "tip"), "The blue one", by="anna", now=at(6))
    [judged, queued] = [each.recorded.event for each in desk.log()][-2:]

    assert (reply.customer_id, reply.in_reply_to) == ("ada", "tip")
    assert isinstance(judged, AnswerJudged)
    assert (judged.verdict, judged.note) == (Verdict.CORRECTED, "The blue one")
    assert isinstance(queued, ReplyQueued)


def test_taking_over(desk: Desk) -> None:
    """It is the agent's, and leased; not while somebody else has it."""
    desk.receive([says(5, "cy", id="tip")], now=at(5))
    desk.lease("fake:m0", by="bea", now=at(6), for_=timedelta(minutes=5))
    with pytest.raises(NotAllowedNow, match="bea has it"):
        desk.take_over("fake:m0", ("fake", "tip"), by="anna", now=at(7))
    found = desk.take_over("fake:m0", ("fake", "tip"), by="anna", now=at(12), reason="dangerous")

    assert found.agent_id == "anna"
    assert found.lease is not None
    assert (found.lease.agent_id, found.judgements[-1].verdict) == ("anna", Verdict.TAKEN_OVER)


def test_a_peers_answer_pauses_nothing(desk: Desk) -> None:
    """The customer still waits for the brand."""
    desk.receive([says(5, "bo", id="tip")], now=at(5))

    assert desk.conversation("fake:m0").waiting_since == at(0)
    assert "fake:m0" in [each.id for each in desk.queue()]


# Advocates and leavers


def test_advocates(desk: Desk) -> None:
    """They are found by what they said, and asked and thanked as gently."""
    praise = [asks(DAY * n, id=f"p{n}", customer_id="eve", text="I recommend you") for n in (1, 3)]
    desk.receive(praise, now=at(4 * DAY))
    [found] = desk.advocates()
    desk.set_peer_consent("eve", given=True, by="anna", now=at(4 * DAY))
    where = found.statements[-1].conversation or ""
    reply = desk.ask_peer(where, "eve", "Would you review us?", by="anna", now=at(4 * DAY))
    thanks = desk.thank(where, "eve", "Thank you!", by="anna", now=at(4 * DAY))

    assert (found.id, found.favour.k) == ("eve", 2)
    assert {reply.customer_id, thanks.customer_id} == {"eve"}
    with pytest.raises(NotAllowedNow):
        desk.ask_peer(where, "eve", "Once more?", by="anna", now=at(4 * DAY + 1))


def test_leavers(desk: Desk) -> None:
    """Each conversation once, the latest first, with the words."""
    desk.receive(
        [
            asks(1, id="a", customer_id="fay", text="I'm switching to Acme"),
            asks(2, id="b", customer_id="fay", text="please cancel my subscription"),
            asks(3, id="c", customer_id="gus", text="you lost a customer"),
            answers(4, id="d", customer_id="gus", text="you lost a customer? why?"),
        ],
        now=at(5),
    )
    found = desk.leavers()

    assert [(each.conversation.customer_id, each.words) for each in found] == [
        ("gus", ("lost", "a", "customer")),
        ("fay", ("cancel", "subscription")),
    ]
