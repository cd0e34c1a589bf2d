"""From an e-mail to a `Message`, and from a `Reply` to an e-mail."""

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from socialcare import Attachment, Author, AuthorRole, Direction, Message, Visibility
from socialcare.domain.events import Reply

_ID = re.compile(r"<[^<>\s]+>")
_BULK = {"auto_reply", "bulk", "junk", "list"}
_BROKEN = (AttributeError, LookupError, TypeError, ValueError)
"""What the email package raises on headers and character sets that make no sense."""


class Unreadable(ValueError):
    """An e-mail that cannot be a message; the text says what was found."""


def message_of(raw: bytes, *, channel: str, addresses: Collection[str]) -> Message:
    """The message that an e-mail is.

    Args:
        raw: The e-mail as it was delivered.
        channel: The name of the channel.
        addresses: The brand's own addresses, in lower case; what they send is outbound.

    Raises:
        Unreadable: If it has no id, no sender, or no date that says when.
    """
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        return _message(mail, _sent_at(raw), channel, addresses)
    except Unreadable:
        raise
    except _BROKEN as error:
        raise Unreadable(f"content is broken: {error}") from error


def _message(
    mail: EmailMessage, sent_at: datetime, channel: str, addresses: Collection[str]
) -> Message:
    sender, name = _sender(mail)
    ours = sender in addresses
    return Message(
        id=_id(mail),
        sent_at=sent_at,
        direction=Direction.OUTBOUND if ours else Direction.INBOUND,
        author=Author(id=sender, role=_role(ours), name=name),
        customer_id=_recipient(mail, addresses) if ours else sender,
        channel=channel,
        visibility=Visibility.PRIVATE,
        account=sender if ours else _account(mail, addresses),
        in_reply_to=_parent(mail),
        automated=_automated(mail),
        text=_text(mail),
        attachments=_attachments(mail),
    )


def _role(ours: bool) -> AuthorRole:
    return AuthorRole.AGENT if ours else AuthorRole.CUSTOMER


def _id(mail: EmailMessage) -> str:
    found = _ID.search(_header(mail, "Message-ID"))
    if found is None:
        raise Unreadable(f"Message-ID is {_header(mail, 'Message-ID')!r}, which names no message")
    return found[0]


def _parent(mail: EmailMessage) -> str | None:
    """The mail that it answers: the one in In-Reply-To, or else the last of References."""
    answered = _ID.findall(_header(mail, "In-Reply-To"))
    before = _ID.findall(_header(mail, "References"))
    return next(iter([*answered[:1], *before[-1:]]), None)


def _sent_at(raw: bytes) -> datetime:
    # As it was written: the parsed header has a zone even where the mail has none.
    text = str(BytesHeaderParser().parsebytes(raw).get("Date", ""))
    try:
        found = parsedate_to_datetime(text)
    except ValueError as error:
        raise Unreadable(f"Date is {text!r}, which is no date") from error
    if found.tzinfo is None and text.rstrip().endswith("-0000"):
        return found.replace(tzinfo=UTC)  # what RFC 5322 has for a sender that hides its zone
    if found.tzinfo is None:
        raise Unreadable(f"Date is {text!r}, which names no zone")
    return found


def _sender(mail: EmailMessage) -> tuple[str, str | None]:
    for name, address in _people(mail, "From"):
        return address, name or None
    raise Unreadable(f"From is {_header(mail, 'From')!r}, which names nobody")


def _recipient(mail: EmailMessage, addresses: Collection[str]) -> str | None:
    people = (address for _, address in _people(mail, "To", "Cc", "Bcc"))
    return next((address for address in people if address not in addresses), None)


def _account(mail: EmailMessage, addresses: Collection[str]) -> str | None:
    people = (address for _, address in _people(mail, "To", "Cc", "Delivered-To"))
    return next((address for address in people if address in addresses), None)


def _people(mail: EmailMessage, *headers: str) -> Iterable[tuple[str, str]]:
    found = getaddresses([_header(mail, header) for header in headers])
    return [(name, address.lower()) for name, address in found if "@" in address]


def _header(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, ""))


def _automated(mail: EmailMessage) -> bool:
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return submitted not in {"", "no"} or _header(mail, "Precedence").strip().lower() in _BULK


def _text(mail: EmailMessage) -> str | None:
    """What was said: the plain part, or else the words of the HTML part."""
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return None
    content = str(body.get_content())
    words = content if body.get_content_subtype() == "plain" else _words_of_html(content)
    return words.strip().replace("\r\n", "\n") or None


class _Words(HTMLParser):
    """Collects what a reader of HTML would see."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's
        self.hidden += tag in {"script", "style"}
        self.words += ["\n"] if tag in {"br", "div", "p", "tr"} else []

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        self.words += [] if self.hidden else [data]


def _words_of_html(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.words)


def _attachments(mail: EmailMessage) -> tuple[Attachment, ...]:
    """What came with it, by the address that RFC 2392 has for a mail; the bytes stay there."""
    return tuple(
        Attachment(
            url=f"mid:{_id(mail).strip('<>')}",
            media_type=part.get_content_type(),
            description=part.get_filename(),
        )
        for part in mail.iter_attachments()
    )


def mail_of(
    reply: Reply, *, message_id: str, sender: str, to: str, subject: str, at: datetime
) -> EmailMessage:
    """The e-mail that a reply becomes.

    Raises:
        ValueError: If an address or id holds what a header cannot, such as the end of a line.
    """
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = message_id
    mail["Date"] = format_datetime(at)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    if reply.in_reply_to is not None:
        mail["In-Reply-To"] = mail["References"] = reply.in_reply_to
    if reply.automated:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(reply.text)
    return mail
