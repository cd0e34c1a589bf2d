"""What a page is made of: sections, and in them cards, tables, figures and plain words.

These are values without any HTML: the templates turn each kind of part into markup, and escape
every text on the way. So nothing from the data can become markup, whoever adds a section.
"""

from collections.abc import Callable
from typing import ClassVar

import attrs
from markupsafe import Markup

from socialcare.analytics import formats


@attrs.frozen
class Mark:
    """A short judgement beside a number, such as "slower", and whether it is `good` or `bad`."""

    text: str = ""
    tone: str = ""


NO_MARK = Mark()


@attrs.frozen(kw_only=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: What is read.
        order: What a sorted column goes by; None sorts last, whichever way.
        quiet: Whether it stands for a missing value.
        mark: A short judgement after the text, such as "slower".
        tone: How the mark or cell is coloured: `good`, `bad` or empty.
        heat: From 0 to 1, how strongly the cell is shaded.
        data: Whether the text came from the data, and may be written from right to left.
    """

    text: str
    order: float | str | None = None
    quiet: bool = False
    mark: str = ""
    tone: str = ""
    heat: float | None = None
    data: bool = False


@attrs.frozen(kw_only=True)
class Column:
    """One column of a table.

    Attributes:
        title: Its heading.
        numeric: Whether its cells are numbers, aligned to the right.
        hint: What the heading means, shown when it is pointed at.
    """

    title: str
    numeric: bool = True
    hint: str = ""


@attrs.frozen(kw_only=True)
class Table:
    """Rows under headings; the first cell of each row names it.

    Attributes:
        id: Its place in the page.
        caption: What the rows are, read before them.
        sortable: Whether its headings sort.
        note: What stands below it.
        span: A heading over columns, as (title, number of columns); empty for none.
    """

    kind: ClassVar[str] = "table"
    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sortable: bool = False
    note: str = ""
    span: tuple[tuple[str, int], ...] = ()


@attrs.frozen(kw_only=True)
class Figure:
    """A chart, drawn for wide and for narrow pages.

    Attributes:
        id: Its place in the page.
        title: What it shows.
        alt: What a reader who cannot see it should know.
        wide: The drawing for a desktop or paper.
        narrow: The drawing for a phone.
        numbers: The numbers behind it, to unfold; None where a table beside it has them.
        note: What stands below it.
    """

    kind: ClassVar[str] = "figure"
    id: str
    title: str
    alt: str
    wide: Markup
    narrow: Markup
    numbers: Table | None = None
    note: str = ""


@attrs.frozen(kw_only=True)
class Card:
    """One headline number.

    Attributes:
        title: What it is.
        value: The number.
        quiet: Whether it stands for a missing value.
        facts: The lines below it, as (what, number): what it counts, and how sure it is.
        hint: What it means, shown when its title is pointed at.
    """

    title: str
    value: str
    quiet: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@attrs.frozen(kw_only=True)
class Cards:
    """Headline numbers, side by side."""

    kind: ClassVar[str] = "cards"
    cards: tuple[Card, ...]


@attrs.frozen(kw_only=True)
class Words:
    """Sentences, or a list of them."""

    kind: ClassVar[str] = "words"
    sentences: tuple[str, ...]
    listed: bool = False


@attrs.frozen(kw_only=True)
class Missing:
    """A part that could not be made, and why."""

    kind: ClassVar[str] = "missing"
    what: str
    why: str


@attrs.frozen(kw_only=True)
class Terms:
    """Terms, each with the sentences that explain it."""

    kind: ClassVar[str] = "terms"
    terms: tuple[tuple[str, tuple[str, ...]], ...]


Part = Table | Figure | Cards | Words | Missing | Terms


@attrs.frozen(kw_only=True)
class Section:
    """A part of the page with a heading and an entry in its contents."""

    id: str
    title: str
    lead: str = ""
    parts: tuple[Part, ...]


@attrs.frozen(kw_only=True)
class Page:
    """A whole page.

    Attributes:
        title: What it is called.
        subtitle: What was measured, in one line.
        facts: What was measured, as terms.
        sections: In the order in which they are read.
        made_by: What made it.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    made_by: str


def listing(*parts: Part | None) -> tuple[Part, ...]:
    """The parts that are there."""
    return tuple(part for part in parts if part is not None)


def number(
    value: float | None, shown: Callable[[float | None], str], *, mark: Mark = NO_MARK
) -> Cell:
    """A cell for a number, shown by one of `formats`; a missing one is quiet and sorts last."""
    return Cell(text=shown(value), order=value, quiet=value is None, mark=mark.text, tone=mark.tone)


def text(value: str) -> Cell:
    """A cell for words of ours."""
    return Cell(text=value, order=value)


def data(value: object) -> Cell:
    """A cell for a name from the data, made fit to be shown."""
    shown = formats.name(value)
    return Cell(text=shown, order=None if value is None else shown, data=True)
