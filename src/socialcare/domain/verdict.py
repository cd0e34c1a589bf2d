"""Verdicts: what somebody of the house said of a peer's answer."""

from datetime import datetime

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.instants import instant

__all__ = ["Judgement", "Verdict"]


class Verdict(Choice):
    """What somebody of the house said of a peer's answer."""

    CONFIRMED = "confirmed"
    """It is right."""
    CORRECTED = "corrected"
    """It is not quite right, and what is was said."""
    TAKEN_OVER = "taken_over"
    """The house answers itself."""


def _moment(value: datetime) -> datetime:
    return instant(value, where="Judgement.at")


@attrs.frozen(kw_only=True)
class Judgement:
    """A verdict on one message of a peer.

    Attributes:
        message: Which one, as channel and id.
        verdict: What was said of it.
        by: Who said it.
        at: When.
        note: What is right, or why.
    """

    message: tuple[str, str]
    verdict: Verdict = attrs.field(converter=Verdict)
    by: str
    at: datetime = attrs.field(converter=_moment)
    note: str | None = None
