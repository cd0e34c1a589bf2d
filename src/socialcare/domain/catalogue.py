"""The catalogue of metrics: what each number means, in one place.

The computation, the command line, the report and the docs all take names, titles and definitions
from here, so that a number can't mean one thing on the screen and another in the manual.
"""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from socialcare.errors import InvalidValue

INPUTS: Mapping[str, str] = MappingProxyType(
    {
        "category": "the column `category`",
        "subcategory": "the column `subcategory`",
        "sentiment": "the column `sentiment`",
        "agent_id": "the column `agent_id`, or sign-offs in the texts",
        "author_role": "the column `author_role`, which tells peers from customers",
        "merits_attention": "the column `merits_attention`",
        "redirected": "the column `redirected`",
        "indirect": "the column `indirect`",
        "handling": "the table of handling spans",
        "targets": "a policy with targets, or a service level policy",
        "hours": "business hours",
        "costs": "a policy with a cost table",
        "approvals": "the table of approvals",
        "escalations": "the table of escalations",
    }
)
"""What a metric can need beyond the columns that every message has, and how to call it."""


@attrs.frozen(kw_only=True)
class Metric:
    """One metric of the specification.

    Attributes:
        name: Its key in the JSON, in snake case.
        title: How it is headed in a table.
        definition: What is counted, exactly.
        unit: `messages`, `conversations`, `s`, `share`, `score`, `currency` or `7x24 table`.
        needs: Keys of `INPUTS`, for what it needs beyond the columns that every message has.
    """

    name: str
    title: str
    definition: str
    unit: str
    needs: tuple[str, ...] = ()

    @property
    def wants(self) -> str:
        """What it needs beyond the columns that every message has, in words.

        >>> metric("average_handling_time").wants
        'the table of handling spans'
        >>> metric("backlog").wants
        ''
        """
        return ", ".join(INPUTS[need] for need in self.needs)


_VOLUMES = (
    Metric(
        name="inbound_volume",
        title="Inbound volume",
        definition="Messages from customers and the public; automated and internal ones apart.",
        unit="messages",
    ),
    Metric(
        name="response_volume",
        title="Response volume",
        definition="Messages from the brand; automated and internal ones apart.",
        unit="messages",
    ),
    Metric(
        name="volume_by_category",
        title="Volume by category",
        definition="Inbound messages by category and subcategory.",
        unit="messages",
        needs=("category",),
    ),
    Metric(
        name="conversation_volume",
        title="Conversation volume",
        definition="Conversations with a customer message in the period, and customers reached.",
        unit="conversations",
    ),
)

_RESPONSES = (
    Metric(
        name="first_response_time",
        title="First response time",
        definition=(
            "Seconds of first waits: from the customer message that began the conversation "
            "to the next response."
        ),
        unit="s",
    ),
    Metric(
        name="average_response_time",
        title="Average response time",
        definition=(
            "Seconds of all waits, first and next: from the first customer message "
            "of each wait to the next response."
        ),
        unit="s",
    ),
    Metric(
        name="response_rate",
        title="Response rate",
        definition=(
            "Waits closed / waits opened; and conversations with a response / conversations."
        ),
        unit="share",
    ),
    Metric(
        name="sla_attainment",
        title="SLA attainment",
        definition=(
            "Waits (or resolutions) met / (met + breached); "
            "a pending one is breached once its target has passed, undecided before."
        ),
        unit="share",
        needs=("targets",),
    ),
)

_HANDLING = (
    Metric(
        name="handling_time",
        title="Handling time",
        definition="Seconds that agents really spent on a conversation.",
        unit="s",
        needs=("handling",),
    ),
    Metric(
        name="average_handling_time",
        title="Average handling time",
        definition="The mean of handling seconds over conversations, and for each agent.",
        unit="s",
        needs=("handling",),
    ),
    Metric(
        name="total_handling_time",
        title="Total handling time",
        definition="The sum of handling seconds.",
        unit="s",
        needs=("handling",),
    ),
)

_RESOLUTIONS = (
    Metric(
        name="resolution_time",
        title="Resolution time",
        definition="Seconds from a conversation's first customer message to its resolution.",
        unit="s",
    ),
    Metric(
        name="time_to_first_resolution",
        title="Time to first resolution",
        definition="Seconds from a conversation's first customer message to its first resolution.",
        unit="s",
    ),
    Metric(
        name="reopen_rate",
        title="Reopen rate",
        definition="Reopened conversations / resolved conversations.",
        unit="share",
    ),
    Metric(
        name="first_contact_resolution",
        title="First-contact resolution",
        definition="Resolved with exactly one response and not reopened / resolved conversations.",
        unit="share",
    ),
    Metric(
        name="backlog",
        title="Backlog",
        definition="Conversations waiting at an instant, and the age of the oldest in seconds.",
        unit="conversations",
    ),
    Metric(
        name="in_channel_resolution",
        title="In-channel resolution",
        definition="Resolved on the channel where they began / resolved conversations.",
        unit="share",
    ),
)

