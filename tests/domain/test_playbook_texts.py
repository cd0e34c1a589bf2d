"""Templates, likeness, plain data, phrases and lengths: what the checks are made of."""

import re
from difflib import SequenceMatcher
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare.domain.playbook.channels import Counts, counted
from socialcare.domain.playbook.likeness import alike, likeness
from socialcare.domain.playbook.phrasing import KINDS, ours, phrasing
from socialcare.domain.playbook.plain_data import data
from socialcare.domain.playbook.reading import Text
from socialcare.domain.playbook.redirects import COULD, is_asking_elsewhere, is_redirected
from socialcare.domain.playbook.templates import Template, leftover
from socialcare.errors import InvalidPlaybook


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    """Nobody can write a place into their own name."""
    assert Template("Hi {{ customer }}").filled({"customer": "{{ agent }}"}) == "Hi {{ agent }}"


@pytest.mark.parametrize(
    ("values", "error"),
    [({}, "expected a value for a, b"), ({"a": "1", "b": "2", "c": "3"}, "found 'c'")],
)
def test_every_place_needs_its_value(values: dict[str, str], error: str) -> None:
    """And every value its place."""
    with pytest.raises(InvalidPlaybook, match=error):
        Template("{{ a }} {{ b }} {{ d | }}").filled(values)


def test_a_default_may_be_empty() -> None:
    """Nothing stands there then."""
    assert Template("On its way{{ when | }}.").filled({}) == "On its way."


@given(st.text(max_size=60))
@settings(max_examples=50)
def test_any_text_is_a_template_or_refused(text: str) -> None:
    """And what is one is left as it is where it has no places."""
    try:
        found = Template(text)
    except InvalidPlaybook:
        return
    if not found.places:
        assert found.filled({}) == text


def test_code_is_not_taken_for_a_placeholder() -> None:
    """Single braces and plain brackets are nothing."""
    assert leftover("Use {a: 1}, [1], <b> and your name") is None


def _by_difflib(one: str, other: str) -> int:
    """The longest common subsequence, computed as it is defined."""
    row = [0] * (len(other) + 1)
    for sign in one:
        before, row = row, [0]
        for place, each in enumerate(other):
            row.append(before[place] + 1 if sign == each else max(before[place + 1], row[-1]))
    return row[-1]


@given(st.text("abc ", max_size=30), st.text("abc ", max_size=30))
@settings(max_examples=50)
def test_likeness_is_that_of_the_longest_common_subsequence(one: str, other: str) -> None:
    """Of the sorted words, by the length of both; and the same both ways."""
    first, second = (" ".join(sorted(text.split())) for text in (one, other))
    long = len(first) + len(second)
    wanted = 2 * _by_difflib(first, second) / long if long else 1.0

    assert likeness(one, other) == pytest.approx(wanted)
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, other) >= SequenceMatcher(None, first, second).ratio() - 1e-9


def test_order_names_and_initials_make_no_other_answer() -> None:
    """It is the same text with another head and tail."""
    one = "@ada Please send us your order number, and we will look into it ^AB"
    other = "We will look into it: please send us your order number and https://x.example - Cy"

    assert list(alike(one, [other])) == [0]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("4111-1111-1111-1111", ["card"]),
        ("4111-1111-1111-1112", []),
        ("mail ada.l@post.example, ring +44 20 7946 0018", ["email", "phone"]),
        ("(555) 010-9999 or 1-800-555-0199", ["phone", "phone"]),
        ("your PNR: ABCDEF", ["account"]),
        ("my policy number is HX-77120-B", ["account"]),
        ("order 66 troops", []),
        ("ORDER STATUS PLEASE", []),
        ("BOOKING PLEASE", []),
        ("case closed", []),
        ("12/03/2026 10:00-18:00", []),
    ],
)
def test_plain_data_is_found_by_its_form(text: str, kinds: list[str]) -> None:
    """Without any library."""
    assert [each.kind.value for each in data(text)] == kinds


@pytest.mark.parametrize(
    ("text", "counts", "length"),
    [
        ("e\u0301", Counts.GRAPHEMES, 1),
        ("\U0001f1ec\U0001f1e7\U0001f1eb\U0001f1f7", Counts.GRAPHEMES, 2),
        ("1\ufe0f\u20e3 \u1112\u1161\u11ab", Counts.GRAPHEMES, 3),
        ("a\r\nb", Counts.GRAPHEMES, 3),
        ("hi @ada@mastodon.example", Counts.MASTODON, 7),
        ("\U0001f469\U0001f3fd", Counts.CHARACTERS, 2),
        ("\U0001f469\U0001f3fd", Counts.X, 2),
    ],
)
def test_each_platform_counts_its_own_way(text: str, counts: Counts, length: int) -> None:
    """Letters, pictures, names."""
    assert counted(text, counts) == length


@given(st.text(max_size=80))
@settings(max_examples=50)
def test_places_are_those_of_the_words(text: str) -> None:
    """Whatever is written, the words of the line and their places are as many."""
    read = Text(text)

    assert len(read.plain) == len(text)
    assert all(0 <= start < end <= len(text) for start, end in read.places)
    if text.isascii():
        assert [read.plain[start:end].lower() for start, end in read.places] == list(read.words)


def _said(phrase: str, random: Random) -> str:
    """One of the things that a phrase stands for."""
    while found := re.search(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]", phrase):
        choices = (found[1] or found[2]).split("|") + ([""] if found[1] is None else [])
        phrase = f"{phrase[: found.start()]}{random.choice(choices)}{phrase[found.end() :]}"
    return phrase.replace("...", "").replace("*", "")


def test_what_could_redirect_is_looked_at() -> None:
    """No phrase is without one of the words that are looked for first."""
    random = Random(1)
    phrases = [*ours()["phrases"]["redirect"], *ours()["phrases"]["wants_elsewhere"]] * 20
    said = [_said(phrase, random) for phrase in phrases]

    assert [each for each in said if not re.search(COULD, each)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_phrases_find_what_they_stand_for(kind: str) -> None:
    """Each of them, by itself."""
    random = Random(2)
    said = [_said(phrase, random) for phrase in ours()["phrases"][kind]]

    assert [each for each in said if not Text(each).has(phrasing(kind))] == []


def test_nobody_can_tell_of_another_language() -> None:
    """That is no answer, and no "no"."""
    german = "Bitte rufen Sie uns an unter der Nummer im Team, wir helfen gern weiter."

    assert is_redirected(german) is None
    assert is_asking_elsewhere(german) is None
