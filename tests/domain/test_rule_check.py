"""What is said of a book for itself is certain, and says what would be right."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare.domain.implication import contradiction, implies
from socialcare.domain.message import Author, Direction, Visibility
from socialcare.domain.priority import Rule, RuleBook
from socialcare.domain.profile import Profile
from socialcare.domain.query import Query, Subject
from socialcare.domain.rule_check import Code, Finding, check
from socialcare.domain.tier import Priority
from socialcare.testing.builders import message

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TIMES = 50 if os.environ.get("SOCIALCARE_LONG") else 1
"""How many times as many examples are tried where there is time."""


def rule(name: str, query: str, priority: str = "first/1", **given: object) -> Rule:
    """A rule of that name and query."""
    return Rule(
        name=name,
        query=Query(query),
        priority=Priority.of(priority),
        reason=name,
        **given,  # type: ignore[arg-type]  # category, since, until
    )


def found(*rules: Rule, categories: tuple[str, ...] | None = None) -> tuple[Finding, ...]:
    """What is wrong with a book of these rules."""
    return check(RuleBook(name="b", version="1", rules=rules), now=NOW, categories=categories)


def codes(*rules: Rule, categories: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """The codes of what is wrong, each with its rule."""
    return [(each.code.value, each.rule) for each in found(*rules, categories=categories)]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("a -a", "'a' and not 'a'"),
        ("followers:>10 followers:<5", "'followers:>10' and 'followers:<5' exclude each other"),
        ("followers:{5 TO 5}", "nothing lies within 'followers:{5 TO 5}'"),
        ("waiting:>1h waiting:<30m", "exclude each other"),
        ("is:inbound is:outbound", "exclude each other"),
        ("is:private visibility:public", "exclude each other"),
        ("is:new is:returning", "exclude each other"),
        ("is:negative sentiment:>0", "exclude each other"),
        ("channel:x channel:email", "exclude each other"),
        ("(a OR b) -a -b", "'a' and not 'a'"),
        ('"late again" -again', "'\"late again\"' and not 'again'"),
        ("refunds -refund*", "'refunds' and not 'refund*'"),
        ("a NOT has:text", "'a' and not 'has:text'"),
        ("NOT is:inbound NOT is:outbound", "every direction is ruled out"),
        ("category:billing NOT category:*", "'category:billing' and not 'category:*'"),
    ],
)
def test_what_contradicts_itself_is_found(query: str, why: str) -> None:
    """A query that nothing can fit is told with the parts that can't be together."""
    clash = contradiction(Query(query))

    assert why in str(clash)


@pytest.mark.parametrize(
    "query",
    [
        "a -b",
        "followers:>5 followers:<10",
        "followers:[5 TO 5]",
        "lang:en lang:de",
        "category:a category:b",
        "tag:vip tag:press",
        '"a b" -"b a"',
        '"a b"~3 -"a b"',
        "refund* -refunds",
        "america~1 -america",
        "NOT is:inbound",
    ],
)
def test_what_can_be_is_left_alone(query: str) -> None:
    """A query that some message fits has no contradiction."""
    clash = contradiction(Query(query))

    assert clash is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "a"),
        ("a", "a OR b"),
        ("a c", "(a OR b) (c OR d)"),
        ("a -b", "NOT (b c)"),
        ('"late a gain"', '"late a"'),
        ('"a b c"', '"a c"~1'),
        ('"a b"~1', '"b a"~2'),
        ("refunds", "refund*"),
        ('category:"Billing / Refunds"', "category:billing"),
        ("followers:>10k", "followers:>=1000"),
        ("followers:[5 TO 6]", "followers:*"),
        ("sent_at:2026-03-02", "sent_at:[2026-03-01 TO 2026-03-03]"),
        ("is:private", "visibility:private"),
        ("is:positive", "sentiment:>0"),
        ("waiting:>1h", "is:waiting"),
        ("#sale", "has:hashtag"),
        ("help.example.com/faq", "link:help.example.com"),
        ("NOT is:inbound", "is:outbound OR NOT is:inbound"),
        ("(a OR b) c", "(a c) OR (b c)"),
    ],
)
def test_what_follows_is_found(one: str, other: str) -> None:
    """A query is known to hold whenever a more special one does."""
    claimed = implies(Query(one), Query(other))

    assert claimed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        ("a OR b", "a"),
        ('"a b"', '"b a"'),
        ('"a b"~1', '"a b"'),
        ("refund*", "refunds"),
        ("category:billing", 'category:"billing / refunds"'),
        ("category:bill", "category:billing"),
        ("followers:>=10", "followers:>10"),
        ("NOT followers:>10", "followers:<=10"),
        ("lang:en", "lang:en-GB"),
        ("#refund", "refund OR #sale"),
    ],
)
def test_what_need_not_follow_is_not_claimed(one: str, other: str) -> None:
    """What some message contradicts is never claimed."""
    claimed = implies(Query(one), Query(other))

    assert not claimed


