"""Listening: what is found, what is left out, and that both are counted."""

from collections import Counter
from datetime import timedelta
from itertools import count, islice
from typing import Any

import attrs
import pytest

from builders import answers, asks
from socialcare.domain.listening import Limit, Listening, ListeningQuery
from socialcare.domain.listening_check import remarks
from socialcare.domain.profile import Point, Profile
from socialcare.domain.query import Query, Subject
from socialcare.errors import InvalidValue


def brand(**lists: Any) -> Listening:
    """A listening to a brand."""
    return Listening.from_mapping({"brand": lists})


def heard_in(listening: Listening, *texts: str, **fields: Any) -> list[tuple[str, ...]]:
    """Which queries found each text, in order; nothing for a text that was not heard."""
    said = [asks(place, text=text, **fields) for place, text in enumerate(texts)]
    found = {each.message.id: each.found_by for each in listening.hear(said)}
    return [found.get(message.id, ()) for message in said]


def query(name: str, text: str, **fields: Any) -> ListeningQuery:
    """A query written by hand."""
    return ListeningQuery(name=name, query=Query(text), **fields)


# What is found


def test_every_list_becomes_a_query_that_can_be_read() -> None:
    """Names, products, executives, campaigns, nicknames and accounts are a text each."""
    listening = brand(
        names=["Northline"],
        products=["Night Train"],
        executives=["Mara Quill"],
        campaigns=["#NorthByNorthline"],
        nicknames=["AT&T rail"],
        accounts=["@northline", "northline.trains"],
        companions=["fail"],
    )

    assert {each.name: each.text for each in listening.queries} == {
        "brand.names": "Northline",
        "brand.products": '"Night Train" OR nighttrain',
        "brand.executives": '"Mara Quill"',
        "brand.campaigns": "#NorthByNorthline",
        "brand.nicknames": '"AT&T rail" OR attrail',
        "brand.accounts": '@northline OR "northline.trains"',
        "brand.companions": "northlinefail",
    }


def test_a_name_of_several_words_is_heard_as_one() -> None:
    """People write it apart, together, and as a hashtag."""
    listening = brand(products=["Night Train"])

    assert heard_in(
        listening, "the NIGHT train", "nighttrain!", "#NightTrain", "a train at night"
    ) == [
        ("brand.products",),
        ("brand.products",),
        ("brand.products",),
        (),
    ]


def test_misspellings_are_heard_but_for_the_exceptions() -> None:
    """`amercian` is american with a slip; `america` is a continent."""
    listening = brand(names=["American"], misspelt=["American"], exceptions=["america"])

    assert heard_in(listening, "amercian again", "america", "american") == [
        ("brand.misspellings",),
        (),
        ("brand.names",),
    ]


def test_an_ambiguous_name_needs_a_companion_beside_it() -> None:
    """Alone it is not heard, nor with the companion at the other end of the text."""
    listening = brand(ambiguous=["NL"], companions=["down", "fail"])
    far = "NL is a country, and here is a long story in which something else is down"

    found = heard_in(listening, "NL is down", "NL is flat", "down goes NL", "#NLfail", far)
    assert found == [
        ("brand.companions",),
        (),
        ("brand.companions",),
        ("brand.companions",),
        (),
    ]


def test_exclusions_hold_for_every_list() -> None:
    """What one of them finds is not heard."""
    listening = brand(names=["Northline"], exclude=["cigars", '"north line"'])

    assert heard_in(listening, "Northline trains", "Northline cigars")[1] == ()


def test_an_unknown_language_is_heard_and_another_is_not() -> None:
    """Most channels do not say the language."""
    listening = brand(names=["Northline"], languages=["en", "fr"])
    said = [
        asks(at, text="Northline", language=tag) for at, tag in enumerate(("en-GB", None, "de"))
    ]

    assert [each.message.language for each in listening.hear(said)] == ["en-GB", None]


def test_places_are_words_or_circles_and_must_be_known() -> None:
    """A place is asked of the profile that a subject brings."""
    listening = brand(names=["Northline"], places=["Castle Fen", "54, -1.2, 40"])
    profiles = [
        Profile(place="near Castle Fen, north"),
        Profile(point=Point(54.1, -1.2)),
        Profile(point=Point(51.5, 0.0)),
        Profile(),
    ]
    said = [
        Subject(message=asks(at, text="Northline"), profile=profile)
        for at, profile in enumerate(profiles)
    ]

    assert [each.message.id for each in listening.hear(said)] == ["m0", "m1"]


def test_a_query_by_hand_is_asked_as_it_is() -> None:
    """Beside the groups, with an interest of its own."""
    listening = Listening.from_mapping(
        {
            "brand": {"names": ["Northline"], "exclude": ["strike"]},
            "queries": [{"name": "strike", "query": "northline strike", "about": "industry"}],
        }
    )

    assert heard_in(listening, "Northline on strike") == [("strike",)]
    assert listening.queries[-1].interest == "industry"


# What is left out, and counted


def test_what_the_brand_wrote_is_left_out() -> None:
    """By direction, or by its own account as the author, whatever its case."""
    listening = brand(names=["Northline"], accounts=["@Northline"])
    said = [
        answers(0, text="Northline is sorry"),
        asks(1, text="Northline news", customer_id="northline"),
        asks(2, text="Northline again"),
    ]
    hearing = listening.hear(said)

    assert [each.message.id for each in hearing] == ["m2"]
    assert (hearing.record.own, hearing.record.found) == (2, 1)


