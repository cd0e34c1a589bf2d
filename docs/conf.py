"""How Sphinx builds the docs: MyST in, furo out, and the public API read from the docstrings."""

from sphinx.ext.napoleon.docstring import GoogleDocstring

import socialcare

project = "socialcare"
author = "The socialcare authors"
copyright = "2026, the socialcare authors"
version = release = socialcare.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
nitpicky = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"
napoleon_google_docstring = True
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"socialcare {release}"


def _whole(docstring: GoogleDocstring) -> list[str]:
    """A property's docstring as it stands: what precedes a colon in ours is never a type."""
    return docstring._format_field("", "", docstring._dedent(docstring._consume_to_end()))


GoogleDocstring._parse_attribute_docstring = _whole  # no option does it
