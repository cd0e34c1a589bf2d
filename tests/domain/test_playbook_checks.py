"""The checks of answers: for each what it finds, and good answers in which it finds nothing."""

import time
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare.domain.annotation import Annotation
from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Message
from socialcare.domain.playbook import Answer, Code, Finding, Playbook, Sent, Severity
from socialcare.testing.builders import answers, asks

PLAIN = Playbook(name="plain")


def talk(*messages: Message) -> Conversation:
    """A conversation of these messages."""
    return Conversation(id="c", customer_id="ada", messages=messages)


def found(
    text: str,
    *asked: str,
    playbook: Playbook = PLAIN,
    channel: str = "x",
    visibility: str = "public",
    **around: Any,
) -> tuple[Finding, ...]:
    """What is found in an answer to a customer who wrote this."""
    messages = [asks(minute, text=each, channel=channel) for minute, each in enumerate(asked)]
    conversation = talk(*messages) if messages else None
    answer = Answer(text=text, channel=channel, visibility=visibility)
    return playbook.check(answer, conversation, **around)


def codes(findings: Iterable[Finding]) -> set[str]:
    """The kinds of findings."""
    return {each.code.value for each in findings}


GOOD = [
    ("Where is my parcel?", "It left Leeds this morning and is due by 18:00 today."),
    (
        "where's my bag",
        "I'm sorry it isn't with you. Please DM us the tag number and I'll trace it.",
    ),
    ("Is the branch in Leith open?", "Yes, until 16:00 today, and from 9:00 on Monday."),
    ("The app crashes", "Thanks for telling us! Does it happen right at the start?"),
    ("Can I return this?", "Of course. You have 60 days, the label is in the parcel."),
    ("You are useless!!!", "I'm sorry. Tell me what went wrong and I'll look into it now."),
    (
        "Why was I charged twice?",
        "We'll check that. Send us a private message, no card details please.",
    ),
    (
        "my flight was cancelled",
        "You're rebooked on the 18:40 to Porto. Gate 12, boarding at 18:05.",
    ),
    ("Thanks, that worked!", "You're welcome, have a lovely evening!"),
    (
        "How do I reset the router?",
        "Hold the button at the back for ten seconds, then wait for green.",
    ),
    ("I hate your new logo", "Thank you for saying so. I've passed it on to the design team."),
    ("any update?", "Not yet: the engineers are on site, and I'll write again at 15:00."),
    ("My card was stolen!", "Block it in the app now, that takes a second. Then send us a DM."),
    ("¿Dónde está mi pedido?", "Ha salido hoy y llega mañana por la mañana."),
    ("Do you ship to Norway?", "We do, it takes 4 to 6 days."),
    ("I called you twice", "I'm sorry that you had to call us twice. I'll take it from here."),
    ("Need help with a login", "Happy to help. What do you see after you type your name?"),
    ("Is it vegan?", "Yes, all of it. The list is on the back of the pack."),
]


@pytest.mark.parametrize(("asked", "text"), GOOD)
def test_good_answers_are_left_alone(asked: str, text: str) -> None:
    """Nothing is found in an answer that anybody would send."""
    assert codes(found(text, asked)) == set()


# Form


@pytest.mark.parametrize(
    "text",
    [
        "Hello {{ customer }}!",
        "Hello {{customer}",
        "Dear [insert name], it is here.",
        "Hi <your name>",
    ],
)
def test_what_was_not_filled_in_stops(text: str) -> None:
    """A placeholder that is left is found, and nobody may overrule that."""
    (finding,) = found(text)

    assert (finding.code, finding.severity, finding.overrule) == ("unfilled", "stop", False)


@pytest.mark.parametrize(
    ("channel", "text", "long"),
    [
        ("x", "a" * 281, True),
        ("x", "a" * 280, False),
        ("x", "\u672c" * 141, True),
        ("x", "see https://example.com/" + "a" * 300, False),
        ("mastodon", "a" * 501, True),
        ("mastodon", "https://example.com/" + "a" * 600, False),
        ("bluesky", "\U0001f469\U0001f3fd\u200d\U0001f692" * 300, False),
        ("bluesky", "a" * 301, True),
        ("email", "a" * 20_000, False),
    ],
)
def test_length_is_counted_as_the_channel_does(channel: str, text: str, long: bool) -> None:
    """Each platform counts in its own way."""
    assert ("too_long" in codes(found(text, channel=channel))) is long


