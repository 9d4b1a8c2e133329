"""Coupons, promotion codes and discounts whole against the simulated Stripe, through the public API."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from billbridge import Billing, Money
from billbridge.errors import DuplicateError, NotFoundError, ValidationError
from billbridge.model import CouponDuration, Discount

from .selling import START, billing, pro, sandbox, usd

__all__ = ["billing", "pro", "sandbox"]  # fixtures


def test_a_coupon_is_made_changed_and_deleted(billing: Billing, pro: str) -> None:
    end = START + timedelta(days=30)
    made = billing.coupons.create(
        id="SAVE",
        name="Save",
        duration="repeating",
        duration_months=3,
        percent_off=Decimal("12.5"),
        products=[pro],
        max_redemptions=10,
        expires_at=end,
        metadata={"a": "1"},
    )
    assert made == billing.coupons.get("SAVE")
    assert (made.percent_off, made.amount_off, made.duration, made.duration_months) == (Decimal("12.5"), None, CouponDuration.REPEATING, 3)
    assert (made.product_ids, made.max_redemptions, made.redemptions, made.expires_at, made.active) == (["pro"], 10, 0, end, True)
    five = billing.coupons.create(name="Five", duration="once", amount_off=Money(500, "JPY"))
    assert (five.amount_off, five.percent_off, five.product_ids) == (Money(500, "JPY"), None, None)
    changed = billing.coupons.update("SAVE", name="Saved", metadata={"a": "", "b": "2"})
    assert (changed.name, changed.metadata, changed.product_ids) == ("Saved", {"b": "2"}, ["pro"])
    assert [each.id for each in billing.coupons.list()] == [five.id, "SAVE"]
    assert [each.id for each in billing.coupons.list(order="oldest_first", page_size=1)] == ["SAVE", five.id]
    with pytest.raises(DuplicateError) as caught:
        billing.coupons.create(id="SAVE", name="Again", duration="once", percent_off=1)
    assert caught.value.existing_id == "SAVE"
    billing.coupons.delete("SAVE")
    for call in (billing.coupons.get, billing.coupons.delete):
        with pytest.raises(NotFoundError):
            call("SAVE")
    with pytest.raises((NotFoundError, ValidationError)):
        billing.coupons.create(name="None", duration="once", percent_off=5, products=["prod_none"])


def test_a_code_is_found_as_the_customer_typed_it(billing: Billing) -> None:
    """Case 33."""
    ada = billing.customers.create(name="Ada")
    billing.coupons.create(id="SAVE", name="Save", duration="once", percent_off=5)
    end = START + timedelta(days=30)
    made = billing.promotion_codes.create(
        coupon="SAVE",
        code="FRIENDS",
        max_redemptions=5,
        customer=ada.id,
        expires_at=end,
        minimum_amount=usd("50"),
        first_time_only=True,
        metadata={"a": "1"},
    )
    assert made == billing.promotion_codes.get(made.id) == billing.promotion_codes.find("friends")
    assert (made.code, made.coupon_id, made.customer_id, made.expires_at, made.max_redemptions) == ("FRIENDS", "SAVE", ada.id, end, 5)
    assert (made.minimum_amount, made.first_time_only, made.metadata, made.active) == (usd("50"), True, {"a": "1"}, True)
    with pytest.raises(DuplicateError):
        billing.promotion_codes.create(coupon="SAVE", code="friends", customer=ada.id)
    assert billing.promotion_codes.update(made.id, metadata={"a": "", "b": "2"}).metadata == {"b": "2"}
    for _ in range(2):
        assert not billing.promotion_codes.deactivate(made.id).active
    assert billing.promotion_codes.find("FRIENDS").id == made.id
    newer = billing.promotion_codes.create(coupon="SAVE", code="FRIENDS", max_redemptions=1)
    billing.promotion_codes.deactivate(newer.id)
    assert billing.promotion_codes.find("FRIENDS").id == newer.id
    newest = billing.promotion_codes.create(coupon="SAVE", code="FRIENDS")
    assert billing.promotion_codes.find("FRIENDS").id == newest.id
    assert [each.id for each in billing.promotion_codes.list(coupon="SAVE", active=False)] == [newer.id, made.id]
    assert [each.id for each in billing.promotion_codes.list(active=True)] == [newest.id]
    with pytest.raises(NotFoundError):
        billing.promotion_codes.find("NOBODY")
    with pytest.raises(NotFoundError):
        billing.promotion_codes.create(coupon="NONE", code="X")


def test_a_subscription_names_its_discounts(billing: Billing, pro: str) -> None:
    """Case 33. Which coupon it is, Stripe says only where the discount is expanded."""
    ada = billing.customers.create(name="Ada")
    billing.payment_methods.attach(ada.id, token="tok_visa")
    billing.coupons.create(id="SAVE", name="Save", duration="forever", percent_off=50)
    price = billing.prices.create(product=pro, amount=usd("10"), every="month")
    params: dict[str, Any] = {"customer": ada.id, "items": [{"price": price.id}], "discounts": [{"coupon": "SAVE"}]}
    made = billing.raw.post("/v1/subscriptions", params)
    (discount,) = billing.subscriptions.get(made["id"]).discounts
    assert discount == Discount(id=made["discounts"][0])
    assert billing.coupons.get("SAVE").redemptions == 1
    assert [each.discounts for each in billing.subscriptions.list()] == [[discount]]
    (invoice,) = billing.invoices.list()
    assert (invoice.total, invoice.discount_total) == (usd("5"), usd("5"))
    assert [each.id for each in billing.invoices.list(order="oldest_first", created_gte=START)] == [invoice.id]
    assert list(billing.subscriptions.list(order="oldest_first", created_lt=START)) == []
