"""Messages to many: to each once, at a pace, to none who opted out, and stopped at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asks, at
from socialcare.desk.desk import Desk
from socialcare.desk.outreach_view import OutreachView
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.template import Audience, Template
from socialcare.domain.customer import Handle
from socialcare.domain.events import OptedOut, OutreachEnded, OutreachSkipped
from socialcare.domain.message import Visibility
from socialcare.errors import InvalidValue, NotAllowedNow
from socialcare.plugins.memory import MemoryStore
from socialcare.testing import FakeChannel

FIXED = Template(
    id="fixed",
    text="It is fixed: {what}.",
    audience=Audience(name="all who wrote of cards", visibility="private"),
)
VALUES = {"what": "cards work"}
MANY = 12


@pytest.fixture
def channel() -> FakeChannel:
    """A channel on which twelve customers write of their cards, the first of them twice."""
    found = FakeChannel()
    for minute in range(MANY):
        found.says(asks(minute, customer_id=f"c{minute}", text="My card is declined"))
    found.says(asks(2000, customer_id="c0", text="My card is declined again"))
    return found


@pytest.fixture
def desk(channel: FakeChannel) -> Iterator[Desk]:
    """A desk that has taken that in, with a template that may be used."""
    with Desk.open(channel) as found:
        found.poll("fake", now=at(2001))
        found.propose_template(FIXED, by="max", now=at(2001))
        yield found


def start(desk: Desk, **fields: object) -> OutreachView:
    """A message to all of them, ten a minute."""
    given = {"per_minute": 10, "by": "max", "now": at(2002), **fields}
    if "conversations" not in given:
        given["query"] = "card"
    return desk.start_outreach("fixed", VALUES, **given)  # type: ignore[arg-type]


def told(channel: FakeChannel) -> list[str]:
    """Who got it, in order."""
    return [each.customer_id or "" for each in channel.sent if each.text.startswith("It is fixed")]


def run(desk: Desk, minutes: float) -> None:
    """Has everything happen that is due by then."""
    desk.watch(now=at(minutes))
    desk.deliver(now=at(minutes), limit=1000)


def test_everybody_gets_it_once(desk: Desk, channel: FakeChannel) -> None:
    """Each customer has one, however many conversations they have and whoever watches how often."""
    view = start(desk)
    for minutes in (2002, 2002, 2003, 2010, 2020):
        run(desk, minutes)
    ended = desk.outreach(view.id)

    assert sorted(told(channel)) == sorted(f"c{number}" for number in range(MANY))
    assert (ended.sent, ended.left, ended.skipped) == (MANY, 0, 0)
    assert ended.ended_at is not None


def test_it_keeps_its_pace(desk: Desk, channel: FakeChannel) -> None:
    """No minute has more than were asked for, also where nobody watched for long."""
    start(desk, per_minute=2)
    desk.watch(now=at(2010))
    counts = []
    for minute in range(2010, 2020):
        desk.watch(now=at(minute))
        desk.deliver(now=at(minute), limit=100)
        counts.append(len(told(channel)))
    steps = [after - before for before, after in pairwise(counts)]

    assert counts[0] == 1
    assert max(steps) <= 2
    assert counts[-1] == MANY


def test_who_opted_out_gets_none(desk: Desk, channel: FakeChannel) -> None:
    """Before it begins or while it goes on, also what was queued already is taken back."""
    desk.opt_out("c3", by="c3", now=at(2001))
    view = start(desk, per_minute=2)
    run(desk, 2002)
    desk.opt_out("c8", by="c8", now=at(2003))
    for minutes in range(2003, 2020):
        run(desk, minutes)
    events = [each.recorded.event for each in desk.log()]

    assert not {"c3", "c8"} & set(told(channel))
    assert len(told(channel)) == MANY - 2
    assert desk.outreach(view.id).skipped == 2
    assert sum(isinstance(each, OptedOut) for each in events) == 2
    assert desk.opted_out("c3")


def test_who_changes_their_mind_is_asked_again(desk: Desk) -> None:
    """Opting out and in is written once each."""
    changed = [
        desk.opt_out("c1", by="c1", now=at(1)),
        desk.opt_out("c1", by="c1", now=at(2)),
        desk.opt_in("c1", by="c1", now=at(3)),
        desk.opt_in("c1", by="c1", now=at(4)),
    ]

    assert changed == [True, False, True, False]
    assert not desk.opted_out("c1")


def test_it_can_be_stopped(desk: Desk, channel: FakeChannel) -> None:
    """Nobody gets it any more, also of those whose reply was queued; it can't be stopped twice."""
    view = start(desk, per_minute=2)
    run(desk, 2002)
    stopped = desk.stop_outreach(view.id, by="max", now=at(2003), reason="it is not fixed")
    for minutes in range(2003, 2020):
        run(desk, minutes)

    assert told(channel) == told(channel)[:1]
    assert (stopped.queued, stopped.left, stopped.reason) == (1, 0, "it is not fixed")
    with pytest.raises(NotAllowedNow, match="it has ended"):
        desk.stop_outreach(view.id, by="max", now=at(2021), reason="again")


