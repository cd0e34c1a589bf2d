"""The contract of a classifier, as tests that its author's test suite runs.

Make a subclass, give the fixture `classifier`, and say which languages it reads::

    class TestMyClassifier(ClassifierContract):
        languages = ("en",)

        @pytest.fixture
        def classifier(self):
            return MyClassifier()

What it says of a text is its own affair; the contract is about how it says it.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from socialcare.domain.annotation import Annotation
from socialcare.errors import MissingExtra
from socialcare.plugins.protocols import Classifier

try:
    import pytest
except ImportError as error:
    raise MissingExtra("testing", module="pytest") from error

ORDINARY = {
    "a question": "Where is my order? It should have been here on Monday.",
    "thanks": "Thank you so much, the crew was lovely!",
    "a complaint": "still no reply after 3 hours, this is ridiculous",
    "Spanish": "¿Dónde está mi pedido? Llevo tres días esperando.",
    "personal data": "Call me on +44 161 496 0000 or write to sam@example.com",
}
STRANGE = {
    "empty": "",
    "blank": " \t\r\n\u00a0\u2003 ",
    "marks": "?!... \"'`()[]{}<>|\\/@#$%^&*",
    "emoji": "\U0001f621\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fd\u2764\ufe0f",
    "flag": "\U0001f1ec\U0001f1e7\U0001f1fa",
    "right to left": "أين طلبي؟ \u202eabc\u202c שלום",
    "joined": "e\u0301\u0327\u20dd" * 40,
    "many marks": "Z" + "\u0336" * 500,
    "null": "no\x00reply\x07\x1b[31m",
    "lone surrogate": "half \ud83d of an emoji",
    "wide": "\uff52\uff45\uff46\uff55\uff4e\uff44\u3000\uff4d\uff45",
    "look-alikes": "\u0441ancel \u043cy order",
    "tags": "\U000e0061\U000e0062",
    "line ends": "one\r\ntwo\rthree\u2028four\u2029five",
    "entities": "&amp;&#x1F621;&notanentity;",
}
TEXTS = {**ORDINARY, **STRANGE}
HUGE = {
    "words": "still waiting for my order " * 4_000,
    "one letter": "a" * 100_000,
    "digits": "4" * 100_000,
    "spaced digits": "4111 " * 20_000,
    "at signs": "a@" * 50_000,
    "questions": "?" * 100_000,
    "emoji": "\U0001f621" * 50_000,
    "no spaces": "no_reply." * 11_000,
}
LONGEST_WAIT = 10.0
"""Seconds in which any text of 100 kB is answered, on any machine."""
FOREIGN = "xx"
"""A language that nobody has."""


class ClassifierContract:
    """What every classifier must hold to."""

    languages: Collection[str] = ()
    """The languages that it reads; none if they are all the same to it."""

    @pytest.fixture
    def classifier(self) -> Classifier:
        """The classifier under test."""
        raise NotImplementedError("override the fixture `classifier` and return your classifier")

    def test_it_is_a_classifier(self, classifier: Classifier) -> None:
        """It has all that the protocol asks for."""
        assert isinstance(classifier, Classifier)

    def test_its_name_has_a_version(self, classifier: Classifier) -> None:
        """Its name is a name and a version, and stays what it is."""
        name, _, version = classifier.name.rpartition(" ")

        assert name
        assert any(sign.isdigit() for sign in version)
        assert classifier.name == classifier.name

    @pytest.mark.parametrize("kind", ORDINARY)
    def test_it_signs_what_it_says(self, classifier: Classifier, kind: str) -> None:
        """Every annotation bears the classifier's name."""
        said = classifier.annotations(ORDINARY[kind])

        assert isinstance(said, tuple)
        assert {each.by for each in said} <= {classifier.name}

    @pytest.mark.parametrize("kind", TEXTS)
    def test_it_says_the_same_again(self, classifier: Classifier, kind: str) -> None:
        """The same text has the same annotations, whatever was read in between."""
        text = TEXTS[kind]
        first = classifier.annotations(text)
        classifier.annotations(ORDINARY["a question"])

        assert classifier.annotations(text) == first

    @pytest.mark.parametrize("kind", TEXTS)
    def test_places_are_in_the_text(self, classifier: Classifier, kind: str) -> None:
        """What it points at is there, and is not empty."""
        text = TEXTS[kind]
        places = [
            (each.start, each.end)
            for each in classifier.annotations(text)
            if each.start is not None and each.end is not None
        ]

        assert [place for place in places if not place[0] < place[1] <= len(text)] == []

    @pytest.mark.parametrize("kind", HUGE)
    def test_it_reads_huge_texts(self, classifier: Classifier, kind: str) -> None:
        """A text of 100 kB is answered within bounds, however it is made."""
        start = perf_counter()
        said = classifier.annotations(HUGE[kind])

        assert perf_counter() - start < LONGEST_WAIT
        assert all(isinstance(each, Annotation) for each in said)

    @pytest.mark.parametrize("kind", STRANGE)
    def test_it_reads_strange_texts(self, classifier: Classifier, kind: str) -> None:
        """No character is beyond it; it may say nothing."""
        said = classifier.annotations(STRANGE[kind])

        assert all(isinstance(each, Annotation) for each in said)

    def test_it_knows_its_languages(self, classifier: Classifier) -> None:
        """Of a text in a language that it does not read it says nothing, or None."""
        if not self.languages:
            pytest.skip("give `languages` to try this")
        said = [
            each
            for text in ORDINARY.values()
            for each in classifier.annotations(text, language=FOREIGN)
        ]

        assert [each for each in said if each.known] == []

    def test_regions_make_no_difference(self, classifier: Classifier) -> None:
        """It reads its languages wherever they are spoken."""
        if not self.languages:
            pytest.skip("give `languages` to try this")
        for language in self.languages:
            plain = [classifier.annotations(text, language=language) for text in ORDINARY.values()]
            there = [
                classifier.annotations(text, language=f"{language}-001")
                for text in ORDINARY.values()
            ]

            assert there == plain

    def test_threads_can_share_it(self, classifier: Classifier) -> None:
        """Several workers ask at once, and each is told what it would be told alone."""
        texts = [*TEXTS.values()] * 5
        alone = [classifier.annotations(text) for text in texts]
        with ThreadPoolExecutor(4) as workers:
            together = list(workers.map(classifier.annotations, texts))

        assert together == alone
