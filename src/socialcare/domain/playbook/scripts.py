"""Scripts: in what letters a text is written, by which a language can be told without a model."""

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["script"]

_SCRIPTS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
        "Greek": re.compile("[\u0370-\u03ff]"),
        "Cyrillic": re.compile("[\u0400-\u04ff]"),
        "Hebrew": re.compile("[\u0590-\u05ff]"),
        "Arabic": re.compile("[\u0600-\u06ff]"),
        "Devanagari": re.compile("[\u0900-\u097f]"),
        "Thai": re.compile("[\u0e00-\u0e7f]"),
        "Korean": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
        "Japanese": re.compile("[\u3040-\u30ff]"),
        "Chinese": re.compile("[\u4e00-\u9fff]"),
    }
)
_READS = 1_000
_FEWEST = 6
_SHARE = 0.7
_OF_JAPANESE = 0.2


def script(text: str) -> str | None:
    """The script of most of its letters; None where there are few letters, or of several scripts.

    >>> script("Where is my order?"), script("Где мой заказ?"), script("ok 👍")
    ('Latin', 'Cyrillic', None)
    """
    read = text[:_READS]
    many = {name: len(letters.findall(read)) for name, letters in _SCRIPTS.items()}
    if many["Japanese"] >= _OF_JAPANESE * many["Chinese"] > 0:
        many["Japanese"] += many.pop("Chinese")
    total = sum(many.values())
    name = max(many, key=many.__getitem__)
    return name if total >= _FEWEST and many[name] >= _SHARE * total else None
