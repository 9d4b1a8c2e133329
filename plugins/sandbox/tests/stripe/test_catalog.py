"""Products and prices as the official client makes them: what may be combined, what is shown, and only when asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import stripe

from .shop import Shop

TIERS: list[Any] = [{"up_to": 10, "unit_amount": 700, "flat_amount": 500}, {"up_to": "inf", "unit_amount_decimal": Decimal("0.5")}]
TIERED: dict[str, Any] = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": TIERS}


def create(shop: Shop, **given: Any) -> stripe.Price:
    product = shop.client.v1.products.create({"name": "Pro"})
    params: Any = {"product": product.id, "currency": "usd", **given}
    return shop.client.v1.prices.create(params)


def test_a_product_keeps_what_was_written_and_clears_what_is_cleared(shop: Shop) -> None:
    given: Any = {
        "description": "x",
        "unit_label": "seat",
        "tax_code": "txcd_10000000",
        "marketing_features": [{"name": "fast"}],
        "name": "Pro",
    }
    product = shop.client.v1.products.create(given)
    assert (product.unit_label, product.tax_code, product.marketing_features[0].name) == ("seat", "txcd_10000000", "fast")
    cleared = shop.client.v1.products.update(
        product.id, {"description": "", "unit_label": "", "tax_code": "", "marketing_features": "", "name": "New", "active": False}
    )
    assert (cleared.description, cleared.unit_label, cleared.tax_code, cleared.marketing_features) == (None, None, None, [])
    assert (cleared.name, cleared.active) == ("New", False)


def test_a_product_with_prices_cannot_be_deleted_and_one_without_is_gone(shop: Shop) -> None:
    price = shop.price()
    with pytest.raises(stripe.InvalidRequestError, match="one or more user-created prices"):
        shop.client.v1.products.delete(str(price.product))
    bare = shop.client.v1.products.create({"name": "Bare", "id": "bare"})
    assert shop.client.v1.products.delete(bare.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.products.retrieve(bare.id)
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_a_product_can_come_with_its_default_price(shop: Shop) -> None:
    data: Any = {"currency": "usd", "unit_amount": 1900, "recurring": {"interval": "month"}}
    product = shop.client.v1.products.create({"name": "Pro", "default_price_data": data, "expand": ["default_price"]})
    assert isinstance(product.default_price, stripe.Price)
    assert (product.default_price.unit_amount, product.default_price.product) == (1900, product.id)
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.products.create({"id": "half", "name": "x", "default_price_data": {"currency": "usd"}})
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.products.retrieve("half")


def test_a_price_can_come_with_its_product(shop: Shop) -> None:
    price = shop.client.v1.prices.create(
        {"currency": "usd", "unit_amount": 5, "product_data": {"name": "Pro", "id": "pro", "unit_label": "seat"}}
    )
    assert shop.client.v1.products.retrieve("pro").unit_label == "seat"
    assert price.product == "pro"


def test_tiers_are_shown_only_when_asked_for_and_the_last_has_no_end(shop: Shop) -> None:
    price = create(shop, **TIERED, recurring={"interval": "month"})
    assert "tiers" not in price
    assert (price.unit_amount, price.unit_amount_decimal, price.billing_scheme, price.tiers_mode) == (None, None, "tiered", "graduated")
    assert "tiers" not in shop.client.v1.prices.list().data[0]
    (listed,) = shop.client.v1.prices.list({"expand": ["data.tiers"]}).data
    for asked in (shop.client.v1.prices.retrieve(price.id, {"expand": ["tiers"]}), listed):
        assert asked.tiers is not None
        first, last = asked.tiers
        assert (first.up_to, first.unit_amount, first.flat_amount, first.flat_amount_decimal) == (10, 700, 500, Decimal(500))
        assert (last.up_to, last.unit_amount, last.unit_amount_decimal, last.flat_amount) == (None, None, Decimal("0.5"), None)


def test_a_price_without_tiers_has_none_to_expand(shop: Shop) -> None:
    price = shop.price()
    assert "tiers" not in shop.client.v1.prices.retrieve(price.id, {"expand": ["tiers"]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_amount": 5, "unit_amount_decimal": Decimal(5)},
        {},
        {**TIERED, "unit_amount": 5},
        {**TIERED, "tiers": []},
        {**TIERED, "tiers": [{"up_to": 10, "unit_amount": 5}]},
        {**TIERED, "tiers": [{"up_to": "inf", "unit_amount": 5}, {"up_to": "inf", "unit_amount": 5}]},
        {**TIERED, "tiers": [{"up_to": 10, "unit_amount": 5}, {"up_to": 10, "unit_amount": 5}, {"up_to": "inf", "unit_amount": 5}]},
        {**TIERED, "tiers": [{"up_to": "inf"}]},
        {**TIERED, "tiers": [{"up_to": "inf", "flat_amount": 5, "flat_amount_decimal": Decimal(5)}]},
        {"billing_scheme": "tiered", "tiers": TIERS},
        {"unit_amount": 5, "tiers": TIERS},
        {"unit_amount": 5, "tiers_mode": "volume"},
        {**TIERED, "transform_quantity": {"divide_by": 10, "round": "up"}},
        {"unit_amount": 5, "recurring": {"interval": "month", "interval_count": 37}},
        {"unit_amount": 5, "recurring": {"interval": "month", "usage_type": "metered"}},
        {"unit_amount": 5, "recurring": {"interval": "month", "usage_type": "metered", "meter": "mtr_none"}},
        {"custom_unit_amount": {"enabled": True}, "recurring": {"interval": "month"}},
        {"unit_amount_decimal": "0.1234567890123"},
    ],
)
def test_what_does_not_fit_together_is_refused_and_makes_nothing(shop: Shop, wrong: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        create(shop, **wrong)
    assert caught.value.http_status == 400
    assert shop.client.v1.prices.list().data == []


def test_amounts_have_up_to_twelve_decimal_places_whatever_the_currency(shop: Shop) -> None:
    for code, amount in (("usd", "0.000000000001"), ("jpy", "0.5"), ("isk", "5"), ("ugx", "101"), ("kwd", "1.234")):
        price = create(shop, currency=code, unit_amount_decimal=amount)
        assert price.unit_amount_decimal == Decimal(amount)
        assert price.unit_amount == (int(amount) if "." not in amount else None)


def test_a_custom_amount_is_one_time_and_has_no_unit_amount(shop: Shop) -> None:
    price = create(shop, custom_unit_amount={"enabled": True, "minimum": 100})
    assert price.custom_unit_amount is not None
    assert (price.custom_unit_amount.minimum, price.custom_unit_amount.maximum, price.unit_amount) == (100, None, None)


def further(price: stripe.Price) -> dict[str, int]:
    shown: Any = price.currency_options
    return {code: option["unit_amount"] for code, option in shown.to_dict().items()}


def test_further_currencies_are_shown_only_when_asked_for_the_own_among_them(shop: Shop) -> None:
    euros: Any = {"eur": {"unit_amount": 1700, "tax_behavior": "inclusive"}}
    price = create(shop, unit_amount=1900, currency_options=euros, recurring={"interval": "month"})
    assert "currency_options" not in price
    assert further(shop.client.v1.prices.retrieve(price.id, {"expand": ["currency_options"]})) == {"usd": 1900, "eur": 1700}
    added: Any = {"gbp": {"unit_amount": 1500}}
    changed = shop.client.v1.prices.update(price.id, {"currency_options": added, "expand": ["currency_options"]})
    assert further(changed) == {"usd": 1900, "eur": 1700, "gbp": 1500}
    cleared = shop.client.v1.prices.update(price.id, {"currency_options": "", "expand": ["currency_options"]})
    assert further(cleared) == {"usd": 1900}
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.prices.update(price.id, {"currency_options": {"usd": {"unit_amount": 5}}})


def test_prices_are_found_by_their_meter(shop: Shop) -> None:
    given: Any = {"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "sum"}}
    meter = shop.client.v1.billing.meters.create(given)
    price = create(shop, unit_amount=5, recurring={"interval": "month", "usage_type": "metered", "meter": meter.id})
    shop.price()
    assert [row.id for row in shop.client.v1.prices.list({"recurring": {"meter": meter.id}})] == [price.id]
    assert [row.id for row in shop.client.v1.prices.list({"recurring": {"usage_type": "metered"}})] == [price.id]
