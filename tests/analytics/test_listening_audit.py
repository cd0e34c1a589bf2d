"""The listening audit: six questions, each with its count, its evidence and who counted."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from socialcare.analytics import MessageLog, read
from socialcare.analytics.help_list import help_list
from socialcare.analytics.listening_audit import audit_page, listening_audit
from socialcare.domain.annotation import Annotation
from socialcare.domain.help_articles import HelpArticle
from socialcare.domain.statistics import wilson
from socialcare.errors import InvalidValue, UnreadableExport

ROOT = Path(__file__).parents[2]
DATA = ROOT / "examples" / "data"
SHARED = ROOT.parent / "shared" / "data"
SAID = (
    "still nothing, this is terrible service",
    "the app is not working, error 47 at checkout",
    "how do I bring a bicycle?",
    "thank you, the new trains are lovely",
    "arriving on Tuesday",
)
BIKES = HelpArticle(title="Bicycles on trains", url="/bikes", words=["bring a bike"])


def log_of(*texts: str, **columns: Any) -> MessageLog:
    """Customers' messages, an hour apart from Monday 2 March 2026, 23:30 in UTC."""
    rows = [
        {
            "message_id": str(at),
            "sent_at": f"2026-03-0{2 + (23 + at) // 24}T{(23 + at) % 24:02}:30:00Z",
            "direction": "inbound",
            "customer_id": f"c{at}",
            "channel": "x",
            "visibility": "public",
            "text": text,
            **{name: values[at] for name, values in columns.items()},
        }
        for at, text in enumerate(texts)
    ]
    return read(pl.DataFrame(rows))


class Glum:
    """A classifier that takes everything for a complaint that needs an answer."""

    name = "glum 1"

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:  # noqa: ARG002 - as the protocol has it
        """A complaint, whatever the text."""
        senses = ("complaint", "needs_answer")
        return tuple(Annotation(sense=sense, value=True, by=self.name) for sense in senses)


def test_every_question_is_counted() -> None:
    """Each of a few messages counts where a reader would count it."""
    audit = listening_audit(log_of(*SAID), articles=[BIKES], accounts=["northline"])

    assert {each.name: (each.share.k, each.share.n) for each in audit.answers} == {
        "frustration": (2, 5),
        "technical_or_account": (1, 5),
        "feedback": (2, 5),
        "answered_by_a_link": (1, 5),
        "worth_an_answer": (4, 5),
        "never_addressed": (5, 5),
    }
    assert audit.not_answered == {}


def test_every_share_has_its_interval_and_its_parts() -> None:
    """By Wilson; a message may count for several parts."""
    feedback = listening_audit(log_of(*SAID))["feedback"]

    assert feedback.share.interval == wilson(2, 5)
    assert {name: share.k for name, share in feedback.parts.items()} == {
        "good": 1,
        "bad": 1,
        "suggestion": 0,
    }


def test_an_example_says_why_it_counts() -> None:
    """With the words that were found, and who found them."""
    example = listening_audit(log_of(*SAID), articles=[BIKES])["answered_by_a_link"].examples[0]

    assert example.text == SAID[2]
    assert example.reason == "Bicycles on trains: /bikes"
    assert set(example.words) == {"bring", "bicycle"}


def test_without_articles_a_question_is_named_and_not_a_zero() -> None:
    """The same where nobody can tell who was addressed; the error says why."""
    audit = listening_audit(log_of(*SAID))

    assert set(audit.not_answered) == {"answered_by_a_link", "never_addressed"}
    with pytest.raises(KeyError, match="no help articles were given"):
        audit["answered_by_a_link"]


def test_a_classifier_decides_where_there_is_one() -> None:
    """And the answer says so."""
    audit = listening_audit(log_of(*SAID), classifiers=[Glum()])

    assert audit["frustration"].share.k == 5
    assert audit["frustration"].by == {"glum 1": 5}
    assert audit["worth_an_answer"].parts["need"].k == 5
    assert audit.classifiers == ("glum 1",)


def test_other_languages_are_left_out_of_the_shares() -> None:
    """They are in the hours, and the audit says how many were read."""
    audit = listening_audit(log_of(*SAID, language=["en", "de", "fr", None, "en-GB"]))

    assert (audit.messages, audit.read) == (5, 3)
    assert audit["frustration"].share.n == 3
    assert audit.hours_table["inbound"].sum() == 5


def test_hours_are_those_of_a_time_zone() -> None:
    """Half past eleven on Monday night in London is Tuesday in Berlin."""
    hours = listening_audit(log_of(SAID[0]), tz="Europe/Berlin").hours()
    busy = hours.filter(pl.col("inbound") > 0)

    assert hours.height == 168
    assert busy.row(0) == (1, 0, 1, 0)


