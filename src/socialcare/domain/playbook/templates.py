"""Templates: texts with places to fill in, such as `Hello {{ customer | there }}`.

A place is a name between double braces, with the text that stands there if nobody gives one behind
a bar. Nothing else can be said in them: no conditions, no loops, no calls. What is filled in is
text and is not looked at again, so that nobody can write a place into their own name.
"""

import re
from collections.abc import Collection, Iterator, Mapping

import attrs

from socialcare.domain.documents import text as text_at
from socialcare.errors import InvalidPlaybook

__all__ = ["Template", "leftover", "template_at"]

_PLACE = re.compile(r"\{\{([^{}]{0,200})\}\}")
_INSIDE = re.compile(r"\s*([a-z][a-z0-9_]{0,63})\s*(?:\|(.*))?", re.DOTALL)
_BRACES = re.compile(r"\{\{|\}\}")
_INSERT = re.compile(
    r"[\[<](?:insert|your|customer'?s?|name|agent|first name)\b[^\]>\n]{0,40}[\]>]", re.IGNORECASE
)
"""What people leave in a text that they copied: `[insert name]`, `<your name>`, `[NAME]`."""
_RIGHT = "a place such as {{ customer }} or {{ customer | there }}"


@attrs.frozen
class Place:
    """A place in a text, and what stands there by default; None for nothing."""

    name: str
    default: str | None
    start: int
    end: int


def _places(text: str, where: str) -> Iterator[Place]:
    for found in _PLACE.finditer(text):
        inside = _INSIDE.fullmatch(found[1])
        if inside is None:
            raise InvalidPlaybook(found[0], where=where, right=_RIGHT)
        default = None if inside[2] is None else inside[2].strip()
        yield Place(inside[1], default, *found.span())


def _well_formed(template: "Template", _: "attrs.Attribute[str]", text: str) -> None:
    if not text.strip():
        raise InvalidPlaybook(text, where=template.where, right="a text that is not empty")
    tuple(_places(text, template.where))
    stray = _BRACES.search(_PLACE.sub("", text))
    if stray is not None:
        raise InvalidPlaybook(stray[0], where=template.where, right=_RIGHT)


@attrs.frozen
class Template:
    """A text with places to fill in.

    Attributes:
        text: As it is written.
        where: Where it stands, for errors.

    Raises:
        InvalidPlaybook: If it is empty, or a place in it is none.

    >>> hello = Template("Hello {{ customer | there }}, I am {{ agent }}.")
    >>> hello.filled({"agent": "Anna"})
    'Hello there, I am Anna.'
    """

    text: str = attrs.field(validator=_well_formed)
    where: str = attrs.field(default="template", eq=False)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places, in order."""
        return tuple(_places(self.text, self.where))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its places, each once."""
        return tuple(dict.fromkeys(place.name for place in self.places))

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Does nothing if every place is known.

        Raises:
            InvalidPlaybook: At the first that is not.
        """
        for name in self.names:
            if name not in known:
                right = f"a placeholder out of {', '.join(known) or 'none: declare it first'}"
                raise InvalidPlaybook(name, where=self.where, right=right)

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with its places filled in, by what is given or else by their defaults.

        Raises:
            InvalidPlaybook: If a place has neither, or a value is for no place.
        """
        strange = next((name for name in values if name not in self.names), None)
        if strange is not None:
            right = f"a placeholder out of {', '.join(self.names) or 'none'}"
            raise InvalidPlaybook(strange, where=self.where, right=right)
        missing = [each.name for each in self.places if each.default is None]
        missing = [name for name in missing if name not in values]
        if missing:
            right = f"a value for {', '.join(dict.fromkeys(missing))}"
            raise InvalidPlaybook("nothing", where=self.where, right=right)
        return self.shown(values)

    def shown(self, values: Mapping[str, str]) -> str:
        """The text with those places filled in for which there is something; the others stay."""
        kept, reached = [], 0
        for place in self.places:
            value = values.get(place.name, place.default)
            kept += [
                self.text[reached : place.start],
                value if value is not None else self._at(place),
            ]
            reached = place.end
        return "".join([*kept, self.text[reached:]])

    def _at(self, place: Place) -> str:
        return self.text[place.start : place.end]


def template_at(value: object, where: str) -> Template:
    """A template; a reader for `Table`.

    Raises:
        InvalidValue: If it is no text.
        InvalidPlaybook: If a place in it is none.
    """
    return Template(text_at(value, where), where)


def leftover(text: str) -> tuple[int, int] | None:
    """Where the first place of a text is that nobody filled in; None where there is none.

    >>> leftover("Hello {{ customer }}!")
    (6, 20)
    >>> leftover("Dear [insert name],")
    (5, 18)
    """
    found = _PLACE.search(text) or _BRACES.search(text) or _INSERT.search(text)
    return None if found is None else found.span()
