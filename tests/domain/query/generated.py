"""Generated texts and queries, made of few words, so that one often holds for the other."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from domain.query.asking import about
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.profile import Point, Profile
from socialcare.domain.query import Subject
from socialcare.domain.summary import Summary

WORDS = (
    "late", "lost", "LATE", "lat\u00e9", "bag", "b\u0430g", "refund", "refunds", "refnud",
    "\u0440\u043e\u0441", "\u0440\u043e\u0441\u0441\u0438\u044f", "\u6545\u969c",
    "\u0e01\u0e34\u0e19",
    "snake_case", "wi-fi", "don't", "10k", "a", "\uff41cme", "\u24d0", "\u212b", "x" * 70,
)  # fmt: skip
SIGNS = (
    "#fail", "#Fail17", "#\u0441\u043e\u0440", "#\u65e5\u672c", "@acme", "@ACME_help", "@a",
    "acme.com", "https://help.acme.com/x?y=1", "\u0436acme.com", "@acme\u0436", "#fail\u2460",
    "\U0001f621", "\u2764\ufe0f", "!!", "?", "e@acme.com", "\u200d", "\ud83d", "\0",
)  # fmt: skip
JOINTS = (" ", " ", " ", "", ", ", "\n", "\u3000", "(", "&")
SENSES = (
    Annotation(sense=Sense.QUESTION, value=True, by="t"),
    Annotation(sense=Sense.COMPLAINT, value=True, by="t"),
    Annotation(sense=Sense.INTENT, value="refund", by="t"),
    Annotation(sense=Sense.LANGUAGE, value="en-GB", by="t"),
    Annotation(sense=Sense.SENTIMENT, value=-0.5, by="t"),
)
FACTS = (
    "is:question", "is:inbound", "is:complaint", "is:verified", "is:indirect", "is:new", "has:link",
    "has:hashtag", "has:emoji", "has:text", "mentions:brand", "mentions:ac*", "hashtag:fa*",
    "channel:X", "channel:mail", "lang:en", "intent:refund", "tag:vip", "tier:g*", "name:ada",
    "place:london", "near:51.5,-0.1,50km", "crm.vip:true", "crm.score:>5", "followers:>=10",
    "followers:[5 TO 10}", "sentiment:<0", "length:>20", "waiting:>30m", "found_by:brand",
    "category:*", "sent_at:2026-03-02", "sent_at:>2026-03-02T09:03", "sent_at:<=2026-03-02T09:06",
    "sent_at:[2026-03-02T09:02 TO 2026-03-02T09:08}",
)  # fmt: skip


def texts() -> st.SearchStrategy[str]:
    """Words and signs, with this and that between them."""
    parts = st.tuples(st.sampled_from((*WORDS, *SIGNS)), st.sampled_from(JOINTS))
    return st.lists(parts, max_size=8).map(lambda all_: "".join(a + b for a, b in all_))


def queries() -> st.SearchStrategy[str]:
    """Queries of every kind that can be read."""
    words = st.sampled_from([word for word in WORDS if word.isprintable()])
    signs = st.sampled_from([each for each in SIGNS if each.isprintable()])
    phrase = st.lists(words, min_size=1, max_size=3).map(" ".join)
    plain = words.filter(lambda word: word.isalnum() and len(word) < 60 and word.isascii())
    leaves = st.one_of(
        words,
        signs.map(lambda sign: f'"{sign}"' if sign in ("!!", "?") else sign),
        phrase.map(lambda text: f'"{text}"'),
        st.builds(lambda text, slop: f'"{text}"~{slop}', phrase, st.integers(1, 4)),
        st.builds(lambda word, most: f"{word}~{most}", plain, st.integers(0, 2)),
        st.builds(lambda word, end: f"{word[:end]}*", plain, st.integers(1, 5)),
        plain.map(lambda word: f"?{word[1:]}"),
        st.sampled_from(FACTS),
    )
    return st.recursive(leaves, _joined, max_leaves=4)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("{} AND {}".format, inner, inner),
        inner.map("-({})".format),
    )


_AROUND: dict[str, tuple[Any, ...]] = {
    "followers": (None, 5, 10, 20),
    "verified": (None, True, False),
    "tier": (None, "Gold", "press"),
    "place": (None, "London, UK"),
    "point": (None, Point(51.5, -0.12)),
    "details": ({}, {"vip": True, "score": 7}),
    "channel": ("x", "X", "mail"),
    "annotations": ((), SENSES[:2], SENSES[2:4], SENSES),
    "conversation": (None, Summary(id="c", tags=("VIP",))),
    "waiting": (None, timedelta(hours=1)),
    "earlier": (None, 0, 3),
    "found_by": ((), ("brand",)),
}
"""What may be known around a message."""
_OF_PROFILE = ("followers", "verified", "tier", "place", "point", "details")


def subjects() -> st.SearchStrategy[Subject]:
    """A message, with this and that known around it."""
    return st.builds(_subject, texts(), st.integers(0, 2**24))


def _subject(text: str, number: int) -> Subject:
    """The message with what the number says is known: one choice after the other."""
    known: dict[str, Any] = {}
    for name, choices in _AROUND.items():
        number, choice = divmod(number, len(choices))
        known[name] = choices[choice]
    profile = Profile(**{name: known.pop(name) for name in _OF_PROFILE})
    return about(text, profile=profile, accounts=frozenset({"acme"}), **known)
