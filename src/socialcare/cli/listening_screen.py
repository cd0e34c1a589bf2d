"""What listening is, what it hears, and what an audit found, on a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from socialcare.analytics import formats
from socialcare.analytics.audit_findings import Answer, ListeningAudit
from socialcare.analytics.listening_trial import ListeningTrial, TermsHeard
from socialcare.analytics.series import WEEKDAYS
from socialcare.cli.rows import cell, plain
from socialcare.cli.screen import print_table
from socialcare.cli.terminal import seen, shortened
from socialcare.domain.listening import Listening, ListeningQuery
from socialcare.domain.listening_check import Remark
from socialcare.domain.statistics import Share
from socialcare.domain.suggestions import Suggestion

_SHOWN = 90
_BUSIEST = 5
_SHARE = ("share", "messages", "of", "95 % interval")


def show_listening(console: Console, listening: Listening, found: Sequence[Remark]) -> None:
    """Print every query, and the remarks on them."""
    _title(console, f"{listening.name} {listening.version}: {len(listening.queries)} queries")
    lines = [(seen(each.name), _limit(each), seen(each.text)) for each in listening.queries]
    print_table(console, ("query", "passes on", "text"), lines, left=(0, 1, 2))
    remarks = [(seen(each.where), seen(each.says)) for each in found]
    print_table(console, ("look again at", "since"), remarks, left=(0, 1))
    if not found:
        console.print()
        console.print(Text("Nothing to look at once more."))


def _limit(query: ListeningQuery) -> str:
    sample = "" if query.sample == 1 else f"{query.sample:.0%} of it"
    limit = query.limit
    most = "" if limit is None else f"{limit.messages} in {limit.within}"
    return ", ".join(filter(None, (sample, most))) or "all"


def show_trial(console: Console, found: ListeningTrial) -> None:
    """Print what each query finds, and examples."""
    record = found.record
    _title(
        console,
        f"{found.listening.name} {found.listening.version} on {found.quality.source}: "
        f"{record.passed_on:,} heard of {record.received:,} messages",
    )
    said = (
        f"{record.own:,} by the brand, {record.repeats:,} repeats, {record.unfound:,} not found, "
        f"{record.held_back:,} held back."
    )
    console.print(Text(said))
    lines = [
        (seen(each.name), *(f"{count:,}" for count in (each.found, each.passed_on, each.held_back)))
        for each in record.queries
    ]
    print_table(console, ("query", "found", "passed on", "held back"), lines)
    examples = [
        (seen(name), _short(each.message.text or ""), seen(", ".join(each.words)))
        for name, every in found.examples.items()
        for each in every
    ]
    print_table(console, ("query", "for example", "words"), examples, left=(0, 1, 2))


def show_terms(console: Console, found: TermsHeard) -> None:
    """Print the terms that rise."""
    _title(
        console,
        f"{found.about:,} texts about the brand, {found.complaining:,} of them in frustration; "
        f"{found.background:,} others",
    )
    _terms(console, "beside the brand", "others", found.beside)
    _terms(console, "in frustration", "else about it", found.complaints)
    if not found.beside and not found.complaints:
        console.print()
        console.print(Text("No term has risen by more than chance."))


def _terms(console: Console, title: str, other: str, found: Iterable[Suggestion]) -> None:
    lines = [
        (
            seen(each.term),
            each.kind.value,
            f"{each.count:,}",
            f"{each.background:,}",
            f"{each.score:.1f}",
            _short(each.examples[0]),
        )
        for each in found
    ]
    print_table(
        console, (title, "is a", "in", other, "score", "for example"), lines, left=(0, 1, 5)
    )


def show_audit(console: Console, found: ListeningAudit) -> None:
    """Print the answers, each with its examples."""
    _title(
        console,
        f"{found.quality.source}: {found.messages:,} messages of customers, {found.read:,} read",
    )
    who = ", ".join(found.classifiers) or "none, so words decide"
    console.print(Text(seen(f"Classifiers: {who}. Words: {found.signs}. Rules: {found.rules}.")))
    lines = [line for answer in found.answers for line in _lines(answer)]
    print_table(console, ("question", *_SHARE), lines, whole=0)
    missing = [(name.replace("_", " "), seen(why)) for name, why in found.not_answered.items()]
    print_table(console, ("not answered", "since"), missing, left=(0, 1))
    _hours(console, found)
    for answer in found.answers:
        examples = [
            (_short(each.text), each.part, seen(each.reason), seen(", ".join(each.words)))
            for each in answer.examples
        ]
        headings = (answer.question, "as", "why", "words")
        print_table(console, headings, examples, left=(0, 1, 2, 3), whole=0)


def _lines(answer: Answer) -> Iterable[tuple[str, ...]]:
    yield answer.question, *_share(answer.share)
    for part, share in answer.parts.items():
        yield f"  {part}", *_share(share)


def _share(share: Share) -> tuple[str, ...]:
    return (
        cell(share.value, formats.share),
        cell(share.k, formats.count),
        cell(share.n, formats.count),
        plain(formats.interval(share.interval)),
    )


def _hours(console: Console, found: ListeningAudit) -> None:
    ranked = found.hours_table.sort("inbound", descending=True, maintain_order=True)
    lines = [
        (f"{WEEKDAYS[row['weekday']]} {row['hour']:02}:00", f"{row['inbound']:,}")
        for row in ranked.head(_BUSIEST).iter_rows(named=True)
        if row["inbound"]
    ]
    print_table(console, (f"customers are active ({found.timezone})", "messages"), lines)


def _title(console: Console, text: str) -> None:
    console.print(Text(seen(text), "bold"))


def _short(text: str) -> str:
    line = seen(" ".join(text.split()))
    return shortened(line, _SHOWN)