def test_names_before_an_answer_on_x_are_not_counted() -> None:
    """X counts none of the names that an answer begins with."""
    text = "@ada @bea " + "a" * 275

    assert "too_long" not in codes(found(text, "Where is it"))
    assert "too_long" in codes(found(text))


SIGNED = Playbook.from_mapping({"channels": {"x": {"sign_off": "^"}, "email": {"sign_off": "-"}}})


@pytest.mark.parametrize(
    ("channel", "text", "signed"),
    [
        ("x", "On its way. ^AB", True),
        ("x", "On its way ^ Anna", True),
        ("x", "On its way. ^AB https://t.co/abc", True),
        ("x", "On its way. 1/2 ^AB 1/2", True),
        ("x", "On its way.", False),
        ("x", "On its way. -Anna", False),
        ("email", "On its way. - Anna", True),
        ("email", "On its way. \u2013Anna", True),
        ("instagram", "On its way.", True),
    ],
)
def test_signatures_are_missed_where_the_house_signs(channel: str, text: str, signed: bool) -> None:
    """By the sign of the channel, at the end but for links and counts of parts."""
    none = "no_sign_off" not in codes(found(text, channel=channel, playbook=SIGNED))

    assert none is signed


def test_too_many_questions_are_too_much() -> None:
    """Four at once; several marks in a row are one."""
    four = "Who are you? What is it? Where was it? When did it happen?"

    assert "too_much" in codes(found(four))
    assert "too_much" not in codes(found("What?! Where is it??? And since when?"))


def test_too_many_sentences_are_too_much_in_public_only() -> None:
    """In private there is time to read."""
    long = "We have looked into it now. " * 9

    assert "too_much" in codes(found(long, channel="facebook"))
    assert "too_much" not in codes(found(long, channel="facebook", visibility="private"))


def test_a_third_answer_in_a_row_is_noticed() -> None:
    """The customer has not written since the last two."""
    said = [asks(0, text="Help"), answers(1, text="Which one is it?"), answers(2, text="Hello?")]
    third = PLAIN.check(Answer(text="Are you still with us today?", channel="x"), talk(*said))
    after = PLAIN.check(
        Answer(text="Thank you, I see it now.", channel="x"),
        talk(*said, asks(3, text="The red one")),
    )

    assert "in_a_row" in codes(third)
    assert "in_a_row" not in codes(after)


# Disclosure


@pytest.mark.parametrize(
    "text",
    [
        "We have charged 4111 1111 1111 1111 again.",
        "It went to GB82 WEST 1234 5698 7654 32 on Monday.",
        "Your booking reference QX7R2P is confirmed.",
        "I see account number 00481516 has a balance.",
        "Order #A-1048-22 has left.",
    ],
)
def test_personal_data_in_public_stops(text: str) -> None:
    """Cards, accounts, bookings: found with the base install alone."""
    (finding,) = found(text)

    assert (finding.code, finding.severity, finding.overrule) == ("personal_data", "stop", False)


@pytest.mark.parametrize(
    "text",
    [
        "We have charged 4111 1111 1111 1111 again.",
        "Your booking reference QX7R2P is confirmed.",
    ],
)
def test_personal_data_may_be_said_in_private(text: str) -> None:
    """Only those see it whose data it is."""
    assert codes(found(text, visibility="private")) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Flight LW 214 leaves at 18:40 from gate 12.",
        "You get 10,000 points until 2026-12-31.",
        "Order by 16:00 and it comes tomorrow.",
        "Your order is on its way, and your account is open again.",
        "Reference books are on the third floor.",
        "Version 10.0.18363.1256 mends it.",
    ],
)
def test_what_looks_like_data_is_none(text: str) -> None:
    """Dates, flights, versions and plain words are left alone."""
    assert codes(found(text)) == set()


