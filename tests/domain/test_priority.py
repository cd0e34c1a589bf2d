"""What comes first: the first rule that holds, while it is in force, and why."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.priority import Decision, RuleBook
from socialcare.domain.profile import Profile
from socialcare.domain.query import Subject
from socialcare.domain.tier import Ageing, Priority, Tier
from socialcare.errors import InvalidQuery, InvalidRules
from socialcare.testing.builders import asks

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATE = {"name": "late", "query": "late", "priority": "first/2", "reason": "it is late"}
RULE = '[[rules]]\nname = "a"\nquery = "late"\npriority = "first"'
VIP = {"name": "vip", "query": "late is:private", "priority": "first/1"}


def book(*rules: Mapping[str, object], **given: object) -> RuleBook:
    """A book of these rules."""
    return RuleBook.from_mapping({"rules": list(rules), **given})


def said(text: str, **fields: object) -> Subject:
    """A customer's message of that text."""
    return Subject(message=asks(0, text=text, **fields))


def decided(rules: RuleBook, text: str, now: datetime = NOW, **fields: object) -> Decision:
    """What a book says of that text."""
    return rules.rank(said(text, **fields), now=now)


def test_first_rule_that_holds_decides() -> None:
    """Rules are asked in the order of the book, whatever their priorities."""
    rules = book(LATE, VIP)
    decision = decided(rules, "So late", visibility="private")

    assert (decision.rule, str(decision.priority)) == ("late", "first/2")


def test_what_no_rule_holds_for_gets_what_the_book_says() -> None:
    """Noise, or what stands under `otherwise`."""
    quiet, loud = book(LATE), book(LATE, otherwise="second/3")

    assert decided(quiet, "hello").priority == Priority(Tier.NOISE)
    assert decided(loud, "hello").priority == Priority(Tier.SECOND, 3)
    assert decided(loud, "hello").rule is None


def test_decision_says_by_what_it_came() -> None:
    """Rule, reason, book with version, words as they were written, and facts."""
    rules = book(
        {
            "name": "angry",
            "query": "(late OR 😡 OR #fail) is:inbound followers:* channel:fake",
            "priority": "first/3",
            "category": "Delivery",
        },
        name="mine",
        version="7",
    )
    message = asks(0, text="#fail 😡 it is LATE")
    subject = Subject(message=message, profile=Profile(followers=12))
    decision = rules.rank(subject, now=NOW)

    assert decision.book == "mine 7"
    assert decision.category == "Delivery"
    assert set(decision.words) == {"#fail", "😡", "LATE"}
    assert decision.facts == {"is": "inbound", "followers": "12", "channel": "fake"}


def test_several_facts_of_one_field_are_all_kept() -> None:
    """Two flags are two facts, and none hides the other."""
    rules = book({"name": "one", "query": "is:inbound is:public", "priority": "first"})

    assert decided(rules, "hi").facts == {"is": "inbound, public"}


def test_rule_is_in_force_from_an_instant_until_another() -> None:
    """The first instant belongs to it and the last does not."""
    begin, end = NOW, NOW + timedelta(days=1)
    rules = book({**LATE, "since": begin, "until": end})
    instants = (begin - timedelta(seconds=1), begin, end - timedelta(seconds=1), end)

    assert [decided(rules, "late", now=at).rule for at in instants] == [None, "late", "late", None]


def test_a_day_without_a_zone_is_in_utc(tmp_path: Path) -> None:
    """A date alone is its beginning."""
    path = tmp_path / "rules.toml"
    path.write_text(
        '[[rules]]\nname = "a"\nquery = "late"\npriority = "first"\n'
        "since = 2026-03-02\nuntil = 2026-03-03T10:00:00\n"
    )
    (rule,) = RuleBook.from_toml(path).rules

    assert rule.since == datetime(2026, 3, 2, tzinfo=UTC)
    assert rule.until == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_priorities_are_ordered() -> None:
    """By tier, and then by level."""
    texts = ["noise", "second/2", "first/9", "second", "first"]
    ordered = sorted(map(Priority.of, texts))

    assert [str(each) for each in ordered] == [
        "first/1", "first/9", "second/1", "second/2", "noise/1"
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["third", "first/0", "first/10", "first/", "first/x", "first/²"])
def test_there_is_no_other_priority(text: str) -> None:
    """A tier or a level that there is not is refused."""
    with pytest.raises(InvalidRules):
        Priority.of(text)


