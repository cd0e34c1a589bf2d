"""Policies, threading and hours in sentences, from the mappings that the JSON report holds.

The field names are those of `MeasurementPolicy`, `ThreadingPolicy` and `BusinessHours`, so that a
reader who wants to change a rule knows what to write.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from socialcare.analytics import formats
from socialcare.domain.durations import duration

Values = Mapping[str, Any]

_OPENS = {
    "first": "A wait opens at the first customer message while none is open.",
    "last": "A wait opens at the last customer message before the response.",
    "each": "Every customer message is a wait of its own, and the next response closes them all.",
}
_AUTOMATED = {
    "ignore": "Automated messages are not responses and change nothing.",
    "stop": "An automated message ends a wait, which is then left out of the numbers.",
    "count": "An automated message is a response like any other.",
}
_AGENT_BEGAN = {
    "next": "In a conversation that the brand began, no wait is a first response.",
    "first": "In a conversation that the brand began, the first wait is a first response as well.",
    "exclude": "Conversations that the brand began are left out of response times.",
}
_RESPONSES = {
    "public": "public messages",
    "private": "private messages",
    "internal": "internal notes",
    "peer": "answers by other customers",
}
_CLOSES = {
    "last": "A conversation resolved more than once counts until its last resolution.",
    "first": "A conversation resolved more than once counts until its first resolution.",
}
_HOURS_APPLY = {
    "each_moment": "At each moment the version of the business hours in force at it applies.",
    "start": "The version of the business hours in force when a wait opened applies throughout.",
}
_CREDITED = {
    "author": "A response is credited to whoever wrote it.",
    "assignee": "A response is credited to whoever was assigned when it was sent.",
}
_TARGETS = {
    "first_response": "first response",
    "next_response": "next response",
    "resolution": "resolution",
}
_TWO_DAYS = 172_800
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def policy(values: Values, deadlines: Values | None = None) -> tuple[str, ...]:
    """What was counted and how, one sentence for each choice.

    Args:
        values: The measurement policy.
        deadlines: The service level policy, where attainment is measured by one.
    """
    return (
        _OPENS[values["opens"]],
        f"Responses are {joined(_responses(values['responses']))}.",
        _AUTOMATED[values["automated"]],
        _AGENT_BEGAN[values["agent_began"]],
        "A wait without a response is pending and counts with the time it has lasted.",
        _CLOSES[values["resolution_closes"]],
        _settled(values["settle"]),
        *(_pause(pause) for pause in values.get("pauses") or ()),
        _HOURS_APPLY[values["hours_apply"]],
        _CREDITED[values["credited_to"]],
        _promises(values.get("targets") or {}) if deadlines is None else _promised_by(deadlines),
    )


def _settled(settle: str | float) -> str:
    return (
        "Without statuses or acknowledgements, a conversation is taken as resolved when no "
        f"customer message was left unanswered for {span(settle)}."
    )


def policy_name(values: Values) -> str:
    """Name and version of a policy."""
    return f"{values['name']}, version {values['version']}"


def _responses(kinds: Iterable[str]) -> list[str]:
    return [words for kind, words in _RESPONSES.items() if kind in set(kinds)]


def _pause(pause: Values) -> str:
    targets = [words for key, words in _TARGETS.items() if key in set(pause["targets"])]
    states = joined(sorted(pause["states"]))
    return f"Time spent in the state {states} does not count for {joined(targets)}."


def _promises(targets: Values) -> str:
    promised = [
        f"{words} within {span(targets[key])}"
        for key, words in _TARGETS.items()
        if targets.get(key) is not None
    ]
    return f"Promised: {joined(promised)}." if promised else "No response times were promised."


def _promised_by(deadlines: Values) -> str:
    entries = joined([repr(entry["name"]) for entry in deadlines["entries"]])
    return (
        f"What was promised is that of the service level policy {policy_name(deadlines)}, in its "
        f"own hours and by its own rules; its entries are {entries}."
    )


def threading(values: Values) -> tuple[str, ...]:
    """What made a conversation."""
    given = {
        "keep": "Where the data name the conversation, that is the conversation.",
        "ignore": "Conversation names in the data were set aside, and messages threaded again.",
    }
    joins = (
        "Messages of one customer with one brand are one conversation if replies join them, or if "
        f"no more than {span(values['gap'])} pass between neighbours, "
        "on any channel, in public or in private."
    )
    reopens = (
        f"A reply reopens a conversation within {span(values['reopen_within'])} of its "
        "resolution; later, a new one begins."
    )
    notes = "Internal notes belong to a conversation, but neither join nor prolong one."
    return (joins, reopens, given[values["given"]], notes)


def hours(values: Values | None) -> tuple[str, ...]:
    """When the desk was open, one sentence for each version of the hours."""
    if values is None:
        return ()
    versions = [values] if "weekly" in values else []
    versions += values.get("versions") or []
    told = [_version({**values, **version}) for version in versions]
    return (f"Business time is counted on the clocks of {values['timezone']}.", *told)


def hours_in_short(values: Values | None) -> str:
    """Business hours in one line."""
    if values is None:
        return "none given: calendar time only"
    if values.get("versions"):
        return f"{len(hours(values)) - 1} versions ({values['timezone']})"
    return f"{_week(values.get('weekly') or {})} ({values['timezone']})"


def _version(values: Values) -> str:
    since = f"From {values['from']}: " if values.get("from") else "Open "
    extra = [
        formats.plural(len(values.get(key) or ()), one)
        for key, one in (("holidays", "holiday"), ("dates", "date with other hours"))
        if values.get(key)
    ]
    more = f"; {joined(extra)}" if extra else ""
    return f"{since}{_week(values.get('weekly') or {})}{more}."


def _week(weekly: Values) -> str:
    """Weekdays with the same windows together: "Mon-Fri 09:00-17:30, Sat 10:00-14:00"."""
    windows = [_windows(weekly.get(day, ())) for day in _DAYS]
    runs: list[tuple[int, int]] = []
    for number, its in enumerate(windows):
        if runs and windows[runs[-1][0]] == its:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    named = [f"{_run(run)} {' and '.join(windows[run[0]])}" for run in runs if windows[run[0]]]
    return ", ".join(named) or "on no day of the week"


def _windows(windows: Iterable[str]) -> tuple[str, ...]:
    return tuple(window.replace("-", "\N{EN DASH}") for window in windows)


def _run(run: tuple[int, int]) -> str:
    first, last = (_DAYS[number].capitalize() for number in run)
    return first if first == last else f"{first}\N{EN DASH}{last}"


def span(value: str | float) -> str:
    r"""A duration of a policy, as a text or in seconds, in words.

    >>> [span(one).replace("\xa0", " ") for one in ("3d", "1h30m", 86_400)]
    ['3 d', '1 h 30 min', '24 h']
    """
    seconds = duration(value).total_seconds() if isinstance(value, str) else value
    # "24 h" is a rule of the field; "1 d" could be a calendar day.
    in_hours = seconds < _TWO_DAYS
    return formats.business_duration(seconds) if in_hours else formats.duration(seconds)


def joined(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["red", "green", "blue"]), joined(["red"])
    ('red, green and blue', 'red')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