def test_a_contact_of_the_house_may_be_given() -> None:
    """What is listed, and addresses on its own sites."""
    house = {"house": {"contacts": ["+44 20 7946 0018"], "sites": ["shop.example"]}}
    own = Playbook.from_mapping(house)

    for text in ("Our line is +44 (0)20-7946 0018.", "It is post@help.shop.example."):
        assert "contact_data" not in codes(found(text, playbook=own))
    assert "contact_data" in codes(found("Is it ada@mail.example?", playbook=own))


def test_what_the_customer_told_stops() -> None:
    """Their own number is more than a number that nobody knows."""
    conversation = talk(
        asks(0, text="My number is 020 7946 0018", visibility="private", channel="x")
    )
    answer = Answer(text="So it is 020 7946 0018, right?", channel="x", visibility="public")

    assert "personal_data" in codes(PLAIN.check(answer, conversation))


def test_a_number_told_in_private_stays_there() -> None:
    """Whatever it is the number of; a year is nobody's."""
    told = asks(0, text="It is 00481516, since 2026", visibility="private", channel="x")
    said = Answer(text="00481516 is on its way, as all of 2026.", channel="x")
    (finding,) = PLAIN.check(said, talk(told))

    assert (finding.code, finding.start, finding.end) == ("personal_data", 0, 8)
    assert PLAIN.check(said, talk(asks(0, text="It is 00481516", channel="x"))) == ()


def test_the_contact_of_a_colleague_stays_inside() -> None:
    """In private, too."""
    inside = Playbook.from_mapping(
        {
            "stakeholders": [
                {"name": "press", "about": "papers", "contact": {"email": "press@shop.example"}}
            ],
            "house": {"sites": ["shop.example"]},
        }
    )
    (finding,) = found("Write to press@shop.example.", playbook=inside, visibility="private")[:1]

    assert finding.code == "personal_data"
    assert "colleagues reach press" in finding.reason


def test_what_a_classifier_finds_counts_too() -> None:
    """The extra `text` knows national numbers."""
    text = "Your number 078-05-1120 is on file."
    said = Annotation(sense="personal_data", value="ssn", by="test 1", start=12, end=23)

    assert "personal_data" in codes(found(text, annotations=[said]))


@pytest.mark.parametrize(
    "text",
    [
        "What is your account number?",
        "Please send us your email address and phone number.",
        "Can you confirm your date of birth?",
        "May I have your booking reference?",
        "Reply with your postcode and full name.",
    ],
)
def test_asking_for_data_in_public_stops(text: str) -> None:
    """With no word of a private place for it."""
    assert codes(found(text, "It does not work")) == {"asks_in_public"}


@pytest.mark.parametrize(
    "text",
    [
        "Please DM us your account number.",
        "Send us a private message with your email address, please.",
        "Please don't post your account number here.",
        "We updated your account details last week.",
        "Have you tried your account on another phone?",
        "Your email is on its way.",
    ],
)
def test_asking_in_the_right_place_is_fine(text: str) -> None:
    """A private message, or not asking at all."""
    assert codes(found(text, "It does not work")) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Please send us your password.",
        "What is your PIN?",
        "Can you give me your credit card number and the security code?",
        "Please confirm your one-time code.",
    ],
)
@pytest.mark.parametrize("visibility", ["public", "private"])
def test_secrets_are_asked_for_nowhere(text: str, visibility: str) -> None:
    """Not in private either."""
    findings = found(text, visibility=visibility)

    assert "asks_secret" in codes(findings)
    assert findings[0].severity is Severity.STOP


def test_saying_that_nobody_asks_for_secrets_is_fine() -> None:
    """A bank says so in every message."""
    text = "We will never ask you to send us your PIN or your password."

    assert codes(found(text, visibility="private")) == set()


# Manner


@pytest.mark.parametrize(
    "text", ["What the fuck", "sh1t happens", "f**k that", "F.U.C.K off", "b1tch"]
)
def test_swearing_stops(text: str) -> None:
    """Also in disguise."""
    assert "profanity" in codes(found(text))


