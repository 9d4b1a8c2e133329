"""Coupons, the promotion codes that customers type, and discounts on subscriptions. Billbridge computes no discount itself."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import UNSET, Chronological, Draft, Entity, Query, UnsetType, Word, check_ids
from billbridge.money import Money


class CouponDuration(Word):
    """How long a coupon applies: to one invoice, for `duration_months`, or to every invoice."""

    ONCE = "once"
    REPEATING = "repeating"
    FOREVER = "forever"
    UNKNOWN = "unknown"


CouponDurationName: TypeAlias = CouponDuration | Literal["once", "repeating", "forever"]


class Coupon(Entity, frozen=True, kw_only=True):
    """A coupon: a percentage or an amount off.

    - `percent_off` and `amount_off` (major units): one of them is set. Both are None for a coupon that has no neutral form, such as free
      units at Chargebee; `raw` has it.
    - `duration_months` is None for a Chargebee coupon whose period is in weeks or days; `raw` has it.
    - `product_ids` are the products that the coupon is limited to; None means no limit. Chargebee limits coupons to prices, so Billbridge
      notes the products in the coupon's metadata there.
    - `price_ids` are the prices that a Chargebee coupon is limited to.
    - `redemptions` is how often the coupon was used.
    - `active` says that it can be used now.
    - `starts_at` and `updated_at` are always None at Stripe, which does not send them.

    Times are in UTC.
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
    """The arguments of `coupons.create`.

    Pass either `percent_off` (more than 0, at most 100) or `amount_off` (major units). `duration` "repeating" also needs `duration_months`.

    - `products` limits the coupon to these products. At Chargebee the limit covers the prices that they have now, not prices made later.
    - `expires_at` is when the coupon can no longer be used.
    - `id` is an id of your own choice. Without one, Stripe chooses an id. Chargebee requires one: Billbridge sends the name in upper case
      with dashes, and a digest of the idempotency key.
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
            raise ValidationError("name is empty", param="name", hint="pass a name for the coupon")
        if (self.percent_off is None) == (self.amount_off is None):
            state = "missing" if self.percent_off is None else "passed"
            raise ValidationError(f"percent_off and amount_off are both {state}", param="percent_off", hint="pass exactly one of them")
        if self.percent_off is not None and not (Decimal(self.percent_off).is_finite() and 0 < self.percent_off <= 100):
            raise ValidationError(f"percent_off must be more than 0 and at most 100, not {self.percent_off}", param="percent_off")
        if self.amount_off is not None and self.amount_off.amount <= 0:
            raise ValidationError(f"amount_off must be more than 0, not {self.amount_off}", param="amount_off")
        if (self.duration_months is not None) != (self.duration == CouponDuration.REPEATING):
            missing = self.duration_months is None
            raise ValidationError(
                "duration 'repeating' needs duration_months" if missing else "duration_months needs duration 'repeating'",
                param="duration_months",
                hint="pass duration_months=3 for three months" if missing else "leave duration_months out, or pass duration='repeating'",
            )
        for name in ("duration_months", "max_redemptions"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValidationError(f"{name} must be 1 or more, not {value}", param=name)
        if self.products == []:
            raise ValidationError(
                "products is an empty list: the coupon could never be used", param="products", hint="leave products out for no limit"
            )
        check_ids(self.products, "products")


class CouponPatch(Draft, frozen=True, kw_only=True):
    """The arguments of `coupons.update`. Fields you leave out (UNSET) are unchanged.

    `metadata` is merged key by key, as in `customers.update`.
    """

    name: str | UnsetType = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET

    def check(self) -> None:
        if isinstance(self.name, str) and not self.name.strip():
            raise ValidationError("name is empty: a coupon must have a name", param="name", hint="leave name out to keep the present one")


class CouponQuery(Chronological, frozen=True, kw_only=True):
    """The filters of `coupons.list`. Deleted coupons are not listed."""


class PromotionCode(Entity, frozen=True, kw_only=True):
    """A code that a customer types to get a coupon: Stripe's promotion code, or Chargebee's coupon code.

    A Chargebee code works once, and its `id` is the code itself. `max_redemptions` is None for no limit. `customer_id`, `expires_at`,
    `minimum_amount` (major units) and `first_time_only` are limits that only Stripe has.
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
    """The arguments of `promotion_codes.create`. `max_redemptions=1` works on every vendor.

    Any other `max_redemptions`, or none, needs the capability `promotion_codes.create.reusable` (Stripe). `customer`, `expires_at`,
    `minimum_amount`, `first_time_only` and `metadata` need `promotion_codes.create.limits` (Stripe). Stripe does not distinguish upper and
    lower case in codes.
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
            raise ValidationError(
                f"max_redemptions must be 1 or more, not {self.max_redemptions}", param="max_redemptions", hint="leave it out for no limit"
            )
        if self.minimum_amount is not None and self.minimum_amount.amount <= 0:
            raise ValidationError(f"minimum_amount must be more than 0, not {self.minimum_amount}", param="minimum_amount")


class PromotionCodePatch(Draft, frozen=True, kw_only=True):
    """The arguments of `promotion_codes.update`. Only the metadata can change; it is merged key by key, as in `customers.update`."""

    metadata: dict[str, str] | UnsetType | None = UNSET


class PromotionCodeQuery(Query, frozen=True, kw_only=True):
    """The filters of `promotion_codes.list`.

    At Chargebee, Billbridge applies the filter `active` itself, after it receives a page.
    """

    coupon: str | None = None
    active: bool | None = None

    id_fields: ClassVar = frozenset({"coupon"})


class DiscountScope(Word):
    """What a discount applies to: the whole subscription, or one item."""

    SUBSCRIPTION = "subscription"
    ITEM = "item"
    UNKNOWN = "unknown"


class Discount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A discount of a subscription or of one of its items. `item_id` is the id of that item.

    `percent_off` or `amount_off` (major units) is set if the vendor sends it with the subscription: Chargebee for a discount without a
    coupon, Stripe for an expanded coupon. Else read the coupon. If Stripe sends only the id of the discount (not expanded), the coupon,
    the code and the times are None.
    """

    id: str | None = None
    scope: DiscountScope = DiscountScope.SUBSCRIPTION
    item_id: str | None = None
    coupon_id: str | None = None
    promotion_code_id: str | None = None
    percent_off: Decimal | None = None
    amount_off: Money | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
