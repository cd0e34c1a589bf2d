"""Names as any database can hold and compare them: ids, channels, brands, tags.

Channels may bring a NUL character or half of a surrogate pair in an id, which no UTF-8 and not
every database can hold. Such a character is written as two others, chosen so that the order of two
names stays what it is in Python: by code points.
"""

import re

_LOW = "\x01"
"""Stands before what U+0000 and itself became."""
_HIGH = "\ud7ff"
"""The last character before the surrogates: stands before what they and itself became."""
_PAIRS = {
    "\x00": _LOW + "\x01",
    _LOW: _LOW + "\x02",
    _HIGH: _HIGH + "\x02",
    **{chr(0xD800 + place): _HIGH + chr(0x100 + place) for place in range(0x800)},
}
_MEANT = {pair: character for character, pair in _PAIRS.items()}
_TO_WRITE = re.compile("[\x00\x01\ud7ff-\udfff]")
_TO_READ = re.compile("[\x01\ud7ff].", re.DOTALL)


def written(name: str) -> str:
    r"""The name as a database can hold it.

    >>> written("Où?"), written("a" + chr(0))
    ('Où?', 'a\x01\x01')
    """
    if name.isprintable():
        return name
    return _TO_WRITE.sub(lambda found: _PAIRS[found[0]], name)


def written_or_none(name: str | None) -> str | None:
    """The name as a database can hold it, or None for none."""
    return None if name is None else written(name)


def meant(held: str) -> str:
    """The name that was written.

    >>> meant(written("a" + chr(0) + chr(0xD800))) == "a" + chr(0) + chr(0xD800)
    True
    """
    if _LOW not in held and _HIGH not in held:
        return held
    return _TO_READ.sub(lambda found: _MEANT[found[0]], held)
