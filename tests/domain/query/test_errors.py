"""What is wrong with a query, where, and what would be right."""

import pytest

from socialcare.domain.query import Query
from socialcare.domain.query.scanner import DEEPEST, LONGEST
from socialcare.errors import InvalidQuery

WORD = "a word or phrase"


@pytest.mark.parametrize(
    ("query", "position", "found", "right"),
    [
        ("", 0, "the end", WORD),
        ("   ", 3, "the end", WORD),
        ("late AND", 8, "the end", WORD),
        ("late OR OR lost", 8, "OR", WORD),
        ("AND late", 0, "AND", WORD),
        ("NOT", 3, "the end", WORD),
        ("late (", 6, "the end", WORD),
        ("()", 1, ")", WORD),
        ("(late", 5, "the end", ")"),
        ("late)", 4, ")", "a ( before it, or quotation marks around it"),
        (":)", 1, ")", "quotation marks"),
        ("+a OR b", 0, "+a OR b", "no + beside OR"),
        ("a OR +b", 5, "+b", "no + beside OR"),
        ('"late', 0, '"late', "a quotation mark at the end of it, too"),
        ('late"', 4, '"', "a quotation mark at the end of it, too"),
        ("late]", 4, "]", "quotation marks"),
        ("[1 TO 2]", 0, "[1 TO 2]", "quotation marks"),
        ("late - lost", 5, "-", 'a sign such as an emoji or ":)" in quotes'),
        ("!!", 1, "!", "a word"),
        ("late\\", 4, "\\", "a word"),
        ("/re.*/", 0, "/re.*/", "no regular expression"),
        ("late^2", 4, "^2", "no boost"),
        ("late~3", 0, "late~3", "at most ~2"),
        ("late~99999999", 0, "late~99999999", "at most ~2"),
        ("wi-fi~1", 0, "wi-fi~1", "a single word before ~"),
        ("ref*~1", 0, "ref*~1", "a single word before ~"),
        ("~", 0, "~", "a single word before ~"),
        ('"a b"~9999', 5, "~9999", "a single word before ~"),
        ("wi-f*", 0, "wi-f*", "a single word around * or ?"),
        ("what?!", 0, "what?!", "a single word around * or ?"),
        ("*" * 65, 0, "*" * 40, "at most 64 characters around * or ?"),
        ("folowers:>3", 0, "folowers:", "a field such as followers"),
        ("re:invent", 0, "re:", "or quotation marks around it if it is text"),
        ("zzz:1", 0, "zzz:", "a field out of "),
        ("channel:", 8, "the end", WORD),
        ("channel: x", 8, " x", "a value right here, without a space"),
        ("channel:>x", 9, "x", "channel has no order"),
        ("channel:[a TO b]", 9, "a", "channel has no order"),
        ("text:>3", 6, "3", "text has no order"),
        ("is:>3", 4, "3", "is has no order"),
        ("is:qestion", 3, "qestion", "a word such as question"),
        ("is:*", 3, "*", "a word out of assigned, "),
        ("is:question~", 3, "question~", "a word such as question"),
        ("has:(link OR nolink)", 13, "nolink", "a word such as link"),
        ("followers:many", 10, "many", "a number such as 10000, 10k or -0.5"),
        ("followers:>", 11, "the end", WORD),
        ("followers:> 3", 11, " 3", "a value right here, without a space"),
        ("followers:10~", 10, "10~", "a value without ~"),
        ("followers:[1 10]", 13, "10", "TO"),
        ("followers:[1 to 10]", 13, "to", "TO"),
        ("followers:[1 TO 10", 18, "the end", "]"),
        ("followers:[]", 11, "]", WORD),
        ("followers:[10 TO 1]", 11, "10", "the smaller bound before TO"),
        ("sent_at:yesterday", 8, "yesterday", "a date or time such as 2026-01-31"),
        ("sent_at:>2026-13-01", 9, "2026-13-01", "a date or time"),
        ("sent_at:2026-02-30", 8, "2026-02-30", "a date or time"),
        ("waiting:>3x", 9, "3x", 'a duration such as "30m"'),
        ("near:51.5,-0.12", 5, "51.5,-0.12", "latitude,longitude,kilometres"),
        ("near:51.5,-0.12,far", 5, "51.5,-0.12,far", "latitude,longitude,kilometres"),
        ("near:91,0,5", 5, "91,0,5", "degrees from -90 to 90"),
        ("name:!", 5, "!", "a word"),
        ("a " * 60_000, LONGEST, "a a a", "at most 100,000 characters"),
        ("(" * 10_000 + "a" + ")" * 10_000, DEEPEST, "((((", "at most 100 levels of parentheses"),
    ],
)
def test_a_wrong_query(query: str, position: int, found: str, right: str) -> None:
    """The error points at the character, shows what is there, and says what would be right."""
    with pytest.raises(InvalidQuery) as caught:
        Query(query)

    assert caught.value.position == position
    assert caught.value.query == query
    assert str(caught.value.found).startswith(found)
    assert right in caught.value.right
    assert str(caught.value).startswith(f"query, character {position + 1}: found ")


def test_an_error_is_short() -> None:
    """However long a query is, its error can be read."""
    with pytest.raises(InvalidQuery) as caught:
        Query("x" * 50_000 + "*")

    assert len(str(caught.value)) < 200
