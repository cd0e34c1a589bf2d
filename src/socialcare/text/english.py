"""The default set of classifiers for texts in English."""

from collections.abc import Sequence

from socialcare.plugins.protocols import Classifier
from socialcare.text.language import LanguageClassifier
from socialcare.text.personal_data import PersonalData
from socialcare.text.sentiment import ServiceSentiment
from socialcare.text.service import ServiceNeeds

__all__ = ["english"]


def english(
    languages: Sequence[str] = ("en",), regions: Sequence[str] = ("US", "GB")
) -> tuple[Classifier, ...]:
    """Language, sentiment, needs and personal data, in the order in which to ask them.

    The language comes first, so that the others can be told; what is only for English says nothing
    of a text that is known to be in another language.

    Args:
        languages: The languages in which the brand's customers write, as BCP 47 tags.
        regions: Where they are, as ISO 3166 codes; for phones and national numbers.

    Raises:
        InvalidValue: If a language or region is not one.
    """
    return (
        LanguageClassifier(languages),
        ServiceSentiment(),
        ServiceNeeds(),
        PersonalData(regions),
    )
