"""Drafts and approvals: nothing goes out that was not approved as it is."""

from datetime import timedelta
from pathlib import Path
from random import Random

import attrs
import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.approval.draft import Draft
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.spot_check import SpotCheck
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.message import Attachment
from socialcare.errors import ApprovalNeeded, InvalidValue, NotAllowedNow
from socialcare.testing import FakeChannel, FakeNotifier
from socialcare.testing.builders import asks, at

ALL = SpotCheck(name="everything", share=1, roles="lead")
CHECKED = ApprovalPolicy(expires=timedelta(hours=2), spot_checks=[ALL])
"""A house in which a lead must approve every answer."""
LOU = Actor(id="lou", roles=("lead",))
LIA = Actor(id="lia", roles=("lead",))
TWO = Requirement(roles="lead", people=2)
HERE = "fake:m0"


@pytest.fixture
def channel() -> FakeChannel:
    """A channel on which ada has asked something."""
    found = FakeChannel()
    found.says(asks(0))
    return found


@pytest.fixture
def notifier() -> FakeNotifier:
    """A notifier."""
    return FakeNotifier("pager")


@pytest.fixture
def desk(channel: FakeChannel, notifier: FakeNotifier) -> Desk:
    """A desk that has taken ada's question in, where a lead must approve everything."""
    found = Desk.open(channel, notifier, random=Random(1), approvals=CHECKED)
    found.poll("fake", now=at(1))
    return found


def approve(desk: Desk, draft: Draft, by: Actor = LOU, minutes: float = 5) -> Draft:
    """The draft after somebody approved it as they read it."""
    return desk.approve(HERE, draft.id, seal=draft.seal, by=by, now=at(minutes))


def sent(desk: Desk, channel: FakeChannel) -> list[str]:
    """What has reached the channel after everything was delivered."""
    desk.deliver(now=at(9999))
    return [each.text for each in channel.sent]


def events(desk: Desk) -> list[str]:
    """What happened after the question, by its name."""
    return [type(each.recorded.event).__name__ for each in desk.log()][1:]


# The way of an answer


def test_a_reply_that_needs_approval_is_refused(desk: Desk, channel: FakeChannel) -> None:
    """It says who must approve and how, and writes nothing."""
    with pytest.raises(ApprovalNeeded, match=r"somebody out of lead .*`draft`") as caught:
        desk.reply(HERE, "Soon.", by="anna", now=at(2))

    assert caught.value.roles == ("lead",)
    assert isinstance(caught.value, NotAllowedNow)
    assert events(desk) == []
    assert sent(desk, channel) == []


def test_an_approved_draft_is_sent(desk: Desk, channel: FakeChannel) -> None:
    """The last approval queues it, under the draft's id, in the same transaction."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    before = sent(desk, channel)
    done = approve(desk, draft)

    assert (draft.state, before, done.state) == ("awaiting", [], "queued")
    assert events(desk) == ["ReplyDrafted", "DraftSubmitted", "DraftApproved", "ReplyQueued"]
    assert sent(desk, channel) == ["Soon."]
    assert channel.sent[0].id == draft.id


def test_a_draft_that_needs_nobody_is_sent_by_submitting_it(channel: FakeChannel) -> None:
    """Until then it is only written."""
    desk = Desk.open(channel)
    desk.poll("fake", now=at(1))
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    unsent = [each.draft.id for each in desk.unsent("anna")]
    done = desk.submit(HERE, draft.id, by="anna", now=at(3))

    assert (draft.state, unsent, done.state) == ("written", [draft.id], "queued")
    assert sent(desk, channel) == ["Soon."]
    assert desk.unsent() == ()


def test_a_writer_may_ask_for_more(desk: Desk, channel: FakeChannel) -> None:
    """Two people, where the house asks for one."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2), ask=[TWO])
    first = approve(desk, draft, LOU)
    second = approve(desk, draft, LIA)

    assert (first.state, second.state) == ("awaiting", "queued")
    assert sent(desk, channel) == ["Soon."]


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (Actor(id="anna", roles=("lead",)), "wrote it"),
        (Actor(id="bo", roles=("agent",)), "expected somebody out of lead"),
        (Actor(id="program", roles=("lead",)), "wrote it"),
    ],
)
def test_who_may_not_approve(desk: Desk, by: Actor, said: str) -> None:
    """Neither who wrote it nor whom it is credited to, nor anybody without the role."""
    draft = desk.draft(HERE, "Soon.", by="program", now=at(2), agent_id="anna")

    with pytest.raises(NotAllowedNow, match=said):
        approve(desk, draft, by)
    assert desk.drafts(HERE)[0].state == "awaiting"


