"""Helpers of clauses about prices: tiers, and a price with tiers."""

from __future__ import annotations

from typing import Final

from billbridge import Money, Price
from billbridge.model import ModelName, Tier

from billbridge_contract.world import World


def tier(up_to: int | None, unit: str | None, flat: str | None = None, *, currency: str = "USD") -> Tier:
    """Return one tier. The amounts are in major units."""
    amounts = [None if amount is None else Money(amount, currency) for amount in (unit, flat)]
    return Tier(up_to=up_to, unit_amount=amounts[0], flat_amount=amounts[1])


TIERS: Final = [tier(10, "5.00"), tier(100, "4.00"), tier(None, "2.50")]
"""Fifteen units cost 70.00 graduated (10 x 5 + 5 x 4) and 60.00 by volume (15 x 4)."""
STEPS: Final = [tier(10, None, "50.00"), tier(20, None, "90.00"), tier(None, None, "150.00")]
"""Fifteen units cost 90.00."""


async def tiered(world: World, model: ModelName, tiers: list[Tier]) -> Price:
    """Create a monthly price with this model, of a new product."""
    product = await world.product()
    return await world.billing.prices.create(product=product.id, every="month", model=model, tiers=tiers)
