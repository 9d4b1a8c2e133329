"""Convert tiers. The model has the end of each tier. Chargebee also has its start.

In whole units, a tier starts one after the end of the previous tier, and the first starts at 1. In decimals, it starts at the end of the
previous tier, and the first starts at 0 (API documentation, "starting_unit_in_decimal"). A tier has one amount: for each unit in "tiered"
and "volume", for the whole tier in "stairstep".
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billbridge.model import PricingModel, Tier
from billbridge.money import Money

from billbridge_chargebee import wire_catalog as wire
from billbridge_chargebee.money import amount, in_decimal, in_minor


def sent_tiers(tiers: Sequence[Tier], *, decimals: bool) -> list[dict[str, Any]]:
    """Return the parameters of the tiers. Raises `PrecisionError` for an amount that Chargebee cannot store."""
    rows: list[dict[str, Any]] = []
    end: Decimal | int = 0
    for tier in tiers:
        money = tier.flat_amount if tier.unit_amount is None else tier.unit_amount
        if decimals:
            units = {
                "starting_unit_in_decimal": Decimal(end),
                "ending_unit_in_decimal": None if tier.up_to is None else Decimal(tier.up_to),
            }
            rows.append({**units, "price_in_decimal": None if money is None else in_decimal(money, "tiers")})
        else:
            price = None if money is None else in_minor(money, "tiers")
            rows.append({"starting_unit": end + 1, "ending_unit": tier.up_to, "price": price})
        end = end if tier.up_to is None else tier.up_to
    return rows


def read_tiers(sent: Sequence[wire.PriceTier], model: PricingModel, currency: str) -> tuple[PricingModel, list[Tier] | None]:
    """Return the pricing model and the tiers of a price of Chargebee. Volume tiers with flat fees only are a stairstep.

    A single tier of packages is the model `PACKAGE` without tiers. Packages in several tiers have no form in the model: they are UNKNOWN,
    and `raw` holds them.
    """
    kinds = {tier.pricing_type or ("flat_fee" if model is PricingModel.STAIRSTEP else "per_unit") for tier in sent}
    if "package" in kinds:
        return (PricingModel.PACKAGE if len(sent) == 1 else PricingModel.UNKNOWN), None
    if not kinds <= {"flat_fee", "per_unit"}:
        return PricingModel.UNKNOWN, None
    if kinds == {"flat_fee"} and model is PricingModel.VOLUME:
        model = PricingModel.STAIRSTEP
    return model, [_tier(tier, model, currency) for tier in sent]


def _tier(sent: wire.PriceTier, model: PricingModel, currency: str) -> Tier:
    money: Money | None = amount(sent.price, sent.price_in_decimal, currency)
    flat = sent.pricing_type == "flat_fee" or (sent.pricing_type is None and model is PricingModel.STAIRSTEP)
    return Tier(up_to=_end(sent), unit_amount=None if flat else money, flat_amount=money if flat else None)


def _end(sent: wire.PriceTier) -> int | Decimal | None:
    exact = sent.ending_unit_in_decimal
    if exact is None:
        return sent.ending_unit
    return int(exact) if exact == exact.to_integral_value() else exact
