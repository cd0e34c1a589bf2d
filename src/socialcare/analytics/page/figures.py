"""Charts as drawings inside a page: static, themed, and readable without sight.

A chart becomes SVG twice, for wide and for narrow pages, and the style sheet shows the one that
fits. Its colours become the page's variables, so that one drawing serves light, dark and paper.
What each mark says becomes its ``<title>``, which browsers show without a script.
The drawing as a whole is one image with a description; the numbers behind it stand below it.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import attrs
from markupsafe import Markup

from socialcare.analytics.page.parts import Figure, Table
from socialcare.analytics.palette import LIGHT
from socialcare.errors import MissingExtra

if TYPE_CHECKING:
    import altair as alt

    Chart = alt.Chart | alt.LayerChart
    Drawing = Callable[[int], Chart]
    """Draws a chart for a width in pixels."""

WIDE = 920
NARROW = 344

# The renderer measures labels in a font as wide as Arial, so the page had better show that one.
_FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_VARIABLES = {value: f"var(--{name})" for name, value in LIGHT.items()}
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


@attrs.define
class Drawer:
    """Makes figures for one page, whose ids never meet."""

    _numbers: Iterator[int] = attrs.field(factory=itertools.count)

    def figure(
        self,
        draw: "Drawing",
        *,
        id: str,  # noqa: A002 - what HTML calls it
        title: str,
        alt: str,
        numbers: Table | None = None,
        note: str = "",
    ) -> Figure:
        """A figure of the chart that `draw` makes for a width.

        Raises:
            MissingExtra: If vl-convert is not installed.
        """
        return Figure(
            id=id,
            title=title,
            alt=alt,
            wide=self._drawn(draw(WIDE), alt),
            narrow=self._drawn(draw(NARROW), alt),
            numbers=numbers,
            note=note,
        )

    def _drawn(self, chart: "Chart", alt: str) -> Markup:
        return Markup(_inlined(_svg(chart), alt, f"f{next(self._numbers)}-"))  # noqa: S704 - escaped by ElementTree


def _svg(chart: "Chart") -> str:
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtra("analytics", module="vl_convert") from error
    # The tests validate every chart; doing so again for each drawing takes longer than to draw it.
    specification = chart.to_dict(validate=False) | _FIT | {"config": _STYLE}
    drawn: str = vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])
    return drawn


_FIT = {"autosize": {"type": "fit-x", "contains": "padding"}}
_STYLE = {
    "background": "transparent",
    "padding": 2,
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": LIGHT["muted"],
        "titleColor": LIGHT["muted"],
        "titleFontWeight": "normal",
        "titleFontSize": 12,
        "labelFontSize": 12,
        "gridColor": LIGHT["grid"],
        "domainColor": LIGHT["grid"],
        "tickColor": LIGHT["grid"],
    },
    "legend": {
        "labelColor": LIGHT["ink"],
        "titleColor": LIGHT["muted"],
        "titleFontWeight": "normal",
        "titleFontSize": 12,
        "labelFontSize": 12,
        "columnPadding": 22,
        "offset": 10,
    },
}


def _inlined(svg: str, alt: str, prefix: str) -> str:
    """The drawing as part of a page: its colours named, its ids apart, its marks with titles."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own renderer wrote it
    # The renderer numbers ids on through its whole life; here they depend on the drawing alone.
    found = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    ids = {one: f"{prefix}{number}" for number, one in enumerate(found)}
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        _told(element)
        element.attrib = _attributes(element, ids)
    _as_image(root, alt)
    return ElementTree.tostring(root, encoding="unicode")


def _told(element: ElementTree.Element) -> None:
    """What a mark is labelled with, as the title that a browser shows."""
    label = element.get("aria-label")
    if label and element.get("role") == "graphics-symbol" and element.tag != "g":
        title = ElementTree.Element("title")
        title.text = label
        element.insert(0, title)


def _attributes(element: ElementTree.Element, ids: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in element.attrib.items() if not _dropped(key)}
    if "id" in kept:
        kept["id"] = ids[kept["id"]]
    return {key: _themed(_REFERENCE.sub(partial(_renamed, ids), one)) for key, one in kept.items()}


def _renamed(ids: dict[str, str], reference: re.Match[str]) -> str:
    return f"url(#{ids[reference[1]]})"


def _dropped(key: str) -> bool:
    return key.startswith("aria-") or key in ("role", "pointer-events", "class")


def _themed(value: str) -> str:
    return _HEX.sub(lambda found: _VARIABLES.get(found[0], found[0]), value)


def _as_image(root: ElementTree.Element, alt: str) -> None:
    width, height = root.attrib.pop("width"), root.attrib.pop("height")
    root.attrib.pop("version", None)
    root.attrib |= {
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-label": alt,
        "style": f"--natural: {width}px",
    }
