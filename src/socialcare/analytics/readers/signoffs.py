"""Sign-offs: who in the team wrote a message, by how its text ends.

``^SB``, ``*AB``, ``/KC``, ``~AT``, ``- Anna`` and ``-KC`` are sign-offs where nothing follows but
a link or a count of parts such as ``2/2``.
"""

import polars as pl

_TAIL = r"(?:\s*(?:https?://\S+|\(?\d\s?/\s?\d\)?))*\s*$"
PATTERNS = (
    r"\^\s?(?P<name>\p{L}[\p{L}.]{0,24}?)\.?" + _TAIL,
    r"[*~]\s?(?P<name>\p{Lu}[\p{L}.]{0,24}?)\.?" + _TAIL,
    # A slash or dash needs a blank or a stop before it, or else "Wi-Fi" would be signed "Fi".
    r"(?:^|[\s.!?,;:)])/\s?(?P<name>\p{Lu}{2,3})\.?" + _TAIL,
    r"(?:^|[\s.!?,;:)\-])[-\u2013\u2014]\s?(?P<name>\p{Lu}[\p{L}.]{0,14}?)\.?" + _TAIL,
)
"""What a sign-off looks like, in the order in which they are tried."""

_END = 160
"""How much of the end of a text is looked at, in characters."""

NO_NAMES = (
    "cheers",
    "dm",
    "hi",
    "hello",
    "no",
    "ok",
    "please",
    "regards",
    "sorry",
    "thank",
    "thanks",
    "ty",
    "yes",
)
"""Words that stand where a name could, and are none."""


def signed(text: pl.Expr, pattern: bool | str) -> pl.Expr:
    """The name or initials that a text is signed with; null where it is not.

    >>> texts = pl.DataFrame({"text": ["We look into it. ^SB https://x.test/1", "Bye! - Anna 2/2"]})
    >>> texts.select(signed(pl.col("text"), True)).to_series().to_list()
    ['SB', 'Anna']
    """
    patterns = (pattern,) if isinstance(pattern, str) else PATTERNS
    end = text.str.tail(_END)
    name = pl.coalesce(end.str.extract_groups(one).struct.field("name") for one in patterns)
    return pl.when(~name.str.to_lowercase().is_in(NO_NAMES) & (name != "")).then(name)
