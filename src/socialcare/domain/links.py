"""Links: the addresses of the web in a text, with `https://` in front and without.

They are found by the rules of X's twitter-text: where it sees a link, X counts 23 characters.
A host is labels with dots between them, up to a top-level domain. Anything but spaces and most
punctuation may stand in a label, so hosts in every script are found. Of a host without a protocol
only what is in Latin letters is taken, because writing that does without spaces may stand right
before and after it.

The text is read once, run by run of labels. For each label it is worked out from right to left how
far a host can reach, and then the hosts are taken from left to right, each as long as it can be.
Nothing is tried twice, so the time is linear in the length of the text, whatever stands in it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

import attrs

from socialcare.domain.characters import (
    ACCENTED,
    CYRILLIC,
    DIRECTIONS,
    NO_CHARACTERS,
    SPACES,
)
from socialcare.domain.top_level_domains import OTHER_SCRIPTS, TOP_LEVEL_DOMAINS

__all__ = ["link_spans", "links"]

_LONGEST_LINK = 4096
_LONGEST_LABEL = 63  # in Punycode, as the domain name system has it
_LONGEST_SLUG = 40
_SHORTENER = "t.co"

_OUTSIDE = rf"!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${SPACES}{DIRECTIONS}{NO_CHARACTERS}"
_INSIDE = rf"[^{_OUTSIDE}.]"
_INNER_DOT = re.compile(rf"\.{_INSIDE}")
_RUN = re.compile(
    rf"(?:[{_OUTSIDE}]++|{_INSIDE}++(?!\.)|{_INSIDE}*+\.++(?!{_INSIDE}))*+"
    rf"({_INSIDE}*+\.[^{_OUTSIDE}]*+)"
)
"""The next run of labels that has a dot with something behind it, and all that is before."""

_FREE = rf"(?<![0-9A-Za-z@\uff20$#\uff03{NO_CHARACTERS}])"  # no link begins right after these
_LINK_START = re.compile(_FREE)
_HOST_START = re.compile(rf"{_FREE}[^-_.]")

_TOP_LEVEL = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]++|[A-Za-z]++(?![-0-9@+])")
_GOES_ON = re.compile(r"[-0-9A-Za-z@+]")  # so what is before is no top-level domain
_LONGEST_OTHER = max(map(len, OTHER_SCRIPTS))

_LATIN = rf"[-0-9A-Za-z{ACCENTED}]"
_LATIN_LETTERS = re.compile(rf"{_LATIN}*+")
_LATIN_HOST = re.compile(rf"(?:{_LATIN}|\.)++")
_OTHER_DOT = re.compile("[\u3002\uff0e\uff61]")  # what domain names take for a dot as well

_PORT = re.compile(r"(?::[0-9]++)?")
_IN_PATH = rf"[0-9A-Za-z{CYRILLIC}{ACCENTED}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_IN_PARENTHESES = rf"\((?:{_IN_PATH}++|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+)\)"
_PATH = re.compile(rf"/(?:{_IN_PATH}++|{_IN_PARENTHESES})*+")
_NO_PATH_END = "!*';:,.$%[]\u2013~@|&"
_QUERY = re.compile(r"\?[0-9A-Za-z!?*'@();:&=+$/%#\[\]\-_.,~|]++")
_NO_QUERY_END = "!?*'@();:+$%[].,~|"
_SLUG = re.compile(r"/([0-9A-Za-z]++)")


def links(text: str) -> tuple[str, ...]:
    """The links in a text, in order and as they are written, repeats included.

    One that begins inside a hashtag is among them; `entities` leaves such characters to the
    hashtag.

    >>> links("See https://example.com/help?id=1, or example.org.")
    ('https://example.com/help?id=1', 'example.org')
    """
    return tuple(text[start:end] for start, end in link_spans(text))


def link_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where the links in a text begin and end, in characters."""
    return tuple(_spans(text)) if _INNER_DOT.search(text) else ()


