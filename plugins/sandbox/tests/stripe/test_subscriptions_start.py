"""Starting a subscription: the first invoice, declines, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from .shop import Shop, at


def test_the_first_invoice_is_numbered_and_paid_at_once(shop: Shop) -> None:
    subscription = shop.subscribe(quantity=3)
    invoice = shop.invoice(subscription)
    assert subscription.status == "active"
    assert (invoice.status, invoice.billing_reason) == ("paid", "subscription_create")
    assert (invoice.amount_due, invoice.amount_paid, invoice.amount_remaining) == (5700, 5700, 0)
    assert invoice.number is not None
    assert invoice.number.endswith("-0001")
    assert invoice.status_transitions.paid_at == at(1, 31)
    assert invoice.payments is not None
    (payment,) = invoice.payments.data
    assert (payment.status, payment.amount_paid) == ("paid", 5700)
    assert isinstance(payment.payment.payment_intent, str)
    intent = shop.client.v1.payment_intents.retrieve(payment.payment.payment_intent)
    assert (intent.status, intent.amount_received) == ("succeeded", 5700)


DECLINES = [
    ("tok_chargeDeclined", "card_declined", "generic_decline"),
    ("tok_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("tok_expired", "expired_card", "expired_card"),
    ("tok_authenticationRequired", "subscription_payment_intent_requires_action", None),
]


@pytest.mark.parametrize(("token", "code", "decline_code"), DECLINES)
def test_error_if_incomplete_answers_402_and_leaves_nothing_behind(shop: Shop, token: str, code: str, decline_code: str | None) -> None:
    with pytest.raises(stripe.CardError) as caught:
        shop.subscribe(token, payment_behavior="error_if_incomplete")
    assert (caught.value.http_status, caught.value.code) == (402, code)
    assert caught.value.error is not None
    assert getattr(caught.value.error, "decline_code", None) == decline_code
    (customer,) = shop.client.v1.customers.list()
    assert customer.currency is None
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []
    assert shop.client.v1.invoices.list().data == []


def test_off_session_a_wanted_authentication_is_a_decline(shop: Shop) -> None:
    with pytest.raises(stripe.CardError) as caught:
        shop.subscribe("tok_authenticationRequired", payment_behavior="error_if_incomplete", off_session=True)
    assert caught.value.code == "authentication_required"


@pytest.mark.parametrize(
    ("token", "behavior", "intent_status"),
    [
        ("tok_chargeDeclined", "allow_incomplete", "requires_payment_method"),
        ("tok_authenticationRequired", "allow_incomplete", "requires_action"),
        ("tok_visa", "default_incomplete", "requires_confirmation"),
        (None, "default_incomplete", "requires_payment_method"),
    ],
)
def test_an_unpaid_start_is_incomplete_and_expires_after_23_hours(shop: Shop, token: str | None, behavior: str, intent_status: str) -> None:
    subscription = shop.subscribe(token, payment_behavior=behavior)
    invoice = shop.invoice(subscription)
    assert (subscription.status, invoice.status, invoice.amount_remaining) == ("incomplete", "open", 1900)
    assert invoice.attempted is (behavior == "allow_incomplete")
    assert invoice.confirmation_secret is not None
    assert [intent.status for intent in shop.client.v1.payment_intents.list()] == [intent_status]
    shop.simulation.advance(hours=22, minutes=59)
    assert shop.again(subscription).status == "incomplete"
    shop.simulation.advance(minutes=1)
    assert shop.again(subscription).status == "incomplete_expired"
    assert shop.invoice(subscription).status == "void"


def test_without_a_payment_method_nothing_starts(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.subscribe(None)
    assert (caught.value.http_status, caught.value.code) == (400, "resource_missing")
    assert "no attached payment source or default payment method" in str(caught.value)
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []


def test_one_customer_has_one_currency(shop: Shop) -> None:
    subscription = shop.subscribe()
    euro = shop.price(currency="eur")
    with pytest.raises(stripe.InvalidRequestError, match="combine currencies"):
        shop.client.v1.subscriptions.create({"customer": str(subscription.customer), "items": [{"price": euro.id}]})


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"items": [{"price": "price_none"}]}, "items[0][price]"),
        ({"default_payment_method": "pm_none"}, "default_payment_method"),
    ],
)
def test_a_missing_reference_is_400_and_names_its_parameter(shop: Shop, change: dict[str, Any], param: str) -> None:
    given: Any = {"customer": shop.customer().id, "items": [{"price": shop.price().id}], **change}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create(given)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, "resource_missing", param)


def test_an_unknown_customer_is_404(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create({"customer": "cus_none", "items": [{"price": shop.price().id}]})
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (404, "resource_missing", "customer")


def test_more_than_ten_items_and_lines_are_read_from_their_own_lists(shop: Shop) -> None:
    prices = [shop.price(100 + index) for index in range(12)]
    customer = shop.customer()
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id} for price in prices]})
    again = shop.client.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})
    assert (len(again.items.data), again.items.has_more) == (10, True)
    assert isinstance(again.latest_invoice, stripe.Invoice)
    assert (len(again.latest_invoice.lines.data), again.latest_invoice.lines.has_more) == (10, True)
    items = list(shop.client.v1.subscription_items.list({"subscription": subscription.id}).auto_paging_iter())
    assert [item.price.id for item in items] == [price.id for price in prices]
    invoice = shop.invoice(subscription)
    lines = list(shop.client.v1.invoices.line_items.list(invoice.id).auto_paging_iter())
    assert (len(invoice.lines.data), invoice.lines.has_more) == (10, True)
    assert [line.amount for line in lines] == [price.unit_amount for price in prices]
    assert invoice.total == sum(line.amount for line in lines)


@pytest.mark.parametrize(
    ("currency", "amount", "works"),
    [("jpy", 501, True), ("isk", 500, True), ("isk", 501, False), ("ugx", 550, False), ("kwd", 5120, True), ("kwd", 5124, False)],
)
def test_amounts_follow_the_currencys_own_rule(shop: Shop, currency: str, amount: int, works: bool) -> None:
    given: Any = {"customer": shop.customer().id, "items": [{"price": shop.price(amount, currency).id}]}
    if works:
        assert shop.invoice(shop.client.v1.subscriptions.create(given)).amount_paid == amount
        return
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create(given)
    assert caught.value.code == "invalid_charge_amount_no_decimal_compatible"
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []
