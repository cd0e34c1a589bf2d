"""Where a live desk puts messages, batch by batch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from around import Shelf
from builders import answers, asks, at, note
from effort import examples
from socialcare.domain.events import Key
from socialcare.domain.message import Message
from socialcare.domain.placement import Placed, digest, place, placed_row
from socialcare.domain.summary import Summary
from socialcare.domain.threading import Given, ThreadingPolicy, deduplicated, thread
from strategies import logs, thread_policies

DAY = 24 * 60
POLICY = ThreadingPolicy()


@st.composite
def batches(draw: st.DrawFn) -> list[list[Message]]:
    """A log in batches of any size, with whole messages sent again."""
    messages = list(deduplicated(draw(logs(max_size=20))))
    again = draw(st.lists(st.sampled_from(messages), max_size=4)) if messages else []
    shuffled = draw(st.permutations([*messages, *again]))
    found: list[list[Message]] = []
    while shuffled:
        size = draw(st.integers(1, len(shuffled)))
        found.append(list(shuffled[:size]))
        shuffled = shuffled[size:]
    return found


def together(messages: Iterable[Message], policy: ThreadingPolicy = POLICY) -> set[frozenset[Key]]:
    """The messages of each conversation that one pass over all of them finds."""
    return {
        frozenset(message.key for message in conversation.messages)
        for conversation in thread(messages, policy)
    }


def shelved(*some: Sequence[Message], policy: ThreadingPolicy = POLICY) -> Shelf:
    """A shelf that took in these batches."""
    shelf = Shelf(policy)
    for batch in some:
        shelf.receive(batch)
    return shelf


def named(shelf: Shelf) -> dict[str, set[str]]:
    """The ids of the messages of each conversation."""
    return {name: {key[1] for key in own} for name, own in shelf.conversations().items()}


# The law


@settings(deadline=None, max_examples=examples(80, many=3000))
@given(batches(), thread_policies())
def test_batches_end_in_the_conversations_of_one_pass(
    some: list[list[Message]], policy: ThreadingPolicy
) -> None:
    """However messages come in, they end in the conversations that one pass finds."""
    shelf = shelved(*some, policy=policy)
    messages = [message for batch in some for message in batch]

    assert set(shelf.conversations().values()) == together(messages, policy)


@settings(deadline=None, max_examples=examples(40, many=1000))
@given(batches(), thread_policies())
def test_what_is_known_need_not_be_in_order(
    some: list[list[Message]], policy: ThreadingPolicy
) -> None:
    """The answer does not depend on the order in which a store lists its rows."""
    *before, last = some or [[]]
    shelf = shelved(*before, policy=policy)
    rows = [placed_row(each, person=each.customer_id, given=policy.given) for each in last]
    known = [row for row in shelf.around(rows) if row.key not in {each.key for each in rows}]
    fresh = [row for row in {row.key: row for row in rows}.values() if row.key not in shelf.rows]
    summaries = shelf.known(fresh, known)
    one = _placed(shelf, fresh, known, summaries)

    assert one == _placed(shelf, fresh, known[::-1], summaries)


def _placed(
    shelf: Shelf, new: Sequence[Placed], known: Sequence[Placed], told: Mapping[str, Summary]
) -> tuple[object, ...]:
    found = place(new, known, told, shelf.policy)
    return (found.rows, found.begun, found.merges, set(found.moved), set(found.anchored))


@settings(deadline=None, max_examples=examples(40, many=1000))
@given(batches(), thread_policies())
def test_names_come_from_messages(some: list[list[Message]], policy: ThreadingPolicy) -> None:
    """What is begun is new, and what is merged was there; so names are never used twice."""
    shelf = Shelf(policy)
    for batch in some:
        before = set(shelf.summaries)
        placement = shelf.receive(batch)

        assert before.isdisjoint(placement.begun)
        assert {name for pair in placement.merges for name in pair} <= before


# Joining


def test_a_bridge_merges_into_what_began_first() -> None:
    """A late message between two conversations makes them one, under the name of the earlier."""
    shelf = shelved([asks(2 * DAY)], [asks(0)])

    placement = shelf.receive([asks(DAY)])

    assert placement.merges == (("x:m0", f"x:m{2 * DAY}"),)
    assert placement.begun == ()
    assert shelf.conversations().keys() == {"x:m0"}


def test_a_parent_that_comes_late_joins_its_answers() -> None:
    """An answer waits in a conversation of its own until what it answers is here."""
    shelf = shelved([answers(5 * DAY, in_reply_to="m0")], [asks(0)])

    assert list(shelf.conversations().values()) == [{("x", "m0"), ("x", f"m{5 * DAY}")}]


def test_a_broadcast_is_in_no_conversation() -> None:
    """A message to nobody in particular has a row, and no conversation."""
    placement = Shelf(POLICY).receive([answers(0, customer_id=None)])

    assert [row.conversation for row in placement.rows] == [None]
    assert placement.begun == ()


def test_one_person_is_threaded_under_two_handles() -> None:
    """What counts is the person, and not how the channel knows them."""
    shelf = Shelf(POLICY)
    shelf.receive([asks(0)], lambda _: "p")
    shelf.receive([asks(9, customer_id="ada@example.org", channel="email")], lambda _: "p")

    assert len(shelf.conversations()) == 1


def test_rows_of_another_customer_now_are_threaded_anew() -> None:
    """Rows that are in a conversation and became another person's join that one's."""
    shelf = shelved([asks(0)], [asks(5, customer_id="bo"), note(4, customer_id="bo")])
    linked = [
        attrs.evolve(row, customer_id="ada")
        for row in shelf.rows.values()
        if row.customer_id == "bo"
    ]
    shelf.rows = {row.key: row for row in shelf.rows.values() if row.customer_id == "ada"}

    placement = shelf.put(linked)

    assert placement.merges == (("x:m0", "x:m5"),)
    assert [row.conversation for row in placement.rows] == ["x:m0", "x:m0"]


# Given conversations


def test_given_conversations_are_named_by_brand() -> None:
    """Two brands may give the same id; and nothing is joined to what is given."""
    shelf = shelved(
        [asks(0, conversation_id="c", brand="north"), asks(1, conversation_id="c", brand="south")],
        [asks(2, brand="north")],
    )

    assert named(shelf) == {"north/c": {"m0"}, "south/c": {"m1"}, "x:m2": {"m2"}}


def test_given_ids_are_ignored_where_the_policy_says_so() -> None:
    """Then messages are threaded as though none had been given."""
    policy = ThreadingPolicy(given=Given.IGNORE)

    assert named(shelved([asks(0, conversation_id="c"), asks(1)], policy=policy)) == {
        "x:m0": {"m0", "m1"}
    }


def test_a_given_conversation_goes_on_after_people_merged_it() -> None:
    """What the channel says is in a conversation goes to what that has become part of."""
    shelf = shelved([asks(0)], [asks(9 * DAY, conversation_id="c")])
    shelf.change("c", merged_into="x:m0")

    shelf.receive([asks(20 * DAY, conversation_id="c")])

    assert named(shelf) == {"x:m0": {"m0", f"m{9 * DAY}", f"m{20 * DAY}"}}


# What people split


def split(shelf: Shelf, wanted: Callable[[Key], bool], *, origin: str, into: str) -> None:
    """Has a person split messages off a conversation."""
    for key, row in shelf.rows.items():
        if wanted(key):
            shelf.rows[key] = attrs.evolve(row, conversation=into)
    shelf.change(origin, apart=(into,))
    shelf.summaries[into] = attrs.evolve(
        shelf.summaries[origin], id=into, apart=(origin,), opened_at=at(1)
    )


def halves() -> Shelf:
    """Messages at 0 and 20, and apart from them those at 10 and 30."""
    shelf = shelved([asks(0), asks(10), asks(20), asks(30)])
    split(shelf, lambda key: key[1] in {"m10", "m30"}, origin="x:m0", into="x:m10")
    return shelf


def test_what_was_split_stays_apart() -> None:
    """A message between two halves joins the one that was going on before it."""
    shelf = halves()

    placement = shelf.receive([asks(15), asks(25)])

    assert placement.merges == ()
    assert named(shelf) == {
        "x:m0": {"m0", "m20", "m25"},
        "x:m10": {"m10", "m15", "m30"},
    }


def test_an_answer_goes_to_the_half_that_it_answers() -> None:
    """What a message answers counts more than what was said before it."""
    shelf = halves()

    shelf.receive([answers(15, in_reply_to="m0")])

    assert "m15" in named(shelf)["x:m0"]


def test_a_message_before_two_halves_joins_what_comes_after_it() -> None:
    """Where nothing was said before, the conversation that follows is the right one."""
    shelf = halves()

    shelf.receive([asks(-5)])

    assert "m-5" in named(shelf)["x:m0"]


def test_halves_stay_apart_under_other_names() -> None:
    """What became part of something else takes along what it is to be kept apart from."""
    shelf = shelved([asks(-DAY * 2), asks(DAY * 3)])
    shelf.receive([asks(0), asks(10), asks(20), asks(30)])
    split(shelf, lambda key: key[1] in {"m10", "m30"}, origin="x:m0", into="x:m10")
    shelf.receive([asks(-DAY)])  # now m0 is part of an older one

    placement = shelf.receive([asks(15)])

    assert placement.merges == ()
    assert "m15" in named(shelf)["x:m10"]


# Resolved long ago


def settled(minutes: float) -> Shelf:
    """A conversation that was settled then."""
    shelf = shelved([asks(0)])
    shelf.change("x:m0", resolved_at=at(minutes))
    return shelf


def test_a_reply_within_the_time_reopens() -> None:
    """Exactly a week after it was settled, a reply still belongs to the conversation."""
    shelf = settled(10)

    placement = shelf.receive([asks(10 + 7 * DAY, in_reply_to="m0")])

    assert (placement.begun, placement.previous) == ((), {})


def test_a_reply_after_that_begins_anew() -> None:
    """A second later it begins a new conversation, which names the old one."""
    shelf = settled(10)

    placement = shelf.receive([asks(10 + 7 * DAY + 1 / 60, id="late", in_reply_to="m0")])

    assert placement.begun == ("x:late",)
    assert placement.previous == {"x:late": "x:m0"}


def test_what_goes_on_anyway_needs_no_reply() -> None:
    """A message within the gap belongs to the conversation, however long ago it was settled."""
    shelf = shelved([asks(0), answers(9 * DAY, in_reply_to="m0")])
    shelf.change("x:m0", resolved_at=at(10))

    placement = shelf.receive([asks(9 * DAY + 5, in_reply_to="m0")])

    assert (placement.begun, placement.previous) == ((), {})


def test_what_was_cut_once_stays_cut() -> None:
    """Once the old conversation is open again, what was said since is still another one."""
    shelf = settled(10)
    shelf.receive([asks(20 * DAY, in_reply_to="m0")])
    shelf.change("x:m0", resolved_at=None)

    placement = shelf.receive([asks(20 * DAY + 5)])

    assert placement.merges == ()


def test_a_policy_that_never_forgets() -> None:
    """The time within which replies reopen is the policy's."""
    shelf = Shelf(ThreadingPolicy(reopen_within=timedelta(days=999)))
    shelf.receive([asks(0)])
    shelf.change("x:m0", resolved_at=at(10))

    assert shelf.receive([asks(100 * DAY, in_reply_to="m0")]).begun == ()