def test_whoever_got_it_before_does_not_again(desk: Desk, channel: FakeChannel) -> None:
    """The same words go to nobody twice, also by a second outreach."""
    start(desk)
    for minutes in (2002, 2010):
        run(desk, minutes)

    with pytest.raises(NotAllowedNow, match="everybody was told, or there is nobody"):
        start(desk, now=at(2011))
    assert len(told(channel)) == MANY


def test_two_who_turn_out_to_be_one_get_it_once(desk: Desk, channel: FakeChannel) -> None:
    """A link that was made while it goes on is seen."""
    start(desk, per_minute=1)
    run(desk, 2002)
    first = told(channel)[0]
    other = next(f"c{number}" for number in range(MANY) if f"c{number}" != first)
    desk.link(Handle(channel="fake", id=other), first, by="max", now=at(2003))
    for minutes in range(2003, 2030):
        run(desk, minutes)

    assert len(told(channel)) == MANY - 1


def test_only_an_approved_template_goes_out(desk: Desk, channel: FakeChannel) -> None:
    """Words that wait for approval, and those taken back while it goes on, reach nobody more."""
    waits = Template(id="waits", text="Hello", audience=Audience(name="all", visibility="private"))
    desk.propose_template(waits, ask=[Requirement(roles="lead")], by="max", now=at(2001))
    with pytest.raises(NotAllowedNow, match="the template is awaiting"):
        desk.start_outreach("waits", query="card", by="max", now=at(2002))
    view = start(desk, per_minute=1)
    run(desk, 2002)
    desk.withdraw_template("fixed", by="max", now=at(2003), reason="wrong")
    for minutes in range(2003, 2030):
        run(desk, minutes)

    assert len(told(channel)) <= 6
    assert desk.outreach(view.id).reason == "the template is withdrawn"


def test_what_does_not_suit_the_audience_is_skipped(desk: Desk, channel: FakeChannel) -> None:
    """A template for private messages does not go out in public; the log says why."""
    view = start(desk, visibility=Visibility.PUBLIC)
    run(desk, 2002)
    skipped = [each.recorded.event for each in desk.log()]
    said = {each.said for each in skipped if isinstance(each, OutreachSkipped)}

    assert told(channel) == []
    assert desk.outreach(view.id).skipped == MANY
    assert all("is for 'all who wrote of cards' only" in each for each in said)


def test_those_affected_are_told_that_it_is_fixed(desk: Desk, channel: FakeChannel) -> None:
    """The list of whom to tell is those affected, until they were told."""
    issue = desk.open_issue("cards", "card", by="max", now=at(2002))
    before = len({each.customer_id for each in desk.to_tell(issue.id)})
    desk.close_issue(issue.id, by="max", now=at(2003))
    desk.tell(issue.id, "fixed", VALUES, by="max", now=at(2004))
    for minutes in (2004, 2006):
        run(desk, minutes)

    assert before == len(desk.affected(issue.id)) > 0
    assert desk.to_tell(issue.id) == ()
    assert len(told(channel)) == before


@pytest.mark.parametrize("given", [{}, {"query": "a", "issue_id": "b"}], ids=["none", "two"])
def test_it_is_said_to_whom(desk: Desk, given: dict[str, str]) -> None:
    """Conversations, a query or an issue, and only one of them."""
    with pytest.raises(InvalidValue, match="audience"):
        desk.start_outreach("fixed", VALUES, by="max", now=at(2002), **given)  # type: ignore[arg-type]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=3, deadline=None)
def test_whoever_watches_nobody_gets_it_twice(seed: int, tmp_path_factory: object) -> None:
    """Two desks that watch and deliver as they like, with people who opt out in between."""
    chance, channel = Random(seed), FakeChannel()
    path = Path(tmp_path_factory.mktemp("two")) / "care.db"  # type: ignore[attr-defined]
    for minute in range(8):
        channel.says(asks(minute, customer_id=f"c{minute}", text="card"))
    with Desk.open(path, channel) as one, Desk.open(path, channel) as two:
        one.poll("fake", now=at(10))
        one.propose_template(FIXED, by="max", now=at(10))
        one.start_outreach("fixed", VALUES, query="card", by="max", now=at(11), per_minute=2)
        out: dict[str, int] = {}
        for step in range(16):
            desk = chance.choice((one, two))
            now = at(11) + timedelta(minutes=step / 2)
            if chance.random() < 0.3:
                who = f"c{chance.randrange(8)}"
                desk.opt_out(who, by=who, now=now)
                out.setdefault(who, len(channel.sent))
            desk.watch(now=now)
            if chance.random() < 0.7:
                desk.deliver(now=now, limit=100)
        one.watch(now=at(60))
        one.deliver(now=at(60), limit=100)
        ended = [each for each in one.log() if isinstance(each.recorded.event, OutreachEnded)]
        got = told(channel)

        assert len(got) == len(set(got))
        assert not [who for who, before in out.items() if who in got[before:]]
        assert set(got) | set(out) == {f"c{number}" for number in range(8)}
        assert len(ended) == 1


