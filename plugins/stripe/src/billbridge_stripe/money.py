"""How Stripe writes money: integers of its own minor units, and decimal strings of them for unit prices. Does not round."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, Final

from billbridge.errors import PrecisionError, ProtocolError
from billbridge.money import MinorUnits, Money
from billbridge.toolkit.interning import Interned

_ZERO: Final = ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
_THREE: Final = ("BHD", "JOD", "KWD", "OMR", "TND")

MINOR: Final = MinorUnits(
    exponents={**dict.fromkeys(_ZERO, 0), **dict.fromkeys(_THREE, 3)},
    # docs.stripe.com/currencies: three-decimal amounts end in 0; ISK (since 14 April 2023) and UGX are written with two decimals that
    # must be 00. That page lists UGX among the zero-decimal ones too: its special case wins. MGA has subunits by ISO, not at Stripe.
    steps={**dict.fromkeys(_THREE, 10), "ISK": 100, "UGX": 100},
)
"""Stripe's currencies (docs.stripe.com/currencies). HUF and TWD are whole for payouts only, of which there are none here."""

FINEST: Final = 12
"""Decimal places that `unit_amount_decimal` may have, of a minor unit (Stripe's reference, prices)."""

_EXACT: Final = Context(prec=80, traps=[Inexact, InvalidOperation])


def amount_params(name: str, amount: Money) -> dict[str, Any]:
    """The parameters of a price's amount: `unit_amount`, say, or `unit_amount_decimal` when it is finer than the minor unit.

    Raises `PrecisionError` for more than 12 decimals of a minor unit, and for what cannot be charged in a currency with a step.
    """
    exponent = MINOR.exponent(amount.currency)
    minor = amount.amount.scaleb(exponent, _EXACT)
    if minor == minor.to_integral_value() or amount.currency in MINOR.steps:
        return {name: MINOR.pack(amount)}
    text = f"{minor:f}".rstrip("0")
    if len(text.partition(".")[2]) > FINEST:
        raise PrecisionError(f"{amount} has more than {FINEST} decimals of a minor unit", param="amount", hint="round it yourself")
    return {f"{name}_decimal": Decimal(text)}


def exact_amount(minor: Decimal, currency: str) -> Money:
    """The money that a decimal number of minor units is; `currency` in either case."""
    code = currency.upper()
    return Money(minor.scaleb(-MINOR.exponent(code), _EXACT), code)


def written_amount(text: str, currency: str) -> Money:
    """The same for a decimal number as Stripe writes it; `ProtocolError` for a text that is none."""
    if len(text) < 19 and text.isdecimal():  # mostly there are no fractions of a minor unit
        return MINOR.of(currency)(int(text))
    return exact_amount(DECIMALS[text], currency)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ProtocolError("stripe sent a decimal number that is none", provider="stripe") from None


DECIMALS: Final[Mapping[str, Decimal]] = Interned(_decimal)
"""Decimal numbers by their text, any of which can be looked up; `ProtocolError` for a text that is none. Quantities are mostly small."""
