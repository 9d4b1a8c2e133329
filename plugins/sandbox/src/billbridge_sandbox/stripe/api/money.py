"""Stripe's rules for amounts: integers in the currency's minor unit. Exponents are Stripe's own, not ISO 4217's."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from billbridge_sandbox.kernel.forms import Nested
from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import text

_WIDE = Context(prec=60)  # the thread's own context may be narrow
# docs.stripe.com/currencies. ISK and UGX keep two decimals in the API, always 00.
ZERO_DECIMAL = frozenset(["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"])
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
# Charged amounts must be a multiple of this.
_STEP = {**dict.fromkeys(THREE_DECIMAL, 10), "isk": 100, "ugx": 100}


def currency(value: Nested, name: str) -> str:
    """A currency code, shown in lower case whatever the case it came in."""
    shown = text(value, name).lower()
    if not re.fullmatch("[a-z]{3}", shown):
        raise invalid(f"Invalid currency: {shown}.", param=name)
    return shown


def check_chargeable(code: str, amount: int) -> None:
    """Check an amount. Raises StripeError if it cannot be charged in the currency."""
    if amount % _STEP.get(code, 1):
        message = f"Amounts in {code} must be a multiple of {_STEP[code]} minor units."
        raise invalid(message, code="invalid_charge_amount_no_decimal_compatible", param="amount")


def line_amount(unit_amount_decimal: str, quantity: int | Decimal) -> int:
    """Unit amount times quantity, in minor units, rounded half up once."""
    return int(_WIDE.multiply(Decimal(unit_amount_decimal), Decimal(quantity)).to_integral_value(ROUND_HALF_UP))


def decimal_text(amount: Decimal) -> str:
    """A decimal without exponent or trailing zeros: "1900", "0.5"."""
    return format(amount.normalize(_WIDE), "f")


def shown(unit_amount_decimal: str, code: str) -> str:
    """An amount for people, in major units: "19.00 USD"."""
    exponent = 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2
    return f"{Decimal(unit_amount_decimal).scaleb(-exponent, _WIDE):f} {code.upper()}"
