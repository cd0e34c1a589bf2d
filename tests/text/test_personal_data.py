"""Personal data in a text, with its places."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from socialcare.errors import InvalidValue
from socialcare.text.personal_data import PersonalData

EVERYWHERE = PersonalData(("US", "GB", "ES", "FR", "DE", "NL", "IT", "CA", "BR", "IN"))
AT_HOME = PersonalData()


def found(text: str, data: PersonalData = EVERYWHERE) -> list[tuple[object, str]]:
    """Kinds and exact characters."""
    return [(each.value, text[each.start : each.end]) for each in data.annotations(text)]


@pytest.mark.parametrize(
    "card",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111\u00a01111\u20111111\u20111111",
        "5555555555554444",
        "2223003122003222",
        "3782 822463 10005",
        "30569309025904",
        "6011111111111117",
        "3530111333300000",
    ],
)
def test_cards_are_found(card: str) -> None:
    """Cards of the great issuers, in the ways in which people write them."""
    assert found(f"my card {card}, thanks") == [("card", card)]
    assert found(card) == [("card", card)]


@pytest.mark.parametrize(
    "text",
    [
        "my order 4539578763621486",
        "order number is 4539578763621486",
        "Order #4539578763621486",
        "orders 4539578763621486 and 4716461583322103",
        "4539578763621486 is my order number",
        "tracking no. 4539578763621486",
        "booking ref: 4539578763621486",
        "flight claim 4111 1111 1111 1111",
        "#4111111111111111",
        "gift card 4111111111111111",
        "IMEI 490154203237518",
        "4111111111111112",
        "1234567812345670",
        "41111111111111114111111111111111",
        "X4111111111111111",
        "123-1234567-1234567",
        "41 111 111 111 111 11",
        "https://a.example/4111111111111111",
    ],
)
def test_what_is_no_card_is_none(text: str) -> None:
    """Numbers of orders and devices, wrong digits and other ways of grouping are no cards."""
    assert [kind for kind, _ in found(text) if kind == "card"] == []


ORDERS = ("order", "Order no.", "order number:", "ref", "tracking #", "claim", "flight", "booking",
          "invoice", "parcel", "case #", "confirmation number is")  # fmt: skip


@given(st.sampled_from(ORDERS), st.integers(10**14, 10**15 - 1), st.sampled_from("45"))
def test_an_order_is_never_a_card(word: str, number: int, first: str) -> None:
    """Whatever passes the check of a card is none where people call it an order."""
    payload = f"{first}{number}"[:15]
    text = f"{word} {payload}{luhn.calc_check_digit(payload)} please"

    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "data"),
    [
        ("IBAN GB29 NWBK 6016 1331 9268 19 please", "iban", "GB29 NWBK 6016 1331 9268 19"),
        ("to DE89370400440532013000.", "iban", "DE89370400440532013000"),
        ("mail joe.b+x@mail.example.co.uk.", "email", "joe.b+x@mail.example.co.uk"),
        ("ssn 536-90-4399", "us.ssn", "536-90-4399"),
        ("NI AB 12 34 56 C", "gb.nino", "AB 12 34 56 C"),
        ("dni 12345678Z", "es.dni", "12345678Z"),
        ("nie X-1234567-L", "es.nie", "X-1234567-L"),
        ("nir 1 85 05 78 006 084 91", "fr.nir", "1 85 05 78 006 084 91"),
        ("my bsn is 111222333", "nl.bsn", "111222333"),
        ("Steuer-ID 36 574 261 809", "de.idnr", "36 574 261 809"),
        ("RCCMNL83S18D969H", "it.codicefiscale", "RCCMNL83S18D969H"),
        ("cpf 390.533.447-05", "br.cpf", "390.533.447-05"),
        ("sin 123 456 782", "ca.sin", "123 456 782"),
        ("(706) 614-7640", "phone", "(706) 614-7640"),
        ("ring 0161 496 0000!", "phone", "0161 496 0000"),
        ("+49 30 901820", "phone", "+49 30 901820"),
        ("my number is 7703743799", "phone", "7703743799"),
    ],
)
def test_each_kind_is_found(text: str, kind: str, data: str) -> None:
    """Each kind is found with its exact characters."""
    assert found(text) == [(kind, data)]


@pytest.mark.parametrize(
    "text",
    [
        "on 28/11/2017 at 10:05",
        "2017-11-28 10:05",
        "paid $1,234,567.89",
        "version 11.0.3.4567",
        "from 137.221.83.74",
        "order 7703743799",
        "ref: 020 7946 0958",
        "tracking 1Z999AA10123456784",
        "111222333",
        "GB00 NWBK 6016 1331 9268 19",
        "@sam @example.com hi@ there",
        "536-00-4399",
        "BA0257 on 7 nov",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    """Dates, amounts, versions, addresses and numbers of orders are nobody's data."""
    assert found(text) == []


def test_regions_decide() -> None:
    """National numbers and phones are looked for where the brand's customers are."""
    text = "dni 12345678Z, tel 912 345 678"

    assert found(text, AT_HOME) == []
    assert found(text, PersonalData(("ES",))) == [("es.dni", "12345678Z"), ("phone", "912 345 678")]


@pytest.mark.parametrize("region", ["XX", "England", "", "1A"])
def test_a_region_has_two_letters(region: str) -> None:
    """A region that is none is refused."""
    with pytest.raises(InvalidValue, match="regions"):
        PersonalData((region,))


@given(st.text(alphabet="0123456789 -.+()#@aeGB", max_size=60))
def test_pieces_lie_apart(text: str) -> None:
    """Pieces are in the text, in order, and do not overlap."""
    said = EVERYWHERE.annotations(text)
    places = [(each.start or 0, each.end or 0) for each in said]

    assert places == sorted(places)
    assert all(a[1] <= b[0] for a, b in pairwise(places))
    assert all(0 <= start < end <= len(text) for start, end in places)
