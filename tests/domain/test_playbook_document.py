"""Playbooks as TOML: what the keys mean, how each mistake is told, and checks of the whole."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcare.domain.differences import differences
from socialcare.domain.playbook import Code, Playbook, Severity
from socialcare.domain.playbook.channels import usual
from socialcare.domain.playbook.document_check import check_document
from socialcare.errors import InvalidPlaybook

EXAMPLES = Path(__file__).parents[2] / "examples"
SAMPLES = sorted(EXAMPLES.glob("*/playbook.toml"))


def test_there_is_one_for_each_trade() -> None:
    """An airline, a bank and a shop."""
    assert [path.parent.name for path in SAMPLES] == ["airline", "bank", "shop"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_samples_pass_their_own_checks(path: Path) -> None:
    """What they show people is what they ask of them."""
    assert check_document(Playbook.from_toml(path)) == ()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_samples_are_complete(path: Path) -> None:
    """Each part is there to be copied."""
    document = Playbook.from_toml(path).to_mapping()
    empty = [key for key, value in document.items() if not value]

    assert empty == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_what_was_written_reads_back_equal(path: Path) -> None:
    """As a mapping."""
    found = Playbook.from_toml(path)

    assert Playbook.from_mapping(found.to_mapping()) == found


def test_an_empty_playbook_says_what_is_usual() -> None:
    """Nothing has to be given."""
    found = Playbook.from_mapping({})

    assert found.called == "playbook 1"
    assert found.channel("x") == usual("x")
    assert found.treatment(Code.PERSONAL_DATA).severity is Severity.STOP


def test_a_channel_keeps_what_is_not_said() -> None:
    """And takes away a limit."""
    found = Playbook.from_mapping({"channels": {"x": {"sentences": "none", "sign_off": "^"}}})

    assert (found.channel("x").sentences, found.channel("x").longest) == (None, 280)


def test_durations_and_choices_are_read() -> None:
    """Of an acknowledgement."""
    (found,) = Playbook.from_mapping(
        {
            "acknowledgements": [
                {"name": "seen", "text": "Seen!", "automatic": "always", "after": "90s"}
            ]
        }
    ).acknowledgements

    assert (found.automatic, found.after) == ("always", timedelta(seconds=90))


MANNER = {"name": "a", "says": "b"}
EXAMPLE = {"name": "a", "issue": "b", "text": "c"}


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"example": []}, "playbook: found 'example', expected a key out of examples"),
        ({"name": ""}, "playbook: name: found '', expected a text that is not empty"),
        ({"house": {"copies": 0}}, "playbook: house.copies: found 0, expected a number from 1"),
        ({"house": {"phrases": {"rude": ["x"]}}}, "house.phrases: found 'rude', expected a key"),
        ({"house": {"phrases": {"step": ["a ("]}}}, r"house.phrases.step\[0\]: found 'a \('"),
        ({"house": {"phrases": {"step": ["[a]"]}}}, r"step\[0\]: found .* expected words in a row"),
        ({"voice": {"instead": {"a": 3}}}, "voice.instead.a: found 3"),
        ({"channels": {"x": {"longest": -1}}}, 'channels.x.longest: found -1, .* or "none"'),
        (
            {"channels": {"x": {"counts": "bytes"}}},
            "channels.x.counts: found 'bytes', expected one of",
        ),
        ({"channels": {"x": {"sign_off": "--"}}}, "channels.x.sign_off: found '--', expected what"),
        ({"channels": {"x": {"signoff": "-"}}}, "channels.x: found 'signoff', .* out of sign_off"),
        ({"channels": []}, r"channels: found \[\], expected a table"),
        ({"donts": [{"name": "a"}]}, r"donts\[0\].says: found 'nothing'"),
        ({"donts": [MANNER | {"query": "a ("}]}, r"donts\[0\].query, character 4"),
        (
            {"donts": [MANNER | {"severity": "bad"}]},
            r"donts\[0\].severity: found 'bad', expected one",
        ),
        ({"donts": [MANNER, MANNER]}, r"playbook: donts\[1\].name: found 'a', expected a name"),
        (
            {"examples": [EXAMPLE | {"text": "Hi {{ x }}"}]},
            r"examples\[0\].text: found 'x', expected",
        ),
        (
            {"examples": [EXAMPLE | {"text": "Hi {{ X! }}"}]},
            r"text: found '{{ X! }}', expected a pl",
        ),
        ({"examples": [EXAMPLE | {"text": "Hi {{ x"}]}, r"text: found '{{', expected a place"),
        ({"examples": [EXAMPLE | {"text": 3}]}, r"examples\[0\].text: found 3, expected a text"),
        ({"examples": [EXAMPLE | {"visibility": "internal"}]}, "expected public or private"),
        ({"stakeholders": [{"name": "a", "about": "b"}]}, r"stakeholders\[0\].contact: found 'not"),
        ({"privacy": {"queries": ["ok", "NOT"]}}, r"privacy.queries\[1\], character"),
        ({"privacy": {"turns": 0}}, "privacy.turns: found 0, expected a number from 1 on"),
        ({"elsewhere": [{"name": "a", "query": "b"}]}, r"elsewhere\[0\].channel: found 'nothing'"),
        (
            {"record": [{"what": "mood", "why": "x"}]},
            r"record\[0\].what: found 'mood', expected one",
        ),
        (
            {"acknowledgements": [{"name": "a", "text": "b", "after": "soon"}]},
            r"\.after: found 'soon'",
        ),
        (
            {"acknowledgements": [{"name": "a", "text": "b", "automatic": "x"}]},
            r"\.automatic: found 'x'",
        ),
        ({"findings": {"too_shrt": "stop"}}, "findings: found 'too_shrt', expected a key out of"),
        ({"findings": {"dont": "none"}}, "findings.dont: found 'none', expected one of .* off"),
        (
            {"findings": {"dont": {"overrule": 1}}},
            "findings.dont.overrule: found 1, expected true or",
        ),
        ({"hours": {"timezone": "Mars"}}, "hours.weekly: found 'no hours'"),
        ({"resources": [{"title": "a"}]}, r"resources\[0\].url: found 'nothing'"),
    ],
)
def test_a_mistake_is_told_with_its_key(document: dict[str, Any], error: str) -> None:
    """With what was found, and what would be right."""
    with pytest.raises(InvalidPlaybook, match=error):
        Playbook.from_mapping(document)


def test_a_mistake_names_the_file(tmp_path: Path) -> None:
    """So that somebody with several finds it."""
    path = tmp_path / "book.toml"
    path.write_text('[[examples]]\nname = "a"\nissue = "b"\ntext = "{{ c }}"\n')

    with pytest.raises(InvalidPlaybook, match=r"book.toml: examples\[0\].text: found 'c'"):
        Playbook.from_toml(path)


def test_differences_are_told_by_name() -> None:
    """Of two versions, as a desk tells them."""
    before, after = (
        Playbook.from_mapping({"examples": [EXAMPLE | {"text": text}]}) for text in ("c", "d")
    )

    assert differences(before.to_mapping(), after.to_mapping()) == (
        "examples 'a': text was 'c' and is 'd'",
    )


# The document as a whole


def faults(document: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with it, and where."""
    found = check_document(Playbook.from_mapping(document))
    return [(each.problem.value, each.where) for each in found]


