"""URLs: whether a text is, whole, an address of the web.

Finding links in a text is one thing (`links`), and taking an address that somebody typed into a
form is another: here nothing may be before, after or wrong in it. The rules are those by which X's
twitter-text validates, which are RFC 3986 with letters of every script in the host, Cyrillic ones
in the path, and `_` in a subdomain. Whether the top-level domain exists is not asked.
"""

import re

__all__ = ["is_url"]

_URL = re.compile(
    r"(?P<protocol>[^:/?#]+)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_LETTER = r"0-9A-Za-z\x80-\U0010ffff"
_SUBDOMAIN = re.compile(rf"(?![-_])[{_LETTER}_-]+(?<![-_])")
_DOMAIN = re.compile(rf"(?!-)[{_LETTER}-]+(?<!-)")
_TOP_LEVEL = re.compile(rf"(?![-0-9])[{_LETTER}-]+(?<!-)")
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_NUMBERS = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}|\[[0-9A-Fa-f:.]+\]")  # IP, versions 4 and 6
_PORT = re.compile(r"(?::[0-9]{1,5})?")
_UNRESERVED = r"0-9A-Za-z\u0400-\u04ff\-._~"
_DELIMITERS = r"!$&'()*+,;="
_PERCENT = "%[0-9A-Fa-f]{2}"
_USER = re.compile(rf"(?:[{_UNRESERVED}{_DELIMITERS}:]++|{_PERCENT})*+")
_PATH = re.compile(rf"(?:/(?:[{_UNRESERVED}{_DELIMITERS}:|@]++|{_PERCENT})*+)*+")
_QUERY = re.compile(rf"(?:[{_UNRESERVED}{_DELIMITERS}:|@/?]++|{_PERCENT})*+")


def is_url(text: str) -> bool:
    """Whether a text is an address of the web, and nothing else.

    An address without a protocol is one if it is with `https://` in front.

    >>> is_url("https://example.com/help?id=1")
    True
    >>> is_url("https://example.com/help me")
    False
    """
    found = _URL.fullmatch(text)
    return (
        found is not None
        and found["protocol"].lower() in {"http", "https"}
        and _is_authority(found["authority"])
        and _PATH.fullmatch(found["path"]) is not None
        and all(_QUERY.fullmatch(found[part] or "") for part in ("query", "fragment"))
    )


def _is_authority(text: str) -> bool:
    """Whether it is a host, with or without a user before and a port behind."""
    user, _, place = text.rpartition("@")
    host_end = place.rfind(":") if place.rfind(":") > place.rfind("]") else len(place)
    return (
        _USER.fullmatch(user) is not None
        and _PORT.fullmatch(place, host_end) is not None
        and _is_host(place[:host_end])
    )


def _is_host(text: str) -> bool:
    if _NUMBERS.fullmatch(text):
        return True
    *subdomains, domain, top_level = ("", *text.split("."))
    return (
        _DOMAIN.fullmatch(domain) is not None
        and _TOP_LEVEL.fullmatch(top_level) is not None
        and all(_SUBDOMAIN.fullmatch(each) for each in subdomains[1:])
    )
