"""Texts for many: approved once for an audience, and sent as they were approved."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import attrs
import pytest

from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.template import Audience, Template
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.events import TemplateApproved
from socialcare.errors import ApprovalNeeded, InvalidValue, NotAllowedNow
from socialcare.testing import FakeChannel, FakeNotifier
from socialcare.testing.builders import asks, at

HERE, THERE = "fake:m0", "fake:b0"
LEE = Actor(id="lee", roles=("legal",))
LEA = Actor(id="lea", roles=("legal",))
SEEN = Template(
    id="delays", text="We are on it, {name}.", audience=Audience(name="delays", channels="fake")
)
POLICY = ApprovalPolicy(templates=Requirement(roles="legal"))
MAP = EscalationMap.from_mapping(
    {
        "entries": [
            {"name": "law", "query": "sue", "answered_by": "agents", "approval": "pr"},
        ]
    }
)


@pytest.fixture
def channel() -> FakeChannel:
    """A channel on which ada has asked something, and bo has said that he will sue."""
    found = FakeChannel()
    found.says(asks(0))
    found.says(asks(0, id="b0", customer_id="bo", text="I will sue you"))
    return found


@pytest.fixture
def notifier() -> FakeNotifier:
    """A notifier."""
    return FakeNotifier("pager")


def opened(location: str, channel: FakeChannel, notifier: FakeNotifier) -> Desk:
    """A desk where legal approves templates."""
    found = Desk.open(location, channel, notifier, approvals=POLICY, escalation=MAP)
    found.poll("fake", now=at(1))
    return found


@pytest.fixture
def desk(channel: FakeChannel, notifier: FakeNotifier) -> Desk:
    """Such a desk in memory."""
    return opened("memory:", channel, notifier)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def stored(
    request: pytest.FixtureRequest, tmp_path: Path, channel: FakeChannel, notifier: FakeNotifier
) -> Iterator[Desk]:
    """Such a desk on every store."""
    if request.param == "postgres":
        location: str = request.getfixturevalue("postgres_url")
    else:
        location = "memory:" if request.param == "memory" else str(tmp_path / "care.db")
    with opened(location, channel, notifier) as found:
        yield found


def test_a_template_is_approved_and_used(
    desk: Desk, channel: FakeChannel, notifier: FakeNotifier
) -> None:
    """As often as it is needed; it is written by a machine."""
    proposed = desk.propose_template(SEEN, by="anna", now=at(2))
    waiting = desk.templates_awaiting("legal")
    with pytest.raises(NotAllowedNow, match="it is awaiting"):
        desk.send_template(HERE, "delays", {"name": "Ada"}, by="robot", now=at(3))
    approved = desk.approve_template("delays", seal=SEEN.seal, by=LEE, now=at(3))
    desk.send_template(HERE, "delays", {"name": "Ada"}, by="robot", now=at(4))
    desk.deliver(now=at(5))

    assert waiting == (proposed,)
    assert (proposed.state, approved.state) == ("awaiting", "approved")
    assert desk.template("delays") == approved
    assert (desk.templates_awaiting(), desk.templates_awaiting("pr")) == ((), ())
    assert [(each.text, each.automated) for each in channel.sent] == [("We are on it, Ada.", True)]
    assert [(each.kind, each.to) for each in notifier.told] == [("approval", "legal")]


@pytest.mark.parametrize(
    ("by", "seal", "said"),
    [
        (Actor(id="anna", roles=("legal",)), SEEN.seal, "wrote it"),
        (Actor(id="pia", roles=("pr",)), SEEN.seal, "expected somebody out of legal"),
        (LEE, "another", "read it again"),
    ],
)
def test_who_may_not_approve_a_template(desk: Desk, by: Actor, seal: str, said: str) -> None:
    """As for drafts."""
    desk.propose_template(SEEN, by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match=said):
        desk.approve_template("delays", seal=seal, by=by, now=at(3))


def test_another_text_needs_another_approval(desk: Desk) -> None:
    """Under the same id only once the first is withdrawn or rejected."""
    other = attrs.evolve(SEEN, text="We pay, {name}.")
    desk.propose_template(SEEN, by="anna", now=at(2))
    desk.approve_template("delays", seal=SEEN.seal, by=LEE, now=at(3))
    with pytest.raises(NotAllowedNow, match="withdraw it"):
        desk.propose_template(other, by="anna", now=at(4))
    gone = desk.withdraw_template("delays", by="anna", now=at(5), reason="over")
    again = desk.propose_template(other, by="anna", now=at(6))

    assert (gone.state, gone.reason, again.state) == ("withdrawn", "over", "awaiting")
    with pytest.raises(NotAllowedNow, match="it is awaiting"):
        desk.send_template(HERE, "delays", {"name": "Ada"}, by="robot", now=at(7))
    with pytest.raises(NotAllowedNow, match="read it again"):
        desk.approve_template("delays", seal=SEEN.seal, by=LEE, now=at(7))


def test_a_template_is_rejected(desk: Desk, notifier: FakeNotifier) -> None:
    """Whoever wrote it is told why."""
    desk.propose_template(SEEN, by="anna", now=at(2))
    no = desk.reject_template("delays", "Say when.", by=LEE, now=at(3))
    desk.deliver(now=at(4))

    assert (no.state, no.reason) == ("rejected", "Say when.")
    assert ("rejected", "anna") in [(each.kind, each.to) for each in notifier.told]
    with pytest.raises(NotAllowedNow, match="the template is rejected"):
        desk.approve_template("delays", seal=SEEN.seal, by=LEE, now=at(5))


def test_a_template_expires(desk: Desk) -> None:
    """Nobody can approve what nobody decided on in time; it can be proposed again."""
    desk.propose_template(SEEN, by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match="the template is expired"):
        desk.approve_template("delays", seal=SEEN.seal, by=LEE, now=at(2 + 24 * 60))
    again = desk.propose_template(SEEN, by="anna", now=at(3 + 24 * 60))
    assert again.expires_at == at(3 + 48 * 60)


def test_what_the_map_asks_of_an_answer_it_asks_of_a_template(
    desk: Desk, channel: FakeChannel
) -> None:
    """Somebody who threatens to sue gets no words that only legal has seen."""
    desk.propose_template(SEEN, by="anna", now=at(2))
    desk.approve_template("delays", seal=SEEN.seal, by=LEE, now=at(3))
    with pytest.raises(ApprovalNeeded, match="somebody out of pr"):
        desk.send_template(THERE, "delays", {"name": "Bo"}, by="robot", now=at(4))
    both = attrs.evolve(SEEN, id="both")
    desk.propose_template(both, by="anna", now=at(5), ask=[Requirement(roles="pr")])
    desk.approve_template("both", seal=both.seal, by=LEE, now=at(6))
    done = desk.approve_template(
        "both", seal=both.seal, by=Actor(id="pia", roles=("pr",)), now=at(7)
    )
    desk.send_template(THERE, "both", {"name": "Bo"}, by="robot", now=at(8))
    desk.deliver(now=at(9))

    assert done.state == "approved"
    assert [each.text for each in channel.sent] == ["We are on it, Bo."]


@pytest.mark.parametrize(
    "audience",
    [
        Audience(name="elsewhere", channels="x"),
        Audience(name="quietly", visibility="private"),
        Audience(name="others", brand="north"),
    ],
)
def test_a_template_goes_to_its_audience_only(audience: Audience) -> None:
    """Not to another channel, more openly, or for another brand."""
    desk = Desk.open()
    desk.receive([asks(0)], now=at(1))
    desk.propose_template(attrs.evolve(SEEN, audience=audience), by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match=f"it is for '{audience.name}' only"):
        desk.send_template(HERE, "delays", {"name": "Ada"}, by="robot", now=at(3))


def test_private_matters_need_saying_so_in_templates_too() -> None:
    """A public text is no answer to a private question, unless somebody means it."""
    desk = Desk.open()
    desk.receive([asks(0), asks(1, visibility="private")], now=at(1))
    desk.propose_template(SEEN, by="anna", now=at(2))

    with pytest.raises(NotAllowedNow, match="it is for 'delays' only"):
        desk.send_template(HERE, "delays", {"name": "Ada"}, by="robot", now=at(3))
    sent = desk.send_template(
        HERE, "delays", {"name": "Ada"}, by="robot", now=at(3), visibility="public"
    )
    assert sent.visibility == "public"


def test_an_unknown_template_is_named(desk: Desk) -> None:
    """Whatever is to be done with it."""
    with pytest.raises(InvalidValue, match="one that was proposed"):
        desk.send_template(HERE, "nothing", {}, by="robot", now=at(3))
    with pytest.raises(InvalidValue, match="one that was proposed"):
        desk.withdraw_template("nothing", by="robot", now=at(3))


def test_two_approve_a_template_at_once(stored: Desk) -> None:
    """Both count, and a withdrawal at the same time is not lost."""
    two = [Requirement(roles="legal", people=2)]
    stored.propose_template(SEEN, by="anna", now=at(2), ask=two)
    barrier = Barrier(2)

    def approve(who: Actor) -> None:
        barrier.wait()
        stored.approve_template("delays", seal=SEEN.seal, by=who, now=at(3))

    threads = [Thread(target=approve, args=(who,)) for who in (LEE, LEA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = [each.recorded.event for each in stored.log()]
    complete = [each.complete for each in events if isinstance(each, TemplateApproved)]

    assert complete == [False, True]
    assert {each.by for each in stored.template("delays").approvals} == {"lee", "lea"}
    assert stored.template("delays").state == "approved"


def test_what_needed_nobody_needs_an_approval_once_the_house_asks(tmp_path: Path) -> None:
    """A template that was proposed before is not used any more without one."""
    path = tmp_path / "approvals.toml"
    path.write_text('name = "house"\n')
    desk = Desk.open(approvals=path)
    desk.receive([asks(0)], now=at(1))
    desk.propose_template(SEEN, by="anna", now=at(2))
    desk.send_template(HERE, "delays", {"name": "Ada"}, by="robot", now=at(3))
    path.write_text('name = "house"\n[templates]\nroles = ["legal"]\n')
    desk.reload(by="max", now=at(4))
    issue = desk.open_issue("delays", "reply", by="max", now=at(5))

    with pytest.raises(ApprovalNeeded, match="somebody out of legal"):
        desk.send_template(HERE, "delays", {"name": "Ada"}, by="robot", now=at(6))
    with pytest.raises(ApprovalNeeded, match="somebody out of legal"):
        desk.post_status(
            issue.id,
            template_id="delays",
            values={"name": "all"},
            channel="fake",
            by="max",
            now=at(6),
        )