def test_threads_that_watch_at_once_send_it_once(tmp_path: Path) -> None:
    """Four threads on one database race for every recipient, and nobody is told twice."""
    channel = FakeChannel()
    for minute in range(MANY):
        channel.says(asks(minute, customer_id=f"c{minute}", text="card"))
    with Desk.open(tmp_path / "care.db", channel) as desk:
        desk.poll("fake", now=at(20))
        desk.propose_template(FIXED, by="max", now=at(20))
        start(desk, now=at(20), per_minute=600)
        with ThreadPoolExecutor(4) as pool:
            for each in [pool.submit(desk.watch, now=at(21)) for _ in range(4)]:
                each.result()
        desk.deliver(now=at(30), limit=100)

        assert sorted(told(channel)) == sorted(f"c{number}" for number in range(MANY))


def test_who_opts_out_while_it_is_tried_again_gets_none(desk: Desk, channel: FakeChannel) -> None:
    """What failed once is taken back as well."""
    start(desk, conversations=["fake:m3"])
    desk.watch(now=at(2002))
    channel.fails()
    desk.deliver(now=at(2002))
    desk.opt_out("c3", by="c3", now=at(2003))
    run(desk, 2063)

    assert told(channel) == []


def test_what_was_taken_back_is_not_sent_after_all(desk: Desk) -> None:
    """Neither to who opted out, nor of what was stopped, if somebody retries all dead letters."""
    view = start(desk, conversations=["fake:m3", "fake:m4"], per_minute=1)
    desk.watch(now=at(2002))
    desk.opt_out("c3", by="c3", now=at(2002))
    with pytest.raises(NotAllowedNow, match="they opted out"):
        desk.retry(desk.dead_letters()[0].key, by="max", now=at(2003))
    desk.opt_in("c3", by="c3", now=at(2003))
    desk.stop_outreach(view.id, by="max", now=at(2003), reason="it is not fixed")

    for each in desk.dead_letters():
        with pytest.raises(NotAllowedNow, match="it was taken back: it is not fixed"):
            desk.retry(each.key, by="max", now=at(2004))
    assert len(desk.dead_letters()) == 2


def test_what_the_channel_did_not_take_may_be_sent_again(desk: Desk, channel: FakeChannel) -> None:
    """As long as they take such messages."""
    start(desk, conversations=["fake:m3"])
    desk.watch(now=at(2002))
    channel.fails(again=False)
    desk.deliver(now=at(2002))
    desk.retry(desk.dead_letters()[0].key, by="max", now=at(2003))
    run(desk, 2004)

    assert told(channel) == ["c3"]


def linked(desk: Desk, *handles: str) -> None:
    """They are one person, under a name of its own."""
    for each in handles:
        desk.link(Handle(channel="fake", id=each), "person", by="max", now=at(2003))


def test_who_opted_out_is_out_by_any_name(desk: Desk, channel: FakeChannel) -> None:
    """Also if their handle was linked to a person since; and in again as that person."""
    desk.opt_out("c3", by="c3", now=at(2001))
    linked(desk, "c3")
    start(desk, conversations=["fake:m3", "fake:m4"])
    run(desk, 2004)
    out = desk.opted_out("person")
    desk.opt_in("person", by="max", now=at(2005))

    assert told(channel) == ["c4"]
    assert (out, desk.opted_out("person")) == (True, False)


def test_who_has_it_gets_it_by_no_other_name(desk: Desk, channel: FakeChannel) -> None:
    """Of two handles that become one person under a new name, one gets it; also by a second one."""
    names = [f"fake:m{number}" for number in (3, *range(5, MANY), 4)]
    start(desk, conversations=names, per_minute=1)
    run(desk, 2002)
    linked(desk, "c3", "c4")
    for minutes in range(2003, 2030):
        run(desk, minutes)

    with pytest.raises(NotAllowedNow, match="everybody was told"):
        start(desk, conversations=names, now=at(2031))
    assert len(told(channel)) == len(names) - 1
    assert "c4" not in told(channel)


def test_taking_words_back_takes_back_what_is_queued(desk: Desk, channel: FakeChannel) -> None:
    """The last of them, too, which are queued and wait for their moment."""
    view = start(desk, per_minute=1, conversations=["fake:m3", "fake:m4", "fake:m5"])
    run(desk, 2002)
    desk.withdraw_template("fixed", by="max", now=at(2002), reason="wrong")
    run(desk, 2002.5)
    run(desk, 2030)

    assert len(told(channel)) == 1
    assert desk.outreach(view.id).reason == "the template is withdrawn"


def test_who_opts_out_after_a_sender_ended_gets_none(channel: FakeChannel) -> None:
    """What somebody had begun to send, and does not any more, is taken back as well."""
    store = MemoryStore()
    desk = Desk.open(channel, store=store)
    desk.poll("fake", now=at(2001))
    desk.propose_template(FIXED, by="max", now=at(2001))
    start(desk, conversations=["fake:m3"])
    desk.watch(now=at(2002))
    store.claim(["channel:fake"], now=at(2002), until=at(2003), limit=1)
    desk.opt_out("c3", by="c3", now=at(2004))
    run(desk, 2005)

    assert told(channel) == []