@attrs.frozen
class _Run:
    """Labels with dots between them."""

    labels: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    """Where the top-level domain ends that a label begins with; 0 for none, and for the first."""

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "_Run":
        labels = text[start:end].split(".")
        starts = list(accumulate((len(label) + 1 for label in labels[:-1]), initial=start))
        later = zip(starts[1:], labels[1:], strict=True)
        return cls(labels, starts, [0, *(_top_level_end(text, *label) for label in later)])

    def reach(self, inner: Sequence[bool], last: Sequence[bool]) -> list[int]:
        """For each label the top level of the longest host that it begins; 0 for none.

        Args:
            inner: Which labels can be in a host.
            last: Which of them can be the one before the top level.
        """
        reach = [0] * (len(self.labels) + 1)
        for number in range(len(self.labels) - 2, -1, -1):
            if inner[number] and reach[number + 1]:
                reach[number] = reach[number + 1]
            elif last[number] and self.ends[number + 1]:
                reach[number] = number + 1
        return reach


@attrs.frozen
class _Host:
    """A host in a run: from a place in one label to the top-level domain that another begins."""

    run: _Run
    link: int
    """Where the link begins: with the protocol, or with the host itself."""
    start: int
    first: int
    top: int

    @property
    def end(self) -> int:
        return self.run.ends[self.top]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    taken = read = 0
    while found := _RUN.match(text, read):
        run = _Run.of(text, *found.span(1))
        for host in _hosts(text, run, taken) if any(run.ends) else ():
            path_end, taken = _ends(text, host.end)
            if taken - host.link > _LONGEST_LINK or not _resolves(text, host):
                continue
            if host.link < host.start:
                yield from _with_protocol(text, host, taken)
            else:
                yield from _without_protocol(text, host, taken if path_end else 0)
        read = max(taken, found.end())


def _top_level_end(text: str, start: int, label: str) -> int:
    """Where the top-level domain ends that a label begins with, or 0."""
    if found := _TOP_LEVEL.match(text, start):
        name = found[0].lower()
        if name in TOP_LEVEL_DOMAINS or name.startswith("xn--"):
            return found.end()
    lengths = () if label.isascii() else range(min(_LONGEST_OTHER, len(label)), 0, -1)
    for length in lengths:
        if label[:length].lower() in OTHER_SCRIPTS and not _GOES_ON.match(text, start + length):
            return start + length
    return 0


def _hosts(text: str, run: _Run, taken: int) -> Iterator[_Host]:
    """The hosts in a run, the leftmost first and each as long as it can be.

    Between two links there is at least one character, so none begins where one has just ended.
    """
    inner = [bool(label) and label[0] not in "-_" and label[-1] not in "-_" for label in run.labels]
    last = [fits and "_" not in label for fits, label in zip(inner, run.labels, strict=True)]
    reach = run.reach(inner, last)
    free = taken + 1 if taken else 0
    number = 0
    link = _protocol_start(text, run.starts[0], free)
    if link is not None and reach[0]:
        yield (host := _Host(run, link, run.starts[0], 0, reach[0]))
        number, free = host.top, host.end + 1
    while found := _next_host(text, run, reach, number, free):
        yield found
        number, free = found.top, found.end + 1


def _protocol_start(text: str, host: int, free: int) -> int | None:
    """Where the protocol before a host begins, if there is one and it can begin there."""
    before = text[max(0, host - 8) : host].lower()
    for protocol in ("https://", "http://"):
        start = host - len(protocol)
        if before.endswith(protocol) and start >= free and _LINK_START.match(text, start):
            return start
    return None


def _next_host(text: str, run: _Run, reach: Sequence[int], number: int, free: int) -> _Host | None:
    """The first host without protocol from this label, and this free place, on."""
    for first in range(number, len(run.labels) - 1):
        top = reach[first + 1]
        begin, end = max(free, run.starts[first]), run.starts[first + 1] - 1
        if not top and run.ends[first + 1]:
            top = first + 1
            begin = max(begin, text.rfind("_", begin, end) + 1)
        start = _host_start(text, begin, end) if top else None
        if start is not None:
            return _Host(run, start, start, first, top)
    return None


