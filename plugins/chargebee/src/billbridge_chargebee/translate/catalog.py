"""Products are items of type plan, prices are item prices. Chargebee demands ids for both; those it is not given are made here."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import Any, Final

import msgspec
from billbridge.model import Interval, NewPrice, NewProduct, Price, PriceType, PricingModel, Product
from billbridge.timestamps import from_unix

from billbridge_chargebee import wire
from billbridge_chargebee.money import UNITS, amount
from billbridge_chargebee.translate import metadata
from billbridge_chargebee.translate.words import PRICING_MODELS

_ADVERBS: Final = {Interval.DAY: "daily", Interval.WEEK: "weekly", Interval.MONTH: "monthly", Interval.YEAR: "yearly"}
_MODELS: Final = {PricingModel.PER_UNIT: "per_unit", PricingModel.FLAT: "flat_fee"}


def product(sent: wire.Item, raw: msgspec.Raw) -> Product:
    """The product that Chargebee sent. Its name is the one that customers see, else the internal one."""
    return Product(
        provider="chargebee",
        id=sent.id,
        raw=raw,
        name=sent.external_name or sent.name or sent.id,
        description=sent.description,
        active=sent.status in (None, "active"),
        metadata=metadata.texts(sent.metadata),
        updated_at=from_unix(sent.updated_at),
    )


def product_creation(new: NewProduct, key: str, family: str) -> dict[str, Any]:
    """The parameters of POST /items. `key` is the call's idempotency key: it makes the id of a product whose name has no Latin letter."""
    return {
        "id": new.id or _slug(new.name) or f"product-{sha256(key.encode()).hexdigest()[:12]}",
        "name": new.name,
        "external_name": new.name,
        "type": "plan",
        "item_family_id": family,
        "description": new.description,
        "metadata": metadata.new(new.metadata),
    }


def price(sent: wire.ItemPrice, raw: msgspec.Raw) -> Price:
    """The price that Chargebee sent. Prices in tiers have no `unit_amount`."""
    once = sent.item_type == "charge" or sent.period_unit is None
    return Price(
        provider="chargebee",
        id=sent.id,
        raw=raw,
        product_id=sent.item_id or "",
        currency=sent.currency_code.upper(),
        type=PriceType.ONE_TIME if once else PriceType.RECURRING,
        model=_model(sent),
        unit_amount=amount(sent.price, sent.price_in_decimal, sent.currency_code),
        interval=None if sent.period_unit is None else Interval(sent.period_unit),
        interval_count=sent.period,
        lookup_key=sent.id,
        nickname=sent.external_name,
        active=sent.status in (None, "active"),
        metadata=metadata.texts(sent.metadata),
        vendor_model=sent.pricing_model,
        vendor_interval=sent.period_unit,
        created_at=from_unix(sent.created_at),
        updated_at=from_unix(sent.updated_at),
    )


def price_creation(new: NewPrice) -> dict[str, Any]:
    """The parameters of POST /item_prices; `PrecisionError` for an amount finer than Chargebee's unit.

    The internal name, unique among all item prices, is the id. `price_in_decimal` is not written: few sites have it.
    """
    every = Interval(new.every)
    id = new.id or f"{new.product}-{new.amount.currency}-{_period(every, new.interval_count)}"
    return {
        "id": id,
        "name": id,
        "external_name": new.nickname,
        "item_id": new.product,
        "currency_code": new.amount.currency,
        "pricing_model": _MODELS[PricingModel(new.model)],
        "price": UNITS.pack(new.amount),
        "period": new.interval_count,
        "period_unit": every,
        "metadata": metadata.new(new.metadata),
    }


def statuses(active: bool | None) -> dict[str, Any]:
    """The filter of a list of items or item prices: active, archived, or both, never deleted ones."""
    if active is None:
        return {"status": {"in": ["active", "archived"]}}
    return {"status": {"is": "active" if active else "archived"}}


def _model(sent: wire.ItemPrice) -> PricingModel:
    """Prices by the package are tiers that say so (chargebee-python 3.29, `Tier.PricingType`)."""
    if any(tier.pricing_type == "package" for tier in sent.tiers or []):
        return PricingModel.PACKAGE
    return PRICING_MODELS.get(sent.pricing_model or "", PricingModel.UNKNOWN)


def _period(every: Interval, count: int) -> str:
    return _ADVERBS[every] if count == 1 else f"every-{count}-{every}s"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100]
