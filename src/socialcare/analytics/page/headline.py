"""The numbers that a manager reads first, each with what it counts and who still waits."""

from socialcare.analytics import formats
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.page.parts import Card, Cards, Section
from socialcare.analytics.series import Report
from socialcare.domain.catalogue import metric

Fact = tuple[str, str]


def headline(findings: Findings) -> Section:
    """The section of headline numbers."""
    return Section(
        id="headline",
        title="At a glance",
        lead="Medians are of what was answered. The line below each counts those still waiting "
        "too, and is the one to trust where many are.",
        parts=(Cards(cards=tuple(card(findings) for card in _CARDS)),),
    )


def _volume(findings: Findings) -> Card:
    metrics = findings.metrics
    inbound, out = metrics["inbound_volume"], metrics["response_volume"]
    talks = metrics["conversation_volume"]
    return Card(
        title="Messages from customers",
        value=formats.count(inbound["value"]),
        hint=metric("inbound_volume").definition,
        facts=(
            ("responses", formats.count(out["value"])),
            ("conversations", formats.count(talks["value"])),
            ("customers", formats.count(talks["customers"])),
            ("automated, in and out", formats.count(inbound["automated"] + out["automated"])),
        ),
    )


def _first_response(findings: Findings) -> Card:
    return _time_card(findings, "first_response_time", "First response, median")


def _all_responses(findings: Findings) -> Card:
    return _time_card(findings, "average_response_time", "All responses, median")


def _resolution(findings: Findings) -> Card:
    return _time_card(findings, "resolution_time", "Time to resolution, median")


def _time_card(findings: Findings, name: str, title: str) -> Card:
    its = findings.metrics[name]
    if (reason := findings.why_not(name)) is not None:
        return _not_computed(title, name, reason)
    return Card(
        title=title,
        value=formats.duration(its["median"]),
        quiet=its["median"] is None,
        hint=metric(name).definition,
        facts=(
            ("counting those waiting", formats.duration(its["survival"]["median"])),
            ("mean", formats.duration(its["mean"])),
            ("90 % within", formats.duration(its["p90"])),
            *_business(its["business"]),
            _counted(its, "resolved" if name == "resolution_time" else "answered"),
        ),
    )


def _business(business: Report | None) -> tuple[Fact, ...]:
    if business is None:
        return ()
    return (
        ("median in business time", formats.business_duration(business["median"])),
        ("90 % in business time", formats.business_duration(business["p90"])),
    )


def _counted(its: Report, done: str) -> Fact:
    open_ = "open" if done == "resolved" else "waiting"
    return (f"{done} / {open_}", f"{formats.count(its['n'])} / {formats.count(its['pending'])}")


def _response_rate(findings: Findings) -> Card:
    its = findings.metrics["response_rate"]
    talks = its["conversations"]
    return _share_card(
        "Waits answered",
        "response_rate",
        its,
        (
            "conversations answered",
            f"{formats.share(talks['value'])} of {formats.count(talks['n'])}",
        ),
    )


def _promises(findings: Findings) -> Card:
    title, name = "Answered as promised", "sla_attainment"
    if (reason := findings.why_not(name)) is not None:
        return _not_computed(title, name, reason)
    its = findings.metrics[name]
    return _share_card(title, name, its, ("undecided", formats.count(its["undecided"])))


def _conversion(findings: Findings) -> Card:
    title, name = "Negative turned positive", "sentiment_conversion"
    if (reason := findings.why_not(name)) is not None:
        return _not_computed(title, name, reason)
    mean = findings.metrics["sentiment"]["value"]
    return _share_card(
        title, name, findings.metrics[name], ("mean of all scores", formats.score(mean))
    )


def _share_card(title: str, name: str, its: Report, *more: Fact) -> Card:
    return Card(
        title=title,
        value=formats.share(its["value"]),
        quiet=its["value"] is None,
        hint=metric(name).definition,
        facts=(
            ("counted", f"{formats.count(its['k'])} of {formats.count(its['n'])}"),
            ("95 % interval", formats.interval(its["interval"])),
            *more,
        ),
    )


def _handling(findings: Findings) -> Card:
    title, name = "Handling time, mean", "average_handling_time"
    if (reason := findings.why_not(name)) is not None:
        return _not_computed(title, name, reason)
    its, spread = findings.metrics[name], findings.metrics["handling_time"]
    total = findings.metrics["total_handling_time"]["value"]
    return Card(
        title=title,
        value=formats.duration(its["value"]),
        quiet=its["value"] is None,
        hint=metric(name).definition,
        facts=(
            ("median", formats.duration(spread["median"])),
            ("90 % within", formats.duration(spread["p90"])),
            ("total", formats.business_duration(total)),
            ("conversations", formats.count(its["n"])),
        ),
    )


def _backlog(findings: Findings) -> Card:
    its = findings.metrics["backlog"]
    return Card(
        title="Conversations waiting",
        value=formats.count(its["value"]),
        quiet=its["value"] is None,
        hint=metric("backlog").definition,
        facts=(("oldest waits for", formats.duration(its["oldest"]) if its["value"] else "none"),),
    )


def _not_computed(title: str, name: str, reason: str) -> Card:
    return Card(
        title=title,
        value="not computed",
        quiet=True,
        hint=metric(name).definition,
        facts=(("why", reason),),
    )


_CARDS = (
    _first_response,
    _all_responses,
    _resolution,
    _response_rate,
    _backlog,
    _volume,
    _promises,
    _conversion,
    _handling,
)
