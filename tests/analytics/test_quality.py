"""The report of a reading: counts, examples, and how it shows itself."""

import json
from pathlib import Path

from socialcare.analytics.quality import MEANINGS, Fault, Quality, SetAside

ROOT = Path(__file__).parents[2]


def fault(code: str = "naive_time", count: int = 2, lines: tuple[int, ...] = (2, 3)) -> Fault:
    """A fault with one example for each line."""
    return Fault(
        code=code,
        count=count,
        meaning=MEANINGS[code],
        examples=tuple({"line": line} for line in lines),
    )


def quality(*faults: Fault) -> Quality:
    """A report with these faults."""
    return Quality(source="export.csv", format="messages", rows=10, kept=9, faults=faults)


def test_faults_of_one_code_are_added_up() -> None:
    """Two files with the same fault give one fault, with at most five examples."""
    report = quality(fault(), fault(count=4, lines=(5, 6, 7, 8)), fault("empty_text", 1, (9,)))

    assert [(one.code, one.count) for one in report.faults] == [
        ("naive_time", 6),
        ("empty_text", 1),
    ]
    assert [example["line"] for example in report.faults[0].examples] == [2, 3, 5, 6, 7]


def test_what_was_not_found_is_no_fault() -> None:
    """A fault with a count of nothing is left out."""
    assert quality(fault(count=0)).faults == ()
    assert quality().with_faults(fault(count=0), fault()).count("naive_time") == 2
    assert quality().count("naive_time") == 0


def test_copies_leave_the_report_as_it_is() -> None:
    """Each `with_` gives a changed copy."""
    report = quality()
    changed = report.with_faults(fault()).with_kept(7).with_notes("read as messages")

    assert (report.kept, report.faults, report.notes) == (9, (), ())
    assert (changed.kept, len(changed.faults), changed.notes) == (7, 1, ("read as messages",))


def test_the_report_is_plain_json() -> None:
    """The report as plain values has the documented keys and survives JSON."""
    report = quality(fault()).to_dict()

    assert json.loads(json.dumps(report)) == report
    assert report == {
        "rows": 10,
        "kept": 9,
        "faults": [{"code": "naive_time", "count": 2, "examples": [{"line": 2}, {"line": 3}]}],
        "notes": [],
    }


def test_a_notebook_shows_it_escaped() -> None:
    """In a notebook the report is a table, and nothing from the data is run as HTML."""
    report = Quality(
        source="<script>.csv", format="messages", rows=1, kept=1, notes=("<b>",), faults=(fault(),)
    )
    shown = report._repr_html_()

    assert "&lt;script&gt;" in shown
    assert "<b>&lt;" in shown
    assert "<li>&lt;b&gt;</li>" in shown
    assert "<code>naive_time</code>" in shown
    assert "No faults found" in quality()._repr_html_()


def test_a_row_set_aside_says_where_and_why() -> None:
    """A row set aside keeps its line, its reason and its beginning."""
    one = SetAside(line=3, reason="found 2 fields, expected 7", code="broken_row", text="a,b")

    assert (one.line, one.file) == (3, None)


def test_every_code_is_in_the_reference() -> None:
    """The page of faults has each code that reading can find."""
    page = (ROOT / "docs" / "reference" / "faults.md").read_text("utf-8")

    assert [code for code in MEANINGS if f"| `{code}` |" not in page] == []
