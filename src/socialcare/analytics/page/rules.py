"""How it was measured: policy, threading and hours in words, and what each metric means."""

from socialcare.analytics import formats
from socialcare.analytics.page import words
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.page.parts import Section, Terms
from socialcare.analytics.series import Report
from socialcare.domain.catalogue import METRICS, Metric


def rules(findings: Findings) -> Section:
    """The rules by which everything was measured."""
    report = findings.report
    open_hours = words.hours(report["hours"])
    return Section(
        id="rules",
        title="How it was measured",
        lead=f"Measurement policy: {words.policy_name(report['policy'])}.",
        parts=(
            Terms(
                terms=(
                    ("Waits and resolutions", words.policy(report["policy"], report["deadlines"])),
                    ("Conversations", words.threading(report["threading"])),
                    ("Which of them", _which(report["query"])),
                    ("Business hours", open_hours or ("None were given.",)),
                )
            ),
        ),
    )


def _which(query: str | None) -> tuple[str, ...]:
    if query is None:
        return ("All of them.",)
    return (f"Those with a message for which this query holds: {query}",)


def catalogue(findings: Findings) -> Section:
    """Every metric with its definition, and those that were not computed with the reason."""
    missing = len(findings.report["not_computed"])
    return Section(
        id="metrics",
        title="Every metric",
        lead=f"All {len(METRICS)} metrics; {formats.count(missing)} of them need more than these "
        "data hold.",
        parts=(Terms(terms=tuple(_entry(one, findings) for one in METRICS)),),
    )


def _entry(one: Metric, findings: Findings) -> tuple[str, tuple[str, ...]]:
    """A metric's title, with what it means and what it came to."""
    reason = findings.why_not(one.name)
    here = f"Not computed. {reason}" if reason else f"Here: {_here(one, findings)}."
    return (f"{one.title} (`{one.name}`)", (one.definition, here))


def _here(one: Metric, findings: Findings) -> str:
    its = findings.metrics[one.name]
    if "median" in its:
        return f"median {formats.duration(its['median'])}, n = {formats.count(its['n'])}"
    if "k" in its:
        return f"{formats.share(its['value'])}, n = {formats.count(its['n'])}"
    return _SHOWN[one.unit](its["value"], its) if "value" in its else "in a table above"


def _amount(value: float | None, its: Report) -> str:
    return formats.money(value, its["unit"])


_SHOWN = {
    "messages": lambda value, _: formats.count(value),
    "conversations": lambda value, _: formats.count(value),
    "s": lambda value, _: formats.duration(value),
    "share": lambda value, _: formats.share(value),
    "score": lambda value, _: formats.score(value),
    "currency": _amount,
}