def test_nobody_counts_twice(desk: Desk) -> None:
    """The second approval of one person is refused."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2), ask=[TWO])
    approve(desk, draft)

    with pytest.raises(NotAllowedNow, match="counts twice"):
        approve(desk, draft)


def test_what_is_sent_is_not_approved_again(desk: Desk, channel: FakeChannel) -> None:
    """A second approver comes too late, and it goes out once."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    approve(desk, draft)

    with pytest.raises(NotAllowedNow, match="queued"):
        approve(desk, draft, LIA)
    assert sent(desk, channel) == ["Soon."]


# The map

MAP = EscalationMap.from_mapping(
    {
        "name": "acme",
        "version": "7",
        "entries": [
            {
                "name": "law",
                "query": "sue OR lawyer",
                "answered_by": "agents",
                "approval": {"roles": ["legal", "pr"], "people": 2, "every_role": True},
            },
            {
                "name": "praise",
                "query": "thanks",
                "answered_by": "agents",
                "private_in_public": True,
            },
        ],
    }
)
LEE = Actor(id="lee", roles=("legal", "pr"))
PIA = Actor(id="pia", roles=("pr",))


@pytest.fixture
def mapped(channel: FakeChannel) -> Desk:
    """A desk with a map, on which ada has threatened to sue."""
    channel.says(asks(1, text="I will sue you"))
    desk = Desk.open(channel, escalation=MAP)
    desk.poll("fake", now=at(1))
    return desk


def test_the_map_asks_for_approval(mapped: Desk, channel: FakeChannel) -> None:
    """The refusal says which entry of which map."""
    said = "legal and somebody out of pr .law, acme 7."
    with pytest.raises(ApprovalNeeded, match=said):
        mapped.reply(HERE, "Please do.", by="anna", now=at(2))
    draft = mapped.draft(HERE, "We are sorry.", by="anna", now=at(2))
    approve(mapped, draft, LEE)
    before = sent(mapped, channel)
    approve(mapped, draft, PIA)

    assert before == []
    assert sent(mapped, channel) == ["We are sorry."]


def test_a_second_answer_to_a_threat_needs_approval_too(mapped: Desk) -> None:
    """Nobody waits any more, and it is a threat still."""
    draft = mapped.draft(HERE, "We are sorry.", by="anna", now=at(2))
    approve(mapped, draft, LEE)
    approve(mapped, draft, PIA)
    mapped.deliver(now=at(9))

    assert mapped.conversation(HERE).state == "waiting"
    with pytest.raises(ApprovalNeeded):
        mapped.reply(HERE, "By the way, you are wrong.", by="anna", now=at(10))


def test_what_the_map_leaves_to_agents_is_sent(mapped: Desk, channel: FakeChannel) -> None:
    """No approval is asked for where no entry does."""
    channel.says(asks(2, id="b0", customer_id="bo", text="Where is it?"))
    mapped.poll("fake", now=at(3))
    mapped.reply("fake:b0", "Soon.", by="anna", now=at(4))

    assert sent(mapped, channel) == ["Soon."]


