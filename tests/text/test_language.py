"""In what language a text is."""

import logging
import subprocess
import sys

import pytest

from socialcare.errors import InvalidValue
from socialcare.text.language import LanguageClassifier

FOUR = LanguageClassifier(("en", "es", "fr", "ja"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", "en"),
        ("WHERE IS MY ORDER @acme", "en"),
        ("¿Dónde está mi pedido?", "es"),
        ("merci beaucoup pour votre aide", "fr"),
        ("商品が届かない", "ja"),
    ],
)
def test_a_language_of_the_brand_is_told(text: str, language: str) -> None:
    """Each of the brand's languages is recognised."""
    (said,) = FOUR.annotations(text)

    assert said.value == language
    assert said.confidence is not None
    assert said.confidence >= 0.5


@pytest.mark.parametrize(
    "text", ["Wo ist mein Paket geblieben?", "где мой заказ", "Waar is mijn bestelling"]
)
def test_another_language_is_unknown(text: str) -> None:
    """A language that the brand does not have is not taken for one that it has."""
    (said,) = FOUR.annotations(text)

    assert said.value is None


@pytest.mark.parametrize(
    "text",
    ["", "ok", "lol", "\U0001f621\U0001f621", "@acme @other", "https://a.example/where-is-my-order",
     "hahahahahaha", "¯\\_(ツ)_/¯", "(╯°□°)╯︵ ┻━┻", "/\\_/\\ ( o.o ) > ^ <", "12345 67890 11"],
)  # fmt: skip
def test_too_little_is_unknown(text: str) -> None:
    """Few letters, emoji, mentions, addresses, laughter and drawings say nothing."""
    (said,) = FOUR.annotations(text)

    assert said.value is None


def test_only_the_brands_languages_compete() -> None:
    """What looks a little like many languages is one of the brand's, not of the others."""
    (said,) = LanguageClassifier(("pt-BR", "en")).annotations("obrigado pela ajuda, pessoal")

    assert said.value == "pt"


@pytest.mark.parametrize("languages", [(), ("xx",), ("english",)])
def test_a_language_has_a_known_tag(languages: tuple[str, ...]) -> None:
    """Languages that the model does not know are refused."""
    with pytest.raises(InvalidValue, match="languages"):
        LanguageClassifier(languages)


def test_it_is_silent(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    """It neither prints nor logs, also of texts that are cut or have several lines."""
    with caplog.at_level(logging.DEBUG):
        LanguageClassifier(("en",)).annotations("a long\ntext " * 1000)

    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_it_downloads_nothing() -> None:
    """It works where nothing may be connected to."""
    program = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('connected')\n"
        "socket.socket.connect = refuse\n"
        "from socialcare.text.language import LanguageClassifier\n"
        "print(LanguageClassifier(('en',)).annotations('where is my order')[0].value)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )

    assert (done.stdout, done.stderr) == ("en\n", "")
