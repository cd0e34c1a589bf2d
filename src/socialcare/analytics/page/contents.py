"""The whole page: which sections, in which order, and what was measured."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath

from socialcare.analytics import formats
from socialcare.analytics.page import faults, groups, headline, outcomes, pictures, rules, words
from socialcare.analytics.page.figures import Drawer
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.page.parts import Page, Section


def page(findings: Findings) -> Page:
    """The page that shows these findings.

    Raises:
        MissingExtra: If the library that draws is not installed.
    """
    drawer = Drawer()
    return Page(
        title="Customer service report",
        subtitle=_source(findings),
        facts=_facts(findings),
        sections=_sections(findings, drawer),
        made_by=made_by(),
    )


def _sections(findings: Findings, drawer: Drawer) -> tuple[Section, ...]:
    columns = (*findings.groups, *findings.absent)
    return (
        headline.headline(findings),
        pictures.trends(findings, drawer),
        pictures.response_times(findings, drawer),
        outcomes.shares(findings),
        pictures.week(findings, drawer),
        *(groups.group(findings, column, drawer) for column in columns),
        outcomes.sentiment(findings, drawer),
        outcomes.operating_hours(findings, drawer),
        faults.faults(findings),
        rules.rules(findings),
        rules.catalogue(findings),
    )


def _source(findings: Findings) -> str:
    """The name of the file, without the folders of whoever made the report."""
    return formats.name(PurePath(findings.quality.source).name or findings.quality.source)


def _format(name: str) -> str:
    return "columns guessed" if name == "guessed" else f"read as {formats.name(name)}"


def _facts(findings: Findings) -> tuple[tuple[str, str], ...]:
    quality, report, zone = findings.quality, findings.report, findings.zone
    as_of = report["as_of"]
    found = sum(fault.count for fault in quality.faults)
    kinds = f" of {formats.plural(len(quality.faults), 'kind')}" if quality.faults else ""
    return (
        ("Source", f"{_source(findings)}, {_format(quality.format)}"),
        ("Messages", f"{formats.count(quality.kept)} of {formats.plural(quality.rows, 'row')}"),
        ("Sent", _span(findings)),
        (
            "Measured as of",
            formats.moment(as_of, zone) if as_of else "never: there are no messages",
        ),
        ("Time zone", report["timezone"]),
        ("Business hours", words.hours_in_short(report["hours"])),
        ("Measurement policy", words.policy_name(report["policy"])),
        ("Conversations join within", words.span(report["threading"]["gap"])),
        ("Faults in the data", f"{formats.count(found)}{kinds}" if found else "none found"),
    )


def _span(findings: Findings) -> str:
    if findings.first is None or findings.last is None:
        return "none"
    zone = findings.zone
    first, last = (at.astimezone(zone).date() for at in (findings.first, findings.last))
    return formats.day(first) if first == last else f"{formats.day(first)} to {formats.day(last)}"


def made_by() -> str:
    """The library and its version, as a page names what made it."""
    try:
        return f"socialcare {version('socialcare')}"
    except PackageNotFoundError:
        return "socialcare"