# Notes


def test_a_late_message_takes_the_notes_that_were_written_after_it() -> None:
    """A note belongs to what was going on, and that may be known only later."""
    shelf = shelved([asks(0)], [note(5 * DAY)])

    placement = shelf.receive([asks(4 * DAY)])

    assert [(row.id, row.conversation) for row in placement.moved] == [
        (f"m{5 * DAY}", f"x:m{4 * DAY}")
    ]


def test_a_note_stays_with_what_it_answers() -> None:
    """What is said shortly before it does not take such a note away."""
    shelf = shelved([asks(0), asks(10)], [note(5 * DAY, in_reply_to="m0")])

    placement = shelf.receive([asks(4 * DAY)])

    assert placement.moved == ()


def test_a_note_is_anchored_when_what_it_answers_comes() -> None:
    """A note that was in the right place by chance stays there for good from then on."""
    shelf = shelved([asks(10), note(5 * DAY, in_reply_to="m0")])

    placement = shelf.receive([asks(0)])

    assert [row.anchored for row in placement.anchored] == [True]
    assert shelf.receive([asks(4 * DAY)]).moved == ()


def test_notes_alone_are_one_conversation() -> None:
    """Notes about somebody who has said nothing yet are together, however far apart."""
    assert len(shelved([note(0)], [note(50 * DAY)]).conversations()) == 1