def test_a_word_is_found_once() -> None:
    """With or without what follows it."""
    assert len(found("FUCK!!! That is it.")) == 1


def test_milder_words_are_warned_of() -> None:
    """Not every word is as bad."""
    (finding,) = found("Damn, that took long.")

    assert (finding.code, finding.severity) == ("profanity", "warn")


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Penistone and Cockermouth are on that line.",
        "The class begins at 9, and the cocktails at 5.",
        "Mr Dickson will assess the assets, @bitchin_tunes.",
        "Take the 5:10 from platform 4 or the b1 bus.",
        "It costs $45 & ships in 2-3 days!",
    ],
)
def test_words_that_only_look_like_it_are_fine(text: str) -> None:
    """Whole words are compared, without names."""
    assert "profanity" not in codes(found(text))


def test_a_house_has_words_of_its_own() -> None:
    """Some are allowed there, others are not."""
    own = Playbook.from_mapping({"house": {"allowed": ["bloody"], "swearwords": ["muppet"]}})

    assert codes(found("A Bloody Mary is on the menu.", playbook=own)) == set()
    assert codes(found("What a muppet.", playbook=own)) == {"profanity"}


@pytest.mark.parametrize(
    "text",
    [
        "As we already told you, it takes a week.",
        "Please calm down.",
        "You should have read the terms.",
        "That's not our fault.",
        "There's nothing we can do.",
        "It is company policy.",
        "You need to understand that we are busy.",
        "As previously stated, no.",
        "If you had read the mail, you'd know.",
    ],
)
def test_defending_oneself_is_warned_of(text: str) -> None:
    """The place is that of the phrase."""
    findings = [each for each in found(text) if each.code is Code.DEFENSIVE]

    assert findings
    assert findings[0].start is not None


@pytest.mark.parametrize(
    "text",
    [
        "You should have received a mail by now.",
        "The storm should calm, and down the line it will be fine.",
        "I understand. There is one thing that we can do.",
        "You need to press the button at the back.",
        "As I see it, you are right.",
    ],
)
def test_what_helps_is_not_defensive(text: str) -> None:
    """Words alone do not make it so."""
    assert "defensive" not in codes(found(text))


HOUSE = Playbook.from_mapping(
    {
        "donts": [
            {
                "name": "no blame",
                "says": "The parcel is ours.",
                "query": '"contact the courier"',
                "instead": "I'll ask the courier.",
                "severity": "stop",
            },
            {"name": "people only", "says": "Be kind."},
        ],
        "voice": {"instead": {"kindly": "please"}},
        "findings": {"redirect": "off"},
    }
)


def test_what_the_house_does_not_do_is_found_by_its_query() -> None:
    """With its own words for it, and the place."""
    (finding,) = found("You can contact the courier.", playbook=HOUSE)

    assert (finding.code, finding.severity) == ("dont", "stop")
    assert finding.suggestion == 'rather: "I\'ll ask the courier."'
    assert (finding.start, finding.end) == (8, 15)


def test_words_of_another_voice_are_hinted_at() -> None:
    """The house has others."""
    (finding,) = found("Kindly wait a day.", playbook=HOUSE)

    assert (finding.code, finding.severity, finding.suggestion) == ("voice", "hint", "say 'please'")


# Fit


@pytest.mark.parametrize("text", ["Thanks!", "Sorry to hear that!", "Have a great weekend."])
def test_what_can_answer_nothing_is_hinted_at(text: str) -> None:
    """No word of the question, no fact, link or step."""
    findings = found(text, "When will my parcel arrive?")

    assert codes(findings) == {"no_answer"}
    assert findings[0].severity is Severity.HINT


def test_who_asked_nothing_needs_no_answer() -> None:
    """Thanks get thanks."""
    assert codes(found("You're welcome!", "Thank you so much")) == set()


