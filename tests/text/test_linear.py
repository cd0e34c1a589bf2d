"""A linear model that learns, its file, and the classifier around it."""

import json
from pathlib import Path
from random import Random

import pytest

from socialcare.domain.annotation import Sense
from socialcare.domain.categories import CategoryTree
from socialcare.domain.sentiment import sentiment_class
from socialcare.errors import InvalidValue
from socialcare.text.linear import LinearModel
from socialcare.text.trained import TrainedClassifier

SUBJECTS = ("parcel", "app", "bill", "driver", "modem", "ticket", "seat", "coat")
WAYS = {
    "negative": ("the {} is dreadful", "my {} broke again", "still no {}", "no word about my {}"),
    "neutral": ("which {} is it", "I have a {} here", "the {} for Monday", "a {} or two"),
    "positive": ("lovely {}", "thanks for the {}", "the {} is perfect", "great {} as ever"),
}


def labelled(count: int, seed: int) -> tuple[list[str], list[str]]:
    """Made-up texts with their labels."""
    chance = Random(seed)
    labels = [chance.choice(list(WAYS)) for _ in range(count)]
    texts = [chance.choice(WAYS[label]).format(chance.choice(SUBJECTS)) for label in labels]
    return texts, labels


TEXTS, LABELS = labelled(200, 1)
MODEL = LinearModel.fit(TEXTS, LABELS)


def test_it_tells_what_it_learnt() -> None:
    """Texts of the same making that it has not seen get the right labels."""
    texts, labels = labelled(200, 2)
    right = sum(MODEL.label(text) == label for text, label in zip(texts, labels, strict=True))

    assert right > 190


def test_the_same_seed_makes_the_same_model() -> None:
    """Fitting is repeatable, and another seed is another order."""
    assert LinearModel.fit(TEXTS, LABELS) == MODEL
    assert LinearModel.fit(TEXTS, LABELS, seed=1) != MODEL


@pytest.mark.parametrize("text", ["", "nothing of that kind", TEXTS[0], "\ud83d", "a" * 100_000])
def test_chances_add_up(text: str) -> None:
    """Every text has a chance for every label, and they add up to one."""
    assert sum(MODEL.scores(text).values()) == pytest.approx(1.0)


def test_chances_come_true() -> None:
    """Labels that are half chance are told with little more than half."""
    chance = Random(5)
    texts = [f"{chance.choice(SUBJECTS)} {chance.choice(SUBJECTS)} {n}" for n in range(300)]
    model = LinearModel.fit(texts, [chance.random() < 0.5 for _ in texts])
    sure = [max(model.scores(f"{a} {b}").values()) for a in SUBJECTS for b in SUBJECTS]

    assert sum(sure) / len(sure) < 0.75


def test_a_saved_model_reads_back_equal(tmp_path: Path) -> None:
    """What was saved is what is loaded, labels of both kinds included."""
    truths = LinearModel.fit(TEXTS, [label == "negative" for label in LABELS])
    for model in (MODEL, truths):
        model.save(tmp_path / "model.json")

        assert LinearModel.load(tmp_path / "model.json") == model


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"format": "something else"}, "format"),
        ({"version": 2}, "version"),
        ({"labels": ["one"]}, "labels"),
        ({"labels": ["one", "one", "two"]}, "labels"),
        ({"labels": "abc"}, "labels"),
        ({"labels": [1, 2, 3]}, "labels"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": "warm"}, "temperature"),
        ({"texts": True}, "texts"),
        ({"weights": []}, "weights"),
        ({"weights": {"a": [1, 2]}}, "weights['a']"),
        ({"weights": {"a": [1, 2, float("nan")]}}, "weights['a']"),
        ({"weights": {"a": [1, 2, None]}}, "weights['a']"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, change: dict[str, object], where: str) -> None:
    """What is wrong is told with the file and the key."""
    path = tmp_path / "model.json"
    MODEL.save(path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")

    with pytest.raises(InvalidValue) as caught:
        LinearModel.load(path)
    assert caught.value.where == f"{path}: {where}"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"{}"])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file of anything else ends in an error that names it."""
    path = tmp_path / "model.json"
    path.write_bytes(content)

    with pytest.raises(InvalidValue, match="model"):
        LinearModel.load(path)


@pytest.mark.parametrize(
    ("texts", "labels"),
    [([], []), (["a"], ["x"]), (["a", "b"], ["x"]), (["a", "b"], ["x", ""]), (["a", "b"], [1, 2])],
)
def test_it_learns_from_labels_only(texts: list[str], labels: list[str]) -> None:
    """There is one label for each text, and at least two of them differ."""
    with pytest.raises(InvalidValue, match=r"LinearModel\.fit"):
        LinearModel.fit(texts, labels)


@pytest.mark.parametrize("label", list(WAYS))
def test_sentiment_becomes_a_score(label: str) -> None:
    """Classes become scores that fall into the class."""
    classifier = TrainedClassifier(MODEL, Sense.SENTIMENT, name="ours 1")
    (said,) = classifier.annotations(WAYS[label][1].format("parcel"))

    assert sentiment_class(float(str(said.value))) == label
    assert said.by == "ours 1"


def test_what_is_too_unsure_is_unknown() -> None:
    """Below the threshold the value is None, and the confidence says why."""
    classifier = TrainedClassifier(MODEL, Sense.SENTIMENT, name="ours 1", threshold=1.0)
    (said,) = classifier.annotations("hm")

    assert said.value is None
    assert said.confidence is not None


def test_categories_are_those_of_the_tree() -> None:
    """Labels that are codes of a tree become its paths."""
    tree = CategoryTree.from_mapping(
        {"version": "1", "categories": [
            {"path": "Delivery / Late", "codes": ["D1"]}, {"path": "Praise", "codes": ["P"]},
        ]}
    )  # fmt: skip
    model = LinearModel.fit(["parcel is late", "lovely"] * 9, ["D1", "P"] * 9)
    classifier = TrainedClassifier(model, Sense.CATEGORY, name="ours 1", tree=tree)

    assert classifier.annotations("late parcel")[0].value == "Delivery / Late"


@pytest.mark.parametrize("sense", [Sense.COMPLAINT, Sense.URGENCY])
def test_labels_fit_the_sense(sense: Sense) -> None:
    """A yes-or-no sense needs a model of truths."""
    with pytest.raises(InvalidValue, match="labels"):
        TrainedClassifier(MODEL, sense, name="ours 1")


def test_it_reads_the_languages_that_it_learnt_from() -> None:
    """Beyond them it says None."""
    classifier = TrainedClassifier(MODEL, Sense.SENTIMENT, name="ours 1", languages=("en",))

    assert classifier.annotations("lovely parcel", language="fr")[0].value is None
    assert classifier.annotations("lovely parcel", language="en-GB")[0].value is not None
