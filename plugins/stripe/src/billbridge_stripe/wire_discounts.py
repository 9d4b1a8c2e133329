"""The structs of Stripe's coupons, promotion codes and discounts, as Stripe sends them. `wire` has the shared ones. Translates nothing."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from billbridge_stripe import wire


class AppliesTo(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The products that a coupon is limited to. Stripe sends them only if `applies_to` was expanded."""

    products: list[str] | None = None


class Coupon(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/coupons. `valid` is true if the coupon can be used now."""

    name: str | None = None
    percent_off: Decimal | None = None
    amount_off: int | None = None
    currency: str | None = None
    duration: str | None = None
    duration_in_months: int | None = None
    applies_to: AppliesTo | None = None
    max_redemptions: int | None = None
    times_redeemed: int | None = None
    redeem_by: int | None = None
    valid: bool = True
    metadata: dict[str, str] | None = None
    created: int | None = None


class Source(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The source of a discount or a promotion code, which names its coupon (since 2025-09-30.clover)."""

    coupon: str | Coupon | None = None


class Restrictions(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The conditions of a promotion code."""

    first_time_transaction: bool = False
    minimum_amount: int | None = None
    minimum_amount_currency: str | None = None


class PromotionCode(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/promotion_codes. Before 2025-09-30.clover the whole `coupon` was here."""

    code: str
    promotion: Source | None = None
    coupon: wire.Reference = None
    customer: wire.Reference = None
    active: bool = True
    expires_at: int | None = None
    max_redemptions: int | None = None
    times_redeemed: int | None = None
    restrictions: Restrictions | None = None
    metadata: dict[str, str] | None = None
    created: int | None = None


class Discount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A coupon that applies to something. Before 2025-09-30.clover the whole `coupon` was here."""

    id: str | None = None
    deleted: bool | None = None
    source: Source | None = None
    coupon: str | Coupon | None = None
    promotion_code: wire.Reference = None
    start: int | None = None
    end: int | None = None