def test_a_map_that_asks_for_more_by_now_is_obeyed(tmp_path: Path, channel: FakeChannel) -> None:
    """An approval that was enough when the draft was put forward is not enough then."""
    channel.says(asks(1, text="I will sue you"))
    path = tmp_path / "map.toml"
    entry = '[[entries]]\nname = "law"\nquery = "sue"\nanswered_by = "agents"\n'
    path.write_text(entry + 'approval = "lead"', "utf-8")
    desk = Desk.open(channel, escalation=path)
    desk.poll("fake", now=at(1))
    draft = desk.draft(HERE, "We are sorry.", by="anna", now=at(2))
    path.write_text(entry + 'approval = { roles = ["lead"], people = 2 }', "utf-8")
    desk.reload(by="host", now=at(3))
    first = approve(desk, draft, LOU)
    second = approve(desk, draft, LIA)

    assert (first.state, second.state) == ("awaiting", "queued")


def test_private_goes_public_only_where_the_map_lets_it(channel: FakeChannel) -> None:
    """Saying so is not enough for a house with a map."""
    channel.says(asks(1, visibility="private", text="My number is 7"))
    channel.says(asks(2, id="b0", customer_id="bo", visibility="private", text="thanks"))
    desk = Desk.open(channel, escalation=MAP)
    desk.poll("fake", now=at(3))

    with pytest.raises(NotAllowedNow, match="the map does not let"):
        desk.reply(HERE, "7 it is.", by="anna", now=at(4), visibility="public")
    with pytest.raises(NotAllowedNow, match="the map does not let"):
        desk.draft(HERE, "7 it is.", by="anna", now=at(4), visibility="public")
    with pytest.raises(NotAllowedNow, match="give visibility"):
        desk.reply(HERE, "7 it is.", by="anna", now=at(4), in_reply_to="m0")
    desk.reply("fake:b0", "Welcome.", by="anna", now=at(4), visibility="public")
    assert sent(desk, channel) == ["Welcome."]


# Changes


def test_an_edit_voids_what_was_approved(desk: Desk, channel: FakeChannel) -> None:
    """Whoever read the old words is asked to read again."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2), ask=[TWO])
    approve(desk, draft, LOU)
    changed = desk.edit_draft(HERE, draft.id, "Tomorrow.", by="anna", now=at(6))

    with pytest.raises(NotAllowedNow, match="read it again"):
        approve(desk, draft, LIA)
    approve(desk, changed, LIA, 7)
    assert sent(desk, channel) == []
    approve(desk, changed, LOU, 8)
    assert sent(desk, channel) == ["Tomorrow."]


def test_who_approves_may_edit(desk: Desk, channel: FakeChannel) -> None:
    """They are a co-author, and where one person is needed that will do."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    done = desk.edit_and_approve(HERE, draft.id, "Tomorrow.", seal=draft.seal, by=LOU, now=at(5))

    assert (done.state, done.editors) == ("queued", ("lou",))
    assert sent(desk, channel) == ["Tomorrow."]


