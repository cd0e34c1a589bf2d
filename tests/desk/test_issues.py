"""Issues: what concerns many is handled for all together, and nobody gets lost in it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from builders import asks, at
from socialcare.desk.desk import Desk
from socialcare.domain.actor import Actor
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.template import Audience, Template
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.events import Event, IssueUpdated
from socialcare.domain.issue import Issue
from socialcare.errors import ApprovalNeeded, InvalidValue, NotAllowedNow
from socialcare.plugins.records import Delivery, Notice, Page
from socialcare.testing import FakeChannel, FakeNotifier

PLAN = CrisisPlan.from_mapping(
    {"topics": {"card": "card"}, "tell": [{"to": "pr"}], "mass_issue": {"status_every": "30m"}}
)


@pytest.fixture
def channel() -> FakeChannel:
    """A channel on which three customers write, two of them about cards."""
    found = FakeChannel()
    for minute, (name, text) in enumerate(
        [("ada", "My card is declined"), ("bob", "Where is my parcel?"), ("cy", "card down?")]
    ):
        found.says(asks(minute, customer_id=name, text=text))
    return found


@pytest.fixture
def desk(channel: FakeChannel) -> Iterator[Desk]:
    """A desk that has taken that in."""
    with Desk.open(channel, FakeNotifier("pager"), crisis=PLAN) as found:
        found.poll("fake", now=at(5))
        found.watch(now=at(5))
        yield found


def opened(desk: Desk) -> Issue:
    """An issue about cards."""
    return desk.open_issue("cards are down", "card", by="max", now=at(6))


def line(desk: Desk) -> list[str]:
    """The conversations that wait in the line."""
    return [each.id for each in desk.queue()]


def group(desk: Desk, issue: Issue) -> list[str]:
    """Those that wait together."""
    return [each.id for each in desk.queue(Page(noise=True, tag=issue.tag))]


def came(
    desk: Desk, channel: FakeChannel, minute: float, name: str, text: str
) -> tuple[Event, ...]:
    """What is written when a customer says something more."""
    channel.says(asks(minute, customer_id=name, text=text))
    desk.poll("fake", now=at(minute))
    return desk.watch(now=at(minute))


def test_who_is_affected_leaves_the_line(desk: Desk) -> None:
    """They are shown together, and whoever has another matter is not behind them."""
    issue = opened(desk)

    assert [each.id for each in desk.affected(issue.id)] == ["fake:m2", "fake:m0"]
    assert line(desk) == ["fake:m1"]
    assert sorted(group(desk, issue)) == ["fake:m0", "fake:m2"]


def test_who_writes_later_is_affected_too(desk: Desk, channel: FakeChannel) -> None:
    """While it is open, `watch` finds whoever is new, once."""
    issue = opened(desk)
    came(desk, channel, 10, "dee", "CARD does not work")
    again = desk.watch(now=at(11))

    assert "fake:m10" in group(desk, issue)
    assert len(desk.affected(issue.id)) == 3
    assert again == ()


def test_who_writes_of_something_else_is_in_the_line_again(
    desk: Desk, channel: FakeChannel
) -> None:
    """Nothing is lost: who adds another matter has a turn, and is still among the affected."""
    issue = opened(desk)
    came(desk, channel, 10, "ada", "And my son is missing, please help")

    assert set(line(desk)) == {"fake:m0", "fake:m1"}
    assert "fake:m0" in [each.id for each in desk.affected(issue.id)]


def test_who_is_taken_out_by_hand_stays_out(desk: Desk) -> None:
    """What an agent decides about a conversation is not undone by the next watch."""
    opened(desk)
    desk.prioritise("fake:m0", "first/1", by="anna", now=at(7))
    desk.watch(now=at(8))

    assert "fake:m0" in line(desk)


def test_the_public_hears_of_it(desk: Desk, channel: FakeChannel) -> None:
    """A status is one post to all, in the log and out on the channel."""
    issue = opened(desk)
    reply = desk.post_status(issue.id, "We are on it.", channel="fake", by="max", now=at(7))
    desk.deliver(now=at(8))

    assert [(each.text, each.customer_id) for each in channel.sent] == [("We are on it.", None)]
    assert [each.reply_id for each in desk.issue(issue.id).statuses] == [reply.id]
    assert any(isinstance(each.recorded.event, IssueUpdated) for each in desk.log())


def test_what_many_read_is_approved_where_the_house_asks_for_it(channel: FakeChannel) -> None:
    """Words of one's own are refused then, and an approved template for that place is not."""
    lead = Requirement(roles="lead")
    with Desk.open(channel, approvals=ApprovalPolicy(templates=lead), crisis=PLAN) as desk:
        issue = desk.open_issue("cards", topic="card", by="max", now=at(6))
        with pytest.raises(ApprovalNeeded):
            desk.post_status(issue.id, "We are on it.", channel="fake", by="max", now=at(7))
        template = Template(
            id="on it", text="We know of {what}.", audience=Audience(name="all", channels="fake")
        )
        desk.propose_template(template, by="max", now=at(7))
        lou = Actor(id="lou", roles=("lead",))
        desk.approve_template("on it", seal=template.seal, by=lou, now=at(8))
        reply = desk.post_status(
            issue.id,
            channel="fake",
            template_id="on it",
            values={"what": "it"},
            by="max",
            now=at(9),
        )

        assert reply.text == "We know of it."


