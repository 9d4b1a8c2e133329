"""What the site stores about coupons, their sets of codes, and what of them hangs on a subscription. No rules here; see `records`."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from billbridge_sandbox.chargebee.store.records import PRIVATE, Record


@dataclass(kw_only=True, repr=False, slots=True)
class ItemConstraint:
    """Which items of one type a coupon is for: all, none, or those of the item prices named."""

    OBJECT: ClassVar[str] = "item_constraint"

    item_type: str
    constraint: str
    item_price_ids: list[str] | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class Coupon(Record):
    """A coupon. `percent` is the exact share behind `discount_percentage`; `withdrawn` is "archived", "deleted" or None.

    The fields of catalog 1.0 (`apply_discount_on`, `plan_constraint`, `addon_constraint`) are still sent (API reference, sample).
    """

    OBJECT: ClassVar[str] = "coupon"

    name: str
    created_at: int
    invoice_name: str | None = None
    discount_type: str = "percentage"
    discount_percentage: float | None = None
    discount_amount: int | None = None
    currency_code: str | None = None
    duration_type: str = "forever"
    duration_month: int | None = None
    period: int | None = None
    period_unit: str | None = None
    valid_from: int | None = None
    valid_till: int | None = None
    max_redemptions: int | None = None
    redemptions: int = 0
    status: str = "active"
    apply_discount_on: str = "not_applicable"
    apply_on: str = "invoice_amount"
    plan_constraint: str = "not_applicable"
    addon_constraint: str = "not_applicable"
    archived_at: int | None = None
    item_constraints: list[ItemConstraint] | None = None
    invoice_notes: str | None = None
    meta_data: dict[str, Any] | None = None
    deleted: bool = False
    percent: Fraction = field(default=Fraction(0), metadata=PRIVATE)
    withdrawn: str | None = field(default=None, metadata=PRIVATE)


@dataclass(kw_only=True, repr=False, slots=True)
class CouponSet(Record):
    """A named set of codes of one coupon. The counts are taken when it is shown."""

    OBJECT: ClassVar[str] = "coupon_set"
    UNSENT = ("updated_at", "resource_version")

    coupon_id: str
    name: str
    total_count: int = 0
    redeemed_count: int = 0
    archived_count: int = 0
    meta_data: dict[str, Any] | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class CouponCode(Record):
    """A code that one subscription can redeem, once. Its id is the code itself."""

    OBJECT: ClassVar[str] = "coupon_code"
    UNSENT = ("id", "updated_at", "resource_version")

    code: str
    status: str = "not_redeemed"
    coupon_id: str
    coupon_set_id: str
    coupon_set_name: str


@dataclass(kw_only=True, repr=False, slots=True)
class AppliedCoupon:
    """A coupon on a subscription. `apply_till` is set when a limited period begins: with the first invoice that it is applied to."""

    OBJECT: ClassVar[str] = "coupon"

    coupon_id: str
    apply_till: int | None = None
    applied_count: int = 0
    coupon_code: str | None = None
