"""How Chargebee counts money in its integers. Knows no currency that follows the rule, only those that do not."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from billbridge.errors import PrecisionError, ProtocolError, ValidationError
from billbridge.money import MinorUnits, Money

_WHOLE: Final = ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")

UNITS: Final = MinorUnits(exponents=MappingProxyType(dict.fromkeys(_WHOLE, 0)), steps=MappingProxyType({}))
"""Two decimals, none for the currencies without minor units (API documentation, "Currency": JPY 15 is 15).

The surprises: BHD, JOD, KWD, OMR and TND have three decimals in the world but two here, so 5 KWD is 500 and 1.234 KWD cannot be sent; UGX
counts whole units (at Stripe it does not). The documentation names JPY, KRW, XAF and XOF and marks the others on its page of supported
currencies; ISK and MGA are taken to have two, which is not documented.
"""


MOST_DECIMALS: Final = 20
"""Decimal places of multi-decimal pricing (product documentation, "multi-decimal support")."""


def in_decimal(money: Money) -> Decimal:
    """The major units that a field such as `price_in_decimal` takes, with multi-decimal pricing; `PrecisionError` beyond 20 places."""
    money.to_minor(MOST_DECIMALS)
    return money.amount


def in_minor(money: Money) -> int:
    """The integer of a price, which sites with multi-decimal pricing can have finer; `PrecisionError` names the option for them."""
    try:
        return UNITS.pack(money)
    except PrecisionError as error:
        error.hint = "with the option multi_decimal=True finer prices are sent, to sites that have multi-decimal pricing"
        raise


def amount(minor: int | None, in_decimal: Decimal | None, currency: str) -> Money | None:
    """The money of a pair of fields such as `price` and `price_in_decimal`.

    The second is a string in MAJOR units, sent where the site has multi-decimal pricing, and is the exact one; the integer may then be
    missing. None where both are; `ProtocolError` for what is no amount.
    """
    try:
        if in_decimal is not None:
            return Money(in_decimal, currency)
        return None if minor is None else UNITS.unpack(minor, currency)
    except ValidationError as error:
        raise ProtocolError(f"chargebee sent an amount that is none: {error.message}", provider="chargebee") from None


def known_amount(minor: int | None, in_decimal: Decimal | None, currency: str, *, what: str) -> Money:
    """As `amount`, but `ProtocolError` where both are missing: an amount is never made up."""
    found = amount(minor, in_decimal, currency)
    if found is None:
        raise ProtocolError(f"chargebee sent {what} without an amount", provider="chargebee")
    return found
