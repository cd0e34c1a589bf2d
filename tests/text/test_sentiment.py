"""Sentiment, complaint and thanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]  # it has no types
    BOOSTER_DICT,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from socialcare.domain.annotation import Sense
from socialcare.domain.sentiment import sentiment_class
from socialcare.errors import InvalidValue
from socialcare.text.scores import sentiment_score
from socialcare.text.sentiment import ServiceSentiment
from socialcare.text.sound import Sound

SENTIMENT = ServiceSentiment()
SOUND = Sound()
VADER = SentimentIntensityAnalyzer()


def says(text: str, sense: Sense, language: str | None = None) -> object:
    """The value of one sense."""
    said = {each.sense: each.value for each in SENTIMENT.annotations(text, language=language)}
    return said[sense]


@pytest.mark.parametrize(
    "text",
    [
        "3 hours late and no info",
        "my bag never arrived",
        "@acme app keeps crashing",
        "been on hold for 40 minutes",
        "why is my flight cancelled again",
        "you charged me twice and nobody answers",
        "third time I ask, still no reply",
        "this is ridiculous",
        "it won't let me log in",
        "I will never fly with you again",
        "not happy at all",
        "the driver was rude",
        "#EpicFail",
        "fix your website",
    ],
)
def test_facts_are_complaints(text: str) -> None:
    """Who tells what went wrong complains, whether or not a word sounds bad."""
    assert says(text, Sense.COMPLAINT) is True
    assert sentiment_class(float(str(says(text, Sense.SENTIMENT)))) == "negative"


@pytest.mark.parametrize(
    "text",
    [
        "thanks for nothing",
        "thank you for ruining my holiday",
        "great job losing my luggage",
        "\U0001f44f well done, lost my order twice",
        "gotta love waiting 3 hours",
        'your "customer service" is something else',
        "yeah right, on time again",
        "so they promised \U0001f644",
    ],
)
def test_irony_is_no_praise(text: str) -> None:
    """Words of praise beside what denies them, quotation marks and rolled eyes complain."""
    assert says(text, Sense.COMPLAINT) is True
    assert says(text, Sense.THANKS) is False


@pytest.mark.parametrize(
    "text",
    [
        "thank you so much for the quick reply!",
        "great job by the crew today \U0001f44f",
        "love the new planes",
        "no problem at all, it's fixed now, thanks",
    ],
)
def test_praise_is_praise(text: str) -> None:
    """Thanks and praise are positive, and no complaint."""
    assert says(text, Sense.THANKS) is True
    assert says(text, Sense.COMPLAINT) is False
    assert sentiment_class(float(str(says(text, Sense.SENTIMENT)))) == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "what time do you open tomorrow?",
        "can I bring a guitar as carry on?",
        "do you fly to Lima?",
        "just sent you a DM",
        "iPhone 7, iOS 11.1",
    ],
)
def test_plain_questions_are_neutral(text: str) -> None:
    """Who asks calmly, or answers, neither complains nor thanks."""
    assert says(text, Sense.COMPLAINT) is False
    assert sentiment_class(float(str(says(text, Sense.SENTIMENT)))) == "neutral"


@pytest.mark.parametrize("emoji", ["\U0001f621", "\U0001f92c", "\U0001f44e", "\U0001f644"])
def test_emoji_count(emoji: str) -> None:
    """An angry face tips what would be neutral."""
    calm = SENTIMENT.reading("my order 12")
    angry = SENTIMENT.reading(f"my order 12 {emoji}")

    assert calm is not None
    assert angry is not None
    assert angry.complaint > calm.complaint + 0.1


@pytest.mark.parametrize("language", ["fr", "es-MX", "ja"])
def test_other_languages_are_not_judged(language: str) -> None:
    """Of a text in another language it says None, whatever its words look like."""
    values = [each.value for each in SENTIMENT.annotations("no service", language=language)]

    assert values == [None, None, None]


@pytest.mark.parametrize("language", ["en", "en-GB", "EN_us", "und", None])
def test_english_is_read_wherever_it_is_spoken(language: str | None) -> None:
    """Regions make no difference, and what nobody knows is read."""
    assert says("worst service ever", Sense.COMPLAINT, language) is True


@pytest.mark.parametrize("text", ["", "   ", "届かない", "где мой заказ"])
def test_what_cannot_be_read_is_unknown(text: str) -> None:
    """Nothing, and other scripts, are None without a confidence."""
    said = SENTIMENT.annotations(text)

    assert {(each.value, each.confidence) for each in said} == {(None, None)}


@pytest.mark.parametrize("languages", [(), ("de",), ("en", "fr")])
def test_it_promises_no_language_without_words(languages: tuple[str, ...]) -> None:
    """A language for which there is no lexicon is refused."""
    with pytest.raises(InvalidValue, match="languages"):
        ServiceSentiment(languages)


@given(st.text())
def test_values_fit(text: str) -> None:
    """Any text has the three senses, and a complaint is never positive."""
    sentiment, complaint, _ = SENTIMENT.annotations(text)

    assert complaint.value is not True or float(str(sentiment.value)) < 0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_score_has_the_likeliest_class(
    negative: float, neutral: float, positive: float
) -> None:
    """The score falls into the class with the greatest chance."""
    shares = {"negative": negative, "neutral": neutral, "positive": positive}
    score = sentiment_score(negative, neutral, positive)

    assert shares[sentiment_class(score)] == max(shares.values())


WORDS = st.sampled_from(
    ["but", "BUT", "kind", "of", "least", "at", "so", "this", "the", "flight", "GREAT", ":)",
     *NEGATE[::5], *list(BOOSTER_DICT)[::7], *SPECIAL_CASES, *list(VADER.lexicon)[::300]]
)  # fmt: skip


@given(
    st.lists(WORDS, max_size=15), st.sampled_from(["", "!", "!!!", "??", "?!?!?!", "\U0001f621"])
)
def test_vader_is_unchanged(words: list[str], end: str) -> None:
    """The score is that of VADER itself, for whatever words."""
    text = " ".join(words) + end

    assert SOUND.score(text) == VADER.polarity_scores(text)["compound"]