def test_exceptions_change_what_a_slip_means() -> None:
    """The same fuzzy word with other exceptions is not taken for the same."""
    claimed = implies(Query("america~1"), Query("america~1", ["american"]))

    assert not claimed


def test_a_rule_behind_a_wider_one_is_shadowed() -> None:
    """Within a tier the later rule does nothing, and the sentence names the earlier one."""
    (finding,) = found(rule("late", "late"), rule("very late", "late weeks", "first/2"))

    assert (finding.code, finding.rule, finding.other) == (Code.SHADOWED, "very late", "late")
    assert "'late' comes before it and holds whenever it does" in finding.said


def test_a_special_rule_that_comes_too_late_is_a_conflict() -> None:
    """With another tier it says which should come first."""
    (finding,) = found(rule("late", "late", "second/1"), rule("very late", "late weeks"))

    assert finding.code is Code.CONFLICT
    assert "put 'very late' before 'late'" in finding.said


def test_a_special_rule_before_a_wider_one_is_right() -> None:
    """The order that a book is meant to have is no finding."""
    wrong = found(rule("very late", "late weeks"), rule("late", "late", "second/1"))

    assert wrong == ()


def test_the_same_question_twice_is_found_however_it_is_written() -> None:
    """Order, case and names of fields make no difference."""
    wrong = codes(
        rule("one", "Refund is:private"), rule("two", "visibility:private refund", "second/1")
    )

    assert wrong == [("repeated", "two")]


def test_a_rule_that_ended_is_found() -> None:
    """It does nothing any more, and shadows nobody."""
    wrong = codes(rule("old", "late", until=NOW), rule("new", "late"))

    assert wrong == [("ended", "old")]


def test_a_rule_in_force_for_longer_is_not_shadowed() -> None:
    """Behind a rule that ends, the later one decides afterwards."""
    wrong = codes(rule("sale", "late", until=NOW + DAY), rule("very late", "late weeks"))

    assert wrong == []


def test_a_rule_is_in_conflict_while_both_are_in_force() -> None:
    """With other tiers the time together is told."""
    (finding,) = found(
        rule("sale", "late", "second/1", until=NOW + DAY), rule("very late", "late weeks")
    )

    assert finding.code is Code.CONFLICT
    assert "while both are in force" in finding.said


def test_rules_that_never_meet_are_no_finding() -> None:
    """One that ends when the next begins is a change of mind and not a mistake."""
    wrong = codes(rule("one", "late", until=NOW + DAY), rule("two", "late", since=NOW + DAY))

    assert wrong == []


def test_unknown_categories_are_found() -> None:
    """Both what a rule gives and what it asks for; what is above a category is one."""
    wrong = found(
        rule("one", "late", category="Delivery"),
        rule("two", "category:delivery/late OR category:refunds", category="Money"),
        categories=("Delivery / Late", "Billing"),
    )

    assert [each.said.split(",")[0] for each in wrong] == ["names 'Money'", "names 'refunds'"]


def test_nothing_is_said_of_categories_that_nobody_knows() -> None:
    """Without a tree no category is unknown."""
    wrong = codes(rule("one", "late", category="Delivery"))

    assert wrong == []


def test_the_default_book_has_no_findings() -> None:
    """What we ship passes its own check."""
    wrong = check(RuleBook.default(), now=NOW)

    assert wrong == ()


