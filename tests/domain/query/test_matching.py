"""What queries hold for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from domain.query.asking import about, found, holds
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.message import Attachment, Author
from socialcare.domain.profile import Point, Profile
from socialcare.domain.query import Query, QuerySet
from socialcare.domain.query.fields import FIELDS
from socialcare.domain.query.flags import HAS, IS
from socialcare.domain.summary import Summary
from socialcare.errors import InvalidQuery

BAG = (
    "@acme My bag is LOST \U0001f621 third time!! Still waiting, "
    "see https://help.acme.com/x?y=1 #Fail"
)


@pytest.mark.parametrize(
    "query",
    [
        "lost", "LOST", "bag lost", "lost OR found", "-found", '"bag is lost"', '"third time"',
        '"time third"~1', '"my lost"~2', '"lost my"~2', "wait*", "*ait*", "w?iting", "waiting~",
        "wiating~1", "watiing~", "#fail", "#FAIL", "fail", "#fa*", "#fial~1", "@acme", "@ACME",
        "@ac*", "acme", "\U0001f621", '"!!"', "help.acme.com", "acme.com", "help.acme.com/*",
        "https://help.acme.com/x", "https://help.acme.com/x?y=1", "link:acme.com", "*",
    ],
)  # fmt: skip
def test_what_is_in_a_text(query: str) -> None:
    """Words, phrases, patterns, slips, hashtags, names, signs and addresses are found."""
    assert holds(query, BAG)


@pytest.mark.parametrize(
    "query",
    [
        "found", "bag found", "-lost", '"lost bag"', '"time third"', '"my lost"~1', '"my my"',
        "wait", "los", "w?ting", "witing~0", "xaiting~1", "gniting~1", "#lost", "@bag", "@acm",
        "\U0001f600", '"!!!"', "me.com", "acme.com/y", "https://help.acme.com/y", "elp.acme.com",
    ],
)  # fmt: skip
def test_what_is_not_in_a_text(query: str) -> None:
    """What is only like it is not found: the first letter of a word must be right."""
    assert not holds(query, BAG)


ADA = Author(id="ada", role="customer", name="Ada \u00d6zil")
KNOWN: dict[str, Any] = {
    "id": "m1",
    "channel": "x",
    "brand": "North",
    "account": "northhelp",
    "customer_id": "ada",
    "author": ADA,
    "visibility": "private",
    "in_reply_to": "m0",
    "language": "en-GB",
    "category": "Delivery",
    "subcategory": "Late",
    "received_at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    "attachments": (Attachment(url="x"),),
    "edited_at": datetime(2026, 3, 2, 9, 1, tzinfo=UTC),
    "annotations": (
        Annotation(sense=Sense.SENTIMENT, value=-0.6, by="t"),
        Annotation(sense=Sense.INTENT, value="refund", by="t"),
        Annotation(sense=Sense.INTENT, value="cancel", by="t"),
        Annotation(sense=Sense.PERSONAL_DATA, value="card", by="t"),
        Annotation(sense=Sense.COMPLAINT, value=True, by="t"),
        Annotation(sense=Sense.THANKS, value=False, by="t"),
        Annotation(sense=Sense.URGENCY, value=None, by="t"),
        Annotation(sense=Sense.NEEDS_ANSWER, value=True, by="t"),
        Annotation(sense=Sense.CATEGORY, value="Billing / Card / Declined", by="t"),
    ),
    "profile": Profile(
        followers=20_000,
        verified=True,
        tier="Gold",
        place="London, UK",
        point=Point(51.5, -0.12),
        details={"vip": True, "score": 7.0, "plan": "Pro", "rate": 0.5},
    ),
    "conversation": Summary(
        id="c", state="open", agent_id="sam", team_id="B", tags=("Boss",), messages=3, reopened=1
    ),
    "accounts": frozenset({"acme"}),
    "waiting": timedelta(minutes=40),
    "earlier": 2,
    "open": 1,
    "volume": 3.5,
    "found_by": ("brand",),
}


@pytest.mark.parametrize(
    "query",
    [
        "id:m1", "channel:x", "channel:X", "channel:(y OR x)", "brand:north", "account:north*",
        "customer:ada", "from:ADA", "name:ada", "name:ozil", "name:oz*", 'name:"ada ozil"',
        "name:(ada ozil)", "role:customer", "direction:inbound", "visibility:private",
        "reply_to:m0", "lang:en", "lang:en-gb", "lang:e*", "category:delivery",
        'category:"delivery / late"', "category:billing", 'category:"billing / card"',
        "category:*", "intent:refund", "intent:cancel", "personal:card", "state:open", "agent:sam",
        "team:b", "tag:boss", "tag:bos~1", "tier:gold", "tier:g?ld", "place:uk",
        'place:"london uk"', "near:london", "near:51.5,-0.1,10km", "near:51.5,-0.1,10",
        "found_by:brand", "followers:20000", "followers:20k", "followers:>10k", "followers:>=20k",
        "followers:<=20k", "followers:[1 TO 20000]", "followers:{19999 TO *}", "followers:*",
        "followers:[* TO *]", "sentiment:<0", "sentiment:[-1 TO -0.5]", "length:>80",
        "messages:3", "earlier:>1", "open:1", "volume:>3", "waiting:>30m", "waiting:40m",
        "waiting:[30m TO 1h]", "sent_at:2026-03-02", "sent_at:2026-03-02T09:00",
        "sent_at:2026-03-02T10:00+01:00", "sent_at:>2026-03-01", "sent_at:>=2026-03-02",
        "sent_at:<2026-03-03", "sent_at:<=2026-03-02", "sent_at:[2026-01-01 TO *]",
        "sent_at:[2026-03-02 TO 2026-03-02]", "received_at:>2026-03-02T09:29", "crm.vip:true",
        "crm.score:7", "crm.score:>6", "crm.plan:pro", "crm.plan:*", "crm.rate:0.5",
        "crm.rate:<=0.5", "mentions:brand", "mentions:acme", "mentions:*", "hashtag:fail",
        "hashtag:*", "link:help.acme.com", "link:*", "text:lost",
    ],
)  # fmt: skip
def test_what_is_known(query: str) -> None:
    """Every field is read from the message or from what is known around it."""
    assert holds(query, BAG, **KNOWN)


@pytest.mark.parametrize(
    "query",
    [
        "id:m", "channel:y", "name:ad", "lang:de", "lang:e", "category:deliver", "category:card",
        "intent:thanks", "state:new", "tag:bo", "place:paris", "near:48,2,10", "followers:>20k",
        "followers:[1 TO 20000}", "followers:{20000 TO *]", "sentiment:>0", "waiting:<40m",
        "sent_at:>2026-03-02", "sent_at:<2026-03-02", "sent_at:2026-03-03", "crm.vip:false",
        "crm.vip:>0", "crm.score:>7", "crm.plan:>1", "crm.other:*", "mentions:@brand",
        "mentions:other", "hashtag:lost", "link:acme.org",
    ],
)  # fmt: skip
def test_what_is_known_to_be_otherwise(query: str) -> None:
    """A value fits or it does not: a name is the whole name."""
    assert not holds(query, BAG, **KNOWN)


SO = {
    "complaint", "to_answer", "negative", "private", "inbound", "reply", "edited", "verified",
    "waiting", "assigned", "reopened", "returning",
}  # fmt: skip


@pytest.mark.parametrize("flag", IS)
def test_what_a_message_is(flag: str) -> None:
    """Of the flags those hold that are so; what is unknown or denied does not."""
    assert holds(f"is:{flag}", BAG, **KNOWN) == (flag in SO)


@pytest.mark.parametrize("flag", HAS)
def test_what_a_message_has(flag: str) -> None:
    """This one has everything, and another nothing."""
    assert holds(f"has:{flag}", BAG, **KNOWN)
    assert not holds(f"has:{flag}", None)


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - {"is", "has"}))
def test_of_whom_nothing_is_known(name: str) -> None:
    """What is not known fits nothing, so its negation holds."""
    bare = about(None, customer_id=None, author=Author(role="customer"))
    kinds = ("*", "zzz", ">1", ">2100-01-01", ">90d")
    fitting = [kind for kind in kinds if _holds_or_is_none(f"{name}:{kind}", bare)]
    always = {"id", "channel", "direction", "visibility", "role", "sent_at", "length"}

    assert fitting == (["*"] if name in always else [])


def _holds_or_is_none(query: str, subject: Any) -> bool:
    try:
        return Query(query).holds(subject)
    except InvalidQuery:
        return False


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Where is it?", True),
        ("Where is it?!", True),
        ('"Where?" I asked', True),
        ("\u0623\u064a\u0646\u061f", True),
        ("\u3069\u3053\uff1f", True),
        ("see https://acme.com/?", False),
        ("see https://acme.com/?q=1", False),
        ("a?b", False),
        ("It is here.", False),
    ],
)
def test_a_question_by_its_mark(text: str, asks: bool) -> None:
    """Where no classifier says, a mark at the end of a word does; a classifier counts more."""
    denied = (Annotation(sense=Sense.QUESTION, value=False, by="t"),)

    assert holds("is:question", text) == asks
    assert not holds("is:question", text, annotations=denied)


def test_an_indirect_message() -> None:
    """It was found by listening, and does not name the brand."""
    assert holds("is:indirect", "my Acme bag", found_by=("brand",), accounts=frozenset({"acme"}))
    assert not holds("is:indirect", "@Acme!", found_by=("brand",), accounts=frozenset({"@ACME"}))
    assert not holds("is:indirect", "my Acme bag")
    assert holds("mentions:brand", "hi @acme", account="@Acme")


def test_exceptions_are_no_slips() -> None:
    """A word that is an exception is never taken for another; the word itself is found still."""
    query = Query("america~1 OR verizon~2", exceptions=["American", "h\u00f4rizon"])

    assert query.holds(about("amercia"))
    assert query.holds(about("america"))
    assert not query.holds(about("american horizon"))


@pytest.mark.parametrize(
    ("query", "text", "pieces"),
    [
        ("lost OR late", "late, lost, late", ["lost", "late", "late"]),
        ("bag lost", "lost bag", ["bag", "lost"]),
        ("a~2 OR lost", "lost", ["lost"]),
        ('"a b"', "a b a b a", ["a", "b", "a", "b"]),
        ('"a a"', "a a a a a", ["a", "a", "a", "a"]),
        ('"a c"~1', "a c b x x c a", ["a", "c"]),
        ("l*t", "Lost LAT light", ["Lost", "LAT", "light"]),
        ("lost -found", "lost", ["lost"]),
        ("-found", "lost", []),
        ("cafe", "le Cafe\u0301!", ["Cafe\u0301"]),
        ("strasse", "Stra\u00dfe 1", ["Stra\u00dfe"]),
        ("\u6545\u969c", "\u8eca\u6545\u969c", ["\u6545", "\u969c"]),
        ("\U0001f44d", "ok \U0001f44d\U0001f3fd \U0001f44d", ["\U0001f44d", "\U0001f44d"]),
        ("#fail", "a #Fail b #FAIL", ["#Fail", "#FAIL"]),
        ("@acme", "hi @ACME", ["@ACME"]),
        ("acme.com", "see www.Acme.com/x.", ["www.Acme.com/x"]),
        ("is:inbound late", "late", ["inbound", "late"]),
    ],
)
def test_hits(query: str, text: str, pieces: list[str]) -> None:
    """A match shows each piece as it was written, in the order of the query."""
    assert found(query, text) == pieces


def test_a_hit_says_what_was_asked_and_where() -> None:
    """It has the part of the query, the field, and the place in the text."""
    match = Query("is:(question -private) #FAIL").matches(about("why? #fail"))
    assert match is not None
    question, tag = match.hits

    assert (question.term, question.field, question.start) == ("is:question", "is", None)
    assert (tag.term, tag.field, tag.start, tag.end) == ("#FAIL", "hashtag", 5, 10)


def test_a_set_asks_in_order() -> None:
    """The first query that holds is the first in the set, however it was looked up."""
    every = QuerySet({"all": Query("-zzz"), "word": Query("late"), "fact": Query("is:inbound")})
    matches = every.matches(about("late"))

    assert list(matches) == ["all", "word", "fact"]
    assert [name for name, _ in every.each(about("late"))] == list(matches)
    first = every.first(about("late"))
    assert first is not None
    assert first[0] == "all"
    assert QuerySet({}).first(about("late")) is None


def test_what_is_found_out_is_found_out_once() -> None:
    """A subject cuts its text once, and can't be changed."""
    subject = about("late")

    assert subject.words is subject.words
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        subject.earlier = 3  # type: ignore[misc]  # that is the point