_TALK = (
    Metric(
        name="sentiment",
        title="Sentiment",
        definition="The mean score of customer messages, from -1 to 1.",
        unit="score",
        needs=("sentiment",),
    ),
    Metric(
        name="sentiment_conversion",
        title="Sentiment conversion",
        definition=(
            "Share of conversations whose first customer sentiment is negative that end positive "
            "after at least one response, with the full table of first and last sentiment."
        ),
        unit="share",
        needs=("sentiment",),
    ),
    Metric(
        name="demand_share",
        title="Demand share",
        definition=(
            "Inbound that merits attention / inbound; inbound that needs a response / inbound."
        ),
        unit="share",
        needs=("merits_attention",),
    ),
    Metric(
        name="indirect_mentions",
        title="Indirect mentions",
        definition="Inbound found by listening, not addressed to the brand / inbound.",
        unit="share",
        needs=("indirect",),
    ),
)

_MOVES = (
    Metric(
        name="redirect_rate",
        title="Redirect rate",
        definition=(
            "Conversations told to use another channel / conversations, "
            "and of those how many had asked for it."
        ),
        unit="share",
        needs=("redirected",),
    ),
    Metric(
        name="public_to_private",
        title="Public to private",
        definition="Conversations taken private / conversations that began in public; time to it.",
        unit="share",
    ),
    Metric(
        name="public_close",
        title="Public close",
        definition="Conversations taken private that closed with a public message.",
        unit="share",
    ),
    Metric(
        name="peer_answers",
        title="Peer answers",
        definition="Conversations answered by a peer first; resolved by peers alone; time to it.",
        unit="share",
        needs=("author_role",),
    ),
)

_CARE = (
    Metric(
        name="approval_wait",
        title="Approval wait",
        definition=(
            "The part of a wait spent waiting for an approval, in seconds, "
            "and its share of all waiting."
        ),
        unit="s",
        needs=("approvals",),
    ),
    Metric(
        name="escalation_rate",
        title="Escalation rate",
        definition="Conversations escalated / conversations, by level and reason.",
        unit="share",
        needs=("escalations",),
    ),
    Metric(
        name="time_to_escalate",
        title="Time to escalate",
        definition=(
            "Seconds from the opening of a conversation to its escalation, by level and reason."
        ),
        unit="s",
        needs=("escalations",),
    ),
    Metric(
        name="time_at_level",
        title="Time at a level",
        definition="Seconds from an escalation until it left that level, by level and reason.",
        unit="s",
        needs=("escalations",),
    ),
    Metric(
        name="cost_per_contact",
        title="Cost per contact",
        definition="Volume x a cost table given by the user, for each contact.",
        unit="currency",
        needs=("costs",),
    ),
    Metric(
        name="cost_avoided",
        title="Cost avoided",
        definition="What the same contacts would have cost on the alternative, less their cost.",
        unit="currency",
        needs=("costs",),
    ),
)

_HOURS = (
    Metric(
        name="hour_of_week",
        title="Hour of week",
        definition="Inbound, response time and coverage by local weekday and hour.",
        unit="7x24 table",
    ),
    Metric(
        name="operating_hours",
        title="Operating hours",
        definition=(
            "First response time for conversations that begin inside and outside business hours, "
            "side by side."
        ),
        unit="s",
        needs=("hours",),
    ),
)

METRICS: tuple[Metric, ...] = (
    *_VOLUMES,
    *_RESPONSES,
    *_HANDLING,
    *_RESOLUTIONS,
    *_TALK,
    *_MOVES,
    *_CARE,
    *_HOURS,
)
"""Every metric, in the order in which they are shown."""

_BY_NAME = {one.name: one for one in METRICS}


def metric(name: str) -> Metric:
    """The metric of that name.

    Raises:
        InvalidValue: If there is none.

    >>> metric("first_response_time").unit
    's'
    """
    if name not in _BY_NAME:
        raise InvalidValue(name, where="metric", right=f"one of {', '.join(_BY_NAME)}")
    return _BY_NAME[name]
