"""Convert tiers of prices between Stripe's shape and the model. Both have the inclusive end of each tier; Stripe's last end is `inf`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billbridge.model import PricingModel, Tier
from billbridge.money import Money

from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.money import amount_params, exact_amount


def tiers(found: Sequence[wire.Tier], currency: str, model: PricingModel) -> list[Tier]:
    """Convert the tiers of Stripe to the model. Tiers of a stairstep have no unit amount here. Stripe can send one of 0."""
    step = model is PricingModel.STAIRSTEP
    return [
        Tier(
            up_to=tier.up_to,
            unit_amount=None if step else amount(tier.unit_amount_decimal, tier.unit_amount, currency),
            flat_amount=amount(tier.flat_amount_decimal, tier.flat_amount, currency),
        )
        for tier in found
    ]


def tier_params(tiers: Sequence[Tier]) -> list[dict[str, Any]]:
    """Return the parameter `tiers` of POST /v1/prices. Raises `PrecisionError` for an amount that Stripe cannot store."""
    return [
        {
            "up_to": "inf" if tier.up_to is None else tier.up_to,
            **({} if tier.unit_amount is None else amount_params("unit_amount", tier.unit_amount, "tiers")),
            **({} if tier.flat_amount is None else amount_params("flat_amount", tier.flat_amount, "tiers")),
        }
        for tier in tiers
    ]


def is_stairstep(found: Sequence[wire.Tier]) -> bool:
    """Return whether volume tiers have flat amounts only. Then the whole quantity costs the flat amount of its tier."""
    return bool(found) and all(map(_is_step, found))


def amount(minor_decimal: Decimal | None, minor: int | None, currency: str) -> Money | None:
    """Convert an amount that Stripe sends as an integer and as a decimal. It uses the decimal: the integer is null for fractions."""
    exact = minor if minor_decimal is None else minor_decimal
    return None if exact is None else exact_amount(Decimal(exact), currency)


def _is_step(tier: wire.Tier) -> bool:
    flat = tier.flat_amount is not None or tier.flat_amount_decimal is not None
    return flat and not tier.unit_amount and not tier.unit_amount_decimal
