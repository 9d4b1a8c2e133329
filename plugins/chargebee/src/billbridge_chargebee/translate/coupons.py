"""Coupons. Chargebee limits them to item prices; the products that were meant are remembered in the coupon's metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import UNSET, Coupon, CouponDuration, CouponPatch, NewCoupon
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire_catalog as wire
from billbridge_chargebee.money import UNITS
from billbridge_chargebee.translate import metadata
from billbridge_chargebee.translate.naming import derived_id
from billbridge_chargebee.translate.words import DURATIONS, KINDS

_DURATIONS: Final = {duration: word for word, duration in DURATIONS.items()}
_MONTHS: Final = {"month": 1, "year": 12}
_IDS: Final = msgspec.json.Decoder(list[str])


def coupon(sent: wire.Coupon, raw: msgspec.Raw) -> Coupon:
    """The coupon that Chargebee sent. `product_ids` are known of those that Billbridge made."""
    duration = DURATIONS.get(sent.duration_type or "", CouponDuration.UNKNOWN)
    return Coupon(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        name=sent.name,
        percent_off=sent.discount_percentage if sent.discount_type == "percentage" else None,
        amount_off=_amount_off(sent),
        duration=duration,
        vendor_duration=sent.duration_type or "",
        duration_months=_months(sent) if duration is CouponDuration.REPEATING else None,
        product_ids=_products(sent.meta_data),
        price_ids=_prices(sent.item_constraints or []),
        max_redemptions=sent.max_redemptions,
        redemptions=sent.redemptions or 0,
        starts_at=from_unix(sent.valid_from),
        expires_at=from_unix(sent.valid_till),
        active=sent.status in (None, "active"),
        metadata=metadata.texts(sent.meta_data),
        created_at=from_unix(sent.created_at),
        updated_at=from_unix(sent.updated_at),
    )


def creation(new: NewCoupon, key: str, prices: Sequence[wire.ItemPrice]) -> dict[str, Any]:
    """The parameters of POST /coupons/create_for_items. `prices` are all those of the products that it is limited to.

    `key` is the call's idempotency key: it is part of an id that the caller leaves out.
    """
    own: dict[str, Any] = {} if new.products is None else {metadata.PRODUCTS: new.products}
    months = new.duration_months
    return {
        "id": new.id or derived_id(new.name, key).upper(),
        "name": new.name,
        "discount_type": "percentage" if new.amount_off is None else "fixed_amount",
        "discount_percentage": new.percent_off,
        "discount_amount": None if new.amount_off is None else UNITS.pack(new.amount_off),
        "currency_code": None if new.amount_off is None else new.amount_off.currency,
        "apply_on": "invoice_amount" if new.products is None else "each_specified_item",
        "duration_type": _DURATIONS[CouponDuration(new.duration)],
        "period": months,
        "period_unit": None if months is None else "month",
        "max_redemptions": new.max_redemptions,
        "valid_till": new.expires_at,
        "meta_data": {**(metadata.new(new.metadata) or {}), **own} or None,
        "item_constraints": None if new.products is None else _constraints(new.products, prices),
    }


def changes(patch: CouponPatch, known: Mapping[str, msgspec.Raw]) -> dict[str, Any]:
    """The parameters of POST /coupons/{id}/update_for_items; {} for no change."""
    params: dict[str, Any] = {} if patch.name is UNSET else {"name": patch.name}
    return params | metadata.change("meta_data", patch.metadata, known)


def _constraints(products: Sequence[str], prices: Sequence[wire.ItemPrice]) -> list[dict[str, Any]]:
    """The prices by the type of their item; `ValidationError` for a product that has none, so that it could never be used for it.

    Types without a price are named too: what Chargebee takes off items of a type that is not named, it does not document.
    """
    bare = set(products) - {price.item_id for price in prices}
    if bare:
        raise ValidationError(
            f"these products have no price: {', '.join(sorted(bare))}",
            param="products",
            provider="chargebee",
            hint="Chargebee limits a coupon to prices: create the prices first",
        )
    by_type: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for price in prices:
        by_type.setdefault(price.item_type or "plan", []).append(price.id)
    return [
        {"item_type": kind, "constraint": "specific", "item_price_ids": ids} if ids else {"item_type": kind, "constraint": "none"}
        for kind, ids in by_type.items()
    ]


def _amount_off(sent: wire.Coupon) -> Money | None:
    if sent.discount_type != "fixed_amount" or sent.discount_amount is None or sent.currency_code is None:
        return None
    return UNITS.unpack(sent.discount_amount, sent.currency_code)


def _months(sent: wire.Coupon) -> int | None:
    if sent.period is None:
        return sent.duration_month
    return sent.period * _MONTHS[sent.period_unit] if sent.period_unit in _MONTHS else None


def _products(sent: msgspec.Raw) -> list[str] | None:
    kept = metadata.values(sent).get(metadata.PRODUCTS)
    try:
        return None if kept is None else _IDS.decode(kept)
    except msgspec.ValidationError:
        return None


def _prices(constraints: Sequence[wire.ItemConstraint]) -> list[str] | None:
    ids = [id for each in constraints if each.constraint == "specific" for id in each.item_price_ids or [] if isinstance(id, str)]
    return ids or None
