"""What people say about which conversations are one, and which handles are one person."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desk.streams import Stream, all_conversations, fed, in_one_batch, keys, streams
from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.desk.transaction import opened
from socialcare.domain.customer import Customer, Handle
from socialcare.domain.threading import Given, ThreadingPolicy
from socialcare.errors import Conflict, InvalidValue, NotAllowedNow
from socialcare.testing.builders import answers, asks, at

NOW = at(50_000)
FAR = 5000


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk with two conversations of ada's, and one of bo's, on every store."""
    if request.param == "postgres":
        location: str = request.getfixturevalue("postgres_url")
    else:
        location = "memory:" if request.param == "memory" else str(tmp_path / "care.db")
    with Desk.open(location) as found:
        found.receive([asks(0), answers(1), asks(FAR), asks(3, customer_id="bo", id="b")], now=NOW)
        yield found


def ids(desk: Desk, name: str) -> list[str]:
    """The messages of a conversation."""
    return [each.id for each in desk.conversation(name).messages]


def test_merging_and_taking_it_back(desk: Desk) -> None:
    """Each has what was its own again, and what came since stays."""
    desk.tag(f"fake:m{FAR}", "late", by="anna", now=NOW)
    one = desk.merge("fake:m0", f"fake:m{FAR}", by="anna", now=NOW)
    desk.receive([asks(FAR + 1)], now=NOW)
    back = desk.unmerge("fake:m0", f"fake:m{FAR}", by="anna", now=NOW)

    assert [each.id for each in one.messages] == ["m0", "m1", f"m{FAR}"]
    assert one.tags == ("late",)
    assert ([each.id for each in back.messages], back.tags) == ([f"m{FAR}"], ("late",))
    assert ids(desk, "fake:m0") == ["m0", "m1", f"m{FAR + 1}"]
    assert [each.id for each in desk.history("ada")] == ["fake:m0", f"fake:m{FAR}"]


def test_a_merge_between_two_looks_is_a_conflict(desk: Desk) -> None:
    """Who has read a conversation finds nothing in it once somebody merged it, and reads again."""
    transaction, name = opened(desk.store, f"fake:m{FAR}")
    desk.merge("fake:m0", f"fake:m{FAR}", by="anna", now=NOW)

    with pytest.raises(Conflict):
        transaction.conversation(name)


def test_merging_either_way(desk: Desk) -> None:
    """The one that is named first goes on."""
    found = desk.merge(f"fake:m{FAR}", "fake:m0", by="anna", now=NOW)

    assert found.id == f"fake:m{FAR}"
    assert desk.conversation("fake:m0").id == f"fake:m{FAR}"


def test_customers_may_be_merged_by_people(desk: Desk) -> None:
    """Somebody may know that two customers have one matter; messages of both come in there."""
    desk.merge("fake:m0", "fake:b", by="anna", now=NOW)
    [receipt] = desk.receive([asks(4, customer_id="bo", id="b2")], now=NOW)

    assert receipt.conversation == "fake:m0"


def test_brands_are_never_merged(desk: Desk) -> None:
    """Conversations never cross from one brand to another."""
    desk.receive([asks(9, brand="north")], now=NOW)

    with pytest.raises(NotAllowedNow, match="north"):
        desk.merge("fake:m0", "fake:m9", by="anna", now=NOW)


def test_splitting_and_joining_again(desk: Desk) -> None:
    """What was split stays apart by itself, and people may merge it again."""
    into = desk.split("fake:m0", [("fake", "m1")], by="anna", now=NOW)
    desk.receive([asks(2, in_reply_to="m0")], now=NOW)
    apart = (ids(desk, "fake:m0"), ids(desk, into))
    desk.merge("fake:m0", into, by="anna", now=NOW)

    assert apart == (["m0", "m2"], ["m1"])
    assert ids(desk, into) == ["m0", "m1", "m2"]


def test_the_first_message_may_be_split_off(desk: Desk) -> None:
    """The conversation keeps its name, so the new one needs another."""
    into = desk.split("fake:m0", [("fake", "m0")], by="anna", now=NOW)

    assert into.startswith("fake:m0:")
    assert (ids(desk, into), ids(desk, "fake:m0")) == (["m0"], ["m1"])


def test_splits_that_make_no_sense(desk: Desk) -> None:
    """Others' messages, none, or all."""
    with pytest.raises(InvalidValue):
        desk.split("fake:m0", [("fake", "b")], by="anna", now=NOW)
    with pytest.raises(InvalidValue):
        desk.split("fake:m0", [], by="anna", now=NOW)
    with pytest.raises(NotAllowedNow):
        desk.split("fake:m0", [("fake", "m0"), ("fake", "m1")], by="anna", now=NOW)
    with pytest.raises(NotAllowedNow):
        desk.unmerge("fake:m0", "fake:b", by="anna", now=NOW)


