"""Help articles: which one fits a message, and that chance is not enough."""

from pathlib import Path

import pytest

from socialcare.domain.help_articles import LEAST, HelpArticle, HelpIndex, help_articles
from socialcare.domain.words import words
from socialcare.errors import InvalidValue

EXAMPLE = Path(__file__).parents[2] / "examples" / "data" / "help.toml"
LOST = HelpArticle(title="Lost property", url="/lost", words=["umbrella", "left on a train"])
BIKES = HelpArticle(title="Bicycles on trains", url="/bikes", words=["bring a bike"])
SAID = [words(text) for text in ["the train is late", "where is the train", "no seat"] * 40]


def matched(text: str) -> str | None:
    """The address of the article that fits a text."""
    match = HelpIndex([LOST, BIKES], [*SAID, words(text)]).match(words(text))
    return match.article.url if match else None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("I lost an umbrella", "/lost"),
        ("can I bring bicycles?", "/bikes"),
        ("umbrella", None),
        ("the train is late", None),
        ("", None),
    ],
)
def test_two_rare_words_in_common_are_needed(text: str, url: str | None) -> None:
    """One is chance, and words of every other message do not count."""
    assert matched(text) == url


def test_a_match_says_its_words_and_score() -> None:
    """As the message wrote them, plural or not."""
    said = words("may I bring two bikes")
    match = HelpIndex([LOST, BIKES], [*SAID, said]).match(said)

    assert match is not None
    assert set(match.words) == {"bring", "bikes"}
    assert match.score >= LEAST


def test_a_few_messages_are_enough_to_ask_about() -> None:
    """They are taken for a part of many."""
    said = words("I lost my umbrella")

    assert HelpIndex([LOST], [said]).match(said) is not None


def test_the_example_has_articles() -> None:
    """Each with a title and an address."""
    assert all(each.title and each.url for each in help_articles(EXAMPLE))


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("", "expected at least one article"),
        ('[[articles]]\ntitle = "x"', r"help.toml: articles\[0\].url: found 'nothing'"),
        ('[[articles]]\ntitle = "x"\nurl = "/x"\nword = "y"', r"found 'word', expected a key"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, document: str, error: str) -> None:
    """With what was found, and what would be right."""
    path = tmp_path / "help.toml"
    path.write_text(document)

    with pytest.raises(InvalidValue, match=error):
        help_articles(path)
