"""Thanks, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.acknowledgement import is_acknowledgement

THANKS = """
Thanks!
@shop Thank you so much, it works now! 🎉
thx
Thanks for your help
Thank you for the quick response!
Solved, thanks
All good now, cheers
That did the trick, thank you Anna
Much appreciated!
OK thanks &amp; have a nice day
@115712 thanks! https://t.co/abc
Danke, funktioniert wieder!
Vielen Dank für die schnelle Hilfe
Merci beaucoup, ça marche
merci pour l\u2019aide
Merci encore
Muchas gracias
Sí, ya funciona, gracias
Grazie mille, ora funziona
Muito obrigado, já funciona
Dank je wel!
Bedankt, het werkt weer
""".strip().splitlines()

SOMETHING_ELSE = """
Thanks, but it still does not work
Thanks for nothing
Thanks?
Thank you for ruining my day
Thanks a lot for losing my bag
thanks for wasting my time
no thanks
thanks 🙄
Thanks. When will it arrive
Thanks, I will try that
please get this fixed
not fixed
I don&#39;t think it works
hope it gets resolved
Danke, aber es geht nicht
Danke für nichts
merci mais ça ne marche pas
gracias pero no funciona
Gracias por nada
grazie ma non funziona
obrigado mas não funciona
bedankt maar het werkt niet
Where is my parcel
hello
🙏
Thank you all so much for everything you have done for me and my family this week
""".strip().splitlines()


@pytest.mark.parametrize("text", THANKS)
def test_thanks_are_an_acknowledgement(text: str) -> None:
    """Short thanks or success, with names, links and emoji around it."""
    assert is_acknowledgement(text)


@pytest.mark.parametrize("text", [*SOMETHING_ELSE, ""])
def test_something_else_is_none(text: str) -> None:
    """Doubt, refusal, a question, a request, sarcasm, or too much."""
    assert not is_acknowledgement(text)


def test_a_long_text_is_not_looked_at() -> None:
    """Whatever is in it, a text of thousands of signs says something else."""
    assert not is_acknowledgement("thanks " + "@" * 100_000)


@given(st.text(max_size=100))
def test_a_question_is_never_one(text: str) -> None:
    """A question mark outside of a name or link rules it out."""
    assert not is_acknowledgement(f"{text} thanks ?")


@given(st.sampled_from(THANKS), st.sampled_from(("but", "aber", "mais", "pero", "maar", "still")))
def test_a_doubt_is_never_one(text: str, doubt: str) -> None:
    """A word of doubt after the thanks rules it out."""
    assert not is_acknowledgement(f"{text} {doubt} wait")