def test_a_link_is_offered_for_a_question() -> None:
    """Where there is an article that fits."""
    helped = Playbook.from_mapping(
        {
            "resources": [
                {
                    "title": "Lost property",
                    "url": "https://x.example/lost",
                    "words": ["left umbrella", "forgot bag on train"],
                }
            ]
        }
    )
    question = "I left my umbrella on the train, what now?"
    (finding,) = found("We'll have a look for the umbrella.", question, playbook=helped)

    assert (finding.code, finding.suggestion) == ("no_link", "offer https://x.example/lost")
    assert codes(found("See https://x.example/lost", question, playbook=helped)) == set()
    assert codes(found("It is ten past five.", "What time is it?", playbook=helped)) == set()


def language(tag: str, by: str = "test 1") -> Annotation:
    """What a classifier says of a text's language."""
    return Annotation(sense="language", value=tag, by=by, confidence=0.95)


def test_another_language_is_warned_of() -> None:
    """By what a classifier says of the answer, and the channel or a classifier of the question."""
    asked = talk(asks(0, text="Wo ist mein Paket?", language="de"))
    answer = Answer(text="It is on its way to you.", channel="x")

    assert codes(PLAIN.check(answer, asked, annotations=[language("en")])) == {"wrong_language"}
    assert codes(PLAIN.check(answer, asked, annotations=[language("de-AT")])) == set()
    assert codes(PLAIN.check(answer, asked)) == set()


def test_another_script_needs_no_classifier() -> None:
    """Letters tell."""
    (finding,) = found("It is on its way to you.", "Где мой заказ? Жду уже неделю")

    assert finding.code is Code.WRONG_LANGUAGE
    assert "Cyrillic" in finding.reason


# Sending


@pytest.mark.parametrize(
    "text",
    [
        "Please call us on 0800 157 0140.",
        "You can email us at any time.",
        "Please contact our support team.",
        "Visit your nearest branch, please.",
        "Please reach us by phone or chat here: https://x.example/help",
        "Give us a call and we'll sort it out.",
        "Please fill in our online form.",
        "You need to contact the airline about that.",
    ],
)
def test_sending_somebody_away_is_warned_of(text: str) -> None:
    """With the offer to go on in private where they are."""
    findings = [each for each in found(text, "My order is broken") if each.code is Code.REDIRECT]

    assert findings
    assert "private message on x" in findings[0].suggestion


@pytest.mark.parametrize(
    "text",
    [
        "We will call you this afternoon.",
        "Did you call us yesterday?",
        "Please send us a private message.",
        "DM us and we'll look into it.",
        "No need to call us, it is done.",
        "Thank you for calling us about it.",
        "You'll get an email from us.",
        "They call us the best.",
    ],
)
def test_staying_is_no_redirect(text: str) -> None:
    """The house calls, the customer called, or it goes on in private."""
    assert "redirect" not in codes(found(text, "My order is broken"))


@pytest.mark.parametrize(
    "asked",
    [
        "What's your phone number?",
        "Can I speak to a human?",
        "who can I contact about it",
        "How do I make a complaint?",
    ],
)
def test_who_asks_for_another_channel_may_get_it(asked: str) -> None:
    """It is an answer then."""
    assert "redirect" not in codes(found("Please call us on 0800 157 0140.", asked))


def test_a_rule_may_send_elsewhere() -> None:
    """A law, or the house, wants some matters on another channel."""
    lawful = Playbook.from_mapping(
        {
            "elsewhere": [
                {
                    "name": "fraud",
                    "query": "fraud OR scam",
                    "channel": "phone",
                    "how": "159",
                    "reason": "minutes count",
                }
            ]
        }
    )
    text = "Please call us on 159 now."

    assert "redirect" not in codes(found(text, "I fell for a scam", playbook=lawful))
    assert "redirect" in codes(found(text, "The app is slow", playbook=lawful))


SAID = "Hi Ben, we're here to help! Send us a DM with your order so we can follow up. ^AB"
ALIKE = [
    Sent(
        f"@u{n} We're here to help, {name}! Send us a DM with your order so we can follow up ^CD",
        f"o{n}",
    )
    for n, name in enumerate(("Cy", "Di", "Ed"))
]


