"""What becomes of an e-mail."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialcare import AuthorRole, Direction, Message, Visibility

from socialcare_maildir.mails import Unreadable, message_of

CARE = "care@northline.example"


def mail(*headers: str, body: str = "Where is my parcel?") -> bytes:
    """An e-mail by Ada; a header given replaces hers, and one without a value takes it out."""
    usual = {
        "Message-ID": "<1@ada.example>",
        "Date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "From": "Ada <Ada@ada.example>",
        "To": CARE,
    }
    given = dict(line.split(": ", 1) for line in headers)
    lines = [f"{name}: {value}" for name, value in (usual | given).items() if value]
    return "\r\n".join([*lines, "", body]).encode()


def read(raw: bytes) -> Message:
    """The message that it is, to the address of the brand."""
    return message_of(raw, channel="email", addresses=(CARE,))


def test_a_mail_of_a_customer() -> None:
    """Ids, people, time and words are those of the mail; it is inbound and private."""
    message = read(mail())

    assert message.id == "<1@ada.example>"
    assert message.sent_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert message.direction is Direction.INBOUND
    assert message.visibility is Visibility.PRIVATE
    assert (message.customer_id, message.author.name) == ("ada@ada.example", "Ada")
    assert message.account == CARE
    assert message.text == "Where is my parcel?"
    assert message.by_customer


def test_a_mail_of_the_brand() -> None:
    """What the brand sends is outbound, and about whom it was sent to."""
    message = read(mail(f"From: Anna <{CARE}>", f"To: {CARE}, ada@ada.example"))

    assert message.direction is Direction.OUTBOUND
    assert message.customer_id == "ada@ada.example"
    assert message.author.role is AuthorRole.AGENT


@pytest.mark.parametrize(
    ("headers", "parent"),
    [
        (["In-Reply-To: <p@x>", "References: <o@x> <q@x>"], "<p@x>"),
        (["References: <o@x> <q@x>"], "<q@x>"),
        (["In-Reply-To: your mail of Monday"], None),
        ([], None),
    ],
)
def test_the_mail_that_it_answers(headers: list[str], parent: str | None) -> None:
    """It is the one in In-Reply-To, else the last of References."""
    assert read(mail(*headers)).in_reply_to == parent


@pytest.mark.parametrize(
    ("header", "automated"),
    [
        ("Auto-Submitted: auto-replied; by=vacation", True),
        ("Auto-Submitted: no", False),
        ("Precedence: Bulk", True),
        ("Precedence: first-class", False),
    ],
)
def test_mails_of_machines(header: str, automated: bool) -> None:
    """Answers of autoresponders and mails of lists are automated."""
    assert read(mail(header)).automated is automated


def test_a_date_without_a_zone_is_utc_where_the_sender_hides_it() -> None:
    """`-0000` is UTC, as RFC 5322 has it."""
    message = read(mail("Date: Mon, 02 Mar 2026 10:00:00 -0000"))

    assert message.sent_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "header",
    ["Message-ID: ", "Message-ID: 17", "From: ", "From: Ada", "Date: ", "Date: yesterday",
     "Date: Mon, 02 Mar 2026 10:00:00"],
)  # fmt: skip
def test_what_cannot_be_a_message(header: str) -> None:
    """Without an id, a sender, or a date that says when, it names the header and what is in it."""
    name, _, value = header.partition(": ")

    with pytest.raises(Unreadable, match=f"{name} is '{value}'"):
        read(mail(header))


def test_html_is_read_where_there_is_nothing_plain() -> None:
    """Its words count, and no style or script."""
    page = "<style>p {}</style><p>Where is</p><p>my <b>parcel</b>?</p>"

    assert read(mail("Content-Type: text/html", body=page)).text == "Where is\nmy parcel?"


def test_attachments_are_named() -> None:
    """Type and name are known; the bytes stay in the mail."""
    body = (
        "--cut\r\nContent-Type: text/plain\r\n\r\nsee there\r\n"
        '--cut\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n'
        "\r\nx\r\n--cut--\r\n"
    )
    message = read(mail("Content-Type: multipart/mixed; boundary=cut", body=body))

    assert message.text == "see there"
    (attachment,) = message.attachments
    assert (attachment.media_type, attachment.description) == ("image/png", "a.png")
    assert attachment.url == "mid:1@ada.example"


@given(st.data())
def test_no_bytes_break_the_reading(data: st.DataObject) -> None:
    """A mail with anything in any header is a message, or Unreadable."""
    header = st.sampled_from(
        ["Message-ID", "Date", "From", "To", "In-Reply-To", "Content-Type", "Precedence",
         "Content-Transfer-Encoding", "Content-Disposition", "Subject"]
    )  # fmt: skip
    value = st.text("<>@,;:=\"'()[]\\ .?/%abc0é\r\n\t-\x00") | st.text()
    lines = data.draw(st.lists(st.tuples(header, value), max_size=4))
    raw = mail(*(f"{name}: {text}" for name, text in lines), body=data.draw(st.text()))
    try:
        message = read(data.draw(st.just(raw) | st.binary()))
    except Unreadable:
        return

    assert message.id
