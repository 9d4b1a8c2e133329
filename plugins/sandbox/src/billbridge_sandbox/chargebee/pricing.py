"""What a quantity of an item price costs, in whole minor units. It charges nobody and knows no discount, tax or proration.

Chargebee's minor unit has two decimals for every currency except those of `ZERO_DECIMAL`, whose amounts are in whole units (API
documentation, "Currency"); three-decimal currencies such as KWD also use two, unlike at Stripe. The simulation only multiplies and adds
integers, so nothing is ever rounded except `mrr`, which the vendor estimates too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .bills import SubscriptionItem
from .records import ItemPrice, Tier

# The documentation names KRW, JPY, XAF and XOF and marks the rest on its page of supported currencies; MGA and ISK are uncertain.
ZERO_DECIMAL = frozenset(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"])

_MONTHS_IN = {"day": Fraction(12, 365), "week": Fraction(12, 52), "month": Fraction(1), "year": Fraction(12)}


def exponent(currency: str) -> int:
    """How many decimals an integer amount has: 0 or 2."""
    return 0 if currency in ZERO_DECIMAL else 2


def amount(price: ItemPrice, quantity: int | None, override: int | None = None) -> int:
    """The amount for one period. `override` replaces the price of one unit, or the flat fee."""
    unit = price.price or 0 if override is None else override
    if price.pricing_model == "flat_fee":
        return unit
    billable = max(0, (1 if quantity is None else quantity) - price.free_quantity)
    if price.pricing_model == "per_unit":
        return unit * billable
    return _tiered(price.pricing_model, price.tiers or [], billable)


def _tiered(model: str, tiers: Sequence[Tier], quantity: int) -> int:
    """`tiered` bills each unit at its own step, `volume` all at the step reached, `stairstep` that step's price once."""
    if quantity == 0:
        return 0
    if model == "tiered":
        return sum(
            tier.price * (min(quantity, quantity if tier.ending_unit is None else tier.ending_unit) - tier.starting_unit + 1)
            for tier in tiers
            if tier.starting_unit <= quantity
        )
    reached = next(tier for tier in tiers if tier.ending_unit is None or quantity <= tier.ending_unit)
    return reached.price * (1 if model == "stairstep" else quantity)


def monthly(items: Sequence[SubscriptionItem], period: int, unit: str) -> int:
    """The monthly recurring revenue of the recurring items, rounded to the minor unit."""
    recurring = sum(item.amount for item in items if not item.charge_once)
    return round(Fraction(recurring) / (_MONTHS_IN[unit] * period))
