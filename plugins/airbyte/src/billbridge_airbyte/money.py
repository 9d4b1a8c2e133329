"""How Stripe counts money, for the balances of customers that are read here. Writes none, so it knows no steps."""

from __future__ import annotations

from typing import Final

from billbridge.money import MinorUnits

_ZERO: Final = ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
_THREE: Final = ("BHD", "JOD", "KWD", "OMR", "TND")

MINOR: Final = MinorUnits(exponents={**dict.fromkeys(_ZERO, 0), **dict.fromkeys(_THREE, 3)}, steps={})
"""Stripe's currencies (docs.stripe.com/currencies), the same as in the provider "stripe", which a plugin may not import."""
