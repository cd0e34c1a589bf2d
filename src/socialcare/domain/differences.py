"""Differences: what changed between two versions of a document, in words.

Documents are compared as the mappings that they write. What stands in a list of tables with names
is told by its name and not by its place, so that an entry put in between changes nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping

__all__ = ["differences"]

_LONGEST = 120
"""Characters of a value that are shown."""
Tables = Mapping[str, Mapping[str, object]]


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """What is different, a sentence each, in the order of the document after.

    >>> differences(
    ...     {"entries": [{"name": "all", "first_response": "2h"}]},
    ...     {"entries": [{"name": "gold"}, {"name": "all", "first_response": "1h"}]},
    ... )
    ("entries 'gold' is new", "entries 'all': first_response was '2h' and is '1h'")
    """
    return tuple(_of_tables(before, after, ""))


def _of_tables(
    before: Mapping[str, object], after: Mapping[str, object], where: str
) -> Iterator[str]:
    for key in dict.fromkeys((*after, *before)):
        at = f"{where}{key}"
        if key not in before:
            yield f"{at} is new: {_shown(after[key])}"
        elif key not in after:
            yield f"{at} is gone, and was {_shown(before[key])}"
        elif before[key] != after[key]:
            yield from _of_values(before[key], after[key], at)


def _of_values(before: object, after: object, at: str) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_tables(before, after, f"{at}.")
        return
    was, are = _by_name(before), _by_name(after)
    if was is None or are is None:
        yield f"{at} was {_shown(before)} and is {_shown(after)}"
    else:
        yield from _of_named(was, are, at)


def _of_named(before: Tables, after: Tables, at: str) -> Iterator[str]:
    for name, own in after.items():
        if name not in before:
            yield f"{at} {name!r} is new"
        elif before[name] != own:
            yield from _of_tables(before[name], own, f"{at} {name!r}: ")
    yield from (f"{at} {name!r} is gone" for name in before if name not in after)
    if _kept(before, after) != _kept(after, before):
        yield f"the order of {at} is another: {', '.join(map(repr, after))}"


def _kept(those: Iterable[str], others: Iterable[str]) -> list[str]:
    """The names of the one that the other has too."""
    known = set(others)
    return [name for name in those if name in known]


def _by_name(value: object) -> dict[str, Mapping[str, object]] | None:
    """The tables of a list by their names; None if it is no such list."""
    if not isinstance(value, list | tuple):
        return None
    tables = {each["name"]: each for each in value if isinstance(each, Mapping) and "name" in each}
    return tables if len(tables) == len(value) else None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
