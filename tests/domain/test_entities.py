"""What a social text points at."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.entities import (
    Entity,
    EntityKind,
    cashtags,
    entities,
    hashtags,
    links,
    mentions,
    reply_to,
)
from socialcare.domain.links import link_spans
from socialcare.errors import InvalidValue

PIECES = [
    *"@\uff20#\uff03$/.:?!&=()_-~' \n\"",
    *("a", "Bob", "acme_1", "RT", "rt:", "7", "é", "Ñ", "日本", "語", "рф", "中国", "e\u0301"),
    *("http://", "https://", "t.co/", "example.com", "foo.co.uk", "xn--a", "com", "。", "…"),
    *("👍🏽", "☺️", "#️⃣", "👩‍🚒", "\u200d", "\u200e", "\u3000", "\ufeff", "/p/(q)", "?x=1"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=40)
KINDS: list[tuple[Callable[[str], tuple[str, ...]], EntityKind]] = [
    (mentions, EntityKind.MENTION),
    (hashtags, EntityKind.HASHTAG),
    (cashtags, EntityKind.CASHTAG),
]
SIGNS = {
    EntityKind.MENTION: "@\uff20",
    EntityKind.HASHTAG: "#\uff03",
    EntityKind.CASHTAG: "$",
}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@acme where is it?", ("acme",)),
        ("cc @Acme_UK and @bob, (@eve)", ("Acme_UK", "bob", "eve")),
        ("\uff20acme", ("acme",)),
        ("届いた@acmeから", ("acme",)),
        ("RT@acme rt:@bob", ("acme", "bob")),
        ("me@example.com", ()),
        ("@me@example.social", ()),
        ("START@acme", ()),
        ("@josé", ()),
        ("@http://example.com", ()),
        ("a & b &@acme", ()),
        ("@acme @acme", ("acme", "acme")),
        ("no one", ()),
    ],
)
def test_who_is_mentioned(text: str, names: tuple[str, ...]) -> None:
    """A name after a sign is a mention, and the rest of an address is none."""
    assert mentions(text) == names


def test_a_name_has_no_more_than_twenty_letters() -> None:
    """What is longer is a name of twenty, as X has it."""
    assert mentions("@" + "a" * 25) == ("a" * 20,)


def test_a_list_is_told_from_its_owner() -> None:
    """A mention of a list has the owner as its value, and the list's slug beside."""
    (entity,) = entities("See @acme/care-team!")

    assert (entity.value, entity.list_slug, entity.text) == ("acme", "care-team", "@acme/care-team")


def test_a_person_has_no_list() -> None:
    """A mention of a person has no slug, and nor has what is no mention."""
    assert [entity.list_slug for entity in entities("@acme/7 #a example.com/a")] == [None] * 3


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("#Fail again", ("Fail",)),
        ("Gate #16 and #16B", ("16B",)),
        ("#größe #日本語 #ลูกค้า \uff03全角", ("größe", "日本語", "ลูกค้า", "全角")),
        ("👍#great ☺️#nice", ("great", "nice")),
        ("#️⃣ is a key", ()),
        ("no#topic ü#topic &#39; R&#D", ()),
        ("#one#two #three://", ()),
        ("#_ #_1_", ()),
        ("#me\u0301tro.", ("me\u0301tro",)),
        ("##twice", ("twice",)),
    ],
)
def test_what_the_topics_are(text: str, topics: tuple[str, ...]) -> None:
    """A topic has a letter of any script, and stands on its own."""
    assert hashtags(text) == topics


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("$ACME fell, $brk.b rose", ("ACME", "brk.b")),
        ("$5 for $ACME2", ()),
        ("US$ACME", ()),
        ("$ACME.", ("ACME",)),
        ("$TOOLONG1 $TOOLONG", ()),
    ],
)
def test_which_shares_are_meant(text: str, symbols: tuple[str, ...]) -> None:
    """A symbol has up to six letters, and stands after a space."""
    assert cashtags(text) == symbols


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.com/a_(b)?c=d#e.", ("https://example.com/a_(b)?c=d#e",)),
        ("example.com, bbc.co.uk/news;", ("example.com", "bbc.co.uk/news")),
        ("www.münchen.de!", ("www.münchen.de",)),
        ("HTTPS://EXAMPLE.COM:8080/A", ("HTTPS://EXAMPLE.COM:8080/A",)),
        ("Done.Thanks Mr.Smith 3.50 e.g. file.txt", ()),
        ("me@example.com", ()),
        ("詳しくはexample.jpを見て", ("example.jp",)),
        ("http://例え.みんな/道", ("http://例え.みんな/",)),
        ("https://t.co/abc123… https://t.co/abc's", ("https://t.co/abc123", "https://t.co/abc")),
        (f"https://t.co/{'a' * 41}", ()),
        (f"{'a' * 64}.com {'a' * 63}.com", ("a" * 63 + ".com",)),
        (f"http://{'日' * 30}.com http://{'日' * 60}.com", (f"http://{'日' * 30}.com",)),
        (f"http://example.com/{'a' * 4100}", ()),
        ("http://under_score.example.com http://under_score.com", ("http://under_score.example.com",)),
        ("http://xn--日本.com", ()),
        ("foo.com:80/a foo.com?a=b", ("foo.com:80/a", "foo.com")),
        ("é.com", ("é.com",)),
        ("", ()),
    ],
)  # fmt: skip
def test_what_is_linked(text: str, found: tuple[str, ...]) -> None:
    """A host with a top-level domain is a link, up to the punctuation of the sentence."""
    assert links(text) == found


