"""Products and prices, between Stripe's shape and ours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import Interval, NewPrice, NewProduct, Price, PriceType, PricingModel, Product
from billbridge.money import Money
from billbridge.timestamps import from_unix

from billbridge_stripe import wire
from billbridge_stripe.money import exact_amount, unit_amount_params
from billbridge_stripe.translate.customers import id_of

MODEL_KEY: Final = "billbridge_model"
"""Stripe has no flat prices: a price per unit with this key in its metadata, "flat", is one by our convention. Not shown to users."""

_FLAT: Final = "flat"


def product(found: wire.Product, raw: bytes | msgspec.Raw) -> Product:
    """A product."""
    return Product(
        provider="stripe",
        id=found.id,
        raw=msgspec.Raw(bytes(raw)),
        name=found.name or "",
        description=found.description,
        active=found.active,
        metadata=found.metadata or {},
        created_at=from_unix(found.created),
        updated_at=from_unix(found.updated),
    )


def new_product(new: NewProduct) -> dict[str, Any]:
    """The parameters of POST /v1/products."""
    return {"name": new.name, "id": new.id, "description": new.description, "metadata": new.metadata}


def price(found: wire.Price, raw: bytes | msgspec.Raw) -> Price:
    """A price. Stripe keeps no time of the last change."""
    return Price(
        provider="stripe",
        id=found.id,
        raw=msgspec.Raw(bytes(raw)),
        product_id=id_of(found.product) or "",
        currency=found.currency.upper(),
        type=PriceType(found.type or ("recurring" if found.recurring else "one_time")),
        model=_model(found),
        unit_amount=unit_amount(found),
        interval=Interval(found.recurring.interval) if found.recurring else None,
        interval_count=found.recurring.interval_count if found.recurring else None,
        lookup_key=found.lookup_key,
        nickname=found.nickname,
        active=found.active,
        metadata={key: value for key, value in (found.metadata or {}).items() if key != MODEL_KEY},
        vendor_model=found.tiers_mode or found.billing_scheme,
        vendor_interval=found.recurring.interval if found.recurring else None,
        created_at=from_unix(found.created),
    )


def unit_amount(found: wire.Price) -> Money | None:
    """What one unit costs; None for tiers and where the customer chooses. The decimal is preferred: the integer is null for fractions."""
    if found.unit_amount_decimal is not None:
        return exact_amount(found.unit_amount_decimal, found.currency)
    return None if found.unit_amount is None else exact_amount(Decimal(found.unit_amount), found.currency)


def new_price(new: NewPrice) -> dict[str, Any]:
    """The parameters of POST /v1/prices. Raises `PrecisionError`, and `ValidationError` for metadata under our own key."""
    if MODEL_KEY in (new.metadata or {}):
        raise ValidationError(f"the metadata key {MODEL_KEY!r} is Billbridge's own", param="metadata", hint="say model='flat'")
    convention = {MODEL_KEY: _FLAT} if new.model == PricingModel.FLAT else {}
    return {
        "product": new.product,
        "currency": new.amount.currency.lower(),
        **unit_amount_params(new.amount),
        "recurring": {"interval": new.every, "interval_count": new.interval_count},
        "lookup_key": new.id,
        "nickname": new.nickname,
        "metadata": {**(new.metadata or {}), **convention},
    }


def _model(found: wire.Price) -> PricingModel:
    """Whether volume tiers are a stairstep can be seen only where the tiers were expanded; else they read as volume."""
    if found.billing_scheme == "tiered":
        if found.tiers_mode == "volume":
            return PricingModel.STAIRSTEP if found.tiers and all(map(_is_step, found.tiers)) else PricingModel.VOLUME
        return PricingModel.GRADUATED if found.tiers_mode == "graduated" else PricingModel.UNKNOWN
    if found.billing_scheme not in (None, "per_unit") or found.custom_unit_amount is not None:
        return PricingModel.UNKNOWN
    if found.transform_quantity is not None:
        return PricingModel.PACKAGE
    return PricingModel.FLAT if (found.metadata or {}).get(MODEL_KEY) == _FLAT else PricingModel.PER_UNIT


def _is_step(tier: wire.Tier) -> bool:
    flat = tier.flat_amount is not None or tier.flat_amount_decimal is not None
    return flat and not tier.unit_amount and not tier.unit_amount_decimal
