"""Whether a text is an address of the web."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcare.domain.links import links
from socialcare.domain.urls import is_url


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com",
        "HTTP://user:pass@sub_domain.example.com:8080/a;b=c?d=/e#f?g",
        "http://127.0.0.1/",
        "http://[2001:db8::1]:80/",
        "https://münchen.de/Привет%20",
    ],
)
def test_an_address(text: str) -> None:
    """A protocol, a host and what may follow are an address."""
    assert is_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "ftp://example.com",
        "https://localhost",
        "https://-a.com",
        "https://a_b.com",
        "https://a..com",
        "https://a.com-",
        "https://300.1.1.1/",
        "https://a.com:port",
        "https://a.com:123456",
        "https://a@b@example.com",
        "https://example.com/a b",
        "https://example.com/%2",
        " https://example.com",
        "https://example.com\n",
    ],
)
def test_no_address(text: str) -> None:
    """With anything before, after or wrong in it, it is none."""
    assert not is_url(text)


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
PATH = st.from_regex(r"(/[A-Za-z0-9_-]{1,8}){0,3}", fullmatch=True)


@given(st.lists(LABEL, min_size=1, max_size=4), PATH)
def test_what_is_an_address_is_a_link_in_a_text(labels: list[str], path: str) -> None:
    """An address of plain letters is found whole where it stands in a sentence."""
    url = f"https://{'.'.join(labels)}.com{path}"

    assert is_url(url)
    assert links(f"See {url}, please.") == (url,)
