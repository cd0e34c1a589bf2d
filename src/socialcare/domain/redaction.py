"""Redaction: a text without the personal data that was found in it."""

from collections.abc import Iterable

from socialcare.domain.annotation import Annotation, Sense
from socialcare.errors import InvalidValue

__all__ = ["redacted"]


def redacted(text: str, annotations: Iterable[Annotation]) -> str:
    """The text, with every piece of personal data replaced by its kind in brackets.

    Pieces that overlap become one, called after the one that begins first. Annotations of another
    sense, and those that say nothing or have no place, change nothing.

    Raises:
        InvalidValue: If a place is not in the text, so that it belongs to another.

    >>> card = Annotation(sense="personal_data", value="card", by="rules 1", start=8, end=24)
    >>> redacted("my card 4111111111111111 was charged", [card])
    'my card [card] was charged'
    """
    kept: list[str] = []
    reached = 0
    for start, end, kind in _places(text, annotations):
        if start >= reached:
            kept += [text[reached:start], f"[{kind}]"]
        reached = max(reached, end)
    return "".join([*kept, text[reached:]])


def _places(text: str, annotations: Iterable[Annotation]) -> list[tuple[int, int, str]]:
    """Start, end and kind of the personal data, by start, longer ones first."""
    places = []
    for each in annotations:
        if each.sense is not Sense.PERSONAL_DATA or not each.known:
            continue
        if each.start is None or each.end is None or each.start == each.end:
            continue
        if each.end > len(text):
            right = f"a place within its {len(text)} characters"
            raise InvalidValue((each.start, each.end), where="redacted: annotation", right=right)
        places.append((each.start, each.end, str(each.value)))
    return sorted(places, key=lambda place: (place[0], -place[1]))
