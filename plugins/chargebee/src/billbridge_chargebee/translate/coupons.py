"""Convert coupons. Chargebee limits a coupon to item prices, so Billbridge stores the products in the coupon's metadata."""

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
    """Convert a coupon of Chargebee to the model. `product_ids` is known only for coupons that Billbridge created."""
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
    """Return the parameters of POST /coupons/create_for_items. `prices` are all prices of the products that the coupon is limited to.

    `key` is the idempotency key of the call. If the caller passes no id, the id is made with it.
    """
    own: dict[str, Any] = {} if new.products is None else {metadata.PRODUCTS: new.products}
    months = new.duration_months
    return {
        "id": new.id or derived_id(new.name, key).upper(),
        "name": new.name,
        "discount_type": "percentage" if new.amount_off is None else "fixed_amount",
        "discount_percentage": new.percent_off,
        "discount_amount": None if new.amount_off is None else UNITS.pack(new.amount_off, "amount_off"),
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
    """Return the parameters of POST /coupons/{id}/update_for_items, or {} for no change."""
    params: dict[str, Any] = {} if patch.name is UNSET else {"name": patch.name}
    return params | metadata.change("meta_data", patch.metadata, known)


def _constraints(products: Sequence[str], prices: Sequence[wire.ItemPrice]) -> list[dict[str, Any]]:
    """Return the constraints of a coupon: its prices by the type of their item.

    Raises `ValidationError` for a product without prices, because the coupon could never apply to it. Types without a price are sent too,
    because Chargebee does not document the discount for types that are left out.
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