def test_the_data_say_who_was_addressed() -> None:
    """Where they have a column for it, of the messages of which it is known."""
    audit = listening_audit(log_of(*SAID, indirect=["true", "false", None, "false", "true"]))
    answer = audit["never_addressed"]

    assert (answer.share.k, answer.share.n) == (2, 4)
    assert answer.by == {"the data": 2}


def test_an_account_tells_who_was_addressed() -> None:
    """Named in the text, or private; an answer to the brand is said to it, too."""
    log = log_of(
        "hey @Northline",
        "northline again",
        "psst",
        visibility=["public", "public", "private"],
    )

    assert listening_audit(log, accounts=["northline"])["never_addressed"].share.k == 1


def test_what_the_brand_and_machines_wrote_is_not_counted() -> None:
    """Only customers are asked about."""
    log = log_of(
        *SAID[:3],
        direction=["inbound", "outbound", "inbound"],
        automated=["false", "false", "true"],
    )

    assert listening_audit(log).messages == 1


def test_the_order_of_the_rows_changes_nothing() -> None:
    """Counts, examples and their order are the same."""
    log = log_of(*SAID * 3)
    turned = read(log.table.reverse())

    first, second = (listening_audit(each, articles=[BIKES]) for each in (log, turned))
    assert [answer.to_dict() for answer in first.answers] == [
        answer.to_dict() for answer in second.answers
    ]


def test_examples_are_different_and_as_many_as_asked_for() -> None:
    """What is said again and again shows nothing new."""
    log = log_of(*["still nothing, terrible"] * 6, "terrible, and late again")

    assert len(listening_audit(log)["frustration"].examples) == 2
    assert listening_audit(log, examples=0)["frustration"].examples == ()


def test_frames_and_json_hold_the_same() -> None:
    """A row for each question and part, in the kind of frame that was brought."""
    audit = listening_audit(log_of(*SAID))
    document = audit.to_dict()

    assert document["schema"] == "socialcare.listening_audit/1"
    assert audit.shares().height == sum(1 + len(each["parts"]) for each in document["questions"])
    assert audit.examples().height == sum(len(each["examples"]) for each in document["questions"])
    assert document["hours"]["table"] == audit.hours().to_dicts()


def test_an_empty_log_has_no_shares() -> None:
    """And no error: nothing is known."""
    log = log_of("x")
    audit = listening_audit(MessageLog.of(log.table.clear(), log.quality))

    assert all(answer.share.value is None for answer in audit.answers)


def test_the_page_needs_nothing_beside_it(tmp_path: Path) -> None:
    """One file, with charts and examples, in which no text of the data is markup."""
    log = log_of("<b>terrible</b> & late again", *SAID)
    path = audit_page(listening_audit(log), tmp_path / "new" / "audit.html")
    page = path.read_text("utf-8")

    assert "&lt;b&gt;terrible&lt;/b&gt;" in page
    assert "<b>terrible" not in page
    assert page.count("<svg") == 4
    assert "How many come in frustration?" in page
    assert "No help articles were given" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_csv_of_articles_is_read(tmp_path: Path) -> None:
    """As a help centre exports it; the words may be missing."""
    path = tmp_path / "help.csv"
    path.write_text("title,url,words\nBicycles,/bikes,bring a bike\nSeats,/seats,\n")

    assert [(each.title, each.url) for each in help_list(path)] == [
        ("Bicycles", "/bikes"),
        ("Seats", "/seats"),
    ]


def test_a_csv_without_addresses_is_refused(tmp_path: Path) -> None:
    """With the column that is missing."""
    path = tmp_path / "help.csv"
    path.write_text("title,link\nBicycles,/bikes\n")

    with pytest.raises(UnreadableExport, match="expected url too"):
        help_list(path)


@pytest.mark.parametrize(
    ("wrong", "error"), [({"tz": "Mars"}, "a time zone"), ({"examples": -1}, "how many examples")]
)
def test_an_argument_that_can_not_be_is_refused(wrong: dict[str, Any], error: str) -> None:
    """With what would be right."""
    with pytest.raises(InvalidValue, match=error):
        listening_audit(log_of("x"), **wrong)


def test_the_example_of_the_docs_answers_all_six() -> None:
    """With the help that the brand has."""
    log = read(DATA / "care.csv")
    audit = listening_audit(log, articles=help_list(DATA / "help.toml"), tz="Europe/London")

    assert audit.not_answered == {}
    assert all(0 < (each.share.value or 0) < 1 for each in audit.answers)
    assert all(each.examples for each in audit.answers)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared data beside the repository")
def test_real_messages_can_be_audited() -> None:
    """Counts stay within what can be, on a log that nobody made up."""
    audit = listening_audit(read(SHARED / "twcs_5000.csv"), accounts=["SpotifyCares"])

    assert (audit.messages, audit.read) == (2778, 2778)
    for answer in audit.answers:
        assert 0 < answer.share.k < answer.share.n
        assert all(share.k <= answer.share.k for share in answer.parts.values())
