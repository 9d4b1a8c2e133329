"""Subscriptions as Chargebee sends them; `wire` says what these structs have in common. Translates nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from billbridge_chargebee.wire import ABSENT


class SubscriptionItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An item of a subscription. `metered_quantity` and `last_calculated_at` are there for usage only."""

    item_price_id: str
    item_type: str | None = None
    charge_on_event: str | None = None
    charge_once: bool | None = None
    quantity: int | None = None
    quantity_in_decimal: Decimal | None = None
    free_quantity: int | None = None
    free_quantity_in_decimal: Decimal | None = None
    metered_quantity: str | None = None
    last_calculated_at: int | None = None
    unit_price: int | None = None
    unit_price_in_decimal: Decimal | None = None
    current_term_start: int | None = None
    current_term_end: int | None = None


class Addon(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An addon of a subscription in Product Catalog 1.0. Those among `event_based_addons` have `on_event`."""

    id: str
    quantity: int | None = None
    quantity_in_decimal: Decimal | None = None
    unit_price: int | None = None
    unit_price_in_decimal: Decimal | None = None
    on_event: str | None = None


class ItemTier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A tier of an item of a subscription. For the pricing type "package" the price is for `package_size` units."""

    item_price_id: str | None = None
    price: int | None = None
    price_in_decimal: Decimal | None = None
    pricing_type: str | None = None
    package_size: int | None = None


class AppliedCoupon(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A coupon on a subscription. `coupon_code` is the code with which it was applied."""

    coupon_id: str | None = None
    coupon_code: str | None = None
    apply_till: int | None = None


class ManualDiscount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A discount on a subscription that no coupon was made for."""

    id: str | None = None
    percentage: Decimal | None = None
    amount: int | None = None
    currency_code: str | None = None
    coupon_id: str | None = None
    apply_on: str | None = None
    item_price_id: str | None = None
    apply_till: int | None = None


class Subscription(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A subscription. `coupon` is older than `coupons`.

    The `plan_*` and addon fields are those of Product Catalog 1.0, in place of `subscription_items`.
    """

    id: str
    customer_id: str
    status: str
    currency_code: str | None = None
    subscription_items: list[SubscriptionItem] | None = None
    item_tiers: list[ItemTier] | None = None
    plan_id: str | None = None
    plan_quantity: int | None = None
    plan_quantity_in_decimal: Decimal | None = None
    plan_free_quantity: int | None = None
    plan_free_quantity_in_decimal: Decimal | None = None
    plan_unit_price: int | None = None
    plan_unit_price_in_decimal: Decimal | None = None
    addons: list[Addon] | None = None
    event_based_addons: list[Addon] | None = None
    current_term_start: int | None = None
    current_term_end: int | None = None
    start_date: int | None = None
    started_at: int | None = None
    trial_start: int | None = None
    trial_end: int | None = None
    cancelled_at: int | None = None
    cancel_schedule_created_at: int | None = None
    due_invoices_count: int | None = None
    auto_collection: str | None = None
    payment_source_id: str | None = None
    coupon: str | None = None
    coupons: list[AppliedCoupon] | None = None
    discounts: list[ManualDiscount] | None = None
    meta_data: msgspec.Raw = ABSENT
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


SUBSCRIPTION: Final = msgspec.json.Decoder(Subscription)
