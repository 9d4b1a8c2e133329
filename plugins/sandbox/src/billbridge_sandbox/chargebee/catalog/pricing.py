"""What a quantity of an item price costs, in whole minor units. It charges nobody and knows no discount, tax or proration.

Chargebee's minor unit has two decimals for every currency except those of `ZERO_DECIMAL`, whose amounts are in whole units (API
documentation, "Currency"); three-decimal currencies such as KWD also use two, unlike at Stripe. Prices may be finer than the minor unit
on a site with multi-decimal pricing; everything is added up exactly and rounded once, half up, which is our choice. `mrr` is rounded to
even: the vendor only estimates it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from billbridge_sandbox.chargebee.store.catalog import ItemPrice, Tier
from billbridge_sandbox.chargebee.store.subscriptions import SubscriptionItem

# The documentation names KRW, JPY, XAF and XOF and marks the rest on its page of supported currencies; MGA and ISK are uncertain.
ZERO_DECIMAL = frozenset(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"])

_MONTHS_IN = {"day": Fraction(12, 365), "week": Fraction(12, 52), "month": Fraction(1), "year": Fraction(12)}


def exponent(currency: str) -> int:
    """How many decimals an integer amount has: 0 or 2."""
    return 0 if currency in ZERO_DECIMAL else 2


def minor(decimal: str, currency: str) -> Fraction:
    """A decimal amount in major units, as exact minor units."""
    return Fraction(decimal) * int(10 ** exponent(currency))


def rounded(amount: Fraction) -> int:
    """An amount as a whole number of minor units, halves away from zero. Amounts are never negative here."""
    return int(amount + Fraction(1, 2))


def shared(amount: int, weights: list[int]) -> list[int]:
    """`amount` in whole parts as near as can be to the weights; no part is greater than its weight when `amount` is not."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [int(each) for each in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts


def unit_price(price: ItemPrice | Tier, currency: str) -> Fraction:
    """The price of one unit, package, step or flat fee in minor units, exactly."""
    if price.price_in_decimal is not None:
        return minor(price.price_in_decimal, currency)
    return Fraction(price.price or 0)


def amount(price: ItemPrice, quantity: int | Fraction | None, override: int | None = None) -> int:
    """The amount for one period. `override` replaces the price of one unit, or the flat fee. A fraction needs a price for each unit."""
    unit = unit_price(price, price.currency_code) if override is None else Fraction(override)
    if price.pricing_model == "flat_fee":
        return rounded(unit)
    billable = max(0, (1 if quantity is None else quantity) - price.free_quantity)
    if price.pricing_model == "per_unit":
        return rounded(unit * billable)
    return rounded(sum((cost for _, _, cost in steps(price, int(billable))), Fraction(0)))


def figures(price: ItemPrice, quantity: int | None, override: int | None = None) -> dict[str, Any]:
    """What a subscription's item shows of its price: `unit_price` or its decimal twin, `free_quantity` and `amount`."""
    unit = price.price if override is None else override
    return {
        "unit_price": unit,
        "unit_price_in_decimal": price.price_in_decimal if override is None else None,
        "free_quantity": price.free_quantity,
        "amount": amount(price, quantity, override),
    }


def steps(price: ItemPrice, quantity: int) -> list[tuple[Tier, int, Fraction]]:
    """What each step of a tiered price bills of a quantity: the step, the units that fall to it, and their cost in minor units.

    `tiered` bills each unit at its own step, `volume` all at the step reached, `stairstep` that step's price once. A step of packages
    bills whole packages, rounded up within the step (product documentation, "Package pricing").
    """
    tiers = price.tiers or []
    if quantity == 0 or not tiers:
        return []
    if price.pricing_model == "tiered":
        used = [
            (tier, min(quantity, quantity if tier.ending_unit is None else tier.ending_unit) - tier.starting_unit + 1)
            for tier in tiers
            if tier.starting_unit <= quantity
        ]
    else:
        used = [(next(tier for tier in tiers if tier.ending_unit is None or quantity <= tier.ending_unit), quantity)]
    once = price.pricing_model == "stairstep"
    return [(tier, units, unit_price(tier, price.currency_code) * (1 if once else _times(tier, units))) for tier, units in used]


def _times(tier: Tier, units: int) -> int:
    if tier.pricing_type == "package":
        return -(-units // (tier.package_size or 1))
    return 1 if tier.pricing_type == "flat_fee" else units


def monthly(items: Sequence[SubscriptionItem], period: int, unit: str) -> int:
    """The monthly recurring revenue of the recurring items, rounded to the minor unit."""
    recurring = sum(item.amount for item in items if not item.charge_once)
    return round(Fraction(recurring) / (_MONTHS_IN[unit] * period))
