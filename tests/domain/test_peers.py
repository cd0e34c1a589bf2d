"""Customers who answer other customers, and those who speak for a brand."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, bot, message, talk
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.changes import Status
from socialcare.domain.customer import Handle
from socialcare.domain.message import Author, Direction, Message
from socialcare.domain.peers import (
    Ask,
    Contact,
    Peer,
    PeerAnswer,
    PeerPolicy,
    Stand,
    advocates,
    answers_in,
    not_asked,
    not_thanked,
    peers,
    statement,
    suiting,
)
from socialcare.domain.peers.thanks import gives_thanks
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.sla.rules import SlaRules
from socialcare.domain.subject import Subject
from socialcare.domain.verdict import Judgement, Verdict
from socialcare.domain.waits import waits
from socialcare.errors import InvalidPolicy, InvalidValue


def says(minute: float, who: str, text: str = "Turn it off and on", **fields: Any) -> Message:
    """What a peer answers."""
    author = Author(id=who, role="peer")
    return message(minute, Direction.INBOUND, author, text=text, **fields)


def of(*messages: Message, **fields: Any) -> PeerAnswer:
    """The one answer of a conversation."""
    [found] = answers_in(talk(*messages, **fields))
    return found


# Thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Hi guys, Thanks very much for all your support. Emails are now all restored.",
        "@David, there is a checkbox and when I un-checked it. That worked.",
    ],
)
def test_thanks_in_a_longer_text(text: str) -> None:
    """One sentence of thanks will do."""
    assert gives_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks. It still does not start.",
        "Thank you. Where do I find that?",
        "Thanks, I tried it. No luck.",
        "I do not have that button.",
        "",
    ],
)
def test_what_are_no_thanks(text: str) -> None:
    """What asks on, or says that it was in vain."""
    assert not gives_thanks(text)


# Answers


def test_an_answer_is_what_a_peer_says_in_a_conversation() -> None:
    """However many messages it takes, and with what was asked before."""
    found = of(
        asks(0, text="How do I reset it?", category="Devices"),
        says(5, "bo"),
        says(6, "bo", "and wait"),
        asks(7, text="Which button?"),
        says(9, "bo", "the red one"),
    )

    assert (found.peer, found.handle) == ("bo", Handle(channel="x", id="bo"))
    assert [key[1] for key in found.messages] == ["m5", "m6", "m9"]
    assert (found.question, found.category) == ("How do I reset it?", "Devices")
    assert (found.asked_at, found.at, found.customer) == (at(0), at(5), "ada")
    assert (found.first, found.came_back, found.helped) == (True, True, False)


def test_thanks_are_for_who_has_the_last_word() -> None:
    """If nobody of the brand has spoken since."""
    thanks = asks(9, text="Thanks, that worked")
    both = answers_in(talk(asks(0), says(1, "bo"), says(2, "cy"), thanks))
    ours = of(asks(0), says(1, "bo"), answers(5), thanks)
    machine = of(asks(0), says(1, "bo"), bot(5), thanks)

    assert [each.thanked for each in both] == [True, True]
    assert (ours.thanked, ours.first) == (False, True)
    assert machine.thanked


def test_thanks_may_name_whom_they_are_for() -> None:
    """Then the others have none."""
    thanks = asks(9, text="Thank you!", in_reply_to="m2")
    found = answers_in(talk(asks(0), says(1, "bo"), says(2, "cy"), thanks))

    assert [(each.peer, each.thanked) for each in found] == [("bo", False), ("cy", True)]


def test_settled_after_a_peers_word() -> None:
    """With no word of the brand between, also if it had spoken before."""
    settled = Status(conversation_id="c", at=at(60), status="resolved")
    alone = of(asks(0), says(1, "bo"), statuses=(settled,))
    after = of(asks(0), answers(1), says(2, "bo"), statuses=(settled,))
    ours = of(asks(0), says(1, "bo"), answers(2), statuses=(settled,))
    late = of(asks(0), asks(90), says(99, "bo"), statuses=(settled,))

    assert [each.resolved for each in (alone, after, ours, late)] == [True, True, False, False]
    assert [each.first for each in (alone, after)] == [True, False]


def test_a_verdict_counts_more_than_thanks() -> None:
    """Who was corrected did not help, whatever the customer thought."""
    said = (asks(0), says(1, "bo"), asks(2, text="Thanks!"))

    def judged(verdict: str) -> PeerAnswer:
        found = Judgement(message=("x", "m1"), verdict=verdict, by="anna", at=at(5))
        return of(*said, judgements=(found,))

    assert [judged(each).helped for each in Verdict] == [True, False, False]
    assert of(*said).helped


def test_who_answers_themselves_is_no_peer() -> None:
    """Nor is somebody whom nobody knows, or who wrote before anybody asked."""
    own = talk(asks(0), says(1, "ada"))
    nobody = talk(asks(0), says(1, ""))
    early = talk(says(-1, "bo"), asks(0))

    assert [answers_in(each) for each in (own, nobody, early)] == [(), (), ()]
    assert answers_in(talk(asks(0), says(1, "b2")), lambda _: "ada") == ()


# Standing


def answer(who: str, helped: bool | None, **fields: Any) -> PeerAnswer:
    """What a peer answered: it helped, it did not, or nobody knows."""
    given = {
        "conversation": "c",
        "peer": who,
        "handle": Handle(channel="x", id=who),
        "customer": "ada",
        "messages": [("x", "m1")],
        "asked_at": at(0),
        "at": at(5),
        "came_back": helped is not None,
        "thanked": bool(helped),
    }
    return PeerAnswer(**{**given, **fields})


def test_one_lucky_answer_does_not_come_first() -> None:
    """Many good ones do, though some of them failed."""
    lucky = [answer("lucky", True)]
    steady = [answer("steady", number % 4 > 0) for number in range(20)]
    [first, second] = peers([*lucky, *steady])

    assert (first.id, second.id) == ("steady", "lucky")
    assert (first.helped.k, first.helped.n) == (15, 20)
    assert second.score == pytest.approx(0.2065, abs=1e-4)


def test_who_falls_silent_counts_neither_way() -> None:
    """Nobody can tell whether it helped them."""
    [peer_] = peers([answer("bo", True), answer("bo", None), answer("bo", False)])

    assert (peer_.helped.k, peer_.helped.n, len(peer_.answers)) == (1, 2, 3)


def test_what_is_known_of_a_peer() -> None:
    """Counts, the time it took, and what it was about."""
    own = [
        answer("bo", True, category="Devices", customer="ada", first=True),
        answer("bo", None, category="Devices", customer="bea", at=at(25), resolved=True),
        answer("bo", None, category="Bills", customer="bea", verdict=Verdict.CONFIRMED),
    ]
    found = Peer(id="bo", answers=own)

    assert (found.thanked, found.resolved, found.first, found.customers) == (1, 1, 1, 2)
    assert found.judged(Verdict.CONFIRMED) == 1
    assert (found.took, found.last_at) == (timedelta(minutes=5), at(25))
    assert list(found.categories.items()) == [("Devices", 2), ("Bills", 1)]
    assert peers(own, least=4) == ()
    with pytest.raises(InvalidValue, match="at least 1"):
        peers(own, least=0)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([True, False, None])), max_size=30),
    st.randoms(use_true_random=False),
)
@settings(max_examples=50, deadline=None)
def test_the_ranking_is_of_the_set(said: list[tuple[str, bool | None]], random: Any) -> None:
    """No order changes it, and one more answer that helped never harms."""
    own = [answer(who, helped, conversation=f"{n}") for n, (who, helped) in enumerate(said)]
    shuffled = random.sample(own, len(own))
    more = {each.id: each for each in peers([*own, answer("a", True)])}
    before = {each.id: each for each in peers(own)}

    assert peers(own) == peers(shuffled)
    assert "a" not in before or more["a"].score >= before["a"].score


# Suiting


def test_a_question_suits_who_answered_its_like() -> None:
    """By rare words and by category, and those first who surely help."""
    own = [
        *[answer("bo", True, question="how do I reset the router", category="Devices")] * 4,
        *[answer("cy", True, question="the bill is too high", category="Bills")] * 4,
        *[answer("dee", False, question="reset the router please", category="Devices")] * 4,
    ]
    found = suiting(peers(own), "my router needs a reset")
    by_category = suiting(peers(own), "where is it", "Bills / Paper")

    assert [each.peer.id for each in found] == ["bo", "dee"]
    assert found[0].reasons == ("helped 4 of the 4 who came back", "answered about reset, router")
    assert [each.peer.id for each in by_category] == ["cy"]
    assert by_category[0].reasons[1] == "answered 4 about Bills / Paper"


# Limits


WILLING = Contact(person="bo", consents=True)


def asked(*minutes: float) -> Contact:
    """Somebody who wants to be asked, and was."""
    return Contact(person="bo", consents=True, asks=[Ask(at=at(each)) for each in minutes])


def test_consent() -> None:
    """Who said no is never asked, and who said nothing only where the house has it so."""
    loose = PeerPolicy(consent="not_refused")
    no, nothing = WILLING.with_consent(given=False), Contact(person="bo")

    assert "do not want" in (not_asked(no, loose, now=at(0)) or "")
    assert "never said" in (not_asked(nothing, PeerPolicy(), now=at(0)) or "")
    assert not_asked(nothing, loose, now=at(0)) is None


DAY = 24 * 60


def test_limits() -> None:
    """A pause after each ask, so many in a time, and not again while they do not answer."""
    policy = PeerPolicy(most_asks=2, within=timedelta(days=7), pause=timedelta(days=1))

    assert "not before 2026-03-03 09:00" in (not_asked(asked(0), policy, now=at(DAY - 1)) or "")
    assert not_asked(asked(0), policy, now=at(DAY)) is None
    twice = asked(0, 2 * DAY)
    assert "not before 2026-03-09 09:00" in (not_asked(twice, policy, now=at(7 * DAY - 1)) or "")
    assert not_asked(twice, policy, now=at(7 * DAY)) is None
    assert "has not answered" in (not_asked(asked(0), policy, now=at(9 * DAY), unanswered=2) or "")


@given(st.lists(st.integers(0, 40 * 24), max_size=60))
@settings(max_examples=50, deadline=None)
def test_nobody_is_over_asked(hours: list[int]) -> None:
    """Whenever somebody wants to ask, no week has more than it may."""
    policy, contact = PeerPolicy(), WILLING
    done = []
    for hour in sorted(hours):
        now = at(60 * hour)
        if not_asked(contact, policy, now=now) is None:
            contact = contact.with_ask(Ask(at=now))
            done.append(now)

    for start in done:
        assert sum(start <= each < start + policy.within for each in done) <= policy.most_asks


def test_thanks_are_not_repeated() -> None:
    """They would wear off."""
    thanked = WILLING.with_thanks(at(0))

    assert not_thanked(WILLING, PeerPolicy(), now=at(0)) is None
    assert "was thanked 2026-03-02 09:00" in (not_thanked(thanked, PeerPolicy(), now=at(DAY)) or "")
    assert not_thanked(thanked, PeerPolicy(), now=at(30 * DAY)) is None


def test_the_policy_is_a_document(tmp_path: Path) -> None:
    """It reads back equal, and what is wrong is named."""
    policy = PeerPolicy(name="helpers", most_asks=1, pause=timedelta(hours=36), least_score=0.3)
    path = tmp_path / "peers.toml"
    path.write_text('most_asks = "many"\n', "utf-8")

    assert PeerPolicy.from_mapping(policy.to_mapping()) == policy
    with pytest.raises(InvalidPolicy, match=r"peers.toml: most_asks: found 'many'"):
        PeerPolicy.from_toml(path)
    for wrong, said in {
        "most_ask": "peers: found 'most_ask', expected a key out of most_asks",
        "consent": "peers: consent: found 1",
        "pause": "peers: pause: found 1",
        "least_score": "peers: least_score: found 7.0, expected a share",
    }.items():
        value = 7 if wrong == "least_score" else 1
        with pytest.raises(InvalidPolicy, match=said):
            PeerPolicy.from_mapping({wrong: value})


# Advocates


def said(who: str, text: str, minute: float = 0, **around: Any) -> Subject:
    """What a customer said."""
    return Subject(message=asks(minute, id=f"{who}{minute}", customer_id=who, text=text), **around)


def test_how_somebody_speaks_of_a_brand() -> None:
    """By what they say, and by what classifiers hear."""
    glad = Annotation(sense=Sense.SENTIMENT, value=0.8, by="ear 1")
    cross = Annotation(sense=Sense.COMPLAINT, value=True, by="ear 1")
    found = [
        statement(said("bo", "I highly recommend Acme")),
        statement(said("bo", "never had a problem with them")),
        statement(said("bo", "what a day", annotations=(glad,))),
        statement(said("bo", "no", annotations=(cross,))),
        statement(said("bo", "switching to Zeta, they are the best company", annotations=(glad,))),
        statement(said("bo", "where is it?")),
    ]

    assert [each and each.stand for each in found] == [
        Stand.RECOMMENDS,
        Stand.DEFENDS,
        Stand.PLEASED,
        Stand.DISPLEASED,
        Stand.PLEASED | Stand.RECOMMENDS | Stand.LEAVES,
        None,
    ]
    assert [each.speaks_for for each in found if each] == [True, True, True, False, False]


def test_advocates_are_ranked_by_what_is_sure() -> None:
    """Those who complain as often come later, and the brand itself is none."""
    for_it, against = "I recommend it", "lost me as a customer"
    every = [
        *(said("bo", for_it, minute) for minute in range(5)),
        *(said("cy", for_it, minute) for minute in range(5)),
        *(said("cy", against, minute) for minute in range(5, 8)),
        said("dee", for_it),
        Subject(message=answers(0, text=for_it)),
    ]
    statements = [made for each in every if (made := statement(each)) is not None]
    found = advocates(statements)

    assert [(each.id, each.favour.k, each.favour.n) for each in found] == [
        ("bo", 5, 5),
        ("cy", 5, 8),
    ]
    assert found[1].count(Stand.LEAVES) == 3
    with pytest.raises(InvalidValue):
        advocates((), least=0)


# What a peer's answer does to a wait


def test_a_peers_answer_pauses_nothing() -> None:
    """Unless a policy says that it is a response, in the metrics as in promises."""
    found = talk(asks(0), says(5, "bo"))
    policy = MeasurementPolicy(responses={"public", "private", "peer"})
    [ours], [theirs] = waits(found, as_of=at(60)), waits(found, policy=policy, as_of=at(60))

    assert (ours.pending, theirs.pending) == (True, False)
    assert "peer" not in SlaRules().responses
