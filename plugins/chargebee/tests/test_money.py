"""Chargebee's integers for money. (Vendor map, cases 25 and 26.)"""

from __future__ import annotations

from decimal import Decimal

import pytest
from billbridge.errors import PrecisionError, ProtocolError
from billbridge.money import Money
from billbridge_chargebee.money import UNITS, amount, known_amount

WHOLE = "BIF CLP DJF GNF JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()  # noqa: SIM905  # a list of codes reads better so


@pytest.mark.parametrize(
    ("money", "sent"),
    [
        (Money("19.00", "USD"), 1900),
        (Money("10.45", "HUF"), 1045),
        (Money("1.23", "KWD"), 123),
        (Money("5", "ISK"), 500),
        *((Money("500", code), 500) for code in WHOLE),
    ],
)
def test_two_decimals_for_every_currency_but_those_without_minor_units(money: Money, sent: int) -> None:
    assert UNITS.pack(money) == sent
    assert UNITS.unpack(sent, money.currency.lower()) == money


@pytest.mark.parametrize(("text", "currency"), [("1.234", "KWD"), ("0.005", "USD"), *(("0.5", code) for code in WHOLE)])
def test_what_is_finer_raises_and_is_not_rounded(text: str, currency: str) -> None:
    with pytest.raises(PrecisionError):
        UNITS.pack(Money(text, currency))


def test_the_decimal_field_is_in_major_units_and_is_the_exact_one() -> None:
    assert amount(1, Decimal("0.005"), "USD") == Money("0.005", "USD")
    assert amount(None, Decimal("12"), "jpy") == Money("12", "JPY")
    assert amount(1999, None, "usd") == Money("19.99", "USD")
    assert amount(0, None, "USD") == Money.zero("USD")
    assert amount(None, None, "USD") is None


def test_an_amount_is_never_made_up() -> None:
    assert known_amount(5, None, "JPY", what="a line") == Money(5, "JPY")
    with pytest.raises(ProtocolError, match="a line without an amount"):
        known_amount(None, None, "USD", what="a line")
    with pytest.raises(ProtocolError):
        amount(None, Decimal("NaN"), "USD")
    with pytest.raises(ProtocolError):
        amount(1, None, "dollars")