ARCHIVE = {"name": "spam", "query": "giveaway", "reason": "spam"}


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"examples": [EXAMPLE | {"text": "Calm down!"}]}, ("finding", "examples[0].text")),
        (
            {"examples": [EXAMPLE | {"text": "a" * 300, "channels": ["x"]}]},
            ("finding", "examples[0].text"),
        ),
        (
            {"examples": [EXAMPLE | {"text": "See https://elsewhere.example/a"}]},
            ("unknown_link", "examples[0].text"),
        ),
        (
            {
                "placeholders": {"x": "y"},
                "acknowledgements": [{"name": "a", "text": "Seen {{ x }}", "automatic": "always"}],
            },
            ("unfilled", "acknowledgements[0].text"),
        ),
        (
            {"acknowledgements": [{"name": "a", "text": "Seen", "automatic": "outside_hours"}]},
            ("no_hours", "acknowledgements[0]"),
        ),
        ({"donts": [MANNER | {"query": "a -a"}]}, ("impossible", "donts[0].query")),
        (
            {"archive": [ARCHIVE, ARCHIVE | {"name": "b", "query": "giveaway win"}]},
            ("repeated", "archive[1].query"),
        ),
        (
            {"archive": [ARCHIVE], "examples": [EXAMPLE | {"query": "giveaway rules"}]},
            ("contradicts", "archive[0].query"),
        ),
        ({"placeholders": {"x": "y"}}, ("unused", "placeholders.x")),
    ],
)
def test_what_can_not_work_is_told(document: dict[str, Any], fault: tuple[str, str]) -> None:
    """Once, with its place."""
    assert faults(document) == [fault]


def test_links_to_articles_and_own_sites_are_known() -> None:
    """Below a site, too."""
    links = "https://a.example/help and https://www.b.example/help"
    document = {
        "house": {"sites": ["b.example"]},
        "resources": [{"title": "Help", "url": "https://a.example/help"}],
        "examples": [EXAMPLE | {"text": links}],
    }

    assert faults(document) == []