def _host_start(text: str, begin: int, end: int) -> int | None:
    """The first place in a label at which a host can begin."""
    found = _HOST_START.search(text, begin, end) if text[end - 1] not in "-_" else None
    if found is None:
        return None
    # What no name begins with stands before a link, also at the very start of a text.
    at_start = found.start() == 0 and _HOST_START.match(text, 1, end)
    return 1 if at_start else found.start()


def _ends(text: str, host_end: int) -> tuple[int, int]:
    """Where path and link end; for the path 0 if there is none."""
    if text[host_end : host_end + 1] not in (":", "/", "?"):
        return 0, host_end
    port = _PORT.match(text, host_end)
    end = port.end() if port else host_end
    path = _trimmed(_PATH, _NO_PATH_END, text, end)
    end = path or end
    return path, _trimmed(_QUERY, _NO_QUERY_END, text, end) or end


def _trimmed(part: re.Pattern[str], no_end: str, text: str, start: int) -> int:
    """Where a part of a link ends, without the punctuation that ends the sentence; 0 for none."""
    found = part.match(text, start)
    return start + len(found[0].rstrip(no_end)) if found else 0


def _resolves(text: str, host: _Host) -> bool:
    """Whether the domain name system could hold a host."""
    name = text[host.start : host.end]
    if name.isascii() and len(name) <= _LONGEST_LABEL:
        return True
    if name.startswith("xn--") and not any(_latin_hosts(text, host)):
        return False
    return all(_ascii_length(label) <= _LONGEST_LABEL for label in name.split("."))


def _ascii_length(label: str) -> int:
    """How long a label is in ASCII; what is too long already is not encoded."""
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return len(label)
    parts = _OTHER_DOT.split(label)
    return len(parts) - 1 + sum(map(_encoded_length, parts))


def _encoded_length(part: str) -> int:
    return len(part) if part.isascii() else len("xn--") + len(part.encode("punycode"))


def _with_protocol(text: str, host: _Host, end: int) -> Iterator[tuple[int, int]]:
    """The link, of which X's own shortener has nothing but a slug and a query."""
    slug = _SLUG.match(text, host.end)
    if slug is None or text[host.start : host.end].lower() != _SHORTENER:
        yield host.link, end
    elif len(slug[1]) <= _LONGEST_SLUG:
        yield host.link, end if text[slug.end() : slug.end() + 1] == "?" else slug.end()


def _without_protocol(text: str, host: _Host, end: int) -> Iterator[tuple[int, int]]:
    """The hosts in Latin letters, the last one with the path and all."""
    found = _latin_hosts(text, host)
    if not found or (host.start and text[host.start - 1] in "-_./"):
        return
    # Port and query count only where there is a path.
    *others, (start, host_end) = found
    yield from others
    yield start, max(host_end, end)


def _latin_hosts(text: str, host: _Host) -> list[tuple[int, int]]:
    """Where hosts in Latin letters are within a host."""
    if _LATIN_HOST.fullmatch(text, host.start, host.end):
        return [(host.start, host.end)]
    part = slice(host.first, host.top + 1)
    return list(
        _latin_parts(
            _Run(host.run.labels[part], host.run.starts[part], host.run.ends[part]), host.start
        )
    )


def _latin_parts(run: _Run, free: int) -> Iterator[tuple[int, int]]:
    latin = [_LATIN_LETTERS.fullmatch(label) is not None for label in run.labels]
    reach = run.reach(latin, latin)
    number = 0
    while number < len(run.labels) - 1:
        label_end = run.starts[number + 1] - 1
        letters = _LATIN_LETTERS.match(run.labels[number][::-1])
        start = max(free, label_end - (letters.end() if letters else 0))
        top = reach[number + 1] or (number + 1 if run.ends[number + 1] else 0)
        if not top or start >= label_end:
            number += 1
            continue
        yield start, run.ends[top]
        free, number = run.ends[top], top
