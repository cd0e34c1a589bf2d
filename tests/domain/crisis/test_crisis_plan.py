"""Crisis plans: what is said to whom, as a document, and what is missing from one."""

from pathlib import Path

import pytest

from builders import asks
from socialcare.domain.crisis.plan import CrisisPlan, Opens
from socialcare.domain.crisis.plan_check import FindingCode, check
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.query import Subject
from socialcare.domain.rota import Rota
from socialcare.errors import InvalidPolicy, InvalidQuery, InvalidValue

EXAMPLES = Path(__file__).parents[3] / "examples"
HOLDING = [
    {"text": "We know.", "channels": ["x"]},
    {"text": "Wir wissen es.", "language": "de"},
    {"text": "We know, and will write to you."},
]


def plan(**fields: object) -> CrisisPlan:
    """A plan of these keys."""
    return CrisisPlan.from_mapping(fields, where="crisis.toml")


def about(text: str) -> Subject:
    """A message that says that."""
    return Subject(message=asks(0, text=text))


@pytest.mark.parametrize("house", ["airline", "bank", "shop"])
def test_the_samples_are_whole(house: str) -> None:
    """The plans that come along have nothing missing, and read back equal."""
    found = CrisisPlan.from_toml(EXAMPLES / house / "crisis.toml")

    assert check(found, channels=("x", "chat")) == ()
    assert CrisisPlan.from_mapping(found.to_mapping()) == found


@pytest.mark.parametrize("house", ["airline", "bank", "shop"])
def test_the_samples_tell_teams_that_there_are(house: str) -> None:
    """Whoever is told is on the rota of the same house."""
    found = CrisisPlan.from_toml(EXAMPLES / house / "crisis.toml")
    rota = Rota.from_toml(EXAMPLES / house / "rota.toml")
    told = {*found.told_of_floods(), *(each for state in CrisisState for each in found.told(state))}

    assert told <= {team.name for team in rota.teams}


def test_a_policy_is_a_plan() -> None:
    """The keys of a policy stand at the top of a plan, which may say nothing more."""
    found = plan(version="7", false_alarm_every="60d", topics=["login"])

    assert found.policy == CrisisPolicy.from_mapping(
        {"version": "7", "false_alarm_every": "60d", "topics": ["login"]}
    )
    assert (found.version, found.topics) == ("7", ())


def test_topics_are_found_by_their_queries() -> None:
    """A message is about the topics whose queries hold for it, and these are watched."""
    found = plan(topics={"refunds": "refund OR money", "login": '"log in"'})

    assert found.policy.topics == ("refunds", "login")
    assert found.topics_of(about("I want a refund")) == ("refunds",)
    assert found.topics_of(about("hello")) == ()


def test_everybody_named_is_told_once() -> None:
    """Who is told follows from the state; of floods only those who want to be."""
    found = plan(tell=[{"to": ["ann", "pr"]}, {"states": ["declared"], "to": "ann", "flood": True}])

    assert found.told(CrisisState.DECLARED) == ("ann", "pr")
    assert found.told(CrisisState.OVER) == ()
    assert found.told_of_floods() == ("ann",)


@pytest.mark.parametrize(
    ("channel", "language", "said"),
    [
        ("x", None, "We know."),
        ("x", "de", "Wir wissen es."),
        ("chat", "fr", "We know, and will write to you."),
    ],
)
def test_the_holding_message_fits(channel: str, language: str | None, said: str) -> None:
    """What is written for the language comes first, then what is for the channel."""
    found = plan(holding=HOLDING).holding_message(channel, language)

    assert found is not None
    assert found.text.text == said


def test_the_first_answer_that_holds_is_given() -> None:
    """An answer is for one type of message."""
    answers = [
        {"name": "refund", "query": "refund", "text": "Here is how: {{ link }}"},
        {"name": "late", "query": "late OR refund", "text": "It comes."},
    ]
    found = plan(answers=answers).answer(about("my refund is late"))

    assert found is not None
    assert found.name == "refund"
    assert plan(answers=answers).answer(about("hello")) is None


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"tel": []}, "crisis.toml: found 'tel', expected a key out of tell"),
        ({"tell": [{"to": []}]}, "crisis.toml: tell[0].to: found [], expected an agent or a team"),
        (
            {"tell": [{"states": ["worse"], "to": "a"}]},
            "crisis.toml: tell[0].states[0]: found 'worse', expected one of 'watching', ",
        ),
        ({"holding": [{}]}, "crisis.toml: holding[0].text: found 'nothing', expected what can be"),
        (
            {"holding": [{"text": "We {{ know"}]},
            "crisis.toml: holding[0].text: found '{{', expected a place such as {{ customer }}",
        ),
        (
            {"answers": [{"name": "a", "query": "(", "text": "b"}]},
            "crisis.toml: answers[0].query, character 2: found 'the end', expected",
        ),
        (
            {"answers": [{"name": "a", "query": "a", "text": "b"}] * 2},
            "crisis.toml: answers[1].name: found 'a', expected a name that crisis.toml: answers[0]",
        ),
        ({"topics": {"a": 1}}, "crisis.toml: topics.a: found 1, expected a text that is not empty"),
        (
            {"mass_issue": {"opens": "never"}},
            "crisis.toml: mass_issue.opens: found 'never', expected one of 'by_hand', 'when_d",
        ),
        (
            {"afterwards": {"per_minute": 0}},
            "crisis.toml: afterwards.per_minute: found 0, expected a whole number above 0",
        ),
        ({"quiet_for": "3h"}, "crisis.toml: quiet_for: found '3:00:00', expected one of the win"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(keys: dict[str, object], said: str) -> None:
    """An error names the document, the key, what was found and what would be right."""
    with pytest.raises(InvalidValue) as wrong:
        plan(**keys)
    assert str(wrong.value).startswith(said)
    assert isinstance(wrong.value, InvalidPolicy | InvalidQuery)


def test_a_plan_that_says_nothing_lacks_everything() -> None:
    """A check says what nobody would notice until it is too late."""
    codes = [each.code for each in check(CrisisPlan())]

    assert codes == [
        FindingCode.NOBODY_TOLD,
        FindingCode.NOBODY_TOLD,
        FindingCode.NOTHING_TO_SAY,
        FindingCode.NO_UPDATES,
        FindingCode.NOTHING_AFTERWARDS,
    ]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"holding": [{"text": "a" * 281}]}, FindingCode.TOO_LONG),
        ({"holding": [{"text": "a", "channels": ["x"]}]}, FindingCode.NOTHING_TO_SAY),
        ({"topics": ["a"]}, FindingCode.NO_QUERY),
        ({"topics": {"a": "b -b"}}, FindingCode.IMPOSSIBLE),
        (
            {
                "answers": [
                    {"name": "a", "query": "late", "text": "b"},
                    {"name": "c", "query": "late parcel", "text": "d"},
                ]
            },
            FindingCode.NEVER_REACHED,
        ),
    ],
)
def test_what_is_of_no_use_is_found(keys: dict[str, object], code: FindingCode) -> None:
    """Texts that are too long, queries that can't hold, and answers behind others are found."""
    assert code in [each.code for each in check(plan(**keys), channels=("chat",))]


def test_an_issue_opens_by_hand_unless_the_plan_says_more() -> None:
    """Nothing is opened without a person by default."""
    assert plan().mass_issue.opens is Opens.BY_HAND
