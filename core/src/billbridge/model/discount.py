"""Discounts: coupons (how much is taken off, for how long), the codes that customers type, and what became of them. Applies none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import UNSET, Chronological, Draft, Entity, Query, UnsetType, Word, check_ids
from billbridge.money import Money


class CouponDuration(Word):
    """How long a coupon takes something off: from one invoice, for `duration_months`, or from every invoice."""

    ONCE = "once"
    REPEATING = "repeating"
    FOREVER = "forever"
    UNKNOWN = "unknown"


CouponDurationName: TypeAlias = CouponDuration | Literal["once", "repeating", "forever"]


class Coupon(Entity, frozen=True, kw_only=True):
    """A coupon: a percentage or an amount off.

    Both are None for what has no neutral form, such as Chargebee's free units; and `duration_months` is None for Chargebee's periods of
    weeks or days: `raw` has them. `product_ids` are the products that it is limited to, None for no limit; `price_ids` the prices
    (Chargebee limits to prices; Billbridge notes there which products were meant). `redemptions` is how often it was used. `active`
    says that it can be used now. Stripe has no `starts_at` and no time of the last change.
    """

    shown: ClassVar = ("name", "percent_off", "duration", "active")

    name: str | None
    percent_off: Decimal | None = None
    amount_off: Money | None = None
    duration: CouponDuration
    vendor_duration: str
    duration_months: int | None = None
    product_ids: list[str] | None = None
    price_ids: list[str] | None = None
    max_redemptions: int | None = None
    redemptions: int = 0
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    active: bool = True
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewCoupon(Draft, frozen=True, kw_only=True):
    """The fields of `coupons.create`: `percent_off` (more than 0, up to 100) or `amount_off`, and how long.

    Without an `id`, Stripe chooses one and Chargebee gets the name in upper case. `products` limits it to these products: at Chargebee to
    the prices that they have now, not to later ones. `expires_at` is when it can no longer be used.
    """

    name: str
    duration: CouponDurationName
    percent_off: Decimal | int | None = None
    amount_off: Money | None = None
    duration_months: int | None = None
    products: list[str] | None = None
    max_redemptions: int | None = None
    expires_at: datetime | None = None
    id: str | None = None
    metadata: dict[str, str] | None = None

    id_fields: ClassVar = frozenset({"id"})

    def check(self) -> None:
        if not self.name.strip():
            raise ValidationError("a coupon needs a name", param="name")
        if (self.percent_off is None) == (self.amount_off is None):
            raise ValidationError("a coupon takes off either a percentage or an amount", param="percent_off")
        if self.percent_off is not None and not (Decimal(self.percent_off).is_finite() and 0 < self.percent_off <= 100):
            raise ValidationError("percent_off must be more than 0 and at most 100", param="percent_off")
        if self.amount_off is not None and self.amount_off.amount <= 0:
            raise ValidationError("amount_off must be more than 0", param="amount_off")
        if (self.duration_months is not None) != (self.duration == CouponDuration.REPEATING):
            raise ValidationError("duration_months goes with the duration 'repeating', and only with it", param="duration_months")
        for name in ("duration_months", "max_redemptions"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValidationError(f"{name} must be 1 or more", param=name)
        if self.products == []:
            raise ValidationError(
                "limited to no product, the coupon could never be used", param="products", hint="leave it out for no limit"
            )
        check_ids(self.products, "products")


class CouponPatch(Draft, frozen=True, kw_only=True):
    """The fields of `coupons.update`: UNSET leaves a field alone. `metadata` is merged as in `customers.update`."""

    name: str | UnsetType = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET

    def check(self) -> None:
        if isinstance(self.name, str) and not self.name.strip():
            raise ValidationError("a coupon needs a name", param="name")


class CouponQuery(Chronological, frozen=True, kw_only=True):
    """The filters of `coupons.list`. Deleted coupons are not listed."""


class PromotionCode(Entity, frozen=True, kw_only=True):
    """A code that customers type to get a coupon: Stripe's promotion code, Chargebee's coupon code (which works once).

    At Chargebee the `id` is the code itself. `max_redemptions` is None for no limit. `customer_id`, `expires_at`, `minimum_amount` and
    `first_time_only` are Stripe's limits.
    """

    shown: ClassVar = ("coupon_id", "active")

    code: str
    coupon_id: str
    active: bool = True
    vendor_status: str | None = None
    customer_id: str | None = None
    expires_at: datetime | None = None
    max_redemptions: int | None = None
    redemptions: int = 0
    minimum_amount: Money | None = None
    first_time_only: bool = False
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    created_at: datetime | None = None


class NewPromotionCode(Draft, frozen=True, kw_only=True):
    """The fields of `promotion_codes.create`. `max_redemptions=1` works on every vendor.

    Anything else needs the capability `promotion_codes.create.reusable` (Stripe), as `customer`, `expires_at`, `minimum_amount`,
    `first_time_only` and `metadata` need `promotion_codes.create.limits`. Stripe does not tell upper from lower case in codes.
    """

    coupon: str
    code: str
    max_redemptions: int | None = None
    customer: str | None = None
    expires_at: datetime | None = None
    minimum_amount: Money | None = None
    first_time_only: bool = False
    metadata: dict[str, str] | None = None

    id_fields: ClassVar = frozenset({"code", "coupon", "customer"})

    def check(self) -> None:
        if self.max_redemptions is not None and self.max_redemptions < 1:
            raise ValidationError("max_redemptions must be 1 or more", param="max_redemptions", hint="leave it out for no limit")
        if self.minimum_amount is not None and self.minimum_amount.amount <= 0:
            raise ValidationError("minimum_amount must be more than 0", param="minimum_amount")


class PromotionCodePatch(Draft, frozen=True, kw_only=True):
    """The fields of `promotion_codes.update`: metadata, merged as in `customers.update`."""

    metadata: dict[str, str] | UnsetType | None = UNSET


class PromotionCodeQuery(Query, frozen=True, kw_only=True):
    """The filters of `promotion_codes.list`. `active` is looked at here, not by the server, at Chargebee."""

    coupon: str | None = None
    active: bool | None = None

    id_fields: ClassVar = frozenset({"coupon"})


class Discount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A coupon at work on a subscription. Where the vendor told only the discount's id (Stripe, not expanded), that is all there is."""

    id: str | None = None
    coupon_id: str | None = None
    promotion_code_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
