"""Convert prices between Stripe's shape and the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import (
    TIERED,
    Interval,
    NewPrice,
    Price,
    PriceType,
    PricingModel,
    TaxBehavior,
    UsageType,
)
from billbridge.money import Money, vendor_currency
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.money import MINOR, amount_params
from billbridge_stripe.translate.common import MODEL_KEY, check_metadata, id_of, own, visible
from billbridge_stripe.translate.tiers import amount, is_stairstep, tier_params, tiers
from billbridge_stripe.translate.words import INTERVAL, PRICE_TYPE, TAX_BEHAVIOR, USAGE_TYPE

EXPAND: Final = ["tiers", "currency_options"]
"""The fields of a price that Stripe sends only on request."""

_FLAT: Final = "flat"
_ONCE: Final = wire.Recurring(interval="")


def price(found: wire.Price, raw: bytes | msgspec.Raw) -> Price:
    """Convert a price of Stripe to the model. Stripe stores no time of the last change."""
    every = found.recurring or _ONCE
    model = _model(found)
    return Price(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        product_id=id_of(found.product) or "",
        currency=vendor_currency(found.currency),
        type=PRICE_TYPE.get(found.type or ("recurring" if found.recurring else "one_time"), PriceType.UNKNOWN),
        model=model,
        unit_amount=unit_amount(found),
        package_amount=package_amount(found),
        package_size=package_size(found),
        tiers=tiers(found.tiers, found.currency, model) if found.tiers else None,
        currency_options=_options(found.currency_options, found.currency) if found.currency_options else [],
        interval=INTERVAL.get(every.interval, Interval.UNKNOWN) if found.recurring else None,
        interval_count=every.interval_count if found.recurring else None,
        usage_type=USAGE_TYPE.get(every.usage_type or "licensed", UsageType.UNKNOWN),
        meter_id=every.meter,
        tax_behavior=None if found.tax_behavior is None else TAX_BEHAVIOR.get(found.tax_behavior, TaxBehavior.UNKNOWN),
        trial_days=every.trial_period_days,
        lookup_key=found.lookup_key,
        nickname=found.nickname,
        active=found.active,
        metadata=visible(found.metadata),
        vendor_model=found.tiers_mode or found.billing_scheme,
        vendor_interval=every.interval or None,
        created_at=from_unix(found.created),
    )


def unit_amount(found: wire.Price) -> Money | None:
    """The amount for one unit. None for tiers, for packages, if the customer chooses the amount, and for a deleted price."""
    return None if found.transform_quantity is not None else _amount(found)


def package_amount(found: wire.Price) -> Money | None:
    """The amount for one package, or None if the price has no packages."""
    return None if found.transform_quantity is None else _amount(found)


def package_size(found: wire.Price) -> int | None:
    """The number of units in one package, or None if the price has no packages."""
    return None if found.transform_quantity is None else found.transform_quantity.divide_by


def _amount(found: wire.Price) -> Money | None:
    return amount(found.unit_amount_decimal, found.unit_amount, found.currency)


def new_price(new: NewPrice) -> dict[str, Any]:
    """Return the parameters of POST /v1/prices.

    Raises `PrecisionError` for an amount that Stripe cannot store. Raises `ValidationError` for a key of Billbridge in the metadata, and
    for a metered price without a meter.
    """
    metadata = new.metadata or {}
    check_metadata(metadata)
    new.check_whole(MINOR)
    return {
        "product": new.product,
        "currency": new.currency.lower(),
        **_amounts(new),
        "currency_options": {each.currency.lower(): _option(each, new) for each in new.currency_options or ()},
        "recurring": None if new.every is None else _recurring(new),
        "tax_behavior": new.tax_behavior,
        "lookup_key": new.id,
        "nickname": new.nickname,
        "metadata": {**metadata, MODEL_KEY: _FLAT if new.model == PricingModel.FLAT else None},
        "expand": EXPAND,
    }


def _option(amount: Money, new: NewPrice) -> dict[str, Any]:
    """Return an amount in another currency as parameters. Stripe stores for each currency whether the amount includes tax."""
    return {**amount_params("unit_amount", amount, "currency_options"), "tax_behavior": new.tax_behavior}


def _amounts(new: NewPrice) -> dict[str, Any]:
    if new.model in TIERED:
        mode = "graduated" if new.model == PricingModel.GRADUATED else "volume"
        return {"billing_scheme": "tiered", "tiers_mode": mode, "tiers": tier_params(new.tiers or ())}
    packages = {"divide_by": new.package_size, "round": "up"} if new.model == PricingModel.PACKAGE else None
    return {**({} if new.amount is None else amount_params("unit_amount", new.amount)), "transform_quantity": packages}


def _recurring(new: NewPrice) -> dict[str, Any]:
    every = {"interval": new.every, "interval_count": new.interval_count}
    if new.usage_type != UsageType.METERED:
        return every
    if new.meter is None:
        hint = "meter=billing.meters.create(name=..., event_name=...).id"
        raise ValidationError("stripe counts usage with a meter: a metered price needs one", param="meter", provider="stripe", hint=hint)
    return {**every, "usage_type": "metered", "meter": new.meter}


def _options(found: Mapping[str, wire.CurrencyOption], own: str) -> list[Money]:
    """Return the amounts in other currencies. Stripe's list includes the price's own currency, which is left out."""
    amounts = [amount(each.unit_amount_decimal, each.unit_amount, code) for code, each in found.items() if code != own]
    return [each for each in amounts if each is not None]


def _model(found: wire.Price) -> PricingModel:
    """Return the pricing model. Volume tiers that were not expanded are volume, because only the tiers show a stairstep."""
    if found.billing_scheme == "tiered":
        if found.tiers_mode == "volume":
            return PricingModel.STAIRSTEP if is_stairstep(found.tiers or ()) else PricingModel.VOLUME
        return PricingModel.GRADUATED if found.tiers_mode == "graduated" else PricingModel.UNKNOWN
    if found.billing_scheme not in (None, "per_unit") or found.custom_unit_amount is not None:
        return PricingModel.UNKNOWN
    if found.transform_quantity is not None:  # the model bills a started package in full; Stripe can also not bill it
        return PricingModel.PACKAGE if found.transform_quantity.round == "up" else PricingModel.UNKNOWN
    return PricingModel.FLAT if (found.metadata or {}).get(MODEL_KEY) == _FLAT else PricingModel.PER_UNIT
