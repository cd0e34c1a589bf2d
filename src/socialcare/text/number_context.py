"""What the words around a number say that it is: a card, a phone, or the number of an order.

One in ten numbers passes the check of a card, and four in ten of ten digits could be a phone in the
United States. Which they are, people say: `order 4539...`, `call me on 770...`. Of the words in
front of a number the nearest decides; else those right behind it.
"""

import re
from enum import Enum

__all__ = ["Called", "called", "has_word"]

_BEFORE, _BEHIND = 48, 32
"""How many characters in front and behind are looked at."""


class Called(Enum):
    """What a number is called by the words around it."""

    ORDER = "order"
    CARD = "card"
    PHONE = "phone"
    NOTHING = "nothing"


_ORDER_WORDS = (
    r"(?:gift ?|loyalty ?|club ?|sim ?)cards?|orders?|ord|refs?|references?|claims?|cases?"
    r"|tickets?|flights?|flt|bookings?|confirmations?|conf|reservations?|tracking|track|trk|waybill|awb|pnr"
    r"|invoices?|receipts?|parcels?|packages?|shipments?|consignments?|imei|serial|s/n|sku|isbn|ean"
    r"|upc|asin|dpci|tcin|model|parts?|items?|products?|transactions?|txn|vouchers?|coupons?|incidents?"
    r"|complaints?|requests?|pedidos?|reserva|commande|bestellung|bestellnummer|auftrag|sendung"
    r"|ordine|crm|sr|job|codes?|meter|member(?:ship)?|customer (?:id|number|no)"
)
_CARD_WORDS = (
    r"cards?|visa|mastercard|amex|american express|discover|credit|debit|cc|tarjeta|karte|carte"
)
_PHONE_WORDS = (
    r"phones?|call|calls|calling|called|text|sms|mobile|cell|tel|telephone|whatsapp|fax"
    r"|contact(?: me| us| number| no)?|reach me|ring|dial|handy|telefon|tel[eé]fono|m[oó]vil"
)
_WORDS = re.compile(
    rf"(?<![^\W\d_])(?:(?P<ORDER>{_ORDER_WORDS})|(?P<CARD>{_CARD_WORDS})|(?P<PHONE>{_PHONE_WORDS}))"
    r"(?![^\W\d_])|(?P<HASH>#)",
    re.IGNORECASE,
)
_CALLED = {
    "ORDER": Called.ORDER,
    "CARD": Called.CARD,
    "PHONE": Called.PHONE,
    "HASH": Called.ORDER,
    None: Called.NOTHING,
}
"""What the groups of the pattern mean."""
_BEHIND_ORDER = re.compile(
    rf"\W{{0,3}}(?:(?:is|was|are|for|as)\s+)?(?:(?:my|the|your|our|an?)\s+)?(?:{_ORDER_WORDS})\b",
    re.IGNORECASE,
)


def called(text: str, start: int, end: int) -> Called:
    """What the number at a place is called.

    >>> called("my order is 4539578763621486", 12, 28)
    <Called.ORDER: 'order'>
    """
    words = list(_WORDS.finditer(text[max(0, start - _BEFORE) : start]))
    if words:
        return _CALLED[words[-1].lastgroup]
    if _BEHIND_ORDER.match(text[end : end + _BEHIND]):
        return Called.ORDER
    return Called.NOTHING


def has_word(words: str, text: str, start: int, end: int) -> bool:
    """Whether one of a few words, joined by `|`, stands around a place."""
    around = text[max(0, start - _BEFORE) : start] + " " + text[end : end + _BEHIND]
    return re.search(rf"(?<!\w)(?:{words})(?!\w)", around, re.IGNORECASE) is not None
