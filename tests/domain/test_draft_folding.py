"""What becomes of drafts, out of their events and of what the customer says."""

from datetime import timedelta
from typing import Any

import pytest

from socialcare.domain import events
from socialcare.domain.actor import Actor
from socialcare.domain.approval.draft import Draft, Round
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.seal import seal
from socialcare.domain.approval.states import DraftState
from socialcare.domain.events import Event, Recorded, Reply
from socialcare.domain.folding import fold
from socialcare.domain.message import Message
from socialcare.testing.builders import answers, asks, at, note, reply

NEED = (Requirement(roles="legal"),)
QUESTION = asks(0)


def event(kind: type[Event], minutes: float, by: str = "anna", **fields: Any) -> Event:
    """Something that happened."""
    who = Actor(id=by, roles=("legal",) if by == "lee" else ())
    return kind(conversation="fake:m0", at=at(minutes), by=who, **fields)


def came(message: Message, minutes: float) -> Event:
    """A message that came."""
    return event(events.MessageReceived, minutes, "channel:fake", message=message)


def submitted(minutes: float, answer: Reply, *heard: Message) -> Event:
    """A draft that was put forward when that was what the customer had said."""
    return event(
        events.DraftSubmitted,
        minutes,
        draft_id=answer.id,
        requirements=NEED,
        seal=seal(answer, heard),
        expires_at=at(minutes) + timedelta(hours=1),
    )


def approved(minutes: float, answer: Reply, *heard: Message) -> Event:
    """An approval of a draft, the last that was needed."""
    return event(
        events.DraftApproved,
        minutes,
        "lee",
        draft_id=answer.id,
        seal=seal(answer, heard),
        requirements=NEED,
        complete=True,
    )


BEGUN = (
    came(QUESTION, 0),
    event(events.ReplyDrafted, 1, reply=reply(agent_id="anna")),
    submitted(2, reply(), QUESTION),
)


def drafted(*happened: Event) -> Draft:
    """The one draft after these events."""
    log = [Recorded(position=place, event=each) for place, each in enumerate(happened)]
    [found] = fold("fake:m0", log).drafts
    return found


def test_a_draft_waits() -> None:
    """It knows who wrote it, whose approval it needs, and until when."""
    found = drafted(*BEGUN)

    assert (found.state, found.writers, found.requirements) == ("awaiting", ("anna",), NEED)
    assert (found.asked_at, found.expires_at) == (at(2), at(62))
    assert found.roles == {"legal"}


def test_an_approved_draft_is_queued() -> None:
    """Its round says when, by whom, and as which reply."""
    queued = event(events.ReplyQueued, 5, "lee", reply=reply())
    found = drafted(*BEGUN, approved(5, reply(), QUESTION), queued)

    assert found.state is DraftState.QUEUED
    assert found.rounds == (
        Round(
            conversation_id="fake:m0",
            draft_id="reply-1",
            asked_at=at(2),
            decided_at=at(5),
            decision="approved",
            by="lee",
        ),
    )


def test_an_edit_ends_the_round() -> None:
    """Whoever edits is a co-author, and approvals of the old words are void."""
    changed = reply(text="Soon.")
    edited = event(events.DraftEdited, 3, "lee", draft_id="reply-1", reply=changed)
    found = drafted(*BEGUN, edited)
    late = drafted(*BEGUN, edited, submitted(4, changed, QUESTION), approved(5, reply(), QUESTION))

    assert (found.state, found.editors, found.reply) == ("written", ("lee",), changed)
    assert (found.rounds[0].decision, found.rounds[0].decided_at) == ("edited", at(3))
    assert (late.state, late.approvals) == ("awaiting", ())


@pytest.mark.parametrize(
    "happens",
    [
        came(asks(3), 4),
        came(asks(-3, id="late"), 4),
        event(
            events.MessageEdited,
            4,
            message=asks(0, text="Never mind.", edited_at=at(3)),
        ),
        event(events.MessageDeleted, 4, channel="fake", message_id="m0"),
    ],
)
def test_what_the_customer_does_makes_it_stale(happens: Event) -> None:
    """At once, and whether or not anybody has noticed."""
    found = drafted(*BEGUN, happens)
    noticed = drafted(*BEGUN, happens, event(events.DraftOutdated, 4, draft_id="reply-1"))

    assert (found.state, found.noticed, noticed.noticed) == ("stale", False, True)
    assert found.rounds == noticed.rounds
    assert (found.rounds[0].decided_at, found.rounds[0].by) == (at(4), None)


def test_others_make_nothing_stale() -> None:
    """Notes, what the brand says elsewhere, and the same message once more."""
    others = (came(note(3), 3), came(answers(3), 3), came(QUESTION, 4))
    later = drafted(*BEGUN, came(answers(3), 3), came(asks(8), 9))

    assert drafted(*BEGUN, *others).state is DraftState.AWAITING
    assert later.rounds[0].decided_at == at(9)


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (event(events.DraftRejected, 5, "lee", draft_id="reply-1", reason="no"), "rejected"),
        (event(events.DraftWithdrawn, 5, draft_id="reply-1", reason="no"), "withdrawn"),
        (event(events.DraftExpired, 5, "socialcare", draft_id="reply-1"), "expired"),
    ],
)
def test_how_a_draft_ends(ends: Event, state: str) -> None:
    """What comes after the end changes nothing."""
    found = drafted(*BEGUN, ends, approved(6, reply(), QUESTION))

    assert (found.state, found.rounds[0].decision) == (state, state)
    assert found.reason == (None if state == "expired" else "no")
    assert found.approvals == ()


def test_what_is_about_no_draft_here_is_passed_over() -> None:
    """As after a split that took the draft away."""
    log = [came(QUESTION, 0), submitted(1, reply(), QUESTION), approved(2, reply(), QUESTION)]
    recorded = [Recorded(position=place, event=each) for place, each in enumerate(log)]

    assert fold("fake:m0", recorded).drafts == ()
