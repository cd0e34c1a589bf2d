"""Characters: the classes that social texts are read by, as parts of a regular expression.

Each is what stands between the brackets of a class. They are those of X's twitter-text, by which
a name, a tag or a link has ended where X, and whoever wrote on it, saw it end.
"""

__all__ = [
    "ACCENTED",
    "CYRILLIC",
    "DIRECTIONS",
    "NO_CHARACTERS",
    "PUNCTUATION",
    "SPACES",
]

SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
"""That of ASCII, without the quotation mark and the grave accent."""

ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
"""Latin letters beyond ASCII, and the marks that make them of others."""

CYRILLIC = r"\u0400-\u04ff"

DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of writing, and are not seen."""

NO_CHARACTERS = r"\ufeff\ufffe\uffff"
"""The byte order mark and what Unicode keeps for no character: no message may hold them."""
