"""How a text sounds, and whether it complains or thanks: VADER and a lexicon of service.

Complaints about a service are mostly facts: `3 hours late and no info` has no word that sounds bad.
So the evidence of VADER, which knows how words sound, is one part, and what customers say of
waiting, faults, delays, charges and silence the other; see `lexicon`. VADER is asked where it can
tip the balance. Irony, such as `thanks for nothing`, a rolling of eyes or a word in quotation
marks, is evidence like any other: it outweighs the thanks that it borrows.

The two chances, of complaint and of thanks, make three: negative, positive, and neither. The
likeliest is the class of the text, and the score lies where `domain.sentiment` has that class.
"""

from collections.abc import Collection

import attrs

from socialcare.domain.annotation import Annotation, Sense
from socialcare.errors import InvalidValue
from socialcare.text.lexicon import Evidence, chance, service_lexicon
from socialcare.text.saying import said, yes_or_no
from socialcare.text.scores import sentiment_score
from socialcare.text.sound import Sound
from socialcare.text.tags import is_read, primary
from socialcare.text.tokens import tokens

__all__ = ["Reading", "ServiceSentiment"]

_VADER_COMPLAINT, _VADER_THANKS = -0.9, 1.5
"""What VADER's score adds to the log-odds, at its ends."""
_SENSES = (Sense.SENTIMENT, Sense.COMPLAINT, Sense.THANKS)
_HAS_LEXICON = frozenset({"en"})


@attrs.frozen
class Reading:
    """The chances that a text complains, and that it thanks or praises."""

    complaint: float
    thanks: float

    @property
    def classes(self) -> tuple[float, float, float]:
        """The chances that it is negative, neutral and positive; who complains is negative.

        >>> Reading(complaint=0.5, thanks=0.5).classes
        (0.5, 0.25, 0.25)
        """
        positive = (1 - self.complaint) * self.thanks
        return self.complaint, 1 - self.complaint - positive, positive


class ServiceSentiment:
    """Sentiment, complaint and thanks, of texts in English.

    Args:
        languages: The languages in which it may speak, out of those that it has words for: `en`.

    Raises:
        InvalidValue: If it has no words for one of them.

    >>> found = ServiceSentiment().annotations("3rd time you cancel my flight, still no refund")
    >>> [(each.sense.value, each.value) for each in found]
    [('sentiment', -0.98...), ('complaint', True), ('thanks', False)]
    """

    def __init__(self, languages: Collection[str] = ("en",)) -> None:
        unknown = sorted({primary(tag) for tag in languages} - _HAS_LEXICON)
        if unknown or not languages:
            found = unknown[0] if unknown else languages
            raise InvalidValue(
                found, where="ServiceSentiment.languages", right="languages it has words for: 'en'"
            )
        self._lexicon = service_lexicon()
        self.name = f"service-sentiment {self._lexicon.version}"
        self._sound = Sound()

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:
        """Sentiment, complaint and thanks; None beyond its languages, and of nothing readable."""
        reading = self.reading(text, language=language)
        if reading is None:
            return tuple(said(sense, None, by=self.name) for sense in _SENSES)
        classes = reading.classes
        return (
            said(
                Sense.SENTIMENT,
                sentiment_score(*classes),
                by=self.name,
                confidence=max(classes),
            ),
            yes_or_no(Sense.COMPLAINT, reading.complaint, by=self.name),
            yes_or_no(Sense.THANKS, reading.thanks, by=self.name),
        )

    def reading(self, text: str, *, language: str | None = None) -> Reading | None:
        """The chances behind its annotations; None where it can't read a text."""
        if not is_read(text, language=language, languages=_HAS_LEXICON):
            return None
        read = tokens(text)
        if not read:
            return None
        found = self._lexicon.evidence(self._lexicon.cues(read))
        sound = self._sound.score(text) if _could_change(found) else 0.0
        return Reading(
            complaint=chance(found.complaint + _VADER_COMPLAINT * sound),
            thanks=chance(found.thanks + _VADER_THANKS * sound),
        )


def _could_change(found: Evidence) -> bool:
    """Whether VADER, which takes longest, could change what the cues have decided."""
    return abs(found.complaint) < -_VADER_COMPLAINT or abs(found.thanks) < _VADER_THANKS
