"""Templates: texts that go to many, or by themselves, approved once for an audience.

Nobody can approve a thousand answers one by one, nor an acknowledgement that a machine sends at
night. So what is approved is the text with its blanks, and to whom it may go. What is made of it
holds the approved words, and in each blank a value that tells one customer from another.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from json import dumps

import attrs

from socialcare.domain.message import Attachment, Visibility, attached
from socialcare.domain.validators import not_empty
from socialcare.errors import InvalidValue

_BLANK = re.compile(r"\{(\w+)\}")
LONGEST_VALUE = 80
"""Characters in a blank: a name or a number, and no words of one's own."""


def _names(value: Iterable[str] | str) -> tuple[str, ...]:
    return tuple(sorted({value} if isinstance(value, str) else set(value)))


def _leaves(
    audience: "Audience",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[Visibility]",  # noqa: ARG001 - attrs passes it
    value: Visibility,
) -> None:
    if value is Visibility.INTERNAL:
        raise InvalidValue("internal", where="Audience.visibility", right="public or private")


@attrs.frozen(kw_only=True)
class Audience:
    """To whom a template may go.

    Attributes:
        name: Who they are, such as `outage 12: all who asked`.
        channels: Where, in alphabetical order; all channels if none are named.
        visibility: How openly.
        brand: On whose behalf; None for the brand without a name.
    """

    name: str = attrs.field(validator=not_empty())
    channels: tuple[str, ...] = attrs.field(default=(), converter=_names)
    visibility: Visibility = attrs.field(
        default=Visibility.PUBLIC, converter=Visibility, validator=_leaves
    )
    brand: str | None = None

    def holds(self, *, channel: str, visibility: Visibility, brand: str | None) -> bool:
        """Whether a reply that goes there is meant by it."""
        where = not self.channels or channel in self.channels
        return where and visibility is self.visibility and (brand or None) == (self.brand or None)


@attrs.frozen(kw_only=True)
class Template:
    """A text that goes to many, or by itself.

    Attributes:
        id: Its name, under which it is approved and used.
        text: What it says, with blanks such as `{name}`.
        audience: To whom it may go.
        attachments: What comes with it.

    >>> hello = Template(id="seen", text="Hello {name}!", audience=Audience(name="all who ask"))
    >>> hello.filled({"name": "Ada"})
    'Hello Ada!'
    """

    id: str = attrs.field(validator=not_empty())
    text: str = attrs.field(validator=not_empty())
    audience: Audience
    attachments: tuple[Attachment, ...] = attrs.field(default=(), converter=attached)

    @property
    def blanks(self) -> frozenset[str]:
        """The names of its blanks."""
        return frozenset(_BLANK.findall(self.text))

    @property
    def seal(self) -> str:
        """The SHA-256, in hexadecimal, over text, attachments and audience."""
        attached = [attrs.astuple(each) for each in self.attachments]
        content = [self.text, attached, attrs.astuple(self.audience)]
        return sha256(dumps(content, separators=(",", ":")).encode("ascii")).hexdigest()

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with a value in each blank.

        Raises:
            InvalidValue: If a value is missing, not asked for, or as long as a text of its own.
        """
        where = f"template {self.id}"
        if values.keys() != self.blanks:
            right = f"a value for each of: {', '.join(sorted(self.blanks)) or 'nothing'}"
            raise InvalidValue(sorted(values), where=where, right=right)
        for name, value in values.items():
            if not 0 < len(value) <= LONGEST_VALUE or not value.isprintable():
                right = f"1 to {LONGEST_VALUE} characters on one line"
                raise InvalidValue(value, where=f"{where}: {name}", right=right)
        return _BLANK.sub(lambda blank: values[blank[1]], self.text)