def test_where_two_are_needed_another_must_approve_an_edit(
    desk: Desk, channel: FakeChannel
) -> None:
    """One of the two has written nothing of it."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2), ask=[TWO])
    first = desk.edit_and_approve(HERE, draft.id, "Tomorrow.", seal=draft.seal, by=LOU, now=at(5))
    second = desk.edit_and_approve(HERE, draft.id, "Today.", seal=first.seal, by=LIA, now=at(6))
    third = approve(desk, second, LOU, 7)
    done = approve(desk, second, Actor(id="lex", roles=("lead",)), 8)

    assert [each.state for each in (first, second, third, done)] == [*["awaiting"] * 3, "queued"]
    assert sent(desk, channel) == ["Today."]


def test_a_house_may_want_somebody_else_to_approve_an_edit(channel: FakeChannel) -> None:
    """Then nothing is written of it."""
    policy = attrs.evolve(CHECKED, editors_approve=False)
    desk = Desk.open(channel, approvals=policy)
    desk.poll("fake", now=at(1))
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match="somebody else"):
        desk.edit_and_approve(HERE, draft.id, "No.", seal=draft.seal, by=LOU, now=at(5))
    assert desk.drafts(HERE) == (draft,)


def test_attachments_are_approved_too(desk: Desk, channel: FakeChannel) -> None:
    """They go out as they were."""
    image = Attachment(url="https://a.example/1.png")
    wrong = Attachment(url="https://a.example/cat.png")
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2), attachments=[wrong])
    changed = desk.edit_draft(HERE, draft.id, "Soon.", by="anna", now=at(3), attachments=[image])
    with pytest.raises(NotAllowedNow, match="read it again"):
        approve(desk, draft)
    approve(desk, changed)
    desk.deliver(now=at(9))

    assert channel.sent[0].attachments == (image,)
    assert desk.conversation(HERE).messages[-1].attachments == (image,)


# The customer


def test_a_new_message_makes_it_stale(
    desk: Desk, channel: FakeChannel, notifier: FakeNotifier
) -> None:
    """At once for those who approve; whoever wrote it is told when somebody looks."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    channel.says(asks(3, text="It has arrived!"))
    desk.poll("fake", now=at(3))
    with pytest.raises(NotAllowedNow, match="it is stale"):
        approve(desk, draft)
    found = desk.watch(now=at(60))
    desk.deliver(now=at(60))
    told = [(each.kind, each.to) for each in notifier.told]

    assert [(type(each).__name__, each.at) for each in found] == [("DraftOutdated", at(3))]
    assert desk.watch(now=at(61)) == ()
    assert told == [("approval", "lead"), ("stale", "anna")]
    assert sent(desk, channel) == []


def test_a_stale_draft_may_be_put_forward_as_it_stands(desk: Desk, channel: FakeChannel) -> None:
    """It still fits; those who approve read it beside the new message."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    channel.says(asks(3))
    desk.poll("fake", now=at(3))
    again = desk.submit(HERE, draft.id, by="anna", now=at(4))
    approve(desk, again)

    assert again.seal != draft.seal
    assert [each.decision for each in desk.drafts(HERE)[0].rounds] == ["outdated", "approved"]
    assert sent(desk, channel) == ["Soon."]


# No


def test_a_rejected_draft_must_be_changed(
    desk: Desk, channel: FakeChannel, notifier: FakeNotifier
) -> None:
    """Whoever wrote it is told why."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    no = desk.reject(HERE, draft.id, "Say when.", by=LOU, now=at(3))
    with pytest.raises(NotAllowedNow, match="it is rejected: Say when"):
        desk.submit(HERE, draft.id, by="anna", now=at(4))
    approve(desk, desk.edit_draft(HERE, draft.id, "At nine.", by="anna", now=at(5)))

    assert (no.state, no.reason) == ("rejected", "Say when.")
    assert sent(desk, channel) == ["At nine."]
    assert ("rejected", "anna", "lou rejected an answer in fake:m0: Say when.") in [
        (each.kind, each.to, each.said) for each in notifier.told
    ]


def test_who_may_reject(desk: Desk) -> None:
    """Those who might approve, and with a reason."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match="expected somebody out of lead"):
        desk.reject(HERE, draft.id, "No.", by="bo", now=at(3))
    with pytest.raises(InvalidValue, match="a reason"):
        desk.reject(HERE, draft.id, " ", by=LOU, now=at(3))


def test_a_draft_is_withdrawn(desk: Desk, channel: FakeChannel) -> None:
    """Nobody can approve it any more."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    gone = desk.withdraw(HERE, draft.id, by="anna", now=at(3), reason="it came")

    with pytest.raises(NotAllowedNow, match="it is withdrawn: it came"):
        approve(desk, draft)
    assert (gone.state, desk.awaiting(), desk.unsent()) == ("withdrawn", (), ())
    assert sent(desk, channel) == []


