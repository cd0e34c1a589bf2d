"""Categories: the tree that a brand sorts its messages into, as its contact centre has it.

A category is a path whose parts are joined by ` / `, such as `Delivery / Late`; what is above it is
a category too. A contact centre's own codes, and other names that people use, lead to the path, so
that a rule, a trained model and an export from elsewhere all mean the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import attrs

from socialcare.domain.documents import Table, text, texts, toml_table
from socialcare.errors import InvalidValue

__all__ = ["SEPARATOR", "Category", "CategoryTree", "lineage"]

SEPARATOR = " / "
"""Between the parts of a path."""
_PATH = "a path such as 'Delivery / Late'"


def lineage(path: str) -> Iterator[str]:
    """A category and those above it, from the top down.

    >>> list(lineage("Delivery / Late"))
    ['Delivery', 'Delivery / Late']
    """
    parts = path.split(SEPARATOR)
    return (SEPARATOR.join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _path(value: str) -> str:
    parts = [" ".join(part.split()) for part in value.split("/")]
    if not all(parts):
        raise InvalidValue(value, where="Category.path", right=_PATH)
    return SEPARATOR.join(parts)


def _codes(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Category:
    """One category of a tree.

    Attributes:
        path: From the top down, parts joined by ` / `.
        codes: How other systems call it.
    """

    path: str = attrs.field(converter=_path)
    codes: tuple[str, ...] = attrs.field(default=(), converter=_codes)

    @property
    def parent(self) -> str | None:
        """The path of the category above; None at the top."""
        above, joint, _ = self.path.rpartition(SEPARATOR)
        return above if joint else None


def _key(name: str) -> str:
    """A name as it is looked up: without case, and with one way of spacing."""
    return SEPARATOR.join(" ".join(part.split()) for part in name.casefold().split("/"))


def _complete(categories: Iterable[Category]) -> tuple[Category, ...]:
    """The categories, each one that is above another and not given put before it."""
    return tuple(_with_those_above(tuple(categories)))


def _with_those_above(categories: tuple[Category, ...]) -> Iterator[Category]:
    given = {_key(each.path) for each in categories}
    made: set[str] = set()
    for each in categories:
        parts = each.path.split(SEPARATOR)
        for depth in range(1, len(parts)):
            above = SEPARATOR.join(parts[:depth])
            if _key(above) not in given | made:
                made.add(_key(above))
                yield Category(path=above)
        yield each


def _by_key(categories: tuple[Category, ...]) -> dict[str, Category]:
    found: dict[str, Category] = {}
    for each in categories:
        for name in (each.path, *each.codes):
            if _key(name) in found:
                right = f"a name of one category; {found[_key(name)].path!r} has it already"
                raise InvalidValue(name, where=f"category {each.path!r}", right=right)
            found[_key(name)] = each
    return found


def _told_apart(
    tree: "CategoryTree",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[Category, ...]]",  # noqa: ARG001
    categories: tuple[Category, ...],
) -> None:
    _by_key(categories)


@attrs.frozen(kw_only=True)
class CategoryTree:
    """A brand's categories.

    Attributes:
        version: Of the tree, so that what was decided by it can be traced.
        categories: In the order in which they are shown, each one behind the one above it.

    Raises:
        InvalidValue: If a path or a code is there twice, or stands for two.

    >>> tree = CategoryTree.from_mapping(
    ...     {"version": "3", "categories": [{"path": "Delivery / Late", "codes": ["DEL-01"]}]}
    ... )
    >>> tree.path("del-01"), tree.path("delivery/late"), tree.parent("DEL-01")
    ('Delivery / Late', 'Delivery / Late', 'Delivery')
    """

    version: str = attrs.field(validator=attrs.validators.min_len(1))
    categories: tuple[Category, ...] = attrs.field(converter=_complete, validator=_told_apart)

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], *, where: str = "categories"
    ) -> "CategoryTree":
        """The tree that a mapping describes: `version`, and `categories` with `path` and `codes`.

        Raises:
            InvalidValue: At the first key that is not right.
        """
        return _read(Table(mapping, where))

    @classmethod
    def from_toml(cls, path: str | Path) -> "CategoryTree":
        """The tree in a TOML file.

        Raises:
            InvalidValue: If it is not TOML, or a key is not right; names file and key.
            OSError: If the file cannot be opened.
        """
        return _read(toml_table(path))

    def to_mapping(self) -> dict[str, object]:
        """The tree as `from_mapping` reads it."""
        return {
            "version": self.version,
            "categories": [
                {"path": each.path} | ({"codes": list(each.codes)} if each.codes else {})
                for each in self.categories
            ],
        }

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all categories."""
        return tuple(each.path for each in self.categories)

    def __contains__(self, name: object) -> bool:
        """Whether a path or code leads to a category."""
        return isinstance(name, str) and _key(name) in self._by_name

    def category(self, name: str) -> Category:
        """The category that a path or code leads to, in any case and spacing.

        Raises:
            InvalidValue: If there is none; names the nearest.
        """
        found = self._by_name.get(_key(name))
        if found is None:
            raise InvalidValue(name, where="category", right=self._nearest(name))
        return found

    def path(self, name: str) -> str:
        """The path that a path or code leads to, as the tree writes it.

        Raises:
            InvalidValue: If there is none; names the nearest.
        """
        return self.category(name).path

    def parent(self, name: str) -> str | None:
        """The path above a category; None at the top."""
        return self.category(name).parent

    def children(self, name: str | None = None) -> tuple[str, ...]:
        """The paths right below a category; those at the top for None."""
        above = None if name is None else self.path(name)
        return tuple(each.path for each in self.categories if each.parent == above)

    def is_within(self, name: str, above: str) -> bool:
        """Whether a category is another one, or anywhere below it."""
        path, top = self.path(name), self.path(above)
        return path == top or path.startswith(top + SEPARATOR)

    @cached_property
    def _by_name(self) -> dict[str, Category]:
        return _by_key(self.categories)

    def _nearest(self, name: str) -> str:
        near = get_close_matches(_key(name), self._by_name, n=3, cutoff=0.5)
        names = dict.fromkeys(self._by_name[key].path for key in near)
        shown = ", ".join(map(repr, names or self.paths[:5]))
        return f"a category of the tree, such as {shown}"


def _read(table: Table) -> CategoryTree:
    version = table.need("version", text, "a text such as '1'")
    categories = [_category(each) for each in table.tables("categories")]
    table.done()
    if not categories:
        raise InvalidValue("nothing", where=table.at("categories"), right="at least one category")
    try:
        return CategoryTree(version=version, categories=tuple(categories))
    except InvalidValue as error:
        where = f"{table.where}: {error.where}"
        raise InvalidValue(error.found, where=where, right=error.right) from None


def _category(table: Table) -> Category:
    path = table.need("path", text, _PATH)
    none: tuple[str, ...] = ()
    codes = table.get("codes", texts, none)
    table.done()
    try:
        return Category(path=path, codes=codes)
    except InvalidValue as error:
        raise InvalidValue(error.found, where=table.at("path"), right=error.right) from None