def test_the_playbook_knows_of_it(channel: FakeChannel) -> None:
    """A public answer to one of those affected is a finding, and no machine says "seen"."""
    house = Path(__file__).parents[2] / "examples" / "bank" / "playbook.toml"
    with Desk.open(channel, playbook=house, crisis=PLAN) as desk:
        desk.poll("fake", now=at(5))
        opened(desk)
        desk.watch(now=at(6))
        affected, other = (
            {each.code.value for each in desk.check(name, "We are on it.", by="anna", now=at(7))}
            for name in ("fake:m0", "fake:m1")
        )

        assert "to_everybody" in affected
        assert "to_everybody" not in other


def test_an_update_that_is_due_is_told_once(desk: Desk) -> None:
    """Whom the plan names hears that the public waits, and again after as long once more."""
    opened(desk)
    for minute in (20, 36, 40, 50, 67):
        desk.watch(now=at(minute))
    told = [each.what for each in desk.store.outbox(Delivery.PENDING, 99, target="notifier:pager")]
    due = [each for each in told if isinstance(each, Notice) and each.kind == "status_due"]

    assert [(each.to, each.at) for each in due] == [("pr", at(36)), ("pr", at(67))]


def test_when_it_is_over_all_are_in_the_line(desk: Desk, channel: FakeChannel) -> None:
    """Whoever still waits has a turn again; whoever writes now is not affected any more."""
    issue = opened(desk)
    desk.close_issue(issue.id, by="max", now=at(30), said="cards work")
    came(desk, channel, 31, "dee", "card again")

    assert set(line(desk)) == {"fake:m0", "fake:m1", "fake:m2", "fake:m31"}
    assert len(desk.affected(issue.id)) == 2
    assert desk.issues() == ()
    assert [each.said for each in desk.issues(open_only=False)] == ["cards work"]


def test_what_is_over_does_not_change(desk: Desk) -> None:
    """It can't be closed twice, nor spoken of as if it went on."""
    issue = opened(desk)
    desk.close_issue(issue.id, by="max", now=at(30))

    with pytest.raises(NotAllowedNow, match="it is over"):
        desk.close_issue(issue.id, by="max", now=at(31))
    with pytest.raises(NotAllowedNow, match="it is over"):
        desk.post_status(issue.id, "Hello", channel="fake", by="max", now=at(31))


@pytest.mark.parametrize("given", [{}, {"topic": "none"}, {"query": "a", "topic": "card"}], ids=str)
def test_an_issue_is_about_something(desk: Desk, given: dict[str, str]) -> None:
    """A query or a topic of the plan must say what it is about."""
    with pytest.raises(InvalidValue, match="issue"):
        desk.open_issue("something", **given, by="max", now=at(6))  # type: ignore[arg-type]


def test_old_messages_are_not_affected(desk: Desk) -> None:
    """Who wrote of cards days before the issue meant something else."""
    issue = desk.open_issue("cards", "card", by="max", now=at(6) + timedelta(days=2))

    assert desk.affected(issue.id) == ()
