"""Peer policies: who may be asked in, how often, and how often somebody is thanked.

Whoever helps for nothing is asked gently: with their consent, not often, not again while they have
not answered, and never again once they said no.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.documents import Reader, Table, length, text, toml_table, whole, word_of
from socialcare.domain.durations import duration_text
from socialcare.errors import InvalidPolicy, InvalidValue

__all__ = ["Consent", "PeerPolicy"]

_COUNTS = ("most_asks", "most_unanswered", "most_at_once", "least_answers")
_LENGTHS = ("within", "pause", "thanks_pause")


class Consent(Choice):
    """Whose consent is needed."""

    GIVEN = "given"
    """Only who said yes is asked."""
    NOT_REFUSED = "not_refused"
    """Who never said no is asked, too."""


def _counted(
    policy: "PeerPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[int]",
    value: int,
) -> None:
    if isinstance(value, bool) or value < 1:
        where = f"PeerPolicy.{attribute.name}"
        raise InvalidPolicy(value, where=where, right="a number, at least 1")


def _not_negative(
    policy: "PeerPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: timedelta,
) -> None:
    if value < timedelta():
        where = f"PeerPolicy.{attribute.name}"
        raise InvalidPolicy(str(value), where=where, right="a duration from 0s on")


def _a_share(
    policy: "PeerPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[float]",
    value: float,
) -> None:
    if not 0 <= value <= 1:
        where = f"PeerPolicy.{attribute.name}"
        raise InvalidPolicy(value, where=where, right="a share from 0 to 1")


@attrs.frozen(kw_only=True)
class PeerPolicy:
    """Who may be asked in, how often, and how often somebody is thanked.

    Attributes:
        name: What it is called.
        version: Which of that name.
        consent: Whose consent is needed.
        most_asks: How often at most somebody is asked `within` a time.
        within: In which time.
        pause: How long somebody is left alone after they were asked.
        most_unanswered: How many of the latest asks may have gone unanswered.
        most_at_once: How many are asked about one question.
        least_answers: How many answers somebody must have given before they are suggested.
        least_score: How large the share of their helpful answers must surely be.
        thanks_pause: How long somebody is not thanked again.

    Raises:
        InvalidPolicy: If a number makes no sense.
    """

    name: str = "peers"
    version: str = "1"
    consent: Consent = attrs.field(default=Consent.GIVEN, converter=Consent)
    most_asks: int = attrs.field(default=2, validator=_counted)
    within: timedelta = attrs.field(default=timedelta(days=7), validator=_not_negative)
    pause: timedelta = attrs.field(default=timedelta(days=1), validator=_not_negative)
    most_unanswered: int = attrs.field(default=2, validator=_counted)
    most_at_once: int = attrs.field(default=1, validator=_counted)
    least_answers: int = attrs.field(default=2, validator=_counted)
    least_score: float = attrs.field(default=0.1, validator=_a_share)
    thanks_pause: timedelta = attrs.field(default=timedelta(days=30), validator=_not_negative)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "peers") -> "PeerPolicy":
        """The policy that a mapping describes: its keys are the fields.

        Raises:
            InvalidPolicy: If a key is unknown or a value is not right; the message names the key.
        """
        return _policy(Table(mapping, where, error=InvalidPolicy))

    @classmethod
    def from_toml(cls, path: str | Path) -> "PeerPolicy":
        """The policy in a TOML file.

        Raises:
            InvalidPolicy: If it is not TOML, a key is unknown, or a value is not right.
            OSError: If the file cannot be opened.
        """
        return _policy(toml_table(path, error=InvalidPolicy))

    def to_mapping(self) -> dict[str, object]:
        """The policy as `from_mapping` reads it, of texts and numbers only."""
        return {
            "name": self.name,
            "version": self.version,
            "consent": self.consent.value,
            **{key: getattr(self, key) for key in _COUNTS},
            "least_score": self.least_score,
            **{key: duration_text(getattr(self, key)) for key in _LENGTHS},
        }


def _policy(table: Table) -> PeerPolicy:
    readers: dict[str, Reader[object]] = {
        "name": text,
        "version": text,
        "consent": word_of(Consent),
        **dict.fromkeys(_COUNTS, whole("a number, at least 1")),
        "least_score": _share,
        **dict.fromkeys(_LENGTHS, length),
    }
    fields = table.given(**readers)
    table.done()
    return table.made(PeerPolicy, fields)


def _share(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidValue(value, where=where, right="a share from 0 to 1")
    return float(value)
