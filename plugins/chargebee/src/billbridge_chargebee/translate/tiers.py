"""Tiers: the model says where each ends, Chargebee also where it begins.

In whole units a tier begins one after the end of the one before it, the first at 1. In decimals it begins where that one ends, the first
at 0 (API documentation, "starting_unit_in_decimal"). A tier has one amount: for each unit in "tiered" and "volume", for the whole tier in
"stairstep".
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
    """The tiers as Chargebee takes them; `PrecisionError` for an amount that it cannot hold."""
    rows: list[dict[str, Any]] = []
    end: Decimal | int = 0
    for tier in tiers:
        money = tier.flat_amount if tier.unit_amount is None else tier.unit_amount
        if decimals:
            units = {
                "starting_unit_in_decimal": Decimal(end),
                "ending_unit_in_decimal": None if tier.up_to is None else Decimal(tier.up_to),
            }
            rows.append({**units, "price_in_decimal": None if money is None else in_decimal(money)})
        else:
            price = None if money is None else in_minor(money)
            rows.append({"starting_unit": end + 1, "ending_unit": tier.up_to, "price": price})
        end = end if tier.up_to is None else tier.up_to
    return rows


def read_tiers(sent: Sequence[wire.PriceTier], model: PricingModel, currency: str) -> tuple[PricingModel, list[Tier] | None]:
    """The model and the tiers that Chargebee sent. Volume tiers that each cost a flat fee are a stairstep.

    A single tier of packages is the model `PACKAGE` (no tiers); packages of several tiers have no neutral form: UNKNOWN, see `raw`.
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
