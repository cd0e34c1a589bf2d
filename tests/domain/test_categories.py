"""The tree that a brand sorts its messages into."""

from pathlib import Path

import pytest

from socialcare.domain.categories import CategoryTree
from socialcare.errors import InvalidValue

TREE = CategoryTree.from_mapping(
    {
        "version": "3",
        "categories": [
            {"path": "Delivery / Late", "codes": ["DEL-01", "late parcel"]},
            {"path": "Delivery / Lost", "codes": ["DEL-02"]},
            {"path": "Praise"},
        ],
    }
)


def test_what_is_above_is_a_category_too() -> None:
    """A category that is only named as the beginning of a path is there."""
    assert TREE.paths == ("Delivery", "Delivery / Late", "Delivery / Lost", "Praise")


@pytest.mark.parametrize(
    "name", ["Delivery / Late", "delivery/late", "DELIVERY  /  LATE", "del-01"]
)
def test_paths_and_codes_lead_to_the_path(name: str) -> None:
    """Case and spacing make no difference, and a code is as good as the path."""
    assert TREE.path(name) == "Delivery / Late"
    assert name in TREE


def test_the_tree_can_be_walked() -> None:
    """Up, down, and whether one is below another."""
    assert TREE.children() == ("Delivery", "Praise")
    assert TREE.children("Delivery") == ("Delivery / Late", "Delivery / Lost")
    assert TREE.parent("DEL-02") == "Delivery"
    assert TREE.parent("Praise") is None
    assert TREE.is_within("DEL-01", "delivery")
    assert not TREE.is_within("Praise", "Delivery")


def test_an_unknown_category_names_the_nearest() -> None:
    """Whoever mistypes is told what was meant."""
    with pytest.raises(InvalidValue, match="'Delivery / Late'"):
        TREE.path("Delivry / Late")

    assert "Delivry / Late" not in TREE


def test_a_tree_reads_back_equal() -> None:
    """What `to_mapping` writes is read as the same tree."""
    assert CategoryTree.from_mapping(TREE.to_mapping()) == TREE


def test_a_file_is_read(tmp_path: Path) -> None:
    """A tree may stand in TOML."""
    path = tmp_path / "categories.toml"
    path.write_text('version = "1"\n[[categories]]\npath = "Praise"\ncodes = "P"\n', "utf-8")

    assert CategoryTree.from_toml(path).path("p") == "Praise"


@pytest.mark.parametrize(
    ("mapping", "where"),
    [
        ({"categories": [{"path": "A"}]}, "categories: version"),
        ({"version": "1"}, "categories: categories"),
        ({"version": "1", "categories": [{"path": "A /  / B"}]}, "categories: categories[0].path"),
        ({"version": "1", "categories": [{"code": "A"}]}, "categories: categories[0].path"),
        ({"version": "1", "categories": [{"path": "A", "code": "B"}]}, "categories: categories[0]"),
        (
            {"version": "1", "categories": [{"path": "A"}, {"path": "a"}]},
            "categories: category 'a'",
        ),
        (
            {"version": "1", "categories": [{"path": "A", "codes": ["x"]}, {"path": "X"}]},
            "categories: category 'X'",
        ),
    ],
)
def test_mistakes_are_told_with_their_place(mapping: dict[str, object], where: str) -> None:
    """Every error names the key."""
    with pytest.raises(InvalidValue) as caught:
        CategoryTree.from_mapping(mapping)
    assert caught.value.where == where
