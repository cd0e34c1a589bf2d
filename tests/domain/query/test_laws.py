"""Laws of queries, with generated texts and queries."""

import os
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.query.asking import about
from domain.query.generated import queries, subjects, texts
from socialcare.domain.query import Query, QuerySet, Subject
from socialcare.domain.query.likeness import distance_within
from socialcare.domain.query.matching import leaves
from socialcare.domain.query.needs import needs, only_channel
from socialcare.domain.query.nodes import Pattern, Words
from socialcare.domain.words import folded, spans, spellings, words
from socialcare.errors import InvalidQuery

EXAMPLES = 4_000 if os.environ.get("SOCIALCARE_LONG") else 60
"""How many examples a law is tried with."""
WRITTEN = st.sampled_from(
    ["late", "AND", "OR", "NOT", "TO", "-", "+", "(", ")", "[", "]", "{", "}", '"', "\u201c", "~",
     "^", "*", "?", "\\", "/", ":", "is:", "near:", "sent_at:", "followers:", ">", "<=", "#", "@",
     " ", "&&", "!", "\u0440\u043e", "1", ".", ",", "\0", "\ud83d", "\U0001f621", "\u200d",
     "crm.x:"]
)  # fmt: skip


@given(texts())
@settings(max_examples=EXAMPLES)
def test_spans_are_the_words(text: str) -> None:
    """Each span is a word of the text: cut out and folded it is that word, or part of its run."""
    found = list(spans(text))

    assert len(found) == len(words(text))
    assert found == sorted(found)
    for (start, end), word in zip(found, words(text), strict=True):
        assert 0 <= start < end <= len(text)
        assert any(word in each for each in spellings(text[start:end]))


@given(queries(), subjects())
@settings(max_examples=EXAMPLES)
def test_hits_are_in_the_text_and_in_order(query: str, subject: Subject) -> None:
    """A hit with a place is that piece of the text, and hits are in the order of the query."""
    match = Query(query).matches(subject)
    hits = () if match is None else match.hits
    terms = iter([leaf.written for leaf in leaves(Query(query).node)])

    for hit in hits:
        assert hit.start is None or hit.found == subject.text[hit.start : hit.end]
    for term, _ in groupby(hit.term for hit in hits):
        assert term in terms  # so it comes after the one before


@given(queries(), subjects())
@settings(max_examples=EXAMPLES)
def test_a_match_has_a_hit_for_each_word_found(query: str, subject: Subject) -> None:
    """What holds by its words alone shows them: some hit, unless it holds by what is not there."""
    built = Query(query)
    match = built.matches(subject)

    assert (match is not None) == built.holds(subject)
    if match is not None and isinstance(built.node, Words | Pattern):
        assert match.hits


@given(st.lists(queries(), max_size=8), subjects())
@settings(max_examples=EXAMPLES)
def test_a_set_answers_as_each_of_its_queries(every: list[str], subject: Subject) -> None:
    """A set finds what each query finds when it is asked alone, in order."""
    built = {str(number): Query(query) for number, query in enumerate(every)}
    alone = {name: match for name, query in built.items() if (match := query.matches(subject))}
    together = QuerySet(built)
    matches = together.matches(subject)

    assert list(matches) == list(alone)
    assert [each.hits for each in matches.values()] == [each.hits for each in alone.values()]
    first = together.first(subject)
    assert (first and first[0]) == next(iter(alone), None)


@given(queries(), subjects())
@settings(max_examples=EXAMPLES)
def test_what_holds_meets_its_needs(query: str, subject: Subject) -> None:
    """A store that looks up what a query needs misses nothing for which it holds."""
    built = Query(query)
    wanted, channel = needs(built.node), only_channel(built.node)

    if built.holds(subject):
        for alternatives in wanted.words:
            assert any(
                word.startswith(each.word) if each.prefix else word == each.word
                for each in alternatives
                for word in subject.words
            )
        second = subject.message.second
        assert wanted.first is None or wanted.first <= second
        assert wanted.last is None or second <= wanted.last
        assert channel in (None, folded(subject.message.channel))


@given(queries(), queries(), subjects())
@settings(max_examples=EXAMPLES)
def test_operators_are_those_of_logic(one: str, other: str, subject: Subject) -> None:
    """AND, OR and NOT of two queries hold as their answers say."""
    first, second = Query(one).holds(subject), Query(other).holds(subject)

    assert Query(f"({one}) ({other})").holds(subject) == (first and second)
    assert Query(f"({one}) OR ({other})").holds(subject) == (first or second)
    assert Query(f"NOT ({one})").holds(subject) != first


def refusal(text: str) -> InvalidQuery | None:
    """Why a text is no query; None for one that is, and that can be asked of a message."""
    try:
        query = Query(text)
    except InvalidQuery as error:
        return error
    match = query.matches(about("late 1 \U0001f621 @x #late acme.com"))
    assert match is None or isinstance(match.hits, tuple)
    return None


@given(st.lists(WRITTEN, max_size=12).map("".join))
@settings(max_examples=EXAMPLES)
def test_any_text_is_a_query_or_refused(text: str) -> None:
    """Whatever somebody types is understood, or refused with a place in it."""
    refused = refusal(text)

    assert refused is None or 0 <= refused.position <= len(text)


@given(st.binary(max_size=40))
@settings(max_examples=EXAMPLES)
def test_any_bytes_are_a_query_or_refused(data: bytes) -> None:
    """So is what is no text at all."""
    refused = refusal(data.decode("utf-8", "surrogateescape"))

    assert refused is None or refused.right


@given(queries(), st.integers(0, 50), st.sampled_from('()[]{}"~*?:-+\\ \u201c'))
@settings(max_examples=EXAMPLES)
def test_a_query_with_a_slip_is_a_query_or_refused(query: str, place: int, sign: str) -> None:
    """So is a query that somebody broke."""
    broken = query[:place] + sign + query[place + 1 :]
    refused = refusal(broken)

    assert refused is None or 0 <= refused.position <= len(broken)


def _slips(one: str, other: str) -> int:
    """The distance of two words, by the definition."""
    rows = [[max(i, j) if min(i, j) == 0 else 0 for j in range(len(other) + 1)]
            for i in range(len(one) + 1)]  # fmt: skip
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            changed = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + changed)
            if i > 1 and j > 1 and (one[i - 1], one[i - 2]) == (other[j - 2], other[j - 1]):
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
@settings(max_examples=EXAMPLES)
def test_distance_is_that_of_the_definition(one: str, other: str, most: int) -> None:
    """Within a band it is what the whole table says."""
    assert distance_within(one, other, most) == (_slips(one, other) <= most)
