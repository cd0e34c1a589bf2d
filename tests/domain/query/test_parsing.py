"""How queries are read."""

import pytest

from domain.query.asking import understood
from socialcare.domain.query import Query


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("refund", "refund"),
        ("Refund!", "refund"),
        ("late parcel", "(late & parcel)"),
        ("late AND parcel", "(late & parcel)"),
        ("late && parcel", "(late & parcel)"),
        ("late OR lost", "(late | lost)"),
        ("late || lost", "(late | lost)"),
        ("NOT late", "-late"),
        ("-late", "-late"),
        ("!late", "-late"),
        ("+late", "late"),
        ("late -lost +bag", "(late & -lost & bag)"),
        ("late lost bag", "(late & lost & bag)"),
        ("a OR b OR c", "(a | b | c)"),
        ("a OR b c", "(a | (b & c))"),
        ("a b OR c d", "((a & b) | (c & d))"),
        ("a AND b OR c AND NOT d", "((a & b) | (c & -d))"),
        ("NOT a b", "(-a & b)"),
        ("NOT a OR b", "(-a | b)"),
        ("NOT NOT a", "a"),
        ("--a", "a"),
        ("-(a b)", "-(a & b)"),
        ("NOT (a OR b)", "-(a | b)"),
        ("(a OR b) c", "((a | b) & c)"),
        ("((a))", "a"),
        ("(a b) c", "(a & b & c)"),
        ("(a OR b) OR c", "(a | b | c)"),
        ("a (b) c", "(a & b & c)"),
        ("(+a b) OR c", "((a & b) | c)"),
        ("(+a) OR c", "(a | c)"),
        ("-+a", "-a"),
        ("+-a", "-a"),
        ("and or not", "(and & or & not)"),
        ("ANDROID", "android"),
        ("NOTHING", "nothing"),
        ('NOT"a b"', "-a_b"),
        ("a AND(b)", "(a & b)"),
    ],
)
def test_operators(query: str, meaning: str) -> None:
    """OR binds loosest, then AND and mere neighbourhood, then NOT; only capitals are operators."""
    assert understood(query) == meaning


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ('"late parcel"', "late_parcel"),
        ("\u201clate parcel\u201d", "late_parcel"),
        ('\u201clate parcel"', "late_parcel"),
        ('"late parcel"~3', "late_parcel~3"),
        ('"late  PARCEL!"', "late_parcel"),
        ('"say \\"hi\\""', "say_hi"),
        ('"NOT"', "not"),
        ('"is:question"', "is_question"),
        ('"a*"', "a"),
        ('"a" "b"', "(a & b)"),
        ('"a""b"', "(a & b)"),
        ("wi-fi", "wi_fi"),
        ("AT&T", "at_t"),
        ("don't", "don_t"),
        ("10:30", "10_30"),
        ("C\u00f4t\u00e9", "cote"),
        ("\u6545\u969c", "\u6545_\u969c"),
        ('"!!"', "sign !!"),
        ('":)"', "sign :)"),
        ("\U0001f621", "sign \U0001f621"),
        ("\u2764\ufe0f", "sign \u2764"),
        ("\\-late", "late"),
        ("\\(late\\)", "late"),
        ("late\\*", "late"),
        ("\\AND", "and"),
        ("is\\:question", "is_question"),
    ],
)
def test_words_phrases_and_signs(query: str, meaning: str) -> None:
    """A term is cut as every text is; a backslash makes a sign a character like others."""
    assert understood(query) == meaning


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("#Fail", "#fail"),
        ("#fail!", "fail"),
        ("#17", "17"),
        ("hashtag:fail", "#fail"),
        ("hashtag:#Fail", "#fail"),
        ("#fail*", "#fail*"),
        ("@acme~", "@acme~"),
        ("hashtag:fail*", "hashtag:fail*"),
        ("@Acme", "@acme"),
        ("mentions:acme", "@acme"),
        ("mentions:@brand", "@brand"),
        ("mentions:brand", "mentions:brand"),
        ("acme.com/help", "link acme.com/help"),
        ("https://www.Acme.com/", "link acme.com"),
        ("link:acme.com", "link acme.com"),
        ("https://acme.com/a?b=c", "link acme.com/a?b=c"),
        ("acme.com/h*", "acme.com/h*"),
        ("me@acme.com", "me_acme_com"),
    ],
)
def test_what_points_at_something(query: str, meaning: str) -> None:
    """Hashtags, names and addresses are found as such, if there is nothing beside them."""
    assert understood(query) == meaning


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("ref*", "ref*"),
        ("*fund", "*"),
        ("r?fund", "r*"),
        ("refund~", "r*"),
        ("refund~2", "r*"),
        ("refund~0", "r*"),
        ("refund\\~2", "refund_2"),
        ("refund\\\\~2", "r*"),
        ("\u0440\u043e\u0441*", "(\u0440\u043e\u0441* | poc*)"),
        ("\u0440\u043e\u0441\u043e~", "(\u0440* | p*)"),
    ],
)
def test_patterns_and_slips(query: str, meaning: str) -> None:
    """A pattern begins with what stands before its first sign, whatever script that may be in."""
    assert understood(query) == meaning


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("channel:x", "channel:x"),
        ("Channel:x", "channel:x"),
        ('channel:"x y"', 'channel:"x y"'),
        ("channel:(x OR y)", "(channel:x | channel:y)"),
        ("is:(question -private)", "(is:question & -is:private)"),
        ("is:(+question)", "is:question"),
        ("has:(link OR emoji)", "(has:link | has:emoji)"),
        ("channel:(x is:question)", "(channel:x & is:question)"),
        ("-channel:x", "-channel:x"),
        ("text:late", "late"),
        ("text:(late lost)", "(late & lost)"),
        ("followers:>10k", "followers:>10k"),
        ("followers:>=10", "followers:>=10"),
        ("followers:>10 followers:<20", "(followers:>10 & followers:<20)"),
        ("followers:-1", "followers:-1"),
        ("followers:[1 TO 20}", "followers:[1 TO 20}"),
        ("followers:[* TO *]", "followers:[* TO *]"),
        ("sent_at:[2026-01-01 TO *]", "sent_at:[2026-01-01 TO *]"),
        ('sent_at:>"2026-01-01T09:00"', 'sent_at:>"2026-01-01T09:00"'),
        ("waiting:>1h30m", "waiting:>1h30m"),
        ("near:london", "near:london"),
        ("near:51.5,-0.12,25km", "near:51.5,-0.12,25km"),
        ("crm.Plan:gold", "crm.Plan:gold"),
        ("CRM.Plan:gold", "crm.Plan:gold"),
        ("crm.score:>5", "crm.score:>5"),
        ("from:from:x", "from:from:x"),
        ("TO to", "(to & to)"),
    ],
)
def test_fields(query: str, meaning: str) -> None:
    """A field has a value, a comparison, a range or a group, and its name in any case."""
    assert understood(query) == meaning


def test_a_query_is_its_text() -> None:
    """Two queries of one text are equal, whatever functions they were compiled to."""
    assert Query("a OR b") == Query("a OR b")
    assert Query("a") != Query("a", exceptions=["b"])
    assert len({Query("a~"), Query("a~")}) == 1
