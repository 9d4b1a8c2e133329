"""The structs of the catalog exactly as Chargebee sends them. `wire` tells what all structs share. Translates nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from billbridge_chargebee.wire import ABSENT


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An item: a plan, an addon or a charge."""

    id: str
    name: str | None = None
    external_name: str | None = None
    description: str | None = None
    status: str | None = None
    type: str | None = None
    item_family_id: str | None = None
    unit: str | None = None
    metered: bool | None = None
    metadata: msgspec.Raw = ABSENT
    updated_at: int | None = None
    deleted: bool | None = None


class PriceTier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One tier of an item price, with its start and its end included. In decimals, a tier starts at the end of the previous one.

    `pricing_type` tells what `price` is for: one unit, the whole tier, or one package of `package_size`.
    """

    ending_unit: int | None = None
    ending_unit_in_decimal: Decimal | None = None
    price: int | None = None
    price_in_decimal: Decimal | None = None
    pricing_type: str | None = None
    package_size: int | None = None


class ItemPrice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An item price."""

    id: str
    currency_code: str
    item_id: str | None = None
    item_type: str | None = None
    external_name: str | None = None
    price_variant_id: str | None = None
    status: str | None = None
    pricing_model: str | None = None
    price: int | None = None
    price_in_decimal: Decimal | None = None
    tiers: list[PriceTier] | None = None
    period: int | None = None
    period_unit: str | None = None
    trial_period: int | None = None
    trial_period_unit: str | None = None
    billing_cycles: int | None = None
    free_quantity: int | None = None
    free_quantity_in_decimal: Decimal | None = None
    metadata: msgspec.Raw = ABSENT
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


class ItemConstraint(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The item prices of one type of item that a coupon applies to. It has ids if the constraint is "specific"."""

    item_type: str | None = None
    constraint: str | None = None
    item_price_ids: list[Any] | None = None


class Coupon(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A coupon. `duration_month` is from before `period` and `period_unit`."""

    id: str
    name: str | None = None
    discount_type: str | None = None
    discount_percentage: Decimal | None = None
    discount_amount: int | None = None
    currency_code: str | None = None
    duration_type: str | None = None
    duration_month: int | None = None
    period: int | None = None
    period_unit: str | None = None
    item_constraints: list[ItemConstraint] | None = None
    max_redemptions: int | None = None
    redemptions: int | None = None
    valid_from: int | None = None
    valid_till: int | None = None
    status: str | None = None
    meta_data: msgspec.Raw = ABSENT
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


class CouponCode(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A coupon code. Its text is its id."""

    code: str
    coupon_id: str
    status: str | None = None


ITEM: Final = msgspec.json.Decoder(Item)
ITEM_PRICE: Final = msgspec.json.Decoder(ItemPrice)
COUPON: Final = msgspec.json.Decoder(Coupon)
COUPON_CODE: Final = msgspec.json.Decoder(CouponCode)
