"""The classifiers that we ship hold to the contract that we ship."""

import pytest

from socialcare.domain.annotation import Sense
from socialcare.plugins.protocols import Classifier
from socialcare.testing.classifier import ClassifierContract
from socialcare.text.language import LanguageClassifier
from socialcare.text.linear import LinearModel
from socialcare.text.personal_data import PersonalData
from socialcare.text.sentiment import ServiceSentiment
from socialcare.text.service import ServiceNeeds
from socialcare.text.trained import TrainedClassifier

SENTIMENT = ServiceSentiment()
NEEDS = ServiceNeeds()
LANGUAGE = LanguageClassifier(("en", "es"))
PERSONAL_DATA = PersonalData(("US", "GB", "ES", "FR", "DE", "NL", "BR", "IN"))
TRAINED = TrainedClassifier(
    LinearModel.fit(
        ["it crashed", "no reply", "lovely, thanks", "great crew"] * 5,
        [True, True, False, False] * 5,
    ),
    Sense.COMPLAINT,
    name="ours 1",
    languages=("en",),
)


class TestServiceSentiment(ClassifierContract):
    """Sentiment, complaint and thanks."""

    languages = ("en",)

    @pytest.fixture
    def classifier(self) -> Classifier:
        """Of texts in English."""
        return SENTIMENT


class TestServiceNeeds(ClassifierContract):
    """Question, urgency, needs and intents."""

    languages = ("en",)

    @pytest.fixture
    def classifier(self) -> Classifier:
        """Of texts in English."""
        return NEEDS


class TestLanguage(ClassifierContract):
    """The language of a text."""

    @pytest.fixture
    def classifier(self) -> Classifier:
        """Out of two."""
        return LANGUAGE


class TestPersonalData(ClassifierContract):
    """Personal data and its places."""

    @pytest.fixture
    def classifier(self) -> Classifier:
        """Of many regions."""
        return PERSONAL_DATA


class TestTrained(ClassifierContract):
    """A model that was trained."""

    languages = ("en",)

    @pytest.fixture
    def classifier(self) -> Classifier:
        """On a few texts in English."""
        return TRAINED
