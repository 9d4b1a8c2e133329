"""Amounts at Stripe: integers in Stripe's minor units, and decimal strings of minor units for unit prices. Nothing is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, Final

from billbridge.errors import PrecisionError, ProtocolError
from billbridge.money import MinorUnits, Money, vendor_currency
from billbridge.toolkit.interning import Interned

_ZERO: Final = ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
_THREE: Final = ("BHD", "JOD", "KWD", "OMR", "TND")

MINOR: Final = MinorUnits(
    exponents={**dict.fromkeys(_ZERO, 0), **dict.fromkeys(_THREE, 3)},
    # docs.stripe.com/currencies: three-decimal amounts end in 0. ISK (since 14 April 2023) and UGX have two decimals that must be 00.
    # That page also lists UGX as zero-decimal, but its special case applies. MGA has subunits in ISO 4217, but not at Stripe.
    steps={**dict.fromkeys(_THREE, 10), "ISK": 100, "UGX": 100},
)
"""The minor units of Stripe's currencies (docs.stripe.com/currencies).

HUF and TWD are whole for payouts only, and Billbridge makes no payouts.
"""

FINEST: Final = 12
"""The decimals of a minor unit that `unit_amount_decimal` may have (Stripe's API reference, prices)."""

_EXACT: Final = Context(prec=80, traps=[Inexact, InvalidOperation])


def amount_params(name: str, amount: Money, param: str = "amount") -> dict[str, Any]:
    """Encode the amount of a price: as `unit_amount`, or as `unit_amount_decimal` if it is finer than the minor unit.

    `param` is the argument that an error names.
    Raises `PrecisionError` for more than 12 decimals of a minor unit, and for an amount that does not fit the step of its currency.
    """
    exponent = MINOR.exponent(amount.currency)
    if amount.currency in MINOR.steps or amount.amount.adjusted() >= _EXACT.prec // 2:
        return {name: MINOR.pack(amount, param)}
    minor = amount.amount.scaleb(exponent, _EXACT)
    if minor == minor.to_integral_value():
        return {name: MINOR.pack(amount, param)}
    text = f"{minor:f}".rstrip("0")
    if len(text.partition(".")[2]) > FINEST:
        raise PrecisionError(
            f"{amount} has more than {FINEST} decimals of a minor unit", param=param, hint="round the amount before you pass it"
        )
    return {f"{name}_decimal": Decimal(text)}


def exact_amount(minor: Decimal, currency: str) -> Money:
    """Convert a decimal number of minor units to money. `currency` may be in lower case."""
    code = vendor_currency(currency)
    return Money(minor.scaleb(-MINOR.exponent(code), _EXACT), code)


def written_amount(text: str, currency: str) -> Money:
    """Convert a decimal number of minor units, as Stripe writes it, to money.

    Raises `ProtocolError` if the text is not a decimal number.
    """
    if len(text) < 19 and text.isdecimal():  # most amounts have no fraction of a minor unit
        return MINOR.of(currency)(int(text))
    return exact_amount(DECIMALS[text], currency)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ProtocolError("stripe sent a text that is not a decimal number", provider="stripe") from None


DECIMALS: Final[Mapping[str, Decimal]] = Interned(_decimal)
"""A cache of decimal numbers by their text. Look up any text; one that is not a decimal number raises `ProtocolError`.

Quantities are mostly small and repeat.
"""