def test_a_competitor_may_be_heard_itself() -> None:
    """Only the brand's own accounts are its own."""
    listening = Listening.from_mapping({"competitors": {"accounts": ["larchway"]}})

    assert heard_in(listening, "follow @larchway", customer_id="larchway") == [
        ("competitors.accounts",)
    ]


def test_a_message_is_heard_once() -> None:
    """An id that comes again is a repeat, of the same channel only."""
    listening = brand(names=["Northline"])
    once = asks(0, text="Northline")
    elsewhere = attrs.evolve(once, channel="forum")
    hearing = listening.hear([once, once, elsewhere, once])

    assert [each.message.channel for each in hearing] == ["x", "forum"]
    assert hearing.record.repeats == 2


def test_a_limit_holds_back_and_counts() -> None:
    """Three in one minute where two may pass; the next minute begins anew."""
    listening = Listening(written=[query("all", "northline", limit=Limit(messages=2))])
    said = [asks(at / 10, text="Northline", id=str(at)) for at in (0, 1, 2, 10)]
    hearing = listening.hear(said)

    assert [each.message.id for each in hearing] == ["0", "1", "10"]
    found = hearing.record.queries[0]
    assert (found.looked_at, found.found, found.passed_on, found.held_back) == (4, 4, 3, 1)


def test_one_query_may_pass_on_what_another_holds_back() -> None:
    """It is then only said to be found by the one that passed it on."""
    few = query("few", "northline", limit=Limit(messages=1))
    listening = Listening(written=[few, query("all", "northline")])

    said = [asks(at / 60, text="Northline", id=str(at)) for at in range(2)]

    assert [each.found_by for each in listening.hear(said)] == [("few", "all"), ("all",)]


def test_a_sample_is_a_share_and_always_the_same() -> None:
    """A tenth of many messages is about a tenth, and a part of every larger sample."""
    said = [asks(at, text="northline", id=f"id {at}") for at in range(2_000)]
    tenth, half = (
        {
            each.message.id
            for each in Listening(written=[query("all", "northline", sample=share)]).hear(said)
        }
        for share in (0.1, 0.5)
    )

    assert 140 < len(tenth) < 260
    assert tenth < half


def test_the_record_accounts_for_every_message() -> None:
    """What came in is the brand's own, a repeat, not found, heard or held back."""
    listening = Listening(
        written=[query("few", "northline", limit=Limit(messages=1, within=timedelta(days=1)))]
    )
    said = [asks(at, text="northline" if at % 2 else "rain", id=str(at % 7)) for at in range(20)]
    hearing = listening.hear([*said, answers(30, text="northline")])
    heard = len(list(hearing))
    record = hearing.record

    assert record.received == 21
    assert record.received == record.own + record.repeats + record.unfound + record.found
    assert record.found == record.passed_on + record.held_back
    assert record.passed_on == heard


def test_listening_is_lazy() -> None:
    """An endless firehose gives what it has when it is asked for."""
    endless = (asks(at, text="northline", id=str(at)) for at in count())
    first = islice(brand(names=["Northline"]).hear(endless), 3)

    assert [each.message.id for each in first] == ["0", "1", "2"]


def test_messages_can_be_told_one_by_one() -> None:
    """As a webhook does; limits and ids go on from one to the next."""
    hearing = brand(names=["Northline"]).hear(())

    assert hearing.heard(asks(0, text="Northline")) is not None
    assert hearing.heard(asks(0, text="Northline")) is None
    assert hearing.heard(asks(1, text="rain")) is None
    assert Counter([hearing.record.repeats, hearing.record.unfound]) == Counter({1: 2})


def test_it_knows_what_is_listened_for_already() -> None:
    """Whatever the language and place that a query is bound to."""
    listening = brand(names=["Northline"], languages=["en"], places=["Castle Fen"])

    assert listening.knows("northline trains")
    assert not listening.knows("signal failure")


# What can't be


def test_two_queries_of_one_name_are_refused() -> None:
    """The record could not tell them apart."""
    with pytest.raises(InvalidValue, match="a name that no query before it has"):
        Listening(written=[query("all", "a"), query("all", "b")])


def test_listening_to_nothing_is_refused() -> None:
    """Somebody would wait for ever."""
    with pytest.raises(InvalidValue, match="at least one name or query"):
        Listening()


@pytest.mark.parametrize("sample", [0, -0.5, 1.5])
def test_a_sample_is_a_share(sample: float) -> None:
    """Neither nothing nor more than all."""
    with pytest.raises(InvalidValue, match="a share above 0"):
        query("all", "northline", sample=sample)


# A second look


def test_a_short_name_is_remarked_on() -> None:
    """It would be heard wherever two letters stand."""
    assert [each.where for each in remarks(brand(names=["NL"]))] == ["brand.names"]


def test_a_term_of_two_groups_is_remarked_on() -> None:
    """Both would find the same."""
    listening = Listening.from_mapping(
        {"brand": {"names": ["Northline"]}, "industry": {"names": ["northline"]}}
    )

    assert [each.says for each in remarks(listening)] == ["northline is in industry.names as well"]


def test_a_query_without_a_word_is_remarked_on() -> None:
    """It is asked of every message."""
    listening = Listening(written=[query("big", "followers:>10000")])

    assert [each.where for each in remarks(listening)] == ["big"]


def test_a_good_listening_is_not_remarked_on() -> None:
    """The example is one."""
    assert remarks(brand(names=["Northline"], ambiguous=["NL"], misspelt=["northline"])) == ()
