"""Every metric of the catalogue, computed from facts.

One function a metric, each of them short: facts in, plain values out.
What the data do not allow is named with the reason, and has `None` where its value would be.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from socialcare.analytics.engine.calculations import (
    approvals,
    effort,
    escalations,
    service,
    talk,
    volumes,
    weeks,
)
from socialcare.analytics.engine.calculations.shapes import Value
from socialcare.analytics.engine.facts import Facts
from socialcare.domain.catalogue import INPUTS, METRICS


def calculate(facts: Facts) -> dict[str, Value]:
    """Every metric by name, in the order of the catalogue."""
    return {one.name: _CALCULATIONS[one.name](facts) for one in METRICS}


def calculate_together(facts: Facts) -> dict[str, Value]:
    """The same as `calculate`, on two threads: for tables so large that it pays."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        # That thread begins with the last of the catalogue, which are the weightiest, and this one
        # with the first. A second pool thread would not get the memory that this one has freed.
        begun = {
            one.name: beside.submit(_CALCULATIONS[one.name], facts) for one in reversed(METRICS)
        }
        return {
            one.name: (
                _CALCULATIONS[one.name](facts)
                if begun[one.name].cancel()
                else begun[one.name].result()
            )
            for one in METRICS
        }


def not_computed(has: frozenset[str]) -> dict[str, str]:
    """The metrics that the data do not allow, each with the reason.

    Args:
        has: What the data have, by the names of `catalogue.INPUTS`.
    """
    missing = {one.name: [need for need in one.needs if need not in has] for one in METRICS}
    return {
        name: f"needs {' and '.join(INPUTS[need] for need in needs)}"
        for name, needs in missing.items()
        if needs
    }


_CALCULATIONS: Mapping[str, Callable[[Facts], Value]] = {
    "inbound_volume": volumes.inbound_volume,
    "response_volume": volumes.response_volume,
    "volume_by_category": volumes.volume_by_category,
    "conversation_volume": volumes.conversation_volume,
    "first_response_time": service.first_response_time,
    "average_response_time": service.average_response_time,
    "response_rate": service.response_rate,
    "sla_attainment": service.sla_attainment,
    "handling_time": effort.handling_time,
    "average_handling_time": effort.average_handling_time,
    "total_handling_time": effort.total_handling_time,
    "resolution_time": service.resolution_time,
    "time_to_first_resolution": service.time_to_first_resolution,
    "reopen_rate": service.reopen_rate,
    "first_contact_resolution": service.first_contact_resolution,
    "backlog": service.backlog,
    "in_channel_resolution": service.in_channel_resolution,
    "sentiment": talk.sentiment,
    "sentiment_conversion": talk.sentiment_conversion,
    "demand_share": talk.demand_share,
    "indirect_mentions": talk.indirect_mentions,
    "redirect_rate": talk.redirect_rate,
    "public_to_private": talk.public_to_private,
    "public_close": talk.public_close,
    "peer_answers": talk.peer_answers,
    "approval_wait": approvals.approval_wait,
    "escalation_rate": escalations.escalation_rate,
    "time_to_escalate": escalations.time_to_escalate,
    "time_at_level": escalations.time_at_level,
    "cost_per_contact": effort.cost_per_contact,
    "cost_avoided": effort.cost_avoided,
    "hour_of_week": weeks.hour_of_week,
    "operating_hours": weeks.operating_hours,
}