def test_notes_go_on_in_what_is_said_later() -> None:
    """What people did with a conversation of notes stays with the first of them."""
    shelf = shelved([note(0), note(50 * DAY)])

    placement = shelf.receive([asks(1), asks(49 * DAY)])

    assert placement.merges == ()
    assert named(shelf) == {
        "x:m0": {"m0", "m1"},
        f"x:m{49 * DAY}": {f"m{49 * DAY}", f"m{50 * DAY}"},
    }


def test_notes_that_somebody_split_off_stay() -> None:
    """What a person put elsewhere is not moved by a message."""
    shelf = shelved([asks(0)], [note(5 * DAY)])
    split(shelf, lambda key: key[1] != "m0", origin="x:m0", into="x:apart")

    assert shelf.receive([asks(4 * DAY)]).moved == ()


# Rows


def test_a_row_keeps_all_but_its_conversation() -> None:
    """Nothing else of a row changes when it is put somewhere."""
    fields = {field.name: object() for field in attrs.fields(Placed) if field.init}
    row = Placed(**fields)  # type: ignore[arg-type]  # any value will do

    assert row.with_conversation("c", anchored=True) == attrs.evolve(
        row, conversation="c", anchored=True
    )


def test_repeats_have_one_digest() -> None:
    """When a message was received, or whether a score is 1 or 1.0, makes no other of it."""
    one = asks(0, received_at=at(1), sentiment=1)

    assert digest(one) == digest(asks(0, received_at=at(2), sentiment=1.0))


def test_other_content_has_another_digest() -> None:
    """Whatever else differs shows."""
    versions = [
        asks(0),
        asks(0, text=""),
        asks(0, text="a"),
        asks(0, customer_id="bo"),
        asks(0, edited_at=at(1)),
        answers(0),
    ]

    assert len({digest(version) for version in versions}) == len(versions)


def test_digests_stay_as_they_are() -> None:
    """They are stored, so another release must come to the same."""
    assert digest(asks(0, text="Où est ma commande?")) == "b85c9b39b25740890c38c80f6f99de41"