LEAVES = st.sampled_from(
    [
        "late", "bag", "lost", '"lost bag"', '"bag lost"', '"lost bag"~1', "la*", "l?te", "bag~1",
        "#late", "@brand", "😡", "followers:>2", "followers:<=2", "followers:[1 TO 3]",
        "followers:{1 TO 3}", "followers:*", "followers:2", "is:inbound", "is:outbound",
        "is:private", "visibility:public", "channel:x", "channel:email", "channel:*", "is:new",
        "is:returning", "earlier:>0", "is:positive", "is:negative", "sentiment:>=0",
        "category:a", "category:b", 'category:"a / b"', "has:text", "has:hashtag", "has:mention",
        "is:question", "is:waiting", "waiting:>1m", "lang:en", "lang:de",
    ]
)  # fmt: skip
QUERIES = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.tuples(part, part).map(" OR ".join).map("({})".format),
        st.tuples(part, part).map(" ".join).map("({})".format),
        part.map("NOT {}".format),
    ),
    max_leaves=5,
).map(Query)
SUBJECTS = st.builds(
    lambda words, direction, followers, earlier, waiting, **fields: Subject(
        message=message(
            0, direction, Author(id="ada", role="customer"), text=" ".join(words), **fields
        ),
        profile=Profile(followers=followers),
        earlier=earlier,
        waiting=waiting,
    ),
    words=st.lists(
        st.sampled_from(["late", "lost", "bag", "bags", "lake", "#late", "@brand", "😡", "?"]),
        max_size=4,
    ),
    direction=st.sampled_from(Direction),
    followers=st.none() | st.integers(0, 4),
    earlier=st.none() | st.integers(0, 2),
    waiting=st.none() | st.sampled_from([timedelta(), timedelta(minutes=2)]),
    visibility=st.sampled_from(Visibility),
    channel=st.sampled_from(["x", "email"]),
    sentiment=st.sampled_from([None, -0.5, 0.0, 0.04, 0.5]),
    category=st.sampled_from([None, "a", "b", "ab"]),
    subcategory=st.sampled_from([None, "b"]),
    language=st.sampled_from([None, "en", "de"]),
)


@settings(max_examples=60 * TIMES)
@given(one=QUERIES, other=QUERIES, subjects=st.lists(SUBJECTS, min_size=10, max_size=10))
def test_no_message_contradicts_a_claim(one: Query, other: Query, subjects: list[Subject]) -> None:
    """Where one query is said to imply another, every message agrees; and so for contradictions."""
    if implies(one, other):
        assert [each for each in subjects if one.holds(each) and not other.holds(each)] == []
    if contradiction(one) is not None:
        assert [each for each in subjects if one.holds(each)] == []


@settings(max_examples=30 * TIMES)
@given(one=QUERIES, more=QUERIES)
def test_every_query_implies_what_it_is_a_part_of(one: Query, more: Query) -> None:
    """A query implies itself, itself or something, and is implied by itself and something."""
    assert implies(one, one)
    assert implies(one, Query(f"({one.text}) OR ({more.text})"))
    assert implies(Query(f"({one.text}) ({more.text})"), one)


@settings(max_examples=30 * TIMES)
@given(
    queries=st.lists(QUERIES, min_size=2, max_size=5),
    subjects=st.lists(SUBJECTS, min_size=10, max_size=10),
)
def test_a_rule_with_a_finding_never_decides(queries: list[Query], subjects: list[Subject]) -> None:
    """Whatever comes in, a rule that is said to do nothing does nothing."""
    rules = [
        Rule(name=str(at), query=query, priority=Priority("first", 1 + at), reason="it holds")
        for at, query in enumerate(queries)
    ]
    book = RuleBook(name="b", version="1", rules=rules)
    idle = {each.rule for each in check(book, now=NOW)}
    deciding = {book.rank(subject, now=NOW).rule for subject in subjects}

    assert deciding & idle == set()


def test_a_search_without_end_is_given_up() -> None:
    """A query with very many ways to hold is answered soon, if only with "nobody can tell"."""
    ways = " ".join(f"(a{n} OR b{n} OR c{n})" for n in range(30))
    clash = contradiction(Query(f"{ways} (x OR y) -x -y"))

    assert clash is None or "not" in str(clash)