def test_copies_are_hinted_at() -> None:
    """Names, addresses and initials apart, three others got the same."""
    (finding,) = found(SAID, "Help me", recent=ALIKE)

    assert finding.code is Code.COPIED
    assert "3 others" in finding.reason


def test_a_few_alike_are_no_copies() -> None:
    """And what went to this conversation is not to others."""
    other = [Sent(each.text, "c") for each in ALIKE]

    assert codes(found(SAID, "Help me", recent=ALIKE[:2])) == set()
    assert "copied" not in codes(found(SAID, "Help me", recent=other))


def test_short_answers_are_alike_by_chance() -> None:
    """Thanks are thanks."""
    same = [Sent("You're welcome!", str(n)) for n in range(9)]

    assert codes(found("You're welcome!", "Thanks", recent=same)) == set()


def test_saying_it_again_is_warned_of() -> None:
    """To the same customer."""
    said = talk(asks(0, text="Help"), answers(1, text=SAID), asks(2, text="I did that already!"))

    assert codes(PLAIN.check(Answer(text=SAID, channel="x"), said)) == {"repeated"}


def test_one_of_many_is_told_with_all() -> None:
    """While a known problem concerns them, in public."""
    text = "We know about it and are working on it."
    status = Playbook.from_mapping({"house": {"status_page": "https://x.example/status"}})

    assert codes(found(text, "App down?", problem="the app is down")) == {"to_everybody"}
    assert codes(found(text, "App down?", problem="it", visibility="private")) == set()
    assert (
        codes(
            found(
                "It's on https://x.example/status",
                "App down?",
                problem="the app is down",
                playbook=status,
            )
        )
        == set()
    )


# What a playbook makes of it


def test_a_playbook_says_how_much_it_matters() -> None:
    """Or that nobody looks for it."""
    text = "Please calm down, and call us."
    own = Playbook.from_mapping(
        {"findings": {"defensive": {"severity": "stop", "overrule": False}, "redirect": "off"}}
    )
    (finding,) = found(text, "It broke", playbook=own)

    assert (finding.severity, finding.overrule) == ("stop", False)


def test_the_worst_comes_first() -> None:
    """And then what comes first in the text."""
    findings = found("Calm down. Damn. What is your PIN?", "When will it come?")

    assert [each.code.value for each in findings] == ["asks_secret", "defensive", "profanity"]


PIECES = ["a ", "call us ", "4", "@", "{{", "your ", "http://", "f*", ".", "send us your ", "a@a."]


@pytest.mark.parametrize("piece", PIECES)
def test_long_texts_are_checked_in_bounded_time(piece: str) -> None:
    """A hundred kilobytes of anything."""
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    found(text, text[:5_000], channel="email")

    assert time.process_time() - began < 3


ROUGH = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            ["call us", "{{ a }}", "4111 1111 1111 1111", "@ada", "https://x.example/a?b=1", "f**k",
             "calm down", "your PIN", "?", ". ", "\n", "\u200d", "\U0001f469\U0001f3fd", "e\u0301"]
        ),
    ),
    max_size=12,
).map(" ".join)  # fmt: skip


@given(ROUGH, ROUGH, st.sampled_from(["x", "bluesky", "mastodon", "email"]))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_is_checked(text: str, asked: str, channel: str) -> None:
    """Nothing raises, places are in the text, the worst comes first, and it is the same twice."""
    findings = found(text, asked or "?", channel=channel)
    ranks = [list(Severity).index(each.severity) for each in findings]

    assert all(0 <= each.start <= (each.end or 0) <= len(text) for each in findings if each.start)
    assert ranks == sorted(ranks)
    assert findings == found(text, asked or "?", channel=channel)


@pytest.mark.parametrize(
    "text", ["fu\u0441k you", "\uff46\uff55\uff43\uff4b", "\u0455h\u0456t", "FUCK!!!", "fucking"]
)
def test_letters_of_other_scripts_hide_nothing(text: str) -> None:
    """Cyrillic and full width look the same to who reads it."""
    assert "profanity" in codes(found(text))