def test_links_in_old_messages_are_links() -> None:
    """A top-level domain that is no more was one when the message was written."""
    assert links("https://media.vista") == ("https://media.vista",)


def test_what_begins_first_has_the_characters() -> None:
    """A sign within a link is a part of it, and a link within a hashtag a part of that."""
    found = entities("medium.com/@acme/x#y #日本example.com $ACME")

    assert [(entity.kind.value, entity.text) for entity in found] == [
        ("link", "medium.com/@acme/x#y"),
        ("hashtag", "#日本example"),
        ("cashtag", "$ACME"),
    ]


def test_signs_within_links_point_at_nobody() -> None:
    """An account's or a section's address mentions nobody and names no topic."""
    text = "medium.com/@acme example.com/#top"

    assert (mentions(text), hashtags(text)) == ((), ())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@acme help", "acme"),
        ("\u3000 @acme help", "acme"),
        ("Hi @acme", None),
        (".@acme help", None),
        ("@acme@example.social help", None),
        ("", None),
    ],
)
def test_whom_it_answers(text: str, name: str | None) -> None:
    """A text that begins with a name is a reply to it."""
    assert reply_to(text) == name


def test_a_place_is_in_a_text() -> None:
    """Nothing begins before a text."""
    with pytest.raises(InvalidValue, match=r"Entity\.start: found -1"):
        Entity(kind=EntityKind.LINK, text="example.com", start=-1)


@given(TEXTS)
def test_places_are_right(text: str) -> None:
    """An entity is where it says, with its sign in front, and is not empty."""
    for entity in entities(text):
        assert text[entity.start : entity.end] == entity.text
        assert entity.value
        assert entity.kind is EntityKind.LINK or entity.text[0] in SIGNS[entity.kind]


@given(TEXTS)
def test_no_two_share_a_character(text: str) -> None:
    """Entities come in order, and each has ended when the next begins."""
    found = entities(text)

    assert all(one.end <= other.start for one, other in pairwise(found))


@given(TEXTS)
def test_each_function_says_what_the_entities_say(text: str) -> None:
    """Mentions, hashtags and cashtags are the entities of their kind."""
    for function, kind in KINDS:
        assert function(text) == tuple(one.value for one in entities(text) if one.kind is kind)


@given(TEXTS)
def test_links_are_those_that_are_found_and_more(text: str) -> None:
    """Every link among the entities is one of `links`, which are in order and apart."""
    spans = link_spans(text)

    assert links(text) == tuple(text[start:end] for start, end in spans)
    assert {(one.start, one.end) for one in entities(text) if one.kind is EntityKind.LINK} <= {
        *spans
    }
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(TEXTS)
def test_a_line_before_changes_nothing(text: str) -> None:
    """What a text points at does not depend on a line before it, or after."""
    line = "Grüße!\n"
    moved = [(one.kind, one.text, one.start - len(line)) for one in entities(f"{line}{text}\n")]
    at_start = [(one.kind, one.text, one.start) for one in entities(f" {text}")]

    assert moved == [(kind, found, start - 1) for kind, found, start in at_start]


@given(st.text("aB3_#\uff03 .@é", max_size=20))
def test_letters_beyond_ascii_change_no_other_topic(text: str) -> None:
    """What is read in one way in ASCII and in another beyond it is read alike."""
    assert hashtags(text) == hashtags(f"{text} ü")


@given(st.text("abXYZ @#_1/", max_size=30))
def test_case_changes_no_place(text: str) -> None:
    """Mentions and topics are where they are in any case, RT before a sign apart."""
    assert [(one.kind, one.start, one.end) for one in entities(text)] == [
        (one.kind, one.start, one.end) for one in entities(text.swapcase())
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "@",
        "#",
        "a.",
        "http://",
        "http://a.co/(",
        "(",
        "e\u0301",
        "#é",
        "日.com",
        "a.com_.",
        "a.co/@",
    ],
)
@pytest.mark.parametrize("function", [mentions, hashtags, cashtags, links, entities, reply_to])
def test_no_text_takes_long(function: Callable[[str], object], piece: str) -> None:
    """Fifty thousand characters of the worst are read in time that grows as they do."""
    text = piece * (50_000 // len(piece))
    began = time.process_time()
    function(text)

    assert time.process_time() - began < 5