def test_priority_ages() -> None:
    """A level and a tier are worth a time of waiting; noise has no turn."""
    ageing = Ageing(level=timedelta(hours=2), tier=timedelta(hours=10))
    allowed = [ageing.allowance(Priority.of(each)) for each in ("first/1", "first/3", "second/2")]

    assert allowed == [timedelta(), timedelta(hours=4), timedelta(hours=12)]
    assert ageing.allowance(Priority.of("noise")) is None


def test_decision_carries_its_allowance() -> None:
    """By the ageing of the book that decided."""
    rules = book(LATE, ageing={"level": "30m"})

    assert decided(rules, "late").allowance == timedelta(minutes=30)
    assert decided(rules, "hello").allowance is None


def test_explanation_names_what_came_too_late() -> None:
    """The decision first, then every rule that held too."""
    text = book(VIP, LATE, name="mine", version="7").explain(
        said("Late!", visibility="private"), now=NOW
    )

    assert text.splitlines() == [
        "first/1: vip",
        "  by rule 'vip' of mine 7",
        "  words: 'Late'",
        "  is: private",
        "  also 'late', first/2: it is late",
    ]


def test_explanation_without_a_rule() -> None:
    """It says that none holds."""
    text = book(LATE).explain(said("hello"), now=NOW)

    assert text.splitlines()[0] == "noise/1: no rule holds"


def test_fields_are_those_that_rules_look_at() -> None:
    """So that nobody looks up what none asks for."""
    rules = book({"name": "a", "query": "late OR volume:>=3 NOT is:new", "priority": "first"})

    assert rules.fields >= {"volume", "is:new"}
    assert "followers" not in rules.fields


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ('[[rules]]\nquery = "late"\npriority = "first"', "rules[0].name: found 'nothing'"),
        ('[[rules]]\nname = "a"\npriority = "first"', "rules[0].query: found 'nothing'"),
        ('[[rules]]\nname = "a"\nquery = "late"', "rules[0].priority: found 'nothing'"),
        (
            '[[rules]]\nname = "a"\nquery = "late"\npriority = "third"',
            "rules[0].priority: found 'third', expected one of first, second, noise",
        ),
        (
            '[[rules]]\nname = "a"\nquery = "late OR"\npriority = "first"',
            "rules[0].query, character 8: found 'the end'",
        ),
        (
            '[[rules]]\nname = "a"\nquery = "folowers:>3"\npriority = "first"',
            "rules[0].query, character 1: found 'folowers:', expected a field such as followers",
        ),
        (
            '[terms]\nx = ["fine", "(late"]',
            "terms.x[1], character 6",
        ),
        (
            '[[rules]]\nname = "a"\nquery = "<late>"\npriority = "first"',
            "rules[0].query: found '<late>', expected a name out of those under `terms`: none",
        ),
        ('[terms]\nx = []', "terms.x: found [], expected at least one term"),
        (
            RULE + '\npriorty = "first"',
            "rules[0]: found 'priorty', expected a key out of priority",
        ),
        (
            RULE + "\nsince = 2026-03-02\nuntil = 2026-03-01",
            "rules[0].until: found '2026-03-01T00:00:00+00:00', expected an instant after",
        ),
        (
            RULE + '\nsince = "soon"',
            "rules[0].since: found 'soon', expected a date or time",
        ),
        (
            RULE + "\n" + RULE,
            "rules[1].name: found 'a', expected a name that",
        ),
        ('[ageing]\nlevel = "soon"', "ageing.level: found 'soon', expected a duration"),
        ('rulez = 1', "found 'rulez', expected a key out of rules"),
        ("[[rules]", "expected a TOML file in UTF-8"),
    ],
)  # fmt: skip
def test_errors_name_file_key_and_character(tmp_path: Path, document: str, message: str) -> None:
    """What was found, where, and what would be right."""
    path = tmp_path / "care.toml"
    path.write_text(document)

    with pytest.raises((InvalidRules, InvalidQuery)) as refused:
        RuleBook.from_toml(path)

    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)


def test_terms_are_written_once() -> None:
    """A name in angle brackets stands for any of its terms, in as many rules as one likes."""
    rules = book(
        {"name": "now", "query": "<trouble> now", "priority": "first"},
        {"name": "trouble", "query": "<trouble>", "priority": "first/2"},
        terms={"trouble": ["late OR lost", '"not here"']},
    )

    assert [decided(rules, text).rule for text in ("lost now", "it is not here", "here")] == [
        "now", "trouble", None
    ]  # fmt: skip


def test_exceptions_are_never_taken_for_a_slip() -> None:
    """They hold for every rule of the book."""
    rules = book({"name": "us", "query": "amtrack~1", "priority": "first"}, exceptions=["amtracks"])

    assert [decided(rules, text).rule for text in ("amtrak", "amtracks")] == ["us", None]


