"""Numbers as people say them: "2 h 14 min", "2,778", "81.2 %".

A number that is not there is never shown as 0 or as a blank: it reads "too few to say".
A space between a number and its unit does not break.
"""

from datetime import UTC, date, datetime, tzinfo

TOO_FEW = "too few to say"
"""What stands where a number has no value."""

_GAP = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"
_SHOWN = 60
_STEPS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))
# Not strftime's, whose language is that of the host's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JOINERS = frozenset("\u200c\u200d")  # Persian words and families of emoji need them
_DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def duration(seconds: float | None) -> str:
    r"""Elapsed time in its two largest units.

    >>> [duration(one).replace("\xa0", " ") for one in (0, 59.7, 750, 8_040, 266_400, None)]
    ['0 s', '1 min', '12 min 30 s', '2 h 14 min', '3 d 2 h', 'too few to say']
    """
    return TOO_FEW if seconds is None else _elapsed(seconds, _STEPS)


def business_duration(seconds: float | None) -> str:
    r"""Business time, in hours at most: what a working day holds differs from desk to desk.

    >>> business_duration(266_400).replace("\xa0", " ")
    '74 h'
    """
    return TOO_FEW if seconds is None else _elapsed(seconds, _STEPS[1:])


def _elapsed(seconds: float, steps: tuple[tuple[int, str, int, str], ...]) -> str:
    for large, large_name, small, small_name in steps:
        whole = round(seconds / small) * small
        if whole >= large:
            major, minor = divmod(whole, large)
            rest = f" {minor // small}{_GAP}{small_name}" if minor else ""
            return f"{major:,}{_GAP}{large_name}{rest}".replace(" ", _GAP)
    return f"{round(seconds)}{_GAP}s"


def count(value: float | None) -> str:
    """A whole number with its thousands set apart.

    >>> count(2778), count(None)
    ('2,778', 'too few to say')
    """
    return TOO_FEW if value is None else _signed(f"{round(value):,}")


def share(value: float | None) -> str:
    r"""A share as a percentage with one decimal.

    >>> share(0.8123).replace("\xa0", " ")
    '81.2 %'
    """
    return TOO_FEW if value is None else f"{value * 100:.1f}{_GAP}%"


def interval(bounds: tuple[float, float] | list[float] | None) -> str:
    r"""The 95 % interval of a share.

    >>> ascii(interval((0.79, 0.832)))
    "'79.0\\u201383.2\\xa0%'"
    """
    if bounds is None:
        return TOO_FEW
    low, high = bounds
    return f"{low * 100:.1f}{_DASH}{high * 100:.1f}{_GAP}%"


def score(value: float | None) -> str:
    """A sentiment from -1 to 1, always with its sign.

    >>> score(0.5)
    '+0.50'
    """
    return TOO_FEW if value is None else _signed(f"{value:+.2f}")


def money(value: float | None, currency: str) -> str:
    r"""An amount with its currency.

    >>> money(1234.5, "EUR").replace("\xa0", " ")
    '1,234.50 EUR'
    """
    return TOO_FEW if value is None else _signed(f"{value:,.2f}{_GAP}{currency}")


def _signed(text: str) -> str:
    return text.replace("-", _MINUS)


def moment(value: datetime | str, zone: tzinfo = UTC) -> str:
    r"""A day and a minute on the clocks of `zone`.

    >>> moment("2026-03-02T09:05:00Z").replace("\xa0", " ")
    '2 Mar 2026, 09:05'
    """
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = at.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M}"


def day(value: date) -> str:
    r"""A day in words.

    >>> day(date(2026, 3, 2)).replace("\xa0", " ")
    '2 Mar 2026'
    """
    return f"{value.day}{_GAP}{_MONTHS[value.month - 1]}{_GAP}{value.year}"


def plural(number: int, one: str, many: str | None = None) -> str:
    r"""A count with its noun.

    >>> plural(1, "message").replace("\xa0", " "), plural(1200, "reply", "replies")
    ('1 message', '1,200\xa0replies')
    """
    return f"{count(number)}{_GAP}{one if number == 1 else many or one + 's'}"


def name(value: object) -> str:
    r"""A name from the data, fit for a label: on one line, no longer than 60, nothing unseen.

    >>> name("Ann\u202ea"), name(None), name("  ")
    ('Ann�a', '(none)', '(blank)')
    """
    if value is None:
        return "(none)"
    whole = visible(str(value))
    short = whole if len(whole) <= _SHOWN else whole[: _SHOWN - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return short or "(blank)"


def visible(text: str) -> str:
    """A text from the data on one line, with nothing unseen in it.

    Marks that turn the direction of writing are shown as ``�``, as are control characters:
    a text must not be able to rearrange the words around it, nor break the drawing it stands in.
    """
    return " ".join("".join(map(_visible, text)).split())


def _visible(character: str) -> str:
    if character.isspace() or character in _JOINERS:
        return character
    if character.isprintable() and character not in _DIRECTION_MARKS:
        return character
    return "\N{REPLACEMENT CHARACTER}"
