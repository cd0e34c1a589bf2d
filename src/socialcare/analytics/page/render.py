"""Turns a page into one HTML text that needs nothing beside it.

Templates, style and script ship inside the package. The page carries a security policy of its own:
no address may be asked for anything, and no script may run but the one whose hash it names. So even
a text that slipped through the escaping could neither run nor call home.
"""

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from socialcare.analytics.page.parts import Page
from socialcare.analytics.page.style import colours

_FILES = resources.files("socialcare.analytics.page") / "templates"


def html(page: Page) -> str:
    """The page as HTML, the same for the same page."""
    script = _asset("page.js")
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            page=page,
            # Ours, from the package: never a text from the data.
            style=Markup(colours() + _asset("page.css")),  # noqa: S704
            script=Markup(script),  # noqa: S704
            security=_security(script),
        )
    )


def snippet(template: str, **values: object) -> str:
    """A piece of HTML for a notebook, from a template and what it names."""
    return environment().get_template(template).render(**values)


@cache
def environment() -> Environment:
    """The templates, which escape every text and refuse names that do not exist."""
    found = Environment(
        loader=PackageLoader("socialcare.analytics.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    found.filters["prose"] = prose
    return found


def prose(text: str) -> Markup:
    """A text of ours with what stands between backticks as code, and everything escaped.

    >>> prose("the column `<b>`")
    Markup('the column <code>&lt;b&gt;</code>')
    """
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(
        code.format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


def _asset(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")


def _security(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