def test_a_draft_expires(desk: Desk, notifier: FakeNotifier) -> None:
    """From the moment on that was set, whether or not anybody looked; it can be put forward."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    with pytest.raises(NotAllowedNow, match="it expired at 2026-03-02T11:02"):
        approve(desk, draft, minutes=122)
    early = desk.watch(now=at(121))
    found = desk.watch(now=at(500))
    again = desk.submit(HERE, draft.id, by="anna", now=at(501))
    desk.deliver(now=at(501))

    assert early == ()
    assert [(type(each).__name__, each.at) for each in found] == [("DraftExpired", at(122))]
    assert ("expired", "anna") in [(each.kind, each.to) for each in notifier.told]
    assert (again.state, again.expires_at) == ("awaiting", at(621))


@pytest.mark.parametrize("draft_id", ["nothing", ""])
def test_an_unknown_draft_is_named(desk: Desk, draft_id: str) -> None:
    """Whatever is to be done with it."""
    with pytest.raises(InvalidValue, match="the id of a draft"):
        desk.approve(HERE, draft_id, seal="", by=LOU, now=at(2))


# In public


def test_private_matters_need_saying_so_in_drafts_too(channel: FakeChannel) -> None:
    """When it is written, and again when the customer wrote in private since."""
    desk = Desk.open(channel)
    desk.poll("fake", now=at(1))
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    channel.says(asks(3, visibility="private"))
    desk.poll("fake", now=at(3))

    with pytest.raises(NotAllowedNow, match="private"):
        desk.submit(HERE, draft.id, by="anna", now=at(4))
    with pytest.raises(NotAllowedNow, match="private"):
        desk.edit_draft(HERE, draft.id, "Tomorrow.", by="anna", now=at(4))
    with pytest.raises(NotAllowedNow, match="private"):
        desk.draft(HERE, "Soon.", by="anna", now=at(4), in_reply_to="m0")
    assert sent(desk, channel) == []
    desk.submit(HERE, draft.id, by="anna", now=at(5), visibility="public")
    assert sent(desk, channel) == ["Soon."]


def test_an_edit_may_make_it_private(desk: Desk, channel: FakeChannel) -> None:
    """The audience is part of what is approved."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    changed = desk.edit_draft(HERE, draft.id, "Soon.", by="anna", now=at(3), visibility="private")
    approve(desk, changed)
    desk.deliver(now=at(9))

    assert changed.seal != draft.seal
    assert [each.visibility for each in channel.sent] == ["private"]


# Questions


def test_what_waits_is_found_by_role(desk: Desk, channel: FakeChannel) -> None:
    """The one that was put forward first is first; what is stale waits for its writer."""
    channel.says(asks(1, id="b0", customer_id="bo"))
    channel.says(asks(1, id="c0", customer_id="cy"))
    desk.poll("fake", now=at(2))
    pr = [Requirement(roles="pr")]
    last = desk.draft("fake:b0", "Soon.", by="anna", now=at(4), ask=pr)
    first = desk.draft("fake:c0", "Soon.", by="bea", now=at(3))
    stale = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    channel.says(asks(5))
    desk.poll("fake", now=at(5))

    assert [(each.conversation, each.draft.id) for each in desk.awaiting()] == [
        ("fake:c0", first.id),
        ("fake:b0", last.id),
    ]
    assert [each.draft.id for each in desk.awaiting("pr")] == [last.id]
    assert [each.draft.id for each in desk.unsent("anna")] == [last.id, stale.id]


# Spot checks afterwards


def test_an_answer_is_reviewed_after_it_went_out(
    channel: FakeChannel, notifier: FakeNotifier
) -> None:
    """It is sent at once; somebody else looks at it, and its writer is told if it was wrong."""
    policy = ApprovalPolicy(spot_checks=[attrs.evolve(ALL, when="after")])
    desk = Desk.open(channel, notifier, approvals=policy)
    desk.poll("fake", now=at(1))
    reply = desk.reply(HERE, "Soon.", by="anna", now=at(2))
    [asked] = desk.reviews("lead")
    with pytest.raises(NotAllowedNow, match="wrote it"):
        desk.review(HERE, reply.id, fine=True, by=Actor(id="anna", roles=("lead",)), now=at(3))
    desk.review(HERE, reply.id, fine=False, by=LOU, now=at(3), comment="When?")
    [review] = desk.conversation(HERE).reviews

    assert sent(desk, channel) == ["Soon."]
    assert (asked.conversation, asked.review.reply_id) == (HERE, reply.id)
    assert [(each.by, each.fine, each.comment) for each in review.verdicts] == [
        ("lou", False, "When?")
    ]
    assert desk.reviews() == ()
    assert [(each.kind, each.to) for each in notifier.told] == [("reviewed", "anna")]
    with pytest.raises(NotAllowedNow, match="all have who should"):
        desk.review(HERE, reply.id, fine=True, by=LIA, now=at(4))