DEFAULT = {
    "first": [
        "The charger caught fire next to my bed",
        "My account has been hacked, somebody bought things with it",
        "I got food poisoning from your salad",
        "Your driver had a car accident with me in the back",
        "My son had an allergic reaction to your snack",
        "Internet is down in our whole street",
        "Is there an outage in Leeds?",
        "All flights cancelled and nobody at the gate",
        "I will take you to court over this",
        "You will hear from my lawyer",
        "I need this sorted urgently, my train leaves in an hour",
        "Stuck at the airport without my medication, need help right now",
        "My card was stolen",
        "I am locked out of my account",
        "Please close my account",
        "Time to cancel my subscription",
        "So done with you. Switching to somebody who answers.",
        "This is the worst service I ever had",
        "Two hours on hold and then you hung up on me",
        "Still waiting for a reply after three weeks",
        "The parcel never arrived",
        "I haven\u2019t received my order",
        "You charged me twice",
        "I want a refund",
        "What a joke this company is",
        "Fed up with excuses",
        "The screen was cracked when I opened the box",
        "lost luggage again, smh",
        "Thanks for nothing, great job losing my order again",
        "Your staff in Hull were so rude 😡",
        "👎",
        "The app keeps crashing since the update",
        "The app won't let me log in",
        "I cannot open the attachment",
        "I get error code 5 when I pay",
        "Having an issue with my bill",
        "The box doesn\u2019t work any more",
        "Do you ship to Norway?",
        "How long does delivery take",
        "When will you open in Oslo",
        "Can you tell me where my order is",
        "any update on this one please",
        "I need to speak to somebody about my contract, please help",
    ],
    "second": [
        "Thank you so much, that worked",
        "Cheers 👍",
        "I love the new design",
        "Great service today by Anna in the shop",
        "@brand you are the best, well done ❤️",
        "Booked our tickets for the summer",
        "My order number is 4711",
        "Yes, in Manchester",
        "Just had lunch at your place by the river",
        "I am watching the match on your channel tonight",
        "We moved house last week",
        "ok",
    ],
    "noise": [
        "Follow for follow, everybody!",
        "Use my code SAVE20 and earn with me",
        "Big giveaway, retweet to win",
        "Crypto airdrop today",
        "Get free followers now",
    ],
}


@pytest.mark.parametrize(
    ("tier", "text"), [(tier, text) for tier, texts in DEFAULT.items() for text in texts]
)
def test_default_book(tier: str, text: str) -> None:
    """What customers write gets the tier that the field gives it, by words alone."""
    decision = decided(RuleBook.default(), text)

    assert decision.priority.tier == tier, str(decision)


@pytest.mark.parametrize(
    ("annotation", "rule"),
    [
        (Annotation(sense=Sense.COMPLAINT, value=True, by="test 1"), "dissatisfaction"),
        (Annotation(sense=Sense.URGENCY, value=True, by="test 1"), "urgent need"),
        (Annotation(sense=Sense.QUESTION, value=True, by="test 1"), "direct question"),
        (Annotation(sense=Sense.THANKS, value=True, by="test 1"), "positive experience"),
        (Annotation(sense=Sense.SENTIMENT, value=-0.8, by="test 1"), "dissatisfaction"),
        (Annotation(sense=Sense.SENTIMENT, value=0.8, by="test 1"), "positive experience"),
    ],
)
def test_default_book_believes_classifiers(annotation: Annotation, rule: str) -> None:
    """What a classifier says counts where words say nothing."""
    subject = Subject(message=asks(0, text="La valise"), annotations=(annotation,))
    decision = RuleBook.default().rank(subject, now=NOW)

    assert decision.rule == rule


def test_default_book_sees_what_rises() -> None:
    """Three times the usual volume comes first."""
    decision = RuleBook.default().rank(Subject(message=asks(0, text="hm"), volume=3.2), now=NOW)

    assert (decision.rule, str(decision.priority)) == ("risen", "first/1")


def test_default_book_ranks_what_was_not_said_to_the_brand_behind() -> None:
    """An indirect reference is of the second tier, and so is an indirect question."""
    texts = ("Rail prices went up", "Has anybody tried the new trains?")
    decisions = [
        RuleBook.default().rank(
            Subject(message=asks(0, text=text), found_by=("industry",)), now=NOW
        )
        for text in texts
    ]

    assert [(each.rule, each.priority.tier) for each in decisions] == [
        ("said about the brand or its trade", "second"),
        ("question to anybody", "second"),
    ]
