"""Convert coupons, and the discounts that they become, between Stripe's shape and the model."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.model import Coupon, CouponDuration, CouponPatch, Discount, DiscountScope, NewCoupon
from billbridge.money import Money
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_discounts as wire
from billbridge_stripe.money import MINOR
from billbridge_stripe.translate.common import given, id_of, own

EXPAND: Final = ["applies_to"]
"""The fields of a coupon that Stripe sends only on request."""


def coupon(found: wire.Coupon, raw: bytes | msgspec.Raw) -> Coupon:
    """Convert a coupon of Stripe to the model. `active` is Stripe's `valid`: the coupon has not expired and is not used up."""
    return Coupon(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        name=found.name,
        percent_off=found.percent_off,
        amount_off=_amount_off(found),
        duration=CouponDuration(found.duration or "unknown"),
        vendor_duration=found.duration or "",
        duration_months=found.duration_in_months,
        product_ids=found.applies_to.products if found.applies_to else None,
        max_redemptions=found.max_redemptions,
        redemptions=found.times_redeemed or 0,
        expires_at=from_unix(found.redeem_by),
        active=found.valid,
        metadata=found.metadata or {},
        created_at=from_unix(found.created),
    )


def new_coupon(new: NewCoupon) -> dict[str, Any]:
    """Return the parameters of POST /v1/coupons. Raises `PrecisionError` for an amount that Stripe cannot store."""
    off = new.amount_off
    return {
        "id": new.id,
        "name": new.name,
        "percent_off": new.percent_off,
        "amount_off": None if off is None else MINOR.pack(off, "amount_off"),
        "currency": None if off is None else off.currency.lower(),
        "duration": new.duration,
        "duration_in_months": new.duration_months,
        "applies_to": {"products": new.products},
        "max_redemptions": new.max_redemptions,
        "redeem_by": new.expires_at,
        "metadata": new.metadata,
        "expand": EXPAND,
    }


def changes(patch: CouponPatch) -> dict[str, Any]:
    """Return the parameters of POST /v1/coupons/{id}."""
    return {"name": given(patch.name), "metadata": given(patch.metadata), "expand": EXPAND}


def _amount_off(found: wire.Coupon) -> Money | None:
    return MINOR.unpack(found.amount_off, found.currency) if found.amount_off is not None and found.currency else None


def discounts(several: list[str | wire.Discount] | None, single: wire.Discount | None, item: str | None = None) -> list[Discount]:
    """Convert the discounts of a subscription, or of its item with this id. Discounts that were not expanded are ids only.

    Before 2024 a subscription had one discount, which was always expanded. The remains of a deleted discount are left out.
    """
    known = {single.id: single} if single else {}
    found = several or list(known.values())
    whole = [known.get(each, each) if isinstance(each, str) else each for each in found]
    return [_discount(each, item) for each in whole if isinstance(each, str) or not each.deleted]


def _discount(found: str | wire.Discount, item: str | None) -> Discount:
    scope = DiscountScope.SUBSCRIPTION if item is None else DiscountScope.ITEM
    if isinstance(found, str):
        return Discount(id=found, scope=scope, item_id=item)
    coupon = found.source.coupon if found.source else found.coupon
    whole = coupon if isinstance(coupon, wire.Coupon) else None
    return Discount(
        id=found.id,
        scope=scope,
        item_id=item,
        coupon_id=id_of(coupon),
        percent_off=whole.percent_off if whole else None,
        amount_off=_amount_off(whole) if whole else None,
        promotion_code_id=id_of(found.promotion_code),
        starts_at=from_unix(found.start),
        ends_at=from_unix(found.end),
    )