# While somebody answers


def test_a_lead_approves_while_the_writer_has_the_conversation(
    desk: Desk, channel: FakeChannel
) -> None:
    """A lease keeps others from answering, and not from reading what its holder wrote."""
    desk.lease(HERE, by="anna", now=at(2))
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(3))
    done = desk.edit_and_approve(HERE, draft.id, "At nine.", seal=draft.seal, by=LOU, now=at(4))

    assert done.state == "queued"
    assert sent(desk, channel) == ["At nine."]


def test_a_draft_waits_while_somebody_else_answers(desk: Desk, channel: FakeChannel) -> None:
    """The customer gets one answer; neither is it drafted nor approved in between."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    desk.lease(HERE, by="bo", now=at(3))

    with pytest.raises(NotAllowedNow, match="bo"):
        approve(desk, draft)
    with pytest.raises(NotAllowedNow, match="bo"):
        desk.draft(HERE, "Soon.", by="anna", now=at(4))
    with pytest.raises(NotAllowedNow, match="bo"):
        desk.edit_draft(HERE, draft.id, "At nine.", by="anna", now=at(4))
    assert sent(desk, channel) == []


# What failed


def buried(desk: Desk, channel: FakeChannel) -> str:
    """The id of an approved answer that the channel did not take."""
    draft = desk.draft(HERE, "Soon.", by="anna", now=at(2))
    approve(desk, draft, minutes=3)
    channel.fails(again=False)
    desk.deliver(now=at(4))
    return draft.id


def test_what_was_approved_is_tried_again(desk: Desk, channel: FakeChannel) -> None:
    """As long as it answers what it was approved for."""
    key = buried(desk, channel)
    desk.retry(key, by="bo", now=at(5))

    assert sent(desk, channel) == ["Soon."]


def test_what_answers_something_else_by_now_is_not(desk: Desk, channel: FakeChannel) -> None:
    """The customer has said more since it was approved."""
    key = buried(desk, channel)
    channel.says(asks(5, text="It has arrived!"))
    desk.poll("fake", now=at(5))

    with pytest.raises(NotAllowedNow, match="said more since it was approved"):
        desk.retry(key, by="bo", now=at(6))
    assert [each.key for each in desk.dead_letters()] == [key]
    assert sent(desk, channel) == []


def test_what_needs_an_approval_by_now_is_not_tried_again(channel: FakeChannel) -> None:
    """It was sent when nobody had to see it, and the customer has threatened since."""
    desk = Desk.open(channel, escalation=MAP)
    desk.poll("fake", now=at(1))
    reply = desk.reply(HERE, "Soon.", by="anna", now=at(2))
    channel.fails(again=False)
    desk.deliver(now=at(3))
    channel.says(asks(4, text="I will sue you"))
    desk.poll("fake", now=at(4))

    with pytest.raises(ApprovalNeeded):
        desk.retry(reply.id, by="anna", now=at(5))


def test_what_was_public_is_not_tried_again_once_it_is_private(channel: FakeChannel) -> None:
    """Whoever means to answer in public says so again."""
    desk = Desk.open(channel)
    desk.poll("fake", now=at(1))
    reply = desk.reply(HERE, "Soon.", by="anna", now=at(2))
    channel.fails(again=False)
    desk.deliver(now=at(3))
    channel.says(asks(4, visibility="private"))
    desk.poll("fake", now=at(4))

    with pytest.raises(NotAllowedNow, match="in private since"):
        desk.retry(reply.id, by="anna", now=at(5))
