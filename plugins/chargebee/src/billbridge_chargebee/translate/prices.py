"""Convert prices. They are Chargebee's item prices, which need an id, so Billbridge makes one if the caller passes none. See `tiers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import UNSET, Interval, NewPrice, Price, PricePatch, PriceQuery, PriceType, PricingModel, Tier, UsageType
from billbridge.model.raw import RawJson
from billbridge.money import Money, vendor_currency
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire_catalog as wire
from billbridge_chargebee.money import UNITS, amount, in_decimal, in_minor, quantity
from billbridge_chargebee.translate import metadata
from billbridge_chargebee.translate.naming import with_digest
from billbridge_chargebee.translate.products import statuses
from billbridge_chargebee.translate.tiers import read_tiers, sent_tiers
from billbridge_chargebee.translate.words import PRICING_MODELS

VARIANT: Final = "billbridge-{}"
_ADVERBS: Final = {Interval.DAY: "daily", Interval.WEEK: "weekly", Interval.MONTH: "monthly", Interval.YEAR: "yearly"}
_MODELS: Final = {model: word for word, model in PRICING_MODELS.items()}
_TYPES: Final = {PriceType.ONE_TIME: {"is": "charge"}, PriceType.RECURRING: {"in": ["plan", "addon"]}}


def price(sent: wire.ItemPrice, raw: msgspec.Raw) -> Price:
    """Convert an item price of Chargebee to the model. The usage type of a recurring price is UNKNOWN, because only the item has it."""
    once = sent.item_type == "charge" or sent.period_unit is None
    model, tiers, unit_amount, package_amount, size = _amounts(sent)
    return Price(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        product_id=sent.item_id or "",
        currency=vendor_currency(sent.currency_code),
        type=PriceType.ONE_TIME if once else PriceType.RECURRING,
        model=model,
        unit_amount=unit_amount,
        package_amount=package_amount,
        package_size=size,
        tiers=tiers,
        interval=None if sent.period_unit is None else Interval(sent.period_unit),
        interval_count=sent.period,
        usage_type=UsageType.LICENSED if once else UsageType.UNKNOWN,
        trial_days=sent.trial_period if sent.trial_period_unit == "day" else None,
        billing_cycles=sent.billing_cycles,
        free_quantity=quantity(sent.free_quantity, sent.free_quantity_in_decimal) or None,
        lookup_key=sent.id,
        nickname=sent.external_name,
        active=sent.status in (None, "active"),
        metadata=metadata.texts(sent.metadata),
        vendor_model=sent.pricing_model,
        vendor_interval=sent.period_unit,
        created_at=from_unix(sent.created_at),
        updated_at=from_unix(sent.updated_at),
    )


def creation(new: NewPrice, key: str, *, decimals: bool) -> dict[str, Any]:
    """Return the parameters of POST /item_prices. Raises `PrecisionError` for an amount that Chargebee cannot store.

    `key` is the idempotency key of the call. If the caller passes no id, the id is made with it. The internal name, which is unique among
    all item prices, is the id. With `decimals`, amounts are in major units, for sites with multi-decimal pricing. Without it, they are in
    whole minor units.
    """
    if decimals:
        new.check_whole(UNITS)
    every = None if new.every is None else Interval(new.every)
    id = new.id or with_digest(f"{new.product}-{new.currency}-{_period(every, new.interval_count)}", key)
    trial = None if new.trial_days is None else "day"
    return {
        "id": id,
        "name": id,
        "external_name": new.nickname,
        "item_id": new.product,
        "currency_code": new.currency,
        "pricing_model": _MODELS[PricingModel(new.model)],
        "price": None if new.amount is None or decimals else in_minor(new.amount),
        "price_in_decimal": in_decimal(new.amount) if new.amount is not None and decimals else None,
        "tiers": None if new.tiers is None else sent_tiers(new.tiers, decimals=decimals),
        "period": None if every is None else new.interval_count,
        "period_unit": every,
        "trial_period": new.trial_days,
        "trial_period_unit": trial,
        "metadata": metadata.new(new.metadata),
    }


def same_period(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters of GET /item_prices for all prices with the item, currency and period of a new one, also archived ones."""
    period = {name: {"is": params[name]} for name in ("period", "period_unit") if params[name] is not None}
    return {"item_id": {"is": params["item_id"]}, "currency_code": {"is": params["currency_code"]}, **period, **statuses(None)}


def free_variant(taken: Sequence[wire.ItemPrice]) -> str:
    """Return the first price variant of Billbridge that none of these prices has: "billbridge-2", "billbridge-3", ..."""
    used = {price.price_variant_id for price in taken}
    return next(name for name in map(VARIANT.format, count(2)) if name not in used)


def variant(id: str) -> dict[str, Any]:
    """Return the parameters of POST /price_variants. A site has at most 100 variants, so all products share them (product docs)."""
    return {"id": id, "name": id, "attributes": [{"name": "created by", "value": "Billbridge"}]}


def check_item(new: NewPrice, item: wire.Item) -> None:
    """Raise `ValidationError` if the product cannot have this price, because at Chargebee some of its fields belong to the item."""
    wrong: str | None = None
    metered = new.usage_type == UsageType.METERED
    if new.every is None and item.type != "charge":
        wrong = "a one-time price needs a product of the kind 'charge' at chargebee"
    elif new.every is not None and item.type == "charge":
        wrong = "a product of the kind 'charge' has one-time prices only at chargebee"
    elif metered != bool(item.metered):
        wrong = "a metered price needs a metered product at chargebee" if metered else "all prices of a metered product count usage"
    elif new.trial_days is not None and item.type != "plan":
        wrong = "only the price of a plan can have a trial at chargebee"
    if wrong is not None:
        raise ValidationError(wrong, param="product", provider="chargebee", hint="products.create(kind=..., metered=...) makes another one")


def changes(patch: PricePatch, known: dict[str, msgspec.Raw]) -> dict[str, Any]:
    """Return the parameters of POST /item_prices/{id}, or {} for no change."""
    params: dict[str, Any] = {} if patch.nickname is UNSET else {"external_name": patch.nickname or ""}
    return params | metadata.change("metadata", patch.metadata, known)


def filters(query: PriceQuery) -> dict[str, Any]:
    """Return the parameters of GET /item_prices."""
    return {
        "item_id": {"is": query.product},
        "id": {"in": query.lookup_keys},
        "currency_code": {"is": query.currency},
        "item_type": None if query.type is None else _TYPES[PriceType(query.type)],
        **statuses(query.active),
        "sort_by": {"desc": "updated_at"},
    }


def _amounts(sent: wire.ItemPrice) -> tuple[PricingModel, list[Tier] | None, Money | None, Money | None, int | None]:
    """Return the pricing model, the tiers, the amount of one unit, and the amount and the size of a package."""
    model = PRICING_MODELS.get(sent.pricing_model or "", PricingModel.UNKNOWN)
    if not sent.tiers:
        return model, None, amount(sent.price, sent.price_in_decimal, sent.currency_code), None, None
    model, tiers = read_tiers(sent.tiers, model, sent.currency_code)
    if model is not PricingModel.PACKAGE:
        return model, tiers, None, None, None
    only = sent.tiers[0]
    return model, None, None, amount(only.price, only.price_in_decimal, sent.currency_code), only.package_size


def _period(every: Interval | None, count: int) -> str:
    if every is None:
        return "one-time"
    return _ADVERBS[every] if count == 1 else f"every-{count}-{every}s"
