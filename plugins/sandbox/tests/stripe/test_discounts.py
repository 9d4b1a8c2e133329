"""Coupons, promotion codes, and what they take off the invoices of a subscription."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from billbridge_sandbox.stripe.billing.discounts import _spread  # pyright: ignore[reportPrivateUsage]  # the only arithmetic of its kind
from hypothesis import given
from hypothesis import strategies as st

from .conftest import START
from .shop import Shop

NOW = int(START.timestamp())
DAY = 86400


def coupon(shop: Shop, **given: Any) -> stripe.Coupon:
    params: Any = {name: value for name, value in {"percent_off": 25, "duration": "forever", **given}.items() if value is not None}
    return shop.client.v1.coupons.create(params)


def code(shop: Shop, coupon: str, **given: Any) -> stripe.PromotionCode:
    params: Any = {"promotion": {"type": "coupon", "coupon": coupon}, **given}
    return shop.client.v1.promotion_codes.create(params)


def subscribe(shop: Shop, *discounts: dict[str, str], **more: Any) -> stripe.Subscription:
    params: Any = {"customer": shop.customer().id, "items": [{"price": shop.price().id}], "discounts": list(discounts), **more}
    return shop.client.v1.subscriptions.create(params)


def totals(shop: Shop, subscription: stripe.Subscription, months: int) -> list[int]:
    """The totals of the invoices that a subscription got so far and in the next months, oldest first."""
    for _ in range(months):
        shop.simulation.advance(days=31)
    rows = shop.client.v1.invoices.list({"subscription": subscription.id, "limit": 100}).data
    assert {row.status for row in rows} <= {"paid", "draft"}
    return [row.total for row in rows[::-1]]


def test_a_coupon_is_made_changed_and_deleted(shop: Shop) -> None:
    made = coupon(shop, id="SPRING", percent_off=12.5, name="Spring", metadata={"a": "b"}, max_redemptions=5)
    assert (made.id, made.percent_off, made.amount_off, made.duration, made.times_redeemed, made.valid) == (
        "SPRING",
        12.5,
        None,
        "forever",
        0,
        True,
    )
    changed = shop.client.v1.coupons.update("SPRING", {"name": "Summer", "metadata": {"a": ""}})
    assert (changed.name, changed.metadata and changed.metadata.to_dict()) == ("Summer", {})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        coupon(shop, id="SPRING")
    assert caught.value.code == "resource_already_exists"
    other = coupon(shop)
    assert [row.id for row in shop.client.v1.coupons.list()] == [other.id, "SPRING"]
    assert shop.client.v1.coupons.delete("SPRING").deleted is True
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.coupons.retrieve("SPRING")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent_off": None},
        {"amount_off": 5, "currency": "usd"},
        {"percent_off": None, "amount_off": 5},
        {"percent_off": 0},
        {"percent_off": 100.5},
        {"percent_off": 5.125},
        {"currency": "usd"},
        {"duration": "repeating"},
        {"duration": "once", "duration_in_months": 3},
        {"redeem_by": NOW},
        {"max_redemptions": 0},
        {"name": "x" * 41},
        {"applies_to": {"products": ["prod_none"]}},
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused(shop: Shop, wrong: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        coupon(shop, **wrong)
    assert caught.value.http_status == 400
    assert shop.client.v1.coupons.list().data == []


def test_products_and_currencies_of_a_coupon_are_shown_only_when_asked_for(shop: Shop) -> None:
    product = shop.client.v1.products.create({"name": "Pro"}).id
    options = {"eur": {"amount_off": 400}}
    made = coupon(shop, percent_off=None, amount_off=500, currency="usd", applies_to={"products": [product]}, currency_options=options)
    assert "applies_to" not in made
    assert "currency_options" not in made
    shown = shop.client.v1.coupons.retrieve(made.id, {"expand": ["applies_to", "currency_options"]}).to_dict()
    assert shown["applies_to"] == {"products": [product]}
    assert shown["currency_options"] == {"usd": {"amount_off": 500}, "eur": {"amount_off": 400}}
    assert "applies_to" not in shop.client.v1.coupons.retrieve(coupon(shop).id, {"expand": ["applies_to"]})


def test_a_coupon_is_valid_until_it_expires_or_is_used_up(shop: Shop) -> None:
    short, single = coupon(shop, redeem_by=NOW + DAY), coupon(shop, max_redemptions=1)
    used = subscribe(shop, {"coupon": single.id})
    seen = shop.client.v1.coupons.retrieve(single.id)
    assert (seen.times_redeemed, seen.valid) == (1, False)
    shop.simulation.advance(days=1)
    assert shop.client.v1.coupons.retrieve(short.id).valid is False
    for each in (short, single):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            subscribe(shop, {"coupon": each.id})
        assert (caught.value.code, caught.value.param) == ("coupon_expired", "discounts[0]")
    assert shop.again(used).status == "active"


@pytest.mark.parametrize(
    ("terms", "billed"),
    [
        ({"duration": "forever"}, [1425, 1425, 1425, 1425]),
        ({"duration": "once"}, [1425, 1900, 1900, 1900]),
        ({"duration": "repeating", "duration_in_months": 2}, [1425, 1425, 1900, 1900]),
        ({"percent_off": 100}, [0, 0, 0, 0]),
        ({"percent_off": None, "amount_off": 500, "currency": "usd", "duration": "once"}, [1400, 1900, 1900, 1900]),
        ({"percent_off": None, "amount_off": 5000, "currency": "usd"}, [0, 0, 0, 0]),
    ],
)
def test_a_coupon_lasts_as_long_as_it_says(shop: Shop, terms: dict[str, Any], billed: list[int]) -> None:
    subscription = subscribe(shop, {"coupon": coupon(shop, **terms).id})
    assert totals(shop, subscription, 3) == billed


def test_the_discount_tells_its_coupon_and_its_end(shop: Shop) -> None:
    made = coupon(shop, duration="repeating", duration_in_months=3)
    promotion = code(shop, made.id, code="Hello-1")
    expand = [
        "discounts.source.coupon",
        "discounts.promotion_code",
        "latest_invoice.discounts",
        "latest_invoice.total_discount_amounts.discount",
    ]
    subscription = subscribe(shop, {"promotion_code": promotion.id}, expand=expand)
    (discount,) = subscription.discounts
    assert isinstance(discount, stripe.Discount)
    assert isinstance(discount.source.coupon, stripe.Coupon)
    assert isinstance(discount.promotion_code, stripe.PromotionCode)
    assert (discount.source.coupon.id, discount.subscription, discount.promotion_code.id) == (made.id, subscription.id, promotion.id)
    assert (discount.start, discount.end) == (NOW, NOW + (28 + 31 + 30) * DAY)
    assert (discount.promotion_code.times_redeemed, discount.source.coupon.times_redeemed) == (1, 1)
    assert isinstance(subscription.latest_invoice, stripe.Invoice)
    (on_invoice,) = subscription.latest_invoice.discounts
    assert isinstance(on_invoice, stripe.Discount)
    assert on_invoice.id == discount.id


def test_an_invoice_says_what_each_discount_took_off(shop: Shop) -> None:
    percent, fixed = coupon(shop, percent_off=50), coupon(shop, percent_off=None, amount_off=100, currency="usd")
    prices = [shop.price(amount=amount).id for amount in (333, 667)]
    customer = shop.customer().id
    asked: Any = [{"coupon": percent.id}, {"coupon": fixed.id}]
    items: Any = [{"price": price} for price in prices]
    subscription = shop.client.v1.subscriptions.create({"customer": customer, "items": items, "discounts": asked})
    invoice = shop.invoice(subscription)
    assert (invoice.subtotal, invoice.total, invoice.amount_paid) == (1000, 400, 400)
    assert [row.amount for row in invoice.total_discount_amounts or []] == [500, 100]
    for index, amount in enumerate((500, 100)):
        assert sum(line.discount_amounts[index].amount for line in invoice.lines.data if line.discount_amounts) == amount
    assert [line.amount for line in invoice.lines.data] == [333, 667]


def test_a_coupon_for_products_leaves_the_others_alone(shop: Shop) -> None:
    cheap, dear = shop.price(amount=500), shop.price(amount=1000)
    made = coupon(shop, percent_off=50, applies_to={"products": [str(dear.product)]})
    asked: Any = {"customer": shop.customer().id, "items": [{"price": cheap.id}, {"price": dear.id}], "discounts": [{"coupon": made.id}]}
    assert shop.invoice(shop.client.v1.subscriptions.create(asked)).total == 1000


def test_a_trial_does_not_use_up_a_coupon_for_one_invoice(shop: Shop) -> None:
    subscription = subscribe(shop, {"coupon": coupon(shop, duration="once").id}, trial_period_days=10)
    assert len(subscription.discounts) == 1
    shop.simulation.advance(days=10, hours=1)
    assert totals(shop, subscription, 1) == [0, 1425, 1900]


def test_an_update_replaces_the_list_and_keeps_what_it_names(shop: Shop) -> None:
    first, second = coupon(shop), coupon(shop, percent_off=10)
    subscription = subscribe(shop, {"coupon": first.id})
    kept = str(subscription.discounts[0])
    both = shop.client.v1.subscriptions.update(subscription.id, {"discounts": [{"discount": kept}, {"coupon": second.id}]})
    assert (len(both.discounts), both.discounts[0]) == (2, kept)
    assert [shop.client.v1.coupons.retrieve(each.id).times_redeemed for each in (first, second)] == [1, 1]
    only = shop.client.v1.subscriptions.update(subscription.id, {"discounts": [{"coupon": second.id}]})
    assert kept not in only.discounts
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.update(subscription.id, {"discounts": [{"discount": kept}]})
    assert caught.value.param == "discounts[0][discount]"
    assert shop.client.v1.subscriptions.update(subscription.id, {"description": "x"}).discounts == only.discounts
    assert shop.client.v1.subscriptions.update(subscription.id, {"discounts": ""}).discounts == []
    assert totals(shop, subscription, 1) == [1425, 1900]


def test_a_deleted_discount_is_gone_from_the_next_invoice(shop: Shop) -> None:
    subscription = subscribe(shop, {"coupon": coupon(shop).id})
    assert shop.client.v1.subscriptions.delete_discount(subscription.id).deleted is True
    assert shop.again(subscription).discounts == []
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.delete_discount(subscription.id)
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError, match="No active discount for customer"):
        shop.client.v1.customers.delete_discount(str(subscription.customer))


def test_a_deleted_coupon_goes_on_for_those_who_have_it(shop: Shop) -> None:
    made = coupon(shop)
    subscription = subscribe(shop, {"coupon": made.id}, expand=["discounts"])
    promotion = code(shop, made.id)
    shop.client.v1.coupons.delete(made.id)
    assert totals(shop, subscription, 1) == [1425, 1425]
    (discount,) = shop.client.v1.subscriptions.retrieve(subscription.id, {"expand": ["discounts.source.coupon"]}).discounts
    assert isinstance(discount, stripe.Discount)
    assert isinstance(discount.source.coupon, stripe.Coupon)
    assert (discount.source.coupon.id, discount.source.coupon.valid) == (made.id, False)
    assert shop.client.v1.promotion_codes.retrieve(promotion.id).active is False


def test_a_failed_start_redeems_nothing(shop: Shop) -> None:
    made = coupon(shop)
    customer, price = shop.customer("tok_chargeDeclined"), shop.price()
    asked: Any = {"customer": customer.id, "items": [{"price": price.id}], "discounts": [{"coupon": made.id}]}
    asked["payment_behavior"] = "error_if_incomplete"
    with pytest.raises(stripe.CardError):
        shop.client.v1.subscriptions.create(asked)
    assert shop.client.v1.coupons.retrieve(made.id).times_redeemed == 0


def test_a_fixed_amount_needs_the_currency_of_the_subscription(shop: Shop) -> None:
    euros = coupon(shop, percent_off=None, amount_off=100, currency="eur")
    with pytest.raises(stripe.InvalidRequestError, match="no amount in usd"):
        subscribe(shop, {"coupon": euros.id})
    shop.client.v1.coupons.update(euros.id, {"currency_options": {"usd": {"amount_off": 150}}})
    assert shop.invoice(subscribe(shop, {"coupon": euros.id})).total == 1750


@pytest.mark.parametrize(
    "entry", [{}, {"coupon": "none"}, {"promotion_code": "none"}, {"discount": "none"}, {"coupon": "a", "discount": "b"}]
)
def test_a_discount_that_names_nothing_is_refused(shop: Shop, entry: dict[str, str]) -> None:
    params = {"customer": shop.customer().id, "items[0][price]": shop.price().id}
    fields: Any = {f"discounts[0][{name}]": value for name, value in entry.items()} or {"discounts[0][x]": "y"}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.raw_request("post", "/v1/subscriptions", **params, **fields)
    assert caught.value.http_status == 400


def test_a_code_is_found_whatever_its_case_and_is_one_of_its_kind(shop: Shop) -> None:
    made = coupon(shop)
    promotion = code(shop, made.id, code="Hello")
    assert [row.id for row in shop.client.v1.promotion_codes.list({"code": "hELLO"})] == [promotion.id]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        code(shop, made.id, code="HELLO")
    assert caught.value.code == "resource_already_exists"
    ada = shop.customer(None).id
    hers = code(shop, made.id, code="HELLO", customer=ada)
    made_up = code(shop, made.id)
    assert made_up.code
    filters: list[Any] = [{"customer": ada}, {"coupon": made.id}, {"active": False}]
    assert [[row.id for row in shop.client.v1.promotion_codes.list(asked)] for asked in filters] == [
        [hers.id],
        [made_up.id, hers.id, promotion.id],
        [],
    ]
    assert shop.client.v1.promotion_codes.update(promotion.id, {"active": False}).active is False
    again = code(shop, made.id, code="hello")
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.promotion_codes.update(promotion.id, {"active": True})
    shop.client.v1.promotion_codes.update(again.id, {"active": False})
    assert shop.client.v1.promotion_codes.update(promotion.id, {"active": True, "metadata": {"a": "b"}}).active is True
    expanded = shop.client.v1.promotion_codes.retrieve(promotion.id, {"expand": ["promotion.coupon"]})
    assert isinstance(expanded.promotion.coupon, stripe.Coupon)


def test_a_code_ends_by_time_and_by_use(shop: Shop) -> None:
    made = coupon(shop)
    short, single = code(shop, made.id, expires_at=NOW + DAY), code(shop, made.id, max_redemptions=1)
    subscribe(shop, {"promotion_code": single.id})
    assert shop.client.v1.promotion_codes.retrieve(single.id).active is False
    shop.simulation.advance(days=1)
    assert shop.client.v1.promotion_codes.retrieve(short.id).active is False
    with pytest.raises(stripe.InvalidRequestError) as caught:
        subscribe(shop, {"promotion_code": short.id})
    assert caught.value.code == "coupon_expired"
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.promotion_codes.update(short.id, {"active": True})
    assert shop.client.v1.coupons.retrieve(made.id).valid is True


def test_restrictions_of_a_code_hold(shop: Shop) -> None:
    made = coupon(shop)
    regular = str(shop.subscribe().customer)
    cases: list[dict[str, Any]] = [
        {"restrictions": {"first_time_transaction": True}},
        {"restrictions": {"minimum_amount": 1901, "minimum_amount_currency": "usd"}},
        {"restrictions": {"minimum_amount": 5, "minimum_amount_currency": "eur"}},
        {"customer": shop.customer(None).id},
    ]
    for case in cases:
        promotion = code(shop, made.id, **case)
        asked: Any = {"customer": regular, "items": [{"price": shop.price().id}], "discounts": [{"promotion_code": promotion.id}]}
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.client.v1.subscriptions.create(asked)
        assert caught.value.param == "discounts[0][promotion_code]"
    enough = code(shop, made.id, restrictions={"minimum_amount": 1900, "minimum_amount_currency": "usd", "first_time_transaction": True})
    assert shop.invoice(subscribe(shop, {"promotion_code": enough.id})).total == 1425


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12), st.floats(0, 1))
def test_the_shares_of_a_discount_add_up_and_none_is_more_than_its_line(bases: list[int], part: float) -> None:
    total = int(sum(bases) * part)
    shares = _spread(total, bases)
    assert sum(shares) == total
    assert all(0 <= share <= base for share, base in zip(shares, bases, strict=True))