# Handles

EMAIL = Handle(channel="email", id="ada@example.org")


def test_a_link_joins_what_is_one_persons(desk: Desk) -> None:
    """What was said on both channels within the gap is one conversation; the link can go again."""
    mail = asks(30, channel="email", customer_id=EMAIL.id)
    desk.receive([mail], now=NOW)
    linked = desk.link(EMAIL, "ada", by="anna", now=NOW)
    together = ids(desk, "fake:m0")
    desk.receive([asks(40, channel="email", customer_id=EMAIL.id)], now=NOW)
    more = ids(desk, "fake:m0")
    desk.unlink(EMAIL, by="anna", now=NOW)

    assert linked == Customer(id="ada", handles=(EMAIL,))
    assert together == ["m0", "m1", "m30"]
    assert more == ["m0", "m1", "m30", "m40"]
    assert ids(desk, "fake:m0") == ["m0", "m1"]
    assert ids(desk, "email:m30") == ["m30", "m40"]
    assert [each.id for each in desk.history(EMAIL.id)] == ["email:m30"]
    assert desk.customer("ada").handles == ()


def test_a_handle_has_one_owner(desk: Desk) -> None:
    """It must be unlinked before it can be another's; linking it again changes nothing."""
    desk.link(EMAIL, "ada", by="anna", now=NOW)
    before = desk.log()
    desk.link(EMAIL, "ada", by="anna", now=NOW)

    assert desk.log() == before
    with pytest.raises(NotAllowedNow, match="unlink it first"):
        desk.link(EMAIL, "bo", by="anna", now=NOW)


def test_what_people_merged_survives_the_link(desk: Desk) -> None:
    """Taking a link back takes apart what the link had joined, and nothing else."""
    desk.receive([asks(20_000, channel="email", customer_id=EMAIL.id)], now=NOW)
    desk.link(EMAIL, "ada", by="anna", now=NOW)
    desk.merge("fake:m0", "email:m20000", by="anna", now=NOW)
    desk.unlink(EMAIL, by="anna", now=NOW)

    assert ids(desk, "fake:m0") == ["m0", "m1", "m20000"]


def _as_linked(stream: Stream, handle: Handle, person: str) -> Stream:
    messages = [
        attrs.evolve(each, customer_id=person)
        if (each.channel, each.customer_id) == (handle.channel, handle.id)
        else each
        for each in stream.messages
    ]
    return attrs.evolve(stream, messages=messages)


@st.composite
def _links(draw: st.DrawFn, stream: Stream) -> tuple[Handle, str]:
    """A handle of the stream, and another customer who turns out to be the same person."""
    known = sorted({(each.channel, each.customer_id or "") for each in stream.messages})
    handles = [Handle(channel=channel, id=own) for channel, own in known if own]
    assume(len({handle.id for handle in handles}) > 1)
    handle = draw(st.sampled_from(handles))
    others = sorted({other.id for other in handles} - {handle.id})
    return handle, draw(st.sampled_from(others))


IGNORING = ThreadingPolicy(given=Given.IGNORE)
LAW = settings(deadline=None, max_examples=40)


@given(streams(), st.data())
@LAW
def test_a_link_threads_as_if_it_had_always_been(stream: Stream, data: st.DataObject) -> None:
    """Linked before, in between or afterwards: the conversations are those of one person."""
    handle, person = data.draw(_links(stream))
    when = data.draw(st.integers(0, len(stream.batches)))
    with Desk.open(threading=IGNORING) as desk:
        fed(desk, attrs.evolve(stream, batches=stream.batches[:when]))
        desk.link(handle, person, by="anna", now=NOW)
        fed(desk, attrs.evolve(stream, batches=stream.batches[when:]))

        batch = in_one_batch(_as_linked(stream, handle, person), IGNORING)
        assert keys(all_conversations(desk)) == keys(batch.conversations)


@given(streams(), st.data())
@LAW
def test_unlinking_takes_a_link_back(stream: Stream, data: st.DataObject) -> None:
    """Whatever came in before and meanwhile, it is as if there had been no link."""
    handle, person = data.draw(_links(stream))
    first = data.draw(st.integers(0, len(stream.batches)))
    then = data.draw(st.integers(first, len(stream.batches)))
    with Desk.open(threading=IGNORING) as desk:
        fed(desk, attrs.evolve(stream, batches=stream.batches[:first]))
        desk.link(handle, person, by="anna", now=NOW)
        fed(desk, attrs.evolve(stream, batches=stream.batches[first:then]))
        desk.unlink(handle, by="anna", now=NOW)
        fed(desk, attrs.evolve(stream, batches=stream.batches[then:]))

        assert keys(all_conversations(desk)) == keys(in_one_batch(stream, IGNORING).conversations)
