"""What a subscription's items and discounts cost: free units, packages, and discounts without a coupon."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from billbridge.model import Discount, DiscountScope, SubscriptionItem
from billbridge.money import Money
from billbridge_chargebee import ChargebeeProvider

from .stepping import get, walk

SUBSCRIPTIONS = ChargebeeProvider().subscriptions


def read(**fields: Any) -> Any:
    sent = {"id": "s", "customer_id": "c", "status": "active", "currency_code": "USD", **fields}
    return walk(SUBSCRIPTIONS.get("s"), get("/subscriptions/s", {"subscription": sent}))


def item(**fields: Any) -> dict[str, Any]:
    return {"item_price_id": "seats", "item_type": "plan", "quantity": 25, **fields}


@pytest.mark.parametrize(
    ("fields", "free"),
    [
        ({"free_quantity": 5}, Decimal(5)),
        ({"free_quantity": 2, "free_quantity_in_decimal": "2.5"}, Decimal("2.5")),
        ({"free_quantity": 0}, None),
        ({}, None),
    ],
    ids=str,
)
def test_free_units_of_an_item_are_visible(fields: dict[str, Any], free: Decimal | None) -> None:
    (found,) = read(subscription_items=[item(unit_price=300, **fields)]).items
    assert (found.quantity, found.unit_amount, found.free_quantity) == (Decimal(25), Money("3.00", "USD"), free)


def test_free_units_of_a_plan_of_the_old_catalog_are_visible() -> None:
    (found,) = read(plan_id="base", plan_quantity=4, plan_free_quantity=1, plan_free_quantity_in_decimal="1.5", plan_unit_price=100).items
    assert found.free_quantity == Decimal("1.5")


def test_a_package_is_no_price_for_one_unit() -> None:
    tier = {"item_price_id": "seats", "starting_unit": 1, "price": 500, "pricing_type": "package", "package_size": 10, "index": 0}
    packages = read(subscription_items=[item(unit_price=500)], item_tiers=[tier, {**tier, "item_price_id": "other"}])
    assert packages.items == [
        SubscriptionItem(id="seats", price_id="seats", quantity=Decimal(25), package_amount=Money("5.00", "USD"), package_size=10)
    ]
    finer = read(subscription_items=[item()], item_tiers=[{**tier, "price_in_decimal": "5.005"}])
    assert finer.items[0].package_amount == Money("5.005", "USD")


def test_an_item_with_tiers_has_no_amount_for_one_unit() -> None:
    tiers = [{"item_price_id": "seats", "starting_unit": unit, "price": price, "index": 0} for unit, price in ((1, 300), (11, 200))]
    (found,) = read(subscription_items=[item(unit_price=300)], item_tiers=tiers).items
    assert (found.unit_amount, found.package_amount, found.package_size) == (None, None, None)


def test_a_discount_without_a_coupon_says_how_much_it_takes_off() -> None:
    sent = [
        {"id": "d1", "type": "percentage", "percentage": 12.5, "apply_on": "invoice_amount"},
        {
            "id": "d2",
            "type": "fixed_amount",
            "amount": 1999,
            "currency_code": "USD",
            "apply_on": "specific_item_price",
            "item_price_id": "seats",
        },
    ]
    assert read(discounts=sent).discounts == [
        Discount(id="d1", percent_off=Decimal("12.5")),
        Discount(id="d2", scope=DiscountScope.ITEM, item_id="seats", amount_off=Money("19.99", "USD")),
    ]
