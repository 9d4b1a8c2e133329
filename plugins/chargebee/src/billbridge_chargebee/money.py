"""Amounts at Chargebee: integers in minor units, and decimal strings in major units.

The table lists only the currencies without minor units; all others have two decimals.
"""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from billbridge.errors import PrecisionError, ProtocolError, ValidationError
from billbridge.money import MinorUnits, Money

_WHOLE: Final = ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")

UNITS: Final = MinorUnits(exponents=MappingProxyType(dict.fromkeys(_WHOLE, 0)), steps=MappingProxyType({}))
"""The minor units of Chargebee's currencies: two decimals, or none for currencies without minor units.

The API documentation says so under "Currency": JPY 15 is 15. Some currencies differ from what you expect. BHD, JOD, KWD, OMR and TND have
three decimals in ISO 4217 but two here: 5 KWD is 500, and 1.234 KWD cannot be sent. UGX counts whole units, unlike at Stripe.

The documentation names JPY, KRW, XAF and XOF, and marks the others on its page of supported currencies. That ISK and MGA have two decimals
is an assumption; it is not documented.
"""


MOST_DECIMALS: Final = 20
"""The decimals of multi-decimal pricing (product documentation, "multi-decimal support")."""


def in_decimal(money: Money, param: str = "amount") -> Decimal:
    """Encode an amount in major units, for fields such as `price_in_decimal` (multi-decimal pricing).

    Raises `PrecisionError`, which names the argument `param`, for more than 20 decimals.
    """
    money.to_minor(MOST_DECIMALS, param)
    return money.amount


def in_minor(money: Money, param: str = "amount") -> int:
    """Encode the amount of a price in minor units.

    Raises `PrecisionError` for a finer amount. It names the argument `param`; its hint names the option for multi-decimal pricing.
    """
    try:
        return UNITS.pack(money, param)
    except PrecisionError as error:
        error.hint = "pass the option multi_decimal=True if the site has multi-decimal pricing; else round the amount"
        raise


def amount(minor: int | None, in_decimal: Decimal | None, currency: str) -> Money | None:
    """Read the amount from a pair of fields such as `price` and `price_in_decimal`.

    The second field is a string in MAJOR units. Chargebee sends it if the site has multi-decimal pricing. It is then the exact value, and
    the integer may be missing. Returns None if both are missing. Raises `ProtocolError` for an invalid amount.
    """
    try:
        if in_decimal is not None:
            return Money(in_decimal, currency)
        return None if minor is None else UNITS.unpack(minor, currency)
    except ValidationError as error:
        raise ProtocolError(f"chargebee sent an invalid amount: {error.message}", provider="chargebee") from None


def quantity(units: int | None, in_decimal: Decimal | None) -> Decimal | None:
    """Read the quantity from a pair of fields such as `quantity` and `quantity_in_decimal`. The decimal one is exact, so it goes first."""
    if in_decimal is not None:
        return in_decimal
    return None if units is None else Decimal(units)


def known_amount(minor: int | None, in_decimal: Decimal | None, currency: str, *, what: str) -> Money:
    """Read the amount as `amount` does, but raise `ProtocolError` if both fields are missing. Billbridge never invents an amount."""
    found = amount(minor, in_decimal, currency)
    if found is None:
        raise ProtocolError(f"chargebee sent {what} without an amount", provider="chargebee")
    return found
