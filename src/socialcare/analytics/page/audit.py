"""The page of a listening audit: each question with its share, its parts and its examples."""

from pathlib import PurePath
from zoneinfo import ZoneInfo

import polars as pl

from socialcare.analytics import charts, formats
from socialcare.analytics.audit_charts import PARTS, share_table, shares
from socialcare.analytics.audit_findings import Answer, Example, ListeningAudit
from socialcare.analytics.page.contents import made_by
from socialcare.analytics.page.figures import Drawer
from socialcare.analytics.page.parts import (
    Card,
    Cards,
    Cell,
    Column,
    Figure,
    Missing,
    Page,
    Part,
    Section,
    Table,
    Words,
    data,
    listing,
    number,
    text,
)
from socialcare.analytics.page.tables import SHARE_COLUMNS
from socialcare.analytics.series import WEEKDAYS
from socialcare.domain.statistics import Share

_NOT_ANSWERED = {
    "answered_by_a_link": "How many a link would answer is not known.",
    "never_addressed": "What share never addressed the brand is not known.",
}


def page(audit: ListeningAudit) -> Page:
    """The page that shows an audit.

    Raises:
        MissingExtra: If the library that draws is not installed.
    """
    drawer = Drawer()
    return Page(
        title="Listening audit",
        subtitle=formats.name(PurePath(audit.quality.source).name or audit.quality.source),
        facts=_facts(audit),
        sections=(
            _glance(audit, drawer),
            *(_question(answer, ZoneInfo(audit.timezone)) for answer in audit.answers),
            _week(audit, drawer),
            _measured(audit),
        ),
        made_by=made_by(),
    )


def _facts(audit: ListeningAudit) -> tuple[tuple[str, str], ...]:
    faults = sum(fault.count for fault in audit.quality.faults)
    return (
        ("Customers' messages", formats.count(audit.messages)),
        ("Of them read", formats.count(audit.read)),
        ("Read by", ", ".join(audit.classifiers) or f"words: {audit.signs}, {audit.rules}"),
        ("Time zone", audit.timezone),
        ("Faults in the data", formats.count(faults) if faults else "none found"),
    )


def _glance(audit: ListeningAudit, drawer: Drawer) -> Section:
    return Section(
        id="glance",
        title="At a glance",
        lead="What a planner asks before a service begins; every share with its 95 % interval.",
        parts=listing(
            Cards(cards=tuple(_card(answer) for answer in audit.answers)),
            *(
                Missing(what=_NOT_ANSWERED[name], why=_sentence(why))
                for name, why in audit.not_answered.items()
            ),
            _drawn(audit, drawer),
        ),
    )


def _card(answer: Answer) -> Card:
    share = answer.share
    return Card(
        title=PARTS[answer.name],
        value=formats.share(share.value),
        quiet=share.value is None,
        facts=(
            ("messages", f"{formats.count(share.k)} of {formats.count(share.n)}"),
            ("95 % interval", formats.interval(share.interval)),
        ),
        hint=answer.question,
    )


def _drawn(audit: ListeningAudit, drawer: Drawer) -> Figure | None:
    table = share_table(audit)
    if table.is_empty():
        return None
    told = "; ".join(f"{one.question} {formats.share(one.share.value)}" for one in audit.answers)
    return drawer.figure(
        lambda width: shares(table, width=width),
        id="shares",
        title="Every share, with its interval",
        alt=f"Bars of the shares. {told}.",
        note="A message may count for several parts, so parts need not add up.",
    )


def _question(answer: Answer, zone: ZoneInfo) -> Section:
    return Section(
        id=answer.name.replace("_", "-"),
        title=answer.question,
        lead=_counted(answer),
        parts=listing(_parts(answer), _examples(answer, zone)),
    )


def _counted(answer: Answer) -> str:
    share = answer.share
    of = f"{formats.count(share.k)} of {formats.plural(share.n, 'message')}"
    by = ", ".join(f"{name} ({formats.count(count)})" for name, count in answer.by.items())
    who = f" Counted by {by}." if by else ""
    if share.value is None:
        return "There are no messages to count."
    return f"{of}: {formats.share(share.value)} ({formats.interval(share.interval)}).{who}"


def _parts(answer: Answer) -> Table | None:
    if not answer.parts:
        return None
    rows = ((PARTS[name], share) for name, share in answer.parts.items())
    return Table(
        id=f"{answer.name.replace('_', '-')}-parts",
        caption="Its parts",
        columns=SHARE_COLUMNS,
        rows=tuple((text(name), *_share(share)) for name, share in rows),
    )


def _share(share: Share) -> tuple[Cell, ...]:
    return (
        number(share.value, formats.share),
        number(share.k, formats.count),
        number(share.n, formats.count),
        Cell(text=formats.interval(share.interval), quiet=share.interval is None),
    )


def _examples(answer: Answer, zone: ZoneInfo) -> Part:
    if not answer.examples:
        return Missing(what="No examples.", why="No message counts, or none was asked for.")
    return Table(
        id=f"{answer.name.replace('_', '-')}-examples",
        caption="Examples, picked by chance",
        columns=tuple(
            Column(title=title, numeric=False)
            for title in (
                "What was said",
                *(["Counts as"] if answer.parts else []),
                *("Why", "Words found", "By", "When", "Where"),
            )
        ),
        rows=tuple(_example(one, zone, named=bool(answer.parts)) for one in answer.examples),
    )


def _example(example: Example, zone: ZoneInfo, *, named: bool) -> tuple[Cell, ...]:
    said = formats.visible(example.text)
    return (
        Cell(text=said, order=said, data=True),
        *((text(PARTS[example.part]),) if named else ()),
        Cell(text=formats.visible(example.reason), data=True),
        Cell(text=formats.visible(", ".join(example.words)) or "none", quiet=not example.words),
        data(example.by),
        text(formats.moment(example.sent_at, zone)),
        data(example.channel),
    )


def _week(audit: ListeningAudit, drawer: Drawer) -> Section:
    return Section(
        id="hours",
        title="At what hours are customers active?",
        lead=f"On the clocks of {audit.timezone}, added up over all weeks.",
        parts=_hours(audit.hours_table, drawer),
    )


def _hours(hours: pl.DataFrame, drawer: Drawer) -> tuple[Part, ...]:
    if not hours["inbound"].sum():
        return (Missing(what="No week to show.", why="No customer wrote."),)
    most = hours.sort("inbound", descending=True, maintain_order=True).row(0, named=True)
    busiest = (
        f"The busiest hour is {WEEKDAYS[most['weekday']]} {most['hour']:02}:00, with "
        f"{formats.plural(most['inbound'], 'message')}."
    )
    figure = drawer.figure(
        lambda width: charts.hour_of_week(hours, "inbound", "Messages", width=width),
        id="demand",
        title="Messages from customers",
        alt=f"Messages from customers in each hour of the week. {busiest}",
        numbers=_numbers(hours),
        note="A dot marks an hour in which customers wrote and nobody answered.",
    )
    return (Words(sentences=(busiest,)), figure)


def _numbers(hours: pl.DataFrame) -> Table:
    busy = hours.filter(pl.col("inbound") + pl.col("responses") > 0)
    return Table(
        id="hours-numbers",
        caption="Hours of the week in which anybody wrote",
        columns=(Column(title="Hour", numeric=False), Column(title="In"), Column(title="Out")),
        rows=tuple(
            (
                text(f"{WEEKDAYS[row['weekday']]} {row['hour']:02}:00"),
                number(row["inbound"], formats.count),
                number(row["responses"], formats.count),
            )
            for row in busy.iter_rows(named=True)
        ),
    )


def _measured(audit: ListeningAudit) -> Section:
    return Section(
        id="measured",
        title="How it was counted",
        parts=(
            Words(
                listed=True,
                sentences=_rules(audit),
            ),
        ),
    )


def _rules(audit: ListeningAudit) -> tuple[str, ...]:
    unread = formats.plural(audit.messages - audit.read, "message")
    asked = ", ".join(audit.classifiers) or "none was asked"
    of = (
        "Shares are of the messages that customers wrote and that can be read; "
        f"{unread} without a text or in another language are left out, but for the hours."
    )
    by_words = (
        f"Where no classifier speaks, the words of {audit.signs} decide, and who needs an answer "
        f"is the first tier of the book of rules {audit.rules}."
    )
    return (
        of,
        by_words,
        f"A classifier has the last word on what it speaks of: {asked}.",
        "Intervals are Wilson's, at 95 %; they know of chance, and of no mistake.",
        "Examples are picked by chance, always the same, and shortened.",
    )


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}."
